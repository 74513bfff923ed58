package queue

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"pgregory.net/rapid"
)

// replica is a process in a model of many, on one roll.
type replica struct {
	*share
	alive bool
	// believes are the partitions it works on, and until when.
	believes [partitions]bool
	until    time.Time
}

func newReplica(id string) *replica {
	sh := &share{log: slog.New(slog.DiscardHandler), id: id, every: beatEvery, lease: leaseTime, changed: make(chan struct{}), seen: map[string]sighting{}}
	sh.streams = []*Stream{{hand: newHand(1)}}
	return &replica{share: sh, alive: true}
}

// Whatever happens to the replicas, no partition is worked on by two; when
// nothing more happens, all are worked on, by even shares.
func TestThePartitionsAreSharedOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var r roll
		var all []*replica
		now := time.Now()
		beat := func(one *replica, leave bool) {
			after, owned := one.next(r, now, leave)
			r = after
			one.believes, one.until = owned, now.Add(leaseTime)
		}
		check := func() {
			for p := range partitions {
				owner := ""
				for _, one := range all {
					if !(one.alive && one.believes[p] && now.Before(one.until)) && one.streams[0].hand.running[p] == 0 {
						continue
					}
					if owner != "" {
						t.Fatalf("partition %d is worked on by %s and %s", p, owner, one.id)
					}
					owner = one.id
				}
			}
		}
		living := func() []*replica {
			return slices.Collect(func(yield func(*replica) bool) {
				for _, one := range all {
					if one.alive && !yield(one) {
						return
					}
				}
			})
		}
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			alive := living()
			step := rapid.SampledFrom([]string{"join", "beat", "beat", "beat", "work", "die", "leave", "late"}).Draw(t, "step")
			if len(alive) == 0 || step == "join" && len(alive) < 5 {
				all = append(all, newReplica(fmt.Sprintf("replica %d", len(all))))
				beat(all[len(all)-1], false)
				check()
				continue
			}
			one := rapid.SampledFrom(alive).Draw(t, "one")
			h := one.streams[0].hand
			switch step {
			case "beat": // everybody beats once a second, and follows what it learns
				for _, each := range alive {
					beat(each, false)
					each.streams[0].hand.keep(each.believes)
					check()
				}
				now = now.Add(beatEvery)
			case "work": // begins or ends something on a partition of its own
				if p := rapid.IntRange(0, partitions-1).Draw(t, "partition"); h.running[p] > 0 {
					h.running[p]--
				} else if one.believes[p] && now.Before(one.until) {
					h.running[p]++
				}
			case "die":
				one.alive = false
				h.running = [partitions]int{}
			case "leave":
				h.running = [partitions]int{}
				beat(one, true)
				one.alive = false
			case "late": // nobody beats for a while, in which nobody can work, and then all but one
				now = now.Add(leaseTime + beatEvery)
				for _, each := range alive {
					each.streams[0].hand.running = [partitions]int{}
				}
				for _, each := range alive {
					if each != one {
						beat(each, false)
						each.streams[0].hand.keep(each.believes)
						check()
					}
				}
			}
			check()
		}
		if len(living()) == 0 {
			return
		}
		for _, one := range living() {
			one.streams[0].hand.running = [partitions]int{}
		}
		for range 12 {
			for _, one := range living() {
				beat(one, false)
				one.streams[0].hand.keep(one.believes)
				check()
			}
			now = now.Add(beatEvery)
		}
		for _, one := range living() {
			n := 0
			for _, mine := range one.believes {
				if mine {
					n++
				}
			}
			if even := partitions / len(living()); n != even && n != even+1 {
				t.Errorf("%s works on %d partitions of %d, of %d replicas", one.id, n, partitions, len(living()))
			}
		}
		if slices.Contains(r.Owners[:], "") {
			t.Errorf("not all partitions are worked on: %v", r.Owners)
		}
	})
}

// another opens the queue of a server once more, as another process of a
// cluster would.
func another(t *testing.T, s *Server) *Server {
	t.Helper()
	conn, err := nats.Connect("", nats.InProcessServer(s.server), nats.Name(clientName))
	if err != nil {
		t.Fatal(err)
	}
	other := &Server{log: s.log, copies: 1}
	if err := other.attach(t.Context(), conn); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	return other
}

// journal notes who did what.
type journal struct {
	mu    sync.Mutex
	done  map[string][]string // by group, in order
	times map[string]int      // by item
	by    map[string]int      // by replica
	more  chan struct{}
}

func newJournal() *journal {
	return &journal{done: map[string][]string{}, times: map[string]int{}, by: map[string]int{}, more: make(chan struct{}, 10_000)}
}

func (j *journal) handler(replica string) Handler {
	return func(_ context.Context, d Delivery) error {
		j.mu.Lock()
		defer j.mu.Unlock()
		if j.times[d.ID]++; j.times[d.ID] == 1 {
			j.done[d.Group] = append(j.done[d.Group], d.ID)
			j.more <- struct{}{}
		}
		j.by[replica]++
		return nil
	}
}

