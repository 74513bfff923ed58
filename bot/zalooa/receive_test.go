package zalooa

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/hoinq/hoinq/bot"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	testApp       = "1000000000000000001"
	testAppSecret = "bi-mat-ung-dung"
	testSecret    = "OA_SECRET_TEST"
	testStamp     = "1764000000000"
)

// testTime is when everything is received: a minute after testStamp.
func testTime() time.Time { return time.UnixMilli(1764000060000) }

// testOptions are settings of a channel whose servers are at an address.
func testOptions(address string) Options {
	return Options{
		AppID: testApp, AppSecret: testAppSecret, Secret: testSecret, RefreshToken: "ma-dau", API: address, OAuth: address, Rate: 6000,
	}
}

// receiver is a channel that receives at testTime and never sends.
func receiver(t testing.TB) *Channel {
	t.Helper()
	opt := testOptions("http://127.0.0.1:1")
	opt.Now = testTime
	c, err := New(slog.New(slog.DiscardHandler), nil, opt)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func request(t testing.TB, signature, stamp, body string) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/webhooks/zalo-oa", strings.NewReader(body))
	if signature != "" {
		r.Header.Set("X-ZEvent-Signature", signature)
	}
	if stamp != "" {
		r.Header.Set("X-ZEvent-Timestamp", stamp)
	}
	return r
}

func mac(app, body, stamp, secret string) string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte(app+body+stamp+secret)))
}

// signed is a request signed as the vendor signs it, its timestamp in the body.
func signed(t testing.TB, body string) *http.Request {
	t.Helper()
	return request(t, "mac="+mac(testApp, body, testStamp, testSecret), "", body)
}

// vector is the test vector of reference/channels.md.
const (
	vector    = `{"app_id":"1000000000000000001","sender":{"id":"2000000000000000002"},"user_id_by_app":"3000000000000000003","recipient":{"id":"4000000000000000004"},"event_name":"user_send_text","message":{"text":"Xin chào \/ <b>","msg_id":"aaaabbbbcccc0001"},"timestamp":"1764000000000"}`
	vectorMAC = "2e79f4385fd91100586d5745781ca23fde64ca4d0c6209fb3215947c45e71f49"
)

func TestASignatureIsOverTheBytesAsTheyCame(t *testing.T) {
	c := receiver(t)
	for _, signature := range []string{"mac=" + vectorMAC, vectorMAC, "MAC=" + strings.ToUpper(vectorMAC)} {
		got, err := c.Receive(request(t, signature, "", vector))
		if err != nil || len(got) != 1 || got[0].Text != "Xin chào / <b>" {
			t.Errorf("%s: %+v, %v", signature, got, err)
		}
	}
	if _, err := c.Receive(request(t, vectorMAC, "", strings.ReplaceAll(vector, `\/`, "/"))); !errors.Is(err, bot.ErrForged) {
		t.Errorf("the same event in other bytes: %v, want ErrForged", err)
	}
}

func TestWhatTheVendorDidNotSignIsForged(t *testing.T) {
	c := receiver(t)
	for name, r := range map[string]*http.Request{
		"no signature":                 request(t, "", testStamp, vector),
		"an empty one":                 request(t, "mac=", "", vector),
		"no hexadecimal":               request(t, "mac="+strings.Repeat("g", 64), "", vector),
		"a short one":                  request(t, vectorMAC[:62], "", vector),
		"a long one":                   request(t, vectorMAC+"00", "", vector),
		"another secret":               request(t, mac(testApp, vector, testStamp, "x"), testStamp, vector),
		"no secret":                    request(t, mac(testApp, vector, testStamp, ""), testStamp, vector),
		"another app":                  request(t, mac("1", vector, testStamp, testSecret), testStamp, vector),
		"another body":                 request(t, vectorMAC, testStamp, vector+" "),
		"no timestamp":                 request(t, mac(testApp, "{}x", "", testSecret), "", "{}x"),
		"the body's end as timestamp":  request(t, vectorMAC, "}"+testStamp, vector[:len(vector)-1]),
		"no JSON and not signed":       request(t, "", "", "{"),
		"an unsigned object":           request(t, "", "", `{"event_name":"user_send_text"}`),
		"two unsigned objects":         request(t, "", "", `{}{}`),
		"a timestamp that is no digit": request(t, mac(testApp, vector, "+1764000000000", testSecret), "+1764000000000", vector),
	} {
		if got, err := c.Receive(r); !errors.Is(err, bot.ErrForged) || got != nil {
			t.Errorf("%s: %v, %v, want ErrForged", name, got, err)
		}
	}
}

