package zalobot

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/bot/bottest"
)

const (
	testToken  = "42:TEST-token_1"
	testSecret = "bi-mat_1"
)

// testTime is when everything is received.
func testTime() time.Time { return time.Date(2026, 11, 22, 15, 30, 0, 0, time.FixedZone("", 7*3600)) }

// newChannel makes a channel to a server, with a log that is thrown away.
func newChannel(t testing.TB, api string) *Channel {
	t.Helper()
	return newLoggedChannel(t, api, io.Discard)
}

func newLoggedChannel(t testing.TB, api string, log io.Writer) *Channel {
	t.Helper()
	c, err := New(slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})), Options{
		Token: testToken, Secret: testSecret, API: api, PollTimeout: time.Second, Now: testTime,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.http.CloseIdleConnections)
	return c
}

// webhookRequest is a request as the vendor makes it.
func webhookRequest(t testing.TB, secret, body string) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, route, strings.NewReader(body))
	r.Header.Set(secretHeader, secret)
	return r
}

// untouchable fails the test when it is read.
type untouchable struct{ t *testing.T }

func (u untouchable) Read([]byte) (int, error) {
	u.t.Error("the body was read before the secret was checked")
	return 0, io.EOF
}

func TestAnUnsignedRequestIsForgedAndNotRead(t *testing.T) {
	c := newChannel(t, "")
	for _, secret := range []string{"", "x", testSecret + "x", testSecret[1:], strings.ToUpper(testSecret)} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, route, untouchable{t})
		r.Header.Set(secretHeader, secret)
		if _, err := c.Receive(r); !errors.Is(err, bot.ErrForged) {
			t.Errorf("secret %q: %v, want ErrForged", secret, err)
		}
	}
	c.opt.Secret = "" // polling: no webhook may be used
	if _, err := c.Receive(webhookRequest(t, "", `{}`)); !errors.Is(err, bot.ErrForged) {
		t.Errorf("without a secret: %v, want ErrForged", err)
	}
}

func TestWhatIsNeitherObjectNorListIsMalformed(t *testing.T) {
	c := newChannel(t, "")
	for _, body := range []string{``, ` `, `{`, `[`, `null`, `7`, `"chào"`, `{}x`, `[]x`, "\x00"} {
		if got, err := c.Receive(webhookRequest(t, testSecret, body)); !errors.Is(err, bot.ErrMalformed) || got != nil {
			t.Errorf("%q: %v, %v, want ErrMalformed", body, got, err)
		}
	}
}

func TestABodyThatIsTooLargeKeepsItsError(t *testing.T) {
	r := webhookRequest(t, testSecret, strings.Repeat(" ", 100))
	r.Body = http.MaxBytesReader(httptest.NewRecorder(), r.Body, 10)
	_, err := newChannel(t, "").Receive(r)
	if !errors.As(err, new(*http.MaxBytesError)) {
		t.Errorf("%v, want a MaxBytesError", err)
	}
}

// The fields of most events below.
const (
	private = `"message_id":"aa11","date":1795000000123,"from":{"id":"u1f2","display_name":"An","is_bot":false},"chat":{"id":"c1f2","chat_type":"PRIVATE"}`
	group   = `"message_id":"aa11","date":1795000000123,"from":{"id":"u1f2","display_name":"An","is_bot":false},"chat":{"id":"g1f2","chat_type":"GROUP"}`
)

// eventOf is an event, bare.
func eventOf(name, message string) string {
	return `{"event_name":"message.` + name + `.received","message":{` + message + `}}`
}

// received is the message of an event of the chat above.
func received(kind bot.Kind, text string) bot.Message {
	return bot.Message{
		Channel: "zalo-bot", Bot: "42", ID: "aa11", Conversation: "c1f2", User: "u1f2", Kind: kind, Text: text,
		Address:    bot.Address{Channel: "zalo-bot", Bot: "42", Chat: "c1f2", Message: "aa11"},
		ReceivedAt: testTime().UTC(),
	}
}

// inGroup is the same in the group above.
func inGroup(kind bot.Kind, text string) bot.Message {
	m := received(kind, text)
	m.Group, m.Conversation, m.Address.Chat = true, "g1f2/uu1f2", "g1f2"
	return m
}

