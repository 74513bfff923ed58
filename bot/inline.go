package bot

import (
	"context"
	"maps"
	"strings"
	"sync"
	"time"

	"github.com/hoinq/hoinq/internal/ratelimit"
)

// inline finds passages for what somebody has typed so far in another chat. It
// neither leans on a conversation nor leaves anything for one.
func (c *Conversation) inline(ctx context.Context, m Message) (Reply, error) {
	var reply Reply
	words := strings.TrimSpace(m.Text)
	if words == "" {
		return reply, c.samples(ctx, m, &reply)
	}
	r, err := c.answerer.Ask(ctx, Question{ID: m.ID, Text: words})
	if err != nil {
		return reply, err
	}
	r = c.linked(r)
	reply.quote(r.Citations)
	if len(r.Nearest) > 0 {
		nearest, _ := r.Heads()
		reply.Blocks = append(reply.Blocks, textBlock(BlockNotice, nearest))
		reply.quote(r.Nearest)
	}
	return reply, nil
}

// samples are what the starters find, for somebody who has typed nothing yet.
func (c *Conversation) samples(ctx context.Context, m Message, reply *Reply) error {
	for _, q := range c.answerer.Starters() {
		r, err := c.answerer.Ask(ctx, Question{ID: m.ID, Text: q})
		if err != nil {
			return err
		}
		if r = c.linked(r); len(r.Citations) > 0 {
			reply.Blocks = append(reply.Blocks, textBlock(BlockNotice, askedText+q))
			reply.quote(r.Citations[:1])
		}
	}
	return nil
}

// How much is answered of what one person types: some vendors ask at every
// letter. What is above it is dropped without a word, since the next letter
// asks again.
const (
	typedBurst     = 40
	typedPerSecond = 2
)

// maxTyped is how many people who are typing are remembered.
const maxTyped = 10_000

// typed knows what people have typed last, so that nothing is looked up for
// what was typed before. It knows what came to this process; what came to
// another one may be answered although nobody waits for it. Make one with
// newTyped; it is safe for concurrent use.
type typed struct {
	now   func() time.Time
	limit *ratelimit.Limiter

	mu   sync.Mutex
	last map[string]time.Time // when the last came, by conversation
}

func newTyped(now func() time.Time) *typed {
	return &typed{now: now, limit: ratelimit.New(typedPerSecond, typedBurst, now), last: map[string]time.Time{}}
}

// came notes a message that was accepted.
func (t *typed) came(m Message) {
	if m.Kind != KindInline {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.last) >= maxTyped {
		old := t.now().Add(-time.Minute)
		maps.DeleteFunc(t.last, func(_ string, at time.Time) bool { return at.Before(old) })
	}
	if at, known := t.last[m.group()]; known && m.ReceivedAt.After(at) || !known && len(t.last) < maxTyped {
		t.last[m.group()] = m.ReceivedAt
	}
}

// overtaken reports whether the person has typed something else since.
func (t *typed) overtaken(m Message) bool {
	if m.Kind != KindInline {
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.last[m.group()].After(m.ReceivedAt)
}

// allowed reports whether the person has not typed too much.
func (t *typed) allowed(m Message) bool {
	ok, _ := t.limit.Allow(m.group())
	return ok
}
