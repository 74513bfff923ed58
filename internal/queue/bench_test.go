package queue

import (
	"context"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
)

// BenchmarkWay is the way of an item through two streams, as that of a question
// and its reply: stored, handed out, stored in the second stream, removed from
// the first, handed out and removed, all synced. It is what the queue alone
// allows.
func BenchmarkWay(b *testing.B) {
	s, err := Open(b.Context(), slog.New(slog.DiscardHandler), b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close() //nolint:errcheck // nothing is asked of it any more
	in, err := s.Stream(b.Context(), "inbox", StreamOptions{})
	if err != nil {
		b.Fatal(err)
	}
	out, err := s.Stream(b.Context(), "outbox", StreamOptions{})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	var done atomic.Int64
	all := make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() { s.share.run(ctx) })
	running.Go(func() {
		_ = in.Run(ctx, func(ctx context.Context, d Delivery) error {
			_, err := out.Publish(ctx, Item{ID: d.ID + "#0", Group: d.Group, Shard: d.Shard, Owner: d.Owner, Data: make([]byte, 3000)})
			return err
		})
	})
	running.Go(func() {
		_ = out.Run(ctx, func(context.Context, Delivery) error {
			if done.Add(1) == int64(b.N) {
				close(all)
			}
			return nil
		})
	})
	b.ResetTimer()
	var next atomic.Int64
	var senders sync.WaitGroup
	for range 16 {
		senders.Go(func() {
			for {
				i := next.Add(1)
				if i > int64(b.N) {
					return
				}
				chat := strconv.Itoa(int(i % 1000))
				if _, err := in.Publish(ctx, Item{ID: strconv.Itoa(int(i)), Group: chat, Shard: chat, Owner: chat, Data: make([]byte, 500)}); err != nil {
					b.Error(err)
				}
			}
		})
	}
	senders.Wait()
	<-all
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "items/s")
	cancel()
	running.Wait()
}
