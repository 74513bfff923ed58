package bot

import (
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

func TestAClockThatWentBackIsCountedAsNoTime(t *testing.T) {
	registry := prometheus.NewRegistry()
	m := NewMetrics(registry)
	m.observe("wait", 2*time.Second)
	m.observe("wait", -3*time.Hour)
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == "hoinq_stage_seconds" {
			if h := f.GetMetric()[0].GetHistogram(); h.GetSampleCount() != 2 || h.GetSampleSum() != 2 {
				t.Errorf("%d times, %v s in all; want 2 of 2 s", h.GetSampleCount(), h.GetSampleSum())
			}
			return
		}
	}
	t.Error("no times are shown")
}
