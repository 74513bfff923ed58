package portal

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/bot/bottest"
	"github.com/hoinq/hoinq/corpus"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// newFake is a portal and a channel that may send to it.
func newFake(t *testing.T, opt Options) (*bottest.Portal, *Channel) {
	t.Helper()
	f := bottest.NewPortal(t, "a", secretA)
	return f, newChannel(t, clientAt(f.Callback, true), opt)
}

// clientAt is a file of one client that changes its secret.
func clientAt(callback string, allowPrivate bool) string {
	return fmt.Sprintf(`{"clients":[{"id":"a","secret":[%q,%q],"callback":%q,"allow_private":%v}]}`, secretA, secretB, callback, allowPrivate)
}

// answerTo is a reply to a question.
func answerTo(id string) bot.Reply {
	return bot.Reply{
		Address: bot.Address{Channel: ID, Bot: "a", Chat: "cuoc-rieng", Message: id},
		Blocks:  []bot.Block{{Kind: bot.BlockParagraph, Text: "Ba khâu. [1]"}},
		Answer: &bot.Response{
			ID: "a/" + id, Question: "Ba khâu?", Answered: true, Text: "Ba khâu. [1]",
			Citations: []corpus.Citation{{N: 1, Location: "Phần II", Quote: corpus.Quote{Words: "ba <khâu> & đột phá"}}},
			Nearest:   []corpus.Citation{}, Suggestions: []string{},
		},
	}
}

// part is a reply, rendered.
func part(t *testing.T, c *Channel, reply bot.Reply) bot.Part {
	t.Helper()
	parts, err := c.Render(reply)
	if err != nil || len(parts) != 1 {
		t.Fatalf("%d parts, %v", len(parts), err)
	}
	return parts[0]
}

// keepsPrivate fails the test if an error says what nobody may read.
func keepsPrivate(t *testing.T, err error) {
	t.Helper()
	for _, secret := range []string{"khoa", "whsec", secretA[6:], "cuoc-rieng", "msg_1", "khâu"} {
		if strings.Contains(fmt.Sprintf("%v %+v", err, err), secret) {
			t.Errorf("the error holds %q: %v", secret, err)
		}
	}
}

func TestAnAnswerIsSentAsItIs(t *testing.T) {
	f, c := newFake(t, Options{})
	reply := answerTo("msg_1")
	p := part(t, c, reply)
	if diff := cmp.Diff(p, part(t, c, reply)); diff != "" {
		t.Errorf("the same reply is rendered in two ways:\n%s", diff)
	}
	if reply.Answer.ID != "a/msg_1" {
		t.Error("rendering alters the reply")
	}
	for range 2 { // the second is what a repeated attempt sends
		if id, err := c.Send(t.Context(), p); id != "msg_1-answer" || err != nil {
			t.Fatalf("%q, %v", id, err)
		}
	}
	got := f.AnswersTo("cuoc-rieng")
	if len(got) != 2 || got[0].ID != got[1].ID || got[0].QuestionID != "msg_1" {
		t.Fatalf("%d answers: %+v", len(got), got)
	}
	o := got[0].Answer
	if o.ID != "msg_1" || !o.Answered || o.Text != "Ba khâu. [1]" || o.Citations[0].Quote != "ba <khâu> & đột phá" || o.Citations[0].Location != "Phần II" {
		t.Errorf("the answer object is %+v", o)
	}
}

func TestARemarkBesideAnAnswerIsLeftOut(t *testing.T) {
	_, c := newFake(t, Options{})
	reply := bot.Reply{Aside: true, Address: answerTo("msg_1").Address, Blocks: answerTo("msg_1").Blocks}
	if parts, err := c.Render(reply); len(parts) != 0 || err != nil {
		t.Errorf("%d parts, %v", len(parts), err)
	}
}

func TestWordsThatAnswerNothingAreAnObjectToo(t *testing.T) {
	f, c := newFake(t, Options{})
	reply := answerTo("msg_1")
	reply.Answer = nil
	reply.Blocks = append(reply.Blocks, bot.Block{Kind: bot.BlockQuotation}, bot.Block{Kind: bot.BlockNotice, Text: "Hết."})
	if _, err := c.Send(t.Context(), part(t, c, reply)); err != nil {
		t.Fatal(err)
	}
	if o := f.AnswersTo("cuoc-rieng")[0].Answer; o.Answered || o.Reason == "" || o.Text != "Ba khâu. [1]\n\nHết." {
		t.Errorf("the answer object is %+v", o)
	}
}

