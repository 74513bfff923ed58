package bot

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// depthTimeout bounds one look at the queues.
const depthTimeout = time.Second

// depth shows Prometheus what the queues hold at the moment at which it asks.
// What cannot be known then has no value, rather than a wrong one.
type depth struct {
	ctx                          context.Context //nolint:containedctx // a collector is given none
	queues                       *Queues
	now                          func() time.Time
	items, oldest, dead, sharing *prometheus.Desc
}

// NewDepth makes the collector of what the queues hold, of use until ctx ends.
func NewDepth(ctx context.Context, queues *Queues, now func() time.Time) prometheus.Collector {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("hoinq_"+name, help, labels, nil)
	}
	return &depth{
		ctx: ctx, queues: queues, now: now,
		items:   desc("queue_items", "Items that are left to do, by queue.", "queue"),
		oldest:  desc("queue_oldest_seconds", "How long the oldest item waits, by queue; 0 when there is none.", "queue"),
		dead:    desc("dead_letters", "Items that were given up and are still kept, by queue.", "queue"),
		sharing: desc("replicas", "Processes that share the work."),
	}
}

// Describe implements [prometheus.Collector].
func (d *depth) Describe(ch chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{d.items, d.oldest, d.dead, d.sharing} {
		ch <- desc
	}
}

// Collect implements [prometheus.Collector].
func (d *depth) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(d.ctx, depthTimeout)
	defer cancel()
	show := func(desc *prometheus.Desc, value float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, labels...)
	}
	for _, name := range QueueNames() {
		stream, err := d.queues.stream(name)
		if err != nil { // unreachable: these are the names
			continue
		}
		holds, err := stream.Depth(ctx)
		if err != nil {
			continue
		}
		waits := time.Duration(0)
		if !holds.Oldest.IsZero() {
			waits = max(d.now().Sub(holds.Oldest), 0) // the clock may have been put back
		}
		show(d.items, float64(holds.Items), string(name))
		show(d.oldest, waits.Seconds(), string(name))
		show(d.dead, float64(holds.Dead), string(name))
	}
	show(d.sharing, float64(d.queues.server.Replicas()))
}
