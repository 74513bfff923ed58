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

// Open starts a server inside the process on a folder, which it makes if need
// be and locks until [Server.Close]. Damaged files it copies beside the folder,
// says so, and goes on with what can be read of them. It fails with
// [ErrLocked], or with an error that names what cannot be written.
func Open(ctx context.Context, log *slog.Logger, dir string) (*Server, error) {
	lock, err := takeFolder(dir)
	if err != nil {
		return nil, fmt.Errorf("open queue: %w", err)
	}
	s := &Server{log: log, copies: 1, lock: lock}
	if s.damage, err = mend(dir); err != nil {
		return nil, errors.Join(fmt.Errorf("open queue %s: look for damage: %w", dir, err), s.Close())
	}
	for _, d := range s.damage {
		d.log(ctx, log)
	}
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
	conn, err := nats.Connect("", nats.InProcessServer(ns), nats.Name(clientName), nats.MaxReconnects(-1))
	if err != nil {
		return err
	}
	return s.attach(ctx, conn)
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
