package zalooa

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"maps"
	"strconv"
	"sync"
	"time"

	"github.com/hoinq/hoinq/bot"
)

// quotaPath tells what is left of a person's free messages.
const quotaPath = "/v3.0/oa/quota/message"

const (
	// freeFor is how long after a person's last message replies are free.
	freeFor = 48 * time.Hour
	// surelyFree is how long that is without a doubt, whatever the clocks say.
	surelyFree = freeFor - time.Hour
	// maxDoubts is how many people are remembered whose next reply may be
	// charged. Of more, some are forgotten.
	maxDoubts = 10_000
)

// taken is the quota that a message was taken from. Of its kinds, messages
// that were bought ("purchase_quota") are as good as charged.
type taken struct {
	Kind   word `json:"quota_type"`
	Remain word `json:"remain"`
}

const bought = "purchase_quota"

// standing is what is known of a person whose next reply may be charged.
type standing struct {
	// until is when it ceases to matter.
	until time.Time
	// free is until when the vendor has said that there is no charge.
	free time.Time
}

// quotas remembers whose next reply may be charged, under numbers that lead
// back to nobody.
type quotas struct {
	seed maphash.Seed

	mu    sync.Mutex
	chats map[uint64]standing
	told  bool // that the vendor named no free quota
}

// doubtful reports whether the next reply in a chat may be charged.
func (q *quotas) doubtful(chat string, now time.Time) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	s, known := q.chats[maphash.String(q.seed, chat)]
	return known && now.Before(s.until) && !now.Before(s.free)
}

// settle removes all doubts about a chat.
func (q *quotas) settle(chat string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.chats, maphash.String(q.seed, chat))
}

// doubt remembers that the next reply in a chat may be charged, unless the
// vendor has said until when it is not.
func (q *quotas) doubt(chat string, now time.Time, free time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	key := maphash.String(q.seed, chat)
	s, known := q.chats[key]
	if len(q.chats) >= maxDoubts && !known {
		maps.DeleteFunc(q.chats, func(_ uint64, s standing) bool { return !now.Before(s.until) })
		for other := range q.chats {
			if len(q.chats) < maxDoubts {
				break
			}
			delete(q.chats, other)
		}
	}
	if free.IsZero() {
		free = s.free
	}
	q.chats[key] = standing{until: now.Add(freeFor), free: free}
}

// tell reports whether it is still to be told that a message may have been
// charged: once is enough, since it may be how the vendor speaks of all.
func (q *quotas) tell() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	told := q.told
	q.told = true
	return !told
}

// learn notes what the vendor said of the quota of a message that it took.
func (c *Channel) learn(chat string, from *taken) {
	if from != nil && from.Kind != bought && from.Remain != "0" {
		c.quota.settle(chat)
		return
	}
	c.quota.doubt(chat, c.opt.Now(), time.Time{})
	if (from == nil || from.Kind == bought) && !c.opt.Paid && c.quota.tell() {
		c.log.Warn("the vendor names no free quota for a message, which may have been charged; from now on it is asked before the next one in such a chat", "channel", ID)
	}
}

// affordable returns an error for a part that is not to be sent because the
// vendor would charge for it. It asks the vendor only where there is a doubt.
func (c *Channel) affordable(ctx context.Context, part bot.Part) error {
	now, chat := c.opt.Now(), part.Address.Chat
	waited := !part.AcceptedAt.IsZero() && now.Sub(part.AcceptedAt) > surelyFree
	if c.opt.Paid || !waited && !c.quota.doubtful(chat, now) {
		return nil
	}
	until, err := c.freeUntil(ctx, chat)
	if err != nil {
		return err
	}
	if !until.After(now) {
		return fmt.Errorf("zalo-oa: the vendor would charge for this reply, and HOINQ_ZALO_OA_PAID does not allow it: %w", bot.ErrRefused)
	}
	return nil
}

// freeUntil asks the vendor until when replies to a person are free; in the
// past where they are not. By the rule of 2025 there is a number of them left;
// by that of 2026, which counts none, they are free for freeFor.
func (c *Channel) freeUntil(ctx context.Context, chat string) (until time.Time, err error) {
	body, err := json.Marshal(recipient{User: chat})
	if err != nil {
		return until, err // unreachable: a string
	}
	data, err := c.call(ctx, quotaPath, body)
	if err != nil {
		return until, err
	}
	var quota struct {
		Last  word `json:"last_interaction"`
		Reply *struct {
			Remain word `json:"remain"`
		} `json:"cs_reply"`
	}
	_ = json.Unmarshal(data, &quota) // what cannot be read is not free
	last, unknown := strconv.ParseInt(string(quota.Last), 10, 64)
	if unknown == nil && last > 0 {
		until = moment(last).Add(surelyFree)
	}
	switch {
	case quota.Reply == nil: // nothing to count: no need to ask again
		c.quota.doubt(chat, c.opt.Now(), until)
	case quota.Reply.Remain == "0" || quota.Reply.Remain == "":
		until = time.Time{}
	case until.IsZero(): // one is left, so it is not over
		until = c.opt.Now().Add(c.opt.Timeout)
	}
	return until, nil
}
