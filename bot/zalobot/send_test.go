package zalobot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/bot/bottest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// newFake is a fake of the vendor and a channel to it.
func newFake(t *testing.T) (*bottest.ZaloBot, *Channel) {
	t.Helper()
	f := bottest.NewZaloBot(t, testToken, testSecret)
	return f, newChannel(t, f.URL)
}

// part is a short reply, rendered.
func part(t *testing.T, c *Channel) bot.Part {
	t.Helper()
	parts, err := c.Render(bot.Reply{
		Address: received(bot.KindText, "").Address,
		Blocks:  []bot.Block{{Kind: bot.BlockParagraph, Text: "Chào <b> & *mọi* người."}},
	})
	if err != nil || len(parts) != 1 {
		t.Fatalf("%d parts, %v", len(parts), err)
	}
	return parts[0]
}

func TestSendDeliversWhatRenderMade(t *testing.T) {
	f, c := newFake(t)
	p := part(t, c)
	if id, err := c.Send(t.Context(), p); err != nil || id != "a1" {
		t.Fatalf("%q, %v", id, err)
	}
	p.Address.Chat = "c2"
	if _, err := c.Send(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	for _, chat := range []string{"c1f2", "c2"} {
		if got := f.MessagesTo(chat); len(got) != 1 || got[0].Text != "Chào <b> & *mọi* người." {
			t.Errorf("%s: %+v", chat, got)
		}
	}
}

func TestLongRepliesArriveWhole(t *testing.T) {
	f, c := newFake(t)
	bottest.LongReply(t, c, f, 1, bot.Address{Channel: ID, Bot: "42", Chat: bottest.ZaloBotChat(1)})
}

var errTransient = errors.New("transient")

// kindOfError is the error of package bot in err, or errTransient.
func kindOfError(err error) error {
	for _, kind := range []error{bot.ErrGone, bot.ErrRefused} {
		if errors.Is(err, kind) {
			return kind
		}
	}
	if err == nil || errors.As(err, new(*bot.RateLimitedError)) {
		return err
	}
	return errTransient
}

func TestRefusalsBecomeTheErrorsOfTheBot(t *testing.T) {
	for _, c := range []struct {
		name    string
		refusal bottest.ZaloBotRefusal
		want    error
		says    string
	}{
		{"blocked", bottest.ZaloBotRefusal{Code: 403, Description: "Forbidden"}, bot.ErrGone, "answered 403: forbidden"},
		{"blocked, by the status alone", bottest.ZaloBotRefusal{Status: 403}, bot.ErrGone, "answered 403"},
		{"no such chat", bottest.ZaloBotRefusal{Code: 400, Description: "Bad Request: chat not found"}, bot.ErrGone, "chat not found"},
		{"no such chat, by another code", bottest.ZaloBotRefusal{Code: 404, Description: "Chat not found"}, bot.ErrGone, "chat not found"},
		{"what will be refused again", bottest.ZaloBotRefusal{Code: 400, Description: "Bad Request: Chào"}, bot.ErrRefused, "answered 400: bad request"},
		{"a token that was revoked", bottest.ZaloBotRefusal{Code: 401, Description: "Unauthorized"}, errTransient, "HOINQ_ZALO_BOT_TOKEN"},
		{"a wrong address of the API", bottest.ZaloBotRefusal{Code: 404, Description: "Not Found"}, errTransient, "HOINQ_ZALO_BOT_API"},
		{"trouble", bottest.ZaloBotRefusal{Code: 500, Description: "Internal Server Error"}, errTransient, "answered 500"},
		{"a time that is up", bottest.ZaloBotRefusal{Code: 408, Description: "Request timeout"}, errTransient, "answered 408"},
		{"a code nobody knows", bottest.ZaloBotRefusal{Code: -7}, errTransient, "for a reason not known here"},
		{"a refusal without a code", bottest.ZaloBotRefusal{}, errTransient, "answered 200"},
		{"an echo of the token", bottest.ZaloBotRefusal{Code: 500, Description: "no route to " + testToken}, errTransient, "for a reason not known here"},
		{"an echo of an id", bottest.ZaloBotRefusal{Code: 500, Description: "chat c1f2 of u1f2"}, errTransient, "for a reason not known here"},
		{"words of a refusal in a failure", bottest.ZaloBotRefusal{Code: 500, Description: "chat not found"}, errTransient, "answered 500"},
		{"a proxy's refusal", bottest.ZaloBotRefusal{Status: 403, Page: "<html>Forbidden</html>"}, errTransient, "status 403"},
		{"a proxy's refusal in JSON", bottest.ZaloBotRefusal{Status: 403, Page: `{"message":"html"}`}, errTransient, "status 403"},
		{"an empty page", bottest.ZaloBotRefusal{Status: 429, Page: " "}, errTransient, "status 429"},
		{"half an answer", bottest.ZaloBotRefusal{Page: `{"ok":`}, errTransient, "status 200"},
		{"an endless answer", bottest.ZaloBotRefusal{Page: strings.Repeat(" ", maxResponse+1)}, errTransient, "status 200"},
		{"another result", bottest.ZaloBotRefusal{Page: `{"ok":true,"result":"html"}`}, nil, ""},
		{"no result", bottest.ZaloBotRefusal{Page: `{"ok":true}`}, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, channel := newFake(t)
			f.RefuseSending("c1f2", c.refusal)
			_, err := channel.Send(t.Context(), part(t, channel))
			keepsPrivate(t, err)
			if got := kindOfError(err); !errors.Is(got, c.want) {
				t.Errorf("%v (%v), want %v", got, err, c.want)
			}
			if err != nil && !strings.Contains(err.Error(), c.says) {
				t.Errorf("%q does not say %q", err, c.says)
			}
			if got, want := errors.Is(err, ErrUnknownBot), strings.Contains(c.says, "HOINQ"); got != want {
				t.Errorf("%v is ErrUnknownBot: %v", err, got)
			}
			var status interface{ StatusCode() int }
			if err != nil && !errors.As(err, &status) {
				t.Errorf("%v has no status to be counted by", err)
			}
		})
	}
}

