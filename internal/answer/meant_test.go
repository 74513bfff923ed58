package answer

import (
	"strings"
	"testing"
)

const clinic = `# Nghị quyết

## I. Y tế

a) Cấp thuốc điều trị tăng huyết áp, đái tháo đường ngay tại trạm y tế xã từ năm 2027.

b) Đưa bác sĩ về khám sức khỏe định kỳ cho người cao tuổi mỗi năm hai lần.

## II. Nhà ở

a) Xây 300 căn nhà ở xã hội cho công nhân khu công nghiệp.

b) Lắp đèn chiếu sáng công cộng các tuyến hẻm.
`

// What was found by its meaning alone is shown as that, and never as more.
func TestAnAnswerByMeaningSaysSo(t *testing.T) {
	e, _ := engineOf(t, Options{}, "nq.md", clinic)
	a := ask(t, e, "Ông nội bị cao máu, cứ bốn tuần phải bắt xe lên phố lấy viên uống, mệt lắm rồi")
	if !a.Answered() || len(a.Citations) < 2 || !strings.HasPrefix(a.Citations[0].Words, "a) Cấp thuốc") {
		t.Fatalf("%+v", a)
	}
	text := a.Text()
	for _, want := range []string{"không dùng đúng lời", "Cấp thuốc điều trị", "Nếu chưa phải"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q does not say %q", text, want)
		}
	}
	if r := NewResponse("", a, Options{}); r.Confidence <= 0 || r.Confidence >= 0.9 {
		t.Errorf("confidence %v", r.Confidence)
	}
}

func TestAPlaceThatNoDocumentHasIsToldSo(t *testing.T) {
	e, _ := engineOf(t, Options{}, "nq.md", clinic)
	a := ask(t, e, "Điều 12 khoản 3 nói về gì?")
	if a.Answered() || !strings.Contains(a.Text(), "không có điều 12, khoản 3. Tài liệu được chia theo phần, điểm;") {
		t.Errorf("%q", a.Text())
	}
	if a := ask(t, e, "Giá xăng hôm nay?"); strings.Contains(a.Text(), "chia theo") {
		t.Errorf("%q", a.Text())
	}
}
