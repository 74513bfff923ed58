package bottest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"
)

// ZaloOA is a fake of the OpenAPI and of the OAuth server for one Official
// Account, and the sender of its webhook's events. Make one with [NewZaloOA];
// it is safe for concurrent use.
type ZaloOA struct {
	// URL is where both servers listen, the value of HOINQ_ZALO_OA_API and
	// HOINQ_ZALO_OA_OAUTH.
	URL string

	appID, appSecret, secret string
	client                   *http.Client
	begin                    time.Time // the timestamps of events count from here

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced at every change
	messages []ZaloOAMessage
	attempts []zaloOAAttempt
	trouble  map[string][]ZaloOARefusal // by person
	known    map[string]time.Time       // people, and when they wrote last
	written  map[string]bool            // ids of people's messages
	tokens   zaloOATokens
	quota    *int           // free messages that each person has; nil is by time alone
	calls    map[string]int // by path
}

// ZaloOAMessage is a message that was accepted.
type ZaloOAMessage struct {
	User, Text, Quoted string
	// Charged says that the vendor took money for it.
	Charged bool
	At      time.Time
}

type zaloOAAttempt struct {
	user string
	at   time.Time
}

// ZaloOARefusal is an answer other than a success.
type ZaloOARefusal struct {
	Code   int               // of the body
	Status int               // 0 for 200
	Header map[string]string // of the answer, beside the usual ones
	Page   string            // answered as it is instead of JSON
}

// NewZaloOA starts a fake that knows one app by its number, the app's secret
// and the one that events are signed with. It stops when t ends.
func NewZaloOA(t testing.TB, appID, appSecret, secret string) *ZaloOA {
	t.Helper()
	f := &ZaloOA{
		appID: appID, appSecret: appSecret, secret: secret,
		client:  &http.Client{Transport: &http.Transport{}},
		begin:   time.Now().Add(-time.Hour), // the vendor repeats an event for an hour
		changed: make(chan struct{}),
		trouble: map[string][]ZaloOARefusal{},
		known:   map[string]time.Time{},
		written: map[string]bool{},
		calls:   map[string]int{},
		tokens:  zaloOATokens{life: `"90000"`, access: map[string]bool{}, refresh: map[string]bool{}},
	}
	server := httptest.NewServer(f)
	f.URL = server.URL
	t.Cleanup(func() {
		f.client.CloseIdleConnections()
		server.Close()
	})
	return f
}

// ServeHTTP answers one call.
func (f *ZaloOA) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.change(func() { f.calls[r.URL.Path]++ })
	body, err := io.ReadAll(r.Body)
	if err != nil || r.Method != http.MethodPost {
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	switch r.URL.Path {
	case zaloOATokensPath:
		f.renew(w, r, string(body))
	case "/v3.0/oa/message/cs":
		f.authorized(w, r, func() { f.sendMessage(w, r, body) })
	case "/v3.0/oa/quota/message":
		f.authorized(w, r, func() { f.tellQuota(w, body) })
	case "/v2.0/oa/message":
		f.answer(w, ZaloOARefusal{Code: -240}, nil)
	default:
		http.NotFound(w, r)
	}
}

// authorized goes on when the access token is good.
func (f *ZaloOA) authorized(w http.ResponseWriter, r *http.Request, do func()) {
	token := r.Header.Get("access_token")
	f.mu.Lock()
	good, known := f.tokens.access[token]
	f.mu.Unlock()
	switch {
	case !known:
		f.answer(w, ZaloOARefusal{Code: -216}, nil)
	case !good:
		f.answer(w, ZaloOARefusal{Code: -220}, nil)
	default:
		do()
	}
}

// answer writes what every call of the API is answered with.
func (f *ZaloOA) answer(w http.ResponseWriter, refusal ZaloOARefusal, data any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-RateLimit-Limit", "4000")
	w.Header().Set("X-RateLimit-Remain", "3999")
	for name, value := range refusal.Header {
		w.Header().Set(name, value)
	}
	if refusal.Status != 0 {
		w.WriteHeader(refusal.Status)
	}
	if refusal.Page != "" {
		fmt.Fprint(w, refusal.Page)
		return
	}
	body := map[string]any{"error": refusal.Code, "message": "Success", "data": data}
	if refusal.Code != 0 {
		// Vendors quote what they were sent; nobody may repeat it.
		body = map[string]any{"error": refusal.Code, "message": "refused for " + zaloOAUser(1)}
	}
	_ = json.NewEncoder(w).Encode(body) // the caller may be gone
}

// maxZaloOAText is the longest text.
const maxZaloOAText = 2000

