package bottest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"
)

// ZaloBot is a fake of the Zalo Bot Platform for one bot, and the sender of its
// webhook requests. Where the vendor's behaviour is not known it does the less
// convenient thing: a refusal has the status 200, a poll hands an event out once
// and for all, and says nothing of a webhook that keeps it from getting any.
// Make one with [NewZaloBot]; it is safe for concurrent use.
type ZaloBot struct {
	// URL is where it listens, the value of HOINQ_ZALO_BOT_API.
	URL string

	token, secret string
	client        *http.Client
	stop          <-chan struct{} // closed when the test ends

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced at every change
	lastID   int
	messages []ZaloBotMessage
	attempts []ZaloBotMessage // accepted or not
	trouble  map[string][]ZaloBotRefusal
	next     map[string]ZaloBotRefusal // by method
	calls    map[string]int            // by method
	updates  []json.RawMessage         // waiting to be polled
	waiting  int                       // polls that are held
	webhook  struct{ url, secret string }
}

// ZaloBotMessage is a message that was sent.
type ZaloBotMessage struct {
	Chat, Text string
	At         time.Time
}

// ZaloBotRefusal is an answer other than "ok".
type ZaloBotRefusal struct {
	// Status is of HTTP; 0 is 200, as the vendor is said to answer.
	Status int
	// Code and Description are those of the envelope.
	Code        int
	Description string
	// RetryAfter is in seconds; 0 leaves it out.
	RetryAfter int
	// Page is answered as it is, instead of the envelope.
	Page string
	// Hang keeps the call waiting until its caller gives up.
	Hang bool
}

// NewZaloBot starts a fake that knows one bot by its token. It signs what it
// delivers with secret, whatever setWebhook said. It stops when t ends.
func NewZaloBot(t testing.TB, token, secret string) *ZaloBot {
	t.Helper()
	stop := make(chan struct{})
	f := &ZaloBot{
		token: token, secret: secret,
		client:  &http.Client{Transport: &http.Transport{}},
		stop:    stop,
		changed: make(chan struct{}),
		trouble: map[string][]ZaloBotRefusal{},
		next:    map[string]ZaloBotRefusal{},
		calls:   map[string]int{},
	}
	server := httptest.NewServer(f)
	f.URL = server.URL
	t.Cleanup(func() {
		close(stop)
		f.client.CloseIdleConnections()
		server.Close()
	})
	return f
}

// ServeHTTP answers one call.
func (f *ZaloBot) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, _ := strings.CutPrefix(r.URL.Path, "/bot")
	token, method, _ := strings.Cut(path, "/")
	if token != f.token {
		f.refuse(w, r, ZaloBotRefusal{Code: http.StatusUnauthorized, Description: "Unauthorized"})
		return
	}
	fields, err := telegramFields(r) // query, form, JSON and multipart, as there
	if err != nil {
		f.refuse(w, r, ZaloBotRefusal{Code: http.StatusBadRequest, Description: "Bad Request"})
		return
	}
	methods := map[string]func(*http.Request, map[string]string) (any, *ZaloBotRefusal){
		"getMe":          f.getMe,
		"getUpdates":     f.getUpdates,
		"setWebhook":     f.setWebhook,
		"deleteWebhook":  f.deleteWebhook,
		"getWebhookInfo": f.getWebhookInfo,
		"sendMessage":    f.sendMessage,
	}
	call := methods[method] // the names have a case
	if call == nil {
		f.refuse(w, r, ZaloBotRefusal{Code: http.StatusNotFound, Description: "Method not found"})
		return
	}
	if refusal, ok := f.counted(method); ok {
		f.refuse(w, r, refusal)
		return
	}
	result, refusal := call(r, fields)
	if refusal != nil {
		f.refuse(w, r, *refusal)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"ok": true, "result": result}) // the caller may be gone
}

// counted counts a call, and returns how it is to be refused, if it is.
func (f *ZaloBot) counted(method string) (r ZaloBotRefusal, ok bool) {
	f.change(func() {
		f.calls[method]++
		r, ok = f.next[method]
		delete(f.next, method)
	})
	return r, ok
}

func (f *ZaloBot) refuse(w http.ResponseWriter, r *http.Request, refusal ZaloBotRefusal) {
	if refusal.Hang {
		select {
		case <-r.Context().Done():
		case <-f.stop:
		}
	}
	body, kind := refusal.Page, "text/html"
	if body == "" {
		envelope := map[string]any{"ok": false, "description": refusal.Description, "error_code": refusal.Code}
		if refusal.RetryAfter != 0 {
			envelope["parameters"] = map[string]any{"retry_after": refusal.RetryAfter}
		}
		encoded, err := json.Marshal(envelope)
		if err != nil {
			panic(err) // unreachable: numbers and strings
		}
		body, kind = string(encoded), "application/json"
	}
	w.Header().Set("Content-Type", kind)
	if refusal.Status != 0 {
		w.WriteHeader(refusal.Status)
	}
	fmt.Fprint(w, body)
}

func (f *ZaloBot) getMe(*http.Request, map[string]string) (any, *ZaloBotRefusal) {
	number, _, _ := strings.Cut(f.token, ":")
	return map[string]any{
		"id": number, "account_name": "bot.hoinq", "display_name": "Bot Hỏi Nghị quyết",
		"account_type": "BASIC", "can_join_groups": true,
	}, nil
}

