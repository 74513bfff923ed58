package portal

import (
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/bot/bottest"
)

// testTime is when everything happens.
func testTime() time.Time { return time.Date(2026, 11, 22, 15, 30, 0, 0, time.FixedZone("", 7*3600)) }

// newChannel makes a channel for the clients of a file.
func newChannel(t testing.TB, file string, opt Options) *Channel {
	t.Helper()
	clients, err := ParseClients([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	c := New(clients, opt)
	t.Cleanup(c.guarded.CloseIdleConnections)
	t.Cleanup(c.open.CloseIdleConnections)
	return c
}

// twoPortals have a secret each, the first an old one besides.
const twoPortals = `{"clients":[
	{"id":"a","secret":["` + secretA + `","` + secretB + `"],"callback":"https://a.example/","per_minute":6000},
	{"id":"b","secret":"` + secretC + `","callback":"https://b.example/","per_minute":2}]}`

const event = `{"type":"question.asked","timestamp":"2026-11-22T08:30:00Z","data":{"conversation":"c1","question":" Ba khâu đột phá? "}}`

// request is a request of a portal, as the program's mux hands it on.
func request(t testing.TB, client string, asked bottest.Asked) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/webhooks/portal/"+client, strings.NewReader(asked.Body))
	r.SetPathValue(pathID, client)
	if asked.At.IsZero() {
		asked.At = testTime()
	}
	asked.Sign(r.Header)
	return r
}

func TestAQuestionIsReadWhole(t *testing.T) {
	c := newChannel(t, twoPortals, Options{Now: testTime})
	got, err := c.Receive(request(t, "a", bottest.Asked{ID: "msg_1", Body: event, Secrets: []string{secretA}}))
	want := []bot.Message{{
		Channel: "portal", Bot: "a", ID: "a/msg_1", Conversation: "a/c1", Kind: bot.KindText, Text: " Ba khâu đột phá? ",
		Address:    bot.Address{Channel: "portal", Bot: "a", Chat: "c1", Message: "msg_1"},
		ReceivedAt: testTime().UTC(),
	}}
	if diff := cmp.Diff(got, want); diff != "" || err != nil {
		t.Errorf("%v (-got +want):\n%s", err, diff)
	}
}

// A portal has no commands: what begins with a stroke is a question.
func TestAStrokeMakesNoCommand(t *testing.T) {
	c := newChannel(t, twoPortals, Options{Now: testTime})
	body := strings.Replace(event, " Ba khâu đột phá? ", "/xoa", 1)
	got, err := c.Receive(request(t, "a", bottest.Asked{ID: "msg_1", Body: body, Secrets: []string{secretA}}))
	if err != nil || len(got) != 1 || got[0].Kind != bot.KindText || got[0].Text != "/xoa" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestWhoIsTakenForAPortal(t *testing.T) {
	old := "whsec_" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("old", 10)))
	zeros := "whsec_" + base64.StdEncoding.EncodeToString(make([]byte, 24))
	for _, tc := range []struct {
		name, client string
		asked        bottest.Asked
		forged       bool
	}{
		{"the first secret", "a", bottest.Asked{Secrets: []string{secretA}}, false},
		{"the second, while one takes the place of the other", "a", bottest.Asked{Secrets: []string{secretB}}, false},
		{"one of several signatures", "a", bottest.Asked{Secrets: []string{old, secretB}}, false},
		{"five minutes late", "a", bottest.Asked{Secrets: []string{secretA}, At: testTime().Add(-tolerance)}, false},
		{"five minutes early", "a", bottest.Asked{Secrets: []string{secretA}, At: testTime().Add(tolerance)}, false},
		{"too late", "a", bottest.Asked{Secrets: []string{secretA}, At: testTime().Add(-tolerance - time.Second)}, true},
		{"too early", "a", bottest.Asked{Secrets: []string{secretA}, At: testTime().Add(tolerance + time.Second)}, true},
		{"another portal's secret", "a", bottest.Asked{Secrets: []string{secretC}}, true},
		{"a secret of the past", "a", bottest.Asked{Secrets: []string{old}}, true},
		{"the empty secret", "a", bottest.Asked{Secrets: []string{"whsec_"}}, true},
		{"no signature", "a", bottest.Asked{}, true},
		{"an unknown portal", "c", bottest.Asked{Secrets: []string{secretA}}, true},
		{"an unknown portal, by the key of those", "c", bottest.Asked{Secrets: []string{zeros}}, true},
		{"no portal", "", bottest.Asked{Secrets: []string{zeros}}, true},
		{"an id with a dot", "a", bottest.Asked{ID: "msg.1", Secrets: []string{secretA}}, true},
		{"an id with a blank", "a", bottest.Asked{ID: "msg 1", Secrets: []string{secretA}}, true},
		{"an endless id", "a", bottest.Asked{ID: strings.Repeat("a", maxID+1), Secrets: []string{secretA}}, true},
	} {
		c := newChannel(t, twoPortals, Options{Now: testTime})
		tc.asked.Body = event
		if tc.asked.ID == "" {
			tc.asked.ID = "msg_1"
		}
		got, err := c.Receive(request(t, tc.client, tc.asked))
		if errors.Is(err, bot.ErrForged) != tc.forged || (len(got) == 1) == tc.forged || err != nil && err.Error() != "portal webhook: "+bot.ErrForged.Error() {
			t.Errorf("%s: %d messages, %v", tc.name, len(got), err)
		}
	}
}

