package datafolder

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

func TestAFolderIsMarkedByItsFirstWriterAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "data")
	if err := Check(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Fatal("Check made the folder")
	}
	var writers sync.WaitGroup
	for range 8 {
		writers.Go(func() {
			if err := Claim(dir); err != nil {
				t.Error(err)
			}
		})
	}
	writers.Wait()
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("left in the folder: %v, %v", left, err)
	}
	if got, err := os.ReadFile(filepath.Join(dir, "VERSION")); string(got) != "1\n" || err != nil {
		t.Errorf("VERSION is %q, %v", got, err)
	}
	if err := errors.Join(Check(dir), Claim(dir)); err != nil {
		t.Error(err)
	}
}

func TestAFolderFromBeforeIsTakenOver(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "queue"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(Check(dir), Claim(dir)); err != nil {
		t.Error(err)
	}
}

func TestAFolderThatIsNotOursIsLeftAlone(t *testing.T) {
	for content, found := range map[string]int{"2\n": 2, "99": 99, "": 0, "one\n": 0, "0\n": 0, "-1\n": 0, "1\n2\n": 0, "1.5\n": 0, "99999999999999999999\n": 0} {
		dir := t.TempDir()
		path := filepath.Join(dir, "VERSION")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, err := range []error{Check(dir), Claim(dir)} {
			var version *VersionError
			if !errors.As(err, &version) || version.Found != found || version.Path != path || err.Error() == "" {
				t.Errorf("%q: %v, want version %d", content, err, found)
			}
		}
		if got, err := os.ReadFile(path); string(got) != content || err != nil {
			t.Errorf("%q became %q, %v", content, got, err)
		}
	}
}

func TestAFolderThatCannotBeReadIsAnError(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "VERSION"), 0o700); err != nil {
		t.Fatal(err)
	}
	if Check(dir) == nil || Claim(dir) == nil {
		t.Error("a folder in the place of VERSION is no error")
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if Check(file) == nil || Claim(file) == nil {
		t.Error("a file in the place of the folder is no error")
	}
}
