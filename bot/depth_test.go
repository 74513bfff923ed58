package bot_test

import (
	"context"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/hoinq/hoinq/bot"
)

// depths are the values that a collector gives now, by name and queue.
func depths(t *testing.T, c prometheus.Collector) map[string]float64 {
	t.Helper()
	registry := prometheus.NewRegistry()
	registry.MustRegister(c)
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			name := f.GetName()
			for _, l := range m.GetLabel() {
				name += " " + l.GetValue()
			}
			values[name] = m.GetGauge().GetValue()
		}
	}
	return values
}

// at is a clock that is off by so much.
func at(off time.Duration) func() time.Time { return func() time.Time { return time.Now().Add(off) } }

func TestDepthShowsWhatWaits(t *testing.T) {
	b := open(t, t.TempDir(), bot.Office{})
	refused := make(chan struct{}, 1)
	b.channel.fail = func(bot.Part) error {
		refused <- struct{}{}
		return &bot.RateLimitedError{After: time.Hour, Chat: "c7"}
	}
	empty := depths(t, bot.NewDepth(t.Context(), b.Queues(), at(time.Hour)))
	if len(empty) != 7 || empty["hoinq_queue_items outbox"] != 0 || empty["hoinq_queue_oldest_seconds outbox"] != 0 || empty["hoinq_replicas"] != 1 {
		t.Errorf("before anything: %v", empty)
	}
	if err := b.Accept(t.Context(), message("1", bot.KindCommand, "/riengtu")); err != nil {
		t.Fatal(err)
	}
	<-refused
	full := depths(t, bot.NewDepth(t.Context(), b.Queues(), at(time.Hour)))
	if full["hoinq_queue_items outbox"] != 1 || full["hoinq_queue_oldest_seconds outbox"] < 3600 || full["hoinq_dead_letters outbox"] != 0 {
		t.Errorf("with a part that waits: %v", full)
	}
	if got := depths(t, bot.NewDepth(t.Context(), b.Queues(), at(-time.Hour)))["hoinq_queue_oldest_seconds outbox"]; got != 0 {
		t.Errorf("the clock was put back: %v seconds", got)
	}
}

func TestDepthThatCannotBeKnownHasNoValue(t *testing.T) {
	b := open(t, t.TempDir(), bot.Office{})
	ctx, cancel := context.WithCancel(t.Context())
	depth := bot.NewDepth(ctx, b.Queues(), time.Now)
	cancel()
	if got := depths(t, depth); len(got) != 1 || got["hoinq_replicas"] != 1 {
		t.Errorf("shown: %v", got)
	}
}

// A clock that runs backwards: no time is counted as less than nothing.
func TestNoStageTakesLessThanNoTime(t *testing.T) {
	registry := prometheus.NewRegistry()
	metrics := bot.NewMetrics(registry)
	now := time.Now()
	answerer := bot.NewAnswerer(bot.Office{}, nil, metrics, 2, func() time.Time { now = now.Add(-time.Second); return now })
	answerer.Swap(serving(t))
	if _, err := answerer.Ask(t.Context(), bot.Question{Text: "Diện tích chè hữu cơ đạt bao nhiêu?"}); err != nil {
		t.Fatal(err)
	}
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if h := m.GetHistogram(); h.GetSampleSum() < 0 {
				t.Errorf("%s: %v seconds in all", f.GetName(), h.GetSampleSum())
			}
		}
	}
}
