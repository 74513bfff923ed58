package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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

const testChat = 700000001

// newFake is a fake of the vendor and a channel to it.
func newFake(t *testing.T) (*bottest.Telegram, *Channel) {
	t.Helper()
	f := bottest.NewTelegram(t, testToken, testSecret)
	return f, newChannel(t, f.URL)
}

// part is a short reply, rendered.
func part(t *testing.T, c *Channel) bot.Part {
	t.Helper()
	parts, err := c.Render(bot.Reply{
		Address: testAddress(),
		Blocks:  []bot.Block{paragraph("Chào <b>.")},
		Buttons: []bot.Button{{Label: "Một", Key: "k"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return parts[0]
}

// keepsPrivate fails the test if an error says what nobody may read.
func keepsPrivate(t *testing.T, err error) {
	t.Helper()
	for _, secret := range []string{"TEST-token_1", testSecret, "700000001", "4503599627370495", "html", "Chào"} {
		if strings.Contains(fmt.Sprintf("%v %+v", err, err), secret) {
			t.Errorf("the error holds %q: %v", secret, err)
		}
	}
}

func TestSendDeliversWhatRenderMade(t *testing.T) {
	f, c := newFake(t)
	p := part(t, c)
	id, err := c.Send(t.Context(), p)
	if err != nil || id != "1" {
		t.Fatalf("%q, %v", id, err)
	}
	p.Body = p.Plain
	if id, err = c.Send(t.Context(), p); err != nil || id != "2" {
		t.Fatalf("plain: %q, %v", id, err)
	}
	got := f.MessagesTo(testChat)
	for i, mode := range []string{"HTML", ""} {
		m := got[i]
		if m.Words != "Chào <b>." || m.Mode != mode || m.Thread != 7 || m.ReplyTo != 41 || len(m.Buttons) != 1 || m.Buttons[0].Data != "k" || m.Buttons[0].CopyText != nil {
			t.Errorf("message %d: %+v", i, m)
		}
	}
}

func TestLongRepliesArriveWhole(t *testing.T) {
	f, c := newFake(t)
	chat := fmt.Sprint(bottest.TelegramChat(1))
	bottest.LongReply(t, c, f, 1, bot.Address{Channel: ID, Bot: "42", Chat: chat})
}

func TestRefusalsBecomeTheErrorsOfTheBot(t *testing.T) {
	for _, c := range []struct {
		name        string
		code        int
		description string
		number      int64
		want        error // nil is "sent"
		says        string
	}{
		{"blocked", 403, "Forbidden: bot was blocked by the user", 0, bot.ErrGone, "blocked by the user"},
		{"deactivated", 403, "Forbidden: user is deactivated", 0, bot.ErrGone, ""},
		{"no such chat", 400, "Bad Request: chat not found", 0, bot.ErrGone, ""},
		{"no such person", 400, "Bad Request: PEER_ID_INVALID", 0, bot.ErrGone, ""},
		{"broken markup", 400, `Bad Request: can't parse entities: Unsupported start tag "chào" at byte offset 3`, 0, bot.ErrMarkupRefused, "unsupported start tag"},
		{"an entity", 400, "Bad Request: ENTITY_TEXTURL_INVALID", 0, bot.ErrMarkupRefused, ""},
		{"a button", 400, "Bad Request: BUTTON_URL_INVALID", 0, bot.ErrMarkupRefused, ""},
		{"unchanged", 400, "Bad Request: message is not modified", 0, nil, ""},
		{"a topic that is gone", 400, "Bad Request: message thread not found", 0, nil, ""},
		{"a token that was revoked", 401, "Unauthorized", 0, errTransient, "HOINQ_TELEGRAM_TOKEN"},
		{"a wrong address of the API", 404, "Not Found", 0, errTransient, "HOINQ_TELEGRAM_API"},
		{"trouble", 500, "Internal Server Error", 0, errTransient, "answered 500"},
		{"an echo of the token", 500, "no route to " + testToken, 0, errTransient, "for a reason not known here"},
		{"an echo of an id", 500, "chat 700000001 of 4503599627370495", 0, errTransient, "for a reason not known here"},
		{"an echo of a question", 400, "Bad Request: text was gia dat bao nhieu", 0, bot.ErrMarkupRefused, "for a reason not known here"},
		{"words of success in a failure", 500, "message is not modified", 0, errTransient, "answered 500"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, channel := newFake(t)
			f.Refuse(testChat, c.code, c.description, c.number)
			_, err := channel.Send(t.Context(), part(t, channel))
			keepsPrivate(t, err)
			if got := kindOf(err); !errors.Is(got, c.want) {
				t.Errorf("%v (%v), want %v", got, err, c.want)
			}
			if err != nil && !strings.Contains(err.Error(), c.says) {
				t.Errorf("%q does not say %q", err, c.says)
			}
		})
	}
}

var errTransient = errors.New("transient")

// kindOf is the error of package bot in err, or errTransient.
func kindOf(err error) error {
	for _, kind := range []error{bot.ErrGone, bot.ErrMarkupRefused} {
		if errors.Is(err, kind) {
			return kind
		}
	}
	if err == nil || errors.As(err, new(*bot.RateLimitedError)) || errors.As(err, new(*bot.MovedError)) {
		return err
	}
	return errTransient
}

func TestARateLimitSaysHowLongAndWhere(t *testing.T) {
	f, c := newFake(t)
	for _, w := range []struct {
		seconds int64
		want    time.Duration
	}{{7, 7 * time.Second}, {0, time.Second}} {
		f.Refuse(testChat, 429, "Too Many Requests: retry after 7", w.seconds)
		_, err := c.Send(t.Context(), part(t, c))
		keepsPrivate(t, err)
		var limited *bot.RateLimitedError
		if !errors.As(err, &limited) || limited.After != w.want || limited.Chat != "700000001" {
			t.Errorf("%v: %+v, want %s", err, limited, w.want)
		}
	}
}

func TestAMovedChatIsFollowedByTheAddress(t *testing.T) {
	f, c := newFake(t)
	f.Refuse(testChat, 400, "Bad Request: group chat was upgraded", -4503599627370495)
	p := part(t, c)
	_, err := c.Send(t.Context(), p)
	keepsPrivate(t, err)
	var moved *bot.MovedError
	if !errors.As(err, &moved) || moved.To != "-4503599627370495" {
		t.Fatalf("%v: %+v", err, moved)
	}
	p.Address.Chat = moved.To
	if _, err := c.Send(t.Context(), p); err != nil || len(f.MessagesTo(-4503599627370495)) != 1 {
		t.Errorf("%v", err)
	}
}

func TestATopicThatIsGoneIsLeftAndTheChatGetsTheMessage(t *testing.T) {
	f, c := newFake(t)
	f.Refuse(testChat, 400, "Bad Request: message thread not found", 0)
	if _, err := c.Send(t.Context(), part(t, c)); err != nil {
		t.Fatal(err)
	}
	if got := f.MessagesTo(testChat); len(got) != 1 || got[0].Thread != 0 {
		t.Errorf("%+v", got)
	}
}

func TestAPageOrABrokenAnswerIsNotShown(t *testing.T) {
	for _, page := range []string{"<html>" + testToken + "</html>", `{"ok":`, `"html"`, strings.Repeat(" ", maxResponse+1)} {
		f, c := newFake(t)
		f.RefuseWithPage(testChat, 200, page)
		_, err := c.Send(t.Context(), part(t, c))
		if keepsPrivate(t, err); err == nil || kindOf(err) != errTransient { //nolint:errorlint // it is this very value
			t.Errorf("%.30q: %v, want a transient error", page, err)
		}
	}
}

// What the vendor took is not sent again, however new the words are in which it
// says so.
func TestWhatWasTakenIsTakenWhateverStandsBesideIt(t *testing.T) {
	for _, page := range []string{
		`{"ok":true,"result":true}`, `{"ok":true,"result":{"message_id":700000001.5}}`,
		`{"ok":true,"result":{"message_id":5,"date":1,"chat":{"id":1,"type":"private"},"external_reply":{"origin":{"type":"brand_new","date":1}}}}`,
	} {
		f, c := newFake(t)
		f.RefuseWithPage(testChat, 200, page)
		if _, err := c.Send(t.Context(), part(t, c)); err != nil {
			t.Errorf("%s: %v", page, err)
		}
	}
}

// A proxy's refusal says nothing of the person: the reply must not be given up.
func TestAProxysRefusalIsTransient(t *testing.T) {
	for _, code := range []int{400, 403, 429, 502} {
		for _, page := range []string{"<html>Forbidden</html>", " "} {
			f, c := newFake(t)
			f.RefuseWithPage(testChat, code, page)
			if _, err := c.Send(t.Context(), part(t, c)); err == nil || kindOf(err) != errTransient { //nolint:errorlint // it is this very value
				t.Errorf("%d %q: %v, want a transient error", code, page, err)
			}
		}
	}
}

func TestErrorsOfTheNetworkDoNotShowTheToken(t *testing.T) {
	redirect := func(to string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", strings.ReplaceAll(to, "PATH", r.URL.Path))
			w.WriteHeader(http.StatusFound)
		}
	}
	breaks := func(w http.ResponseWriter, _ *http.Request) {
		connection, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		if err := connection.Close(); err != nil {
			panic(err)
		}
	}
	truncates := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		fmt.Fprint(w, `{"ok":true`)
	}
	for name, handler := range map[string]http.HandlerFunc{
		"a redirect":             redirect("http://127.0.0.1:1PATH"),
		"a redirect to itself":   redirect("PATH"),
		"a redirect to nonsense": redirect("http://[::1PATH"),
		"a broken connection":    breaks,
		"a truncated answer":     truncates,
		"a redirect by other code": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.Path, http.StatusPermanentRedirect)
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(handler)
			defer server.Close()
			everyCallFails(t, newChannel(t, server.URL))
		})
	}
	t.Run("a server that is not there", func(t *testing.T) {
		server := httptest.NewServer(nil)
		server.Close()
		everyCallFails(t, newChannel(t, server.URL))
	})
	t.Run("a certificate that nobody knows", func(t *testing.T) {
		server := httptest.NewUnstartedServer(nil)
		server.Config.ErrorLog = nil
		server.StartTLS()
		defer server.Close()
		c := newChannel(t, server.URL)
		everyCallFails(t, c)
		if _, err := c.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "certificate") {
			t.Errorf("%v does not name the reason", err)
		}
	})
}

