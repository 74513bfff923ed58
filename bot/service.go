package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/hoinq/hoinq/internal/queue"
	"github.com/hoinq/hoinq/internal/ratelimit"
)

// Limits of one conversation. A person never has so many under way; a flood is
// held back, so that it takes nothing from others and nothing that was accepted
// is lost.
const (
	// chatLimit is how many messages may wait for their answer. From more the
	// vendor is told to come back later.
	chatLimit = 50
	// partLimit is how many parts of replies may wait for their sending. While
	// there are as many, the next one waits to be stored.
	partLimit = 10
)

// Service carries messages from the channels to the conversation and replies
// back, over two streams on disk: the inbox, which holds a message until its
// reply is stored, and the outbox, which holds each part of a reply until the
// vendor has it. Make one with [NewService]; it is safe for concurrent use.
type Service struct {
	log          *slog.Logger
	conversation *Conversation
	metrics      *Metrics
	channels     map[ChannelID]Channel
	server       *queue.Server
	queues       *Queues
	inbox        *queue.Stream
	outbox       *queue.Stream
	now          func() time.Time
	pacers       map[ChannelID]*pacer
	lanes        *lanes
	flood        *ratelimit.Limiter
	typing       *typed

	mu     sync.Mutex
	paused map[ChannelID]time.Time // channels whose vendor wants silence
}

// ServiceParts are what a service joins, besides the queue.
type ServiceParts struct {
	Conversation *Conversation
	Metrics      *Metrics
	// Channels that are switched on.
	Channels map[ChannelID]Channel
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// NewService opens the two streams and joins them with the parts.
func NewService(ctx context.Context, log *slog.Logger, server *queue.Server, parts ServiceParts) (*Service, error) {
	s := &Service{
		log: log, conversation: parts.Conversation, metrics: parts.Metrics, channels: parts.Channels,
		now: parts.Now, server: server, paused: map[ChannelID]time.Time{}, pacers: map[ChannelID]*pacer{}, lanes: newLanes(),
	}
	if s.now == nil {
		s.now = time.Now
	}
	s.flood = ratelimit.New(floodPerSecond, floodBurst, s.now)
	s.typing = newTyped(s.now)
	workers := 0
	for id, channel := range s.channels {
		s.lanes.limits[id] = channel.Limits()
		workers += channel.Limits().workers()
		s.pacers[id] = newPacer(channel.Limits(), server.Replicas, s.now)
	}
	queues, err := OpenQueues(ctx, server, workers, parts.Metrics)
	if err != nil {
		return nil, fmt.Errorf("open service: %w", err)
	}
	s.queues, s.inbox, s.outbox = queues, queues.inbox, queues.outbox
	for id := range s.channels {
		s.metrics.expect(id)
	}
	return s, nil
}

// Queues are the service's streams, to look at.
func (s *Service) Queues() *Queues { return s.queues }

// Run works until ctx ends and then finishes what is under way: first the
// replies that are being made, then the sending. What is not done by then
// stays stored, and other replicas go on with it.
func (s *Service) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	sending, stopSending := context.WithCancel(context.WithoutCancel(ctx))
	sharing, stopSharing := context.WithCancel(context.WithoutCancel(ctx))
	group.Go(func() error {
		defer stopSending()
		return s.inbox.Run(ctx, s.answer)
	})
	group.Go(func() error {
		defer stopSharing()
		return s.outbox.Run(sending, s.send)
	})
	group.Go(func() error { return s.server.Run(sharing) })
	return group.Wait()
}

// drain is how long the work under way may take when the service ends: first
// that on replies, then the sending.
const drain = 3 * time.Second

// maxText is how much of a text is kept, in characters. No vendor lets people
// type so much, and what is longer than [MaxQuestion] is not read as a question
// anyway.
const maxText = 8192

// group is the unit of order that a message belongs to, and whose it is.
func (m Message) group() string { return fmt.Sprintf("%s/%s/%s", m.Channel, m.Bot, m.Conversation) }

// chat is the unit of order that a part belongs to. All that is on its way from
// and to a chat is worked on by one process.
func (a Address) chat() string { return fmt.Sprintf("%s/%s/%s", a.Channel, a.Bot, a.Chat) }

