package bottest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// zaloOACall calls the fake and returns the status and the answer.
func zaloOACall(t *testing.T, f *ZaloOA, path string, header map[string]string, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, f.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	response, err := f.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, strings.TrimSpace(string(answer))
}

const (
	zaloOAForm = "application/x-www-form-urlencoded"
	zaloOAJSON = "application/json"
)

// authorizedZaloOA is a fake and the header of calls that it takes.
func authorizedZaloOA(t *testing.T) (*ZaloOA, map[string]string) {
	t.Helper()
	f := NewZaloOA(t, "1", "app", "oa")
	_, answer := zaloOACall(t, f, zaloOATokensPath, map[string]string{"Content-Type": zaloOAForm, "secret_key": "app"},
		"grant_type=refresh_token&app_id=1&refresh_token="+f.Consent())
	token, ok := cutFrom(answer, `"access_token":"`)
	if !ok {
		t.Fatal(answer)
	}
	return f, map[string]string{"Content-Type": zaloOAJSON, "access_token": token}
}

// cutFrom is what stands between a mark and the next quotation mark.
func cutFrom(s, mark string) (string, bool) {
	_, rest, ok := strings.Cut(s, mark)
	inner, _, ends := strings.Cut(rest, `"`)
	return inner, ok && ends
}

func TestTheZaloOAFakeGivesTokensOnce(t *testing.T) {
	f := NewZaloOA(t, "1", "app", "oa")
	right := map[string]string{"Content-Type": zaloOAForm, "secret_key": "app"}
	first := "grant_type=refresh_token&app_id=1&refresh_token=" + f.Consent()
	for _, c := range []struct {
		name   string
		header map[string]string
		body   string
		want   string
	}{
		{"JSON", map[string]string{"Content-Type": zaloOAJSON, "secret_key": "app"}, first, "-14003"},
		{"no grant", right, strings.Replace(first, "refresh_token&", "code&", 1), "-14003"},
		{"another app", right, strings.Replace(first, "app_id=1", "app_id=2", 1), "-14004"},
		{"no secret", map[string]string{"Content-Type": zaloOAForm}, first, "-14004"},
		{"a token made up", right, first + "x", "-14014"},
		{"the token", right, first, `"expires_in":"90000"`},
		{"the token again", right, first, "-14014"},
	} {
		if status, answer := zaloOACall(t, f, zaloOATokensPath, c.header, c.body); status != 200 || !strings.Contains(answer, c.want) {
			t.Errorf("%s: %d %s, want %s", c.name, status, answer, c.want)
		}
	}
	if made, reused := f.Renewals(); made != 1 || reused != 1 {
		t.Errorf("%d renewals, %d with a used token, want 1 and 1", made, reused)
	}
}

func TestTheZaloOAFakeAnswersAsTheVendorDoes(t *testing.T) {
	f, right := authorizedZaloOA(t)
	f.Know("U", time.Now())
	form := map[string]string{"Content-Type": zaloOAForm, "access_token": right["access_token"]}
	const send = "/v3.0/oa/message/cs"
	message := func(user, text string) string {
		return `{"recipient":{"user_id":"` + user + `"},"message":{"text":"` + text + `"}}`
	}
	for _, c := range []struct {
		name, path string
		header     map[string]string
		body       string
		want       string
	}{
		{"no token", send, map[string]string{"Content-Type": zaloOAJSON}, message("U", "a"), `"error":-216`},
		{"a form", send, form, message("U", "a"), `"error":-201`},
		{"broken JSON", send, right, "{", `"error":-201`},
		{"no text", send, right, message("U", ""), `"error":-201`},
		{"a stranger", send, right, message("V", "a"), `"error":-213`},
		{"a quotation of nothing", send, right, `{"recipient":{"user_id":"U"},"message":{"text":"a","quote_message_id":"x"}}`, `"error":-201`},
		{"the longest", send, right, message("U", strings.Repeat("ă", 1998)+"😀"), `"error":0`},
		{"longer", send, right, message("U", strings.Repeat("ă", 1999)+"😀"), `"error":-210`},
		{"the version before", "/v2.0/oa/message", right, message("U", "a"), `"error":-240`},
		{"the quota", "/v3.0/oa/quota/message", right, `{"user_id":"U"}`, `"last_interaction":"1`},
		{"the quota of nobody", "/v3.0/oa/quota/message", right, `{}`, `"error":-201`},
	} {
		if status, answer := zaloOACall(t, f, c.path, c.header, c.body); status != 200 || !strings.Contains(answer, c.want) {
			t.Errorf("%s: %d %s, want %s", c.name, status, answer, c.want)
		}
	}
	if status, _ := zaloOACall(t, f, "/v3.0/oa/dance", right, "{}"); status != 404 {
		t.Errorf("an unknown path: %d", status)
	}
	f.Expire(true)
	if _, answer := zaloOACall(t, f, send, right, message("U", "a")); !strings.Contains(answer, `"error":-220`) {
		t.Errorf("an expired token: %s", answer)
	}
}

