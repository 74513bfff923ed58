package zalooa

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/bot/bottest"
	"github.com/hoinq/hoinq/internal/queue"
)

const (
	testUser = "7061994200000042"
	sendCall = "/v3.0/oa/message/cs"
	askCall  = "/v3.0/oa/quota/message"
)

// clock is a clock that stands still until a test turns it.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) turn(ahead time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(ahead)
}

// bench is a channel to a fake of the vendor, its tokens in a real queue.
type bench struct {
	*Channel
	vendor *bottest.ZaloOA
	store  *faulty
	clock  *clock
	log    *bytes.Buffer
}

// faulty is a store that can be told to fail at its next writes.
type faulty struct {
	Tokens
	mu   sync.Mutex
	skip int // writes that still succeed
	fail int // writes that fail then
}

func (f *faulty) Swap(ctx context.Context, key string, value []byte, revision uint64) (bool, error) {
	f.mu.Lock()
	failing := f.skip == 0 && f.fail > 0
	if f.skip > 0 {
		f.skip--
	} else if failing {
		f.fail--
	}
	f.mu.Unlock()
	if failing {
		return false, errors.New("disk full")
	}
	return f.Tokens.Swap(ctx, key, value, revision)
}

func newBench(t *testing.T) *bench {
	t.Helper()
	server, err := queue.Open(t.Context(), slog.New(slog.DiscardHandler), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	bucket, err := server.Bucket(t.Context(), "tokens", time.Hour, queue.Synced)
	if err != nil {
		t.Fatal(err)
	}
	vendor := bottest.NewZaloOA(t, testApp, testAppSecret, testSecret)
	vendor.Know(testUser, time.Now())
	b := &bench{vendor: vendor, store: &faulty{Tokens: bucket}, clock: &clock{at: time.Now()}, log: &bytes.Buffer{}}
	b.Channel = b.another(t, vendor.Consent(), nil)
	return b
}

// another is a channel of another process, with a token in its settings.
func (b *bench) another(t *testing.T, refresh string, with func(*Options)) *Channel {
	t.Helper()
	opt := testOptions(b.vendor.URL)
	opt.RefreshToken, opt.Now = refresh, b.clock.now
	if with != nil {
		with(&opt)
	}
	c, err := New(slog.New(slog.NewTextHandler(b.log, nil)), b.store, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.http.CloseIdleConnections)
	return c
}

// part is a short reply, rendered.
func part(t *testing.T, c *Channel) bot.Part {
	t.Helper()
	parts, err := c.Render(bot.Reply{
		Address: bot.Address{Channel: ID, Bot: "OA", Chat: testUser},
		Blocks:  []bot.Block{{Kind: bot.BlockParagraph, Text: "Chào <b>."}},
	})
	if err != nil || len(parts) != 1 {
		t.Fatal(len(parts), err)
	}
	return parts[0]
}

// keepsPrivate fails the test if an error says what nobody may read.
func keepsPrivate(t *testing.T, b *bench, err error) {
	t.Helper()
	text := fmt.Sprintf("%v %+v %s", err, err, b.log)
	for _, secret := range append(b.vendor.Private(1), testUser, "Chào", "html") {
		if strings.Contains(text, secret) {
			t.Errorf("an error or the log holds %q: %s", secret, text)
		}
	}
}

func TestTheFirstMessageOfAReplyAnswersVisibly(t *testing.T) {
	c := receiver(t)
	reply := bot.Reply{Address: bot.Address{Chat: "U", Message: "m1"}}
	for range 3 {
		reply.Blocks = append(reply.Blocks, bot.Block{Kind: bot.BlockParagraph, Text: strings.Repeat("a", 1500)})
	}
	parts, err := c.Render(reply)
	if err != nil {
		t.Fatal(err)
	}
	page := strings.Repeat("a", 1500)
	var got []string
	for _, p := range parts {
		got = append(got, string(p.Body))
		if p.Address != reply.Address {
			t.Errorf("address %+v", p.Address)
		}
	}
	want := []string{
		`{"recipient":{"user_id":"U"},"message":{"text":"` + page + `","quote_message_id":"m1"}}`,
		`{"recipient":{"user_id":"U"},"message":{"text":"` + page + `"}}`,
		`{"recipient":{"user_id":"U"},"message":{"text":"` + page + `"}}`,
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
}

func TestSendDeliversWhatRenderMade(t *testing.T) {
	b := newBench(t)
	id, err := b.Send(t.Context(), part(t, b.Channel))
	if err != nil || id != "sent1" {
		t.Fatalf("%q, %v", id, err)
	}
	if got := b.vendor.MessagesTo(testUser); got[0].Text != "Chào <b>." || got[0].Quoted != "" {
		t.Errorf("%+v", got)
	}
	keepsPrivate(t, b, nil)
}

func TestLongRepliesArriveWhole(t *testing.T) {
	b := newBench(t)
	user := b.vendor.Private(1)[len(b.vendor.Private(1))-1]
	b.vendor.Know(user, time.Now())
	bottest.LongReply(t, b.Channel, b.vendor, 1, bot.Address{Channel: ID, Bot: "OA", Chat: user})
}

func TestAMessageThatCannotBeQuotedIsAnsweredAllTheSame(t *testing.T) {
	b := newBench(t)
	p := part(t, b.Channel)
	p.Body = bytes.Replace(p.Body, []byte(`"}}`), []byte(`","quote_message_id":"gone"}}`), 1)
	if _, err := b.Send(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if got := b.vendor.MessagesTo(testUser); len(got) != 1 || b.vendor.Calls(sendCall) != 2 {
		t.Errorf("%+v after %d calls", got, b.vendor.Calls(sendCall))
	}
}

func TestRefusalsBecomeTheErrorsOfTheBot(t *testing.T) {
	b := newBench(t)
	for _, c := range []struct {
		name    string
		refusal bottest.ZaloOARefusal
		want    error
		says    string
	}{
		{"blocked", bottest.ZaloOARefusal{Code: -217}, bot.ErrGone, "blocked"},
		{"wants nothing", bottest.ZaloOARefusal{Code: -244}, bot.ErrGone, ""},
		{"does not follow", bottest.ZaloOARefusal{Code: -213}, bot.ErrGone, ""},
		{"inactive", bottest.ZaloOARefusal{Code: -227}, bot.ErrGone, ""},
		{"silent for a week", bottest.ZaloOARefusal{Code: -230}, bot.ErrGone, ""},
		{"never wrote", bottest.ZaloOARefusal{Code: -232}, bot.ErrGone, ""},
		{"a parameter", bottest.ZaloOARefusal{Code: -201}, bot.ErrRefused, "answered -201"},
		{"too large", bottest.ZaloOARefusal{Code: -210}, bot.ErrRefused, ""},
		{"the package", bottest.ZaloOARefusal{Code: -224}, bot.ErrRefused, "package"},
		{"no money", bottest.ZaloOARefusal{Code: -321}, bot.ErrRefused, ""},
		{"refused with a status", bottest.ZaloOARefusal{Code: -248, Status: http.StatusForbidden}, bot.ErrRefused, ""},
		{"sending failed", bottest.ZaloOARefusal{Code: -200}, errTransient, "answered -200"},
		{"a code that nobody knows", bottest.ZaloOARefusal{Code: -999}, errTransient, "answered -999: for a reason not known here"},
		{"a page of a proxy", bottest.ZaloOARefusal{Status: http.StatusBadGateway, Page: "<html>" + testUser}, errTransient, "status 502"},
		{"a page of success", bottest.ZaloOARefusal{Page: "<html>"}, errTransient, ""},
		{"an object of another", bottest.ZaloOARefusal{Page: `{"ok":true}`}, errTransient, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			b.vendor.Refuse(testUser, c.refusal)
			_, err := b.Send(t.Context(), part(t, b.Channel))
			keepsPrivate(t, b, err)
			if got := kindOf(err); !errors.Is(got, c.want) {
				t.Errorf("%v (%v), want %v", got, err, c.want)
			}
			if err != nil && !strings.Contains(err.Error(), c.says) {
				t.Errorf("%q does not say %q", err, c.says)
			}
			want := c.refusal.Code // for the metrics
			if want == 0 {
				want = max(c.refusal.Status, http.StatusOK)
			}
			var status interface{ StatusCode() int }
			if !errors.As(err, &status) || status.StatusCode() != want {
				t.Errorf("%v has the code of another", err)
			}
		})
	}
}

var errTransient = errors.New("transient")

// kindOf is the error of package bot in err, or errTransient.
func kindOf(err error) error {
	for _, kind := range []error{bot.ErrGone, bot.ErrMarkupRefused, bot.ErrRefused} {
		if errors.Is(err, kind) {
			return kind
		}
	}
	if err == nil || errors.As(err, new(*bot.RateLimitedError)) || errors.As(err, new(*bot.MovedError)) {
		return err
	}
	return errTransient
}

func TestARateLimitLastsForTheMinuteOfAllChats(t *testing.T) {
	b := newBench(t)
	for name, refusal := range map[string]bottest.ZaloOARefusal{
		"a code":   {Code: -32},
		"a status": {Status: http.StatusTooManyRequests, Page: "<html>"},
	} {
		b.clock.turn(b.clock.now().Truncate(time.Minute).Add(time.Minute + 20*time.Second).Sub(b.clock.now()))
		b.vendor.Refuse(testUser, refusal)
		_, err := b.Send(t.Context(), part(t, b.Channel))
		var limited *bot.RateLimitedError
		if !errors.As(err, &limited) || limited.Chat != "" || limited.After != 41*time.Second {
			t.Fatalf("%s, in second 20 of a minute: %v", name, err)
		}
		// Nothing is tried before.
		calls := b.vendor.Calls(sendCall)
		if _, err := b.Send(t.Context(), part(t, b.Channel)); !errors.As(err, &limited) || b.vendor.Calls(sendCall) != calls {
			t.Errorf("%s: called in spite of the limit (%v)", name, err)
		}
		b.clock.turn(41 * time.Second)
		if _, err := b.Send(t.Context(), part(t, b.Channel)); err != nil {
			t.Errorf("%s: after the minute: %v", name, err)
		}
	}
}

func TestTheLastCallOfAMinuteIsTheLast(t *testing.T) {
	b := newBench(t)
	b.vendor.Refuse(testUser, bottest.ZaloOARefusal{Header: map[string]string{"X-RateLimit-Remain": "0"}}) // a success
	if _, err := b.Send(t.Context(), part(t, b.Channel)); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Send(t.Context(), part(t, b.Channel)); !errors.As(err, new(*bot.RateLimitedError)) {
		t.Errorf("%v, want a RateLimitedError", err)
	}
	if got := len(b.vendor.MessagesTo(testUser)); got != 1 {
		t.Errorf("%d messages, want 1", got)
	}
}

func TestAnAddressWhereNobodyAnswersIsTransient(t *testing.T) {
	b := newBench(t)
	if _, err := b.Send(t.Context(), part(t, b.Channel)); err != nil {
		t.Fatal(err)
	}
	b.opt.API = "http://127.0.0.1:1"
	_, err := b.Send(t.Context(), part(t, b.Channel))
	keepsPrivate(t, b, err)
	if got := kindOf(err); !errors.Is(got, errTransient) {
		t.Errorf("%v", err)
	}
}

func TestCheckAsksWithoutATokenAndSpendsNone(t *testing.T) {
	b := newBench(t)
	if err := b.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if made, reused := b.vendor.Renewals(); made+reused != 0 {
		t.Errorf("%d renewals, %d with a used token", made, reused)
	}
	for _, wrong := range []func(*Options){
		func(o *Options) { o.API = "http://127.0.0.1:1" },
		func(o *Options) { o.OAuth = "http://127.0.0.1:1" },
	} {
		if err := b.another(t, "x", wrong).Check(t.Context()); err == nil {
			t.Error("an address where nobody answers is called well")
		}
	}
}

func TestLimitsAreAMinute(t *testing.T) {
	if got := receiver(t).Limits(); got.PerSecond != 100 || got.Redelivers {
		t.Errorf("%+v, want 100 a second of 6,000 a minute", got)
	}
}
