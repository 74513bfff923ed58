package queue

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

func objectOf(t *testing.T, s *Server) *Object {
	t.Helper()
	o, err := s.Object(t.Context(), "set", 10<<20)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// writes is a writer of a version with the content data.
func writes(data string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, data)
		return err
	}
}

func replace(t *testing.T, o *Object, old Version, data string) Version {
	t.Helper()
	v, err := o.Replace(t.Context(), old, "label of "+data[:1], writes(data))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func newest(t *testing.T, o *Object) Version {
	t.Helper()
	v, err := o.Newest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func read(t *testing.T, o *Object, v Version) (string, error) {
	t.Helper()
	r, err := o.Open(t.Context(), v)
	if err != nil {
		return "", err
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	return string(data), err
}

func TestAnObjectGivesBackWhatWasBroughtIn(t *testing.T) {
	o := objectOf(t, opened(t))
	if v := newest(t, o); !v.None() {
		t.Errorf("a new object has the version %+v", v)
	}
	large := make([]byte, 3*chunkSize+7)
	if _, err := rand.Read(large); err != nil {
		t.Fatal(err)
	}
	var v Version
	for _, data := range []string{"", "a", string(large)} {
		var err error
		if v, err = o.Replace(t.Context(), v, "label", writes(data)); err != nil {
			t.Fatal(err)
		}
		now := newest(t, o)
		if got, err := read(t, o, now); err != nil || got != data || now != v || now.Label != "label" || now.None() {
			t.Errorf("%d bytes brought in: %d read, %v, %+v", len(data), len(got), err, now)
		}
	}
}

func TestAnObjectOutlivesTheServer(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	v := replace(t, objectOf(t, s), Version{}, "a")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	o := objectOf(t, s)
	if got, err := read(t, o, newest(t, o)); err != nil || got != "a" || newest(t, o) != v {
		t.Errorf("%q, %v, %+v", got, err, newest(t, o))
	}
}

func TestOfTwoWhoReplaceTheSameVersionOneWins(t *testing.T) {
	o := objectOf(t, opened(t))
	for range 2 { // the first version, and one that takes another's place
		old := newest(t, o)
		const clerks = 4
		var all sync.WaitGroup
		won := make(chan string, clerks)
		for i := range clerks {
			all.Go(func() {
				data := strings.Repeat(string(rune('a'+i)), 1000)
				switch _, err := o.Replace(t.Context(), old, "", writes(data)); {
				case err == nil:
					won <- data
				case !errors.Is(err, ErrReplaced):
					t.Errorf("replace: %v, want ErrReplaced", err)
				}
			})
		}
		all.Wait()
		close(won)
		if len(won) != 1 {
			t.Fatalf("%d of %d have won", len(won), clerks)
		}
		if got, err := read(t, o, newest(t, o)); err != nil || got != <-won {
			t.Errorf("another version is in force than that of the winner, or none: %v", err)
		}
	}
}

func TestAVersionThatWasNotBroughtInWholeIsNeverInForce(t *testing.T) {
	o := objectOf(t, opened(t))
	v := replace(t, o, Version{}, "a")
	wrong := errors.New("the disk cannot be read")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, tc := range []struct {
		name  string
		ctx   context.Context
		write func(io.Writer) error
		want  error
	}{
		{"its writer fails", t.Context(), func(w io.Writer) error { return errors.Join(writes("half")(w), wrong) }, wrong},
		{"it is too large", t.Context(), writes(strings.Repeat("x", 10<<20+1)), ErrObjectTooLarge},
		{"the time is over", ended, writes("b"), context.Canceled},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := o.Replace(tc.ctx, v, "", tc.write); !errors.Is(err, tc.want) {
				t.Errorf("error %v, want %v", err, tc.want)
			}
			if newest(t, o) != v {
				t.Error("it is in force")
			}
		})
	}
}

// subjects is how many objects, whole or not, lie in the store.
func subjects(t *testing.T, o *Object) int {
	t.Helper()
	info, err := o.stream.Info(t.Context(), jetstream.WithSubjectFilter(">"))
	if err != nil {
		t.Fatal(err)
	}
	return len(info.State.Subjects)
}

func TestOnlyTheVersionInForceAndTheOneBeforeAreKept(t *testing.T) {
	s := opened(t)
	o := objectOf(t, s)
	var versions []Version
	v := Version{}
	for _, data := range []string{"a", "b", "c"} {
		v = replace(t, o, v, data)
		versions = append(versions, v)
	}
	for i, want := range []string{"", "b", "c"} {
		got, err := read(t, o, versions[i])
		if got != want || (want == "") != errors.Is(err, ErrAltered) {
			t.Errorf("version %d: %q, %v; want %q", i, got, err, want)
		}
	}

	// Somebody died on the way, and somebody else has just begun.
	if _, err := s.js.Publish(t.Context(), o.piecesSubject("rest"), []byte("x")); err != nil {
		t.Fatal(err)
	}
	v = replace(t, o, v, "d")
	const whole = 2 // subjects of an object: the pieces and the end
	if n := subjects(t, o); n <= 2*whole {
		t.Errorf("%d subjects: what was begun a moment ago is gone", n)
	}
	o.abandoned = -time.Hour
	replace(t, o, v, "e")
	if n := subjects(t, o); n != 2*whole {
		t.Errorf("%d subjects are left, want those of two versions", n)
	}
	if got, err := read(t, o, newest(t, o)); got != "e" || err != nil {
		t.Errorf("the version in force: %q, %v", got, err)
	}
}

func TestAlteredBytesAreNotReadToTheEnd(t *testing.T) {
	s := opened(t)
	o := objectOf(t, s)
	v := replace(t, o, Version{}, strings.Repeat("a", 1000))
	meta := jetstream.ObjectMeta{Name: v.pointer.Name}
	for _, other := range []string{strings.Repeat("b", 1000), strings.Repeat("a", 999), strings.Repeat("a", 1001), ""} {
		if _, err := o.store.Put(t.Context(), meta, strings.NewReader(other)); err != nil {
			t.Fatal(err)
		}
		if got, err := read(t, o, v); !errors.Is(err, ErrAltered) {
			t.Errorf("read %d bytes, %v; want ErrAltered", len(got), err)
		}
	}
	if _, err := o.kv.PutString(t.Context(), pointerKey, "no JSON"); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Newest(t.Context()); !errors.Is(err, ErrAltered) {
		t.Errorf("a pointer to nothing: %v, want ErrAltered", err)
	}
}

func TestAServerThatSendsNothingIsNotWaitedForForLong(t *testing.T) {
	s := opened(t)
	o := objectOf(t, s)
	v := replace(t, o, Version{}, strings.Repeat("a", 4*chunkSize))
	info, err := o.store.GetInfo(t.Context(), v.pointer.Name)
	if err != nil {
		t.Fatal(err)
	}
	if err := o.stream.Purge(t.Context(), jetstream.WithPurgeSubject(o.piecesSubject(info.NUID))); err != nil {
		t.Fatal(err)
	}
	o.stalled = 50 * time.Millisecond
	if _, err := read(t, o, v); !errors.Is(err, ErrStalled) {
		t.Errorf("error %v, want ErrStalled", err)
	}
	o.stalled = time.Hour
	ctx, cancel := context.WithCancel(t.Context())
	r, err := o.Open(ctx, v)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	cancel()
	if _, err := io.Copy(io.Discard, r); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want Canceled", err)
	}
}