func TestWhatThePortalSaysDecides(t *testing.T) {
	inAMinute := testTime().Add(time.Minute).UTC().Format(http.TimeFormat)
	for _, tc := range []struct {
		status  int
		after   string
		want    error         // nil for an error that is tried again on the schedule
		waiting time.Duration // of a RateLimitedError
		says    string
	}{
		{status: 410, want: bot.ErrGone, says: "answered 410"},
		{status: 429, after: "7", waiting: 7 * time.Second},
		{status: 502, after: "7", waiting: 7 * time.Second},
		{status: 503, after: inAMinute, waiting: time.Minute},
		{status: 504, after: "99999999", waiting: maxRetryAfter},
		{status: 429, after: "-1"},
		{status: 429, after: "0"},
		{status: 429, after: "Sun, 22 Nov 2020 08:30:00 GMT"},
		{status: 429},
		{status: 503, after: "bảy"},
		{status: 500, after: "7"},
		{status: 400, says: "answered 400"},
		{status: 401, says: "compare the first secret"},
		{status: 404, says: "check callback"},
		{status: 408},
		{status: 307, says: "redirects are not followed"},
	} {
		f, c := newFake(t, Options{Now: testTime})
		p := part(t, c, answerTo("msg_1"))
		f.AcceptAnyTime()
		f.Refuse("cuoc-rieng", bottest.PortalRefusal{
			Status: tc.status, Header: map[string]string{"Retry-After": tc.after, "Location": f.Callback}, Page: "<html>khoa</html>",
		})
		_, err := c.Send(t.Context(), p)
		var limited *bot.RateLimitedError
		var status interface{ StatusCode() int }
		name := fmt.Sprintf("%d with Retry-After %q", tc.status, tc.after)
		switch isLimited := errors.As(err, &limited); {
		case !errors.As(err, &status) || status.StatusCode() != tc.status:
			t.Errorf("%s: %v, want the status with it", name, err)
		case isLimited != (tc.waiting > 0), isLimited && (limited.After != tc.waiting || limited.Chat != "cuoc-rieng"):
			t.Errorf("%s: %+v, want to wait %s", name, limited, tc.waiting)
		case errors.Is(err, bot.ErrGone) != (tc.want != nil):
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		case !strings.Contains(err.Error(), "portal callback of a: ") || !strings.Contains(err.Error(), tc.says):
			t.Errorf("%s: %v, want %q", name, err, tc.says)
		}
		keepsPrivate(t, err)
		if got := len(f.AttemptsTo("cuoc-rieng")); got != 1 {
			t.Errorf("%s: %d attempts, want 1", name, got)
		}
	}
}

func TestACallbackOnAPrivateAddressIsRefusedUnlessAllowed(t *testing.T) {
	f := bottest.NewPortal(t, "a", secretA)
	_, port, _ := strings.Cut(strings.TrimPrefix(f.URL, "http://"), ":")
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "169.254.169.254"} {
		c := newChannel(t, clientAt("https://"+host+":"+port+"/nhan?khoa=1", false), Options{})
		_, err := c.Send(t.Context(), part(t, c, answerTo("msg_1")))
		if err == nil || !strings.HasPrefix(err.Error(), "portal callback of a: ") || !strings.Contains(err.Error(), ": not a public address: mend the callback, or set allow_private") {
			t.Errorf("%s: %v", host, err)
		}
		keepsPrivate(t, err)
	}
	c := newChannel(t, clientAt(f.Callback, true), Options{})
	if _, err := c.Send(t.Context(), part(t, c, answerTo("msg_1"))); err != nil {
		t.Errorf("allowed: %v", err)
	}
	if got := len(f.AttemptsTo("cuoc-rieng")); got != 1 {
		t.Errorf("%d calls reached the portal, want the one that is allowed", got)
	}
}

func TestACallbackThatDoesNotAnswerIsGivenUpInTime(t *testing.T) {
	f, c := newFake(t, Options{Timeout: 50 * time.Millisecond})
	f.Refuse("cuoc-rieng", bottest.PortalRefusal{Hang: true})
	_, err := c.Send(t.Context(), part(t, c, answerTo("msg_1")))
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	keepsPrivate(t, err)
}

func TestNobodyAtTheCallbackIsSaid(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	c := newChannel(t, clientAt(gone.URL+"/nhan?khoa=1", true), Options{})
	_, err := c.Send(t.Context(), part(t, c, answerTo("msg_1")))
	if err == nil || !strings.Contains(err.Error(), "refused") {
		t.Errorf("got %v", err)
	}
	keepsPrivate(t, err)
}

func TestAnEndlessAnswerIsNotReadToItsEnd(t *testing.T) {
	page := strings.Repeat("khoa", maxAnswer)
	hungUp := make(chan bool, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for range 256 { // 64 MiB, more than any buffer between us holds
			if _, err := fmt.Fprint(w, page); err != nil {
				hungUp <- true
				return
			}
		}
		hungUp <- false
	}))
	t.Cleanup(server.Close)
	c := newChannel(t, clientAt(server.URL, true), Options{})
	if _, err := c.Send(t.Context(), part(t, c, answerTo("msg_1"))); err != nil {
		t.Error(err)
	}
	if !<-hungUp {
		t.Error("all of it was read")
	}
}

func TestAClientThatWasTakenOutOfTheFileIsNamed(t *testing.T) {
	_, c := newFake(t, Options{})
	p := part(t, c, answerTo("msg_1"))
	p.Address.Bot = "z"
	if _, err := c.Send(t.Context(), p); err == nil || errors.Is(err, bot.ErrGone) || !strings.Contains(err.Error(), "HOINQ_PORTAL_CLIENTS") {
		t.Errorf("got %v", err)
	}
}

func TestAPartThatIsNoneOfOursIsRefused(t *testing.T) {
	_, c := newFake(t, Options{})
	_, err := c.Send(t.Context(), bot.Part{Address: bot.Address{Bot: "a"}, Body: []byte("{khoa")})
	if err == nil {
		t.Error("sent")
	}
	keepsPrivate(t, err)
}

// The schedule ends within the day for which a reply is kept.
func TestTheScheduleIsThatOfTheStandard(t *testing.T) {
	var total, last time.Duration
	_, c := newFake(t, Options{})
	for _, pause := range c.Limits().Retries {
		if pause <= last {
			t.Errorf("%s after %s", pause, last)
		}
		total, last = total+pause, pause
	}
	if first := c.Limits().Retries[0]; first != 5*time.Second || total*11/10 > 24*time.Hour || total+last < 24*time.Hour {
		t.Errorf("begins with %s and lasts %s", first, total)
	}
}
