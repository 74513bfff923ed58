package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/bot/bottest"
)

// fetch makes one request and returns the status and the body.
func fetch(t testing.TB, method, url, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(data)
}

// askServed asks the running program.
func askServed(t testing.TB, p *bottest.Process, question string) bot.Response {
	t.Helper()
	body, err := json.Marshal(map[string]string{"question": question})
	if err != nil {
		t.Fatal(err)
	}
	status, text := fetch(t, http.MethodPost, p.PublicURL+"/api/v1/ask", string(body))
	var r bot.Response
	if err := json.Unmarshal([]byte(text), &r); status != http.StatusOK || err != nil {
		t.Fatalf("%d, %v: %s", status, err, text)
	}
	return r
}

// hoinq runs a command of the program and returns its exit code and output.
func hoinq(t testing.TB, settings []string, args ...string) (code int, out string) {
	t.Helper()
	path, err := exec.LookPath("hoinq")
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), path, args...)
	c.Env = append(os.Environ(), settings...)
	var b bytes.Buffer
	c.Stdout, c.Stderr = &b, &b
	if err := c.Run(); c.ProcessState == nil {
		t.Fatal(err)
	}
	return c.ProcessState.ExitCode(), b.String()
}

func TestServeAnswersAndShowsItsState(t *testing.T) {
	p := bottest.Start(t, t.TempDir(), []string{"HOINQ_OFFICE=Đảng ủy xã Cồn Sò"})
	if r := askServed(t, p, "Ba khâu đột phá của Nghị quyết là gì?"); !r.Answered || !strings.HasPrefix(r.Citations[0].URL, bot.ReadingRoot) {
		t.Errorf("answer %+v", r)
	}
	askServed(t, p, "Giá vàng hôm nay?")
	if status, page := fetch(t, http.MethodGet, p.PublicURL+"/", ""); status != http.StatusOK || !strings.Contains(page, "Đảng ủy xã Cồn Sò") {
		t.Errorf("the page: %d", status)
	}
	for _, url := range []string{p.PublicURL + "/healthz", p.PublicURL + "/readyz", p.AdminURL + "/healthz", p.AdminURL + "/readyz"} {
		if status, _ := fetch(t, http.MethodGet, url, ""); status != http.StatusOK {
			t.Errorf("%s: %d", url, status)
		}
	}
	_, metrics := fetch(t, http.MethodGet, p.AdminURL+"/metrics", "")
	for _, want := range []string{`hoinq_answers_total{outcome="answered"} 1`, `hoinq_answers_total{outcome="out_of_scope"} 1`, `hoinq_stage_seconds_count{stage="answer"} 2`} {
		if !strings.Contains(metrics, want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
	if status, _ := fetch(t, http.MethodGet, p.PublicURL+"/metrics", ""); status != http.StatusNotFound {
		t.Errorf("the metrics stand on the public address: %d", status)
	}
	if status, _ := fetch(t, http.MethodPost, p.PublicURL+"/webhooks/telegram", "{}"); status == http.StatusOK {
		t.Error("a channel that is off takes messages")
	}
	if code, took := p.Terminate(t); code != 0 || took > endTime {
		t.Errorf("ended with code %d after %s:\n%s", code, took, p.Log())
	}
	if strings.Contains(p.Log(), "vàng") || strings.Contains(p.Log(), "127.0.0.1:0") {
		t.Errorf("the log:\n%s", p.Log())
	}
}

func TestServeTakesNewDocumentsOverWhileItRuns(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(t.TempDir(), "ke-hoach.md")
	if err := os.WriteFile(file, []byte("# Kế hoạch trồng đước xã Cồn Sò\n\nXã trồng 12 ha đước trong năm 2027.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := bottest.Start(t, folder, nil)
	if code, out := hoinq(t, []string{"HOINQ_DATA=" + folder}, "ingest", file); code != 0 {
		t.Fatalf("ingest beside serve: code %d: %s", code, out)
	}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(20 * time.Second); ; <-tick.C {
		if r := askServed(t, p, "Xã trồng bao nhiêu ha đước?"); strings.Contains(r.Text, "12 ha") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the new document is not served:\n%s", p.Log())
		}
	}
	if r := askServed(t, p, "Ba khâu đột phá của Nghị quyết là gì?"); r.Answered {
		t.Error("the bundled documents still answer")
	}
}

// A clerk's slip on the folder while the program runs: the old documents go
// on, and the log says why, once.
func TestDamagedDocumentsDoNotTakeTheOldOnesPlace(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(t.TempDir(), "ke-hoach.md")
	if err := os.WriteFile(file, []byte("# Kế hoạch trồng đước xã Cồn Sò\n\nXã trồng 12 ha đước trong năm 2027.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out := hoinq(t, []string{"HOINQ_DATA=" + folder}, "ingest", file); code != 0 {
		t.Fatalf("ingest: code %d: %s", code, out)
	}
	p := bottest.Start(t, folder, nil)
	current := filepath.Join(folder, "corpus", "CURRENT")
	for says, damage := range map[string]func() error{
		"CURRENT is damaged": func() error { return os.WriteFile(current, []byte("garbage\n"), 0o600) },
		"CURRENT is gone":    func() error { return os.Remove(current) },
	} {
		if err := damage(); err != nil {
			t.Fatal(err)
		}
		tick := time.NewTicker(50 * time.Millisecond)
		for deadline := time.Now().Add(40 * time.Second); !strings.Contains(p.Log(), says); <-tick.C {
			if time.Now().After(deadline) {
				t.Fatalf("the log does not say %q:\n%s", says, p.Log())
			}
		}
		tick.Stop()
		if n := strings.Count(p.Log(), says); n != 1 {
			t.Errorf("said %d times:\n%s", n, p.Log())
		}
		if r := askServed(t, p, "Xã trồng bao nhiêu ha đước?"); !strings.Contains(r.Text, "12 ha") {
			t.Errorf("answer %q", r.Text)
		}
		if err := os.WriteFile(current, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestASecondServeOnOneFolderSaysSo(t *testing.T) {
	folder := t.TempDir()
	p := bottest.Start(t, folder, nil)
	settings := []string{"HOINQ_DATA=" + folder, "HOINQ_LISTEN=127.0.0.1:0", "HOINQ_ADMIN_LISTEN=127.0.0.1:0"}
	if code, out := hoinq(t, settings, "serve"); code != exitFailure || !strings.Contains(out, "đã có một hoinq serve khác") {
		t.Errorf("code %d: %s", code, out)
	}
	if r := askServed(t, p, "Ba khâu đột phá của Nghị quyết là gì?"); !r.Answered {
		t.Error("the first does not answer any more")
	}
}

func TestServeSaysWhatKeepsItFromStarting(t *testing.T) {
	p := bottest.Start(t, t.TempDir(), nil)
	taken := strings.TrimPrefix(p.PublicURL, "http://")
	file := filepath.Join(t.TempDir(), "tep")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	corrupt := t.TempDir()
	if err := os.MkdirAll(filepath.Join(corrupt, "corpus"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(corrupt, "corpus", "CURRENT"), []byte("../../etc/passwd"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name     string
		settings []string
		code     int
		want     string
	}{
		{"the address is taken", []string{"HOINQ_LISTEN=" + taken}, exitFailure, "HOINQ_LISTEN: địa chỉ này đang có chương trình khác dùng"},
		{"the other is", []string{"HOINQ_ADMIN_LISTEN=" + taken}, exitFailure, "HOINQ_ADMIN_LISTEN: địa chỉ này đang có chương trình khác dùng"},
		{"no address", []string{"HOINQ_LISTEN=192.0.2.1:1"}, exitFailure, "HOINQ_LISTEN: không mở được địa chỉ này"},
		{"the data folder is a file", []string{"HOINQ_DATA=" + file}, exitFailure, file},
		{"the documents are damaged", []string{"HOINQ_DATA=" + corrupt}, exitFailure, "CURRENT is damaged"},
		{"wrong settings", []string{"HOINQ_LISTEN=x", "HOINQ_TELEGRAM_MODE=y"}, exitUsage, "HOINQ_TELEGRAM_MODE"},
		{"a secret twice", []string{"HOINQ_TELEGRAM_TOKEN=1:s3cret", "HOINQ_TELEGRAM_TOKEN_FILE=" + file}, exitUsage, "hãy chỉ giữ một"},
		{"a secret's file is missing", []string{"HOINQ_TELEGRAM_TOKEN_FILE=" + file + "x"}, exitUsage, "HOINQ_TELEGRAM_TOKEN_FILE: "},
		{"a token of another shape", []string{"HOINQ_TELEGRAM_TOKEN=s3cret"}, exitUsage, "HOINQ_TELEGRAM_TOKEN"},
		{"a secret of another shape", []string{"HOINQ_TELEGRAM_TOKEN=1:a", "HOINQ_TELEGRAM_SECRET=s3cret!"}, exitUsage, "HOINQ_TELEGRAM_SECRET"},
		{"a short hash key", []string{"HOINQ_HASH_KEY=s3cret"}, exitUsage, "HOINQ_HASH_KEY"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			settings := append([]string{"HOINQ_DATA=" + t.TempDir(), "HOINQ_LISTEN=127.0.0.1:0", "HOINQ_ADMIN_LISTEN=127.0.0.1:0"}, tc.settings...)
			code, out := hoinq(t, settings, "serve")
			if code != tc.code || !strings.Contains(out, tc.want) || strings.Contains(out, "s3cret") {
				t.Errorf("code %d: %s", code, out)
			}
		})
	}
}

func TestAnUnprotectedChannelStaysOffAndSaysSo(t *testing.T) {
	p := bottest.Start(t, t.TempDir(), []string{"HOINQ_TELEGRAM_TOKEN=1:a", "HOINQ_TELEGRAM_MODE=webhook"})
	if status, _ := fetch(t, http.MethodPost, p.PublicURL+"/webhooks/telegram", `{"update_id":1}`); status != http.StatusNotFound && status != http.StatusMethodNotAllowed {
		t.Errorf("the webhook answers %d", status)
	}
	if !strings.Contains(p.Log(), "HOINQ_TELEGRAM_SECRET") {
		t.Errorf("the log:\n%s", p.Log())
	}
}

func TestThePseudonymKeyIsMadeOnceForItsOwnerAlone(t *testing.T) {
	folder := t.TempDir()
	p := bottest.Start(t, folder, nil)
	p.Terminate(t)
	path := filepath.Join(folder, hashKeyFile)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 || len(before) != 64 {
		t.Errorf("key of %d characters, %v, %v", len(before), info.Mode(), err)
	}
	p = p.Restart(t)
	p.Terminate(t)
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the key changed: %v", err)
	}
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	settings := []string{"HOINQ_DATA=" + folder, "HOINQ_LISTEN=127.0.0.1:0", "HOINQ_ADMIN_LISTEN=127.0.0.1:0"}
	if code, out := hoinq(t, settings, "serve"); code != exitFailure || !strings.Contains(out, path) {
		t.Errorf("a damaged key: code %d: %s", code, out)
	}
}

func TestDoctorNamesWhatAChannelLacks(t *testing.T) {
	vendor := bottest.NewTelegram(t, "987654:Thu-Bac-Si", "Bi-Mat")
	settings := append(vendor.PollingSettings(), "HOINQ_DATA="+t.TempDir(), "HOINQ_LISTEN=127.0.0.1:0", "HOINQ_ADMIN_LISTEN=127.0.0.1:0")
	if code, out := hoinq(t, settings, "doctor"); code != 0 || !strings.Contains(out, "ổn       kênh Telegram: @") {
		t.Errorf("code %d:\n%s", code, out)
	}
	if code, out := hoinq(t, append(settings, "HOINQ_TELEGRAM_MODE=webhook", "HOINQ_TELEGRAM_SECRET="), "doctor"); code != exitFailure || !strings.Contains(out, "HOINQ_TELEGRAM_SECRET chưa đặt") {
		t.Errorf("without a secret: code %d:\n%s", code, out)
	}
	if code, out := hoinq(t, append(settings, "HOINQ_TELEGRAM_TOKEN=987654:Khac"), "doctor"); code != exitFailure || strings.Contains(out, "Khac") {
		t.Errorf("with a token that the vendor does not know: code %d:\n%s", code, out)
	}
	p := bottest.Start(t, t.TempDir(), nil)
	running := []string{"HOINQ_DATA=" + t.TempDir(), "HOINQ_LISTEN=" + strings.TrimPrefix(p.PublicURL, "http://"), "HOINQ_ADMIN_LISTEN=" + strings.TrimPrefix(p.AdminURL, "http://")}
	if code, out := hoinq(t, running, "doctor"); code != 0 {
		t.Errorf("beside a running serve: code %d:\n%s", code, out)
	}
	if code, out := hoinq(t, []string{"HOINQ_DATA=" + t.TempDir(), "HOINQ_LISTEN=" + strings.TrimPrefix(p.PublicURL, "http://")}, "doctor"); code != exitFailure || !strings.Contains(out, "địa chỉ") {
		t.Errorf("beside another program: code %d:\n%s", code, out)
	}
}
