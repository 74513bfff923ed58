package bot_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.uber.org/goleak"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/corpus/ingest"
	"github.com/hoinq/hoinq/internal/answer"
	"github.com/hoinq/hoinq/internal/queue"
	"github.com/hoinq/hoinq/retrieval"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/nats-io/nats-server/v2/server.init.0.func1"))
}

// slips is a channel whose vendor passes slips of paper: a request is the JSON
// of a message below the word "signed", and what is sent lies in a list.
type slips struct {
	mu   sync.Mutex
	sent []string
	// fail, if set, answers for the vendor before a slip is taken.
	fail func(p bot.Part) error
	more chan string
	// limits are the vendor's, and lines says that it takes one line a slip.
	limits bot.Limits
	lines  bool
}

func newSlips() *slips { return &slips{more: make(chan string, 1000)} }

func (s *slips) Receive(r *http.Request) ([]bot.Message, error) {
	switch r.Header.Get("Signature") {
	case "signed":
	case "hasty":
		return nil, fmt.Errorf("receive: %w", &bot.TooFastError{After: 1500 * time.Millisecond})
	default:
		return nil, bot.ErrForged
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	var m bot.Message
	if err := json.Unmarshal(body, &m); err != nil {
		return nil, bot.ErrMalformed
	}
	return []bot.Message{m}, nil
}

func (s *slips) Render(r bot.Reply) ([]bot.Part, error) {
	var b strings.Builder
	if r.Aside {
		b.WriteString("Nhân tiện: ")
	}
	for _, block := range r.Blocks {
		if block.Citation != nil {
			fmt.Fprintf(&b, "«%s» %s %s\n", block.Citation.Words, block.Citation.Location, block.Citation.URL)
			continue
		}
		fmt.Fprintln(&b, block.Text)
	}
	for _, button := range r.Buttons {
		fmt.Fprintf(&b, "[%s|%s%s]\n", button.Label, button.Key, button.URL)
	}
	if !s.lines {
		return []bot.Part{{Address: r.Address, Body: []byte(b.String()), Plain: []byte("plain " + b.String())}}, nil
	}
	var parts []bot.Part
	for line := range strings.Lines(b.String()) {
		parts = append(parts, bot.Part{Address: r.Address, Body: []byte(line)})
	}
	return parts, nil
}

func (s *slips) Limits() bot.Limits { return s.limits }

func (s *slips) Send(_ context.Context, p bot.Part) (bot.SentID, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		if err := s.fail(p); err != nil {
			return "", err
		}
	}
	s.sent = append(s.sent, string(p.Body))
	s.more <- string(p.Body)
	return bot.SentID(fmt.Sprint(len(s.sent))), nil
}

// next waits for the next slip.
func (s *slips) next(t *testing.T) string {
	t.Helper()
	select {
	case slip := <-s.more:
		return slip
	case <-time.After(20 * time.Second):
		t.Fatal("nothing was sent")
		return ""
	}
}

const paper = `---
title: Nghị quyết Đại hội Đảng bộ xã Đồi Chè lần thứ IV
kind: nghi-quyet
number: 03-NQ/ĐH
questions:
  - Diện tích chè hữu cơ đạt bao nhiêu?
---

# NGHỊ QUYẾT ĐẠI HỘI ĐẢNG BỘ XÃ ĐỒI CHÈ LẦN THỨ IV

## I. CÁC CHỈ TIÊU ĐẾN NĂM 2028

- Sản lượng chè búp tươi đạt 4.200 tấn một năm.
- Diện tích chè hữu cơ đạt 310 ha.

## II. PHÂN CÔNG

1. Hội Nông dân xã chủ trì tập huấn trồng chè hữu cơ, xong trước ngày 30 tháng 6 năm 2026.
`

// bench is a whole service with one channel.
type bench struct {
	*bot.Service
	channel  *slips
	answerer *bot.Answerer
	registry *prometheus.Registry
	log      *bytes.Buffer
	stop     func()
}

func serving(t *testing.T) bot.Serving {
	t.Helper()
	e, err := ingest.Reader("nghi-quyet.md", strings.NewReader(paper))
	if err != nil {
		t.Fatal(err)
	}
	index, err := retrieval.NewIndex(t.Context(), corpus.NewLibrary(e), retrieval.Options{})
	if err != nil {
		t.Fatal(err)
	}
	composer := answer.NewExtractive(index, answer.Options{})
	return bot.Serving{
		Engine:    answer.NewEngine(slog.New(slog.DiscardHandler), index, composer),
		Starters:  composer.Starters(t.Context(), 3),
		Questions: composer.Questions(),
	}
}

