package bottest

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The fake of a Zalo Official Account as a [Vendor].
var _ Vendor = (*ZaloOA)(nil)

// zaloOAAccount is the id of the account.
const zaloOAAccount = "4620180917000000002"

// zaloOAUser is the person of a conversation.
func zaloOAUser(conversation int) string { return strconv.Itoa(7_061_994_200_000_000 + conversation) }

func zaloOAMessageID(id int) string { return fmt.Sprintf("c0ffee%08d", id) }

// Name implements [Vendor].
func (f *ZaloOA) Name() string { return "zalo-oa" }

// Settings implements [Vendor]. Each call is another consent of the account's
// administrator.
func (f *ZaloOA) Settings() []string {
	return []string{
		"HOINQ_ZALO_OA_APP_ID=" + f.appID,
		"HOINQ_ZALO_OA_APP_SECRET=" + f.appSecret,
		"HOINQ_ZALO_OA_SECRET=" + f.secret,
		"HOINQ_ZALO_OA_REFRESH_TOKEN=" + f.Consent(),
		"HOINQ_ZALO_OA_API=" + f.URL,
		"HOINQ_ZALO_OA_OAUTH=" + f.URL,
		"HOINQ_ZALO_OA_RATE=6000",
		"HOINQ_PUBLIC_URL=https://hoi.example",
	}
}

// Deliver implements [Vendor].
func (f *ZaloOA) Deliver(t testing.TB, publicURL string, m Incoming) (status int) {
	t.Helper()
	stamp := strconv.FormatInt(f.begin.UnixMilli()+int64(m.ID), 10)
	event := f.event(m, stamp)
	if m.Kind == Text || m.Kind == Textless {
		f.Know(zaloOAUser(m.Conversation), time.Now())
		f.change(func() { f.written[zaloOAMessageID(m.ID)] = true })
	}
	header := map[string]string{"X-ZEvent-Timestamp": stamp}
	if m.Kind == Malformed {
		event = event[:len(event)/2] // signed with the header's timestamp
	}
	switch m.Kind {
	case Unsigned:
	case Forged:
		header["X-ZEvent-Signature"] = "mac=" + zaloOASignature(f.appID, event, stamp, f.secret+"x")
	default:
		header["X-ZEvent-Signature"] = "mac=" + zaloOASignature(f.appID, event, stamp, f.secret)
	}
	return f.Post(t, publicURL+"/webhooks/zalo-oa", header, event)
}

func zaloOASignature(appID, body, stamp, secret string) string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte(appID+body+stamp+secret)))
}

// Notify delivers an event that is no message, such as "follow", of the person
// of a conversation, and returns the status. The %s of an event stand for the
// person and for the time.
func (f *ZaloOA) Notify(t testing.TB, publicURL string, conversation int, event string) (status int) {
	t.Helper()
	f.Know(zaloOAUser(conversation), time.Now())
	stamp := strconv.FormatInt(f.begin.UnixMilli(), 10)
	event = fmt.Sprintf(event, zaloOAUser(conversation), stamp)
	return f.Post(t, publicURL+"/webhooks/zalo-oa", map[string]string{"X-ZEvent-Signature": "mac=" + zaloOASignature(f.appID, event, stamp, f.secret)}, event)
}

// event is an event as the vendor sends it, strokes escaped.
func (f *ZaloOA) event(m Incoming, stamp string) string {
	user := zaloOAUser(m.Conversation)
	sender, recipient := user, zaloOAAccount
	name := "user_send_text"
	message := map[string]any{"text": m.Text, "msg_id": zaloOAMessageID(m.ID)}
	switch m.Kind {
	case Textless:
		name = "user_send_image"
		message["text"] = ""
		message["attachments"] = []any{map[string]any{"type": "image", "payload": map[string]any{"thumbnail": "https://a.example/t", "url": "https://a.example/u"}}}
	case Echo:
		name, sender, recipient = "oa_send_text", recipient, sender
	case Unknown:
		name = "user_feedback"
	case Oversized:
		message["text"] = strings.Repeat("a", 1<<20)
	}
	var data bytes.Buffer
	encoder := json.NewEncoder(&data)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(map[string]any{
		"app_id": f.appID, "sender": map[string]any{"id": sender}, "user_id_by_app": "9" + user, "recipient": map[string]any{"id": recipient},
		"event_name": name, "message": message, "timestamp": stamp,
	})
	if err != nil {
		panic(err) // unreachable: strings
	}
	return strings.ReplaceAll(strings.TrimSpace(data.String()), "/", `\/`)
}

// Post delivers a body to a webhook and returns the status.
func (f *ZaloOA) Post(t testing.TB, url string, header map[string]string, body string) (status int) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	for name, value := range header {
		r.Header.Set(name, value)
	}
	response, err := f.client.Do(r)
	if err != nil {
		t.Errorf("deliver an event: %v", err)
		return 0
	}
	defer response.Body.Close()
	if answer, err := io.ReadAll(response.Body); err != nil || len(answer) > 100 {
		t.Errorf("the answer to an event cannot be read, or echoes it: %v", err)
	}
	return response.StatusCode
}

// inQuotationMarks are the words that a plain message quotes.
var inQuotationMarks = regexp.MustCompile(`“[^”]*”`)

// Messages implements [Vendor].
func (f *ZaloOA) Messages(conversation int) []Sent {
	var out []Sent
	for _, m := range f.MessagesTo(zaloOAUser(conversation)) {
		s := Sent{Words: m.Text, Quotations: inQuotationMarks.FindAllString(m.Text, -1), Plain: true, At: m.At}
		if id, ok := strings.CutPrefix(m.Quoted, "c0ffee"); ok {
			s.Answers, _ = strconv.Atoi(id)
		}
		out = append(out, s)
	}
	return out
}

// Attempts implements [Vendor].
func (f *ZaloOA) Attempts(conversation int) []time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []time.Time
	for _, a := range f.attempts {
		if a.user == zaloOAUser(conversation) {
			out = append(out, a.at)
		}
	}
	return out
}

// Trouble implements [Vendor]. The vendor's limit ends with the minute; the
// header, which what stands before it may send, spares the suite that minute.
func (f *ZaloOA) Trouble(conversation int, kind Trouble) {
	refusals := map[Trouble]ZaloOARefusal{
		RateLimit:    {Code: -32, Header: map[string]string{"Retry-After": strconv.Itoa(int(RateLimitPause / time.Second)), "X-RateLimit-Remain": "0"}},
		Block:        {Code: -217},
		RefuseMarkup: {Code: zaloOABadParameter},
		Fail:         {Status: http.StatusBadGateway, Page: "<html>Bad Gateway</html>"},
	}
	f.Refuse(zaloOAUser(conversation), refusals[kind])
}

// Private implements [Vendor].
func (f *ZaloOA) Private(n int) []string {
	out := append(f.given(), f.appSecret, f.secret)
	for c := 1; c <= n; c++ {
		out = append(out, zaloOAUser(c))
	}
	return out
}

// MaxMessage implements [Vendor].
func (f *ZaloOA) MaxMessage() int { return maxZaloOAText }

// Traits implements [Vendor].
func (f *ZaloOA) Traits() Traits {
	return Traits{
		Accepted: http.StatusOK,
		Statuses: map[Delivery]int{
			Forged: http.StatusUnauthorized, Unsigned: http.StatusUnauthorized,
			Oversized: http.StatusRequestEntityTooLarge, Malformed: http.StatusOK,
		},
		Chats: true, Replies: true, LimitsAll: true,
	}
}
