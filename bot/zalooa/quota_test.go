package zalooa

import (
	"errors"
	"hash/maphash"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hoinq/hoinq/bot"
)

// charged counts the messages for which the vendor took money.
func (b *bench) charged() (n int) {
	for _, m := range b.vendor.MessagesTo(testUser) {
		if m.Charged {
			n++
		}
	}
	return n
}

func TestWhatWouldBeChargedIsNotSent(t *testing.T) {
	b := newBench(t)
	b.vendor.Count(8)
	for i := range 8 {
		if _, err := b.Send(t.Context(), part(t, b.Channel)); err != nil {
			t.Fatalf("free message %d: %v", i+1, err)
		}
	}
	if asked := b.vendor.Calls(askCall); asked != 0 {
		t.Errorf("asked %d times while messages were free", asked)
	}
	for range 2 {
		_, err := b.Send(t.Context(), part(t, b.Channel))
		if !errors.Is(err, bot.ErrRefused) || !strings.Contains(err.Error(), "HOINQ_ZALO_OA_PAID") {
			t.Errorf("the ninth: %v, want ErrRefused", err)
		}
		keepsPrivate(t, b, err)
	}
	if got := len(b.vendor.MessagesTo(testUser)); got != 8 || b.charged() != 0 {
		t.Errorf("%d messages, %d of them charged", got, b.charged())
	}
	b.vendor.Count(9) // the person wrote again
	if _, err := b.Send(t.Context(), part(t, b.Channel)); err != nil {
		t.Errorf("free again: %v", err)
	}
}

func TestWhatIsAllowedToBeChargedIsSent(t *testing.T) {
	b := newBench(t)
	b.vendor.Count(1)
	b.opt.Paid = true
	for range 3 {
		if _, err := b.Send(t.Context(), part(t, b.Channel)); err != nil {
			t.Fatal(err)
		}
	}
	if b.charged() != 2 || b.vendor.Calls(askCall) != 0 {
		t.Errorf("%d charged after asking %d times, want 2 and 0", b.charged(), b.vendor.Calls(askCall))
	}
}

func TestAReplyThatHasWaitedIsAskedAbout(t *testing.T) {
	for name, c := range map[string]struct {
		waited, silent time.Duration
		asked          int
		want           error
	}{
		"a day":                                   {24 * time.Hour, 24 * time.Hour, 0, nil},
		"two days":                                {48 * time.Hour, 48 * time.Hour, 1, bot.ErrRefused},
		"two days, of a person who writes":        {48 * time.Hour, time.Hour, 1, nil},
		"a week, since the machine was off":       {7 * 24 * time.Hour, 7 * 24 * time.Hour, 1, bot.ErrRefused},
		"nobody knows how long":                   {0, time.Hour, 0, nil},
		"two days but for a moment, by our clock": {47*time.Hour + 30*time.Minute, 46 * time.Hour, 1, nil},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.vendor.Know(testUser, b.clock.now().Add(-c.silent))
			p := part(t, b.Channel)
			if c.waited > 0 {
				p.AcceptedAt = b.clock.now().Add(-c.waited)
			}
			_, err := b.Send(t.Context(), p)
			if !errors.Is(err, c.want) || b.vendor.Calls(askCall) != c.asked {
				t.Errorf("%v after asking %d times, want %v after %d", err, b.vendor.Calls(askCall), c.want, c.asked)
			}
			if b.charged() != 0 {
				t.Error("the vendor charged for it")
			}
		})
	}
}

// By the rule of 2026 nothing is counted. What a chat may then cost is asked
// once, not for every message.
func TestWhereNothingIsCountedItIsAskedOnce(t *testing.T) {
	b := newBench(t)
	for range 5 {
		if _, err := b.Send(t.Context(), part(t, b.Channel)); err != nil {
			t.Fatal(err)
		}
	}
	if asked := b.vendor.Calls(askCall); asked != 1 {
		t.Errorf("asked %d times, want once", asked)
	}
	b.clock.turn(47 * time.Hour)
	b.vendor.Know(testUser, b.clock.now())
	if _, err := b.Send(t.Context(), part(t, b.Channel)); err != nil || b.vendor.Calls(askCall) != 2 {
		t.Errorf("two days later: %v after asking %d times, want 2", err, b.vendor.Calls(askCall))
	}
	if said := strings.Count(b.log.String(), "no free quota"); said != 1 {
		t.Errorf("said %d times, want once:\n%s", said, b.log)
	}
}

func TestDoubtsAreBoundedAndHoldNobody(t *testing.T) {
	q := &quotas{seed: maphash.MakeSeed(), chats: map[uint64]standing{}}
	now := time.Now()
	for i := range maxDoubts + 5 {
		q.doubt(strconv.Itoa(i), now, time.Time{})
	}
	if len(q.chats) != maxDoubts || !q.doubtful(strconv.Itoa(maxDoubts+4), now) {
		t.Errorf("%d are remembered, want %d with the last", len(q.chats), maxDoubts)
	}
	later := now.Add(freeFor)
	if q.doubtful(strconv.Itoa(maxDoubts+4), later) {
		t.Error("a doubt has no end")
	}
	q.doubt("new", later, time.Time{})
	if len(q.chats) != 1 {
		t.Errorf("%d are remembered after their time", len(q.chats))
	}
}
