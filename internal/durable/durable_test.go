package durable

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func gone(t *testing.T, path string) {
	t.Helper()
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s: %v, want it to be gone", path, err)
	}
}

func TestAFileIsReplacedAndNothingIsLeft(t *testing.T) {
	dir := t.TempDir()
	path, temp := filepath.Join(dir, "file"), filepath.Join(dir, ".tmp")
	for _, want := range []string{"first, longer", "second", ""} {
		if err := os.WriteFile(temp, []byte("what an interrupted writer left"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := ReplaceFile(temp, path, []byte(want)); err != nil {
			t.Fatal(err)
		}
		if got := read(t, path); got != want {
			t.Errorf("content %q, want %q", got, want)
		}
		gone(t, temp)
	}
}

func TestAFolderIsReplacedAndNothingIsLeft(t *testing.T) {
	dir := t.TempDir()
	path, temp, old := filepath.Join(dir, "folder"), filepath.Join(dir, ".new"), filepath.Join(dir, ".old")
	for _, name := range []string{"a", "b"} {
		if err := os.MkdirAll(temp, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := WriteFile(filepath.Join(temp, name), []byte(name)); err != nil {
			t.Fatal(err)
		}
		if err := ReplaceFolder(temp, path, old); err != nil {
			t.Fatal(err)
		}
		if got := read(t, filepath.Join(path, name)); got != name {
			t.Errorf("content %q, want %q", got, name)
		}
		gone(t, temp)
		gone(t, old)
	}
	gone(t, filepath.Join(path, "a"))
}

func TestWhatCannotBeWrittenLeavesTheOldInPlace(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	if err := WriteFile(path, []byte("old")); err != nil {
		t.Fatal(err)
	}
	if err := ReplaceFile(filepath.Join(dir, "none", ".tmp"), path, []byte("new")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v, want that there is no such folder", err)
	}
	if err := ReplaceFolder(filepath.Join(dir, "none"), path, filepath.Join(dir, ".old")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v, want that there is no such folder", err)
	}
	if got := read(t, path); got != "old" {
		t.Errorf("content %q, want the old one", got)
	}
}
