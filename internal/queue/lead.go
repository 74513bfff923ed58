package queue

import (
	"context"
	"fmt"
	"time"
)

// leadLook is how often it is looked whether this replica leads.
const leadLook = 250 * time.Millisecond

// Lead runs work that only one of the replicas may do at a time, while this one
// is it: while it owns the partition of the work's name. The ctx of work ends
// when that is over, and Lead waits for its turn again. It returns what work
// returns by itself, or nil when ctx ends. Call it beside [Server.Run].
func (s *Server) Lead(ctx context.Context, name string, work func(context.Context) error) error {
	p := partition(name)
	tick := time.NewTicker(leadLook)
	defer tick.Stop()
	for {
		if s.share.lead(p) {
			done, err := s.leading(ctx, p, tick.C, work)
			s.share.unlead(p)
			switch {
			case err != nil:
				return fmt.Errorf("lead %s: %w", name, err)
			case done:
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// leading runs work until it ends by itself, which done reports, or the
// partition is lost.
func (s *Server) leading(ctx context.Context, p int, look <-chan time.Time, work func(context.Context) error) (done bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- work(ctx) }()
	for {
		select {
		case err := <-ended:
			return true, err
		case <-look:
			if !s.share.valid(p) {
				cancel()
				return false, <-ended
			}
		}
	}
}

// lead begins leader's work on a partition, if it is owned.
func (sh *share) lead(p int) bool {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if !sh.owned[p] || !time.Now().Before(sh.until) {
		return false
	}
	sh.leading[p]++
	return true
}

func (sh *share) unlead(p int) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	sh.leading[p]--
}
