package queue

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	// watchAnew is how long a watch is trusted. One that begins anew begins with
	// the newest version, so that whatever befell the one before, nothing is
	// missed for longer.
	watchAnew = time.Minute
	// watchPause is the time between two attempts.
	watchPause = time.Second
)

// Watch calls take with the version in force, which may be none, and again with
// each that takes its place, until ctx ends; versions that are no longer in
// force when take has time are left out. The ctx of take ends when there is a
// newer version. A take that fails is called again after a while, with the same
// version as long as that is in force.
func (o *Object) Watch(ctx context.Context, retry time.Duration, take func(context.Context, Version) error) {
	noticed := make(chan Version)
	go func() {
		defer close(noticed)
		o.notice(ctx, noticed)
	}()
	end := func() {}
	for v := range noticed {
		end()
		end = inBackground(ctx, func(ctx context.Context) {
			for take(ctx, v) != nil && wait(ctx, retry) {
			}
		})
	}
	end()
}

// inBackground runs do until it has done or end is called, which waits for it.
func inBackground(ctx context.Context, do func(context.Context)) (end func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		do(ctx)
	}()
	return func() {
		cancel()
		<-done
	}
}

// wait waits and reports whether ctx goes on.
func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// notice hands on each version that comes into force, until ctx ends.
func (o *Object) notice(ctx context.Context, noticed chan<- Version) {
	first, said, last := true, false, uint64(0)
	hand := func(v Version) {
		if !first && v.revision == last {
			return
		}
		select {
		case noticed <- v:
			first, last = false, v.revision
		case <-ctx.Done():
		}
	}
	for ctx.Err() == nil {
		err := o.noticeOnce(ctx, hand)
		if err != nil && !said && ctx.Err() == nil {
			o.log.Warn("not told of newer versions, tried again until it is so", "object", o.kv.Bucket(), "error", err)
		}
		said = err != nil
		if err != nil {
			wait(ctx, watchPause)
		}
	}
}

// errWatchEnded: the library gave a watch up.
var errWatchEnded = errors.New("the watch has ended")

// noticeOnce is notice for as long as a watch is trusted.
func (o *Object) noticeOnce(ctx context.Context, hand func(Version)) error {
	ctx, cancel := context.WithTimeout(ctx, o.anew)
	defer cancel()
	connected := o.conn.StatusChanged(nats.CONNECTED)
	defer o.conn.RemoveStatusListener(connected)
	watch, err := o.kv.Watch(ctx, pointerKey, jetstream.IgnoreDeletes())
	if err != nil {
		return classified(err)
	}
	defer watch.Stop() //nolint:errcheck // the connection is lost; the server forgets it too
	none := true
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-connected: // again
			return nil
		case entry, open := <-watch.Updates():
			switch {
			case !open:
				return errWatchEnded
			case entry == nil && none: // all there is has come
				hand(Version{})
			case entry != nil:
				v, err := versionOf(entry)
				if err != nil {
					return err
				}
				none = false
				hand(v)
			}
		}
	}
}
