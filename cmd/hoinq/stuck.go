package main

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/internal/queue"
)

// errStuck: the queue does not store though the disk has room. After a write
// that failed, JetStream's store goes on failing until it is opened anew.
var errStuck = errors.New("the queue is stuck")

const (
	// probeEvery is how often a queue that fails is tried.
	probeEvery = time.Second
	// stuckAfter is how many times in a row it may fail on a disk with room.
	stuckAfter = 3
	// roomNeeded is how much room a disk must have to count as one, in bytes.
	roomNeeded = 1 << 20
)

// watchQueue tries a queue that could not store an item until it can again, so
// that readiness does not wait for the next person's message. It says once what
// keeps anybody from writing to the disk, and fails with [errStuck] when the disk
// has room and the queue still cannot. A cluster's disks are not ours to look
// at; it comes back by itself.
func (p *program) watchQueue(ctx context.Context, server *queue.Server, service *bot.Service) error {
	tick := time.NewTicker(probeEvery)
	defer tick.Stop()
	failures, said := 0, false
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if !server.Failing() || tried(ctx, service) == nil || p.NATS.URL != "" {
			failures, said = 0, false
			continue
		}
		if err := hasRoom(p.Data); err != nil {
			if failures = 0; !said {
				said = true
				p.log.Error("the data folder cannot be written to, no message is taken in until it can", "folder", p.Data, "why", explain(err))
			}
			continue
		}
		if failures++; failures == stuckAfter {
			return errStuck
		}
	}
}

func tried(ctx context.Context, service *bot.Service) error {
	ctx, cancel := context.WithTimeout(ctx, probeEvery)
	defer cancel()
	return service.Probe(ctx)
}

// hasRoom fails when a file of [roomNeeded] cannot be written to a folder.
func hasRoom(dir string) error {
	f, err := os.CreateTemp(dir, ".room-*")
	if err != nil {
		return err
	}
	_, written := f.Write(make([]byte, roomNeeded))
	return errors.Join(written, f.Sync(), f.Close(), os.Remove(f.Name()))
}