func open(t *testing.T, dir string, office bot.Office) *bench {
	t.Helper()
	return openWith(t, dir, office, newSlips(), nil)
}

// openWith opens a service whose vendor is given, beside another one.
func openWith(t *testing.T, dir string, office bot.Office, channel, other *slips) *bench {
	t.Helper()
	return openChannels(t, dir, office, channel, func(s *slips) map[bot.ChannelID]bot.Channel {
		channels := map[bot.ChannelID]bot.Channel{"slips": s}
		if other != nil {
			channels["other"] = other
		}
		return channels
	})
}

// openOn opens a service whose channel can do more than slips can.
func openOn(t *testing.T, dir string, office bot.Office, channel *slips, with func(*slips) bot.Channel) *bench {
	t.Helper()
	return openChannels(t, dir, office, channel, func(s *slips) map[bot.ChannelID]bot.Channel {
		return map[bot.ChannelID]bot.Channel{"slips": with(s)}
	})
}

func openChannels(t *testing.T, dir string, office bot.Office, channel *slips, channels func(*slips) map[bot.ChannelID]bot.Channel) *bench {
	t.Helper()
	b := &bench{channel: channel, registry: prometheus.NewRegistry(), log: &bytes.Buffer{}}
	log := slog.New(slog.NewTextHandler(&locked{w: b.log}, nil))
	server, err := queue.Open(t.Context(), log, dir)
	if err != nil {
		t.Fatal(err)
	}
	memory, err := bot.OpenMemory(t.Context(), log, server, []byte("key"))
	if err != nil {
		t.Fatal(err)
	}
	metrics := bot.NewMetrics(b.registry)
	b.answerer = bot.NewAnswerer(office, memory, metrics, 2, time.Now)
	b.answerer.Swap(serving(t))
	b.Service, err = bot.NewService(t.Context(), log, server, bot.ServiceParts{
		Conversation: bot.NewConversation(b.answerer, memory), Metrics: metrics, Channels: channels(channel),
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	b.stop = sync.OnceFunc(func() {
		cancel()
		if err := errors.Join(<-done, server.Close()); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(b.stop)
	return b
}

// locked makes a buffer safe for many writers.
type locked struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

func message(id string, kind bot.Kind, text string) bot.Message {
	return bot.Message{
		Channel: "slips", Bot: "b", ID: id, Conversation: "c7", User: "u7", Kind: kind, Text: text,
		Address: bot.Address{Channel: "slips", Bot: "b", Chat: "c7"}, ReceivedAt: time.Now(),
	}
}

// tell puts one message in and returns what comes back.
func (b *bench) tell(t *testing.T, id string, kind bot.Kind, text string) string {
	t.Helper()
	if err := b.Accept(t.Context(), message(id, kind, text)); err != nil {
		t.Fatal(err)
	}
	return b.channel.next(t)
}

func TestAQuestionIsAnsweredWithItsQuotation(t *testing.T) {
	b := open(t, t.TempDir(), bot.Office{PublicURL: "https://hoi.example"})
	got := b.tell(t, "1", bot.KindText, "dien tich che huu co dat bao nhieu")
	for _, want := range []string{
		"310 ha. [1]\n", "«Diện tích chè hữu cơ đạt 310 ha.» Phần I, gạch đầu dòng 2 https://hoi.example/van-ban/nghi-quyet?ban=", "#p-nghi-quyet/",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("reply lacks %q:\n%s", want, got)
		}
	}
}

func TestAQuestionInEnglishIsRepliedToInEnglish(t *testing.T) {
	b := open(t, t.TempDir(), bot.Office{})
	got := b.tell(t, "1", bot.KindText, "What is the organic tea area?")
	for _, want := range []string{"According to ", "Quotations are in Vietnamese", "«Diện tích chè hữu cơ đạt 310 ha.» Phần I, gạch đầu dòng 2"} {
		if !strings.Contains(got, want) {
			t.Errorf("reply lacks %q:\n%s", want, got)
		}
	}
	got = b.tell(t, "2", bot.KindText, "What is the organic tea area in 2035?")
	if want := "The nearest passages found"; !strings.Contains(got, want) || strings.Contains(got, "Đoạn gần nhất") {
		t.Errorf("reply lacks %q, or is in two languages:\n%s", want, got)
	}
}

func TestAFollowUpIsUnderstoodUntilItIsForgotten(t *testing.T) {
	b := open(t, t.TempDir(), bot.Office{})
	b.tell(t, "1", bot.KindText, "Sản lượng chè búp tươi đạt bao nhiêu?")
	if got := b.tell(t, "2", bot.KindText, "Còn diện tích chè hữu cơ?"); !strings.Contains(got, "310 ha") {
		t.Errorf("the follow-up is not understood:\n%s", got)
	}
	if got := b.tell(t, "2a", bot.KindText, "cảm ơn nhé"); strings.Contains(got, "310 ha") || !strings.Contains(got, "không có gì") {
		t.Errorf("thanks are answered:\n%s", got)
	}
	if got := b.tell(t, "3", bot.KindCommand, "/xoa"); !strings.Contains(got, "Đã xóa") {
		t.Errorf("/xoa says:\n%s", got)
	}
	if err := b.Accept(t.Context(), message("4", bot.KindEdit, "Sản lượng chè búp tươi?")); err != nil {
		t.Fatal(err)
	}
	if got := b.tell(t, "5", bot.KindCommand, "/riengtu"); !strings.Contains(got, "30 phút") {
		t.Errorf("after /xoa an edit is answered:\n%s", got)
	}
}

func TestAnEditIsAnsweredWhenItChangesTheLastQuestion(t *testing.T) {
	b := open(t, t.TempDir(), bot.Office{})
	b.tell(t, "1", bot.KindText, "Sản lượng chè búp tươi đạt bao nhiêu?")
	if err := b.Accept(t.Context(), message("2", bot.KindEdit, "Sản lượng chè búp tươi đạt bao nhiêu?")); err != nil {
		t.Fatal(err)
	}
	if got := b.tell(t, "3", bot.KindEdit, "Diện tích chè hữu cơ đạt bao nhiêu?"); !strings.Contains(got, "310 ha") || len(b.channel.sent) != 2 {
		t.Errorf("%d replies, the last:\n%s", len(b.channel.sent), got)
	}
}

func TestCommands(t *testing.T) {
	b := open(t, t.TempDir(), bot.Office{Name: "Văn phòng Đảng ủy xã Đồi Chè", Contact: "0200 000 000"})
	for i, tc := range []struct {
		text string
		want []string
	}{
		{"/start", []string{"Chào anh/chị", "Văn phòng Đảng ủy xã Đồi Chè", "0200 000 000", "Nghị quyết Đại hội Đảng bộ xã Đồi Chè lần thứ IV", "\n1. Diện tích chè hữu cơ đạt bao nhiêu?\n", "[1. Diện tích chè hữu cơ đạt bao nh…|q:"}},
		{"/start tu-cong", []string{"Chào anh/chị"}},
		{"/trogiup", []string{"/vanban", "/xoa", "có dấu hay không dấu"}},
		{"/HELP", []string{"/vanban"}},
		{"/vanban", []string{"[Nghị quyết Đại hội Đảng bộ xã Đồi Chè lần thứ IV|d:"}},
		{"/nguon", []string{"số 03-NQ/ĐH", "Tệp: nghi-quyet.md", "Bản: "}},
		{"/riengtu", []string{"24 giờ", "30 phút", "25 giờ", "7 ngày", "/xoa"}},
		{"/hoi Diện tích chè hữu cơ đạt bao nhiêu?", []string{"310 ha"}},
		{"/hoi", []string{"hỏi gì"}},
		{"/lung tung", []string{"chưa biết lệnh", "/trogiup"}},
	} {
		got := b.tell(t, fmt.Sprint(i), bot.KindCommand, tc.text)
		for _, want := range tc.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: reply lacks %q:\n%s", tc.text, want, got)
			}
		}
	}
	if got := b.tell(t, "f", bot.KindFollow, ""); !strings.Contains(got, "Chào anh/chị") {
		t.Errorf("a follower is greeted with:\n%s", got)
	}
}

// pressed finds the key of the button whose label begins so.
func pressed(t *testing.T, reply, label string) string {
	t.Helper()
	_, rest, ok := strings.Cut(reply, "["+label)
	_, rest, ok2 := strings.Cut(rest, "|")
	key, _, ok3 := strings.Cut(rest, "]")
	if !ok || !ok2 || !ok3 || len(key) > 64 {
		t.Fatalf("no button %q in:\n%s", label, reply)
	}
	return key
}

func TestADocumentIsReadByButtons(t *testing.T) {
	b := open(t, t.TempDir(), bot.Office{})
	list := b.tell(t, "1", bot.KindCommand, "/vanban")
	outline := b.tell(t, "2", bot.KindButton, pressed(t, list, "Nghị quyết"))
	if section := b.tell(t, "3", bot.KindButton, pressed(t, outline, "II. PHÂN CÔNG")); !strings.Contains(section, "tập huấn trồng chè hữu cơ") || strings.Contains(section, "310 ha") {
		t.Errorf("the section is:\n%s", section)
	}
	start := b.tell(t, "4", bot.KindCommand, "/start")
	if got := b.tell(t, "5", bot.KindButton, pressed(t, start, "1. Diện tích")); !strings.Contains(got, "310 ha") || !strings.Contains(got, "Câu hỏi: Diện tích") {
		t.Errorf("the suggested question is answered:\n%s", got)
	}
	if got := b.tell(t, "6", bot.KindButton, "q:0000000000000000"); !strings.Contains(got, "tài liệu cũ") {
		t.Errorf("an unknown button is answered:\n%s", got)
	}
}

func TestTheNoticeAboutTextComesOnce(t *testing.T) {
	b := open(t, t.TempDir(), bot.Office{})
	b.tell(t, "1", bot.KindUnreadable, "")
	if err := b.Accept(t.Context(), message("2", bot.KindUnreadable, "")); err != nil {
		t.Fatal(err)
	}
	b.tell(t, "3", bot.KindCommand, "/trogiup")
	if n := len(b.channel.sent); n != 2 || !strings.Contains(b.channel.sent[0], "gõ câu hỏi bằng chữ") {
		t.Errorf("%d replies, the first:\n%s", n, b.channel.sent[0])
	}
}

func TestARepeatIsAnsweredOnceAlsoAfterARestart(t *testing.T) {
	dir := t.TempDir()
	b := open(t, dir, bot.Office{})
	b.tell(t, "1", bot.KindText, "Diện tích chè hữu cơ đạt bao nhiêu?")
	b.stop()
	b = open(t, dir, bot.Office{})
	for range 2 {
		if err := b.Accept(t.Context(), message("1", bot.KindText, "Diện tích chè hữu cơ đạt bao nhiêu?")); err != nil {
			t.Fatal(err)
		}
	}
	b.tell(t, "2", bot.KindCommand, "/trogiup")
	if n := len(b.channel.sent); n != 1 {
		t.Errorf("%d replies after the restart, want one", n)
	}
	if got := testutil.ToFloat64(counterOf(t, b, "hoinq_repeated_total")); got != 2 {
		t.Errorf("%v repeats counted, want 2", got)
	}
}

// counterOf is a registered counter vector with just one child.
func counterOf(t *testing.T, b *bench, name string) prometheus.Collector {
	t.Helper()
	families, err := b.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	sum := prometheus.NewCounter(prometheus.CounterOpts{Name: "sum"})
	for _, f := range families {
		if f.GetName() == name {
			for _, m := range f.GetMetric() {
				sum.Add(m.GetCounter().GetValue())
			}
		}
	}
	return sum
}

func TestWhatTheVendorSaysDecidesWhatBecomesOfAReply(t *testing.T) {
	for _, tc := range []struct {
		name string
		err  error
		want func(sent []string) bool
	}{
		{"a limit is waited for", &bot.RateLimitedError{After: time.Millisecond, Chat: "c7"}, func(s []string) bool { return len(s) == 2 }},
		{"a limit of the whole channel too", &bot.RateLimitedError{After: time.Millisecond}, func(s []string) bool { return len(s) == 2 }},
		{"markup that is refused is left out", bot.ErrMarkupRefused, func(s []string) bool { return len(s) == 2 && strings.HasPrefix(s[0], "plain ") }},
		{"a chat that has moved is followed", &bot.MovedError{To: "c8"}, func(s []string) bool { return len(s) == 2 }},
		{"who has gone is given up", bot.ErrGone, func(s []string) bool { return len(s) == 1 }},
		{"what is refused for good is given up", bot.ErrRefused, func(s []string) bool { return len(s) == 1 }},
		{"anything else is tried again", errors.New("connection reset"), func(s []string) bool { return len(s) == 2 }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := open(t, t.TempDir(), bot.Office{})
			failed := false
			b.channel.fail = func(bot.Part) error {
				if failed {
					return nil
				}
				failed = true
				return fmt.Errorf("send: %w", tc.err)
			}
			if err := b.Accept(t.Context(), message("1", bot.KindText, "Diện tích chè hữu cơ đạt bao nhiêu?")); err != nil {
				t.Fatal(err)
			}
			for got := b.tell(t, "2", bot.KindCommand, "/riengtu"); !strings.Contains(got, "30 phút"); {
				got = b.channel.next(t)
			}
			if b.channel.mu.Lock(); !tc.want(b.channel.sent) {
				t.Errorf("sent %d:\n%s", len(b.channel.sent), strings.Join(b.channel.sent, "\n---\n"))
			}
			b.channel.mu.Unlock()
		})
	}
}

