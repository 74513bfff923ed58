package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/hoinq/hoinq/bot/bottest"
)

// The file that names the documents in force is a pipe, which is read when the
// test lets it.
func TestNotReadyUntilTheDocumentsAreAndWhatComesBeforeIsKept(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(t.TempDir(), "ke-hoach.md")
	if err := os.WriteFile(file, []byte("# Kế hoạch trồng đước xã Cồn Sò\n\nXã trồng 12 ha đước trong năm 2027.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	mustDo(t, []string{"HOINQ_DATA=" + folder}, "ingest", file)
	current := filepath.Join(folder, "corpus", "CURRENT")
	names, err := os.ReadFile(current)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(current, current+".real"); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(current, 0o600); err != nil {
		t.Fatal(err)
	}
	vendor := bottest.NewTelegram(t, "987654:Thu-San-Sang", "Bi-Mat")
	p := bottest.Launch(t, folder, vendor.Settings())
	pipe, err := os.OpenFile(current, os.O_WRONLY, 0) // returns when the program reads
	if err != nil {
		t.Fatal(err)
	}
	defer pipe.Close() //nolint:errcheck // closed below, unless the test has failed
	for _, base := range []string{p.PublicURL, p.AdminURL} {
		if status, _ := fetch(t, http.MethodGet, base+"/readyz", ""); status != http.StatusServiceUnavailable {
			t.Errorf("%s/readyz before the documents are read: %d", base, status)
		}
		if status, _ := fetch(t, http.MethodGet, base+"/healthz", ""); status != http.StatusOK {
			t.Errorf("%s/healthz before the documents are read: %d", base, status)
		}
	}
	ask(t, p, vendor, 1, 1, "Xã trồng bao nhiêu ha đước?")
	if n := len(vendor.Messages(1)); n != 0 {
		t.Errorf("%d messages before the documents are read", n)
	}
	if err := os.Rename(current+".real", current); err != nil {
		t.Fatal(err)
	}
	if _, err := pipe.Write(names); err != nil {
		t.Fatal(err)
	}
	if err := pipe.Close(); err != nil {
		t.Fatal(err)
	}
	p.WaitReady(t)
	if got := waitFor(t, vendor, 1, 1); !strings.Contains(got[0].Words, "12 ha") {
		t.Errorf("answered:\n%s", got[0].Words)
	}
}
