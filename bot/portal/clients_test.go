package portal

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hoinq/hoinq/bot"
)

// Secrets that are made up: letters in base64.
const (
	secretA = "whsec_QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="
	secretB = "whsec_QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI="
	secretC = "whsec_Q0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0ND"
)

func TestClientsAreRead(t *testing.T) {
	clients, err := ParseClients([]byte("\ufeff" + `{"clients":[
		{"id":"cong-tinh","secret":["` + secretB + `","` + secretA + `"],"callback":"https://cong.example.vn/nhan?khoa=1",
		 "origins":["https://CONG.example.vn","https://cong.example.vn:443","http://cong.example.vn:8080","https://xn--t-bgia.vn"],"per_minute":5},
		{"id":"2","secret":"` + secretC + `","callback":"http://10.0.0.7:8080/","allow_private":true,"origins":null}
	]}`))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(clients.IDs(), []string{"cong-tinh", "2"}); diff != "" {
		t.Errorf("(-got +want):\n%s", diff)
	}
	if diff := cmp.Diff(clients.Origins(), []string{"http://cong.example.vn:8080", "https://cong.example.vn", "https://xn--t-bgia.vn"}); diff != "" {
		t.Errorf("(-got +want):\n%s", diff)
	}
	one, two := clients.list[0], clients.list[1]
	if len(one.keys) != 2 || string(one.keys[0]) != strings.Repeat("B", 32) || one.perMinute != 5 || one.allowPrivate {
		t.Errorf("the first client is %+v", one)
	}
	if len(two.keys) != 1 || len(two.keys[0]) != 24 || two.perMinute != defaultPerMinute || !two.allowPrivate || two.callback.String() != "http://10.0.0.7:8080/" {
		t.Errorf("the second client is %+v", two)
	}
}

// Every problem of a file is told at once.
func TestProblemsOfClientsAreToldAtOnceAndWithoutSecrets(t *testing.T) {
	_, err := ParseClients([]byte(`{"client":1,"clients":[
		{"secret":"","callback":"","origins":["https://a.vn/","*","null","ftp://a.vn","https://a.vn:","https://tỉnh.vn","https://u@a.vn","https://a.vn?b"],"per_minute":0},
		{"id":"Cổng","secret":"whsec_VG9vU2hvcnQ=","callback":"/nhan","per_minute":"60","origin":[]},
		{"id":"a","secret":["` + secretA + `","` + secretB + `","` + secretC + `"],"callback":"http://a.vn/"},
		{"id":"a","secret":["` + secretA + `","QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="],"callback":"https://u:mat-khau@a.vn/","per_minute":60001},
		{"id":"b","secret":[],"callback":"gopher://a.vn","allow_private":"có"},
		{"id":"c","secret":7,"callback":["x"]},
		"d", null
	]}`))
	want := []string{
		`tệp, "client": không có trường này; các trường có: clients`,
		`cổng thứ 1, id: chưa có hoặc không hợp lệ`,
		`cổng thứ 1, per_minute: phải từ 1 đến 60000`,
		`cổng thứ 1, secret: trống, quá ngắn hoặc sai dạng`,
		`cổng thứ 1, callback: chưa có`,
		`cổng thứ 1, origins: "https://a.vn/" không phải dạng`,
		`cổng thứ 1, origins: "*" không`,
		`cổng thứ 1, origins: "null" không`,
		`cổng thứ 1, origins: "ftp://a.vn" không`,
		`cổng thứ 1, origins: "https://a.vn:" không`,
		`cổng thứ 1, origins: "https://tỉnh.vn" không`,
		`cổng thứ 1, origins: "https://u@a.vn" không`,
		`cổng thứ 1, origins: "https://a.vn?b" không`,
		`cổng thứ 2, id: chưa có hoặc không hợp lệ`,
		`cổng thứ 2, "origin": không có trường này`,
		`cổng thứ 2, per_minute: phải là số nguyên`,
		`cổng thứ 2, secret: trống, quá ngắn hoặc sai dạng`,
		`cổng thứ 2, callback: phải là địa chỉ đầy đủ`,
		`cổng a, secret: phải có một bí mật, hoặc hai trong lúc đổi`,
		`cổng a, callback: phải bắt đầu bằng https://`,
		`cổng a, id: trùng với một cổng ở trên`,
		`cổng a, per_minute: phải từ 1 đến 60000`,
		`cổng a, secret: trùng với bí mật của cổng a`,
		`cổng a, secret: trống, quá ngắn hoặc sai dạng`,
		`cổng a, callback: không được chứa tên đăng nhập`,
		`cổng b, allow_private: phải là true hoặc false`,
		`cổng b, secret: phải có một bí mật`,
		`cổng b, callback: phải là địa chỉ đầy đủ`,
		`cổng c, secret: phải là chữ, hoặc danh sách`,
		`cổng c, secret: phải có một bí mật`,
		`cổng c, callback: phải là chữ`,
		`cổng c, callback: chưa có`,
		`cổng thứ 7, clients: phải là một đối tượng`,
		`cổng thứ 8, clients: phải là một đối tượng`,
	}
	if err == nil {
		t.Fatal("the file is taken")
	}
	got := strings.Split(err.Error(), "\n")
	if len(got) != len(want) {
		t.Errorf("%d problems, want %d", len(got), len(want))
	}
	for i := range min(len(got), len(want)) {
		if !strings.HasPrefix(got[i], want[i]) {
			t.Errorf("problem %d:\n got %s\nwant %s…", i, got[i], want[i])
		}
	}
	for _, secret := range []string{"QUFB", "QkJC", "Q0ND", "VG9v", "mat-khau"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the problems hold the secret %s…", secret)
		}
	}
}