func TestWhatAsksSomethingBecomesAMessage(t *testing.T) {
	numbers, alone := received(bot.KindText, "chào"), received(bot.KindText, "chào")
	numbers.ID, numbers.Address.Message, numbers.Conversation, numbers.Address.Chat, numbers.User = "7", "7", "8", "8", "9007199254740993"
	alone.User = "c1f2"
	for _, c := range []struct {
		name, event string
		want        bot.Message
	}{
		{"a text", eventOf("text", private+`,"text":"Mục đích là gì? 😀"`), received(bot.KindText, "Mục đích là gì? 😀")},
		{"a command", eventOf("text", private+`,"text":"/trogiup"`), received(bot.KindCommand, "/trogiup")},
		{"an at sign at the beginning", eventOf("text", private+`,"text":"@Bot Hỏi Nghị quyết chào"`), received(bot.KindText, "@Bot Hỏi Nghị quyết chào")},
		{"a text without words", eventOf("text", private+`,"text":" "`), received(bot.KindUnreadable, "")},
		{"a text without a sender", eventOf("text", `"message_id":"aa11","text":"chào","chat":{"id":"c1f2"}`), alone},
		{"ids that are numbers", eventOf("text", `"message_id":7,"text":"chào","chat":{"id":8},"from":{"id":9007199254740993}`), numbers},
		{"a picture", eventOf("image", private+`,"photo_url":"https://a.example/1.jpg"`), received(bot.KindUnreadable, "")},
		{"a picture with words", eventOf("image", private+`,"photo":"https://a.example/1.jpg","caption":"đây là gì?"`), received(bot.KindText, "đây là gì?")},
		{"a sticker", eventOf("sticker", private+`,"sticker":"x","url":"https://a.example"`), received(bot.KindUnreadable, "")},
		{"a voice", eventOf("voice", private+`,"voice_url":"https://a.example/1.aac"`), received(bot.KindUnreadable, "")},
		{"a link", eventOf("link", private+`,"text":"https://a.example/1 http://a.example/2"`), received(bot.KindUnreadable, "")},
		{"a link in a question", eventOf("link", private+`,"text":"https://a.example nói gì?"`), received(bot.KindText, "https://a.example nói gì?")},
		{"what a protected person wrote", eventOf("unsupported", private), received(bot.KindUnreadable, "")},
		{"the vendor's words in its place", eventOf("unsupported", private+`,"text":"Tin nhắn không được hỗ trợ"`), received(bot.KindUnreadable, "")},
		{"a mention in a group", eventOf("text", group+`,"text":"@Bot Hỏi Nghị quyết Ba khâu đột phá?"`), inGroup(bot.KindText, "Ba khâu đột phá?")},
		{"a mention before a command", eventOf("text", group+`,"text":"@Bot Hỏi Nghị quyết: /trogiup"`), inGroup(bot.KindCommand, "/trogiup")},
		{"a mention by the account's name", eventOf("text", group+`,"text":"@bot.hoinq\nchào"`), inGroup(bot.KindText, "chào")},
		{"a mention of a longer name", eventOf("text", group+`,"text":"@bot.hoinq2 chào"`), inGroup(bot.KindText, "@bot.hoinq2 chào")},
		{"a mention of somebody else", eventOf("text", group+`,"text":"@An chào"`), inGroup(bot.KindText, "@An chào")},
		{"a bare mention in a group", eventOf("text", group+`,"text":"@Bot Hỏi Nghị quyết "`), inGroup(bot.KindCommand, "/hoi")},
		{"a reply in a group", eventOf("text", group+`,"text":"còn gì nữa?"`), inGroup(bot.KindText, "còn gì nữa?")},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := bottest.NewZaloBot(t, testToken, testSecret)
			channel := newChannel(t, f.URL)
			if _, err := channel.Check(t.Context()); err != nil {
				t.Fatal(err)
			}
			for shape, body := range map[string]string{
				"bare": c.event, "enveloped": `{"ok":true,"result":` + c.event + `}`,
				"a list": `[7,` + c.event + `]`, "a list in an envelope": ` {"ok":true,"result":[` + c.event + `]}`,
			} {
				got, err := channel.Receive(webhookRequest(t, testSecret, body))
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(got, []bot.Message{c.want}); diff != "" {
					t.Errorf("%s (-got +want):\n%s", shape, diff)
				}
			}
		})
	}
}

func TestWhatAsksNothingIsNoMessage(t *testing.T) {
	for name, body := range map[string]string{
		"a test of the address":    `{}`,
		"an empty list":            `[]`,
		"an envelope with nothing": `{"ok":true,"result":null}`,
		"an envelope of a word":    `{"ok":true,"result":"ok"}`,
		"a reaction":               eventOf("reaction", private+`,"text":"👍"`),
		"an unknown kind":          eventOf("poem", private+`,"text":"chào"`),
		"a membership":             `{"event_name":"bot.added","message":{` + group + `}}`,
		"an echo":                  eventOf("text", `"message_id":"aa11","text":"chào","chat":{"id":"c1f2"},"from":{"id":"b","is_bot":true}`),
		"a picture in a group":     eventOf("image", group),
		"no message":               `{"event_name":"message.unsupported.received"}`,
		"no id":                    eventOf("text", `"text":"chào","chat":{"id":"c1f2"}`),
		"no chat":                  eventOf("text", `"text":"chào","message_id":"aa11"`),
		"an id with a line break":  eventOf("text", `"text":"chào","message_id":"aa\r\n11","chat":{"id":"c1f2"}`),
		"a chat that is a book":    eventOf("text", `"text":"chào","message_id":"aa11","chat":{"id":"`+strings.Repeat("c", 201)+`"}`),
		"a field of another type":  eventOf("text", private+`,"text":{"rich":"chào"}`),
		"an id of another type":    eventOf("text", `"text":"chào","message_id":true,"chat":{"id":"c1f2"}`),
	} {
		t.Run(name, func(t *testing.T) {
			f := bottest.NewZaloBot(t, testToken, testSecret)
			if got, err := newChannel(t, f.URL).Receive(webhookRequest(t, testSecret, body)); err != nil || len(got) != 0 {
				t.Errorf("%+v, %v, want silence", got, err)
			}
		})
	}
}

