package queue

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// consumerPrefix begins the name of a replica's consumer; its id follows, and
// the life of the stream.
const consumerPrefix = "workers-"

func (st *Stream) consumerName() string {
	return consumerPrefix + st.share.id + "-" + strconv.Itoa(st.life)
}

// consumeWait is the pause after the server did not hand out anything.
const consumeWait = time.Second

// never is longer than anything runs.
const never = 10 * 365 * 24 * time.Hour

// heartbeat is how often the server says that it has nothing to hand out: of a
// consumer that is gone we hear nothing.
const heartbeat = time.Second

// consume takes the items of the owned partitions until ctx ends.
func (st *Stream) consume(ctx context.Context, take func(jetstream.Msg)) {
	for failures := 0; ctx.Err() == nil; {
		owned, changed := st.share.parts()
		st.hand.keep(owned)
		err := st.consumeParts(ctx, owned, changed, take)
		if err == nil {
			failures = 0
			continue
		}
		if errors.Is(err, jetstream.ErrStreamNotFound) {
			st.log.Error("the queue's servers have lost what they held; it is made anew", "stream", st.name)
			if _, _, err = st.make(ctx); err == nil {
				// Sequences begin anew: what is in hand has nothing to do with
				// the items that have the same ones now.
				st.life++
				st.hand.keep([partitions]bool{})
				continue
			}
		}
		if failures++; failures == 1 {
			st.log.Warn("the queue hands out nothing, will try on", "stream", st.name, "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(consumeWait):
		}
	}
}

// consumeParts takes the items of some partitions until these change or ctx
// ends.
func (st *Stream) consumeParts(ctx context.Context, owned [partitions]bool, changed <-chan struct{}, take func(jetstream.Msg)) error {
	if owned == ([partitions]bool{}) {
		select {
		case <-ctx.Done():
		case <-changed:
		}
		return nil
	}
	messages, err := st.consumer(ctx, owned)
	if err != nil {
		return err
	}
	ended := make(chan struct{})
	defer close(ended)
	go func() {
		select {
		case <-ctx.Done():
		case <-changed:
		case <-ended:
		}
		messages.Stop()
	}()
	for {
		msg, err := messages.Next()
		switch {
		case errors.Is(err, jetstream.ErrMsgIteratorClosed):
			return nil
		case errors.Is(err, jetstream.ErrNoHeartbeat): // this process was stopped, or the server was and has no consumer more
			if _, err := st.stream.Consumer(ctx, st.consumerName()); errors.Is(err, jetstream.ErrConsumerNotFound) || errors.Is(err, jetstream.ErrStreamNotFound) {
				return fmt.Errorf("take from stream %s: %w", st.name, err)
			}
			continue
		case err != nil:
			return fmt.Errorf("take from stream %s: %w", st.name, err)
		}
		take(msg)
	}
}

// consumer makes this replica's consumer anew, so that everything that is left
// in some partitions is handed out at once, also what was in hand of a process
// that is gone. The server allows no two consumers to one partition: a second
// fence, should two replicas ever think they own it.
func (st *Stream) consumer(ctx context.Context, owned [partitions]bool) (jetstream.MessagesContext, error) {
	names := st.stream.ConsumerNames(ctx)
	for name := range names.Name() {
		if id, _, _ := strings.Cut(strings.TrimPrefix(name, consumerPrefix), "-"); id != st.share.id && st.share.lives(id) {
			continue
		}
		if err := st.stream.DeleteConsumer(ctx, name); err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) {
			return nil, fmt.Errorf("delete consumer of stream %s: %w", st.name, err)
		}
	}
	if err := names.Err(); err != nil {
		return nil, fmt.Errorf("list consumers of stream %s: %w", st.name, err)
	}
	consumer, err := st.stream.CreateConsumer(ctx, jetstream.ConsumerConfig{
		Durable:        st.consumerName(),
		FilterSubjects: st.filters(owned),
		AckPolicy:      jetstream.AckExplicitPolicy,
		// Nothing is handed out twice by itself: this process knows what it
		// has in hand, and if it goes, its consumer goes. The server reckons by a
		// clock that may jump.
		AckWait:       never,
		MaxAckPending: maxHeld,
		MemoryStorage: true,
	})
	if err != nil {
		return nil, fmt.Errorf("make consumer of stream %s: %w", st.name, err)
	}
	messages, err := consumer.Messages(jetstream.PullMaxMessages(256), jetstream.PullHeartbeat(heartbeat))
	if err != nil {
		return nil, fmt.Errorf("take from stream %s: %w", st.name, err)
	}
	return messages, nil
}
