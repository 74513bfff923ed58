package queue

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Of several processes that make the same stream at the same time on a cluster,
// the servers answer only the last. So the first tries are short: the next one
// finds it there. The last ones leave a busy cluster its time.
const (
	firstMakeTimeout = time.Second
	lastMakeTimeout  = 8 * time.Second
)

// made has the servers make something that may be there already.
func made[T any](ctx context.Context, do func(context.Context) (T, error)) (T, error) {
	for timeout := firstMakeTimeout; ; timeout *= 2 {
		trying, cancel := context.WithTimeout(ctx, timeout)
		thing, err := do(trying)
		cancel()
		silent := errors.Is(err, context.DeadlineExceeded) || errors.Is(err, nats.ErrTimeout)
		if !silent || ctx.Err() != nil || timeout >= lastMakeTimeout {
			return thing, err
		}
	}
}

// makeStream makes a stream, or changes one that is there.
func makeStream(ctx context.Context, js jetstream.JetStream, config jetstream.StreamConfig) (jetstream.Stream, error) {
	return made(ctx, func(ctx context.Context) (jetstream.Stream, error) { return js.CreateOrUpdateStream(ctx, config) })
}