func post(t *testing.T, h http.Handler, method, signature, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, "/webhooks/slips", strings.NewReader(body))
	r.Header.Set("Signature", signature)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestTheWebhookAnswersByWhatItGot(t *testing.T) {
	dir := t.TempDir()
	b := open(t, dir, bot.Office{})
	h := b.Webhook("slips", http.StatusOK)
	good, err := json.Marshal(message("1", bot.KindText, "Diện tích chè hữu cơ đạt bao nhiêu?"))
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, method, signature, body string
		want                          int
	}{
		{"another method", http.MethodGet, "signed", "", 405},
		{"forged", http.MethodPost, "<script>", string(good), 401},
		{"malformed", http.MethodPost, "signed", "{<script>", 400},
		{"too fast", http.MethodPost, "hasty", string(good), 429},
		{"oversized", http.MethodPost, "signed", strings.Repeat("<script>", bot.MaxBody/8+1), 413},
		{"good", http.MethodPost, "signed", string(good), 200},
	} {
		w := post(t, h, tc.method, tc.signature, tc.body)
		if w.Code != tc.want || strings.Contains(w.Body.String(), "script") {
			t.Errorf("%s: %d %q, want %d and nothing echoed", tc.name, w.Code, w.Body, tc.want)
		}
		if after := w.Header().Get("Retry-After"); (w.Code == 429) != (after == "2") {
			t.Errorf("%s: %d with Retry-After %q", tc.name, w.Code, after)
		}
	}
	b.channel.next(t)
	b.stop()
	if w := post(t, h, http.MethodPost, "signed", string(good)); w.Code != 503 {
		t.Errorf("with the store gone: %d, want 503", w.Code)
	}
	if log := b.log.String(); strings.Contains(log, "chè") || strings.Contains(log, "u7") || strings.Contains(log, "c7") {
		t.Errorf("the log tells of a person:\n%s", log)
	}
}

