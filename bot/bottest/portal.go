package bottest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Portal is a fake of a province's portal: it takes signed answers at its
// callback and signs the questions that it asks. Signatures are written here
// once more, after the standard and not after the program. Make one with
// [NewPortal]; it is safe for concurrent use.
type Portal struct {
	// URL is where it listens, and Callback where it takes answers.
	URL, Callback string

	id, secret string
	folder     string
	client     *http.Client
	stop       chan struct{} // closed when the test ends

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced at every attempt
	answers  []PortalAnswer
	attempts []PortalAttempt
	faults   []string // what no portal would take
	trouble  map[string][]PortalRefusal
	anyTime  bool
}

// PortalAnswer is an answer that the portal took.
type PortalAnswer struct {
	// ID is the webhook-id.
	ID, Conversation, QuestionID string
	Answer                       PortalObject
	At                           time.Time
}

// PortalObject is what a portal shows of an answer object.
type PortalObject struct {
	ID        string `json:"id"`
	Question  string `json:"question"`
	Answered  bool   `json:"answered"`
	Reason    string `json:"reason"`
	Text      string `json:"text"`
	Citations []struct {
		N        int    `json:"n"`
		Title    string `json:"title"`
		Location string `json:"location"`
		Quote    string `json:"quote"`
	} `json:"citations"`
	Nearest []json.RawMessage `json:"nearest"`
}

// PortalAttempt is a call of the callback, taken or not.
type PortalAttempt struct {
	ID, Conversation string
	At               time.Time
}

// PortalRefusal is an answer of the callback other than 200.
type PortalRefusal struct {
	Status int
	// Header and Page are sent with it.
	Header map[string]string
	Page   string
	// Hang keeps the caller waiting until it gives up.
	Hang bool
}

// portalKey stands in the callback's address, as portals put keys there.
const portalKey = "khoa-rieng-cua-cong"

// NewPortal starts a portal that the program knows by id. It signs with secret,
// and takes answers that are signed with it. It stops when t ends.
func NewPortal(t testing.TB, id, secret string) *Portal {
	t.Helper()
	f := &Portal{
		id: id, secret: secret, folder: t.TempDir(),
		client: &http.Client{Transport: &http.Transport{}}, stop: make(chan struct{}),
		changed: make(chan struct{}), trouble: map[string][]PortalRefusal{},
	}
	server := httptest.NewServer(f)
	f.URL = server.URL
	f.Callback = server.URL + "/nhan?khoa=" + portalKey
	t.Cleanup(func() {
		close(f.stop)
		f.client.CloseIdleConnections()
		server.Close()
		f.mu.Lock()
		defer f.mu.Unlock()
		for _, fault := range f.faults {
			t.Errorf("the portal got what it cannot take: %s", fault)
		}
	})
	return f
}

// portalSum is the signature of a body, without its version.
func portalSum(secret, id, timestamp, body string) string {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		panic(err) // a mistake of the test
	}
	mac := hmac.New(sha256.New, key)
	_, _ = io.WriteString(mac, id+"."+timestamp+"."+body) // a hash takes everything
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// ServeHTTP is the callback.
func (f *Portal) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, "", http.StatusBadRequest)
		return
	}
	answer, err := f.parse(r, string(body))
	if err != nil {
		f.change(func() { f.faults = append(f.faults, err.Error()) })
		http.Error(w, "", http.StatusBadRequest)
		return
	}
	var refusal PortalRefusal
	refused := false
	f.change(func() {
		c := answer.Conversation
		f.attempts = append(f.attempts, PortalAttempt{ID: answer.ID, Conversation: c, At: answer.At})
		if refused = len(f.trouble[c]) > 0; refused {
			refusal, f.trouble[c] = f.trouble[c][0], f.trouble[c][1:]
			return
		}
		f.answers = append(f.answers, answer)
	})
	switch {
	case refusal.Hang:
		select {
		case <-r.Context().Done():
		case <-f.stop:
		}
	case refused:
		for name, value := range refusal.Header {
			w.Header().Set(name, value)
		}
		w.WriteHeader(refusal.Status)
		fmt.Fprint(w, refusal.Page)
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}

