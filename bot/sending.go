package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/hoinq/hoinq/internal/queue"
)

const (
	// sendTimeout bounds one attempt.
	sendTimeout = 20 * time.Second
	// firstRetry is the pause after the first attempt that failed for no
	// reason of its own, where the channel has no [Limits.Retries]; it doubles
	// up to lastRetry.
	firstRetry = time.Second
	lastRetry  = 5 * time.Minute
	// retryJitter is the share of itself that a pause is made longer at most:
	// what failed together shall not come back together.
	retryJitter = 0.1
)

// outgoing is a part of a reply in the outbox.
type outgoing struct {
	Channel ChannelID `json:"channel"`
	Part    Part      `json:"part"`
	// AcceptedAt is when the message was accepted that is answered.
	AcceptedAt time.Time `json:"accepted_at"`
	Last       bool      `json:"last"`
	// Until is [Message.Until] of that message.
	Until time.Time `json:"until"`
}

// late reports whether nobody waits for the part any more.
func (o outgoing) late(now time.Time) bool { return !o.Until.IsZero() && now.After(o.Until) }

// send delivers one part from the outbox.
func (s *Service) send(ctx context.Context, d queue.Delivery) error {
	var out outgoing
	if err := json.Unmarshal(d.Data, &out); err != nil {
		return queue.GiveUp(errors.New("stored part cannot be read")) // its words do not belong into a log
	}
	if out.late(s.now()) {
		return nil
	}
	channel, on := s.channels[out.Channel]
	if !on {
		return queue.NotBegun(channelOffWait, fmt.Errorf("channel %s is switched off", out.Channel))
	}
	if wait := s.pausedFor(out.Channel); wait > 0 {
		return queue.NotBegun(wait, errors.New("channel paused"))
	}
	leave, wait := s.lanes.enter(out.Part.Address)
	if wait > 0 {
		return queue.NotBegun(wait, errors.New("as many parts of the account are on their way as may"))
	}
	defer leave()
	if wait := s.pacers[out.Channel].admit(d.ID, out.Part.Address); wait > 0 {
		return queue.NotBegun(wait, errors.New("the vendor takes no more for now"))
	}
	out.Part.AcceptedAt = out.AcceptedAt
	begin := s.now()
	err := s.try(ctx, channel, out.Part)
	s.metrics.observe("send", s.now().Sub(begin))
	if err != nil {
		return s.failed(out, d.Attempt, err)
	}
	s.metrics.sent.WithLabelValues(string(out.Channel)).Inc()
	if out.Last {
		s.metrics.observe("whole", s.now().Sub(out.AcceptedAt))
	}
	return nil
}

// try sends a part: to where its chat has moved, and without its markup, when
// the vendor says so. Such a second call is not held to the vendor's limits: it
// is rare, and takes the place of one that delivered nothing.
func (s *Service) try(ctx context.Context, channel Channel, part Part) error {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	_, err := channel.Send(ctx, part)
	var moved *MovedError
	if errors.As(err, &moved) {
		part.Address.Chat = moved.To
		_, err = channel.Send(ctx, part)
	}
	if errors.Is(err, ErrMarkupRefused) && len(part.Plain) > 0 {
		s.log.Error("markup refused, sent as plain text", "channel", part.Address.Channel)
		part.Body, part.Plain = part.Plain, nil
		_, err = channel.Send(ctx, part)
	}
	return err
}

// failed decides what becomes of a part that was not sent.
func (s *Service) failed(out outgoing, attempt int, err error) error {
	count := func(kind string) { s.metrics.failure(out.Channel, kind, err) }
	var limited *RateLimitedError
	switch {
	case errors.As(err, &limited):
		count("rate_limited")
		if limited.Chat == "" {
			s.pause(out.Channel, limited.After)
		}
		return queue.NotBegun(limited.After, err) // no failure, so the next pause is no longer for it
	case errors.Is(err, ErrGone):
		count("gone")
		s.log.Info("recipient gone, the reply is given up", "channel", out.Channel)
		return nil // the person does not want to hear from us
	case errors.Is(err, ErrMarkupRefused), errors.Is(err, ErrRefused), errors.As(err, new(*MovedError)):
		count("refused")
		if !out.Until.IsZero() {
			return nil // soon nobody waits for it: there is nothing to keep
		}
		return queue.GiveUp(err) // the dead letters keep it
	}
	count("transient")
	wait := s.retryAfter(out.Channel, attempt)
	// What is older already was held up by us: the queue knows how long it is
	// to be tried all the same.
	if age := s.now().Sub(out.AcceptedAt); age < queue.KeepWork && age+wait > queue.KeepWork {
		return queue.GiveUp(err)
	}
	s.log.Warn("part not sent, will be sent again", "channel", out.Channel, "attempt", attempt, "after", wait, "error", err)
	return queue.Later(wait, err)
}

// retryAfter is the pause after an attempt, counted from 1, that failed.
func (s *Service) retryAfter(channel ChannelID, attempt int) time.Duration {
	wait := min(firstRetry<<min(attempt-1, 20), lastRetry)
	if schedule := s.channels[channel].Limits().Retries; len(schedule) > 0 {
		wait = schedule[min(attempt, len(schedule))-1]
	}
	return wait + rand.N(time.Duration(float64(wait)*retryJitter)+1)
}

func (s *Service) pause(channel ChannelID, d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.paused[channel] = s.now().Add(d)
}

func (s *Service) pausedFor(channel ChannelID) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.paused[channel].Sub(s.now())
}
