package queue

import (
	"context"
	"encoding/base64"
	"errors"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// abandonedAfter is when an object that no pointer names, and that has grown no
// more since, is taken for one that somebody did not finish.
const abandonedAfter = time.Hour

// sweep removes the version dropped, which is no longer kept now that the one
// of the pointer is in force, and what is left of versions that were never
// finished or were removed before: nothing lists the pieces of an object that
// has no end.
func (o *Object) sweep(ctx context.Context, now pointer, dropped string) error {
	ctx, cancel := context.WithTimeout(ctx, stallTimeout)
	defer cancel()
	if dropped != "" {
		if err := o.store.Delete(ctx, dropped); err != nil && !errors.Is(err, jetstream.ErrObjectNotFound) {
			return err
		}
	}
	keep := map[string]bool{}
	for _, name := range []string{now.Name, now.Before} {
		info, err := o.store.GetInfo(ctx, name)
		switch {
		case name == "" || errors.Is(err, jetstream.ErrObjectNotFound):
			continue
		case err != nil:
			return err
		}
		keep[o.endSubject(name)], keep[o.piecesSubject(info.NUID)] = true, true
	}
	info, err := o.stream.Info(ctx, jetstream.WithSubjectFilter(">"))
	if err != nil {
		return err
	}
	for subject := range info.State.Subjects {
		if keep[subject] {
			continue
		}
		// By the clock of the server, which also dates its messages.
		last, err := o.stream.GetLastMsgForSubject(ctx, subject)
		if err == nil && info.TimeStamp.Sub(last.Time) > o.abandoned {
			err = o.stream.Purge(ctx, jetstream.WithPurgeSubject(subject))
		}
		if err != nil && !errors.Is(err, jetstream.ErrMsgNotFound) {
			return err
		}
	}
	return nil
}

// Where an object store keeps the pieces of an object, and the message that says
// it is whole.
func (o *Object) piecesSubject(id string) string { return "$O." + o.kv.Bucket() + ".C." + id }
func (o *Object) endSubject(name string) string {
	return "$O." + o.kv.Bucket() + ".M." + base64.URLEncoding.EncodeToString([]byte(name))
}
