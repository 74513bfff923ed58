package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/gofrs/flock"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// ErrLocked is returned, wrapped, when another process works on the folder.
var ErrLocked = errors.New("another process works on this queue")

// startTimeout is how long the server may take to read what it holds. It reads
// the index of each stream, not the items, so even a full one takes well under
// a second on a disk of an office machine.
const startTimeout = 30 * time.Second

// maxStore is the most that all streams and buckets may hold, in bytes. Beyond
// it Publish fails, and whoever sent the item keeps it.
const maxStore = 4 << 30

// Server is a JetStream server inside the process. Open one with [Open]; it is
// safe for concurrent use.
type Server struct {
	log    *slog.Logger
	lock   *flock.Flock
	server *server.Server
	conn   *nats.Conn
	js     jetstream.JetStream
	// failing says that the last item could not be stored: the disk is full,
	// most likely.
	failing atomic.Bool
}

// Open starts the server on a folder, which it makes if need be and locks
// until [Server.Close]. It fails with [ErrLocked], or with an error that names
// what cannot be written.
func Open(ctx context.Context, log *slog.Logger, dir string) (*Server, error) {
	lock, err := takeFolder(dir)
	if err != nil {
		return nil, fmt.Errorf("open queue: %w", err)
	}
	s := &Server{log: log, lock: lock}
	if err := s.start(ctx, options(dir)); err != nil {
		return nil, errors.Join(fmt.Errorf("open queue %s: %w", dir, err), s.Close())
	}
	return s, nil
}

// takeFolder makes the folder, tries whether it can be written, and locks it.
func takeFolder(dir string) (*flock.Flock, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	probe, err := os.CreateTemp(dir, ".probe-*")
	if err != nil {
		return nil, err
	}
	_, written := probe.Write(make([]byte, 4096))
	if err := errors.Join(written, probe.Sync(), probe.Close(), os.Remove(probe.Name())); err != nil {
		return nil, err
	}
	lock := flock.New(filepath.Join(dir, "LOCK"))
	locked, err := lock.TryLock()
	if err != nil {
		return nil, err
	}
	if !locked {
		return nil, fmt.Errorf("%s: %w", dir, ErrLocked)
	}
	return lock, nil
}

// options are those of the embedded server.
func options(dir string) *server.Options {
	return &server.Options{
		ServerName:             "hoinq",
		DontListen:             true,
		NoSigs:                 true,
		DisableJetStreamBanner: true,
		JetStream:              true,
		StoreDir:               dir,
		SyncAlways:             true,
		JetStreamMaxStore:      maxStore,
		JetStreamMaxMemory:     256 << 20,
		MaxPayload:             1 << 20,
	}
}

func (s *Server) start(ctx context.Context, opts *server.Options) error {
	ns, err := server.NewServer(opts)
	if err != nil {
		return err
	}
	s.server = ns
	logger := &serverLog{log: s.log}
	ns.SetLoggerV2(logger, false, false, false)
	ns.Start()
	if err := logger.fatal.Load(); err != nil {
		return *err
	}
	if !ns.ReadyForConnections(startTimeout) || !ns.JetStreamEnabled() {
		return fmt.Errorf("not ready within %s", startTimeout)
	}
	s.conn, err = nats.Connect("", nats.InProcessServer(ns), nats.Name("hoinq"), nats.MaxReconnects(-1))
	if err != nil {
		return err
	}
	s.js, err = jetstream.New(s.conn, jetstream.WithPublishAsyncMaxPending(1))
	if err != nil {
		return err
	}
	_, err = s.js.AccountInfo(ctx)
	return err
}

// ErrNotStoring is returned, wrapped, when items cannot be stored.
var ErrNotStoring = errors.New("the last item could not be stored; is the disk full?")

// Ready fails when the server cannot take items in. After a failed write it
// fails until an item has been stored again.
func (s *Server) Ready(ctx context.Context) error {
	if s.failing.Load() {
		return fmt.Errorf("ask the queue: %w", ErrNotStoring)
	}
	if _, err := s.js.AccountInfo(ctx); err != nil {
		return fmt.Errorf("ask the queue: %w", err)
	}
	return nil
}

// Failing reports whether the last item could not be stored.
func (s *Server) Failing() bool { return s.failing.Load() }

// Close ends the server and releases the folder. Streams must not run any
// more.
func (s *Server) Close() error {
	if s.conn != nil {
		s.conn.Close()
	}
	if s.server != nil {
		s.server.Shutdown()
		s.server.WaitForShutdown()
	}
	return s.lock.Unlock()
}

// serverLog hands what the server says to our log: its warnings and errors,
// not its news of every day.
type serverLog struct {
	log   *slog.Logger
	fatal atomic.Pointer[error]
}

func (l *serverLog) Noticef(format string, v ...any) {
	l.log.Debug("queue server", "says", fmt.Sprintf(format, v...))
}
func (l *serverLog) Warnf(format string, v ...any) {
	l.log.Warn("queue server", "says", fmt.Sprintf(format, v...))
}
func (l *serverLog) Errorf(format string, v ...any) {
	l.log.Error("queue server", "says", fmt.Sprintf(format, v...))
}

// Fatalf is called instead of ending the process.
func (l *serverLog) Fatalf(format string, v ...any) {
	err := fmt.Errorf(format, v...)
	l.fatal.CompareAndSwap(nil, &err)
	l.log.Error("queue server", "says", err.Error())
}
func (l *serverLog) Debugf(string, ...any) {}
func (l *serverLog) Tracef(string, ...any) {}
