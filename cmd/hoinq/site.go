package main

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"golang.org/x/sync/errgroup"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/bot/webchat"
	"github.com/hoinq/hoinq/internal/queue"
)

// site is everything that runs on an open queue.
type site struct {
	server      *queue.Server
	answerer    *bot.Answerer
	service     *bot.Service
	channels    []channel // those that are on
	shared      *shared   // nil without a cluster
	front, back http.Handler
}

// openQueue opens the queue: in the data folder, or on the cluster.
func (p *program) openQueue(ctx context.Context) (*queue.Server, error) {
	if p.NATS.URL == "" {
		return queue.Open(ctx, p.log, filepath.Join(p.Data, "queue"))
	}
	return queue.Connect(ctx, p.log, queue.Remote(p.NATS))
}

// The waits between two tries to open the queue on a cluster.
const (
	firstWait = 250 * time.Millisecond
	lastWait  = 10 * time.Second
)

// openSite puts everything together. What a cluster does not give now is asked
// for again until it does.
func (p *program) openSite(ctx context.Context) (*site, error) {
	all, err := p.channels()
	if err != nil {
		return nil, err
	}
	var on []channel
	for _, c := range all {
		switch {
		case c.off != "":
			p.log.Error("channel is off", "channel", c.id, "why", c.off)
		case c.Channel != nil:
			on = append(on, c)
		}
	}
	said := ""
	for wait := firstWait; ; wait = min(2*wait, lastWait) {
		s, err := p.trySite(ctx, on)
		switch {
		case err == nil:
			return s, nil
		case ctx.Err() != nil, p.NATS.URL == "", errors.Is(err, queue.ErrKeyFile): // waiting would not mend it
			return nil, err
		}
		if why := explain(err); why != said {
			said = why
			p.log.Error("the queue cannot be opened, tried again until it can", "why", why)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(wait):
		}
	}
}

// trySite opens the queue and what stands on it.
func (p *program) trySite(ctx context.Context, on []channel) (*site, error) {
	server, err := p.openQueue(ctx)
	if err != nil {
		return nil, err
	}
	s := &site{server: server, channels: on}
	if err := p.furnish(ctx, s); err != nil {
		return nil, errors.Join(err, server.Close())
	}
	return s, nil
}

// furnish makes everything that stands on an open queue.
func (p *program) furnish(ctx context.Context, s *site) error {
	key, err := p.hashKey()
	if err != nil {
		return err
	}
	if p.NATS.URL != "" {
		if s.shared, err = p.openShared(ctx, s.server); err != nil {
			return err
		}
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "hoinq_build_info", Help: "1, for the version that runs.", ConstLabels: prometheus.Labels{"version": version()},
	}, func() float64 { return 1 }))
	registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "hoinq_queue_lost_items", Help: "Items of the queue that could not be read when it was opened, at most.",
	}, func() float64 { return float64(lostItems(s.server)) }))
	metrics := bot.NewMetrics(registry)
	memory, err := bot.OpenMemory(ctx, p.log, s.server, key)
	if err != nil {
		return err
	}
	office := bot.Office{Name: p.Office, Contact: p.Contact, PublicURL: p.PublicURL}
	s.answerer = bot.NewAnswerer(office, memory, metrics, p.cores, time.Now)
	channels := map[bot.ChannelID]bot.Channel{}
	for _, c := range s.channels {
		if c.open != nil {
			if err := c.open(ctx, s.server); err != nil {
				return err
			}
		}
		channels[c.id] = c.Channel
	}
	s.service, err = bot.NewService(ctx, p.log, s.server, bot.ServiceParts{
		Conversation: bot.NewConversation(s.answerer, memory), Metrics: metrics, Channels: channels,
	})
	if err != nil {
		return err
	}
	registry.MustRegister(bot.NewDepth(ctx, s.service.Queues(), time.Now))
	ready := func(ctx context.Context) bool { return s.answerer.Ready() && s.server.Ready(ctx) == nil }
	registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "hoinq_ready", Help: "1 when /readyz says so, else 0.",
	}, func() float64 {
		if ready(ctx) {
			return 1
		}
		return 0
	}))
	front := http.NewServeMux()
	probes(front, ready)
	var origins []string
	for _, c := range s.channels {
		c.mount(front, s.service)
		origins = append(origins, c.origins...)
	}
	front.Handle("/", webchat.New(p.log, s.answerer, webchat.SiteOptions{
		Trusted: p.TrustedProxies, Origins: origins, Version: version(), Rejected: func(reason string) { metrics.Rejected(webchat.WebChannel, reason) },
	}))
	back := http.NewServeMux()
	probes(back, ready)
	back.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	p.queueRoutes(back, s.service.Queues(), key)
	s.front, s.back = front, back
	return nil
}

// lostItems are those that were found damaged when the queue was opened, at most.
func lostItems(server *queue.Server) (n uint64) {
	for _, d := range server.Damage() {
		n += d.Lost
	}
	return n
}

// runSite starts the work of a site in a group.
func (p *program) runSite(ctx context.Context, group *errgroup.Group, s *site) {
	group.Go(func() error { return p.keepDocuments(ctx, s) })
	group.Go(func() error { return p.watchQueue(ctx, s.server, s.service) })
	group.Go(func() error { return s.service.Run(ctx) })
	for _, c := range s.channels {
		if c.learn != nil {
			group.Go(func() error {
				c.learn(ctx)
				return nil
			})
		}
		if c.run == nil {
			continue
		}
		// Of several replicas one asks the vendor for messages, or tells it where to send them.
		group.Go(func() error {
			return s.server.Lead(ctx, string(c.id), func(ctx context.Context) error { return c.run(ctx, s.service) })
		})
	}
}
