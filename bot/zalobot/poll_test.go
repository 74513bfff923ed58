package zalobot

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

// polling is a channel that polls until it is stopped.
type polling struct {
	mu       sync.Mutex
	accepted []string        // texts, in order
	waits    []time.Duration // asked for, none of them waited
	refuse   func(m bot.Message) error
	log      strings.Builder
	changed  chan struct{}

	stop  context.CancelFunc
	ended chan error
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

func (p *polling) accept(ctx context.Context, m bot.Message) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var err error
	p.note(func() {
		p.accepted = append(p.accepted, m.Text)
		if p.refuse != nil {
			err = p.refuse(m)
		}
	})
	return err
}

// startPolling polls until the test ends, or stop is called.
func startPolling(t *testing.T, api string, refuse func(bot.Message) error) *polling {
	t.Helper()
	p := &polling{changed: make(chan struct{}), refuse: refuse, ended: make(chan error, 1)}
	c := newLoggedChannel(t, api, p)
	c.wait = func(_ context.Context, d time.Duration) { p.note(func() { p.waits = append(p.waits, d) }) }
	ctx, cancel := context.WithCancel(t.Context())
	p.stop = cancel
	go func() { p.ended <- c.Poll(ctx, p.accept) }()
	t.Cleanup(func() {
		cancel()
		if err := <-p.ended; err != nil {
			t.Errorf("Poll: %v, want nil when its context ends", err)
		}
		_, _, log := p.state()
		keepsPrivate(t, errors.New(log))
	})
	return p
}

func textEvent(text string) string { return eventOf("text", private+`,"text":"`+text+`"`) }

func (p *polling) waitsFor(t *testing.T, n int) {
	t.Helper()
	bottest.Wait(t, p, fmt.Sprintf("%d messages", n), func() bool { got, _, _ := p.state(); return len(got) >= n })
}

func TestPolledEventsAreAcceptedInOrderAndOnce(t *testing.T) {
	f := bottest.NewZaloBot(t, testToken, testSecret)
	f.Queue(textEvent("1"))
	f.Queue(eventOf("text", `"message_id":["odd"]`))
	f.Queue(`[` + textEvent("2") + `,` + textEvent("3") + `]`)
	f.Queue(`[]`)
	f.Queue(`null`)
	f.Queue(`{"ok":true,"result":` + textEvent("4") + `}`)
	p := startPolling(t, f.URL, nil)
	p.waitsFor(t, 4)
	f.Queue(textEvent("5"))
	p.waitsFor(t, 5)
	if got, _, _ := p.state(); strings.Join(got, " ") != "1 2 3 4 5" {
		t.Errorf("accepted %q, want 1 2 3 4 5", got)
	}
}

// The vendor has forgotten it by then.
func TestAMessageThatWasNotStoredIsKeptAndNothingIsFetchedBefore(t *testing.T) {
	f := bottest.NewZaloBot(t, testToken, testSecret)
	for _, text := range []string{"1", "2", "3"} {
		f.Queue(textEvent(text))
	}
	failures := 7
	p := startPolling(t, f.URL, func(m bot.Message) error {
		if _, events := f.Waiting(); m.Text == "2" && events != 1 {
			t.Errorf("%d events are left, want 1: more was fetched before this was stored", events)
		}
		if m.Text == "2" && failures > 0 {
			failures--
			return errors.New("disk full")
		}
		return nil
	})
	p.waitsFor(t, 10)
	got, waits, log := p.state()
	if want := "1 2 2 2 2 2 2 2 2 3"; strings.Join(got, " ") != want {
		t.Errorf("accepted %q, want %s", got, want)
	}
	if want := "[1s 2s 4s 8s 16s 30s 30s]"; fmt.Sprint(waits[:7]) != want {
		t.Errorf("waited %s, want %s", waits, want)
	}
	if !strings.Contains(log, "disk full") {
		t.Errorf("the log does not name the reason: %s", log)
	}
}

func TestAnEventThatComesWhilePollingEndsIsAccepted(t *testing.T) {
	f := bottest.NewZaloBot(t, testToken, testSecret)
	p := startPolling(t, f.URL, nil)
	bottest.Wait(t, f, "a poll is held", func() bool { polls, _ := f.Waiting(); return polls == 1 })
	p.stop()
	f.Queue(textEvent("1"))
	err := <-p.ended
	p.ended <- err
	got, _, _ := p.state()
	// Should the poll have run out in between, then the event waits at the vendor.
	if _, events := f.Waiting(); len(got)+events != 1 {
		t.Errorf("accepted %q, and %d wait: the event is lost", got, events)
	}
}

