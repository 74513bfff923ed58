package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/hoinq/hoinq/internal/requiretest"
)

// A data folder may lie on a disk that nobody writes to: then every start builds
// the index, without a word, and doctor says what that costs.
func TestAReadOnlyDataFolderIsNoError(t *testing.T) {
	requiretest.Root(t)
	folder, settings := largeData(t)
	want := mustHoinq(t, settings, "ask", askLarge)
	bind := func(flags uintptr) {
		t.Helper()
		if err := syscall.Mount(folder, folder, "", syscall.MS_BIND|flags, ""); err != nil {
			t.Fatalf("mount: %v", err)
		}
	}
	if err := os.RemoveAll(filepath.Join(folder, "index")); err != nil {
		t.Fatal(err)
	}
	bind(0)
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	bind(syscall.MS_REMOUNT | syscall.MS_RDONLY)
	if got := mustHoinq(t, settings, "ask", askLarge); got != want {
		t.Errorf("said\n%s\nwant\n%s", got, want)
	}
	if _, out := hoinq(t, settings, "doctor"); !strings.Contains(out, "nên có   chỉ mục lưu sẵn") {
		t.Errorf("doctor\n%s", out)
	}
}
