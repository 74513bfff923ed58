package bottest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Telegram is a fake of the Bot API for one bot, and the sender of its
// webhook requests. Make one with [NewTelegram]; it is safe for concurrent
// use.
type Telegram struct {
	// URL is where it listens, the value of HOINQ_TELEGRAM_API.
	URL string

	token, secret string
	client        *http.Client
	stop          <-chan struct{} // closed when the test ends

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced at every change
	lastID   int
	messages []TelegramMessage
	attempts []TelegramAttempt
	pressed  []string // callbacks that were answered
	typed    []int64  // chats that were shown typing
	inline   []TelegramInline
	commands map[string][]TelegramCommand // by scope
	mute     bool                         // getMe fails
	trouble  map[int64][]telegramRefusal
	updates  []json.RawMessage // waiting to be polled, by id
	webhook  telegramWebhook
	handed   int // updates handed to pollers so far, repeats included
}

// TelegramMessage is a message that was accepted.
type TelegramMessage struct {
	TelegramText
	ID      int
	Chat    int64
	Thread  int
	ReplyTo int
	// Raw is the text as it was sent, in Mode ("HTML" or empty).
	Raw, Mode string
	Buttons   []TelegramButton
	At        time.Time
}

// TelegramAttempt is a call of sendMessage, accepted or not.
type TelegramAttempt struct {
	Chat int64
	At   time.Time
}

// TelegramButton is one button of an inline keyboard.
type TelegramButton struct {
	Text     string          `json:"text"`
	Data     string          `json:"callback_data"`
	URL      string          `json:"url"`
	CopyText json.RawMessage `json:"copy_text"`
}

// telegramWebhook is what setWebhook was told.
type telegramWebhook struct {
	url, secret string
	allowed     []string
	fault       string // of the last delivery
}

// telegramRefusal is an answer other than "ok".
type telegramRefusal struct {
	Code        int                `json:"error_code"`
	Description string             `json:"description"`
	Parameters  *telegramParameter `json:"parameters,omitempty"`
	OK          bool               `json:"ok"` // always false
	hang        bool
	page        string // answered as it is instead of JSON
}

type telegramParameter struct {
	RetryAfter int   `json:"retry_after,omitempty"`
	MigrateTo  int64 `json:"migrate_to_chat_id,omitempty"`
}

// NewTelegram starts a fake that knows one bot by its token. It signs what it
// delivers with secret, whatever setWebhook said. It stops when t ends.
func NewTelegram(t testing.TB, token, secret string) *Telegram {
	t.Helper()
	stop := make(chan struct{})
	f := &Telegram{
		token:   token,
		secret:  secret,
		client:  &http.Client{Transport: &http.Transport{}},
		stop:    stop,
		changed: make(chan struct{}),
		trouble: map[int64][]telegramRefusal{},

		commands: map[string][]TelegramCommand{},
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

// ServeHTTP answers one call of the Bot API.
func (f *Telegram) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token, method, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/bot"), "/")
	if !ok || !strings.HasPrefix(r.URL.Path, "/bot") {
		reply(w, nil, &telegramRefusal{Code: 404, Description: "Not Found"})
		return
	}
	if token != f.token {
		reply(w, nil, &telegramRefusal{Code: 401, Description: "Unauthorized"})
		return
	}
	fields, err := telegramFields(r)
	if err != nil {
		reply(w, nil, &telegramRefusal{Code: 400, Description: "Bad Request: " + err.Error()})
		return
	}
	methods := map[string]func(*http.Request, map[string]string) (any, *telegramRefusal){
		"getme":               f.getMe,
		"setwebhook":          f.setWebhook,
		"deletewebhook":       f.deleteWebhook,
		"getwebhookinfo":      f.getWebhookInfo,
		"getupdates":          f.getUpdates,
		"sendmessage":         f.sendMessage,
		"editmessagetext":     f.editMessageText,
		"answercallbackquery": f.answerCallbackQuery,
		"sendchataction":      f.sendChatAction,
		"setmycommands":       f.setMyCommands,
		"answerinlinequery":   f.answerInlineQuery,
	}
	call := methods[strings.ToLower(method)] // method names have no case
	if call == nil {
		reply(w, nil, &telegramRefusal{Code: 404, Description: "Not Found"})
		return
	}
	result, refusal := call(r, fields)
	reply(w, result, refusal)
}

// telegramFields reads the parameters of a call, in each of the forms that the
// vendor takes: multipart (chunked, or with no body at all, as go-telegram/bot
// sends it), form or JSON. Values that are not strings are JSON.
func telegramFields(r *http.Request) (map[string]string, error) {
	fields := map[string]string{}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch kind {
	case "application/json":
		var values map[string]json.RawMessage
		if err := json.NewDecoder(r.Body).Decode(&values); err != nil {
			return nil, fmt.Errorf("can't parse JSON object")
		}
		for name, value := range values {
			var text string
			if json.Unmarshal(value, &text) != nil {
				text = string(value)
			}
			fields[name] = text
		}
		return fields, nil
	case "multipart/form-data":
		reader, err := r.MultipartReader()
		if err != nil {
			return nil, err
		}
		for {
			part, err := reader.NextPart()
			if errors.Is(err, io.EOF) { // also for a body that is empty
				break
			}
			if err != nil {
				return nil, fmt.Errorf("can't parse multipart: %w", err)
			}
			value, err := io.ReadAll(part)
			if err != nil {
				return nil, fmt.Errorf("can't read multipart: %w", err)
			}
			fields[part.FormName()] = string(value)
		}
	}
	if err := r.ParseForm(); err != nil {
		return nil, err
	}
	for name, values := range r.Form {
		fields[name] = values[0]
	}
	return fields, nil
}

// reply writes the envelope of every answer.
func reply(w http.ResponseWriter, result any, refusal *telegramRefusal) {
	w.Header().Set("Content-Type", "application/json")
	var body any = map[string]any{"ok": true, "result": result}
	if refusal != nil {
		body = refusal
		if refusal.page != "" {
			w.Header().Set("Content-Type", "text/html")
		}
		w.WriteHeader(refusal.Code)
		if refusal.page != "" {
			fmt.Fprint(w, refusal.page)
			return
		}
	}
	_ = json.NewEncoder(w).Encode(body) // the caller may be gone
}

// change alters the state and wakes those who wait.
func (f *Telegram) change(do func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	do()
	close(f.changed)
	f.changed = make(chan struct{})
}

// Changed implements [Vendor].
func (f *Telegram) Changed() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.changed
}

