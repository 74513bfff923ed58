package bot

import (
	"context"
	"time"
)

// typingAfter is how long an answer may take before its asker is shown that it
// is being made: an ordinary one takes some milliseconds, and no vendor is
// called for it. typingEvery is how often that is said again; Telegram shows it
// for five seconds.
const (
	typingAfter = time.Second
	typingEvery = 4 * time.Second
)

// showTyping shows that an answer is being made, if it takes long, until stop
// is called. Nothing waits for the vendor: what is under way then is cut off.
func (s *Service) showTyping(ctx context.Context, channel Channel, m Message) (stop func()) {
	typist, ok := channel.(Typist)
	if !ok || m.Kind == KindInline {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for wait := typingAfter; ; wait = typingEvery {
			select {
			case <-ctx.Done():
				return
			case <-time.After(wait):
			}
			if err := typist.Typing(ctx, m); err != nil && ctx.Err() == nil {
				s.log.Warn("typing not shown", "channel", m.Channel, "error", err)
			}
		}
	}()
	return func() {
		cancel()
		<-ended
	}
}

// attendTimeout bounds what is only a courtesy.
const attendTimeout = 2 * time.Second

func (s *Service) attend(ctx context.Context, channel Channel, m Message) {
	attendant, ok := channel.(Attendant)
	if !ok {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, attendTimeout)
	defer cancel()
	if err := attendant.Attend(ctx, m); err != nil {
		s.log.Warn("message not attended to", "channel", m.Channel, "error", err)
	}
}
