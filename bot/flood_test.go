package bot_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hoinq/hoinq/bot"
)

// Somebody sends more than a person does, to a vendor that does not deliver
// again what it is refused.
func TestAFloodIsSlowedWithOneWordAndTheVendorHearsNoRefusal(t *testing.T) {
	b := open(t, t.TempDir(), bot.Office{})
	handler := b.Webhook("slips", http.StatusAccepted)
	const many = 120
	for i := range many {
		body, err := json.Marshal(message(fmt.Sprint(i), bot.KindCommand, "/riengtu"))
		if err != nil {
			t.Fatal(err)
		}
		if w := post(t, handler, http.MethodPost, "signed", string(body)); w.Code != http.StatusAccepted {
			t.Fatalf("message %d: status %d", i, w.Code)
		}
	}
	notices := 0
	for range 21 { // what a person may send at once, and the notice
		if strings.HasPrefix(b.channel.next(t), "Nhân tiện: Anh/chị gửi nhanh quá") {
			notices++
		}
	}
	if notices != 1 {
		t.Errorf("told %d times to slow down, want once", notices)
	}
	// Others are served at once, and whoever wants to be forgotten too.
	if err := b.Accept(t.Context(), to("slips", "other", "other")); err != nil {
		t.Fatal(err)
	}
	b.channel.next(t)
}

// Replies of the same chat still wait for a vendor that takes them one by one.
func TestAFloodIsToldToSlowDownWhileItsRepliesWait(t *testing.T) {
	channel := newSlips()
	channel.limits.PerChat = bot.Rate{Every: 400 * time.Millisecond, Burst: 10}
	b := openWith(t, t.TempDir(), bot.Office{}, channel, nil)
	for i := range 23 {
		if err := b.Accept(t.Context(), message(fmt.Sprint(i), bot.KindCommand, "/riengtu")); err != nil {
			t.Fatal(err)
		}
	}
	for range 21 { // what a person may send at once, and the notice
		if strings.Contains(channel.next(t), "gửi nhanh quá") {
			return
		}
	}
	t.Error("nobody was told to slow down")
}

func TestANumberChoosesAmongWhatWasOfferedLast(t *testing.T) {
	b := open(t, t.TempDir(), bot.Office{})
	if got := b.tell(t, "1", bot.KindText, "1"); strings.Contains(got, "«") {
		t.Errorf("a number is taken for a choice before anything was offered:\n%s", got)
	}
	greeting := b.tell(t, "2", bot.KindCommand, "/start")
	first, ok := cutBetween(greeting, "Ví dụ:\n1. ", "\n")
	if !ok {
		t.Fatalf("the greeting offers nothing:\n%s", greeting)
	}
	for id, text := range map[string]string{"3": "1", "4": " 1. "} {
		if err := b.Accept(t.Context(), message("greet"+id, bot.KindCommand, "/start")); err != nil {
			t.Fatal(err)
		}
		b.channel.next(t)
		if got := b.tell(t, id, bot.KindText, text); !strings.Contains(got, "Câu hỏi: "+first) || !strings.Contains(got, "«") {
			t.Errorf("%q after the greeting is answered with:\n%s", text, got)
		}
	}
	// The outline of a document, chosen from the list of documents, and a part of it.
	b.tell(t, "5", bot.KindCommand, "/vanban")
	outline := b.tell(t, "6", bot.KindText, "1")
	if !strings.Contains(outline, "[I. CÁC CHỈ TIÊU") {
		t.Fatalf("the first document is chosen:\n%s", outline)
	}
	if got := b.tell(t, "7", bot.KindText, "2"); !strings.Contains(got, "«II. PHÂN CÔNG") {
		t.Errorf("the second part is chosen:\n%s", got)
	}
}

// cutBetween returns what stands between two marks.
func cutBetween(s, before, after string) (string, bool) {
	_, rest, ok := strings.Cut(s, before)
	inner, _, end := strings.Cut(rest, after)
	return inner, ok && end
}
