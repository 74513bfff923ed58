package bot

import (
	"maps"
	"sync"
	"time"

	"github.com/hoinq/hoinq/internal/ratelimit"
)

// pacer keeps the [Limits] of one channel. It holds nobody up: a part that must
// wait is told how long, goes back to the outbox and asks again, so that a chat
// that waits holds back only itself and a channel that waits only its own
// chats. Make one with newPacer; it is safe for concurrent use.
type pacer struct {
	limits        Limits
	replicas      func() int
	now           func() time.Time
	chats, groups *ratelimit.Limiter // nil where there is no limit

	mu   sync.Mutex
	line line
}

func newPacer(limits Limits, replicas func() int, now func() time.Time) *pacer {
	if replicas == nil {
		replicas = func() int { return 1 }
	}
	return &pacer{
		limits: limits, replicas: replicas, now: now,
		chats: limiter(limits.PerChat, now), groups: limiter(limits.PerGroup, now),
		line: line{at: now(), last: -1, tickets: map[string]float64{}},
	}
}

func limiter(r Rate, now func() time.Time) *ratelimit.Limiter {
	if r.Every <= 0 {
		return nil
	}
	return ratelimit.New(1/r.Every.Seconds(), max(r.Burst, 1), now)
}

// admit lets a part go, which is then counted as sent, and returns 0; or it
// returns after how long the part, known by its id in the outbox, is to ask
// again.
//
// A chat has one part at a time here, since the outbox keeps its order. So it
// joins the line of the channel only when its own limit lets it, and that is
// still so when its turn comes.
func (p *pacer) admit(id string, to Address) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.limits.Free != nil && p.limits.Free(to.Chat) {
		return 0
	}
	own, chat := p.chats, to.Bot+"/"+to.Chat
	if p.limits.Group != nil && p.limits.Group(to.Chat) {
		own = p.groups
	}
	if own != nil {
		if wait := own.Wait(chat); wait > 0 {
			return wait
		}
	}
	if p.limits.PerSecond > 0 {
		perSecond := p.limits.PerSecond / float64(max(p.replicas(), 1))
		if wait := p.line.wait(id, p.now(), perSecond); wait > 0 {
			return wait
		}
	}
	if own != nil {
		own.Allow(chat)
	}
	return 0
}

const (
	// askAgain is how long a part waits at most before it asks again: the rate
	// may have risen in the meantime.
	askAgain = 30 * time.Second
	// maxTickets is how many places in a line are remembered: more than parts
	// can be in hand. A place is left over when its part never asks again,
	// because another process took the part over; its turn passes unused.
	maxTickets = 50_000
)

// line lets parts go one after the other, in the order in which they first
// asked, so many turns a second. It counts in turns and not in moments, so that
// those who wait already go slower or faster when the rate changes.
//
// The count stands at the turn of the part that goes, however late that is: a
// process that was held up does not make up for it in a burst.
type line struct {
	turn    float64            // whose turn it was at the moment at
	at      time.Time          // when somebody asked last
	next    float64            // the first turn that nobody has
	last    float64            // the turn in which the last part went
	tickets map[string]float64 // turns of those who wait
}

// wait lets a part go and returns 0, or says how long it has to wait.
func (l *line) wait(id string, now time.Time, perSecond float64) time.Duration {
	l.turn += perSecond * max(now.Sub(l.at), 0).Seconds()
	l.at = now
	ticket, waiting := l.tickets[id]
	if !waiting {
		ticket = max(l.turn, l.next)
		l.next = ticket + 1
	}
	due := max(ticket, l.last+1) // the later when others overtook it
	if due > l.turn {
		l.remember(id, ticket)
		// A microsecond more, for what is lost by rounding.
		wait := time.Duration((due-l.turn)/perSecond*float64(time.Second)) + time.Microsecond
		return min(wait, askAgain)
	}
	delete(l.tickets, id)
	l.turn, l.last = due, due
	return 0
}

// remember keeps a place. When there are too many, those that were missed are
// dropped: should one of these parts ask again, it joins the line at its end.
func (l *line) remember(id string, ticket float64) {
	if len(l.tickets) >= maxTickets {
		maps.DeleteFunc(l.tickets, func(_ string, t float64) bool { return t < l.turn })
	}
	if len(l.tickets) < maxTickets {
		l.tickets[id] = ticket
	}
}
