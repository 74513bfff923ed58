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
// again after a while, as often as it takes until it is [KeepWork] old.
// [GiveUp] puts it among the dead letters at once. Any other error is a
// failure: after [StreamOptions.Waits] are used up the item goes to the dead
// letters. A panic is a failure too. The ctx ends when Run has waited long
// enough for the work to be done.
type Handler func(ctx context.Context, d Delivery) error

const (
	// storeWait is the pause after the store itself failed.
	storeWait = 2 * time.Second
	// leaseWait is the pause before another look whether a partition is still
	// ours.
	leaseWait = 200 * time.Millisecond
	// removeTimeout bounds one attempt to remove an item.
	removeTimeout = 5 * time.Second
	// removeWait is the pause before the next one.
	removeWait = 2 * time.Second
)

// Run hands the items of this process's share (see [Server.Run]) to the handler
// until ctx ends, then waits for the running work and returns nil. What goes
// wrong with the server is tried again. Only one Run may be active for a
// stream.
func (st *Stream) Run(ctx context.Context, handle Handler) error {
	working, giveUp := context.WithCancel(context.WithoutCancel(ctx))
	defer giveUp()
	w := &work{Stream: st, handle: handle, ctx: working, stop: ctx.Done()}
	var workers sync.WaitGroup
	for range st.opt.Workers {
		workers.Go(w.work)
	}
	st.consume(ctx, w.take)
	timer := time.AfterFunc(st.opt.Drain, giveUp)
	defer timer.Stop()
	workers.Wait()
	st.hand.keep([partitions]bool{})
	return nil
}

// work is one Run.
type work struct {
	*Stream
	handle Handler
	ctx    context.Context //nolint:containedctx // the life of one Run
	stop   <-chan struct{}
}

// take takes a message in hand.
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
	done := w.hand.take(&held{
		msg: msg, partition: subjectPartition(msg.Subject()), since: time.Now(),
		Delivery: Delivery{Item: itemOf(msg.Headers(), msg.Data()), AcceptedAt: meta.Timestamp, sequence: meta.Sequence.Stream},
	})
	if done != nil {
		go w.remove(done) // at most as many as are in hand
	}
}

// itemOf reads an item as Publish stored it.
func itemOf(header nats.Header, data []byte) Item {
	return Item{
		ID: header.Get(nats.MsgIdHdr), Group: header.Get(groupHeader), Shard: header.Get(shardHeader), Owner: header.Get(ownerHeader),
		Data: data,
	}
}

// work is one worker.
func (w *work) work() {
	for {
		select {
		case <-w.stop:
			return
		case g := <-w.hand.ready:
			select {
			case <-w.stop: // both were ready: what is stored can wait for the next start
				return
			default:
			}
			if item := w.hand.begin(g); item != nil {
				w.hand.end(g, w.do(item))
			}
		}
	}
}

// do works on an item. It returns how long to wait before the item's next try,
// or 0 when the item is done with.
func (w *work) do(h *held) time.Duration {
	if !w.share.valid(h.partition) {
		return leaseWait
	}
	repeat, err := w.repeat(h)
	switch {
	case err != nil: // the store's fault, not the item's
		// The server itself logs an error; this would come for every item in hand.
		w.log.Debug("queue item not noted as seen, will be tried again", "stream", w.name, "error", err)
		return storeWait
	case repeat:
		if w.opt.Repeated != nil {
			w.opt.Repeated(h.Item)
		}
	default:
		h.Attempt++
		if wait := w.verdict(h, w.safely(h.Delivery)); wait > 0 {
			return wait
		}
	}
	w.remove(h)
	return 0
}

// verdict decides by the handler's error what becomes of an item: how long to
// wait before the next try, or 0 when it is done with.
func (w *work) verdict(h *held, err error) time.Duration {
	var later *laterError
	isLater := errors.As(err, &later)
	tooOld := time.Since(h.AcceptedAt) > KeepWork && time.Since(h.since) > tryAtLeast
	switch {
	case err == nil:
		return 0
	case w.ctx.Err() != nil:
		return time.Hour // the process ends; the item stays on disk
	case isLater && !tooOld:
		if later.notBegun {
			h.Attempt--
		}
		return max(later.after, time.Millisecond)
	case !isLater && !tooOld && h.failures < len(w.opt.Waits) && !errors.As(err, new(*giveUpError)):
		h.failures++
		w.log.Warn("queue item failed", "stream", w.name, "attempt", h.Attempt, "error", err)
		return w.opt.Waits[h.failures-1]
	}
	w.log.Error("queue item given up, kept among the dead letters", "stream", w.name, "attempt", h.Attempt, "error", err)
	if err := w.bury(w.ctx, h.Delivery, err); err != nil {
		w.log.Error("dead letter not stored", "stream", w.name, "error", err)
		return time.Minute
	}
	if w.opt.Died != nil {
		w.opt.Died(h.Item)
	}
	return 0
}

// repeat notes an item as seen. It reports whether its id had been seen under
// another sequence number, that is, as another delivery.
func (w *work) repeat(h *held) (bool, error) {
	if h.noted {
		return false, nil
	}
	own := strconv.FormatUint(h.sequence, 10)
	claimed, err := w.seen.Claim(w.ctx, h.ID, []byte(own))
	if err == nil && !claimed {
		var first []byte
		if first, claimed, err = w.seen.Get(w.ctx, h.ID); claimed && string(first) != own {
			return true, nil
		}
	}
	h.noted = err == nil
	return false, err
}

// remove removes an item that is done with. It waits for the server's word, so
// that what was done does not come back; where there is none it goes on trying.
func (w *work) remove(h *held) {
	ctx, cancel := context.WithTimeout(w.ctx, removeTimeout)
	defer cancel()
	err := w.hand.finish(h).DoubleAck(ctx)
	if err == nil || errors.Is(err, jetstream.ErrMsgAlreadyAckd) {
		w.hand.removed(h)
		return
	}
	if w.ctx.Err() != nil {
		w.log.Warn("queue item not removed in time, it may be done twice", "stream", w.name, "error", err)
		return
	}
	w.log.Debug("queue item not removed, will be tried again", "stream", w.name, "error", err)
	time.AfterFunc(removeWait, func() {
		if w.ctx.Err() == nil && w.hand.has(h) {
			w.remove(h)
		}
	})
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
