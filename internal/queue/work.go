package queue

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Handler does the work of one item. nil removes the item. [Later] hands it out
// again after a while, as often as it takes. Any other error is a failure:
// after [StreamOptions.Waits] are used up the item goes to the dead letters. A
// panic is a failure too. The ctx ends when Run has waited long enough for the
// work to be done.
type Handler func(ctx context.Context, d Delivery) error

// laterError asks for another delivery.
type laterError struct {
	after time.Duration
	err   error
}

func (e *laterError) Error() string { return fmt.Sprintf("again in %s: %v", e.after, e.err) }
func (e *laterError) Unwrap() error { return e.err }

// Later makes the error that hands an item out again after a while; err says
// why.
func Later(after time.Duration, err error) error { return &laterError{after: after, err: err} }

// maxHeld is how many items are in hand at most. What is beyond waits on disk.
const maxHeld = 20_000

// storeWait is the pause after the store itself failed.
const storeWait = 2 * time.Second

// group are the items of one group that are in hand, in order. One worker at
// a time has it.
type group struct {
	key   string
	items []*held
}

// held is an item in hand.
type held struct {
	Delivery
	msg      jetstream.Msg
	failures int
}

// Run hands items to the handler until ctx ends, then waits for the running
// work and returns nil. It fails, after the same wait, when the server hands
// out nothing more. Only one Run may be active for a stream.
func (st *Stream) Run(ctx context.Context, handle Handler) error {
	messages, err := st.consume(ctx)
	if err != nil {
		return fmt.Errorf("work on stream %s: %w", st.name, err)
	}
	working, giveUp := context.WithCancel(context.WithoutCancel(ctx))
	defer giveUp()
	fetching, stop := context.WithCancel(ctx)
	defer stop()
	w := &work{
		Stream: st, handle: handle, ctx: working, stop: fetching.Done(),
		// A group is in it at most once, and groups hold at most maxHeld items.
		ready: make(chan *group, maxHeld+1),
	}
	var workers sync.WaitGroup
	for range st.opt.Workers {
		workers.Go(w.work)
	}
	ended := context.AfterFunc(ctx, messages.Stop)
	defer ended()
	err = w.fetch(messages)
	if ctx.Err() != nil {
		err = nil
	}
	stop() // also when the messages ended by themselves: else the workers would wait for more
	timer := time.AfterFunc(st.opt.Drain, giveUp)
	defer timer.Stop()
	workers.Wait()
	st.mu.Lock()
	st.groups = map[string]*group{}
	st.mu.Unlock()
	return err
}

// consume makes the consumer anew, so that everything that is left is handed
// out at once: what an earlier process had in hand would come only after its
// time to acknowledge, and that is as long as an item lives.
func (st *Stream) consume(ctx context.Context) (jetstream.MessagesContext, error) {
	const name = "workers"
	if err := st.stream.DeleteConsumer(ctx, name); err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) {
		return nil, err
	}
	consumer, err := st.stream.CreateConsumer(ctx, jetstream.ConsumerConfig{
		Durable:       name,
		AckPolicy:     jetstream.AckExplicitPolicy,
		AckWait:       KeepWork,
		MaxAckPending: maxHeld,
		MemoryStorage: true,
	})
	if err != nil {
		return nil, err
	}
	// A heartbeat is missed when the process was stopped for a while; the
	// library asks again by itself.
	return consumer.Messages(jetstream.PullMaxMessages(256), jetstream.WithMessagesErrOnMissingHeartbeat(false))
}

// work is one Run.
type work struct {
	*Stream
	handle Handler
	ctx    context.Context //nolint:containedctx // the life of one Run
	stop   <-chan struct{}
	ready  chan *group
}

// fetch takes items in hand until the messages end.
func (w *work) fetch(messages jetstream.MessagesContext) error {
	for {
		msg, err := messages.Next()
		switch {
		case errors.Is(err, jetstream.ErrMsgIteratorClosed): // ctx has ended
			return nil
		case err != nil:
			return fmt.Errorf("work on stream %s: %w", w.name, err)
		}
		w.take(msg)
	}
}