func TestTheZaloOAFakeChargesForWhatIsNotFree(t *testing.T) {
	f, right := authorizedZaloOA(t)
	f.Know("U", time.Now())
	f.Know("old", time.Now().Add(-49*time.Hour))
	f.Count(1)
	for _, c := range []struct{ user, want string }{{"U", `"remain":"0"`}, {"U", `"user_id":"U"`}, {"old", `"user_id":"old"`}} {
		if _, answer := zaloOACall(t, f, "/v3.0/oa/message/cs", right, `{"recipient":{"user_id":"`+c.user+`"},"message":{"text":"a"}}`); !strings.Contains(answer, c.want) {
			t.Errorf("%s, want %s", answer, c.want)
		}
	}
	var charged []bool
	for _, user := range []string{"U", "old"} {
		for _, m := range f.MessagesTo(user) {
			charged = append(charged, m.Charged)
		}
	}
	if len(charged) != 3 || charged[0] || !charged[1] || !charged[2] {
		t.Errorf("charged: %v, want the second and the third", charged)
	}
}

func TestTheZaloOAFakeMakesTroubleOnce(t *testing.T) {
	f, right := authorizedZaloOA(t)
	f.Know(zaloOAUser(1), time.Now())
	body := `{"recipient":{"user_id":"` + zaloOAUser(1) + `"},"message":{"text":"a"}}`
	for trouble, want := range map[Trouble]string{RateLimit: `"error":-32`, Block: `"error":-217`, Fail: "<html>", RefuseMarkup: `"error":-201`} {
		f.Trouble(1, trouble)
		if _, answer := zaloOACall(t, f, "/v3.0/oa/message/cs", right, body); !strings.Contains(answer, want) {
			t.Errorf("%s, want %s", answer, want)
		}
		if _, answer := zaloOACall(t, f, "/v3.0/oa/message/cs", right, body); !strings.Contains(answer, `"error":0`) {
			t.Errorf("the second time: %s", answer)
		}
	}
	if got := len(f.Attempts(1)); got != 8 {
		t.Errorf("%d attempts, want 8", got)
	}
}

// The vector of reference/channels.md, and that an event is signed as it says.
func TestTheZaloOAFakeSignsAsTheVendorDoes(t *testing.T) {
	const body = `{"app_id":"1000000000000000001","sender":{"id":"2000000000000000002"},"user_id_by_app":"3000000000000000003","recipient":{"id":"4000000000000000004"},"event_name":"user_send_text","message":{"text":"Xin chào \/ <b>","msg_id":"aaaabbbbcccc0001"},"timestamp":"1764000000000"}`
	const want = "2e79f4385fd91100586d5745781ca23fde64ca4d0c6209fb3215947c45e71f49"
	if got := zaloOASignature("1000000000000000001", body, "1764000000000", "OA_SECRET_TEST"); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	f := NewZaloOA(t, "1", "app", "oa")
	var bodies, signatures []string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.URL.Path != "/webhooks/zalo-oa" {
			t.Errorf("%s: %v", r.URL.Path, err)
		}
		bodies, signatures = append(bodies, string(body)), append(signatures, r.Header.Get("X-ZEvent-Signature"))
	}))
	defer server.Close()
	m := Incoming{Conversation: 1, ID: 7, Text: "a/b <c>"}
	for range 2 {
		f.Deliver(t, server.URL, m)
	}
	if bodies[0] != bodies[1] || !strings.Contains(bodies[0], `a\/b <c>`) {
		t.Errorf("a repeat differs, or the text is not escaped as the vendor does:\n%s\n%s", bodies[0], bodies[1])
	}
	stamp, _ := cutFrom(bodies[0], `"timestamp":"`)
	if got, want := signatures[0], "mac="+zaloOASignature("1", bodies[0], stamp, "oa"); got != want {
		t.Errorf("signed %s, want %s", got, want)
	}
	for kind, want := range map[Delivery]string{Unsigned: "", Forged: "mac=" + zaloOASignature("1", bodies[0], stamp, "oax")} {
		m.Kind = kind
		f.Deliver(t, server.URL, m)
		if got := signatures[len(signatures)-1]; got != want {
			t.Errorf("kind %d is signed %q, want %q", kind, got, want)
		}
	}
}
