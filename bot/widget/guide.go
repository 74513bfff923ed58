package widget

// Guide is one part of taking the widget in, such as what is done in a site of
// one kind, in the words of its webmaster.
type Guide struct {
	// Head is the part's heading.
	Head string
	// Steps are what is to be done, in order.
	Steps []Step
}

// Step is one thing to do: what, and the lines to copy.
type Step struct{ Do, Lines string }

// Guides are the lines for a service at base, such as "https://hoi.example.vn".
func Guides(base string) []Guide {
	source := base + Path
	tags := `<script src="` + source + `" defer></script>
<hoi-nghi-quyet nhan="Hỏi văn bản" gon></hoi-nghi-quyet>`
	return []Guide{
		{Head: "Trước hết: cho phép trang của cơ quan", Steps: []Step{
			{"Người vận hành dịch vụ ghi địa chỉ gốc của cổng vào origins, trong tệp mà HOINQ_PORTAL_CLIENTS chỉ tới. Trang không có trong danh sách thì trình duyệt không cho đọc câu trả lời:",
				`{"clients":[{"id":"cong-xa","origins":["https://xa.example.vn"]}]}`},
		}},
		{Head: "Trang bất kỳ", Steps: []Step{
			{"Chép hai dòng này vào cuối trang, trước </body>:", tags},
			{"Trang có Content-Security-Policy thì thêm dịch vụ vào hai chỗ; không cần gì cho style-src, img-src hay frame-src:",
				"Content-Security-Policy: script-src 'self' " + base + "; connect-src 'self' " + base},
			{"Muốn đổi màu cho hợp với trang, thêm vào tệp CSS của trang:",
				"hoi-nghi-quyet { --hnq-button: #0b5394; --hnq-on-button: #fff; --hnq-accent: #0b5394; --hnq-paper: #fff; --hnq-ink: #222; --hnq-soft: #555 }"},
		}},
		{Head: "WordPress", Steps: []Step{
			{"Tạo tệp wp-content/plugins/hoi-nghi-quyet/hoi-nghi-quyet.php với nội dung sau, rồi bật plugin trong trang quản trị. Chính sách CSP, nếu có, thêm như trên:",
				`<?php
/* Plugin Name: Hỏi nghị quyết */
add_action( 'wp_enqueue_scripts', function () {
	wp_enqueue_script( 'hoi-nghi-quyet', '` + source + `', array(), null, true );
} );
add_action( 'wp_footer', function () {
	echo '<hoi-nghi-quyet nhan="Hỏi văn bản" gon></hoi-nghi-quyet>';
} );`},
		}},
		{Head: "NukeViet", Steps: []Step{
			{"Mở tệp themes/TÊN-GIAO-DIỆN/layout/footer_only.tpl, chép hai dòng này trước </body>:", tags},
			{"Trong phần thiết lập an ninh (CSP) của trang quản trị, thêm dịch vụ vào script-src; nếu có connect-src thì thêm cả ở đó:",
				"script-src 'self' " + base + "\nconnect-src 'self' " + base},
		}},
		{Head: "Liferay 7.4 trở lên", Steps: []Step{
			{"Khai trong client-extension.yaml, triển khai, rồi kéo tiện ích vào trang hoặc trang mẫu. Chính sách CSP, nếu có, thêm như trên:",
				`hoi-nghi-quyet:
    name: Hỏi nghị quyết
    type: customElement
    htmlElementName: hoi-nghi-quyet
    portletCategoryName: category.client-extensions
    properties:
        - api=` + base + `
        - nhan=Hỏi văn bản
    urls:
        - ` + source + `
    useESM: false`},
		}},
		{Head: "SharePoint Online", Steps: []Step{
			{"Trong onInit của một Application Customizer (SPFx):",
				`const script = document.createElement('script');
script.src = '` + source + `';
document.head.appendChild(script);
const hoi = document.createElement('hoi-nghi-quyet');
hoi.setAttribute('nhan', 'Hỏi văn bản');
hoi.setAttribute('gon', '');
document.body.appendChild(hoi);`},
			{"Người quản trị cho phép nguồn của đoạn mã, một lần, bằng SharePoint Online Management Shell:",
				"Add-SPOContentSecurityPolicy -Source " + base},
		}},
	}
}