// MessagesTo are the messages that were accepted for a chat, in order.
func (f *Telegram) MessagesTo(chat int64) []TelegramMessage {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []TelegramMessage
	for _, m := range f.messages {
		if m.Chat == chat {
			out = append(out, m)
		}
	}
	return out
}

// AttemptsTo are the calls of sendMessage to a chat.
func (f *Telegram) AttemptsTo(chat int64) []TelegramAttempt {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []TelegramAttempt
	for _, a := range f.attempts {
		if a.Chat == chat {
			out = append(out, a)
		}
	}
	return out
}

// Pressed are the ids of the callbacks that were answered.
func (f *Telegram) Pressed() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.pressed)
}

// Handed is how many updates were handed to pollers, repeats included. An
// update counts a moment before its poller has it.
func (f *Telegram) Handed() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.handed
}

// Webhook is what setWebhook was told last.
func (f *Telegram) Webhook() (url, secret string, allowed []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.webhook.url, f.webhook.secret, f.webhook.allowed
}

// WaitMessages waits until n messages were accepted for a chat.
func (f *Telegram) WaitMessages(t testing.TB, chat int64, n int) []TelegramMessage {
	t.Helper()
	var got []TelegramMessage
	Wait(t, f, fmt.Sprintf("%d messages to a chat", n), func() bool {
		got = f.MessagesTo(chat)
		return len(got) >= n
	})
	return got
}

// Refuse answers the next call of sendMessage to a chat with an error. The
// number is retry_after for 429, and the chat's new id for 400.
func (f *Telegram) Refuse(chat int64, code int, description string, number int64) {
	r := telegramRefusal{Code: code, Description: description}
	switch {
	case number != 0 && code == http.StatusTooManyRequests:
		r.Parameters = &telegramParameter{RetryAfter: int(number)}
	case number != 0:
		r.Parameters = &telegramParameter{MigrateTo: number}
	}
	f.script(chat, r)
}

// RefuseWithPage answers the next call of sendMessage to a chat with a page
// instead of JSON, as proxies do.
func (f *Telegram) RefuseWithPage(chat int64, code int, page string) {
	f.script(chat, telegramRefusal{Code: code, page: page})
}

// Hang keeps the next call of sendMessage to a chat waiting until its caller
// gives up.
func (f *Telegram) Hang(chat int64) { f.script(chat, telegramRefusal{hang: true}) }

func (f *Telegram) script(chat int64, r telegramRefusal) {
	f.change(func() { f.trouble[chat] = append(f.trouble[chat], r) })
}

// scripted is the next refusal for a chat, if any.
func (f *Telegram) scripted(chat int64) (r telegramRefusal, ok bool) {
	f.change(func() {
		f.attempts = append(f.attempts, TelegramAttempt{Chat: chat, At: time.Now()})
		if ok = len(f.trouble[chat]) > 0; ok {
			r, f.trouble[chat] = f.trouble[chat][0], f.trouble[chat][1:]
		}
	})
	return r, ok
}

func integer(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0
	}
	return n
}