func TestARateLimitSaysHowLongAndWhere(t *testing.T) {
	f, c := newFake(t)
	limited := func(page string) time.Duration {
		t.Helper()
		f.RefuseSending("c1f2", bottest.ZaloBotRefusal{Status: 429, Page: page})
		_, err := c.Send(t.Context(), part(t, c))
		keepsPrivate(t, err)
		var limited *bot.RateLimitedError
		if !errors.As(err, &limited) || limited.Chat != "c1f2" {
			t.Fatalf("%v, want a rate limit of the chat", err)
		}
		return limited.After
	}
	for page, want := range map[string]time.Duration{
		`{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":7}}`: 7 * time.Second,
		`{"ok":false,"error_code":"429","retry_after":"8"}`:                                              8 * time.Second,
		`{"ok":false,"error_code":400,"description":"Rate limit exceeded","retry_after":9}`:              9 * time.Second,
		`{"ok":false,"error_code":429,"retry_after":99999999}`:                                           24 * time.Hour,
	} {
		if got := limited(page); got != want {
			t.Errorf("%s: %s, want %s", page, got, want)
		}
	}
	// Where nothing is said, the pause grows until something is sent.
	const bare = `{"ok":false,"error_code":429,"retry_after":-1}`
	for _, want := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60} {
		if got := limited(bare); got != want*time.Second {
			t.Errorf("%s, want %ds", got, want)
		}
	}
	if _, err := c.Send(t.Context(), part(t, c)); err != nil {
		t.Fatal(err)
	}
	if got := limited(bare); got != time.Second {
		t.Errorf("after a message that was taken: %s, want 1s", got)
	}
}

