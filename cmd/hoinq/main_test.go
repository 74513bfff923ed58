package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"hoinq": main})
}

// TestScripts runs the program as a process, the way people do.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			// Files that a text archive cannot hold.
			for name, data := range map[string]string{
				"binary.txt": "PK\x03\x04\x00\x00",
				"latin.txt":  "Ngh\xe9 quy\xe9t",
				"utf16.txt":  "\xff\xfeN\x00g\x00",
				"empty.md":   "",
				"nfd.txt":    "Hô\u0323i nghi\u0323 co\u0301 ba nho\u0301m.\n",
			} {
				if err := os.WriteFile(filepath.Join(env.WorkDir, name), []byte(data), 0o600); err != nil {
					return err
				}
			}
			return nil
		},
	})
}