// watching collects the data of the versions that a watch is told of.
func watching(t *testing.T, o *Object, take func(context.Context, Version) error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		o.Watch(ctx, 10*time.Millisecond, take)
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
	})
}

func TestAWatchBeginsWithTheNewestAndMissesNone(t *testing.T) {
	s := opened(t)
	o := objectOf(t, s)
	o.anew = 200 * time.Millisecond
	told := make(chan Version)
	watching(t, o, func(ctx context.Context, v Version) error {
		select {
		case told <- v:
		case <-ctx.Done():
		}
		return nil
	})
	if v := <-told; !v.None() {
		t.Errorf("told of %+v, want of none", v)
	}
	v := replace(t, o, Version{}, "a")
	if got := <-told; got != v {
		t.Errorf("told of %+v, want %+v", got, v)
	}
	other := make(chan Version, 1)
	watching(t, o, func(_ context.Context, v Version) error { other <- v; return nil })
	if got := <-other; got != v {
		t.Errorf("a later watch begins with %+v, want %+v", got, v)
	}

	// The server forgets the watches, of which the library learns late.
	for c := range s.consumers(t, "KV_set") {
		if err := s.js.DeleteConsumer(t.Context(), "KV_set", c); err != nil {
			t.Fatal(err)
		}
	}
	v = replace(t, o, v, "b")
	for _, c := range []chan Version{told, other} {
		if got := <-c; got != v {
			t.Errorf("told of %+v, want %+v", got, v)
		}
	}
}

// consumers are those of a stream.
func (s *Server) consumers(t *testing.T, stream string) map[string]bool {
	t.Helper()
	st, err := s.js.Stream(t.Context(), stream)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{}
	for name := range st.ConsumerNames(t.Context()).Name() {
		all[name] = true
	}
	return all
}

func TestAWatchTriesAgainAndLeavesOffForANewerVersion(t *testing.T) {
	o := objectOf(t, opened(t))
	v := replace(t, o, Version{}, "a")
	tries := make(chan Version)
	watching(t, o, func(ctx context.Context, v Version) error {
		select {
		case tries <- v:
			return errors.New("not now")
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	for range 3 {
		if got := <-tries; got != v {
			t.Errorf("tried %+v, want %+v", got, v)
		}
	}
	next := replace(t, o, v, "b")
	for got := range tries {
		if got == next {
			break
		}
	}
	for range 3 {
		if got := <-tries; got != next {
			t.Errorf("tried %+v, want %+v", got, next)
		}
	}
}

// An administrator's way out when a version is lost: the object begins anew.
func TestADeletedPointerIsNone(t *testing.T) {
	o := objectOf(t, opened(t))
	replace(t, o, Version{}, "a")
	if err := o.kv.Delete(t.Context(), pointerKey); err != nil {
		t.Fatal(err)
	}
	v := newest(t, o)
	if !v.None() {
		t.Errorf("version %+v, want none", v)
	}
	if got, err := read(t, o, replace(t, o, v, "b")); got != "b" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

func TestAnObjectNeedsItsServer(t *testing.T) {
	s := open(t, t.TempDir())
	o := objectOf(t, s)
	v := replace(t, o, Version{}, "a")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Object(t.Context(), "set", 1); err == nil {
		t.Error("opened without a server")
	}
	if _, err := o.Newest(t.Context()); err == nil {
		t.Error("the newest without a server")
	}
	if _, err := o.Replace(t.Context(), v, "", writes("b")); err == nil {
		t.Error("replaced without a server")
	}
	if _, err := o.Open(t.Context(), v); err == nil {
		t.Error("read without a server")
	}
}
