package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

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

// BenchmarkWebhook is the whole way of a question on Telegram, from the
// webhook's post to the reply at the vendor, with the inbox and the outbox
// synced to disk, for one chat at a time and for sixteen. Another chat asks as
// soon as one has its reply: a chat by itself would meet the vendor's limit. The
// vendor is a fake that answers at once, on the same cores.
func BenchmarkWebhook(b *testing.B) {
	built(b)
	for _, chats := range []int{1, 16} {
		b.Run(fmt.Sprintf("chats=%d", chats), func(b *testing.B) {
			vendor := bottest.NewTelegram(b, "987654:Thu-Toc-Do", "Bi-Mat")
			p := bottest.Start(b, b.TempDir(), append(vendor.Settings(), "HOINQ_TELEGRAM_RATE=1000"))
			var id atomic.Int64
			var mu sync.Mutex
			var took []time.Duration
			exchange := func() {
				chat := int(id.Add(1))
				begin := time.Now()
				m := bottest.Incoming{Conversation: chat, ID: chat, Text: "Ba khâu đột phá của Nghị quyết là gì?"}
				if status := vendor.Deliver(b, p.PublicURL, m); status != http.StatusOK {
					b.Errorf("status %d", status)
				}
				bottest.Wait(b, vendor, "the reply", func() bool { return len(vendor.Messages(chat)) > 0 })
				d := vendor.Messages(chat)[0].At.Sub(begin)
				mu.Lock()
				defer mu.Unlock()
				took = append(took, d)
			}
			for range chats {
				exchange() // opens connections
			}
			took = nil
			var left atomic.Int64
			left.Store(int64(b.N))
			b.ResetTimer()
			var all sync.WaitGroup
			for range chats {
				all.Go(func() {
					for left.Add(-1) >= 0 {
						exchange()
					}
				})
			}
			all.Wait()
			b.StopTimer()
			slices.Sort(took)
			b.ReportMetric(took[len(took)/2].Seconds()*1000, "p50-ms")
			b.ReportMetric(took[len(took)*99/100].Seconds()*1000, "p99-ms")
			b.ReportMetric(float64(len(took))/b.Elapsed().Seconds(), "questions/s")
		})
	}
}
