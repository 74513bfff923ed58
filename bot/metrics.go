package bot

import (
	"errors"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics are the counts and times that the service shows to Prometheus. No
// label carries anything of a person or a question. Make them with
// [NewMetrics]; they are safe for concurrent use.
type Metrics struct {
	received, repeated, rejected, sent, failed *prometheus.CounterVec
	outcome, died                              *prometheus.CounterVec
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
		failed:   counter("send_failures", "Attempts to send that failed, by kind and by the vendor's status.", "channel", "kind", "code"),
		died:     counter("dead_letters", "Items that were given up, by queue.", "queue"),
		stage: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "hoinq_stage_seconds", Help: "Time spent, by stage: accept, wait, answer, store, send, whole.",
			Buckets: prometheus.ExponentialBuckets(0.0005, 2, 18),
		}, []string{"stage"}),
	}
	registry.MustRegister(m.stage)
	for _, name := range QueueNames() {
		m.died.WithLabelValues(string(name)) // from 0, so that the first one is seen as an increase
	}
	return m
}

// expect makes the counters of a channel begin at 0: an alert on a share needs
// them also while nothing was ever sent.
func (m *Metrics) expect(channel ChannelID) {
	m.received.WithLabelValues(string(channel))
	m.sent.WithLabelValues(string(channel))
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

// failure counts an attempt to send that failed.
func (m *Metrics) failure(channel ChannelID, kind string, err error) {
	code := ""
	var status interface{ StatusCode() int }
	if errors.As(err, &status) && status.StatusCode() != 0 {
		code = strconv.Itoa(status.StatusCode())
	}
	m.failed.WithLabelValues(string(channel), kind, code).Inc()
}

// observe counts a time. One since something was stored is negative when the
// machine's clock went back in between, and a sum may never fall.
func (m *Metrics) observe(stage string, d time.Duration) {
	m.stage.WithLabelValues(stage).Observe(max(d, 0).Seconds())
}