func (j *journal) did(replica string) int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.by[replica]
}

func (j *journal) wait(t *testing.T, n int) {
	t.Helper()
	deadline := time.After(30 * time.Second)
	for range n {
		select {
		case <-j.more:
		case <-deadline:
			t.Fatalf("not all is done: one did %d, two %d, three %d", j.did("first"), j.did("second"), j.did("third"))
		}
	}
}

// check looks that every group was done in order, and returns how many items
// were done twice.
func (j *journal) check(t *testing.T) (twice int) {
	t.Helper()
	j.mu.Lock()
	defer j.mu.Unlock()
	for group, items := range j.done {
		if !slices.IsSorted(items) {
			t.Errorf("%s: order %v", group, items)
		}
	}
	for n := range maps.Values(j.times) {
		if n > 1 {
			twice++
		}
	}
	return twice
}

// quick makes the leases of a server short.
func quick(s *Server) {
	s.share.every, s.share.lease = 20*time.Millisecond, 200*time.Millisecond
}

func TestReplicasShareTheWork(t *testing.T) {
	first := opened(t)
	quick(first)
	stream := streamOf(t, first, StreamOptions{})
	j := newJournal()
	n := 0
	put := func(items int) {
		t.Helper()
		for range items {
			n++
			publish(t, stream, fmt.Sprintf("%05d", n), fmt.Sprintf("group %d", n%50))
		}
	}
	put(100)
	stopFirst := running(t, stream, j.handler("first"))
	j.wait(t, 100)

	second := another(t, first)
	quick(second)
	other := streamOf(t, second, StreamOptions{})
	stopSecond := running(t, other, j.handler("second"))
	until(t, "both have a share", func() bool {
		return first.Replicas() == 2 && second.Replicas() == 2 && sharesOf(first, second) == partitions
	})
	put(300)
	j.wait(t, 300)
	if n := j.did("second"); n < 50 {
		t.Errorf("the second replica did %d of 300", n)
	}

	stopFirst() // it leaves; nobody has to wait for its lease
	put(100)
	j.wait(t, 100)
	if twice := j.check(t); twice > 0 {
		t.Errorf("%d done twice, though nobody crashed", twice)
	}

	// One that is gone without a word is replaced when its lease has ended.
	third := another(t, first)
	quick(third)
	last := streamOf(t, third, StreamOptions{})
	running(t, last, j.handler("third"))
	until(t, "both have a share", func() bool { return sharesOf(second, third) == partitions && second.Replicas() == 2 })
	second.conn.Close()
	put(200)
	j.wait(t, 200)
	if twice := j.check(t); twice > 2*16 { // what its workers had under way
		t.Errorf("%d done twice", twice)
	}
	stopSecond()
}

// sharesOf counts the partitions that replicas own.
func sharesOf(servers ...*Server) int {
	n := 0
	for _, s := range servers {
		owned, _ := s.share.parts()
		some := false
		for _, mine := range owned {
			if mine {
				n++
				some = true
			}
		}
		if !some {
			return 0
		}
	}
	return n
}

func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(20 * time.Second)
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal("never: " + what)
		}
	}
}

func TestOneReplicaLeads(t *testing.T) {
	first := opened(t)
	quick(first)
	second := another(t, first)
	quick(second)
	var mu sync.Mutex
	leaders, most := map[*Server]bool{}, 0
	leads := func(s *Server) bool {
		mu.Lock()
		defer mu.Unlock()
		return leaders[s]
	}
	begin := func(s *Server) (stop func()) {
		ctx, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		all.Go(func() { s.share.run(ctx) })
		all.Go(func() {
			err := s.Lead(ctx, "the poll", func(ctx context.Context) error {
				mu.Lock()
				leaders[s] = true
				most = max(most, len(leaders))
				mu.Unlock()
				<-ctx.Done()
				mu.Lock()
				delete(leaders, s)
				mu.Unlock()
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
		return func() { cancel(); all.Wait() }
	}
	stopFirst := begin(first)
	until(t, "the first leads", func() bool { return leads(first) })
	stopSecond := begin(second)
	until(t, "both have a share", func() bool { return sharesOf(first, second) == partitions })
	stopFirst()
	until(t, "the second leads", func() bool { return leads(second) })
	stopSecond()
	if most != 1 {
		t.Errorf("%d led at the same time", most)
	}
}

func TestWorkOfALeaderThatIsDoneIsNotDoneAgain(t *testing.T) {
	s := opened(t)
	ctx, cancel := context.WithCancel(t.Context())
	var beating sync.WaitGroup
	beating.Go(func() { s.share.run(ctx) })
	times := 0
	if err := s.Lead(t.Context(), "register", func(context.Context) error { times++; return nil }); err != nil || times != 1 {
		t.Errorf("done %d times, %v", times, err)
	}
	cancel()
	beating.Wait()
}
