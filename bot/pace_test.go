package bot

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// vendorClock is a time that stands until it is moved.
type vendorClock struct{ t time.Time }

func (c *vendorClock) now() time.Time { return c.t }

// departure is a part that was let go.
type departure struct {
	chat string
	part int
	at   time.Time
}

// asking is the first part of a chat that is not sent yet, and when it asks.
type asking struct {
	chat       string
	part, left int
	at         time.Time
}

// deliver plays the outbox: each chat's parts go one after the other, asking
// again when they are told to, late by what the machine needs. It fails when
// they do not all go.
func deliver(t rapid.TB, p *pacer, clock *vendorClock, chats []asking, late, latency func() time.Duration) []departure {
	var out []departure
	for steps := 0; len(chats) > 0; steps++ {
		if steps > 1_000_000 {
			t.Fatalf("%d chats wait for ever", len(chats))
		}
		slices.SortStableFunc(chats, func(a, b asking) int { return a.at.Compare(b.at) })
		c := &chats[0]
		if c.at.After(clock.t) {
			clock.t = c.at
		}
		if wait := p.admit(fmt.Sprint(c.chat, "#", c.part), Address{Chat: c.chat}); wait > 0 {
			c.at = clock.t.Add(wait + late())
			continue
		}
		out = append(out, departure{c.chat, c.part, clock.t})
		c.part++
		c.at = clock.t.Add(latency() + late())
		if c.left--; c.left == 0 {
			chats = chats[1:]
		}
	}
	return out
}

// most checks that no span of time holds more events than a rate allows.
func most(t rapid.TB, what string, r Rate, at []time.Time) {
	const rounding = time.Microsecond
	for i := range at {
		for j := i; j < len(at); j++ {
			if n, allowed := j-i+1, r.Burst+int((at[j].Sub(at[i])+rounding)/r.Every); n > allowed {
				t.Fatalf("%s: %d in %s, want %d at most", what, n, at[j].Sub(at[i]), allowed)
			}
		}
	}
}

func TestNoSpanOfTimeHoldsMoreThanTheLimits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rate := func(name string) Rate {
			return Rate{
				Every: time.Duration(rapid.IntRange(1, 4000).Draw(t, name+" every")) * time.Millisecond,
				Burst: rapid.IntRange(1, 5).Draw(t, name+" burst"),
			}
		}
		limits := Limits{
			PerSecond: float64(rapid.IntRange(1, 50).Draw(t, "a second")),
			PerChat:   rate("chat"), PerGroup: rate("group"),
			Group: func(chat string) bool { return chat[0] == '-' },
		}
		replicas := rapid.IntRange(0, 3).Draw(t, "replicas")
		clock := &vendorClock{t: time.Unix(1_000_000, 0)}
		var chats []asking
		for i, parts := range rapid.SliceOfN(rapid.IntRange(1, 12), 1, 12).Draw(t, "parts") {
			chat := fmt.Sprint(i + 1)
			if rapid.Bool().Draw(t, "group") {
				chat = "-" + chat
			}
			after := time.Duration(rapid.IntRange(0, 2000).Draw(t, "after")) * time.Millisecond
			chats = append(chats, asking{chat: chat, left: parts, at: clock.t.Add(after)})
		}
		// The machine is late by little, and now and then by a lot.
		lateness := rapid.SampledFrom([]time.Duration{0, 0, time.Millisecond, 40 * time.Millisecond, 5 * time.Second})
		latency := rapid.SampledFrom([]time.Duration{0, 100 * time.Millisecond, 20 * time.Second})
		sent := deliver(t, newPacer(limits, func() int { return replicas }, clock.now), clock, chats,
			func() time.Duration { return lateness.Draw(t, "late") },
			func() time.Duration { return latency.Draw(t, "latency") })

		all, byChat := []time.Time{}, map[string][]time.Time{}
		for _, d := range sent {
			all = append(all, d.at)
			byChat[d.chat] = append(byChat[d.chat], d.at)
		}
		most(t, "over all chats", Rate{Every: time.Duration(float64(time.Second) / limits.PerSecond * float64(max(replicas, 1))), Burst: 1}, all)
		for chat, at := range byChat {
			if limits.Group(chat) {
				most(t, "to a group", limits.PerGroup, at)
			} else {
				most(t, "to a chat", limits.PerChat, at)
			}
		}
	})
}