func TestWhatCannotBeStoredAtTheEndIsToldOf(t *testing.T) {
	f := bottest.NewZaloBot(t, testToken, testSecret)
	f.Queue(textEvent("1"))
	var p *polling
	begun := make(chan struct{})
	p = startPolling(t, f.URL, func(bot.Message) error {
		<-begun
		p.stop()
		return errors.New("disk full")
	})
	close(begun)
	err := <-p.ended
	p.ended <- err
	got, _, log := p.state()
	if len(got) != 2 || !strings.Contains(log, "level=ERROR") || !strings.Contains(log, "is lost") {
		t.Errorf("%d attempts, want a last one after the end; log: %s", len(got), log)
	}
}

func TestAWebhookThatKeepsNewsAwayIsToldOf(t *testing.T) {
	f := bottest.NewZaloBot(t, testToken, testSecret)
	if err := newChannel(t, f.URL).Register(t.Context(), "https://hoi.example"); err != nil {
		t.Fatal(err)
	}
	p := startPolling(t, f.URL, nil)
	bottest.Wait(t, p, "a warning", func() bool { _, _, log := p.state(); return log != "" })
	_, _, log := p.state()
	if !strings.Contains(log, "level=WARN") || !strings.Contains(log, "hoinq webhook delete --channel zalo-bot") || !strings.Contains(log, "HOINQ_ZALO_BOT_MODE") {
		t.Errorf("the log names no remedy: %s", log)
	}
	if url, _ := f.Webhook(); url == "" {
		t.Error("the webhook was removed")
	}
}

func TestAWebhookIsLookedForNowAndThenAndAfterAFailure(t *testing.T) {
	f := bottest.NewZaloBot(t, testToken, testSecret)
	c := newChannel(t, f.URL)
	now := testTime()
	c.opt.Now = func() time.Time { return now }
	c.wait = func(context.Context, time.Duration) {}
	p := poller{channel: c}
	for i, step := range []struct {
		do   func()
		want int
	}{
		{func() {}, 1},
		{func() { now = now.Add(webhookLook - time.Second) }, 1},
		{func() { now = now.Add(time.Second) }, 2},
		{func() { p.failed(t.Context(), errors.New("no answer"), 0) }, 3},
		{func() {}, 3},
	} {
		step.do()
		p.lookForWebhook(t.Context())
		if got := f.Calls("getWebhookInfo"); got != step.want {
			t.Errorf("step %d: looked %d times, want %d", i+1, got, step.want)
		}
	}
}

func TestPollingSaysWhatAPersonMustMend(t *testing.T) {
	for name, c := range map[string]struct {
		status       int
		body         string
		level, words string
		wait         string
	}{
		"a token that was revoked":    {200, `{"ok":false,"error_code":401,"description":"Unauthorized"}`, "ERROR", "HOINQ_ZALO_BOT_TOKEN", "[1s 2s 4s]"},
		"a page":                      {502, `<html>Chào</html>`, "WARN", "status 502", "[1s 2s 4s]"},
		"a rate limit":                {200, `{"ok":false,"error_code":429,"parameters":{"retry_after":40}}`, "WARN", "answered 429", "[40s 40s 40s]"},
		"another result":              {200, `{"ok":true,"result":7}`, "WARN", "does not fit", "[1s 2s 4s]"},
		"no news at once":             {200, `{"ok":false,"error_code":408,"description":"Request timeout"}`, "", "", "[1s 1s 1s]"},
		"no news, by the status":      {408, `{"ok":false}`, "", "", "[1s 1s 1s]"},
		"no news in another shape":    {200, `{"ok":true,"result":{}}`, "", "", "[1s 1s 1s]"},
		"no news without any shape":   {200, `{"ok":true}`, "", "", "[1s 1s 1s]"},
		"an event that asks nothing":  {200, `{"ok":true,"result":` + eventOf("reaction", private) + `}`, "", "", "[1s 1s 1s]"},
		"an event that does not fit":  {200, `{"ok":true,"result":` + eventOf("text", `"text":7`) + `}`, "WARN", "skipped", "[1s 1s 1s]"},
		"an envelope in the envelope": {200, `{"ok":true,"result":{"ok":true,"result":[]}}`, "", "", "[1s 1s 1s]"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "/getWebhookInfo") {
					fmt.Fprint(w, `{"ok":true,"result":{"url":""}}`)
					return
				}
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.body)
			}))
			t.Cleanup(server.Close)
			p := startPolling(t, server.URL, nil)
			bottest.Wait(t, p, "three waits", func() bool { _, waits, _ := p.state(); return len(waits) >= 3 })
			_, waits, log := p.state()
			if !strings.Contains(log, c.words) || c.level != "" && !strings.Contains(log, "level="+c.level) || c.level == "" && log != "" {
				t.Errorf("log, want %s and %q:\n%s", c.level, c.words, log)
			}
			if got := fmt.Sprint(waits[:3]); got != c.wait {
				t.Errorf("waited %s, want %s", got, c.wait)
			}
		})
	}
}