func TestTheConsoleRegistersWithAnEmptyObject(t *testing.T) {
	c := receiver(t)
	for _, body := range []string{"{}", " {} ", "{\n}\r\n", "\t{ }"} {
		if got, err := c.Receive(request(t, "", "", body)); err != nil || got != nil {
			t.Errorf("%q: %v, %v", body, got, err)
		}
	}
}

func TestTheTimestampMayStandInTheHeader(t *testing.T) {
	c := receiver(t)
	const other = "1764000000777"
	without := strings.Replace(vector, `,"timestamp":"1764000000000"`, "", 1)
	number := strings.Replace(vector, `"1764000000000"`, `1764000000000`, 1)
	for name, r := range map[string]*http.Request{
		"alone":                    request(t, mac(testApp, without, other, testSecret), other, without),
		"beside another":           request(t, mac(testApp, vector, other, testSecret), other, vector),
		"unused":                   request(t, vectorMAC, other, vector),
		"as a number in the body":  request(t, mac(testApp, number, testStamp, testSecret), "", number),
		"in seconds in the header": request(t, mac(testApp, without, "1764000000", testSecret), "1764000000", without),
	} {
		if got, err := c.Receive(r); err != nil || len(got) != 1 {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// The signature joins its parts without a mark, so digits of the timestamp may
// be moved behind the body; what comes of it must ask nothing.
func TestBytesMovedBetweenTheSignedPartsAskNothing(t *testing.T) {
	c := receiver(t)
	for n := 1; n < len(testStamp); n++ {
		if got, err := c.Receive(request(t, vectorMAC, testStamp[n:], vector+testStamp[:n])); err != nil || got != nil {
			t.Errorf("%d digits moved: %v, %v", n, got, err)
		}
	}
}

func TestWhatIsSignedIsNeverAnError(t *testing.T) {
	c := receiver(t)
	for _, body := range []string{
		``, `{`, `[]`, `null`, `7`, `"x"`, `{"event_name":7}`, `{"event_name":"user_send_text"}`, "\x00",
		`{"event_name":"user_send_text","sender":"x","recipient":[],"message":7}`,
		`{"event_name":"user_send_text","sender":{"id":""},"recipient":{"id":"4"},"message":{"text":"chào","msg_id":"m"}}`,
	} {
		r := request(t, mac(testApp, body, testStamp, testSecret), testStamp, body)
		if got, err := c.Receive(r); err != nil || got != nil {
			t.Errorf("%q: %v, %v", body, got, err)
		}
	}
}

func TestABodyThatIsTooLargeKeepsItsError(t *testing.T) {
	r := signed(t, vector)
	r.Body = http.MaxBytesReader(httptest.NewRecorder(), r.Body, 10)
	if _, err := receiver(t).Receive(r); !errors.As(err, new(*http.MaxBytesError)) {
		t.Errorf("%v, want a MaxBytesError", err)
	}
}

func TestAnOldEventIsARecording(t *testing.T) {
	c := receiver(t)
	for age, want := range map[time.Duration]int{
		-time.Hour: 1, time.Hour: 1, 23 * time.Hour: 1, 25 * time.Hour: 0, 9000 * time.Hour: 0,
	} {
		stamp := strconv.FormatInt(testTime().Add(-age).UnixMilli(), 10)
		body := strings.Replace(vector, testStamp, stamp, 1)
		got, err := c.Receive(request(t, mac(testApp, body, stamp, testSecret), "", body))
		if err != nil || len(got) != want {
			t.Errorf("%s old: %d messages, %v, want %d", age, len(got), err, want)
		}
	}
}

// sends is an event of a person's message.
func sends(content, message string) string {
	return `{"app_id":"A","sender":{"id":"U"},"recipient":{"id":"OA"},"user_id_by_app":"UA","event_name":"user_send_` + content +
		`","message":` + message + `,"timestamp":"1764000000000"}`
}

// asked is the message of an event.
func asked(kind bot.Kind, text string) bot.Message {
	return bot.Message{
		Channel: "zalo-oa", Bot: testApp, ID: "m1", Conversation: "U", User: "U", Kind: kind, Text: text,
		Address:    bot.Address{Channel: "zalo-oa", Bot: testApp, Chat: "U", Message: "m1"},
		ReceivedAt: testTime().UTC(),
	}
}

func TestWhatAsksSomethingBecomesAMessage(t *testing.T) {
	unnamed := func(kind bot.Kind, id string) bot.Message {
		m := asked(kind, "")
		m.ID, m.Address.Message = id, ""
		return m
	}
	const picture = `{"msg_id":"m1","text":"","attachments":[{"type":"image","payload":{"thumbnail":"https://a.example","url":"https://b.example"}}]}`
	for name, c := range map[string]struct {
		event string
		want  bot.Message
	}{
		"a text":                     {sends("text", `{"msg_id":"m1","text":"chào 😀"}`), asked(bot.KindText, "chào 😀")},
		"a text that quotes":         {sends("text", `{"msg_id":"m1","text":"chào","quote_msg_id":"m0"}`), asked(bot.KindText, "chào")},
		"a text of blanks":           {sends("text", `{"msg_id":"m1","text":" "}`), asked(bot.KindText, " ")},
		"ids that are numbers":       {`{"sender":{"id":7},"recipient":{"id":8},"event_name":"user_send_text","message":{"msg_id":9,"text":"chào"},"timestamp":1764000000000}`, bot.Message{Channel: ID, Bot: testApp, ID: "9", Conversation: "7", User: "7", Kind: bot.KindText, Text: "chào", Address: bot.Address{Channel: ID, Bot: testApp, Chat: "7", Message: "9"}, ReceivedAt: testTime().UTC()}},
		"a command":                  {sends("text", `{"msg_id":"m1","text":"/hoi ba khâu?"}`), asked(bot.KindCommand, "/hoi ba khâu?")},
		"a command that is filtered": {sends("text", `{"msg_id":"m1","text":" #hoi ba khâu? "}`), asked(bot.KindCommand, "/hoi ba khâu?")},
		"a number sign":              {sends("text", `{"msg_id":"m1","text":"#1 là gì"}`), asked(bot.KindText, "#1 là gì")},
		"a picture":                  {sends("image", picture), asked(bot.KindUnreadable, "")},
		"a picture with words":       {sends("image", `{"msg_id":"m1","text":"cái này là gì"}`), asked(bot.KindText, "cái này là gì")},
		"a link with words":          {sends("link", `{"msg_id":"m1","text":"xem https://a.example"}`), asked(bot.KindText, "xem https://a.example")},
		"a sticker":                  {sends("sticker", `{"msg_id":"m1"}`), asked(bot.KindUnreadable, "")},
		"a voice":                    {sends("audio", `{"msg_id":"m1","text":""}`), asked(bot.KindUnreadable, "")},
		"a place":                    {sends("location", `{"msg_id":"m1","attachments":[{"type":"location","payload":{"coordinates":{"latitude":"10.1","longitude":"106.2"}}}]}`), asked(bot.KindUnreadable, "")},
		"a card":                     {sends("business_card", `{"msg_id":"m1"}`), asked(bot.KindUnreadable, "")},
		"a file":                     {sends("file", `{"msg_id":"m1"}`), asked(bot.KindUnreadable, "")},
		"a film":                     {sends("video", `{"msg_id":"m1"}`), asked(bot.KindUnreadable, "")},
		"a moving picture":           {sends("gif", `{"msg_id":"m1"}`), asked(bot.KindUnreadable, "")},
		"a message without an id":    {sends("sticker", `{}`), unnamed(bot.KindUnreadable, "user_send_sticker/U/1764000000000")},
		"a new follower":             {`{"oa_id":"OA","follower":{"id":"U"},"user_id_by_app":"UA","event_name":"follow","source":"oa_profile","app_id":"A","timestamp":"1764000000000"}`, unnamed(bot.KindFollow, "follow/U/1764000000000")},
		"a withdrawal":               {`{"app_id":"A","oa_id":"OA","user_id_by_app":"UA","user_id":"U","event_name":"user_withdraw","timestamp":"1764000000000"}`, unnamed(bot.KindWithdraw, "user_withdraw/U/1764000000000")},
	} {
		got, err := receiver(t).Receive(signed(t, c.event))
		if diff := cmp.Diff(got, []bot.Message{c.want}); diff != "" || err != nil {
			t.Errorf("%s: %v (-got +want):\n%s", name, err, diff)
		}
	}
}

func TestWhatAsksNothingIsNoMessage(t *testing.T) {
	for _, event := range []string{
		`{"app_id":"A","sender":{"id":"OA"},"recipient":{"id":"U"},"event_name":"oa_send_text","message":{"text":"chào","msg_id":"m1"},"timestamp":"1764000000000"}`,
		`{"app_id":"A","sender":{"id":"OA","admin_id":"X"},"recipient":{"id":"U"},"event_name":"oa_send_list","message":{"msg_id":"m1"},"timestamp":"1764000000000"}`,
		`{"app_id":"A","sender":{"id":"OA"},"recipient":{"id":"U"},"event_name":"user_seen_message","message":{"msg_ids":["m9"]},"timestamp":"1764000000000"}`,
		`{"app_id":"A","sender":{"id":"OA"},"recipient":{"id":"U"},"event_name":"user_received_message","message":{"msg_id":"m9"},"timestamp":"1764000000000"}`,
		`{"oa_id":"OA","follower":{"id":"U"},"event_name":"unfollow","timestamp":"1764000000000"}`,
		`{"sender":{"id":"0a1b"},"recipient":{"id":"OA"},"event_name":"anonymous_send_text","message":{"conversation_id":"c","msg_id":"m1","text":"chào"},"timestamp":"1764000000000"}`,
		sends("group_text", `{"msg_id":"m1","text":"chào"}`),
		sends("hologram", `{"msg_id":"m1","text":"chào"}`),
		strings.Replace(sends("text", `{"msg_id":"m1","text":"chào"}`), "user_send_text", "user_click_chatnow", 1),
	} {
		if got, err := receiver(t).Receive(signed(t, event)); err != nil || got != nil {
			t.Errorf("%s: %+v, %v", event, got, err)
		}
	}
}

// Whatever is signed is no error; whatever is not is no message.
func FuzzReceive(f *testing.F) {
	f.Add(vector, testStamp)
	f.Add(`{"event_name":"follow","follower":{"id":7}}`, "7")
	c := receiver(f)
	f.Fuzz(func(t *testing.T, body, stamp string) {
		if strings.Trim(stamp, "0123456789") == "" && stamp != "" && len(stamp) < 16 {
			if _, err := c.Receive(request(t, mac(testApp, body, stamp, testSecret), stamp, body)); err != nil {
				t.Errorf("signed: %v", err)
			}
		}
		if got, _ := c.Receive(request(t, mac(testApp, body, stamp, "x"), stamp, body)); got != nil {
			t.Errorf("forged: %v", got)
		}
	})
}

func TestWrongSettingsAreNamedWithoutTheirValues(t *testing.T) {
	_, err := New(slog.New(slog.DiscardHandler), nil, Options{
		AppID: "so-la", AppSecret: "có dấu", API: "https://a.example/duong-dan", OAuth: "openid", Rate: -1, RefreshToken: "hai dòng\n",
	})
	if err == nil {
		t.Fatal("accepted")
	}
	for _, name := range []string{"APP_ID", "APP_SECRET", "ZALO_OA_SECRET", "REFRESH_TOKEN", "API", "OAUTH", "RATE"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named: %v", name, err)
		}
	}
	for _, value := range []string{"so-la", "có dấu", "duong-dan", "openid", "hai dòng"} {
		if strings.Contains(err.Error(), value) {
			t.Errorf("a value is repeated: %v", err)
		}
	}
	if c, err := New(slog.New(slog.DiscardHandler), nil, Options{AppID: "1", AppSecret: "a", Secret: "b", RefreshToken: "c"}); err != nil || c.opt.API != DefaultAPI {
		t.Errorf("the least settings: %v", err)
	}
}

// No store takes such an id, and refusing it again and again would switch the
// account's webhook off.
func TestAnIDThatIsNoneIsTakenInAndDropped(t *testing.T) {
	long := strings.Repeat("1", 100_000)
	for _, body := range []string{
		`{"event_name":"user_send_text","sender":{"id":"` + long + `"},"message":{"msg_id":"m1","text":"hỏi"},"timestamp":"` + testStamp + `"}`,
		`{"event_name":"user_send_text","sender":{"id":"u1"},"message":{"msg_id":"` + long + `","text":"hỏi"},"timestamp":"` + testStamp + `"}`,
	} {
		if got, err := receiver(t).Receive(signed(t, body)); err != nil || len(got) != 0 {
			t.Errorf("%.60s…: %d messages, %v", body, len(got), err)
		}
	}
}
