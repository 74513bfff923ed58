package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"github.com/gofrs/flock"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// clientName is how our connections are called in the lists of NATS tools.
const clientName = "hoinq"

// Server is a connection to JetStream: to a server inside the process, made by
// [Open], or to a cluster, made by [Connect]. After that there is no
// difference. It is safe for concurrent use.
type Server struct {
	log *slog.Logger
	// copies is how many copies the server holds of each stream and bucket.
	copies int
	// share is this process's share of the work.
	share *share
	conn  *nats.Conn
	js    jetstream.JetStream
	// failing says that the last item could not be stored: the disk is full,
	// most likely, or the cluster out of reach.
	failing atomic.Bool

	// Of the server inside the process; nil with a cluster.
	lock   *flock.Flock
	server *server.Server
	damage []Damage
}

// attach takes over a connection and tries whether JetStream answers on it.
func (s *Server) attach(ctx context.Context, conn *nats.Conn) (err error) {
	s.conn = conn
	s.js, err = jetstream.New(conn, jetstream.WithPublishAsyncMaxPending(1))
	if err != nil {
		return err
	}
	if _, err = s.js.AccountInfo(ctx); err != nil {
		return err
	}
	s.share, err = openShare(ctx, s)
	return err
}

// Copies is how many copies the server holds of each stream and bucket: 1
// inside the process, as many as [Remote] asks for on a cluster.
func (s *Server) Copies() int { return s.copies }

// Known is how many servers of the cluster have told their address, or were
// given to [Connect]; 0 inside the process.
func (s *Server) Known() int { return len(s.conn.Servers()) }

// ErrNotStoring is returned, wrapped, when items cannot be stored.
var ErrNotStoring = errors.New("the last item could not be stored; is the disk full?")

// readyTimeout bounds the question whether the server answers.
const readyTimeout = time.Second

// Ready fails when the server cannot take items in. After a failed write it
// fails until an item has been stored again.
func (s *Server) Ready(ctx context.Context) error {
	if s.failing.Load() {
		return fmt.Errorf("ask the queue: %w", ErrNotStoring)
	}
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	if _, err := s.js.AccountInfo(ctx); err != nil {
		return fmt.Errorf("ask the queue: %w", err)
	}
	return nil
}

// Failing reports whether the last item could not be stored.
func (s *Server) Failing() bool { return s.failing.Load() }

// Damage is what was found damaged when the folder was opened.
func (s *Server) Damage() []Damage { return slices.Clone(s.damage) }

// Close ends the connection, and a server inside the process with it, whose
// folder it releases. Streams must not run any more.
func (s *Server) Close() error {
	if s.conn != nil {
		s.conn.Close()
	}
	if s.server != nil {
		s.server.Shutdown()
		s.server.WaitForShutdown()
	}
	if s.lock != nil {
		return s.lock.Unlock()
	}
	return nil
}