func (f *ZaloBot) setWebhook(_ *http.Request, fields map[string]string) (any, *ZaloBotRefusal) {
	url, secret := fields["url"], fields["secret_token"]
	switch {
	case !strings.HasPrefix(url, "https://"):
		return nil, &ZaloBotRefusal{Code: http.StatusBadRequest, Description: "Bad Request: invalid url"}
	case len(secret) < 8, len(secret) > 256:
		return nil, &ZaloBotRefusal{Code: http.StatusBadRequest, Description: "Bad Request: secret_token must have 8-256 characters"}
	}
	f.change(func() { f.webhook.url, f.webhook.secret = url, secret })
	return f.webhookInfo(), nil
}

func (f *ZaloBot) deleteWebhook(*http.Request, map[string]string) (any, *ZaloBotRefusal) {
	f.change(func() { f.webhook.url, f.webhook.secret = "", "" })
	return f.webhookInfo(), nil
}

func (f *ZaloBot) getWebhookInfo(*http.Request, map[string]string) (any, *ZaloBotRefusal) {
	return f.webhookInfo(), nil
}

func (f *ZaloBot) webhookInfo() any {
	url, _ := f.Webhook()
	return map[string]any{"url": url, "updated_at": 1795000000123}
}

// getUpdates hands out one event, and forgets it at once; the caller may be gone
// by then, which is not noticed. Without news it answers 408 when the time is up; it never has
// news while a webhook is set.
func (f *ZaloBot) getUpdates(_ *http.Request, fields map[string]string) (any, *ZaloBotRefusal) {
	timeout := time.NewTimer(time.Duration(integer(fields["timeout"])) * time.Second)
	defer timeout.Stop()
	f.change(func() { f.waiting++ })
	defer f.change(func() { f.waiting-- })
	for {
		var update json.RawMessage
		changed := f.Changed()
		f.mu.Lock()
		if len(f.updates) > 0 && f.webhook.url == "" {
			update, f.updates = f.updates[0], f.updates[1:]
		}
		f.mu.Unlock()
		if update != nil {
			return update, nil
		}
		select {
		case <-changed:
			continue
		case <-timeout.C:
		case <-f.stop:
		}
		return nil, &ZaloBotRefusal{Code: http.StatusRequestTimeout, Description: "Request timeout"}
	}
}

func (f *ZaloBot) sendMessage(_ *http.Request, fields map[string]string) (any, *ZaloBotRefusal) {
	m := ZaloBotMessage{Chat: fields["chat_id"], Text: fields["text"], At: time.Now()}
	var refusal *ZaloBotRefusal
	f.change(func() {
		f.attempts = append(f.attempts, m)
		if waiting := f.trouble[m.Chat]; len(waiting) > 0 {
			refusal, f.trouble[m.Chat] = &waiting[0], waiting[1:]
		}
	})
	if refusal != nil {
		return nil, refusal
	}
	bad := func(why string) (any, *ZaloBotRefusal) {
		return nil, &ZaloBotRefusal{Code: http.StatusBadRequest, Description: "Bad Request: " + why}
	}
	switch {
	case m.Chat == "":
		return bad("chat not found")
	case strings.TrimSpace(m.Text) == "" || !utf8.ValidString(m.Text):
		return bad("message text is empty")
	case UTF16(m.Text) > maxZaloBotText:
		return bad("message is too long")
	case fields["parse_mode"] != "" || fields["text_styles"] != "":
		return bad("markup is not known to this fake")
	}
	var id string
	f.change(func() {
		f.lastID++
		id = fmt.Sprintf("a%x", f.lastID)
		f.messages = append(f.messages, m)
	})
	return map[string]any{"message_id": id, "date": m.At.UnixMilli()}, nil
}

// maxZaloBotText is the longest text of a message.
const maxZaloBotText = 2000

// change alters the state and wakes those who wait.
func (f *ZaloBot) change(do func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	do()
	close(f.changed)
	f.changed = make(chan struct{})
}

// Changed implements [Vendor].
func (f *ZaloBot) Changed() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.changed
}

// Webhook is what setWebhook was told last.
func (f *ZaloBot) Webhook() (url, secret string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.webhook.url, f.webhook.secret
}

// SetWebhook sets a webhook, as another program would.
func (f *ZaloBot) SetWebhook(url string) { f.change(func() { f.webhook.url = url }) }

// Calls are how often a method was called.
func (f *ZaloBot) Calls(method string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[method]
}

// Waiting is how many polls are held, and how many events wait to be polled.
func (f *ZaloBot) Waiting() (polls, events int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.waiting, len(f.updates)
}

// MessagesTo are the messages that were accepted for a chat, in order.
func (f *ZaloBot) MessagesTo(chat string) []ZaloBotMessage {
	f.mu.Lock()
	defer f.mu.Unlock()
	return toZaloChat(f.messages, chat)
}

// AttemptsTo are the messages to a chat, accepted or not.
func (f *ZaloBot) AttemptsTo(chat string) []ZaloBotMessage {
	f.mu.Lock()
	defer f.mu.Unlock()
	return toZaloChat(f.attempts, chat)
}

func toZaloChat(all []ZaloBotMessage, chat string) (out []ZaloBotMessage) {
	for _, m := range all {
		if m.Chat == chat {
			out = append(out, m)
		}
	}
	return out
}

// RefuseSending answers the next message to a chat with an error.
func (f *ZaloBot) RefuseSending(chat string, r ZaloBotRefusal) {
	f.change(func() { f.trouble[chat] = append(f.trouble[chat], r) })
}

// Refuse answers the next call of a method with an error.
func (f *ZaloBot) Refuse(method string, r ZaloBotRefusal) {
	f.change(func() { f.next[method] = r })
}

// Queue lets an event, or whatever shall come in its place, wait to be polled.
func (f *ZaloBot) Queue(update string) {
	f.change(func() { f.updates = append(f.updates, json.RawMessage(update)) })
}
