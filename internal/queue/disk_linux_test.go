package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hoinq/hoinq/internal/requiretest"
)

// smallDisk mounts a file system of a size, such as "4m", and returns where.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	requiretest.Root(t)
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Fatalf("mount: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func remount(t *testing.T, dir string, flags uintptr, data string) {
	t.Helper()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|flags, data); err != nil {
		t.Fatalf("remount: %v", err)
	}
}

// What does not fit is refused; what was accepted before is there after the
// disk has room again.
func TestAFullDiskLosesNothingThatWasAccepted(t *testing.T) {
	dir := smallDisk(t, "8m")
	s := open(t, dir)
	st := streamOf(t, s, StreamOptions{})
	accepted := map[string]bool{}
	var refused error
	for i := 0; refused == nil && i < 10_000; i++ {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		id := fmt.Sprint(i)
		if _, refused = st.Publish(ctx, Item{ID: id, Group: id, Data: make([]byte, 16<<10)}); refused == nil {
			accepted[id] = true
		}
		cancel()
	}
	if refused == nil || len(accepted) == 0 {
		t.Fatalf("%d items fit on a disk of 8 MB", len(accepted))
	}
	if err := s.Ready(t.Context()); !errors.Is(err, ErrNotStoring) {
		t.Errorf("Ready: %v, want ErrNotStoring", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	remount(t, dir, 0, "size=64m")
	s = open(t, dir)
	st = streamOf(t, s, StreamOptions{})
	handle, got := collect(len(accepted) + 10)
	stop := running(t, st, handle)
	for len(accepted) > 0 {
		select {
		case d := <-got:
			delete(accepted, d.ID) // the one that was refused may have been stored all the same
		case <-time.After(20 * time.Second):
			t.Fatalf("%d accepted items are lost", len(accepted))
		}
	}
	stop()
	if err := s.Ready(t.Context()); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAReadOnlyFolderIsNamed(t *testing.T) {
	dir := smallDisk(t, "1m")
	remount(t, dir, syscall.MS_RDONLY, "")
	if _, err := Open(t.Context(), slog.New(slog.DiscardHandler), dir+"/queue"); err == nil || !strings.Contains(err.Error(), dir) {
		t.Errorf("error %v, want one that names %s", err, dir)
	}
}
