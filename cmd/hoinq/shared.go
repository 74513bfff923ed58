package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/internal/queue"
)

// sharedName is what the documents are called on a cluster.
const sharedName = "corpus"

// shared are the documents of a cluster: one set, of which every data folder
// holds a copy. Whoever changes it brings in a whole new set, and only in place
// of the one that it was made from; everybody else fetches that.
type shared struct {
	*program
	object *queue.Object
	local  *corpus.Store // the copy in the data folder
}

func (p *program) openShared(ctx context.Context, server *queue.Server) (*shared, error) {
	object, err := server.Object(ctx, sharedName, corpus.MaxStream)
	if err != nil {
		return nil, err
	}
	return &shared{program: p, object: object, local: corpus.OpenStore(p.Data)}, nil
}

// withShared runs do with the documents of the cluster, for one command.
func (p *program) withShared(ctx context.Context, do func(*shared) error) (err error) {
	server, err := p.openQueue(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	s, err := p.openShared(ctx, server)
	if err != nil {
		return err
	}
	return do(s)
}

// fetch makes the copy that of the set in force. A cluster that has none yet
// leaves the folder as it is. It looks again when it has done, for of several
// who fetch into one folder the last may have begun first.
func (s *shared) fetch(ctx context.Context) error {
	for {
		v, err := s.object.Newest(ctx)
		if err != nil || v.None() {
			return err
		}
		name, err := s.local.Current()
		if err != nil || name == v.Label {
			return err
		}
		if err := s.fetchVersion(ctx, v); err != nil {
			return err
		}
	}
}

func (s *shared) fetchVersion(ctx context.Context, v queue.Version) error {
	r, err := s.object.Open(ctx, v)
	if err != nil {
		return err
	}
	defer r.Close() //nolint:errcheck // what counts was read to its end
	return s.local.Import(ctx, v.Label, r)
}

// follow keeps the copy that of the set in force, until ctx ends. It calls known
// as soon as the data folder may be served from: when the set is there, or none
// is yet, or a copy of an older one has to do. What keeps it from fetching is
// said once.
func (s *shared) follow(ctx context.Context, known func()) {
	said := ""
	s.object.Watch(ctx, retryLoad, func(ctx context.Context, _ queue.Version) error {
		err := s.fetch(ctx)
		switch {
		case err == nil:
			said = ""
			known()
			return nil
		case ctx.Err() != nil:
			return err
		case said != err.Error():
			said = err.Error()
			s.log.Error("documents of the cluster not fetched, those in the data folder go on", "error", err)
		}
		// Without a copy nothing serves: the bundled documents are no substitute.
		if name, err := s.local.Current(); err != nil || name != "" {
			known()
		}
		return err
	})
}

// keepDocuments is keepCurrent, on a cluster with what is fetched from it.
func (p *program) keepDocuments(ctx context.Context, s *site) error {
	if s.shared == nil {
		return p.keepCurrent(ctx, s.answerer)
	}
	ctx, cancel := context.WithCancel(ctx)
	known := make(chan struct{})
	var following sync.WaitGroup
	following.Go(func() { s.shared.follow(ctx, sync.OnceFunc(func() { close(known) })) })
	defer following.Wait()
	defer cancel()
	select {
	case <-ctx.Done():
		return nil
	case <-known:
		return p.keepCurrent(ctx, s.answerer)
	}
}

// changeDocuments runs do to change the documents of the store that it gives it:
// those of the data folder. On a cluster it is a copy of the cluster's, which
// then takes the place of these.
func (p *program) changeDocuments(ctx context.Context, do func(*program, *corpus.Store) error) error {
	store := corpus.OpenStore(p.Data)
	if p.NATS.URL == "" {
		return do(p, store)
	}
	return store.Alone(ctx, func() error {
		return p.withShared(ctx, func(s *shared) error { return s.change(ctx, do) })
	})
}

// maxTries is how often a change is begun anew because another came first.
const maxTries = 5

// change tries until nobody else has changed the documents in between.
func (s *shared) change(ctx context.Context, do func(*program, *corpus.Store) error) error {
	var read bytes.Buffer // of standard input, which comes only once
	for try := 1; ; try++ {
		again := *s.program
		again.stdin = io.MultiReader(bytes.NewReader(bytes.Clone(read.Bytes())), io.TeeReader(s.stdin, &read))
		err := s.tryChange(ctx, func(store *corpus.Store) error { return do(&again, store) })
		if !errors.Is(err, queue.ErrReplaced) || try == maxTries {
			return err
		}
		say(s.stderr, "hoinq: có người vừa đổi bộ văn bản của cụm; làm lại trên bộ mới\n")
	}
}

// tryChange changes a copy and brings it in. It fails with [queue.ErrReplaced]
// when another set came first, and has then changed nothing.
func (s *shared) tryChange(ctx context.Context, do func(*corpus.Store) error) (err error) {
	old, err := s.object.Newest(ctx)
	if err != nil {
		return err
	}
	if err := s.fetch(ctx); err != nil {
		return err
	}
	folder := filepath.Join(s.Data, ".cluster") // ours alone; the rest of one that died
	if err := os.RemoveAll(folder); err != nil {
		return fmt.Errorf("make room for a copy of the documents: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	changed := corpus.OpenStore(folder)
	before, err := s.local.Current()
	if err == nil && before != "" {
		err = copySet(ctx, changed, s.local, before)
	}
	if err != nil {
		return err
	}
	outcome := do(changed) // also where it fails, it may have changed something
	after, err := changed.Current()
	if err != nil || after == old.Label || outcome != nil && after == before {
		return errors.Join(outcome, err)
	}
	if _, err = s.object.Replace(ctx, old, after, func(w io.Writer) error { return changed.Export(ctx, after, w) }); err != nil {
		return err
	}
	say(s.stdout, "Đã đưa bộ văn bản lên cụm, mọi máy sẽ dùng trong vài giây.\n")
	if err := errors.Join(copySet(ctx, s.local, changed, after), s.fetch(ctx)); err != nil {
		say(s.stderr, "hoinq: chưa chép được bộ văn bản mới về thư mục dữ liệu của máy này: %s\n", explain(err))
	}
	return outcome
}

// copySet puts the set named name of one store in force in another.
func copySet(ctx context.Context, to, from *corpus.Store, name string) error {
	r, w := io.Pipe()
	go func() { _ = w.CloseWithError(from.Export(ctx, name, w)) }() // it never fails
	err := to.Import(ctx, name, r)
	return errors.Join(err, r.Close())
}

// refreshDocuments brings the data folder up to date for a command that shows
// the documents; where that cannot be, it shows those that are there.
func (p *program) refreshDocuments(ctx context.Context) {
	if p.NATS.URL == "" {
		return
	}
	if err := p.withShared(ctx, func(s *shared) error { return s.fetch(ctx) }); err != nil {
		say(p.stderr, "hoinq: chưa lấy được bộ văn bản của cụm, sau đây là bản trong thư mục dữ liệu của máy này: %s\n", explain(err))
	}
}