func TestEachEventOfAListIsReadByItself(t *testing.T) {
	body := "[" + eventOf("text", `"message_id":["odd"]`) + "," + eventOf("text", private+`,"text":"một"`) + "," + eventOf("text", private+`,"text":"hai"`) + "]"
	got, err := newChannel(t, "").Receive(webhookRequest(t, testSecret, body))
	if err != nil || len(got) != 2 || got[0].Text != "một" || got[1].Text != "hai" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestANameThatIsNotKnownIsTakenAwayInPart(t *testing.T) {
	f := bottest.NewZaloBot(t, testToken, testSecret)
	c := newChannel(t, f.URL)
	for _, want := range []string{"Hỏi Nghị quyết chào", "chào"} {
		got, err := c.Receive(webhookRequest(t, testSecret, eventOf("text", group+`,"text":"@Bot Hỏi Nghị quyết chào"`)))
		if err != nil || len(got) != 1 || got[0].Text != want {
			t.Errorf("%+v, %v, want %q", got, err, want)
		}
		if _, err := c.Check(t.Context()); err != nil { // after which it is known
			t.Fatal(err)
		}
	}
}

func TestSkippedEventsAreLoggedWithoutTheirWords(t *testing.T) {
	var log strings.Builder
	c := newLoggedChannel(t, "", &log)
	if _, err := c.Receive(webhookRequest(t, testSecret, eventOf("text", private+`,"text":["Chào"]`))); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), "skipped") {
		t.Errorf("the log does not say that an event was skipped: %q", log.String())
	}
	keepsPrivate(t, errors.New(log.String()))
}

// keepsPrivate fails the test if an error says what nobody may read.
func keepsPrivate(t *testing.T, err error) {
	t.Helper()
	for _, secret := range []string{"TEST-token_1", testSecret, "c1f2", "u1f2", "g1f2", "html", "Chào", "An "} {
		if strings.Contains(fmt.Sprintf("%v %+v", err, err), secret) {
			t.Errorf("the error holds %q: %v", secret, err)
		}
	}
}

func FuzzReceive(f *testing.F) {
	f.Add(eventOf("text", private+`,"text":"/hoi chào"`))
	f.Add(`{"ok":true,"result":` + eventOf("image", private+`,"caption":"chào"`) + `}`)
	f.Add(`[` + eventOf("link", private+`,"text":"https://a.example"`) + `,{"ok":true,"result":[]}]`)
	f.Add(eventOf("text", `"message_id":1e3,"text":"@Bot","chat":{"id":-1,"chat_type":"GROUP"}`))
	f.Fuzz(func(t *testing.T, body string) {
		c := newChannel(t, "")
		c.names.Store(&[]string{"Bot Hỏi"})
		got, err := c.Receive(webhookRequest(t, testSecret, body))
		if err != nil && !errors.Is(err, bot.ErrMalformed) {
			t.Errorf("%v, want ErrMalformed or nothing", err)
		}
		for _, m := range got {
			if m.ID == "" || m.Channel != ID || m.Bot != "42" || m.Kind == "" || m.Conversation == "" || m.User == "" ||
				m.Address.Chat == "" || m.Address.Channel != ID || m.Address.Bot != "42" || (m.Kind == bot.KindUnreadable) != (strings.TrimSpace(m.Text) == "") ||
				strings.ContainsAny(m.ID+m.Conversation+m.User, " \r\n") {
				t.Errorf("incomplete message: %+v", m)
			}
		}
	})
}

// Each list around an event costs a look through all that is in it.
func TestListsInListsAreNotLookedThrough(t *testing.T) {
	inner := `{"event_name":"message.text.received"}`
	for depth, want := range map[int]int{0: 1, maxDepth - 1: 1, maxDepth: 0, 100_000: 0} {
		if got, _ := split([]byte(strings.Repeat("[", depth)+inner+strings.Repeat("]", depth)), maxDepth); len(got) != want {
			t.Errorf("%d lists around an event: %d events, want %d", depth, len(got), want)
		}
	}
}