// untouchable fails the test when it is read.
type untouchable struct{ t *testing.T }

func (u untouchable) Read([]byte) (int, error) {
	u.t.Error("the body was read before the headers were checked")
	return 0, io.EOF
}

func TestHeadersAreCheckedBeforeTheBodyIsRead(t *testing.T) {
	for name, change := range map[string]func(h http.Header){
		"no id":                       func(h http.Header) { h.Del(headerID) },
		"no timestamp":                func(h http.Header) { h.Del(headerTimestamp) },
		"a timestamp that is none":    func(h http.Header) { h.Set(headerTimestamp, "1e9") },
		"an endless timestamp":        func(h http.Header) { h.Set(headerTimestamp, "9223372036854775807") },
		"no signature":                func(h http.Header) { h.Del(headerSignature) },
		"a signature of another kind": func(h http.Header) { h.Set(headerSignature, "v1a,"+strings.Repeat("A", 88)) },
		"a signature without kind":    func(h http.Header) { h.Set(headerSignature, strings.TrimPrefix(h.Get(headerSignature), "v1,")) },
		"a signature that is no code": func(h http.Header) { h.Set(headerSignature, "v1,*") },
	} {
		c := newChannel(t, twoPortals, Options{Now: testTime})
		r := request(t, "a", bottest.Asked{ID: "msg_1", Body: event, Secrets: []string{secretA}})
		change(r.Header)
		r.Body = io.NopCloser(untouchable{t})
		if _, err := c.Receive(r); !errors.Is(err, bot.ErrForged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestASignatureIsOfOneBodyIDAndTime(t *testing.T) {
	c := newChannel(t, twoPortals, Options{Now: testTime})
	for name, change := range map[string]func(r *http.Request){
		"another body": func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader(event + " ")) },
		"another id":   func(r *http.Request) { r.Header.Set(headerID, "msg_2") },
		"another time": func(r *http.Request) { r.Header.Set(headerTimestamp, "1795336201") },
	} {
		r := request(t, "a", bottest.Asked{ID: "msg_1", Body: event, Secrets: []string{secretA}})
		change(r)
		if _, err := c.Receive(r); !errors.Is(err, bot.ErrForged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestASignedBodyIsReadOrRefused(t *testing.T) {
	for _, tc := range []struct {
		name, body string
		want       error
		messages   int
	}{
		{"nothing", "", bot.ErrMalformed, 0},
		{"no JSON", "<a>", bot.ErrMalformed, 0},
		{"no object", "[]", bot.ErrMalformed, 0},
		{"no type", `{"data":{"conversation":"c","question":"a"}}`, bot.ErrMalformed, 0},
		{"letters that are none", strings.Replace(event, "khâu", "kh\xe2u", 1), bot.ErrMalformed, 0},
		{"a question of another type", `{"type":"question.asked","data":{"conversation":"c","question":7}}`, bot.ErrMalformed, 0},
		{"no conversation", `{"type":"question.asked","data":{"question":"a"}}`, bot.ErrMalformed, 0},
		{"a blank conversation", `{"type":"question.asked","data":{"conversation":" ","question":"a"}}`, bot.ErrMalformed, 0},
		{"an endless conversation", `{"type":"question.asked","data":{"conversation":"` + strings.Repeat("ă", 129) + `","question":"a"}}`, bot.ErrMalformed, 0},
		{"the longest conversation", `{"type":"question.asked","data":{"conversation":"` + strings.Repeat("ă", 128) + `","question":"a"}}`, nil, 1},
		{"another type", `{"type":"question.rated","data":7}`, nil, 0},
		{"no question, which is answered politely", `{"type":"question.asked","data":{"conversation":"c"}}`, nil, 1},
		{"more than we know", `{"type":"question.asked","data":{"conversation":"c","question":"a","user":{}},"source":"x"}`, nil, 1},
	} {
		c := newChannel(t, twoPortals, Options{Now: testTime})
		got, err := c.Receive(request(t, "a", bottest.Asked{ID: "msg_1", Body: tc.body, Secrets: []string{secretA}}))
		if !errors.Is(err, tc.want) || len(got) != tc.messages {
			t.Errorf("%s: %d messages, %v; want %d, %v", tc.name, len(got), err, tc.messages, tc.want)
		}
	}
}

func TestABodyThatIsTooLargeIsSaidToBe(t *testing.T) {
	c := newChannel(t, twoPortals, Options{Now: testTime})
	r := request(t, "a", bottest.Asked{ID: "msg_1", Body: event, Secrets: []string{secretA}})
	r.Body = http.MaxBytesReader(httptest.NewRecorder(), r.Body, 10)
	if _, err := c.Receive(r); !errors.As(err, new(*http.MaxBytesError)) {
		t.Errorf("got %v", err)
	}
}

func TestAPortalHasItsRateAndForgeriesUseNothingOfIt(t *testing.T) {
	now := testTime()
	c := newChannel(t, twoPortals, Options{Now: func() time.Time { return now }})
	ask := func(client, secret, body string) error {
		_, err := c.Receive(request(t, client, bottest.Asked{ID: "msg_1", Body: body, Secrets: []string{secret}, At: now}))
		return err
	}
	for range 5 {
		if err := ask("b", secretA, event); !errors.Is(err, bot.ErrForged) {
			t.Fatal(err)
		}
	}
	for range 2 {
		if err := ask("b", secretC, event); err != nil {
			t.Fatal(err)
		}
	}
	var fast *bot.TooFastError
	if err := ask("b", secretC, "no JSON, which nobody looks at"); !errors.As(err, &fast) || fast.After != 30*time.Second {
		t.Errorf("the third in a minute: %v, want to come back in 30s", err)
	}
	if err := ask("a", secretA, event); err != nil {
		t.Errorf("another portal: %v", err)
	}
	now = now.Add(30 * time.Second)
	if err := ask("b", secretC, event); err != nil {
		t.Errorf("after the time that was told: %v", err)
	}
}

func FuzzReceive(f *testing.F) {
	f.Add("msg_1", event)
	f.Add("msg.1", `{"type":"question.asked","data":{"conversation":"","question":null}}`)
	f.Fuzz(func(t *testing.T, id, body string) {
		c := newChannel(t, twoPortals, Options{Now: testTime})
		messages, err := c.Receive(request(t, "a", bottest.Asked{ID: id, Body: body, Secrets: []string{secretA}}))
		for _, m := range messages {
			if err != nil || m.ID == "a/" || m.Address.Message == "" || m.Address.Chat == "" {
				t.Errorf("%v: %+v", err, m)
			}
		}
	})
}
