package bottest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The fake of Telegram as a [Vendor].
var _ Vendor = (*Telegram)(nil)

// firstTelegramChat and firstTelegramMessage are numbers that appear in a log
// by no accident.
const (
	firstTelegramChat    = 7_730_551_000
	firstTelegramMessage = 61_000
)

// TelegramChat is the chat, and the person, of a conversation.
func TelegramChat(conversation int) int64 { return firstTelegramChat + int64(conversation) }

// Name implements [Vendor].
func (f *Telegram) Name() string { return "telegram" }

// Settings implements [Vendor].
func (f *Telegram) Settings() []string {
	return []string{
		"HOINQ_TELEGRAM_TOKEN=" + f.token,
		"HOINQ_TELEGRAM_SECRET=" + f.secret,
		"HOINQ_TELEGRAM_API=" + f.URL,
		"HOINQ_TELEGRAM_MODE=webhook",
		"HOINQ_PUBLIC_URL=https://hoi.example",
	}
}

// PollingSettings are the settings of a program that polls.
func (f *Telegram) PollingSettings() []string {
	return []string{
		"HOINQ_TELEGRAM_TOKEN=" + f.token,
		"HOINQ_TELEGRAM_API=" + f.URL,
		"HOINQ_TELEGRAM_MODE=polling",
	}
}

// Deliver implements [Vendor].
func (f *Telegram) Deliver(t testing.TB, publicURL string, m Incoming) (status int) {
	t.Helper()
	secret, update := f.secret, TelegramUpdate(m)
	switch m.Kind {
	case Forged:
		secret = strings.Repeat("x", len(f.secret))
	case Unsigned:
		secret = ""
	case Malformed:
		update = update[:len(update)/2]
	}
	return f.Post(t, publicURL+"/webhooks/telegram", secret, update)
}

// TelegramUpdate is an update as Telegram sends it.
func TelegramUpdate(m Incoming) string {
	chat := TelegramChat(m.Conversation)
	message := map[string]any{
		"message_id": firstTelegramMessage + m.ID,
		"date":       1795000000,
		"chat":       map[string]any{"id": chat, "type": "private", "first_name": "An"},
		"from":       map[string]any{"id": chat, "is_bot": m.Kind == Echo, "first_name": "An", "language_code": "vi"},
		"text":       m.Text,
	}
	kind := "message"
	switch m.Kind {
	case Textless:
		delete(message, "text")
		message["photo"] = []any{map[string]any{"file_id": "a", "file_unique_id": "b", "width": 90, "height": 51}}
	case Unknown:
		kind = "guest_message"
	case Oversized:
		message["text"] = strings.Repeat("a", 1<<20)
	}
	payload := any(message)
	if m.Kind == Press {
		from := message["from"]
		message["from"] = map[string]any{"id": 42, "is_bot": true, "first_name": "Bot"}
		message["text"] = "Mời anh/chị chọn"
		kind, payload = "callback_query", map[string]any{
			"id": fmt.Sprintf("press%d", m.ID), "from": from, "message": message, "chat_instance": "1", "data": m.Text,
		}
	}
	update, err := json.Marshal(map[string]any{"update_id": 880_000_000 + m.ID, kind: payload})
	if err != nil {
		panic(err) // unreachable: numbers and strings
	}
	return string(update)
}

// Messages implements [Vendor].
func (f *Telegram) Messages(conversation int) []Sent {
	var out []Sent
	for _, m := range f.MessagesTo(TelegramChat(conversation)) {
		s := Sent{Words: m.Words, Quotations: m.Quotations, Plain: m.Mode == "", At: m.At}
		if m.ReplyTo != 0 {
			s.Answers = m.ReplyTo - firstTelegramMessage
		}
		for _, b := range m.Buttons {
			s.Buttons, s.Keys = append(s.Buttons, b.Text), append(s.Keys, b.Data)
		}
		out = append(out, s)
	}
	return out
}

// Attempts implements [Vendor].
func (f *Telegram) Attempts(conversation int) []time.Time {
	var out []time.Time
	for _, a := range f.AttemptsTo(TelegramChat(conversation)) {
		out = append(out, a.At)
	}
	return out
}

// Trouble implements [Vendor].
func (f *Telegram) Trouble(conversation int, kind Trouble) {
	chat := TelegramChat(conversation)
	switch kind {
	case RateLimit:
		seconds := int64(RateLimitPause / time.Second)
		f.Refuse(chat, http.StatusTooManyRequests, fmt.Sprintf("Too Many Requests: retry after %d", seconds), seconds)
	case Block:
		f.Refuse(chat, http.StatusForbidden, "Forbidden: bot was blocked by the user", 0)
	case RefuseMarkup:
		f.Refuse(chat, http.StatusBadRequest, "Bad Request: can't parse entities: Unsupported start tag \"x\" at byte offset 3", 0)
	case Fail:
		f.RefuseWithPage(chat, http.StatusBadGateway, "<html>Bad Gateway</html>")
	}
}

// Private implements [Vendor].
func (f *Telegram) Private(n int) []string {
	_, letters, _ := strings.Cut(f.token, ":")
	out := []string{letters, f.secret}
	for c := 1; c <= n; c++ {
		out = append(out, strconv.FormatInt(TelegramChat(c), 10))
	}
	return out
}

// MaxMessage implements [Vendor].
func (f *Telegram) MaxMessage() int { return maxTelegramText }

// Traits implements [Vendor].
func (f *Telegram) Traits() Traits {
	return Traits{
		Accepted: http.StatusOK,
		Statuses: map[Delivery]int{
			Forged: http.StatusUnauthorized, Unsigned: http.StatusUnauthorized,
			Oversized: http.StatusRequestEntityTooLarge, Malformed: http.StatusBadRequest,
		},
		Chats: true, Buttons: true, Markup: true, Replies: true,
	}
}