func TestARetryAfterInTheHeaderIsObeyed(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "11")
		fmt.Fprint(w, `{"ok":false,"error_code":429}`)
	}))
	defer server.Close()
	c := newChannel(t, server.URL)
	_, err := c.Send(t.Context(), part(t, c))
	var limited *bot.RateLimitedError
	if !errors.As(err, &limited) || limited.After != 11*time.Second {
		t.Errorf("%v, want 11s", err)
	}
}

func TestPausesAreRememberedOfSoManyChats(t *testing.T) {
	p := pauses{last: map[string]time.Duration{}}
	for i := range maxPauses + 5 {
		p.next(fmt.Sprint(i), 0)
	}
	if len(p.last) > maxPauses {
		t.Errorf("%d chats are remembered, want %d at most", len(p.last), maxPauses)
	}
}

// everyCallFails makes every call there is and looks at its error.
func everyCallFails(t *testing.T, c *Channel) {
	t.Helper()
	ctx := t.Context()
	_, check := c.Check(ctx)
	_, send := c.Send(ctx, part(t, c))
	_, fetch := (&poller{channel: c}).fetch(ctx)
	_, hook := c.Registration(ctx)
	for name, err := range map[string]error{
		"getMe": check, "sendMessage": send, "setWebhook": c.Register(ctx, "https://hoi.example"), "deleteWebhook": c.Unregister(ctx),
		"getWebhookInfo": hook, "getUpdates": fetch,
	} {
		if keepsPrivate(t, err); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestErrorsOfTheNetworkDoNotShowTheToken(t *testing.T) {
	t.Run("a server that is not there", func(t *testing.T) {
		server := httptest.NewServer(nil)
		server.Close()
		everyCallFails(t, newChannel(t, server.URL))
	})
	t.Run("a redirect", func(t *testing.T) {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.Path, http.StatusPermanentRedirect)
		}))
		defer server.Close()
		everyCallFails(t, newChannel(t, server.URL))
	})
	t.Run("a certificate that nobody knows", func(t *testing.T) {
		server := httptest.NewUnstartedServer(nil)
		server.Config.ErrorLog = log.New(io.Discard, "", 0) // it would tell of our refusal
		server.StartTLS()
		defer server.Close()
		everyCallFails(t, newChannel(t, server.URL))
	})
	t.Run("a token that nobody knows", func(t *testing.T) {
		f := bottest.NewZaloBot(t, "43:another", testSecret)
		everyCallFails(t, newChannel(t, f.URL))
	})
}

func TestSendEndsWithItsContextAndWithItsTimeout(t *testing.T) {
	f, c := newFake(t)
	ctx, cancel := context.WithCancel(t.Context())
	f.RefuseSending("c1f2", bottest.ZaloBotRefusal{Hang: true})
	go func() {
		bottest.Wait(t, f, "the call arrived", func() bool { return len(f.AttemptsTo("c1f2")) == 1 })
		cancel()
	}()
	if _, err := c.Send(ctx, part(t, c)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want context.Canceled", err)
	}
	c.opt.Timeout = 20 * time.Millisecond
	f.RefuseSending("c1f2", bottest.ZaloBotRefusal{Hang: true})
	_, err := c.Send(t.Context(), part(t, c))
	if keepsPrivate(t, err); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, want context.DeadlineExceeded", err)
	}
}

func TestSendRefusesAForeignPart(t *testing.T) {
	_, c := newFake(t)
	if _, err := c.Send(t.Context(), bot.Part{Body: []byte("Chào")}); err == nil {
		t.Error("sent")
	} else {
		keepsPrivate(t, err)
	}
}

func TestAStoredBodyHoldsTheChatAndTheWords(t *testing.T) {
	var got map[string]string
	if err := json.Unmarshal(part(t, newChannel(t, "")).Body, &got); err != nil || len(got) != 2 || got["chat_id"] != "c1f2" || got["text"] != "Chào <b> & *mọi* người." {
		t.Errorf("%q, %v", got, err)
	}
}
