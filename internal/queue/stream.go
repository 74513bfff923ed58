package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"
)

// Errors of [Stream.Publish], wrapped.
var (
	// ErrTooLarge: the item is larger than [MaxItem].
	ErrTooLarge = errors.New("item too large")
	// ErrOwnerFull: as many items of the owner wait as may; see
	// [StreamOptions.PerOwner].
	ErrOwnerFull = errors.New("too many items of this owner wait")
)

// MaxItem is the largest Data of an item, in bytes.
const MaxItem = 512 << 10

// Item is one piece of work.
type Item struct {
	// ID tells an item from every other of its stream: an item whose ID was
	// accepted in the last [SeenFor] is a repeat. It may not be empty.
	ID string
	// Group is the unit of order.
	Group string
	// Shard decides which process works on an item, the same in all streams.
	// Items of one group are of one shard.
	Shard string
	// Owner is whose the item is, for [Stream.Purge] and
	// [StreamOptions.PerOwner]. Items of one owner may be in several groups.
	Owner string
	Data  []byte
}

// Delivery is an item that is handed to a worker.
type Delivery struct {
	Item
	// Attempt counts from 1, in this process.
	Attempt int
	// AcceptedAt is when the item was published, by the clock of the server.
	AcceptedAt time.Time
	sequence   uint64
}

// How long things are kept.
const (
	// KeepWork is how old an item may become of which nobody knows how to do
	// it; it is kept among the dead letters then. Nothing is given up on that
	// was not tried for [tryAtLeast] by this process: neither a clock that
	// jumps nor a machine that was off for days loses an item.
	KeepWork = 24 * time.Hour
	KeepDead = 7 * 24 * time.Hour // an item that failed too often
	SeenFor  = 25 * time.Hour     // ids, longer than any vendor repeats a delivery
)

// tryAtLeast is how long an item is tried before its age counts.
const tryAtLeast = 10 * time.Minute

// duplicateWindow is how long the stream itself remembers ids. It covers what
// a vendor repeats at once, while the first of the two waits; both are of one
// group, so by the turn of the second the first stands in the bucket of what
// was seen, however long that took.
const duplicateWindow = 2 * time.Minute

// maxStream is the most that one stream may hold, in bytes.
const maxStream = 1 << 30

// Headers of a stored item.
const (
	groupHeader = "Hoinq-Group"
	shardHeader = "Hoinq-Shard"
	ownerHeader = "Hoinq-Owner"
)

// StreamOptions tune a stream. The zero value works.
type StreamOptions struct {
	// Workers is how many items are worked on at the same time; default 16.
	Workers int
	// Drain is how long Run waits for running work when it is told to end;
	// default 5 s.
	Drain time.Duration
	// Repeated is told of each repeat that is dropped; nil for nobody.
	Repeated func(Item)
	// Died is told of each item that came to the dead letters; nil for nobody.
	Died func(Item)
	// Waits are the pauses after the first, second … failure; when they are
	// used up the item is dead. Default 1 s, 5 s, 20 s, 60 s: five tries.
	Waits []time.Duration
	// PerOwner is how many items of one owner may wait; 0 for any number.
	PerOwner int
}

// Stream is a queue of items on disk. Open one with [Server.Stream]; it is
// safe for concurrent use.
type Stream struct {
	log  *slog.Logger
	name string
	opt  StreamOptions
	js   jetstream.JetStream
	// copies is how many servers hold it.
	copies int
	share  *share
	// failing is the server's: whether the last item could not be stored.
	failing *atomic.Bool
	stream  jetstream.Stream
	dead    jetstream.Stream
	seen    *Bucket
	hand    *hand
	// life counts how often the stream had to be made anew; for Run alone.
	life int
}

// Stream opens a stream, which it makes if need be.
func (s *Server) Stream(ctx context.Context, name string, opt StreamOptions) (*Stream, error) {
	if opt.Workers == 0 {
		opt.Workers = 16
	}
	if opt.Drain == 0 {
		opt.Drain = 5 * time.Second
	}
	if opt.Waits == nil {
		opt.Waits = []time.Duration{time.Second, 5 * time.Second, 20 * time.Second, time.Minute}
	}
	if opt.PerOwner == 0 {
		opt.PerOwner = -1
	}
	seen, err := s.Bucket(ctx, name+"-seen", SeenFor, OnDisk)
	if err != nil {
		return nil, err
	}
	st := &Stream{
		log: s.log, name: name, opt: opt, js: s.js, copies: s.copies, share: s.share, failing: &s.failing, seen: seen, hand: newHand(opt.Workers),
	}
	if st.stream, st.dead, err = st.make(ctx); err != nil {
		return nil, err
	}
	s.share.join(st)
	return st, nil
}

