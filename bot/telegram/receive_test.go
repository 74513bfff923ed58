package telegram

import (
	"errors"
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
		Token: testToken, Secret: testSecret, API: api, Rate: 1000, PollTimeout: time.Second, Now: testTime,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.client.http.CloseIdleConnections)
	return c
}

// newNamed makes a channel that knows its name.
func newNamed(t testing.TB) *Channel {
	t.Helper()
	c, name := newChannel(t, ""), bottest.TelegramName
	c.name.Store(&name)
	return c
}

// webhookRequest is a request as Telegram makes it.
func webhookRequest(t testing.TB, secret, body string) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/webhooks/telegram", strings.NewReader(body))
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
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", untouchable{t})
		r.Header.Set(secretHeader, secret)
		if _, err := c.Receive(r); !errors.Is(err, bot.ErrForged) {
			t.Errorf("secret %q: %v, want ErrForged", secret, err)
		}
	}
	c.opt.Secret = "" // polling: no webhook may be used
	if _, err := c.Receive(webhookRequest(t, "", `{"update_id":1}`)); !errors.Is(err, bot.ErrForged) {
		t.Errorf("without a secret: %v, want ErrForged", err)
	}
}

func TestWhatIsNoUpdateIsMalformed(t *testing.T) {
	c := newChannel(t, "")
	for _, body := range []string{``, `{`, `[]`, `null`, `7`, `{}`, `{"update_id":0}`, `{"update_id":-1}`, `{"update_id":"1"}`, `{"update_id":1.5}`, `{"update_id":1}x`, "\x00"} {
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

// The chat and sender of most updates below.
const (
	private = `"chat":{"id":700000001,"type":"private","first_name":"An"}`
	sender  = `"from":{"id":700000002,"is_bot":false,"first_name":"An"}`
	group   = `"chat":{"id":-1002000000009,"type":"supergroup"}`
	head    = `"message_id":41,"date":1795000000,` + private + `,` + sender
)

// received is the message of an update to the bot above.
func received(kind bot.Kind, text string) bot.Message {
	return bot.Message{
		Channel: "telegram", Bot: "42", ID: "880000123", Conversation: "700000001", User: "700000002", Kind: kind, Text: text,
		Address:    bot.Address{Channel: "telegram", Bot: "42", Chat: "700000001", Message: "41"},
		ReceivedAt: testTime().UTC(),
	}
}

func TestWhatAsksSomethingBecomesAMessage(t *testing.T) {
	topic := received(bot.KindText, "chào")
	topic.Conversation, topic.Address.Topic = "700000001/7", "7"
	press := received(bot.KindButton, "q:1")
	press.Press = "p1"
	alone := received(bot.KindText, "chào")
	alone.User = "700000001"
	withdraw := received(bot.KindWithdraw, "")
	withdraw.Address.Message = ""
	pressedTopic := press
	pressedTopic.Conversation, pressedTopic.Address.Topic = topic.Conversation, topic.Address.Topic
	large := received(bot.KindText, "chào")
	large.Conversation, large.Address.Chat = "4503599627370495", "4503599627370495"
	grouped := func(kind bot.Kind, text string) bot.Message {
		m := received(kind, text)
		m.Group, m.Conversation, m.Address.Chat = true, "-1002000000009/u700000002", "-1002000000009"
		return m
	}
	groupPress := grouped(bot.KindButton, "q:1")
	groupPress.Press = "p1"
	came := grouped(bot.KindFollow, "")
	came.Address.Message = ""
	hidden := grouped(bot.KindCommand, "/hoi chào")
	hidden.User, hidden.Conversation = "-1002000000009/m41", "-1002000000009/u-1002000000009/m41"
	inline := received(bot.KindInline, "chỉ tiêu")
	inline.Conversation, inline.Address.Chat, inline.Address.Message = "inline/700000002", "inline/700000002", "q1"
	inline.Until = testTime().UTC().Add(inlineFor)
	const inGroup = `"message_id":41,"date":1795000000,` + group + `,` + sender
	const below = `"message":{"message_id":41,"date":1795000000,` + private + `,"from":{"id":42,"is_bot":true},"text":"Chọn"`
	for _, c := range []struct {
		name, payload string
		want          bot.Message
	}{
		{"a text", `"message":{` + head + `,"text":"Mục đích là gì? 😀"}`, received(bot.KindText, "Mục đích là gì? 😀")},
		{"a text without a sender", `"message":{"message_id":41,"date":1,` + private + `,"text":"chào"}`, alone},
		{"a chat without a type", `"message":{"message_id":41,"date":1,"chat":{"id":700000001},` + sender + `,"text":"chào"}`, received(bot.KindText, "chào")},
		{"a chat id of 52 bits", `"message":{"message_id":41,"date":1,"chat":{"id":4503599627370495,"type":"private"},` + sender + `,"text":"chào"}`, large},
		{"a text in a topic", `"message":{` + head + `,"message_thread_id":7,"is_topic_message":true,"text":"chào"}`, topic},
		{"a reply thread is no topic", `"message":{` + head + `,"message_thread_id":7,"text":"chào"}`, received(bot.KindText, "chào")},
		{"a caption", `"message":{` + head + `,"photo":[{"file_id":"a","file_unique_id":"b","width":1,"height":1}],"caption":"đây là gì?"}`, received(bot.KindText, "đây là gì?")},
		{"a command", `"message":{` + head + `,"text":"/start","entities":[{"type":"bot_command","offset":0,"length":6}]}`, received(bot.KindCommand, "/start")},
		{"a command with a name and words", `"message":{` + head + `,"text":"/hoi@thu_bot Ủy ban ở đâu @ai?"}`, received(bot.KindCommand, "/hoi Ủy ban ở đâu @ai?")},
		{"a command before a line break", `"message":{` + head + `,"text":"/hoi@thu_bot\ngì?"}`, received(bot.KindCommand, "/hoi\ngì?")},
		{"a command within a text is none", `"message":{` + head + `,"text":"😀 /start","entities":[{"type":"bot_command","offset":3,"length":6}]}`, received(bot.KindText, "😀 /start")},
		{"a photo", `"message":{` + head + `,"photo":[{"file_id":"a","file_unique_id":"b","width":1,"height":1}]}`, received(bot.KindUnreadable, "")},
		{"a voice", `"message":{` + head + `,"voice":{"file_id":"a","file_unique_id":"b","duration":1}}`, received(bot.KindUnreadable, "")},
		{"a place", `"message":{` + head + `,"location":{"latitude":21.3,"longitude":105.6}}`, received(bot.KindUnreadable, "")},
		{"an edit", `"edited_message":{` + head + `,"edit_date":1795000001,"text":"chào"}`, received(bot.KindEdit, "chào")},
		{"an edited command", `"edited_message":{` + head + `,"edit_date":1795000001,"text":"/hoi@b x"}`, received(bot.KindEdit, "/hoi x")},
		{"a button", `"callback_query":{"id":"p1",` + sender + `,"chat_instance":"1","data":"q:1",` + below + `}}`, press},
		{"a button in a topic", `"callback_query":{"id":"p1",` + sender + `,"chat_instance":"1","data":"q:1",` + below + `,"message_thread_id":7,"is_topic_message":true}}`, pressedTopic},
		{"a button below a message out of reach", `"callback_query":{"id":"p1",` + sender + `,"data":"q:1","message":{"message_id":41,"date":0,` + private + `}}`, press},
		{"a block", `"my_chat_member":{` + private + `,` + sender + `,"date":1,"old_chat_member":{"status":"member","user":{"id":42,"is_bot":true}},"new_chat_member":{"status":"kicked","user":{"id":42,"is_bot":true},"until_date":0}}`, withdraw},

		{"a mention in a group", `"message":{` + inGroup + `,"text":"😀 đây, @Thu_Bot: chào @thu_bot nhé","entities":[{"type":"mention","offset":8,"length":8},{"type":"mention","offset":23,"length":8}]}`, grouped(bot.KindText, "😀 đây, : chào nhé")},
		{"a mention at the beginning", `"message":{` + inGroup + `,"text":"@thu_bot, chào","entities":[{"type":"mention","offset":0,"length":8}]}`, grouped(bot.KindText, "chào")},
		{"a mention in a caption", `"message":{` + inGroup + `,"photo":[{"file_id":"a"}],"caption":"@thu_bot chào","caption_entities":[{"type":"mention","offset":0,"length":8}]}`, grouped(bot.KindText, "chào")},
		{"a mention without a name", `"message":{` + inGroup + `,"text":"Bé ơi, chào","entities":[{"type":"text_mention","offset":0,"length":5,"user":{"id":42,"is_bot":true}}]}`, grouped(bot.KindText, "chào")},
		{"a mention alone", `"message":{` + inGroup + `,"text":"@thu_bot","entities":[{"type":"mention","offset":0,"length":8}]}`, grouped(bot.KindCommand, "/hoi")},
		{"a mention before a command", `"message":{` + inGroup + `,"text":"@thu_bot /hoi chào","entities":[{"type":"mention","offset":0,"length":8}]}`, grouped(bot.KindCommand, "/hoi chào")},
		{"a reply in a group", `"message":{` + inGroup + `,"text":"chào","reply_to_message":{"message_id":1,"date":1,"from":{"id":42,"is_bot":true}}}`, grouped(bot.KindText, "chào")},
		{"an edit in a group", `"edited_message":{` + inGroup + `,"text":"/hoi@THU_BOT chào"}`, grouped(bot.KindEdit, "/hoi chào")},
		{"a button in a group", `"callback_query":{"id":"p1",` + sender + `,"data":"q:1","message":{"message_id":41,"date":1,` + group + `,"from":{"id":42,"is_bot":true},"text":"Chọn"}}`, groupPress},
		{"a group that we have come to", `"my_chat_member":{` + group + `,` + sender + `,"date":1,"old_chat_member":{"status":"left","user":{}},"new_chat_member":{"status":"administrator","user":{}}}`, came},
		{"an administrator who hides", `"message":{"message_id":41,"date":1,` + group + `,"from":{"id":1087968824,"is_bot":true},"sender_chat":{"id":-1002000000009,"type":"supergroup"},"text":"/hoi chào"}`, hidden},
		{"an inline query", `"inline_query":{"id":"q1",` + sender + `,"query":"chỉ tiêu","offset":"","chat_type":"sender"}`, inline},
	} {
		t.Run(c.name, func(t *testing.T) {
			channel := newNamed(t)
			got, err := channel.Receive(webhookRequest(t, testSecret, `{"update_id":880000123,`+c.payload+`}`))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(got, []bot.Message{c.want}); diff != "" {
				t.Errorf("(-got +want):\n%s", diff)
			}
		})
	}
}

func TestWhatAsksNothingIsNoMessage(t *testing.T) {
	for name, payload := range map[string]string{
		"an unknown kind":                  `"guest_message":{"text":"chào"}`,
		"nothing":                          `"x":0`,
		"a kind not asked for":             `"channel_post":{` + head + `,"text":"chào"}`,
		"an echo":                          `"message":{"message_id":41,"date":1,` + private + `,"from":{"id":42,"is_bot":true},"text":"chào"}`,
		"a group":                          `"message":{"message_id":41,"date":1,` + group + `,` + sender + `,"text":"chào"}`,
		"a picture as a reply in a group":  `"message":{"message_id":41,"date":1,` + group + `,` + sender + `,"photo":[{"file_id":"a"}],"reply_to_message":{"message_id":1,"date":1,"from":{"id":42,"is_bot":true}}}`,
		"a topic that we have opened":      `"message":{"message_id":41,"date":1,` + group + `,` + sender + `,"text":"chào","message_thread_id":7,"is_topic_message":true,"reply_to_message":{"message_id":7,"date":1,"from":{"id":42,"is_bot":true},"forum_topic_created":{"name":"a","icon_color":1}}}`,
		"a mention of another":             `"message":{"message_id":41,"date":1,` + group + `,` + sender + `,"text":"@thu_bot2 chào","entities":[{"type":"mention","offset":0,"length":9}]}`,
		"a mention out of bounds":          `"message":{"message_id":41,"date":1,` + group + `,` + sender + `,"text":"@thu_bot chào","entities":[{"type":"mention","offset":-3,"length":2147483647},{"type":"mention","offset":0,"length":99},{"type":"mention","offset":3,"length":-2}]}`,
		"a mention in an address":          `"message":{"message_id":41,"date":1,` + group + `,` + sender + `,"text":"@thu_bot","entities":[{"type":"url","offset":0,"length":8}]}`,
		"a post of a channel to its group": `"message":{"message_id":41,"date":1,` + group + `,"sender_chat":{"id":-1009,"type":"channel"},"is_automatic_forward":true,"text":"/hoi chào"}`,
		"another bot in a group":           `"message":{"message_id":41,"date":1,` + group + `,"from":{"id":9,"is_bot":true},"text":"/hoi chào"}`,
		"what we have found for somebody":  `"message":{` + head + `,"via_bot":{"id":42,"is_bot":true},"text":"chào"}`,
		"nobody in a group":                `"message":{"message_id":41,"date":1,` + group + `,"text":"/hoi chào"}`,
		"a channel":                        `"message":{"message_id":41,"date":1,"chat":{"id":-1009,"type":"channel"},` + sender + `,"text":"/hoi chào"}`,
		"an administrator made of us":      `"my_chat_member":{` + group + `,` + sender + `,"date":1,"old_chat_member":{"status":"member","user":{}},"new_chat_member":{"status":"administrator","user":{}}}`,
		"more of an inline query":          `"inline_query":{"id":"q1",` + sender + `,"query":"chè","offset":"50"}`,
		"no chat":                          `"message":{"message_id":41,"date":1,` + sender + `,"text":"chào"}`,
		"a service message":                `"message":{` + head + `,"pinned_message":{"message_id":1,"date":0,` + private + `}}`,
		"an edited picture":                `"edited_message":{` + head + `,"edit_date":1,"photo":[{"file_id":"a"}]}`,
		"an edited echo":                   `"edited_message":{"message_id":41,"date":1,` + private + `,"from":{"id":42,"is_bot":true},"text":"a"}`,
		"a button below an inline result":  `"callback_query":{"id":"p1",` + sender + `,"data":"q","inline_message_id":"1"}`,
		"a button without a key":           `"callback_query":{"id":"p1",` + sender + `,"game_short_name":"q","message":{"message_id":41,"date":1,` + private + `}}`,
		"somebody who came back":           `"my_chat_member":{` + private + `,` + sender + `,"date":1,"old_chat_member":{"status":"kicked","user":{}},"new_chat_member":{"status":"member","user":{}}}`,
		"a block in a group":               `"my_chat_member":{` + group + `,` + sender + `,"date":1,"old_chat_member":{"status":"member","user":{}},"new_chat_member":{"status":"kicked","user":{}}}`,
		"a field of another type":          `"message":{` + head + `,"text":{"rich":"chào"}}`,
		"a status of a newer API":          `"my_chat_member":{` + private + `,"new_chat_member":{"status":"guest"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			channel := newNamed(t)
			if got, err := channel.Receive(webhookRequest(t, testSecret, `{"update_id":880000123,`+payload+`}`)); err != nil || len(got) != 0 {
				t.Errorf("%+v, %v, want silence", got, err)
			}
		})
	}
}

func TestSkippedUpdatesAreLoggedWithoutTheirWords(t *testing.T) {
	var log strings.Builder
	c := newLoggedChannel(t, "", &log)
	if _, err := c.Receive(webhookRequest(t, testSecret, `{"update_id":5,"message":{`+head+`,"text":["riêng tư"]}}`)); err != nil {
		t.Fatal(err)
	}
	for _, private := range []string{"riêng tư", "700000001", "700000002", "An"} {
		if strings.Contains(log.String(), private) {
			t.Errorf("the log holds %q: %s", private, log.String())
		}
	}
	if !strings.Contains(log.String(), "update_id=5") {
		t.Errorf("the log does not say which update was skipped: %q", log.String())
	}
}

// Without its name the bot hears replies, and what cannot be for another.
func TestAGroupIsHeardBeforeTheNameIsKnown(t *testing.T) {
	for text, heard := range map[string]bool{
		"/hoi chào": true, "/hoi@thu_bot chào": true, "/vanban": true, "/vanban@other_bot": false, "/start": false, "@ chào": false,
	} {
		body := `{"update_id":1,"message":{"message_id":41,"date":1,` + group + `,` + sender + `,"text":"` + text + `","entities":[{"type":"mention","offset":0,"length":1}]}}`
		if got, err := newChannel(t, "").Receive(webhookRequest(t, testSecret, body)); err != nil || (len(got) == 1) != heard {
			t.Errorf("%s: %d messages, %v", text, len(got), err)
		}
	}
}

func FuzzReceive(f *testing.F) {
	f.Add(`{"update_id":880000123,"message":{` + head + `,"text":"/hoi@bot chào"}}`)
	f.Add(`{"update_id":880000123,"edited_message":{` + head + `,"caption":"chào"}}`)
	f.Add(`{"update_id":880000123,"callback_query":{"id":"p1",` + sender + `,"data":"q","message":{"message_id":41,"date":0,` + private + `}}}`)
	f.Add(`{"update_id":880000123,"my_chat_member":{` + private + `,` + sender + `,"new_chat_member":{"status":"kicked","user":{}}}}`)
	f.Add(`{"update_id":880000123,"message":{"message_id":41,"date":1,` + group + `,` + sender + `,"text":"😀 @thu_bot chào","entities":[{"type":"mention","offset":3,"length":8}]}}`)
	f.Add(`{"update_id":880000123,"inline_query":{"id":"q1",` + sender + `,"query":"chè","offset":""}}`)
	f.Fuzz(func(t *testing.T, body string) {
		channel := newNamed(t)
		got, err := channel.Receive(webhookRequest(t, testSecret, body))
		if err != nil && !errors.Is(err, bot.ErrMalformed) {
			t.Errorf("%v, want ErrMalformed or nothing", err)
		}
		for _, m := range got {
			if m.ID == "" || m.Channel != ID || m.Bot != "42" || m.Kind == "" || m.Conversation == "" || m.User == "" ||
				m.Address.Chat == "" || m.Address.Channel != ID || m.Address.Bot != "42" {
				t.Errorf("incomplete message: %+v", m)
			}
		}
	})
}

// The library refuses an update whole for one thing that is newer than its
// types.
func TestATextIsReadWhateverIsNewBesideIt(t *testing.T) {
	_, c := newFake(t)
	for _, beside := range []string{
		`"forward_origin":{"type":"brand_new","date":1}`, `"external_reply":{"origin":{"type":"brand_new"}}`,
		`"reply_to_message":{"message_id":3,"date":1,"chat":{"id":9,"type":"private"},"from":{"id":8},"paid_media":{"star_count":1,"paid_media":[{"type":"brand_new"}]}}`,
		`"reply_to_message":{"message_id":3,"date":1,"chat":{"id":9,"type":"private"},"chat_background_set":{"type":{"type":"brand_new"}}}`,
	} {
		update := `{"update_id":7,"message":{"message_id":4,"date":1,"chat":{"id":9,"type":"private"},"from":{"id":9},"text":"Mục đích là gì?",` + beside + `}}`
		if got := c.messages(7, []byte(update)); len(got) != 1 || got[0].Text != "Mục đích là gì?" || got[0].Kind != bot.KindText {
			t.Errorf("beside %s: %+v", beside, got)
		}
	}
	press := `{"update_id":8,"callback_query":{"id":"p","from":{"id":9},"chat_instance":"1","data":"q:1",
		"message":{"message_id":4,"date":1,"chat":{"id":9,"type":"private"},"external_reply":{"origin":{"type":"brand_new"}}}}}`
	if got := c.messages(8, []byte(press)); len(got) != 1 || got[0].Kind != bot.KindButton || got[0].Text != "q:1" {
		t.Errorf("a press: %+v", got)
	}
}

func TestWhatIsPolledIsNotHandedBack(t *testing.T) {
	for _, polls := range []bool{true, false} {
		c, err := New(slog.New(slog.DiscardHandler), Options{Token: testToken, Polls: polls})
		if err != nil {
			t.Fatal(err)
		}
		if c.Limits().Redelivers == polls {
			t.Errorf("polled: %v, comes again: %v", polls, c.Limits().Redelivers)
		}
	}
}