// Accept stores a message. When it returns nil the message will be answered,
// whatever becomes of this process. The error wraps [queue.ErrOwnerFull] for
// what a flood has too many of; where the vendor does not deliver again
// ([Limits].Redelivers) such a message is dropped, as the person was told, and so
// is what somebody types inline, where what is typed next asks again.
func (s *Service) Accept(ctx context.Context, m Message) error {
	begin := s.now()
	m.Text = cut(m.Text, maxText)
	data, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("accept message: %w", err)
	}
	repeated, err := s.inbox.Publish(ctx, queue.Item{
		ID:    fmt.Sprintf("%s/%s/%s", m.Channel, m.Bot, m.ID),
		Group: m.group(),
		Shard: m.Address.chat(),
		Owner: m.group(),
		Data:  data,
	})
	if errors.Is(err, queue.ErrOwnerFull) && (m.Kind == KindInline || !s.channels[m.Channel].Limits().Redelivers) {
		s.metrics.Rejected(m.Channel, "flood")
		return nil
	}
	if err != nil {
		return fmt.Errorf("accept message: %w", err)
	}
	if !repeated {
		s.typing.came(m)
	}
	s.metrics.received.WithLabelValues(string(m.Channel)).Inc()
	s.metrics.observe("accept", s.now().Sub(begin))
	if repeated {
		s.metrics.repeated.WithLabelValues(string(m.Channel)).Inc()
	}
	return nil
}

// answerWorkers is how many messages are worked on at the same time. Most of a
// worker's time is waiting for the disk; how many answers are computed at once
// is decided by [NewAnswerer]. Set by BenchmarkLoad in cmd/hoinq on two cores:
// 465 questions a second with 16, 510 to 640 with 48.
const answerWorkers = 48

// notReadyWait is the pause before another look whether there are documents.
const notReadyWait = 100 * time.Millisecond

// channelOffWait is the pause before another look whether a channel is back
// that was switched off while messages of it were stored.
const channelOffWait = time.Minute

// answer makes the reply to one stored message and stores its parts.
func (s *Service) answer(ctx context.Context, d queue.Delivery) error {
	var m Message
	if err := json.Unmarshal(d.Data, &m); err != nil {
		return queue.GiveUp(errors.New("stored message cannot be read")) // its words do not belong into a log
	}
	if m.late(s.now()) || s.typing.overtaken(m) {
		return nil
	}
	channel, on := s.channels[m.Channel]
	if !on {
		return queue.Later(channelOffWait, fmt.Errorf("channel %s is switched off", m.Channel))
	}
	if d.Attempt == 1 && m.Kind == KindInline {
		if !s.typing.allowed(m) {
			s.metrics.Rejected(m.Channel, "flood")
			return nil
		}
	} else if d.Attempt == 1 {
		if err := s.slow(ctx, channel, m, d); err != nil {
			return err
		}
		s.metrics.observe("wait", s.now().Sub(d.AcceptedAt))
		s.attend(ctx, channel, m)
	}
	if m.forgets() {
		if err := s.forget(ctx, m.group()); err != nil {
			return queue.Later(storeWait, err)
		}
	}
	stop := s.showTyping(ctx, channel, m)
	reply, ok, err := s.conversation.Reply(ctx, m)
	stop()
	switch {
	case errors.Is(err, ErrNotReady):
		return queue.Later(notReadyWait, err)
	case err != nil || !ok:
		return err
	}
	link(channel, reply)
	parts, err := channel.Render(reply)
	if err != nil {
		return fmt.Errorf("render reply: %w", err)
	}
	for i, part := range parts {
		if err := s.store(ctx, d, i, outgoing{Channel: m.Channel, Part: part, AcceptedAt: d.AcceptedAt, Last: i == len(parts)-1, Until: m.Until}); err != nil {
			return err
		}
	}
	return nil
}

// forget deletes what is stored of a conversation and not under way: messages,
// parts of replies, and both among the dead letters.
func (s *Service) forget(ctx context.Context, owner string) error {
	return errors.Join(s.inbox.Purge(ctx, owner), s.outbox.Purge(ctx, owner))
}

// busyWait is the pause before another look whether a chat's parts are sent.
const busyWait = 500 * time.Millisecond

// Probe tries whether messages can be stored.
func (s *Service) Probe(ctx context.Context) error { return s.inbox.Probe(ctx) }

// store puts part i of the reply to d into the outbox.
func (s *Service) store(ctx context.Context, d queue.Delivery, i int, out outgoing) error {
	data, err := json.Marshal(out)
	if err != nil {
		return fmt.Errorf("store reply: %w", err)
	}
	begin := s.now()
	_, err = s.outbox.Publish(ctx, queue.Item{
		ID:    fmt.Sprintf("%s#%d", d.ID, i),
		Group: out.Part.Address.chat(),
		Shard: out.Part.Address.chat(),
		Owner: d.Owner,
		Data:  data,
	})
	switch {
	case errors.Is(err, queue.ErrOwnerFull):
		return queue.Later(busyWait, err)
	case err != nil: // the store's fault: the message itself may be answered later
		return queue.Later(storeWait, fmt.Errorf("store reply: %w", err))
	}
	s.metrics.observe("store", s.now().Sub(begin))
	return nil
}

// storeWait is the pause after a reply could not be stored.
const storeWait = 2 * time.Second
