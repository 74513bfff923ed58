package bot_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hoinq/hoinq/bot"
)

// to is a message of a chat of its own.
func to(channel bot.ChannelID, chat, id string) bot.Message {
	m := message(id, bot.KindCommand, "/riengtu")
	m.Channel, m.Conversation, m.User = channel, chat, chat
	m.Address.Channel, m.Address.Chat = channel, chat
	return m
}

func TestAReplyLongerThanTheBurstArrivesWholeAndInOrder(t *testing.T) {
	whole := open(t, t.TempDir(), bot.Office{}).tell(t, "1", bot.KindCommand, "/riengtu")
	vendor := newSlips()
	vendor.lines, vendor.limits = true, bot.Limits{PerSecond: 200, PerChat: bot.Rate{Every: 20 * time.Millisecond, Burst: 2}}
	b := openWith(t, t.TempDir(), bot.Office{}, vendor, nil)
	got := b.tell(t, "1", bot.KindCommand, "/riengtu")
	for range strings.Count(whole, "\n") - 1 {
		got += vendor.next(t)
	}
	if got != whole || len(vendor.sent) < 4 {
		t.Errorf("in %d slips:\n%s\nwant:\n%s", len(vendor.sent), got, whole)
	}
}

// More chats wait than there are workers, each of which would hold one if it
// were waited for in sending.
func TestAChatThatWaitsHoldsBackOnlyItself(t *testing.T) {
	vendor := newSlips()
	vendor.limits = bot.Limits{PerChat: bot.Rate{Every: time.Hour, Burst: 1}}
	b := openWith(t, t.TempDir(), bot.Office{}, vendor, nil)
	const waiting = 40
	for round := range 2 {
		for chat := range waiting {
			if err := b.Accept(t.Context(), to("slips", fmt.Sprint("c", chat), fmt.Sprint(round, "/", chat))); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := b.Accept(t.Context(), to("slips", "last", "last")); err != nil {
		t.Fatal(err)
	}
	for range waiting + 1 {
		vendor.next(t)
	}
}

func TestAChannelThatWaitsHoldsBackOnlyItself(t *testing.T) {
	slow, other := newSlips(), newSlips()
	slow.limits = bot.Limits{PerSecond: 1.0 / 3600}
	b := openWith(t, t.TempDir(), bot.Office{}, slow, other)
	const waiting = 40
	for chat := range waiting {
		if err := b.Accept(t.Context(), to("slips", fmt.Sprint("c", chat), fmt.Sprint(chat))); err != nil {
			t.Fatal(err)
		}
	}
	slow.next(t)
	for chat := range waiting {
		if err := b.Accept(t.Context(), to("other", fmt.Sprint("c", chat), fmt.Sprint(chat))); err != nil {
			t.Fatal(err)
		}
	}
	for range waiting {
		other.next(t)
	}
	if slow.mu.Lock(); len(slow.sent) != 1 {
		t.Errorf("%d were sent on the channel that takes one an hour", len(slow.sent))
	}
	slow.mu.Unlock()
}

// One vendor hangs with more parts on their way than there are workers for it.
func TestAVendorThatHangsHoldsUpNoOther(t *testing.T) {
	hanging, other := newSlips(), newSlips()
	release := make(chan struct{})
	hanging.fail = func(bot.Part) error { <-release; return nil }
	b := openWith(t, t.TempDir(), bot.Office{}, hanging, other)
	t.Cleanup(func() { close(release) })
	for chat := range 40 {
		if err := b.Accept(t.Context(), to("slips", fmt.Sprint("c", chat), fmt.Sprint(chat))); err != nil {
			t.Fatal(err)
		}
	}
	for chat := range 20 {
		if err := b.Accept(t.Context(), to("other", fmt.Sprint("c", chat), fmt.Sprint(chat))); err != nil {
			t.Fatal(err)
		}
		other.next(t)
	}
}

// Of one channel one account hangs, as a portal among others.
func TestAnAccountThatHangsHoldsUpNoOther(t *testing.T) {
	vendor := &forked{slips: newSlips(), release: make(chan struct{})}
	vendor.limits = bot.Limits{AtOnce: 2, Accounts: 2}
	b := openOn(t, t.TempDir(), bot.Office{}, vendor.slips, func(*slips) bot.Channel { return vendor })
	t.Cleanup(func() { close(vendor.release) })
	tell := func(account string, chat int) {
		m := to("slips", fmt.Sprint(account, chat), fmt.Sprint(account, chat))
		m.Bot, m.Address.Bot = account, account
		if err := b.Accept(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	for chat := range 20 {
		tell("hangs", chat)
	}
	for chat := range 10 {
		tell("answers", chat)
		vendor.next(t)
	}
}

// forked is a vendor one of whose accounts hangs.
type forked struct {
	*slips
	release chan struct{}
}

func (f *forked) Send(ctx context.Context, p bot.Part) (bot.SentID, error) {
	if p.Address.Bot == "hangs" {
		<-f.release
		return "", nil
	}
	return f.slips.Send(ctx, p)
}
