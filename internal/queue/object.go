package queue

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Object is one large value that all who work with a server share, in versions:
// one is in force, and the one before it is kept for whoever is still reading
// it. Make one with [Server.Object]; it is safe for concurrent use.
//
// The bytes of a version lie in an object store under a name of their own that
// never comes again. What is in force is said by a pointer, one small value
// that is only ever replaced by who knew the one before. So a version that was
// not brought in whole, or was brought in by two at the same time, is never
// seen; what is left of it is removed by a later [Object.Replace].
type Object struct {
	log    *slog.Logger
	conn   *nats.Conn
	max    int64
	store  jetstream.ObjectStore
	stream jetstream.Stream // that the store lies in
	kv     jetstream.KeyValue
	// These are stallTimeout, abandonedAfter and watchAnew, but in tests.
	stalled, abandoned, anew time.Duration
}

// Version is one version of an [Object]. The zero value stands for none: the
// object was never given one.
type Version struct {
	// Label is what the one who made it calls it.
	Label    string
	pointer  pointer
	revision uint64
}

// pointer is what is kept of a version, in JSON under [pointerKey] of the
// bucket that has the name of the object.
type pointer struct {
	Label  string `json:"label"`
	Name   string `json:"name"`   // in the object store
	Before string `json:"before"` // name of the version before; empty for the first
	Digest string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
}

const pointerKey = "current"

var (
	// ErrReplaced is returned, wrapped, when another version came first.
	ErrReplaced = errors.New("another has brought in a newer version")
	// ErrAltered is returned, wrapped, when the bytes of a version are not those
	// that were brought in.
	ErrAltered = errors.New("the stored object is damaged")
	// ErrObjectTooLarge is returned, wrapped, for what does not fit an object.
	ErrObjectTooLarge = errors.New("too large for an object")
	// ErrStalled is returned, wrapped, when the server sends nothing any more.
	ErrStalled = errors.New("the server does not go on with the object")
)

const (
	// chunkSize is how large the pieces of an object are: the library has at
	// most 4,000 of them under way, which must be enough for the largest, and a
	// server takes 1 MiB at most unless told otherwise.
	chunkSize = 256 << 10
	// pieceTimeout is how long a server may take to store one piece, with those
	// before it that are still under way, and to answer a question.
	pieceTimeout = 15 * time.Second
	// stallTimeout is how long a server may send nothing of an object.
	stallTimeout = 30 * time.Second
)

// Object opens an object, whose versions may have up to limit bytes; it makes it
// if need be.
func (s *Server) Object(ctx context.Context, name string, limit int64) (*Object, error) {
	o := &Object{log: s.log, conn: s.conn, max: limit, stalled: stallTimeout, abandoned: abandonedAfter, anew: watchAnew}
	js, err := jetstream.New(s.conn, jetstream.WithDefaultTimeout(pieceTimeout))
	if err != nil {
		return nil, err // unreachable: the options are ours
	}
	o.kv, err = made(ctx, func(ctx context.Context) (jetstream.KeyValue, error) {
		return js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: name, Storage: jetstream.FileStorage, Replicas: s.copies})
	})
	if err == nil {
		o.store, err = made(ctx, func(ctx context.Context) (jetstream.ObjectStore, error) {
			return js.CreateOrUpdateObjectStore(ctx, jetstream.ObjectStoreConfig{Bucket: name, Storage: jetstream.FileStorage, Replicas: s.copies})
		})
	}
	if err == nil {
		o.stream, err = js.Stream(ctx, "OBJ_"+name) // the layout that object store clients expect
	}
	if err != nil {
		return nil, fmt.Errorf("open object %s with %d copies: %w", name, s.copies, classified(err))
	}
	return o, nil
}

// None reports whether the object was never given a version.
func (v Version) None() bool { return v.revision == 0 }