func TestAFileThatIsNoFileOfClientsIsExplained(t *testing.T) {
	for _, tc := range []struct{ name, file, want string }{
		{"not JSON", "{\"clients\":[\n{\"id\":\"a\"\n\"secret\":1}]}", "không phải JSON dạng {\"clients\":[…]} ở dòng 3"},
		{"cut off", `{"clients":[`, "không phải JSON"},
		{"empty", "", "không phải JSON"},
		{"a list", "[]", "không phải JSON dạng"},
		{"more than one value", `{"clients":[]}{}`, "không phải JSON"},
		{"nothing in it", "{}", "chưa có cổng nào"},
		{"null", "null", "chưa có cổng nào"},
		{"no list", `{"clients":{}}`, "phải là một danh sách"},
		{"no client", `{"clients":[]}`, "chưa có cổng nào"},
		{"too large", strings.Repeat(" ", MaxFile+1), "lớn hơn 1 MB"},
	} {
		clients, err := ParseClients([]byte(tc.file))
		if err == nil || !strings.Contains(err.Error(), tc.want) || len(clients.IDs()) != 0 {
			t.Errorf("%s: %v, want %q", tc.name, err, tc.want)
		}
	}
}

func FuzzParseClients(f *testing.F) {
	f.Add(`{"clients":[{"id":"a","secret":["` + secretA + `"],"callback":"https://a.vn/","origins":["https://a.vn"],"per_minute":1}]}`)
	f.Add(`{"clients":[{"id":1,"secret":{},"callback":"%","origins":[""],"per_minute":-1e99}]}`)
	f.Fuzz(func(t *testing.T, file string) {
		clients, err := ParseClients([]byte(file))
		for _, one := range clients.list {
			if one.id == "" || len(one.keys) == 0 || one.callback == nil || one.perMinute < 1 {
				t.Errorf("taken: %+v", one)
			}
		}
		if (err == nil) != (len(clients.list) > 0) {
			t.Errorf("%d clients and the error %v", len(clients.list), err)
		}
	})
}

func TestAPortalMayOnlyShowTheWidget(t *testing.T) {
	clients, err := ParseClients([]byte(`{"clients":[{"id":"xa","origins":["https://xa.example.vn"]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := clients.Origins(); len(got) != 1 || got[0] != "https://xa.example.vn" {
		t.Errorf("origins %q", got)
	}
	if well, err := clients.Check(t.Context(), "xa"); err != nil || !strings.Contains(well, "khung hỏi") {
		t.Errorf("the doctor says %q, %v", well, err)
	}
	channel := New(clients, Options{})
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/webhooks/portal/xa", strings.NewReader("{}"))
	r.SetPathValue("client", "xa")
	if _, err := channel.Receive(r); !errors.Is(err, bot.ErrForged) {
		t.Errorf("a webhook of a portal without a secret: %v", err)
	}
	if _, err := ParseClients([]byte(`{"clients":[{"id":"xa"}]}`)); err == nil {
		t.Error("a portal without anything is accepted")
	}
}
