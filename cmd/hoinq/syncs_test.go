package main

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/hoinq/hoinq/bot/bottest"
	"github.com/hoinq/hoinq/internal/requiretest"
)

// BenchmarkSyncs counts, by strace, how often the program has what it wrote
// brought to the disk, for each question under load. strace slows it down, so
// the time is of no meaning.
func BenchmarkSyncs(b *testing.B) {
	strace := requiretest.Program(b, "strace")
	built(b)
	c := newCrowd(b)
	p := bottest.Start(b, b.TempDir(), c.settings)
	c.round(b, p, 1, 2*crowdLines, pace{inFlight: crowdLines})

	calls := filepath.Join(b.TempDir(), "calls")
	trace := exec.CommandContext(b.Context(), strace, "-f", "-e", "trace=fsync,fdatasync,sync_file_range,openat", "-o", calls, "-p", strconv.Itoa(p.PID()))
	says, err := trace.StderrPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := trace.Start(); err != nil {
		b.Fatal(err)
	}
	if lines := bufio.NewScanner(says); !lines.Scan() || !strings.Contains(lines.Text(), "attached") {
		b.Skip("strace may not look at the program: " + lines.Text())
	}
	go func() { _, _ = io.Copy(io.Discard, says) }() // a line for every thread
	b.ResetTimer()
	c.round(b, p, 1+2*crowdLines, b.N, pace{inFlight: crowdInFlight})
	b.StopTimer()
	if err := trace.Process.Signal(os.Interrupt); err != nil {
		b.Fatal(err)
	}
	_ = trace.Wait() // it ends by the signal
	text, err := os.ReadFile(calls)
	if err != nil {
		b.Fatal(err)
	}
	syncs := 0
	for line := range strings.Lines(string(text)) { // "PID name(…", and later "PID <... name resumed>"
		_, call, _ := strings.Cut(line, " ")
		name, arguments, _ := strings.Cut(strings.TrimSpace(call), "(")
		if strings.HasSuffix(name, "sync") || name == "sync_file_range" || name == "openat" && strings.Contains(arguments, "SYNC") {
			syncs++
		}
	}
	b.ReportMetric(float64(syncs)/float64(b.N), "syncs/question")
}