// Newest returns the version in force.
func (o *Object) Newest(ctx context.Context) (Version, error) {
	entry, err := o.kv.Get(ctx, pointerKey)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return Version{}, nil
	}
	if err != nil {
		return Version{}, fmt.Errorf("read which version of %s is in force: %w", o.kv.Bucket(), classified(err))
	}
	return versionOf(entry)
}

func versionOf(entry jetstream.KeyValueEntry) (Version, error) {
	v := Version{revision: entry.Revision()}
	if err := json.Unmarshal(entry.Value(), &v.pointer); err != nil {
		return Version{}, fmt.Errorf("which version of %s is in force: %w: %w", entry.Bucket(), ErrAltered, err)
	}
	v.Label = v.pointer.Label
	return v, nil
}

// Replace puts in force, in place of the version old, what write writes. It
// fails with [ErrReplaced] when old is not the version in force, and with the
// error of write; then nothing has changed.
func (o *Object) Replace(ctx context.Context, old Version, label string, write func(io.Writer) error) (Version, error) {
	next, err := o.replace(ctx, old, label, write)
	if err != nil {
		return Version{}, fmt.Errorf("bring in a version of %s: %w", o.kv.Bucket(), classified(err))
	}
	if err := o.sweep(ctx, next.pointer, old.pointer.Before); err != nil {
		o.log.Warn("older versions not removed, the next one tries again", "object", o.kv.Bucket(), "error", err)
	}
	return next, nil
}

func (o *Object) replace(ctx context.Context, old Version, label string, write func(io.Writer) error) (Version, error) {
	next := pointer{Label: label, Name: rand.Text(), Before: old.pointer.Name}
	if err := o.upload(ctx, &next, write); err != nil {
		return Version{}, err
	}
	data, err := json.Marshal(next)
	if err != nil {
		return Version{}, err // unreachable: it is strings and a number
	}
	revision, err := o.point(ctx, old, data)
	if err == nil {
		return Version{Label: label, pointer: next, revision: revision}, nil
	}
	// What has come of it is not known when the answer was lost.
	now, unknown := o.Newest(ctx)
	switch {
	case unknown != nil:
		return Version{}, errors.Join(err, unknown)
	case now.pointer.Name == next.Name:
		return now, nil
	}
	_ = o.store.Delete(ctx, next.Name) // or else sweep does, later
	if now.revision != old.revision {
		err = ErrReplaced
	}
	return Version{}, err
}

// point moves the pointer away from old.
func (o *Object) point(ctx context.Context, old Version, data []byte) (revision uint64, err error) {
	if old.None() { // never set, or deleted by an administrator
		return o.kv.Create(ctx, pointerKey, data)
	}
	return o.kv.Update(ctx, pointerKey, data, old.revision)
}

// upload stores what write writes, and notes its size and digest.
func (o *Object) upload(ctx context.Context, next *pointer, write func(io.Writer) error) error {
	from, to := io.Pipe()
	digest := sha256.New()
	written := make(chan error, 1)
	go func() {
		counted := &counter{max: o.max}
		err := write(io.MultiWriter(counted, digest, to))
		next.Bytes = counted.n
		_ = to.CloseWithError(err) // it never fails
		written <- err
	}()
	_, err := o.store.Put(ctx, jetstream.ObjectMeta{Name: next.Name, Opts: &jetstream.ObjectMetaOptions{ChunkSize: chunkSize}}, from)
	_ = from.CloseWithError(errors.Join(err, io.ErrClosedPipe)) // it never fails
	if cause := <-written; cause != nil && !errors.Is(cause, io.ErrClosedPipe) {
		return cause
	}
	next.Digest = hex.EncodeToString(digest.Sum(nil))
	return err
}

// counter counts what is written to it, up to max.
type counter struct{ n, max int64 }

func (c *counter) Write(p []byte) (int, error) {
	if c.n += int64(len(p)); c.n > c.max {
		return 0, fmt.Errorf("more than %d bytes: %w", c.max, ErrObjectTooLarge)
	}
	return len(p), nil
}
