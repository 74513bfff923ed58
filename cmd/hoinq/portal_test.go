package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hoinq/hoinq/bot/bottest"
)

// Secrets that are made up: 32 times a letter in base64.
const (
	portalSecret = "whsec_QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="
	otherSecret  = "whsec_QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI="
)

func TestPortal(t *testing.T) {
	bottest.Contract(t, startOnNewFolder, bottest.NewPortal(t, "cong-tinh", portalSecret))
}

// portals are the settings by which a file of portals is used.
func portals(t *testing.T, file string) []string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "portals.json")
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	return []string{"HOINQ_PORTAL_CLIENTS=" + path}
}

// waitForAnswer waits until the portal has the answer to a question.
func waitForAnswer(t *testing.T, f *bottest.Portal, conversation, id string) (got bottest.PortalAnswer) {
	t.Helper()
	bottest.Wait(t, f, "the answer to "+id, func() bool {
		for _, a := range f.AnswersTo(conversation) {
			if a.QuestionID == id {
				got = a
				return true
			}
		}
		return false
	})
	return got
}

func TestAPortalGetsAnAnswerObjectForWhatCannotBeAsked(t *testing.T) {
	f := bottest.NewPortal(t, "cong-tinh", portalSecret)
	p := bottest.Start(t, t.TempDir(), f.Settings())
	for i, tc := range []struct{ name, question, want string }{
		{"nothing", "", "câu hỏi"},
		{"blanks", " \u00a0\t", "câu hỏi"},
		{"too long", strings.Repeat("dài ", 300), "dài quá 1000 ký tự"},
		{"a command of chats", "/xoa", ""},
	} {
		m := bottest.Incoming{Conversation: 1, ID: i + 1, Text: tc.question}
		if got := f.Deliver(t, p.PublicURL, m); got != http.StatusAccepted {
			t.Errorf("%s: status %d", tc.name, got)
		}
		got := waitForAnswer(t, f, bottest.PortalConversation(1), fmt.Sprintf("msg_hoi_%d", m.ID)).Answer
		if got.Answered || got.Reason == "" || got.Text == "" || !strings.Contains(got.Text, tc.want) || strings.Contains(got.Text, "Đã xóa") {
			t.Errorf("%s: %+v", tc.name, got)
		}
	}
}

// One portal changes its secret; another shares the program with it.
func TestPortalsAreKeptApart(t *testing.T) {
	one, other := bottest.NewPortal(t, "mot", portalSecret), bottest.NewPortal(t, "hai", otherSecret)
	const old = "whsec_Q0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0ND"
	p := bottest.Start(t, t.TempDir(), portals(t, fmt.Sprintf(`{"clients":[
		{"id":"mot","secret":[%q,%q],"callback":%q,"allow_private":true,"per_minute":3},
		{"id":"hai","secret":%q,"callback":%q,"allow_private":true}]}`, portalSecret, old, one.Callback, otherSecret, other.Callback)))
	const question = "Ba khâu đột phá của Nghị quyết là gì?"
	post := func(id, client, secret string) (int, http.Header) {
		body := bottest.PortalEvent(bottest.Incoming{Conversation: 1, Text: question})
		return one.Post(t, p.PublicURL+"/webhooks/portal/"+client, bottest.Asked{ID: id, Body: body, Secrets: []string{secret}})
	}
	for _, tc := range []struct {
		id, client, secret string
		want               int
	}{
		{"q1", "mot", old, 202},
		{"q1", "hai", otherSecret, 202}, // the same id and conversation, of another portal
		{"q2", "mot", otherSecret, 401},
		{"q2", "ba", portalSecret, 401},
		{"q2", "mot", portalSecret, 202},
		{"q3", "mot", portalSecret, 202},
		{"q4", "mot", portalSecret, 429},
		{"q4", "hai", otherSecret, 202},
	} {
		got, header := post(tc.id, tc.client, tc.secret)
		if after := header.Get("Retry-After"); got != tc.want || (tc.want == 429) != (after == "20") {
			t.Errorf("%s of %s: %d with Retry-After %q, want %d", tc.id, tc.client, got, after, tc.want)
		}
	}
	conversation := bottest.PortalConversation(1)
	for _, id := range []string{"q1", "q2", "q3"} {
		waitForAnswer(t, one, conversation, id)
	}
	for _, id := range []string{"q1", "q4"} {
		waitForAnswer(t, other, conversation, id)
	}
	if got := len(one.AttemptsTo(conversation)) + len(other.AttemptsTo(conversation)); got != 5 {
		t.Errorf("%d callbacks, want 5", got)
	}
	_, metrics := fetch(t, http.MethodGet, p.AdminURL+"/metrics", "")
	for _, want := range []string{`hoinq_rejected_total{channel="portal",reason="rate"} 1`, `hoinq_rejected_total{channel="portal",reason="forged"} 2`} {
		if !strings.Contains(metrics, want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
}

// The portal's name leads into our own network: the callback is not called, and
// the log says what to do about it.
func TestACallbackIntoOurOwnNetworkIsNotCalled(t *testing.T) {
	f := bottest.NewPortal(t, "cong-tinh", portalSecret)
	p := bottest.Start(t, t.TempDir(), portals(t, fmt.Sprintf(`{"clients":[{"id":"cong-tinh","secret":%q,"callback":%q}]}`,
		portalSecret, strings.Replace(f.Callback, "http://127.0.0.1", "https://localhost", 1))))
	if got := f.Deliver(t, p.PublicURL, bottest.Incoming{Conversation: 1, ID: 1, Text: "Ba khâu đột phá là gì?"}); got != http.StatusAccepted {
		t.Errorf("status %d", got)
	}
	p.WaitLog(t, "set allow_private where the portal stands in our own network")
	if got := len(f.AttemptsTo(bottest.PortalConversation(1))); got != 0 || !strings.Contains(p.Log(), "attempt=1 after=5") {
		t.Errorf("%d calls, and the log:\n%s", got, p.Log())
	}
}

func TestTheDoctorSaysWhereCallbacksLead(t *testing.T) {
	file := func(second string) string {
		return fmt.Sprintf(`{"clients":[{"id":"cong-tinh","secret":%q,"callback":"https://8.8.8.8/nhan?khoa=rieng"},
			{"id":"noi-bo","secret":%q,"callback":"https://10.0.0.7/nhan"%s}]}`, portalSecret, otherSecret, second)
	}
	for _, tc := range []struct {
		name, second, want string
		code               int
	}{
		{"a private address", "", "CẦN SỬA  kênh cổng thông tin: cổng noi-bo: 10.0.0.7 dẫn đến 10.0.0.7, không phải địa chỉ trên Internet", 1},
		{"one that is allowed", `,"allow_private":true`, "ổn       kênh cổng thông tin: gồm cong-tinh (8.8.8.8 → 8.8.8.8), noi-bo (10.0.0.7 → 10.0.0.7)\n", 0},
	} {
		settings := append(portals(t, file(tc.second)), "HOINQ_DATA="+t.TempDir(), "HOINQ_LISTEN=127.0.0.1:0", "HOINQ_ADMIN_LISTEN=127.0.0.1:0")
		code, out := hoinq(t, settings, "doctor")
		if code != tc.code || !strings.Contains(out, tc.want) || strings.Contains(out, "whsec") || strings.Contains(out, "rieng") {
			t.Errorf("%s: code %d, want %d and %q:\n%s", tc.name, code, tc.code, tc.want, out)
		}
	}
}
