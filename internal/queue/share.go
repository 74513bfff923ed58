package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nuid"
)

const (
	// beatEvery is how often a replica says that it lives, and looks who else
	// does.
	beatEvery = time.Second
	// leaseTime is how long a replica may go on without having said so: five
	// beats may be lost on the way before another one takes its work over.
	leaseTime = 6 * time.Second
)

// shareKey is the one entry of the bucket that holds the [roll].
const shareKey = "roll"

// roll says which replicas live and which partition is whose. There is one for
// all streams of a server; every change of it is a compare-and-set.
type roll struct {
	// Beats has a count for each replica, which grows while it lives.
	Beats map[string]uint64 `json:"beats"`
	// Owners has the replica that works on each partition; "" for none.
	Owners [partitions]string `json:"owners"`
}

// share is the partitions that this replica works on. Each replica takes its
// even share of all of them; one that has too many lets the surplus go once no
// work on it is under way, one that has too few takes what is free. A replica
// whose beat has not changed for a lease, by the clock of whoever looks,
// has lost everything; it knows that earlier, since it counts from the moment
// before its last beat. No clock of another machine is believed, and none that
// can be set.
type share struct {
	log *slog.Logger
	// id is this replica's name, a new one in every process.
	id     string
	bucket *Bucket
	// every and lease are beatEvery and leaseTime, but in tests.
	every, lease time.Duration

	mu      sync.Mutex
	streams []*Stream
	// leading counts the works of [Server.Lead] under way, by partition.
	leading [partitions]int
	// owned are the partitions to work on, until the lease ends.
	owned [partitions]bool
	until time.Time
	// living are the ids of all replicas that live, sorted.
	living []string
	// changed is closed when owned changes.
	changed chan struct{}
	// Of the beats alone, which come one after the other: count is the last of
	// our own, seen the last of every other replica, and when it was new.
	count uint64
	seen  map[string]sighting
}

type sighting struct {
	beat uint64
	at   time.Time
}

// openShare opens the bucket; no partition is owned before [Server.Run].
func openShare(ctx context.Context, s *Server) (*share, error) {
	storage := InMemory // alone the process that held a lease is gone with the server
	if s.copies > 1 {
		// Servers that were lost one after the other wait for all of them
		// before they trust what is left in memory, but not on disk.
		storage = OnDisk
	}
	bucket, err := s.Bucket(ctx, "replicas", 0, storage)
	if err != nil {
		return nil, err
	}
	return &share{
		log: s.log, id: nuid.Next(), bucket: bucket, every: beatEvery, lease: leaseTime,
		changed: make(chan struct{}), seen: map[string]sighting{},
	}, nil
}

// Run takes a share of the work of all streams for this process, keeps it
// until ctx ends, and then leaves it to the other replicas. Without it
// [Stream.Run] is handed nothing. It returns nil; what goes wrong on the way is
// tried again.
func (s *Server) Run(ctx context.Context) error {
	s.share.run(ctx)
	return nil
}

// Replicas is how many processes share the work, this one included; at least 1.
func (s *Server) Replicas() int {
	s.share.mu.Lock()
	defer s.share.mu.Unlock()
	return max(1, len(s.share.living))
}

