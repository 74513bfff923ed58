package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/hoinq/hoinq/bot/bottest"
)

// built builds the program as it is shipped and puts it first in PATH.
func built(b *testing.B) (program string) {
	b.Helper()
	folder := b.TempDir()
	program = filepath.Join(folder, "hoinq")
	build := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-ldflags=-s -w", "-o", program, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	b.Setenv("PATH", folder+string(os.PathListSeparator)+os.Getenv("PATH"))
	return program
}

// BenchmarkAsk is one question to the bundled documents as a process, from
// start to exit. It also reports the size of the program.
func BenchmarkAsk(b *testing.B) {
	program := built(b)
	info, err := os.Stat(program)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		ask := exec.CommandContext(b.Context(), program, "ask", "Ba khâu đột phá của Nghị quyết là gì?")
		ask.Dir = b.TempDir()
		if out, err := ask.CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()*1000/float64(b.N), "ms/ask")
	b.ReportMetric(float64(info.Size())/(1<<20), "MB-program")
}

// BenchmarkServeReady is the time from the start of serve on a new folder until
// it is ready, and what it holds in memory then.
func BenchmarkServeReady(b *testing.B) {
	built(b)
	var memory float64
	for b.Loop() {
		p := bottest.Start(b, b.TempDir(), nil)
		b.StopTimer()
		p.WaitLog(b, "documents in use")
		memory = max(memory, resident(b, p.PID()))
		p.Terminate(b)
		b.StartTimer()
	}
	b.ReportMetric(b.Elapsed().Seconds()*1000/float64(b.N), "ms/ready")
	b.ReportMetric(memory, "MB-idle")
}

// resident is the memory of a process in MB, as Linux tells it.
func resident(b *testing.B, pid int) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Skip("needs Linux' /proc")
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	kb, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
	if err != nil {
		b.Fatal(err)
	}
	return kb / 1024
}
