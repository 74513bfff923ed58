package retrieval

import (
	"errors"
	"syscall"
	"testing"

	"github.com/hoinq/hoinq/internal/requiretest"
)

func TestAFolderThatCannotBeWrittenToIsStillRead(t *testing.T) {
	requiretest.Root(t)
	dir := t.TempDir()
	mount := func(flags uintptr) {
		t.Helper()
		if err := syscall.Mount("tmpfs", dir, "tmpfs", flags, "size=64m"); err != nil {
			t.Fatalf("mount: %v", err)
		}
	}
	mount(0)
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	f := OpenFolder(dir)
	ix := index(t, inventedLibrary(t, LeastSaved))
	save(t, f, ix)
	mount(syscall.MS_REMOUNT | syscall.MS_RDONLY)
	load(t, f, ix.Library())
	other := index(t, inventedLibrary(t, LeastSaved+1))
	notSaved(t, "another index", f, other.Library(), Options{})
	if err := f.Save(t.Context(), other); !errors.Is(err, syscall.EROFS) {
		t.Errorf("Save: %v, want that it is read-only", err)
	}
	load(t, f, ix.Library())
}
