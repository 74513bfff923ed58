package queue

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"
)

// ErrTooLarge is returned, wrapped, for an item that is larger than
// [MaxItem].
var ErrTooLarge = errors.New("item too large")

// MaxItem is the largest Data of an item, in bytes.
const MaxItem = 512 << 10

// Item is one piece of work.
type Item struct {
	// ID tells an item from every other of its stream: an item whose ID was
	// accepted in the last [SeenFor] is a repeat. It may not be empty.
	ID string
	// Group is the unit of order.
	Group string
	Data  []byte
}

// Delivery is an item that is handed to a worker.
type Delivery struct {
	Item
	// Attempt counts from 1, in this process.
	Attempt int
	// AcceptedAt is when the item was published.
	AcceptedAt time.Time
	sequence   uint64
}

// How long things are kept.
const (
	KeepWork = 24 * time.Hour     // an item that nobody could do
	KeepDead = 7 * 24 * time.Hour // an item that failed too often
	SeenFor  = 25 * time.Hour     // ids, longer than any vendor repeats a delivery
)

// duplicateWindow is how long the stream itself remembers the ids of what it
// holds. It covers the time between acceptance and the first look of a worker;
// after that the bucket of what was seen takes over.
const duplicateWindow = time.Hour

// maxStream is the most that one stream may hold, in bytes.
const maxStream = 1 << 30

// partitions is the number of subjects that groups are spread over, so that
// several processes can share the work by subject.
const partitions = 64

// Headers of a stored item.
const (
	groupHeader  = "Hoinq-Group"
	reasonHeader = "Hoinq-Reason"
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
	// Waits are the pauses after the first, second … failure; when they are
	// used up the item is dead. Default 1 s, 5 s, 20 s, 60 s: five tries.
	Waits []time.Duration
}

// Stream is a queue of items on disk. Open one with [Server.Stream]; it is
// safe for concurrent use.
type Stream struct {
	log  *slog.Logger
	name string
	opt  StreamOptions
	js   jetstream.JetStream
	// failing is the server's: whether the last item could not be stored.
	failing *atomic.Bool
	stream  jetstream.Stream
	seen    *Bucket

	mu     sync.Mutex
	groups map[string]*group
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
	seen, err := s.Bucket(ctx, name+"-seen", SeenFor, OnDisk)
	if err != nil {
		return nil, err
	}
	st := &Stream{log: s.log, name: name, opt: opt, js: s.js, failing: &s.failing, seen: seen, groups: map[string]*group{}}
	st.stream, err = s.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name:       name,
		Subjects:   []string{name + ".*"},
		Retention:  jetstream.WorkQueuePolicy,
		Storage:    jetstream.FileStorage,
		Discard:    jetstream.DiscardNew,
		MaxBytes:   maxStream,
		MaxAge:     KeepWork,
		Duplicates: duplicateWindow,
		Replicas:   s.replicas,
	})
	if err != nil {
		return nil, fmt.Errorf("open stream %s: %w", name, err)
	}
	_, err = s.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name:     st.deadName(),
		Subjects: []string{st.deadName()},
		Storage:  jetstream.FileStorage,
		MaxBytes: maxStream / 4,
		MaxAge:   KeepDead,
		Replicas: s.replicas,
	})
	if err != nil {
		return nil, fmt.Errorf("open dead letters of %s: %w", name, err)
	}
	return st, nil
}

func (st *Stream) deadName() string { return st.name + "-dead" }

// Publish stores an item. When it returns nil the item is safe on disk;
// repeated reports that it was there before. The error wraps [ErrTooLarge] for
// what will never fit; after any other the item may be offered again.
func (st *Stream) Publish(ctx context.Context, item Item) (repeated bool, err error) {
	if len(item.Data) > MaxItem {
		return false, fmt.Errorf("publish to %s: %w", st.name, ErrTooLarge)
	}
	msg := nats.NewMsg(st.name + "." + strconv.Itoa(partition(item.Group)))
	msg.Header.Set(groupHeader, item.Group)
	msg.Data = item.Data
	ack, err := st.js.PublishMsg(ctx, msg, jetstream.WithMsgID(item.ID))
	st.failing.Store(err != nil && !errors.Is(err, context.Canceled))
	if err != nil {
		return false, fmt.Errorf("publish to %s: %w", st.name, err)
	}
	return ack.Duplicate, nil
}

func partition(group string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(group)) // a hash takes everything
	return int(h.Sum32() % partitions)
}

// probeGroup is the group of the items of [Stream.Probe].
const probeGroup = "\x00probe"

// Probe tries whether items can be stored, by an item that is dropped when its
// turn comes.
func (st *Stream) Probe(ctx context.Context) error {
	_, err := st.Publish(ctx, Item{ID: "\x00probe/" + nuid.Next(), Group: probeGroup})
	return err
}

// Depth is how many items are left to do, and since when the oldest waits; a
// zero time when there is none.
func (st *Stream) Depth(ctx context.Context) (items uint64, oldest time.Time, err error) {
	info, err := st.stream.Info(ctx)
	if err != nil {
		return 0, time.Time{}, fmt.Errorf("look at stream %s: %w", st.name, err)
	}
	if info.State.Msgs > 0 {
		oldest = info.State.FirstTime
	}
	return info.State.Msgs, oldest, nil
}

// Waiting is how many items of a group are in hand. Whoever publishes can hold
// a group back that has too many: what waits takes its share of all that can
// be in hand, from the other groups.
func (st *Stream) Waiting(key string) int {
	st.mu.Lock()
	defer st.mu.Unlock()
	if g := st.groups[key]; g != nil {
		return len(g.items)
	}
	return 0
}
