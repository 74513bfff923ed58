package queue

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Open reads a version. The reader ends with [io.EOF] only when all bytes were
// the right ones; otherwise with an error that wraps [ErrAltered], or
// [ErrStalled] when the server sends nothing any more, as of a version that has
// been removed. It must be closed, and serves one goroutine.
func (o *Object) Open(ctx context.Context, v Version) (io.ReadCloser, error) {
	r := &objectReader{want: v.pointer, digest: sha256.New(), stalled: o.stalled}
	if v.pointer.Bytes > o.max {
		return nil, fmt.Errorf("read %s: %w", o.kv.Bucket(), ErrObjectTooLarge)
	}
	r.ctx, r.cancel = context.WithCancelCause(shortReads{ctx})
	r.timer = time.AfterFunc(r.stalled, func() { r.cancel(ErrStalled) })
	defer r.timer.Stop()
	from, err := o.store.Get(r.ctx, v.pointer.Name) //nolint:contextcheck // it is made of ctx
	if err != nil {
		err = r.why(err)
		r.cancel(nil)
		return nil, fmt.Errorf("read %s: %w", o.kv.Bucket(), err)
	}
	r.from = from
	return r, nil
}

// shortReads is a context whose deadline is always a moment ahead: the library
// waits for the next bytes of an object until the deadline of its context,
// without looking whether it has ended, and then asks again.
type shortReads struct{ context.Context }

func (shortReads) Deadline() (time.Time, bool) { return time.Now().Add(time.Second), true }

// objectReader reads an object and proves it on the way.
type objectReader struct {
	from    jetstream.ObjectResult
	want    pointer
	digest  hash.Hash
	n       int64
	ctx     context.Context //nolint:containedctx // of the object that is being read; Close ends it
	cancel  context.CancelCauseFunc
	timer   *time.Timer
	stalled time.Duration
}

// Read is that of [io.Reader].
func (r *objectReader) Read(p []byte) (n int, err error) {
	r.timer.Reset(r.stalled) // runs only while somebody waits
	defer r.timer.Stop()
	for n == 0 && err == nil && len(p) > 0 {
		n, err = r.from.Read(p)
	}
	r.digest.Write(p[:n])
	r.n += int64(n)
	whole := r.n == r.want.Bytes && hex.EncodeToString(r.digest.Sum(nil)) == r.want.Digest
	switch {
	case r.n > r.want.Bytes, errors.Is(err, io.EOF) && !whole, errors.Is(err, jetstream.ErrDigestMismatch):
		return n, fmt.Errorf("read object: %w", ErrAltered)
	case err != nil && !errors.Is(err, io.EOF):
		return n, fmt.Errorf("read object: %w", r.why(err))
	}
	return n, err
}

// why is the cause of an error: the library says the same of all that ends a
// context.
func (r *objectReader) why(err error) error {
	if cause := context.Cause(r.ctx); cause != nil {
		return cause
	}
	if errors.Is(err, jetstream.ErrObjectNotFound) {
		return fmt.Errorf("%w: %w", ErrAltered, err)
	}
	return classified(err)
}

// Close ends the reading.
func (r *objectReader) Close() error {
	r.cancel(nil)
	return r.from.Close()
}