// make makes the stream and that of its dead letters where they are not there:
// at first, and when the servers of a cluster have come back without what they
// held.
func (st *Stream) make(ctx context.Context) (work, dead jetstream.Stream, err error) {
	work, err = makeStream(ctx, st.js, jetstream.StreamConfig{
		Name:                 st.name,
		Subjects:             []string{st.name + ".>"},
		Retention:            jetstream.WorkQueuePolicy,
		Storage:              jetstream.FileStorage,
		Discard:              jetstream.DiscardNew,
		MaxBytes:             maxStream,
		MaxMsgsPerSubject:    int64(st.opt.PerOwner),
		DiscardNewPerSubject: st.opt.PerOwner > 0,
		Duplicates:           duplicateWindow,
		Replicas:             st.copies,
	})
	if err != nil {
		return nil, nil, fmt.Errorf("open stream %s: %w", st.name, err)
	}
	dead, err = makeStream(ctx, st.js, jetstream.StreamConfig{
		Name:     st.deadName(),
		Subjects: []string{st.deadName() + ".*"},
		Storage:  jetstream.FileStorage,
		MaxBytes: maxStream / 4,
		MaxAge:   KeepDead,
		Replicas: st.copies,
	})
	if err != nil {
		return nil, nil, fmt.Errorf("open dead letters of %s: %w", st.name, err)
	}
	return work, dead, nil
}

// Publish stores an item. When it returns nil the item is safe on disk;
// repeated reports that it was there before. The error wraps [ErrTooLarge] for
// what will never fit and [ErrOwnerFull] for what does not fit now; after any
// other the item may be offered again.
func (st *Stream) Publish(ctx context.Context, item Item) (repeated bool, err error) {
	if len(item.Data) > MaxItem {
		return false, fmt.Errorf("publish to %s: %w", st.name, ErrTooLarge)
	}
	msg := nats.NewMsg(st.subject(item))
	msg.Header.Set(groupHeader, item.Group)
	msg.Header.Set(shardHeader, item.Shard)
	msg.Header.Set(ownerHeader, item.Owner)
	msg.Data = item.Data
	ack, err := st.js.PublishMsg(ctx, msg, jetstream.WithMsgID(item.ID))
	if isOwnerFull(err) {
		return false, fmt.Errorf("publish to %s: %w", st.name, ErrOwnerFull)
	}
	st.failing.Store(err != nil && !errors.Is(err, context.Canceled))
	if err != nil {
		return false, fmt.Errorf("publish to %s: %w", st.name, err)
	}
	return ack.Duplicate, nil
}

// isOwnerFull reports whether the server refused an item because of
// MaxMsgsPerSubject. It has no code for that, only its words.
func isOwnerFull(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && api.ErrorCode == storeFailedCode && api.Description == "maximum messages per subject exceeded"
}

// storeFailedCode is JSStreamStoreFailedF of the server.
const storeFailedCode = 10077

// probeGroup is the group of the items of [Stream.Probe].
const probeGroup = "\x00probe"

// Probe tries whether items can be stored, by an item that is dropped when its
// turn comes.
func (st *Stream) Probe(ctx context.Context) error {
	id := "\x00probe/" + nuid.Next()
	_, err := st.Publish(ctx, Item{ID: id, Group: probeGroup, Owner: id})
	return err
}

// Purge removes what is stored of an owner: items that wait, and dead letters.
// Call it from the process that works on the owner's shard. What is worked on
// in that moment is finished, and removed then.
func (st *Stream) Purge(ctx context.Context, owner string) error {
	st.hand.purge(owner)
	err := st.stream.Purge(ctx, jetstream.WithPurgeSubject(st.name+".*."+token(owner)))
	if err == nil {
		err = st.dead.Purge(ctx, jetstream.WithPurgeSubject(st.deadName()+"."+token(owner)))
	}
	if err != nil {
		return fmt.Errorf("purge %s: %w", st.name, err)
	}
	return nil
}

// Depth is what a stream holds.
type Depth struct {
	// Items are left to do; Dead could not be done.
	Items, Dead uint64
	// Oldest is since when the oldest item waits, by the clock of the server;
	// zero when there is none.
	Oldest time.Time
}

// Depth looks how much is left to do.
func (st *Stream) Depth(ctx context.Context) (Depth, error) {
	work, err := st.stream.Info(ctx)
	if err != nil {
		return Depth{}, fmt.Errorf("look at stream %s: %w", st.name, err)
	}
	dead, err := st.dead.Info(ctx)
	if err != nil {
		return Depth{}, fmt.Errorf("look at dead letters of %s: %w", st.name, err)
	}
	d := Depth{Items: work.State.Msgs, Dead: dead.State.Msgs}
	if d.Items > 0 {
		d.Oldest = work.State.FirstTime
	}
	return d, nil
}
