package telegram

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/bot/bottest"
)

// polling is a channel that polls a fake until the test ends.
type polling struct {
	mu       sync.Mutex
	accepted []string        // ids, in order
	waits    []time.Duration // asked for, none of them waited
	refuse   func(m bot.Message) error
	log      strings.Builder
	changed  chan struct{}
}

func (p *polling) Changed() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.changed
}

func (p *polling) note(do func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	do()
	close(p.changed)
	p.changed = make(chan struct{})
}

func (p *polling) Write(b []byte) (int, error) {
	p.note(func() { p.log.Write(b) })
	return len(b), nil
}

func (p *polling) state() (accepted []string, waits []time.Duration, log string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.accepted), slices.Clone(p.waits), p.log.String()
}

func (p *polling) accept(_ context.Context, m bot.Message) error {
	var err error
	p.note(func() {
		p.accepted = append(p.accepted, m.ID)
		if p.refuse != nil {
			err = p.refuse(m)
		}
	})
	return err
}

// startPolling polls until the test ends.
func startPolling(t *testing.T, api string, refuse func(bot.Message) error) *polling {
	t.Helper()
	p := &polling{changed: make(chan struct{}), refuse: refuse}
	c := newLoggedChannel(t, api, p)
	c.wait = func(_ context.Context, d time.Duration) { p.note(func() { p.waits = append(p.waits, d) }) }
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- c.Poll(ctx, p.accept) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Poll: %v, want nil when its context ends", err)
		}
		_, _, log := p.state()
		keepsPrivate(t, errors.New(log))
	})
	return p
}

// updateOf is an update of a text.
func updateOf(id int) string {
	return fmt.Sprintf(`{"update_id":%d,"message":{%s,"text":"Chào"}}`, id, head)
}

func TestPolledUpdatesAreAcceptedInOrderAndOnce(t *testing.T) {
	f := bottest.NewTelegram(t, testToken, testSecret)
	f.Queue(updateOf(1))
	f.Queue(`{"update_id":2,"message":{"text":["newer"]}}`)
	f.Queue(updateOf(3))
	p := startPolling(t, f.URL, nil)
	bottest.Wait(t, p, "the waiting updates", func() bool { got, _, _ := p.state(); return len(got) == 2 })
	f.Queue(updateOf(4))
	bottest.Wait(t, p, "the new update", func() bool { got, _, _ := p.state(); return len(got) == 3 })
	f.Queue(updateOf(5))
	bottest.Wait(t, p, "the last update", func() bool { got, _, _ := p.state(); return len(got) == 4 })
	if got, _, _ := p.state(); !slices.Equal(got, []string{"1", "3", "4", "5"}) {
		t.Errorf("accepted %q, want 1 3 4 5", got)
	}
}

func TestAnUpdateThatWasNotStoredComesAgain(t *testing.T) {
	f := bottest.NewTelegram(t, testToken, testSecret)
	for id := 1; id <= 3; id++ {
		f.Queue(updateOf(id))
	}
	failures := 2
	p := startPolling(t, f.URL, func(m bot.Message) error {
		if m.ID == "2" && failures > 0 {
			failures--
			return errors.New("disk full")
		}
		return nil
	})
	bottest.Wait(t, p, "all updates", func() bool { got, _, _ := p.state(); return slices.Contains(got, "3") })
	got, waits, log := p.state()
	if want := []string{"1", "2", "2", "2", "3"}; !slices.Equal(got, want) {
		t.Errorf("accepted %q, want %q", got, want)
	}
	if want := []time.Duration{time.Second, 2 * time.Second}; !slices.Equal(waits, want) {
		t.Errorf("waited %s, want %s", waits, want)
	}
	if !strings.Contains(log, "disk full") {
		t.Errorf("the log does not name the reason: %s", log)
	}
}

func TestAnotherReceiverIsToldOfAndWaitedFor(t *testing.T) {
	f := bottest.NewTelegram(t, testToken, testSecret)
	hooked := newChannel(t, f.URL)
	if err := hooked.Register(t.Context(), "https://hoi.example"); err != nil {
		t.Fatal(err)
	}
	p := startPolling(t, f.URL, nil)
	bottest.Wait(t, p, "seven waits", func() bool { _, waits, _ := p.state(); return len(waits) >= 7 })
	_, waits, log := p.state()
	want := []time.Duration{1, 2, 4, 8, 16, 30, 30}
	for i := range want {
		if waits[i] != want[i]*time.Second {
			t.Errorf("wait %d: %s, want %ds", i, waits[i], want[i])
		}
	}
	if strings.Count(log, "level=ERROR") != 1 || strings.Contains(log, "level=WARN") || !strings.Contains(log, "hoinq webhook delete") {
		t.Errorf("the log does not name the remedy just once: %s", log)
	}
	if url, _, _ := f.Webhook(); url == "" {
		t.Error("the webhook was removed")
	}
}

func TestPollingSaysWhatAPersonMustMend(t *testing.T) {
	for name, c := range map[string]struct {
		status       int
		body         string
		level, words string
		wait         time.Duration
	}{
		"a token that was revoked": {401, `{"ok":false,"error_code":401,"description":"Unauthorized"}`, "ERROR", "HOINQ_TELEGRAM_TOKEN", time.Second},
		"a page":                   {502, `<html>Chào</html>`, "WARN", "status 502", time.Second},
		"a rate limit":             {429, `{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":40}}`, "WARN", "answered 429", 40 * time.Second},
		"another result":           {200, `{"ok":true,"result":7}`, "WARN", "does not fit", time.Second},
		"an update without an id":  {200, `{"ok":true,"result":[{}]}`, "WARN", "malformed", time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.body)
			}))
			t.Cleanup(server.Close)
			p := startPolling(t, server.URL, nil)
			bottest.Wait(t, p, "a wait", func() bool { _, waits, _ := p.state(); return len(waits) > 0 })
			_, waits, log := p.state()
			if !strings.Contains(log, "level="+c.level) || !strings.Contains(log, c.words) || waits[0] != c.wait {
				t.Errorf("waited %s, want %s; log, want %s and %q:\n%s", waits[0], c.wait, c.level, c.words, log)
			}
		})
	}
}