// A chat whose vendor wants silence for an hour, and that goes on asking.
func TestAFloodFromOneChatIsHeldBackAndNobodyElse(t *testing.T) {
	vendor := newSlips()
	vendor.limits.Redelivers = true
	b := openWith(t, t.TempDir(), bot.Office{}, vendor, nil)
	b.channel.fail = func(p bot.Part) error {
		if p.Address.Chat == "c7" {
			return &bot.RateLimitedError{After: time.Hour, Chat: "c7"}
		}
		return nil
	}
	h := b.Webhook("slips", http.StatusOK)
	send := func(m bot.Message) int {
		body, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		return post(t, h, http.MethodPost, "signed", string(body)).Code
	}
	status := map[int]int{}
	for i := 0; i < 2000 && status[503] == 0; i++ {
		status[send(message(fmt.Sprint(i), bot.KindText, "Diện tích chè hữu cơ?"))]++
	}
	if status[503] == 0 || status[200] < 50 || status[200] > 500 || len(status) != 2 {
		t.Errorf("the flood is answered by %v", status)
	}
	other := message("other", bot.KindText, "Diện tích chè hữu cơ đạt bao nhiêu?")
	other.Conversation, other.Address.Chat = "c8", "c8"
	if got := send(other); got != http.StatusOK {
		t.Fatalf("another chat: %d", got)
	}
	if got := b.channel.next(t); !strings.Contains(got, "310 ha") {
		t.Errorf("another chat is answered:\n%s", got)
	}
}

func TestAnImmenseTextIsStoredInPart(t *testing.T) {
	b := open(t, t.TempDir(), bot.Office{})
	if got := b.tell(t, "1", bot.KindText, strings.Repeat("<", 300_000)); !strings.Contains(got, "dài quá 1000 ký tự") {
		t.Errorf("answered:\n%s", got)
	}
}