// run beats until ctx ends, and then leaves.
func (sh *share) run(ctx context.Context) {
	tick := time.NewTicker(sh.every)
	defer tick.Stop()
	for failures := 0; ctx.Err() == nil; {
		err := sh.beat(ctx, false)
		switch {
		case ctx.Err() != nil:
		case err != nil:
			if failures++; failures == 1 {
				sh.log.Warn("queue cannot be shared out, will try on", "error", err)
			}
		case failures > 0:
			sh.log.Info("queue is shared out again")
			failures = 0
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
	leaving, cancel := context.WithTimeout(context.WithoutCancel(ctx), sh.every)
	defer cancel()
	if err := sh.beat(leaving, true); err != nil {
		sh.log.Debug("share of the queue not given back, it will be taken over", "error", err)
	}
}

// maxConflicts is how often a compare-and-set is tried in one beat: others
// change the roll once a second each.
const maxConflicts = 10

// beat says that this replica lives, or leaves, and takes and lets go
// partitions.
func (sh *share) beat(ctx context.Context, leave bool) error {
	ctx, cancel := context.WithTimeout(ctx, sh.lease/2)
	defer cancel()
	for range maxConflicts {
		data, revision, err := sh.bucket.Read(ctx, shareKey)
		if err != nil {
			return err
		}
		var before roll
		if revision > 0 {
			if err := json.Unmarshal(data, &before); err != nil {
				return fmt.Errorf("read who shares the queue: %w", err)
			}
		}
		sent := time.Now()
		after, owned := sh.next(before, sent, leave)
		if data, err = json.Marshal(after); err != nil {
			return fmt.Errorf("write who shares the queue: %w", err)
		}
		swapped, err := sh.bucket.Swap(ctx, shareKey, data, revision)
		if err != nil {
			return err
		}
		if swapped {
			sh.set(owned, after, sent)
			return nil
		}
	}
	return errors.New("the queue's roll is changed by others all the time")
}

// next is the roll after this replica's beat, and what it owns by it.
func (sh *share) next(r roll, now time.Time, leave bool) (after roll, owned [partitions]bool) {
	after = roll{Beats: maps.Clone(r.Beats), Owners: r.Owners}
	if after.Beats == nil {
		after.Beats = map[string]uint64{}
	}
	sh.bury(after.Beats, now)
	if leave {
		delete(after.Beats, sh.id)
	} else {
		sh.count++ // never a number again that somebody may have seen, also after others gave us up
		after.Beats[sh.id] = sh.count
	}
	for p, owner := range after.Owners {
		if _, lives := after.Beats[owner]; !lives {
			after.Owners[p] = ""
		}
	}
	if leave {
		return after, owned
	}
	mine, fair := 0, sh.fair(after.Beats)
	for p, owner := range after.Owners {
		switch {
		case owner == sh.id && mine < fair:
			mine++
			owned[p] = true
		case owner == sh.id && !sh.held(p): // surplus, and no work on it is under way
			after.Owners[p] = ""
		}
	}
	for p, owner := range after.Owners {
		if owner == "" && r.Owners[p] != sh.id && mine < fair {
			mine++
			owned[p] = true
			after.Owners[p] = sh.id
		}
	}
	return after, owned
}

// bury takes the replicas out that have not beaten for a lease.
func (sh *share) bury(beats map[string]uint64, now time.Time) {
	for id, beat := range beats {
		last, known := sh.seen[id]
		switch {
		case id == sh.id:
		case !known || last.beat != beat:
			sh.seen[id] = sighting{beat: beat, at: now}
		case now.Sub(last.at) > sh.lease:
			sh.log.Warn("a replica does not answer any more, its work is taken over")
			delete(beats, id)
		}
	}
	maps.DeleteFunc(sh.seen, func(id string, _ sighting) bool { _, lives := beats[id]; return !lives })
}

// fair is how many partitions are this replica's share. The shares of all add
// up to all partitions.
func (sh *share) fair(beats map[string]uint64) int {
	ids := slices.Sorted(maps.Keys(beats))
	fair := partitions / len(ids)
	if slices.Index(ids, sh.id) < partitions%len(ids) {
		fair++
	}
	return fair
}

// held reports whether work on a partition is under way.
func (sh *share) held(p int) bool {
	sh.mu.Lock()
	streams, leading := sh.streams, sh.leading[p] > 0
	sh.mu.Unlock()
	return leading || slices.ContainsFunc(streams, func(st *Stream) bool { return st.hand.holds(p) })
}

// set notes the outcome of a beat that was sent at a moment.
func (sh *share) set(owned [partitions]bool, r roll, sent time.Time) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	sh.until = sent.Add(sh.lease)
	sh.living = slices.Sorted(maps.Keys(r.Beats))
	if owned != sh.owned {
		sh.owned = owned
		close(sh.changed)
		sh.changed = make(chan struct{})
	}
}

// parts returns the partitions that are owned, and a channel that is closed
// when they change.
func (sh *share) parts() (owned [partitions]bool, changed <-chan struct{}) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	return sh.owned, sh.changed
}

// valid reports whether a partition is owned at this moment.
func (sh *share) valid(p int) bool {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	return sh.owned[p] && time.Now().Before(sh.until)
}

// lives reports whether a replica with this id is known to live.
func (sh *share) lives(id string) bool {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	return slices.Contains(sh.living, id)
}

// join adds a stream whose work is shared.
func (sh *share) join(st *Stream) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	sh.streams = append(sh.streams, st)
}
