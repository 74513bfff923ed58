package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hoinq/hoinq/internal/queue"
)

// How fast one conversation is answered. A person reads an answer for seconds;
// what comes faster waits its turn, and takes nothing from others.
const (
	floodBurst     = 20
	floodPerSecond = 1.0 / 3
)

// slow holds back a conversation that asks faster than people do, and tells it
// so, once in a while. nil lets the message go on.
func (s *Service) slow(ctx context.Context, channel Channel, m Message, d queue.Delivery) error {
	if m.forgets() {
		return nil
	}
	ok, wait := s.flood.Allow(m.group())
	if ok {
		return nil
	}
	if s.conversation.memory.mayNotice(ctx, m.Channel, floodNotice+m.Conversation, m.ID) {
		notice := say(slowlyText)
		notice.Address, notice.Aside = m.Address, true
		parts, err := channel.Render(notice)
		if err == nil && len(parts) > 0 {
			err = s.store(ctx, d, -1, outgoing{Channel: m.Channel, Part: parts[0], AcceptedAt: d.AcceptedAt})
		}
		if err != nil { // replies wait for the vendor, as many as may: one that goes makes room
			return queue.NotBegun(busyWait, fmt.Errorf("store notice of a flood: %w", err))
		}
	}
	return queue.NotBegun(max(wait, time.Second), errors.New("the conversation asks too fast"))
}

// floodNotice begins the name under which the notice is noted, so that it and
// the one on pictures do not stand for each other.
const floodNotice = "flood/"