// everyCallFails makes every call there is and looks at its error.
func everyCallFails(t *testing.T, c *Channel) {
	t.Helper()
	ctx := t.Context()
	_, check := c.Check(ctx)
	_, send := c.Send(ctx, part(t, c))
	_, fetch := (&poller{channel: c}).fetch(ctx)
	for name, err := range map[string]error{
		"getMe": check, "sendMessage": send, "setWebhook": c.Register(ctx, "https://hoi.example"),
		"answerCallbackQuery": c.Attend(ctx, bot.Message{Press: "p1"}), "getUpdates": called("getUpdates", fetch),
	} {
		if keepsPrivate(t, err); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSendEndsWithItsContextAndWithItsTimeout(t *testing.T) {
	f, c := newFake(t)
	ctx, cancel := context.WithCancel(t.Context())
	f.Hang(testChat)
	go func() {
		bottest.Wait(t, f, "the call arrived", func() bool { return len(f.AttemptsTo(testChat)) == 1 })
		cancel()
	}()
	if _, err := c.Send(ctx, part(t, c)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want context.Canceled", err)
	}
	if _, err := c.Send(ctx, part(t, c)); !errors.Is(err, context.Canceled) {
		t.Errorf("before the call: %v, want context.Canceled", err)
	}
	c.opt.Timeout = 20 * time.Millisecond
	f.Hang(testChat)
	_, err := c.Send(t.Context(), part(t, c))
	if keepsPrivate(t, err); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, want context.DeadlineExceeded", err)
	}
}

func TestTheLimitsAreTheVendors(t *testing.T) {
	c, err := New(nil, Options{Token: testToken})
	if err != nil {
		t.Fatal(err)
	}
	limits := c.Limits()
	if limits.PerSecond != defaultRate {
		t.Errorf("%v a second over all chats, want %d", limits.PerSecond, defaultRate)
	}
	inAMinute := func(r bot.Rate) int { return r.Burst + int(time.Minute/r.Every) }
	if got := inAMinute(limits.PerGroup); got > 20 {
		t.Errorf("%d a minute to a group, want 20 at most", got)
	}
	if limits.PerChat.Every < time.Second || limits.PerChat.Burst < 2 {
		t.Errorf("to a person %+v, want one a second after a reply of two parts at once", limits.PerChat)
	}
	for chat, group := range map[string]bool{"700000001": false, "-4503599627370495": true, "-100200": true} {
		if limits.Group(chat) != group {
			t.Errorf("%s is a group: %v", chat, !group)
		}
	}
}

func TestSendRefusesAForeignPart(t *testing.T) {
	_, c := newFake(t)
	if _, err := c.Send(t.Context(), bot.Part{Body: []byte("chào")}); err == nil {
		t.Error("sent")
	}
}

func TestAPressStopsGlowingOnce(t *testing.T) {
	f, c := newFake(t)
	for _, press := range []string{"", "p1", "old1"} {
		if err := c.Attend(t.Context(), bot.Message{Press: press}); err != nil {
			t.Errorf("%q: %v", press, err)
		}
	}
	if got := f.Pressed(); len(got) != 1 || got[0] != "p1" {
		t.Errorf("answered %q, want p1", got)
	}
}

func TestRegisterAndCheck(t *testing.T) {
	f, c := newFake(t)
	if err := c.Register(t.Context(), "https://hoi.example"); err != nil {
		t.Fatal(err)
	}
	url, secret, kinds := f.Webhook()
	if got, want := fmt.Sprint(url, secret, kinds), "https://hoi.example/webhooks/telegram"+testSecret+"[message edited_message callback_query my_chat_member inline_query]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	err := c.Register(t.Context(), "http://hoi.example")
	if keepsPrivate(t, err); err == nil || !strings.Contains(err.Error(), "an https url must be provided") {
		t.Errorf("%v does not name the reason", err)
	}
	if got, err := c.Check(t.Context()); err != nil || got != (Profile{Username: "thu_bot", Inline: true}) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestNewListsWhatIsWrongWithoutShowingIt(t *testing.T) {
	_, err := New(nil, Options{Token: "TEST-token_1", Secret: testSecret + " ", API: "ftp://" + testSecret, Rate: -1})
	if keepsPrivate(t, err); err == nil || strings.Count(err.Error(), "\n") != 3 {
		t.Errorf("%v", err)
	}
	for _, name := range []string{"HOINQ_TELEGRAM_TOKEN", "HOINQ_TELEGRAM_SECRET", "HOINQ_TELEGRAM_API", "HOINQ_TELEGRAM_RATE"} {
		if !strings.Contains(err.Error(), name+": ") {
			t.Errorf("%s is not named", name)
		}
	}
	c, err := New(nil, Options{Token: testToken})
	if err != nil || c.opt.API != DefaultAPI || c.opt.Rate != 30 || c.opt.Now == nil {
		t.Errorf("%v: %+v", err, c)
	}
}

func TestAStoredBodyComesBackExactly(t *testing.T) {
	c := newChannel(t, "")
	p := part(t, c)
	var o outgoing
	if err := json.Unmarshal(p.Body, &o); err != nil {
		t.Fatal(err)
	}
	if got := encode(o); string(got) != string(p.Body) {
		t.Errorf("%s, want %s", got, p.Body)
	}
}

func TestTypingIsShownInItsPlace(t *testing.T) {
	f, c := newFake(t)
	if err := c.Typing(t.Context(), bot.Message{Address: testAddress()}); err != nil {
		t.Fatal(err)
	}
	if got := f.Typed(); len(got) != 1 || got[0] != testChat {
		t.Errorf("shown in %d", got)
	}
	if err := c.Typing(t.Context(), bot.Message{}); err == nil {
		t.Error("shown nowhere")
	}
}

func TestTheCommandsAreThoseOfTheConversation(t *testing.T) {
	f, c := newFake(t)
	for range 2 {
		if err := c.SetCommands(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	got := f.Commands()
	for _, scope := range []string{"all_private_chats", "all_group_chats"} {
		if len(got[scope]) != len(bot.Commands()) || got[scope][0].Command != "hoi" {
			t.Errorf("%s: %+v", scope, got[scope])
		}
	}
}

func TestThePassageLinkNeedsTheName(t *testing.T) {
	f, c := newFake(t)
	f.Mute(true)
	if _, err := c.Check(t.Context()); err == nil || c.PassageLink("p-1") != "" {
		t.Errorf("%v, link %q", err, c.PassageLink("p-1"))
	}
	f.Mute(false)
	if _, err := c.Check(t.Context()); err != nil || c.PassageLink("p-1") != "https://t.me/thu_bot?start=p-1" {
		t.Errorf("%v, link %q", err, c.PassageLink("p-1"))
	}
}

func TestTheRegistrationIsToldWithoutTheToken(t *testing.T) {
	f, c := newFake(t)
	if got, err := c.Registration(t.Context()); err != nil || got.URL != "" || !got.FaultAt.IsZero() {
		t.Errorf("%+v, %v", got, err)
	}
	if err := c.Register(t.Context(), "https://hoi.example"); err != nil {
		t.Fatal(err)
	}
	f.Fault("no way to /bot" + testToken)
	f.Queue(`{"update_id":1}`)
	got, err := c.Registration(t.Context())
	if err != nil || got.URL != "https://hoi.example/webhooks/telegram" || got.Pending != 1 || got.Fault != "no way to /bot***" || got.FaultAt.Unix() != 1795000000 || len(got.Kinds) != 5 {
		t.Errorf("%+v, %v", got, err)
	}
	if err := c.Unregister(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, err := c.Registration(t.Context()); err != nil || got.URL != "" || got.Pending != 1 {
		t.Errorf("removed: %+v, %v", got, err)
	}
}
