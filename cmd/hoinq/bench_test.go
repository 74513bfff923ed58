package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// BenchmarkAsk is one question to the bundled documents as a process, from
// start to exit. It also reports the size of the program.
func BenchmarkAsk(b *testing.B) {
	program := filepath.Join(b.TempDir(), "hoinq")
	build := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-ldflags=-s -w", "-o", program, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
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
