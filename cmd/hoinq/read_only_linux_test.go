package main

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/hoinq/hoinq/bot/bottest"
	"github.com/hoinq/hoinq/internal/requiretest"
)

// mounted mounts a small file system on a new folder until the test ends.
func mounted(t *testing.T) (folder string) {
	t.Helper()
	requiretest.Root(t)
	folder = t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=12m"); err != nil {
		t.Fatalf("mount: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return folder
}

func TestAReadOnlyFolderIsSaidAtTheStart(t *testing.T) {
	for name, before := range map[string]func(folder string){
		"a new one": func(string) {},
		"one that was in use": func(folder string) {
			if code, _ := bottest.Start(t, folder, nil).Terminate(t); code != 0 {
				t.Fatalf("ended with code %d", code)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			folder := mounted(t)
			before(folder)
			if err := syscall.Mount("", folder, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
				t.Fatalf("remount: %v", err)
			}
			settings := []string{"HOINQ_DATA=" + folder, "HOINQ_LISTEN=127.0.0.1:0", "HOINQ_ADMIN_LISTEN=127.0.0.1:0"}
			for _, command := range []string{"serve", "doctor"} {
				code, out := hoinq(t, settings, command)
				if code != exitFailure || !strings.Contains(out, folder) || !strings.Contains(out, "chỉ đọc được, không ghi được; hãy") {
					t.Errorf("%s: code %d: %s", command, code, out)
				}
			}
			if code, out := hoinq(t, settings, "ask", "Ba khâu đột phá của Nghị quyết là gì?"); code != 0 {
				t.Errorf("ask: code %d: %s", code, out)
			}
		})
	}
}

// disk is a file system in a file, which fails as a disk does: from one moment
// to the next the kernel lets nobody write to it any more.
type disk struct{ image, folder string }

func newDisk(t *testing.T) *disk {
	t.Helper()
	mkfs := requiretest.Program(t, "mkfs.ext4")
	requiretest.LoopDevice(t)
	d := &disk{image: filepath.Join(t.TempDir(), "image"), folder: t.TempDir()}
	if err := os.WriteFile(d.image, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(d.image, 64<<20); err != nil {
		t.Fatal(err)
	}
	execute(t, mkfs, "-q", d.image)
	d.mount(t)
	t.Cleanup(func() {
		if err := syscall.Unmount(d.folder, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return d
}

func execute(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

func (d *disk) mount(t *testing.T) {
	t.Helper()
	execute(t, "mount", "-o", "loop", d.image, d.folder)
}

// fail has the kernel do what it does when the disk under it fails.
func (d *disk) fail(t *testing.T) {
	t.Helper()
	execute(t, "mount", "-o", "remount,abort", d.folder)
}

// repair has the disk checked and mounted again. Nobody may use it.
func (d *disk) repair(t *testing.T) {
	t.Helper()
	execute(t, "umount", d.folder)
	// Code 1 says that it has mended something, which it has.
	_ = exec.CommandContext(t.Context(), "fsck.ext4", "-p", d.image).Run()
	d.mount(t)
}

// The disk becomes read-only while the program runs: it says so, refuses what
// it cannot store, and what it had accepted is answered when the disk is well.
func TestADiskThatBecomesReadOnlyLosesNothing(t *testing.T) {
	d := newDisk(t)
	vendor := bottest.NewTelegram(t, "987654:Thu-Dia-Hong", "Bi-Mat")
	p := bottest.Start(t, d.folder, vendor.Settings())
	id := 0
	deliver := func() int {
		id++
		return vendor.Deliver(t, p.PublicURL, bottest.Incoming{Conversation: id, ID: id, Text: "Ba khâu đột phá của Nghị quyết là gì?"})
	}
	var accepted []int
	for range 20 {
		vendor.Trouble(id+1, bottest.Fail) // so that it has something left to do
		if status := deliver(); status == http.StatusOK {
			accepted = append(accepted, id)
		}
	}
	d.fail(t)
	for range 5 {
		switch status := deliver(); status {
		case http.StatusServiceUnavailable:
		case http.StatusOK:
			accepted = append(accepted, id)
			t.Errorf("a read-only disk takes message %d in", id)
		default:
			t.Errorf("status %d, want 503", status)
		}
	}
	if status, _ := fetch(t, http.MethodGet, p.PublicURL+"/readyz", ""); status != http.StatusServiceUnavailable {
		t.Errorf("ready on a read-only disk: %d", status)
	}
	if r := askServed(t, p, "Ba khâu đột phá của Nghị quyết là gì?"); !r.Answered {
		t.Error("the page does not answer any more, though it stores nothing")
	}
	p.WaitLog(t, "chỉ đọc được, không ghi được; hãy")
	if code, _ := p.Terminate(t); code != 0 {
		t.Errorf("ended with code %d:\n%s", code, p.Log())
	}
	d.repair(t)
	p = p.Restart(t)
	for _, conversation := range accepted {
		bottest.Wait(t, vendor, "what was accepted is answered", func() bool { return len(vendor.Messages(conversation)) > 0 })
	}
	p.Terminate(t)
}
