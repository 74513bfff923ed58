package bot

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics are the counts and times that the service shows to Prometheus. No
// label carries anything of a person or a question. Make them with
// [NewMetrics]; they are safe for concurrent use.
type Metrics struct {
	received, repeated, rejected, sent, failed *prometheus.CounterVec
	outcome                                    *prometheus.CounterVec
	stage                                      *prometheus.HistogramVec
}

// NewMetrics makes the metrics and registers them.
func NewMetrics(registry prometheus.Registerer) *Metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		c := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "hoinq_" + name + "_total", Help: help}, labels)
		registry.MustRegister(c)
		return c
	}
	m := &Metrics{
		received: counter("received", "Messages accepted, by channel.", "channel"),
		repeated: counter("repeated", "Deliveries of a message that had been accepted before.", "channel"),
		rejected: counter("rejected", "Requests that were not accepted, by reason.", "channel", "reason"),
		outcome:  counter("answers", "Questions by outcome: answered, or the reason of the refusal.", "outcome"),
		sent:     counter("sent", "Parts of replies that a vendor accepted.", "channel"),
		failed:   counter("send_failures", "Attempts to send that failed, by kind.", "channel", "kind"),
		stage: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "hoinq_stage_seconds", Help: "Time spent, by stage: accept, wait, answer, send, whole.",
			Buckets: prometheus.ExponentialBuckets(0.0005, 2, 18),
		}, []string{"stage"}),
	}
	registry.MustRegister(m.stage)
	return m
}

// Rejected counts a request that was not accepted.
func (m *Metrics) Rejected(channel ChannelID, reason string) {
	m.rejected.WithLabelValues(string(channel), reason).Inc()
}

func (m *Metrics) answered(r Response, took time.Duration) {
	outcome := "answered"
	if !r.Answered {
		outcome = r.Reason
	}
	m.outcome.WithLabelValues(outcome).Inc()
	m.observe("answer", took)
}

// observe counts a time. One since something was stored is negative when the
// machine's clock went back in between, and a sum may never fall.
func (m *Metrics) observe(stage string, d time.Duration) {
	m.stage.WithLabelValues(stage).Observe(max(d, 0).Seconds())
}
