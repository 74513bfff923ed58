package queue

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		// The server parks one goroutine for good, which ends with the process.
		goleak.IgnoreAnyFunction("github.com/nats-io/nats-server/v2/server.init.0.func1"),
		// nats.go v1.55 starts one for what is published without waiting, and
		// takes its channel away again in CleanupPublisher: one that has not
		// looked by then waits for ever, on nothing. It is one for a set of
		// documents that is brought in, at most.
		goleak.IgnoreTopFunction("github.com/nats-io/nats.go/jetstream.(*jetStream).resetPendingAcksOnReconnect"),
	)
}

// logs is a buffer that many goroutines may write to.
type logs struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func open(t *testing.T, dir string) *Server {
	t.Helper()
	s, err := Open(t.Context(), slog.New(slog.DiscardHandler), dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func opened(t *testing.T) *Server {
	t.Helper()
	s := open(t, t.TempDir())
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func streamOf(t *testing.T, s *Server, opt StreamOptions) *Stream {
	t.Helper()
	st, err := s.Stream(t.Context(), "inbox", opt)
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func publish(t *testing.T, st *Stream, id, group string) (repeated bool) {
	t.Helper()
	repeated, err := st.Publish(t.Context(), Item{ID: id, Group: group, Shard: group, Owner: group, Data: []byte("data of " + id)})
	if err != nil {
		t.Fatal(err)
	}
	return repeated
}

// running starts Run and returns a function that ends it.
func running(t *testing.T, st *Stream, handle Handler) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	sharing, leave := context.WithCancel(t.Context())
	var shared sync.WaitGroup
	shared.Go(func() { st.share.run(sharing) })
	done := make(chan error, 1)
	go func() { done <- st.Run(ctx, handle) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
		leave()
		shared.Wait()
	})
	t.Cleanup(stop)
	return stop
}

// collect returns a handler that hands every delivery over, and the channel.
func collect(n int) (Handler, chan Delivery) {
	got := make(chan Delivery, n)
	return func(_ context.Context, d Delivery) error { got <- d; return nil }, got
}

func TestTheServerSyncsEveryWriteAndOpensNoPort(t *testing.T) {
	s := opened(t)
	if config := s.server.JetStreamConfig(); !config.SyncAlways {
		t.Errorf("JetStream configuration %+v, want SyncAlways", config)
	}
	if !options("x").DontListen || s.server.Addr() != nil {
		t.Errorf("the server listens on %v", s.server.Addr())
	}
}

func TestAnItemIsHandedOutAsItWasGiven(t *testing.T) {
	st := streamOf(t, opened(t), StreamOptions{})
	if publish(t, st, "telegram/1/42", "chat 7") {
		t.Error("the first is called a repeat")
	}
	handle, got := collect(1)
	running(t, st, handle)
	d := <-got
	if d.ID != "telegram/1/42" || d.Group != "chat 7" || string(d.Data) != "data of telegram/1/42" || d.Attempt != 1 || time.Since(d.AcceptedAt) > time.Minute {
		t.Errorf("handed out %+v", d)
	}
}

func TestOneGroupKeepsItsOrderAndHoldsNobodyBack(t *testing.T) {
	st := streamOf(t, opened(t), StreamOptions{Workers: 2})
	for i := range 30 {
		publish(t, st, fmt.Sprintf("slow-%d", i), "slow")
	}
	publish(t, st, "quick", "quick")
	var mu sync.Mutex
	var order []string
	quick, all := make(chan struct{}), make(chan struct{})
	running(t, st, func(ctx context.Context, d Delivery) error {
		if d.Group == "quick" {
			close(quick)
			return nil
		}
		select { // no item of the slow group ends before the quick one
		case <-quick:
		case <-ctx.Done():
		}
		mu.Lock()
		defer mu.Unlock()
		if order = append(order, d.ID); len(order) == 30 {
			close(all)
		}
		return nil
	})
	<-all
	var want []string
	for i := range 30 {
		want = append(want, fmt.Sprintf("slow-%d", i))
	}
	if !slices.Equal(order, want) {
		t.Errorf("order %v", order)
	}
}

func TestARepeatIsDropped(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	st := streamOf(t, s, StreamOptions{})
	publish(t, st, "a", "g")
	if !publish(t, st, "a", "g") {
		t.Error("a repeat of what still waits is taken for new")
	}
	handle, got := collect(10)
	stop := running(t, st, handle)
	<-got
	stop()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	// The next process has forgotten what was removed, and remembers what was seen.
	s = open(t, dir)
	dropped := make(chan Item, 1)
	st = streamOf(t, s, StreamOptions{Repeated: func(i Item) { dropped <- i }})
	publish(t, st, "a", "g")
	publish(t, st, "b", "g")
	handle, got = collect(10)
	stop = running(t, st, handle)
	if d := <-got; d.ID != "b" {
		t.Errorf("%s is handed out a second time", d.ID)
	}
	if i := <-dropped; i.ID != "a" {
		t.Errorf("dropped %s", i.ID)
	}
	stop()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// What was in hand when the process ended comes back at once, under its own
// sequence, and is no repeat.
func TestUnfinishedWorkIsHandedOutAgain(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	st := streamOf(t, s, StreamOptions{Drain: time.Millisecond})
	publish(t, st, "a", "g")
	publish(t, st, "b", "g")
	begun := make(chan struct{})
	stop := running(t, st, func(ctx context.Context, _ Delivery) error {
		close(begun)
		<-ctx.Done()
		return ctx.Err()
	})
	<-begun
	stop()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	st = streamOf(t, s, StreamOptions{})
	handle, got := collect(2)
	stop = running(t, st, handle)
	if first, second := <-got, <-got; first.ID != "a" || second.ID != "b" {
		t.Errorf("handed out %s, %s", first.ID, second.ID)
	}
	stop()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAFailureIsTriedAgainAndThenKeptAmongTheDead(t *testing.T) {
	s := opened(t)
	st := streamOf(t, s, StreamOptions{Waits: []time.Duration{time.Millisecond, time.Millisecond}})
	publish(t, st, "bad", "g")
	publish(t, st, "good", "g")
	var attempts []int
	done := make(chan struct{})
	running(t, st, func(_ context.Context, d Delivery) error {
		if d.ID == "good" {
			close(done)
			return nil
		}
		if attempts = append(attempts, d.Attempt); d.Attempt == 2 {
			panic("words of a person")
		}
		return errors.New("no")
	})
	<-done
	if !slices.Equal(attempts, []int{1, 2, 3}) {
		t.Errorf("attempts %v, want three", attempts)
	}
	letters, err := st.Dead(t.Context(), 0, 10)
	if err != nil || len(letters) != 1 {
		t.Fatalf("dead letters %+v, %v", letters, err)
	}
	if l := letters[0]; l.ID != "bad" || l.Group != "g" || string(l.Data) != "data of bad" || l.Reason != "no" || l.AcceptedAt.IsZero() || l.DiedAt.IsZero() {
		t.Errorf("dead letter %+v", l)
	}
}

func TestAPanicIsLoggedWithoutItsWords(t *testing.T) {
	out := &logs{}
	s, err := Open(t.Context(), slog.New(slog.NewTextHandler(out, nil)), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	st := streamOf(t, s, StreamOptions{Waits: []time.Duration{time.Millisecond}})
	publish(t, st, "a", "g")
	done := make(chan struct{})
	stop := running(t, st, func(_ context.Context, d Delivery) error {
		if d.Attempt == 1 {
			panic("words of a person")
		}
		close(done)
		return nil
	})
	<-done
	stop()
	if log := out.String(); !strings.Contains(log, "panic in a worker") || strings.Contains(log, "words of a person") {
		t.Errorf("log:\n%s", log)
	}
}

func TestLaterIsAsOftenAsItTakes(t *testing.T) {
	st := streamOf(t, opened(t), StreamOptions{Waits: []time.Duration{}})
	publish(t, st, "a", "g")
	done := make(chan int, 1)
	running(t, st, func(_ context.Context, d Delivery) error {
		if d.Attempt < 8 {
			return fmt.Errorf("send: %w", Later(time.Millisecond, errors.New("busy")))
		}
		done <- d.Attempt
		return nil
	})
	<-done
}

func TestAnOwnerMayFillOnlyItsOwnPlace(t *testing.T) {
	s := opened(t)
	st := streamOf(t, s, StreamOptions{PerOwner: 2})
	publish(t, st, "a", "g")
	publish(t, st, "b", "g")
	if _, err := st.Publish(t.Context(), Item{ID: "c", Group: "g", Shard: "g", Owner: "g"}); !errors.Is(err, ErrOwnerFull) || s.Failing() {
		t.Errorf("error %v, want ErrOwnerFull; failing %v", err, s.Failing())
	}
	publish(t, st, "d", "other")
	handle, got := collect(3)
	running(t, st, handle)
	for range 3 {
		<-got
	}
	// What is done makes room, once the server has removed it.
	for {
		_, err := st.Publish(t.Context(), Item{ID: "c", Group: "g", Shard: "g", Owner: "g"})
		if err == nil {
			break
		}
		if !errors.Is(err, ErrOwnerFull) {
			t.Fatal(err)
		}
	}
	if d := <-got; d.ID != "c" {
		t.Errorf("handed out %s", d.ID)
	}
}

func TestAnItemThatWillNeverFitIsRefusedAsSuch(t *testing.T) {
	s := opened(t)
	st := streamOf(t, s, StreamOptions{})
	if _, err := st.Publish(t.Context(), Item{ID: "a", Group: "g", Data: make([]byte, MaxItem+1)}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("error %v, want ErrTooLarge", err)
	}
	if _, err := st.Publish(t.Context(), Item{ID: "b", Group: "g", Data: make([]byte, MaxItem)}); err != nil || s.Failing() {
		t.Errorf("the largest: %v, failing %v", err, s.Failing())
	}
}

func TestAProbeIsStoredAndHandedToNobody(t *testing.T) {
	s := opened(t)
	st := streamOf(t, s, StreamOptions{})
	if err := st.Probe(t.Context()); err != nil {
		t.Fatal(err)
	}
	publish(t, st, "a", "g")
	handle, got := collect(2)
	running(t, st, handle)
	if d := <-got; d.ID != "a" {
		t.Errorf("handed out %q", d.ID)
	}
}

func TestASecondServerOnOneFolderIsRefused(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	if _, err := Open(t.Context(), slog.New(slog.DiscardHandler), dir); !errors.Is(err, ErrLocked) {
		t.Errorf("error %v, want ErrLocked", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := open(t, dir).Close(); err != nil {
		t.Errorf("after the first has closed: %v", err)
	}
}

func TestAFolderThatCannotBeMadeIsNamed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), slog.New(slog.DiscardHandler), filepath.Join(file, "queue")); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("error %v, want one that names %s", err, file)
	}
}

func TestABucket(t *testing.T) {
	ctx := t.Context()
	s := opened(t)
	for _, storage := range []Storage{InMemory, OnDisk, Synced} {
		b, err := s.Bucket(ctx, fmt.Sprintf("b%d", storage), time.Hour, storage)
		if err != nil {
			t.Fatal(err)
		}
		const key = "khoá lạ: * > ."
		if _, ok, err := b.Get(ctx, key); ok || err != nil {
			t.Errorf("an empty bucket: %v, %v", ok, err)
		}
		for _, want := range []bool{true, false} {
			if claimed, err := b.Claim(ctx, key, []byte("1")); err != nil || claimed != want {
				t.Errorf("claimed %v, want %v (%v)", claimed, want, err)
			}
		}
		if err := b.Put(ctx, key, []byte("2")); err != nil {
			t.Fatal(err)
		}
		if value, ok, err := b.Get(ctx, key); string(value) != "2" || !ok || err != nil {
			t.Errorf("got %q, %v, %v", value, ok, err)
		}
		if err := b.Delete(ctx, key); err != nil {
			t.Fatal(err)
		}
		if _, ok, err := b.Get(ctx, key); ok || err != nil {
			t.Errorf("after Delete: %v, %v", ok, err)
		}
		if claimed, err := b.Claim(ctx, key, []byte("3")); !claimed || err != nil {
			t.Errorf("claim after Delete: %v, %v", claimed, err)
		}
	}
}

// Only a stream that is not written asynchronously obeys the server's SyncAlways.
func TestASyncedBucketIsOnDiskWhenAWriteReturns(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	for storage, want := range map[Storage]jetstream.PersistModeType{OnDisk: jetstream.AsyncPersistMode, Synced: jetstream.DefaultPersistMode} {
		b, err := s.Bucket(t.Context(), fmt.Sprintf("b%d", storage), time.Hour, storage)
		if err != nil {
			t.Fatal(err)
		}
		stream, err := s.js.Stream(t.Context(), fmt.Sprintf("%sb%d", bucketPrefix, storage))
		if err != nil {
			t.Fatal(err)
		}
		if config := stream.CachedInfo().Config; config.Storage != jetstream.FileStorage || config.PersistMode != want {
			t.Errorf("storage %d lies in %s and is written in mode %v, want %v", storage, config.Storage, config.PersistMode, want)
		}
		if err := b.Put(t.Context(), "key", []byte("1")); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	b, err := s.Bucket(t.Context(), fmt.Sprintf("b%d", Synced), time.Hour, Synced)
	if err != nil {
		t.Fatal(err)
	}
	if value, revision, err := b.Read(t.Context(), "key"); string(value) != "1" || revision == 0 || err != nil {
		t.Errorf("after a start: %q, %d, %v", value, revision, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// A consumer that is lost must be noticed: nothing more would be handed out,
// while items are still accepted.
func TestALostConsumerIsMadeAnew(t *testing.T) {
	st := streamOf(t, opened(t), StreamOptions{})
	handle, got := collect(2)
	running(t, st, handle)
	publish(t, st, "a", "g")
	<-got
	if err := st.stream.DeleteConsumer(t.Context(), st.consumerName()); err != nil {
		t.Fatal(err)
	}
	publish(t, st, "b", "g")
	if d := <-got; d.ID != "b" {
		t.Errorf("handed out %s", d.ID)
	}
}

func TestDepth(t *testing.T) {
	s := opened(t)
	st := streamOf(t, s, StreamOptions{})
	if d, err := st.Depth(t.Context()); d != (Depth{}) || err != nil {
		t.Errorf("an empty stream: %+v, %v", d, err)
	}
	publish(t, st, "a", "g")
	if d, err := st.Depth(t.Context()); d.Items != 1 || d.Dead != 0 || time.Since(d.Oldest) > time.Minute || err != nil {
		t.Errorf("one item: %+v, %v", d, err)
	}
	if err := s.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}

// What waits behind a purged item goes on at once.
func TestAPurgedItemHoldsNobodyBack(t *testing.T) {
	st := streamOf(t, opened(t), StreamOptions{})
	handle, got := collect(2)
	tried := make(chan struct{}, 1)
	running(t, st, func(ctx context.Context, d Delivery) error {
		if d.ID == "purged" {
			tried <- struct{}{}
			return Later(time.Hour, errors.New("not now"))
		}
		return handle(ctx, d)
	})
	publish(t, st, "purged", "g")
	<-tried
	if err := st.Purge(t.Context(), "g"); err != nil {
		t.Fatal(err)
	}
	publish(t, st, "after", "g")
	select {
	case d := <-got:
		if d.ID != "after" {
			t.Errorf("handed out %s", d.ID)
		}
	case <-time.After(20 * time.Second):
		t.Error("it waits for the purged one")
	}
}

// Two may retry the same dead letters: each is put back once, and both are told
// that it is.
func TestADeadLetterIsPutBackOnceByTwo(t *testing.T) {
	st := streamOf(t, opened(t), StreamOptions{Waits: []time.Duration{}})
	const letters = 40
	for i := range letters {
		publish(t, st, fmt.Sprint(i), "g")
	}
	stop := running(t, st, func(context.Context, Delivery) error { return errors.New("no") })
	until(t, "all are dead", func() bool { d, err := st.Depth(t.Context()); return err == nil && d.Dead == letters })
	stop()
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			for number := range uint64(letters) {
				if err := st.Retry(t.Context(), number+1); err != nil && !errors.Is(err, ErrNoDeadLetter) {
					t.Error(err)
				}
			}
		})
	}
	both.Wait()
	if d, err := st.Depth(t.Context()); err != nil || d.Items != letters || d.Dead != 0 {
		t.Errorf("%+v, %v", d, err)
	}
	if err := st.Retry(t.Context(), 0); !errors.Is(err, ErrNoDeadLetter) {
		t.Errorf("letter 0: %v", err)
	}
}
