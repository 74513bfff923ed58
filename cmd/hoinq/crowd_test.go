package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hoinq/hoinq/bot/bottest"
)

const (
	crowdToken  = "987654:Thu-Dong-Nguoi"
	crowdSecret = "Bi-Mat-Thu-Dong-Nguoi"
	// crowdChats is how many people there are, so that none asks more than
	// once in two seconds, whatever the program carries.
	crowdChats = 2000
	// crowdLines is how many webhook requests are open at once, as many as the
	// program allows Telegram.
	crowdLines = 40
	// crowdFirst is the first of their ids.
	crowdFirst = 5_000_000_000
	// crowdPatience is how long nothing at all may happen.
	crowdPatience = 30 * time.Second
)

// crowd is many people who ask on Telegram, and the vendor between them and
// the program. It shares the cores with the program, so it does as little as
// can be: of a reply it reads which question it answers, and notes the time.
// [bottest.Telegram] is the fake that looks at what is said.
type crowd struct {
	settings []string
	client   *http.Client
	texts    []string // of questions, in JSON

	mu        sync.Mutex
	exchanges map[int]*exchange
	last      int                // the highest number of a question in a round
	refused   int                // deliveries that a round had to repeat
	heard     func(question int) // told of every answer, under the mutex
}

// exchange is a question and what came of it.
type exchange struct {
	due, at time.Time // when it was to be posted; when the first answer came
	answers int
}

// newCrowd starts the vendor. It stops when t ends.
func newCrowd(t testing.TB) *crowd {
	t.Helper()
	c := &crowd{exchanges: map[int]*exchange{}, texts: bundledQuestions(t)}
	server := httptest.NewServer(c)
	transport := &http.Transport{MaxIdleConnsPerHost: crowdLines}
	c.client = &http.Client{Transport: transport, Timeout: crowdPatience}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		server.Close()
	})
	c.settings = []string{
		"HOINQ_TELEGRAM_TOKEN=" + crowdToken, "HOINQ_TELEGRAM_SECRET=" + crowdSecret, "HOINQ_TELEGRAM_API=" + server.URL,
		"HOINQ_TELEGRAM_MODE=webhook", "HOINQ_PUBLIC_URL=https://hoi.example", "HOINQ_TELEGRAM_RATE=10000",
	}
	return c
}

// bundledQuestions are those that measure the answers to the bundled documents:
// most are answered, some refused.
func bundledQuestions(t testing.TB) (texts []string) {
	t.Helper()
	f, err := os.Open("../../internal/evaluate/testdata/bundled.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // only read from
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var line struct{ Q json.RawMessage }
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(line.Q))
	}
	return texts
}

// ServeHTTP is the vendor.
func (c *crowd) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the program was killed in the middle of its request
	}
	result := "true"
	switch _, method, _ := strings.Cut(r.URL.Path[1:], "/"); strings.ToLower(method) {
	case "getme":
		result = `{"id":987654,"is_bot":true,"first_name":"Thử","username":"thu_bot"}`
	case "sendmessage":
		question := number(body, `"message_id":`)
		c.note(question)
		result = fmt.Sprintf(`{"message_id":%d,"date":1795000000,"chat":{"id":%d,"type":"private"},"text":"…"}`,
			1_000_000+question, number(body, "name=\"chat_id\"\r\n\r\n"))
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"ok":true,"result":`+result+`}`) // the program may be gone
}

// number is the number behind a mark in a body, or 0.
func number(body []byte, mark string) (n int) {
	_, rest, _ := bytes.Cut(body, []byte(mark))
	for _, digit := range rest {
		if digit < '0' || digit > '9' {
			break
		}
		n = n*10 + int(digit-'0')
	}
	return n
}

// note takes an answer down. The second part of a long reply names no question.
func (c *crowd) note(question int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.exchanges[question]
	if e == nil {
		return
	}
	if e.answers++; e.answers == 1 {
		e.at = time.Now()
	}
	c.heard(question)
}

// update is a question as the vendor posts it, byte for byte the same each time.
func (c *crowd) update(question int) string {
	person := crowdFirst + question%crowdChats
	return fmt.Sprintf(`{"update_id":%d,"message":{"message_id":%d,"date":1795000000,"chat":{"id":%d,"type":"private","first_name":"An"},`+
		`"from":{"id":%d,"is_bot":false,"first_name":"An","language_code":"vi"},"text":%s}}`,
		question, question, person, person, c.texts[question%len(c.texts)])
}

// post delivers a question, counted from 1, or delivers it again. status is 0
// when the program could not be reached.
func (c *crowd) post(t testing.TB, p *bottest.Process, question int) (status int) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.PublicURL+"/webhooks/telegram", strings.NewReader(c.update(question)))
	if err != nil {
		t.Error(err)
		return 0
	}
	r.Header.Set("X-Telegram-Bot-Api-Secret-Token", crowdSecret)
	r.Header.Set("Content-Type", "application/json")
	response, err := c.client.Do(r)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return 0
	}
	return response.StatusCode
}

// pace is how fast questions come: one every so long, whether the ones before
// are answered or not, or, where every is 0, one as soon as fewer than inFlight
// wait for their answer.
type pace struct {
	every    time.Duration
	inFlight int
}

// round asks the n questions from the first on, and returns how long each
// waited for its answer, in order of length. A question that is late because
// the program held up those before it has waited since it was due; so has one
// that was refused with 503 and delivered again.
func (c *crowd) round(t testing.TB, p *bottest.Process, first, n int, at pace) (waited []time.Duration) {
	t.Helper()
	answered := make(chan int, n)
	c.mu.Lock()
	c.last = first + n - 1
	c.heard = func(question int) {
		if question >= first && c.exchanges[question].answers == 1 {
			answered <- question // never full
		}
	}
	c.mu.Unlock()
	free := make(chan struct{}, max(at.inFlight, 1))
	begin := time.Now()
	var next atomic.Int64
	var lines sync.WaitGroup
	for range crowdLines {
		lines.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				due := begin.Add(time.Duration(i) * at.every)
				if at.every == 0 {
					free <- struct{}{}
					due = time.Now()
				}
				<-time.After(time.Until(due))
				c.ask(t, p, first+i, due)
			}
		})
	}
	for range n {
		select {
		case question := <-answered:
			c.mu.Lock()
			waited = append(waited, c.exchanges[question].at.Sub(c.exchanges[question].due))
			c.mu.Unlock()
			if at.every == 0 {
				<-free
			}
		case <-time.After(crowdPatience):
			t.Fatalf("%d of %d questions were answered, then none for %s:\n%s", len(waited), n, crowdPatience, p.Log())
		}
	}
	lines.Wait()
	slices.Sort(waited)
	return waited
}

// ask delivers a question that was due at a time, until it is acknowledged.
func (c *crowd) ask(t testing.TB, p *bottest.Process, question int, due time.Time) {
	t.Helper()
	c.mu.Lock()
	c.exchanges[question] = &exchange{due: due}
	c.mu.Unlock()
	for t.Context().Err() == nil {
		switch status := c.post(t, p, question); status {
		case http.StatusOK:
			return
		case http.StatusServiceUnavailable:
			c.mu.Lock()
			c.refused++
			c.mu.Unlock()
			<-time.After(100 * time.Millisecond)
		default:
			t.Errorf("question %d: status %d", question, status)
			return
		}
	}
}
