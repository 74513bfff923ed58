// Package durable writes files and folders that are whole or not there at all,
// also after the power failed.
//
// Everything is written under another name first, made safe on disk and then
// renamed. The package knows no format and takes no lock: that only one writes
// under a temporary name at a time is for the caller to see to. Errors are those
// of package os, which name the path.
package durable

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// ReplaceFile gives path the content data, in one step for every reader: the
// bytes are safe on disk under the name temp before they take the place of
// what stood at path. Both names must lie in one file system.
func ReplaceFile(temp, path string, data []byte) error {
	if err := WriteFile(temp, data); err != nil {
		return err
	}
	if err := rename(temp, path); err != nil {
		return err
	}
	return SyncFolder(filepath.Dir(path))
}

// ReplaceFolder puts the folder temp, whose files are already safe on disk, in
// the place of path. A folder that stood at path is moved aside to old first,
// because no system replaces a folder that is not empty, and then removed.
func ReplaceFolder(temp, path, old string) error {
	if err := SyncFolder(temp); err != nil {
		return err
	}
	if err := rename(path, old); !settled(err) {
		return err
	}
	if err := rename(temp, path); err != nil {
		return err
	}
	if err := SyncFolder(filepath.Dir(path)); err != nil {
		return err
	}
	return os.RemoveAll(old)
}

// WriteFile writes data to path and returns when it is safe on disk.
func WriteFile(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}

// SyncFolder makes the names in a folder safe on disk. Windows has no such
// call for folders and does it by itself.
func SyncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	err = f.Sync()
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}

// rename is os.Rename with patience on Windows, where it is refused for the
// moment in which a reader or a virus scanner holds one of the files open.
func rename(from, to string) error {
	err := os.Rename(from, to)
	for wait := time.Millisecond; runtime.GOOS == "windows" && !settled(err) && wait < time.Second; wait *= 2 {
		time.Sleep(wait)
		err = os.Rename(from, to)
	}
	return err
}

// settled reports whether another attempt would end like the one that gave err.
func settled(err error) bool { return err == nil || errors.Is(err, fs.ErrNotExist) }
