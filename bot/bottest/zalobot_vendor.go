package bottest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// The fake of the Zalo Bot Platform as a [Vendor].
var _ Vendor = (*ZaloBot)(nil)

// zaloBotSecretHeader carries the secret of a webhook request.
const zaloBotSecretHeader = "X-Bot-Api-Secret-Token"

// ZaloBotChat is the chat, and the person, of a conversation.
func ZaloBotChat(conversation int) string { return fmt.Sprintf("6ede9afa66b8%06x", conversation) }

// Name implements [Vendor].
func (f *ZaloBot) Name() string { return "zalo-bot" }

// Settings implements [Vendor].
func (f *ZaloBot) Settings() []string {
	return []string{
		"HOINQ_ZALO_BOT_TOKEN=" + f.token,
		"HOINQ_ZALO_BOT_SECRET=" + f.secret,
		"HOINQ_ZALO_BOT_API=" + f.URL,
		"HOINQ_ZALO_BOT_MODE=webhook",
		"HOINQ_ZALO_BOT_RATE=100",
		"HOINQ_PUBLIC_URL=https://hoi.example",
	}
}

// PollingSettings are the settings of a program that polls.
func (f *ZaloBot) PollingSettings() []string {
	return []string{
		"HOINQ_ZALO_BOT_TOKEN=" + f.token,
		"HOINQ_ZALO_BOT_API=" + f.URL,
		"HOINQ_ZALO_BOT_MODE=polling",
	}
}

// Deliver implements [Vendor].
func (f *ZaloBot) Deliver(t testing.TB, publicURL string, m Incoming) (status int) {
	t.Helper()
	secret, body := f.secret, ZaloBotEvent(m)
	if m.ID%2 == 0 { // both shapes have been seen
		body = `{"ok":true,"result":` + body + `}`
	}
	switch m.Kind {
	case Forged:
		secret = strings.Repeat("x", len(f.secret))
	case Unsigned:
		secret = ""
	case Malformed:
		body = body[:len(body)/2]
	}
	return f.Post(t, publicURL+"/webhooks/zalo-bot", secret, body)
}

// Post delivers a body to a webhook, signed with secret, and returns the
// status. An empty secret leaves the header out.
func (f *ZaloBot) Post(t testing.TB, url, secret, body string) (status int) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if secret != "" {
		r.Header.Set(zaloBotSecretHeader, secret)
	}
	response, err := f.client.Do(r)
	if err != nil {
		t.Errorf("deliver an event: %v", err)
		return 0
	}
	defer response.Body.Close()
	if got, err := io.ReadAll(response.Body); err != nil || bytes.Contains(got, []byte(body)) {
		t.Errorf("the answer to an event cannot be read, or echoes it: %v", err)
	}
	return response.StatusCode
}

// ZaloBotEvent is an event as the vendor sends it, without its envelope.
func ZaloBotEvent(m Incoming) string {
	chat := ZaloBotChat(m.Conversation)
	message := map[string]any{
		"message_id": fmt.Sprintf("2d758cb5e222%08x", m.ID),
		"date":       1795000000123,
		"chat":       map[string]any{"id": chat, "chat_type": "PRIVATE"},
		"from":       map[string]any{"id": chat, "display_name": "Nguyễn Thị Kín", "is_bot": m.Kind == Echo},
		"text":       m.Text,
	}
	name := "message.text.received"
	switch m.Kind {
	case Textless:
		delete(message, "text")
		name, message["photo_url"] = "message.image.received", "https://photo.example/a.jpg"
	case Unknown:
		name = "message.reaction.received"
	case Oversized:
		message["text"] = strings.Repeat("a", 1<<20)
	}
	event, err := json.Marshal(map[string]any{"event_name": name, "message": message})
	if err != nil {
		panic(err) // unreachable: numbers and strings
	}
	return string(event)
}

// Messages implements [Vendor].
func (f *ZaloBot) Messages(conversation int) []Sent {
	var out []Sent
	for _, m := range f.MessagesTo(ZaloBotChat(conversation)) {
		out = append(out, Sent{Words: m.Text, Quotations: inQuotationMarks.FindAllString(m.Text, -1), Plain: true, At: m.At})
	}
	return out
}

// Attempts implements [Vendor].
func (f *ZaloBot) Attempts(conversation int) []time.Time {
	var out []time.Time
	for _, m := range f.AttemptsTo(ZaloBotChat(conversation)) {
		out = append(out, m.At)
	}
	return out
}

// Trouble implements [Vendor].
func (f *ZaloBot) Trouble(conversation int, kind Trouble) {
	chat := ZaloBotChat(conversation)
	switch kind {
	case RateLimit:
		f.RefuseSending(chat, ZaloBotRefusal{
			Status: http.StatusTooManyRequests, Code: http.StatusTooManyRequests,
			Description: "Too Many Requests", RetryAfter: int(RateLimitPause / time.Second),
		})
	case Block:
		f.RefuseSending(chat, ZaloBotRefusal{Code: http.StatusForbidden, Description: "Forbidden"})
	case Fail:
		f.RefuseSending(chat, ZaloBotRefusal{Status: http.StatusBadGateway, Page: "<html>Bad Gateway</html>"})
	}
}

// Private implements [Vendor].
func (f *ZaloBot) Private(n int) []string {
	_, letters, _ := strings.Cut(f.token, ":")
	out := []string{letters, f.secret, "Nguyễn Thị Kín"}
	for c := 1; c <= n; c++ {
		out = append(out, ZaloBotChat(c))
	}
	return out
}

// MaxMessage implements [Vendor].
func (f *ZaloBot) MaxMessage() int { return maxZaloBotText }

// Traits implements [Vendor].
func (f *ZaloBot) Traits() Traits {
	return Traits{
		Accepted: http.StatusOK,
		Statuses: map[Delivery]int{
			Forged: http.StatusUnauthorized, Unsigned: http.StatusUnauthorized,
			Oversized: http.StatusRequestEntityTooLarge, Malformed: http.StatusBadRequest,
		},
		Chats: true,
	}
}
