package bottest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The fake of a portal as a [Vendor].
var _ Vendor = (*Portal)(nil)

// PortalConversation is the name of a conversation, and of nothing else.
func PortalConversation(n int) string { return fmt.Sprintf("cuoc-%d-cua-nguoi-hoi", 55_000+n) }

// portalQuestion begins the webhook-id of a delivery.
const portalQuestion = "msg_hoi_"

// Name implements [Vendor].
func (f *Portal) Name() string { return "portal" }

// Settings implements [Vendor]: a file of clients with this portal alone, on
// this machine, which asks as fast as a suite does.
func (f *Portal) Settings() []string {
	clients, err := json.Marshal(map[string]any{"clients": []any{map[string]any{
		"id": f.id, "secret": f.secret, "callback": f.Callback, "origins": []string{"https://cong.example"},
		"per_minute": 6000, "allow_private": true,
	}}})
	if err != nil {
		panic(err) // unreachable: strings and numbers
	}
	path := filepath.Join(f.folder, "clients.json")
	if err := os.WriteFile(path, clients, 0o600); err != nil {
		panic(err) // a folder of the test
	}
	return []string{"HOINQ_PORTAL_CLIENTS=" + path}
}

// Deliver implements [Vendor]. Deliveries of one ID differ in their time and so
// in their signature, as those of a portal do.
func (f *Portal) Deliver(t testing.TB, publicURL string, m Incoming) (status int) {
	t.Helper()
	asked := Asked{ID: portalQuestion + strconv.Itoa(m.ID), Body: PortalEvent(m), Secrets: []string{f.secret}}
	switch m.Kind {
	case Forged:
		asked.Secrets = []string{"whsec_" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", 32)))}
	case Unsigned:
		asked.Secrets = nil
	case Malformed:
		asked.Body = asked.Body[:len(asked.Body)/2]
	}
	status, _ = f.Post(t, publicURL+"/webhooks/portal/"+f.id, asked)
	return status
}

// PortalEvent is an event as a portal posts it.
func PortalEvent(m Incoming) string {
	kind := "question.asked"
	switch m.Kind {
	case Unknown:
		kind = "question.rated"
	case Echo:
		kind = "question.answered"
	case Oversized:
		m.Text = strings.Repeat("a", 1<<20)
	}
	event, err := json.Marshal(map[string]any{
		"type": kind, "timestamp": "2026-11-22T06:00:00Z",
		"data": map[string]any{"conversation": PortalConversation(m.Conversation), "question": m.Text, "later": []int{1}},
	})
	if err != nil {
		panic(err) // unreachable: numbers and strings
	}
	return string(event)
}

// Messages implements [Vendor].
func (f *Portal) Messages(conversation int) []Sent {
	var out []Sent
	for _, a := range f.AnswersTo(PortalConversation(conversation)) {
		s := Sent{Words: a.Answer.Text, At: a.At}
		for _, c := range a.Answer.Citations {
			s.Words += fmt.Sprintf("\n[%d] %s · %s\n%s", c.N, c.Location, c.Title, c.Quote)
			s.Quotations = append(s.Quotations, c.Quote)
		}
		if id, err := strconv.Atoi(strings.TrimPrefix(a.QuestionID, portalQuestion)); err == nil {
			s.Answers = id
		}
		out = append(out, s)
	}
	return out
}

// Attempts implements [Vendor].
func (f *Portal) Attempts(conversation int) []time.Time {
	var out []time.Time
	for _, a := range f.AttemptsTo(PortalConversation(conversation)) {
		out = append(out, a.At)
	}
	return out
}

// Trouble implements [Vendor].
func (f *Portal) Trouble(conversation int, kind Trouble) {
	with := PortalRefusal{Status: http.StatusBadGateway, Page: "<html>Bad Gateway</html>"}
	switch kind {
	case RateLimit:
		seconds := strconv.Itoa(int(RateLimitPause / time.Second))
		with = PortalRefusal{Status: http.StatusTooManyRequests, Header: map[string]string{"Retry-After": seconds}}
	case Block:
		with = PortalRefusal{Status: http.StatusGone}
	}
	f.Refuse(PortalConversation(conversation), with)
}

// Private implements [Vendor].
func (f *Portal) Private(n int) []string {
	out := []string{f.secret, strings.TrimPrefix(f.secret, "whsec_"), portalKey, portalQuestion}
	for c := 1; c <= n; c++ {
		out = append(out, PortalConversation(c))
	}
	return out
}

// MaxMessage implements [Vendor]: an answer is one event, however long.
func (f *Portal) MaxMessage() int { return 1 << 20 }

// Traits implements [Vendor].
func (f *Portal) Traits() Traits {
	return Traits{
		Accepted: http.StatusAccepted,
		Statuses: map[Delivery]int{
			Forged: http.StatusUnauthorized, Unsigned: http.StatusUnauthorized,
			Oversized: http.StatusRequestEntityTooLarge, Malformed: http.StatusBadRequest,
		},
		Replies: true,
	}
}
