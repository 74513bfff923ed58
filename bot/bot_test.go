package bot

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hoinq/hoinq/corpus"
)

// What lies in a queue on disk comes back as it was.
func TestTheSeamsSurviveJSON(t *testing.T) {
	address := Address{Channel: "telegram", Bot: "hoinq", Chat: "-100", Topic: "7", Message: "42"}
	roundTrip(t, "no message", Message{})
	roundTrip(t, "a message", Message{
		Channel: "telegram", Bot: "hoinq", ID: "123", Conversation: "-100/7", User: "u1", Kind: KindText,
		Text: "Mục đích là gì? <b>&\u2028\x01 \U0001F600", Address: address, ReceivedAt: time.Date(2026, 11, 22, 8, 30, 0, 123456789, time.UTC),
	})
	roundTrip(t, "no reply", Reply{})
	roundTrip(t, "a reply", Reply{
		Address: address,
		Blocks: []Block{
			{Kind: BlockParagraph, Text: "Kế hoạch nêu như sau [1]."},
			{Kind: BlockQuotation, Citation: &corpus.Citation{
				N: 1, Passage: "ke-hoach/1a2b3c4d/I.p1.a", Document: "ke-hoach", Title: "Kế hoạch", Kind: corpus.KindPlan, Edition: "1a2b3c4d",
				Location: "Phần I, đoạn 1, điểm a", Quote: corpus.Quote{Span: corpus.Span{Start: 30, End: 42}, Words: "a) cây đước;"},
				Context: []corpus.Quote{{Span: corpus.Span{Start: 10, End: 28}, Words: "Trồng hai loài:"}}, Score: 7.1,
			}},
			{Kind: BlockNotice, Text: "Đây chưa phải câu trả lời."},
		},
		Buttons: []Button{{Label: "Xem thêm", Key: "more:1"}, {Label: "Nguồn", URL: "https://a.example/?x=1&y=2"}},
	})
	roundTrip(t, "no part", Part{})
	roundTrip(t, "a part", Part{Address: address, Body: []byte("{\"text\":\"<b>bến</b>\"}\x00\xff"), Plain: []byte("bến")})
}

func roundTrip[T any](t *testing.T, name string, value T) {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var back T
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if diff := cmp.Diff(back, value); diff != "" {
		t.Errorf("%s (-got +want):\n%s", name, diff)
	}
}

func TestTheErrorsOfAChannelAreToldApartThroughWraps(t *testing.T) {
	limited, moved := &RateLimitedError{After: 3 * time.Second, Chat: "-100"}, &MovedError{To: "-200"}
	known := []error{ErrForged, ErrGone, ErrMarkupRefused, limited, moved}
	for i, err := range known {
		wrapped := fmt.Errorf("send part 7: %w", fmt.Errorf("telegram: %w", err))
		for j, other := range known {
			if got := errors.Is(wrapped, other); got != (i == j) {
				t.Errorf("%v is %v: %v", wrapped, other, got)
			}
		}
		var l *RateLimitedError
		if got := errors.As(wrapped, &l); got != errors.Is(err, limited) || got && (l.After != 3*time.Second || l.Chat != "-100") {
			t.Errorf("%v as a rate limit: %v, %+v", wrapped, got, l)
		}
		var m *MovedError
		if got := errors.As(wrapped, &m); got != errors.Is(err, moved) || got && m.To != "-200" {
			t.Errorf("%v as a move: %v, %+v", wrapped, got, m)
		}
	}
}

// Errors go to the log, where the ids of chats do not belong.
func TestTheErrorsNameNoChat(t *testing.T) {
	for _, err := range []error{&RateLimitedError{After: time.Minute, Chat: "-100"}, &MovedError{To: "-100"}} {
		if text := err.Error(); text == "" || strings.Contains(text, "-100") {
			t.Errorf("error %q", text)
		}
	}
	if got, want := (&RateLimitedError{After: time.Minute}).Error(), "rate limited for 1m0s"; got != want {
		t.Errorf("error %q, want %q", got, want)
	}
}