// The codes of refusals by the fake itself.
const (
	zaloOABadParameter = -201
	zaloOATooLarge     = -210
	zaloOANoFollower   = -213
	zaloOANoMoney      = -321
)

func (f *ZaloOA) sendMessage(w http.ResponseWriter, r *http.Request, body []byte) {
	var m struct {
		Recipient struct {
			User string `json:"user_id"`
		} `json:"recipient"`
		Message struct {
			Text   string `json:"text"`
			Quoted string `json:"quote_message_id"`
		} `json:"message"`
	}
	err := json.Unmarshal(body, &m)
	user := m.Recipient.User
	refusal, scripted := f.scripted(user)
	f.mu.Lock()
	_, known := f.known[user]
	written := f.written[m.Message.Quoted]
	f.mu.Unlock()
	switch {
	case scripted:
	case err != nil, r.Header.Get("Content-Type") != "application/json", m.Message.Text == "", m.Message.Quoted != "" && !written:
		refusal.Code = zaloOABadParameter
	case UTF16(m.Message.Text) > maxZaloOAText:
		refusal.Code = zaloOATooLarge
	case !known:
		refusal.Code = zaloOANoFollower
	}
	if refusal.Code != 0 || refusal.Page != "" {
		f.answer(w, refusal, nil)
		return
	}
	data := map[string]any{"user_id": user}
	f.change(func() {
		sent := ZaloOAMessage{User: user, Text: m.Message.Text, Quoted: m.Message.Quoted, At: time.Now()}
		left := f.left(user)
		sent.Charged = left == 0 || sent.At.Sub(f.known[user]) > 48*time.Hour
		if f.quota != nil && !sent.Charged {
			data["quota"] = map[string]any{"quota_type": "reply", "remain": strconv.Itoa(left - 1), "total": strconv.Itoa(*f.quota)}
		}
		f.messages = append(f.messages, sent)
		data["message_id"] = fmt.Sprintf("sent%d", len(f.messages))
	})
	f.answer(w, refusal, data) // no refusal, but perhaps a header
}

// left is how many free messages a person has; -1 where nobody counts.
func (f *ZaloOA) left(user string) int {
	if f.quota == nil {
		return -1
	}
	left := *f.quota
	for _, m := range f.messages {
		if m.User == user && left > 0 {
			left--
		}
	}
	return left
}

// tellQuota says what a message to a person would cost.
func (f *ZaloOA) tellQuota(w http.ResponseWriter, body []byte) {
	var m struct {
		User string `json:"user_id"`
	}
	if json.Unmarshal(body, &m) != nil || m.User == "" {
		f.answer(w, ZaloOARefusal{Code: zaloOABadParameter}, nil)
		return
	}
	f.mu.Lock()
	data := map[string]any{"last_interaction": strconv.FormatInt(f.known[m.User].UnixMilli(), 10), "promotion": map[string]any{"remain": "1", "total": "1"}}
	if f.quota != nil {
		data["cs_reply"] = map[string]any{"remain": strconv.Itoa(f.left(m.User)), "total": strconv.Itoa(*f.quota)}
	}
	f.mu.Unlock()
	f.answer(w, ZaloOARefusal{}, data)
}

// change alters the state and wakes those who wait.
func (f *ZaloOA) change(do func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	do()
	close(f.changed)
	f.changed = make(chan struct{})
}

// Changed implements [Vendor].
func (f *ZaloOA) Changed() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.changed
}

// Refuse answers the next call to send to a person in another way.
func (f *ZaloOA) Refuse(user string, refusal ZaloOARefusal) {
	f.change(func() { f.trouble[user] = append(f.trouble[user], refusal) })
}

// scripted is the next refusal for a person, if any.
func (f *ZaloOA) scripted(user string) (refusal ZaloOARefusal, ok bool) {
	f.change(func() {
		f.attempts = append(f.attempts, zaloOAAttempt{user: user, at: time.Now()})
		if ok = len(f.trouble[user]) > 0; ok {
			refusal, f.trouble[user] = f.trouble[user][0], f.trouble[user][1:]
		}
	})
	return refusal, ok
}

// Know lets a person have written to the account, last at a time.
func (f *ZaloOA) Know(user string, at time.Time) {
	f.change(func() { f.known[user] = at })
}

// Count gives each person so many free messages, by the rule of 2025. Without,
// all are free that answer a message of the last 48 hours.
func (f *ZaloOA) Count(free int) {
	f.change(func() { f.quota = &free })
}

// Calls is how often a path was called.
func (f *ZaloOA) Calls(path string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[path]
}

// MessagesTo are the messages that were accepted for a person, in order.
func (f *ZaloOA) MessagesTo(user string) []ZaloOAMessage {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(f.messages), func(m ZaloOAMessage) bool { return m.User != user })
}
