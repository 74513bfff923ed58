package queue

import (
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// maxHeld is how many items are in hand at most. What is beyond waits on disk.
const maxHeld = 20_000

// hand is what one process has in hand of a stream: items that the server
// handed out and that are not removed yet, by group, each group in order.
type hand struct {
	// ready has the groups whose first item may be worked on.
	ready chan *group

	mu     sync.Mutex
	groups map[string]*group
	// items are all items in hand, by sequence: also those that are done and
	// whose removal is not confirmed.
	items map[uint64]*held
	// consumed are the partitions that the server hands out to us.
	consumed [partitions]bool
	// running counts the items that are worked on, by partition.
	running [partitions]int
}

// group are the items of one group that are in hand, in order. One worker at a
// time has it.
type group struct {
	key       string
	partition int
	items     []*held
	// dropped: the group's partition is not ours any more.
	dropped bool
	// timer is set while the group waits for the next try of its first item.
	timer *time.Timer
}

// held is an item in hand.
type held struct {
	Delivery
	partition int
	since     time.Time // when it came in hand
	failures  int
	noted     bool // as seen
	// Guarded by hand.mu:
	msg    jetstream.Msg // its last delivery, through which it can be removed
	done   bool
	purged bool
}

func newHand(workers int) *hand {
	return &hand{
		// A group is in it at most once; beside those that are ours there are
		// those that were dropped while they were in it.
		ready:  make(chan *group, 2*(maxHeld+workers)),
		groups: map[string]*group{}, items: map[uint64]*held{},
	}
}

// take puts an item at the end of its group. It returns an item that is done
// already and was handed out again because its removal failed.
func (h *hand) take(item *held) (done *held) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.consumed[item.partition] {
		return nil // from a consumer that is given up
	}
	if known := h.items[item.sequence]; known != nil {
		known.msg = item.msg
		if known.done {
			return known
		}
		return nil
	}
	h.items[item.sequence] = item
	g := h.groups[item.Group]
	if g == nil {
		g = &group{key: item.Group, partition: item.partition}
		h.groups[item.Group] = g
		h.ready <- g
	}
	g.items = append(g.items, item)
	return nil
}

// begin returns the first item of a group, to be worked on; nil when there is
// nothing to do.
func (h *hand) begin(g *group) *held {
	h.mu.Lock()
	defer h.mu.Unlock()
	if g.dropped {
		return nil
	}
	if g.items[0].purged {
		h.next(g)
		return nil
	}
	h.running[g.partition]++
	return g.items[0]
}

// end passes a group on after work on its first item: at once when that is
// done, else after a while.
func (h *hand) end(g *group, wait time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.running[g.partition]--
	switch {
	case g.dropped:
	case wait == 0 || g.items[0].purged:
		h.next(g)
	default:
		g.timer = time.AfterFunc(wait, func() {
			h.mu.Lock()
			defer h.mu.Unlock()
			if !g.dropped && g.timer != nil {
				g.timer = nil
				h.ready <- g
			}
		})
	}
}

// next passes a group on to its next item.
func (h *hand) next(g *group) {
	if first := g.items[0]; first.purged {
		delete(h.items, first.sequence)
	}
	g.items = g.items[1:]
	if len(g.items) == 0 {
		delete(h.groups, g.key)
		return
	}
	h.ready <- g
}

// purge marks the items of an owner as not to be worked on, but for those that
// are worked on.
func (h *hand) purge(owner string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, item := range h.items {
		if item.Owner == owner {
			item.purged = true
		}
	}
	for _, g := range h.groups {
		if g.timer != nil && g.items[0].purged { // those behind it need not wait
			g.timer.Stop()
			g.timer = nil
			h.ready <- g
		}
	}
}

// keep drops all groups but those of some partitions, which the server hands
// out from now on. What is worked on goes on.
func (h *hand) keep(owned [partitions]bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.consumed = owned
	for key, g := range h.groups {
		if !owned[g.partition] {
			g.dropped = true
			delete(h.groups, key)
		}
	}
	for sequence, item := range h.items {
		if !owned[item.partition] {
			delete(h.items, sequence)
		}
	}
}

// has reports whether an item is in hand.
func (h *hand) has(item *held) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.items[item.sequence] == item
}

// removed forgets an item that the server has removed.
func (h *hand) removed(item *held) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.items[item.sequence] == item {
		delete(h.items, item.sequence)
	}
}

// finish marks an item as done and returns the message to remove it with.
func (h *hand) finish(item *held) jetstream.Msg {
	h.mu.Lock()
	defer h.mu.Unlock()
	item.done = true
	return item.msg
}

// holds reports whether items of a partition may come in or are worked on.
func (h *hand) holds(p int) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.consumed[p] || h.running[p] > 0
}
