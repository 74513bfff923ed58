package bot

import (
	"sync"
	"time"
)

const (
	// sendWorkers is how many parts of one account are on their way at the same
	// time, where its channel does not say ([Limits.AtOnce]). Most of a worker's
	// time is waiting for the vendor, some 100 ms, and no vendor takes more than
	// 30 messages a second.
	sendWorkers = 8
	// maxWorkers is the most of all accounts together.
	maxWorkers = 256
)

// The pause before another look whether there is room: longer the more were
// turned away since there was, so that a long backlog costs no processor.
const (
	firstLook = 200 * time.Millisecond
	lastLook  = 5 * time.Second
	lookStep  = 50 // turned away, for each of which looks become rarer by firstLook
)

// workers is how many parts a channel may have on their way.
func (l Limits) workers() int { return l.lane() * max(1, l.Accounts) }

// lane is how many of them are of one account.
func (l Limits) lane() int {
	if l.AtOnce > 0 {
		return l.AtOnce
	}
	return sendWorkers
}

// lanes keep room for the parts of each account that are on their way, so that
// one whose vendor hangs holds up no other. Make them with newLanes; they are
// safe for concurrent use.
type lanes struct {
	limits map[ChannelID]Limits

	mu     sync.Mutex
	busy   map[account]int
	turned map[account]int // away, since there was room
}

type account struct {
	channel ChannelID
	bot     string
}

func newLanes() *lanes {
	return &lanes{limits: map[ChannelID]Limits{}, busy: map[account]int{}, turned: map[account]int{}}
}

// enter takes room for a part, until leave; or it says how long to wait.
func (l *lanes) enter(to Address) (leave func(), wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	of := account{to.Channel, to.Bot}
	if l.busy[of] >= l.limits[to.Channel].lane() {
		l.turned[of]++
		return nil, min(firstLook*time.Duration(1+l.turned[of]/lookStep), lastLook)
	}
	l.busy[of]++
	delete(l.turned, of)
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.busy[of]--; l.busy[of] == 0 {
			delete(l.busy, of)
		}
	}, 0
}