func never() time.Duration { return 0 }

// crowd are chats with one part each, which ask in their order.
func crowd(n int, from time.Time) []asking {
	var chats []asking
	for i := range n {
		chats = append(chats, asking{chat: fmt.Sprint(i), left: 1, at: from.Add(time.Duration(i) * time.Microsecond)})
	}
	return chats
}

func TestWhoAsksFirstGoesFirstAndNoTurnIsWasted(t *testing.T) {
	clock := &vendorClock{t: time.Unix(1_000_000, 0)}
	begin := clock.t
	sent := deliver(t, newPacer(Limits{PerSecond: 30}, nil, clock.now), clock, crowd(300, begin), never, never)
	for i, d := range sent {
		if d.chat != fmt.Sprint(i) {
			t.Fatalf("chat %s goes as number %d", d.chat, i)
		}
	}
	if took := clock.t.Sub(begin); took > 10*time.Second {
		t.Errorf("300 parts took %s, want some 10s", took)
	}
}

// Who was told to wait for a minute asks again before that.
func TestAHigherRateReachesThoseWhoWait(t *testing.T) {
	clock := &vendorClock{t: time.Unix(1_000_000, 0)}
	begin := clock.t
	replicas := func() int {
		if clock.t.Sub(begin) < 5*time.Second {
			return 3
		}
		return 1
	}
	deliver(t, newPacer(Limits{PerSecond: 30}, replicas, clock.now), clock, crowd(600, begin), never, never)
	if took := clock.t.Sub(begin); took > 42*time.Second {
		t.Errorf("600 parts took %s, want 40s: half a minute at a third of the rate, then 300 parts at the whole", took)
	}
}

// Half of the parts are sent when two more replicas come, a quarter when they
// are gone again: those who wait already follow the rate.
func TestTheRateIsSharedAmongTheReplicasAlive(t *testing.T) {
	clock := &vendorClock{t: time.Unix(1_000_000, 0)}
	begin := clock.t
	replicas := func() int {
		if passed := clock.t.Sub(begin); passed >= 10*time.Second && passed < 25*time.Second {
			return 3
		}
		return 1
	}
	counts := map[int]int{}
	for _, d := range deliver(t, newPacer(Limits{PerSecond: 30}, replicas, clock.now), clock, crowd(600, begin), never, never) {
		counts[int(d.at.Sub(begin)/(5*time.Second))]++
	}
	for slot, want := range []int{150, 150, 50, 50, 50, 150} {
		if got := counts[slot]; slot < 5 && (got < want-5 || got > want) || slot == 5 && got == 0 {
			t.Errorf("from second %d on %d parts in five seconds, want %d", 5*slot, got, want)
		}
	}
}

// A process that stood still does not send in one go what it missed.
func TestWhatWasMissedIsNotMadeUpFor(t *testing.T) {
	clock := &vendorClock{t: time.Unix(1_000_000, 0)}
	p := newPacer(Limits{PerSecond: 10}, nil, clock.now)
	for i := range 50 {
		p.admit(fmt.Sprint(i), Address{})
	}
	clock.t = clock.t.Add(time.Minute)
	went := 0
	for i := range 50 {
		if p.admit(fmt.Sprint(i), Address{}) == 0 {
			went++
		}
	}
	if went != 1 {
		t.Errorf("%d parts went at once", went)
	}
}

func TestThePlacesInLineAreBounded(t *testing.T) {
	clock := &vendorClock{t: time.Unix(1_000_000, 0)}
	p := newPacer(Limits{PerSecond: 1000}, nil, clock.now)
	for i := range maxTickets + 100 {
		p.admit(fmt.Sprint(i), Address{})
	}
	if n := len(p.line.tickets); n != maxTickets {
		t.Errorf("%d places are kept, want %d", n, maxTickets)
	}
	clock.t = clock.t.Add(time.Hour)
	p.admit("first", Address{})
	if p.admit("second", Address{}); len(p.line.tickets) != 1 {
		t.Errorf("%d places are kept though all were missed", len(p.line.tickets))
	}
}
