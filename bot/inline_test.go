package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/hoinq/hoinq/bot"
)

// typedBy is what somebody types in another chat, number n of what they type.
func typedBy(user string, n int, text string) bot.Message {
	m := message(fmt.Sprint(user, "/", n), bot.KindInline, text)
	m.User, m.Conversation, m.Address.Chat = user, "inline/"+user, "inline/"+user
	m.ReceivedAt = time.Date(2100, 1, 1, 0, 0, 0, n, time.UTC)
	m.Until = m.ReceivedAt.Add(time.Minute)
	return m
}

func (b *bench) put(t *testing.T, m bot.Message) {
	t.Helper()
	if err := b.Accept(t.Context(), m); err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsTypedFindsPassages(t *testing.T) {
	b := open(t, t.TempDir(), bot.Office{})
	b.put(t, typedBy("u1", 1, "Diện tích chè hữu cơ đạt bao nhiêu?"))
	if got := b.channel.next(t); !strings.HasPrefix(got, "«Diện tích chè hữu cơ đạt 310 ha.»") || strings.Contains(got, "[") {
		t.Errorf("found:\n%s", got)
	}
	b.put(t, typedBy("u1", 2, ""))
	if got := b.channel.next(t); !strings.HasPrefix(got, "Câu hỏi: Diện tích chè hữu cơ đạt bao nhiêu?\n«") {
		t.Errorf("before anything is typed:\n%s", got)
	}
}

func TestWhatIsTypedLeavesNothingBehind(t *testing.T) {
	b := open(t, t.TempDir(), bot.Office{})
	m := typedBy("u1", 1, "Sản lượng chè búp tươi đạt bao nhiêu?")
	m.Conversation = "c7" // even if a channel gave it a conversation
	b.put(t, m)
	b.channel.next(t)
	b.put(t, message("e", bot.KindEdit, "Diện tích chè hữu cơ?")) // of no question
	if got := b.tell(t, "2", bot.KindCommand, "/riengtu"); !strings.Contains(got, "30 phút") {
		t.Errorf("it was remembered:\n%s", got)
	}
}

func TestWhatNobodyWaitsForIsDropped(t *testing.T) {
	b := open(t, t.TempDir(), bot.Office{})
	late := typedBy("u1", 1, "Diện tích chè hữu cơ đạt bao nhiêu?")
	late.Until = time.Now().Add(-time.Second)
	late.Conversation, late.Address.Chat = "c7", "c7" // so that what follows comes after it
	b.put(t, late)
	if got := b.tell(t, "2", bot.KindCommand, "/riengtu"); !strings.Contains(got, "30 phút") {
		t.Errorf("answered too late:\n%s", got)
	}
	if got := testutil.ToFloat64(counterOf(t, b, "hoinq_dead_letters_total")); got != 0 {
		t.Errorf("%v dead letters, want none", got)
	}
}

func TestWhatIsTypedNextOvertakes(t *testing.T) {
	b := open(t, t.TempDir(), bot.Office{})
	newest := typedBy("u1", 9, "Diện tích chè hữu cơ đạt bao nhiêu?")
	b.put(t, newest)
	b.channel.next(t)
	b.put(t, typedBy("u1", 3, "Sản lượng chè búp tươi đạt bao nhiêu?")) // comes late
	b.put(t, typedBy("u1", 10, "Diện tích chè hữu cơ đạt bao nhiêu?"))
	if got := b.channel.next(t); !strings.Contains(got, "310 ha") {
		t.Errorf("what was typed before is answered:\n%s", got)
	}
	b.put(t, typedBy("u2", 1, "Sản lượng chè búp tươi đạt bao nhiêu?"))
	if got := b.channel.next(t); !strings.Contains(got, "4.200 tấn") {
		t.Errorf("somebody else finds:\n%s", got)
	}
}

func TestManyLettersAreNoFlood(t *testing.T) {
	vendor := newSlips()
	vendor.limits.Redelivers = true
	b := openWith(t, t.TempDir(), bot.Office{}, vendor, nil)
	for n := range 200 {
		b.put(t, typedBy("u1", n, "Diện tích chè hữu cơ"))
	}
	b.put(t, to("slips", "other", "other"))
	for got := b.channel.next(t); strings.HasPrefix(got, "«"); got = b.channel.next(t) {
		continue
	}
	b.channel.mu.Lock()
	defer b.channel.mu.Unlock()
	for _, s := range b.channel.sent {
		if strings.Contains(s, "nhanh quá") {
			t.Errorf("told to slow down: %s", s)
		}
	}
}