// take puts an item at the end of its group.
func (w *work) take(msg jetstream.Msg) {
	meta, err := msg.Metadata()
	if err != nil { // unreachable: the server wrote it
		w.log.Error("queue item without metadata", "stream", w.name, "error", err)
		return
	}
	if msg.Headers().Get(groupHeader) == probeGroup {
		if err := msg.Ack(); err != nil {
			w.log.Warn("probe not removed from the queue", "stream", w.name, "error", err)
		}
		return
	}
	h := &held{msg: msg, Delivery: Delivery{
		Item:       Item{ID: msg.Headers().Get(nats.MsgIdHdr), Group: msg.Headers().Get(groupHeader), Data: msg.Data()},
		AcceptedAt: meta.Timestamp,
		sequence:   meta.Sequence.Stream,
	}}
	w.mu.Lock()
	g := w.groups[h.Group]
	idle := g == nil
	if idle {
		g = &group{key: h.Group}
		w.groups[h.Group] = g
	}
	g.items = append(g.items, h)
	w.mu.Unlock()
	if idle {
		w.ready <- g
	}
}

// work is one worker.
func (w *work) work() {
	for {
		select {
		case <-w.stop:
			return
		case g := <-w.ready:
			select {
			case <-w.stop: // both were ready: what is stored can wait for the next start
				return
			default:
				w.first(g)
			}
		}
	}
}

// first works on the first item of a group and then passes the group on.
func (w *work) first(g *group) {
	w.mu.Lock()
	h := g.items[0]
	w.mu.Unlock()
	wait := w.do(h)
	if wait > 0 {
		time.AfterFunc(wait, func() { w.ready <- g })
		return
	}
	w.mu.Lock()
	g.items = g.items[1:]
	more := len(g.items) > 0
	if !more {
		delete(w.groups, g.key)
	}
	w.mu.Unlock()
	if more {
		w.ready <- g
	}
}

// do works on an item. It returns how long to wait before the item's next try,
// or 0 when the item is done with.
func (w *work) do(h *held) time.Duration {
	repeat, err := w.repeat(h)
	if err != nil { // the store's fault, not the item's
		// The server itself logs an error; this would come for every item in hand.
		w.log.Debug("queue item not noted as seen, will be tried again", "stream", w.name, "error", err)
		return storeWait
	}
	if !repeat {
		h.Attempt++
		err = w.safely(h.Delivery)
	}
	var later *laterError
	switch {
	case repeat:
		if w.opt.Repeated != nil {
			w.opt.Repeated(h.Item)
		}
	case errors.As(err, &later):
		return max(later.after, time.Millisecond)
	case err != nil && w.ctx.Err() != nil:
		return time.Hour // the process ends; the item stays on disk
	case err != nil && h.failures < len(w.opt.Waits):
		h.failures++
		w.log.Warn("queue item failed", "stream", w.name, "attempt", h.Attempt, "error", err)
		return w.opt.Waits[h.failures-1]
	case err != nil:
		w.log.Error("queue item given up, kept among the dead letters", "stream", w.name, "attempt", h.Attempt, "error", err)
		if err := w.bury(h, err); err != nil {
			w.log.Error("dead letter not stored", "stream", w.name, "error", err)
			return time.Minute
		}
	}
	// Double: the server confirms the removal, so that what was done does not
	// come back. If it cannot, doing it twice after a restart is the lesser evil.
	if err := h.msg.DoubleAck(w.ctx); err != nil {
		w.log.Error("queue item not removed", "stream", w.name, "error", err)
	}
	return 0
}

// repeat notes an item as seen. It reports whether its id had been seen under
// another sequence number, that is, as another delivery.
func (w *work) repeat(h *held) (bool, error) {
	if h.Attempt > 0 {
		return false, nil
	}
	own := strconv.FormatUint(h.sequence, 10)
	claimed, err := w.seen.Claim(w.ctx, h.ID, []byte(own))
	if err != nil || claimed {
		return false, err
	}
	first, ok, err := w.seen.Get(w.ctx, h.ID)
	return ok && string(first) != own, err
}

// safely calls the handler and makes a failure of its panic. The panic's value
// is logged only where the runtime made it: ours could hold words of a person.
func (w *work) safely(d Delivery) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.New("panic")
			if r, ok := p.(runtime.Error); ok {
				err = fmt.Errorf("panic: %w", r)
			}
			w.log.Error("panic in a worker", "stream", w.name, "error", err, "stack", string(debug.Stack()))
		}
	}()
	return w.handle(w.ctx, d)
}

// bury stores an item among the dead letters.
func (w *work) bury(h *held, why error) error {
	msg := nats.NewMsg(w.deadName())
	msg.Header.Set(groupHeader, h.Group)
	msg.Header.Set(reasonHeader, why.Error())
	msg.Data = h.Data
	_, err := w.js.PublishMsg(w.ctx, msg, jetstream.WithMsgID(h.ID))
	return err
}
