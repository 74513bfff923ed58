package bottest

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Process is a running "hoinq serve".
type Process struct {
	// PublicURL and AdminURL are its two addresses.
	PublicURL, AdminURL string

	folder   string
	settings []string
	command  *exec.Cmd
	log      *logBuffer
	ended    chan struct{} // closed when it has ended
}

// listening is the line by which the program says where it can be reached.
var listening = regexp.MustCompile(`msg=listening.* public=(\S+) admin=(\S+)`)

// Start runs "hoinq serve" on a data folder with settings ("NAME=value") and
// ports of its own, and waits until it is ready. The program is found in PATH.
// It is killed at the end of t, if it still runs then.
func Start(t testing.TB, folder string, settings []string) *Process {
	t.Helper()
	p := Launch(t, folder, settings)
	p.WaitReady(t)
	return p
}

// Launch is [Start], but only waits until the program listens.
func Launch(t testing.TB, folder string, settings []string) *Process {
	t.Helper()
	path, err := exec.LookPath("hoinq")
	if err != nil {
		t.Fatal(err)
	}
	p := &Process{folder: folder, settings: settings, log: newLogBuffer(), ended: make(chan struct{})}
	p.command = exec.Command(path, "serve") //nolint:noctx // ended by Terminate or Kill, as an operator would
	p.command.Env = append(inherited(), settings...)
	p.command.Env = append(p.command.Env, "HOINQ_LISTEN=127.0.0.1:0", "HOINQ_ADMIN_LISTEN=127.0.0.1:0", "HOINQ_DATA="+folder)
	p.command.Stderr = p.log
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = p.command.Wait() // the exit code says it
		close(p.ended)
		p.log.wake()
	}()
	t.Cleanup(func() { p.Kill(t) })
	Wait(t, p.log, "the program listens", func() bool {
		where := listening.FindStringSubmatch(p.log.String())
		if where == nil {
			p.mustRun(t)
			return false
		}
		p.PublicURL, p.AdminURL = "http://"+where[1], "http://"+where[2]
		return true
	})
	return p
}

// inherited is the environment without settings of the program.
func inherited() []string {
	return slices.DeleteFunc(os.Environ(), func(v string) bool { return len(v) > 6 && v[:6] == "HOINQ_" })
}

func (p *Process) mustRun(t testing.TB) {
	t.Helper()
	select {
	case <-p.ended:
		t.Fatalf("the program ended with code %d:\n%s", p.command.ProcessState.ExitCode(), p.log.String())
	default:
	}
}

// WaitReady asks until the program says that it is ready to answer.
func (p *Process) WaitReady(t testing.TB) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for range patience / (20 * time.Millisecond) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.AdminURL+"/readyz", nil)
		if err != nil {
			t.Fatal(err)
		}
		if response, err := client.Do(r); err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return
			}
		}
		p.mustRun(t)
		<-tick.C
	}
	t.Fatalf("the program is not ready:\n%s", p.log.String())
}

// Restart starts the program again on the same data folder. The one before
// must have ended.
func (p *Process) Restart(t testing.TB) *Process {
	t.Helper()
	return Start(t, p.folder, p.settings)
}

// Terminate asks the program to end and waits until it has.
func (p *Process) Terminate(t testing.TB) (code int, took time.Duration) {
	t.Helper()
	begin := time.Now()
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatal(err)
	}
	p.wait(t)
	return p.command.ProcessState.ExitCode(), time.Since(begin)
}

// Kill ends the program without asking.
func (p *Process) Kill(t testing.TB) {
	t.Helper()
	if err := p.command.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Error(err)
	}
	p.wait(t)
}

func (p *Process) wait(t testing.TB) {
	t.Helper()
	// Not t.Context(), which has ended when t is cleaned up.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), patience)
	defer cancel()
	select {
	case <-p.ended:
	case <-ctx.Done():
		t.Errorf("the program did not end:\n%s", p.log.String())
	}
}

// PID is the number of the process.
func (p *Process) PID() int { return p.command.Process.Pid }

// WaitLog waits until the log holds words.
func (p *Process) WaitLog(t testing.TB, words string) {
	t.Helper()
	Wait(t, p.log, "the log says "+words, func() bool { return strings.Contains(p.log.String(), words) })
}

// Log is what the program has written to its log so far.
func (p *Process) Log() string { return p.log.String() }

// Changed is closed at the next line of the log.
func (p *Process) Changed() <-chan struct{} { return p.log.Changed() }

// logBuffer gathers a log while it is read.
type logBuffer struct {
	mu      sync.Mutex
	text    bytes.Buffer
	changed chan struct{}
}

func newLogBuffer() *logBuffer { return &logBuffer{changed: make(chan struct{})} }

func (b *logBuffer) Write(p []byte) (int, error) {
	defer b.wake()
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logBuffer) wake() {
	b.mu.Lock()
	defer b.mu.Unlock()
	close(b.changed)
	b.changed = make(chan struct{})
}

// Changed is closed at the next line.
func (b *logBuffer) Changed() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.changed
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