// parse reads an answer as strictly as a portal may.
func (f *Portal) parse(r *http.Request, body string) (PortalAnswer, error) {
	var a PortalAnswer
	var event struct {
		Type      string    `json:"type"`
		Timestamp time.Time `json:"timestamp"`
		Data      struct {
			Conversation string       `json:"conversation"`
			QuestionID   string       `json:"question_id"`
			Answer       PortalObject `json:"answer"`
		} `json:"data"`
	}
	id, timestamp, given := r.Header.Get("webhook-id"), r.Header.Get("webhook-timestamp"), r.Header.Get("webhook-signature")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	switch {
	case r.Method != http.MethodPost || r.URL.Path != "/nhan" || r.URL.Query().Get("khoa") != portalKey:
		return a, errors.New("it was not posted to the callback")
	case r.Header.Get("Content-Type") != "application/json":
		return a, errors.New("it is not said to be JSON")
	case id == "" || strings.Contains(id, "."):
		return a, fmt.Errorf("webhook-id %q", id)
	case err != nil || !f.inTime(time.Unix(seconds, 0)):
		return a, fmt.Errorf("webhook-timestamp %q", timestamp)
	case given != "v1,"+portalSum(f.secret, id, timestamp, body):
		return a, errors.New("it is not signed with our secret")
	case json.Unmarshal([]byte(body), &event) != nil:
		return a, errors.New("it is not JSON")
	case event.Type != "question.answered" || event.Timestamp.Unix() != seconds || event.Data.QuestionID == "" || event.Data.Conversation == "":
		return a, fmt.Errorf("type %q of %s, question %q", event.Type, event.Timestamp, event.Data.QuestionID)
	case event.Data.Answer.Citations == nil || event.Data.Answer.Nearest == nil || event.Data.Answer.ID != event.Data.QuestionID:
		return a, errors.New("it holds no answer object")
	}
	return PortalAnswer{
		ID: id, Conversation: event.Data.Conversation, QuestionID: event.Data.QuestionID, Answer: event.Data.Answer, At: time.Now(),
	}, nil
}

// AcceptAnyTime takes answers of any time, for a caller whose clock stands.
func (f *Portal) AcceptAnyTime() { f.change(func() { f.anyTime = true }) }

func (f *Portal) inTime(at time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.anyTime || time.Since(at).Abs() <= 5*time.Minute
}

// change alters the state and wakes those who wait.
func (f *Portal) change(do func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	do()
	close(f.changed)
	f.changed = make(chan struct{})
}

// Changed implements [Vendor].
func (f *Portal) Changed() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.changed
}

// AnswersTo are the answers that were taken for a conversation, in order.
func (f *Portal) AnswersTo(conversation string) []PortalAnswer {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(f.answers), func(a PortalAnswer) bool { return a.Conversation != conversation })
}

// AttemptsTo are the calls of the callback for a conversation, in order.
func (f *Portal) AttemptsTo(conversation string) []PortalAttempt {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(f.attempts), func(a PortalAttempt) bool { return a.Conversation != conversation })
}

// Refuse refuses the next call of the callback for a conversation.
func (f *Portal) Refuse(conversation string, with PortalRefusal) {
	f.change(func() { f.trouble[conversation] = append(f.trouble[conversation], with) })
}

// Asked is an event that a portal posts.
type Asked struct {
	ID, Body string
	// Secrets sign it; none leaves the signature out.
	Secrets []string
	// At is its timestamp; zero is now.
	At time.Time
}

// Post posts an event to a webhook and returns the status and the header of the
// answer.
func (f *Portal) Post(t testing.TB, url string, asked Asked) (status int, header http.Header) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(asked.Body))
	if err != nil {
		t.Fatal(err)
	}
	asked.Sign(r.Header)
	response, err := f.client.Do(r)
	if err != nil {
		t.Errorf("post an event: %v", err)
		return 0, nil
	}
	defer response.Body.Close()
	if body, err := io.ReadAll(response.Body); err != nil || len(body) > 40 {
		t.Errorf("the answer to an event cannot be read, or says more than its status: %v, %d bytes", err, len(body))
	}
	return response.StatusCode, response.Header
}

// Sign puts the headers of an event on a request.
func (a Asked) Sign(header http.Header) {
	if a.At.IsZero() {
		a.At = time.Now()
	}
	timestamp := strconv.FormatInt(a.At.Unix(), 10)
	header.Set("webhook-id", a.ID)
	header.Set("webhook-timestamp", timestamp)
	var signatures []string
	for _, secret := range a.Secrets {
		signatures = append(signatures, "v1,"+portalSum(secret, a.ID, timestamp, a.Body))
	}
	if len(signatures) > 0 {
		header.Set("webhook-signature", strings.Join(signatures, " "))
	}
}
