package main

import (
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hoinq/hoinq/bot/bottest"
)

// crowdInFlight is how many questions wait for their answer at the same time
// when the program is asked for all it can.
const crowdInFlight = 256

// crowdCalm is how many questions are asked at most at half the rate.
const crowdCalm = 5000

// BenchmarkLoad is the whole way of a question on Telegram, from the webhook's
// post to the reply at the vendor, with the inbox and the outbox synced to
// disk. The sender and the vendor take their share of the same cores.
//
// "alone" is one question at a time. "crowd" is two rounds: b.N questions as
// fast as they are answered, which gives the rate and what it costs, and then
// half as many, and 5,000 at most, at half that rate, which gives the times that people wait, from
// the moment at which each was due. The stages are those of hoinq_stage_seconds
// at half the rate. What bounds the rate is told by the cores that are busy: all
// of them, or else the disk. If they are far more than those used by the two
// processes, somebody else is at work on the machine, and the figures are low.
func BenchmarkLoad(b *testing.B) {
	built(b)
	const warm = 2 * crowdLines // questions that are not measured
	b.Run("alone", func(b *testing.B) {
		c := newCrowd(b)
		p := bottest.Start(b, b.TempDir(), c.settings)
		c.round(b, p, 1, warm, pace{inFlight: 1}) // opens connections
		b.ResetTimer()
		waits(b, c.round(b, p, warm+1, b.N, pace{inFlight: 1}))
	})
	b.Run("crowd", func(b *testing.B) {
		c := newCrowd(b)
		folder := b.TempDir()
		p := bottest.Start(b, folder, c.settings)
		c.round(b, p, 1, warm, pace{inFlight: crowdLines})
		before, begin := look(b, p), time.Now()
		b.ResetTimer()
		c.round(b, p, warm+1, b.N, pace{inFlight: crowdInFlight})
		b.StopTimer()
		took, after := time.Since(begin), look(b, p)
		rate := float64(b.N) / took.Seconds()
		b.ReportMetric(rate, "questions/s")
		program, sender := after.program-before.program, after.sender-before.sender
		b.ReportMetric(program*1000/float64(b.N), "ms-cpu-program")
		b.ReportMetric(sender*1000/float64(b.N), "ms-cpu-sender")
		b.ReportMetric((program+sender)/took.Seconds(), "cores-used")
		b.ReportMetric((after.busy-before.busy)/took.Seconds(), "cores-busy")
		b.ReportMetric(float64(c.refused), "refused")

		before = look(b, p)
		waits(b, c.round(b, p, warm+b.N+1, min(max(b.N/2, 1), crowdCalm), pace{every: time.Duration(2 / rate * float64(time.Second))}))
		after = look(b, p)
		for stage := range after.seconds {
			if n := after.times[stage] - before.times[stage]; n > 0 {
				b.ReportMetric((after.seconds[stage]-before.seconds[stage])*1000/n, "ms-"+stage)
			}
		}
		b.ReportMetric(resident(b, p.PID()), "MB-memory")
		b.ReportMetric(size(b, filepath.Join(folder, "queue")), "MB-queue")
	})
}

// waits reports how long questions waited, given in order.
func waits(b *testing.B, waited []time.Duration) {
	b.Helper()
	b.ReportMetric(waited[len(waited)/2].Seconds()*1000, "p50-ms")
	b.ReportMetric(waited[len(waited)*99/100].Seconds()*1000, "p99-ms")
}

// usage is what was used until a moment.
type usage struct {
	program, sender, busy float64            // seconds on a core: the two processes, anybody
	seconds, times        map[string]float64 // by stage
}

func look(b *testing.B, p *bottest.Process) usage {
	b.Helper()
	u := usage{program: cpu(b, p.PID()), sender: cpu(b, os.Getpid()), busy: busy(b), seconds: map[string]float64{}, times: map[string]float64{}}
	_, metrics := fetch(b, http.MethodGet, p.AdminURL+"/metrics", "")
	for line := range strings.Lines(metrics) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		figure, label, _ := strings.Cut(name, `{stage="`)
		stage := strings.TrimSuffix(label, `"}`)
		n, err := strconv.ParseFloat(value, 64)
		switch {
		case err != nil: // a comment
		case figure == "hoinq_stage_seconds_sum":
			u.seconds[stage] = n
		case figure == "hoinq_stage_seconds_count":
			u.times[stage] = n
		}
	}
	return u
}

// ticks are the parts of a second in which Linux tells the times of cores.
const ticks = 100

// cpu is how long a process has been on a core, in seconds.
func cpu(b *testing.B, pid int) float64 {
	b.Helper()
	_, fields, _ := strings.Cut(proc(b, strconv.Itoa(pid)+"/stat"), ") ")
	return sum(b, strings.Fields(fields)[11:13]) / ticks
}

// busy is how long the cores of the machine have been busy, in seconds.
func busy(b *testing.B) float64 {
	b.Helper()
	line, _, _ := strings.Cut(proc(b, "stat"), "\n")
	fields := strings.Fields(line) // cpu user nice system idle iowait irq softirq
	return (sum(b, fields[1:4]) + sum(b, fields[6:8])) / ticks
}

func proc(b *testing.B, name string) string {
	b.Helper()
	text, err := os.ReadFile("/proc/" + name)
	if err != nil {
		b.Skip("needs Linux' /proc")
	}
	return string(text)
}

func sum(b *testing.B, numbers []string) (sum float64) {
	b.Helper()
	for _, number := range numbers {
		n, err := strconv.ParseFloat(number, 64)
		if err != nil {
			b.Fatal(err)
		}
		sum += n
	}
	return sum
}

// size is what the files of a folder hold, in MB.
func size(b *testing.B, folder string) float64 {
	b.Helper()
	var sum int64
	err := filepath.WalkDir(folder, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			sum += info.Size()
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return float64(sum) / (1 << 20)
}
