// Package datafolder keeps the version of a data folder: what is laid out in
// it, and how, so that no program reads half of a folder that it does not
// understand. The version is one line, "1\n", in the file VERSION.
//
// Whoever opens anything in the folder asks first: [Check] to read, [Claim] to
// write. What the folder holds is none of this package's business.
package datafolder

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/hoinq/hoinq/internal/durable"
)

// Version is the version that this program reads and writes. When it rises,
// Claim is the place to migrate older folders, and Check the place to refuse
// those that were not; a folder without the file, but with anything else in it,
// is then one of version 1.
const Version = 1

const file = "VERSION"

// VersionError says that a data folder is not one for this program.
type VersionError struct {
	// Path is the file that holds the version.
	Path string
	// Found is the version, newer than [Version]; 0 when the file is damaged.
	Found int
}

func (e *VersionError) Error() string {
	if e.Found == 0 {
		return fmt.Sprintf("%s is damaged: restore it from a backup, or with the content \"%d\"", e.Path, Version)
	}
	return fmt.Sprintf("%s has version %d, this hoinq knows %d: use a newer hoinq", e.Path, e.Found, Version)
}

// Check reads the version of a folder. It fails with a [VersionError] when the
// folder may not be touched, and with that of the system when it cannot be
// read. A folder without a version is new, or from before there were any.
func Check(dir string) error {
	_, err := read(dir)
	return err
}

// Claim is Check for whoever goes on to write: it marks the folder, which it
// makes if need be, with the version. Any number of programs may claim a
// folder at the same time.
func Claim(dir string) error {
	marked, err := read(dir)
	if marked || err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make data folder: %w", err)
	}
	temp := filepath.Join(dir, "."+file+"-"+rand.Text())
	if err := durable.ReplaceFile(temp, filepath.Join(dir, file), fmt.Appendln(nil, Version)); err != nil {
		_ = os.Remove(temp) // if it can be: the first error says what is wrong
		return fmt.Errorf("mark data folder with its version: %w", err)
	}
	return nil
}

// read reports whether a folder is marked, with a version that is known here.
func read(dir string) (marked bool, err error) {
	path := filepath.Join(dir, file)
	content, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("read version of data folder: %w", err)
	}
	found, err := strconv.Atoi(strings.TrimSpace(string(content)))
	switch {
	case err != nil || found < 1:
		return false, &VersionError{Path: path}
	case found > Version:
		return false, &VersionError{Path: path, Found: found}
	}
	return true, nil
}
