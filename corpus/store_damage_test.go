package corpus

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDamageIsRefusedWithARemedy(t *testing.T) {
	for _, tc := range []struct {
		name   string
		damage func(t *testing.T, s *Store, folder string)
		want   []string // parts of the error
	}{
		{"a flipped bit in the text", func(t *testing.T, _ *Store, folder string) {
			alter(t, filepath.Join(folder, "text.txt"), func(b []byte) []byte { b[0] ^= 1; return b })
		}, []string{"text.txt", "and ingest it again"}},
		{"a missing text", func(t *testing.T, _ *Store, folder string) {
			remove(t, filepath.Join(folder, "text.txt"))
		}, []string{"text.txt", "and ingest it again"}},
		{"a truncated edition.json", func(t *testing.T, _ *Store, folder string) {
			alter(t, filepath.Join(folder, "edition.json"), func(b []byte) []byte { return b[:len(b)/2] })
		}, []string{"edition.json", "remove the document \"d\""}},
		{"a changed edition.json", func(t *testing.T, _ *Store, folder string) {
			alter(t, filepath.Join(folder, "edition.json"), func(b []byte) []byte { return append(b, ' ') })
		}, []string{"edition.json", "remove the document \"d\""}},
		{"a folder in place of a file", func(t *testing.T, _ *Store, folder string) {
			remove(t, filepath.Join(folder, "text.txt"))
			write(t, filepath.Join(folder, "text.txt", "x"), "")
		}, []string{"text.txt", `edition "ca978112" of document "d"`}},
		{"a missing edition", func(t *testing.T, _ *Store, folder string) {
			remove(t, folder)
		}, []string{"edition.json", "and ingest it again"}},
		{"garbage in CURRENT", func(t *testing.T, s *Store, _ string) {
			write(t, s.path("CURRENT"), "\x00\xff")
		}, []string{"CURRENT is damaged", "sets"}},
		{"an empty CURRENT", func(t *testing.T, s *Store, _ string) {
			write(t, s.path("CURRENT"), "")
		}, []string{"CURRENT is damaged", "sets"}},
		{"a path in CURRENT", func(t *testing.T, s *Store, _ string) {
			write(t, s.path("CURRENT"), "../../0123456789abcdef.json")
		}, []string{"CURRENT is damaged", "sets"}},
		{"a missing set", func(t *testing.T, s *Store, _ string) {
			remove(t, s.path("sets"))
		}, []string{"sets", "CURRENT"}},
		{"a changed set", func(t *testing.T, s *Store, _ string) {
			alter(t, s.path("sets", current(t, s)), func(b []byte) []byte { return b[:len(b)-1] })
		}, []string{"sets", "CURRENT"}},
		{"a set that is not JSON", func(t *testing.T, s *Store, _ string) {
			forge(t, s, "editions")
		}, []string{"sets", "CURRENT"}},
		{"a set with a folder elsewhere", func(t *testing.T, s *Store, folder string) {
			forge(t, s, `{"editions":[{"document":"d","edition":"ca978112","folder":"../d/`+filepath.Base(folder)+`"}]}`)
		}, []string{"sets", "CURRENT"}},
		{"a set with a document elsewhere", func(t *testing.T, s *Store, folder string) {
			forge(t, s, `{"editions":[{"document":"../corpus/d","edition":"ca978112","folder":"`+filepath.Base(folder)+`"}]}`)
		}, []string{"sets", "CURRENT"}},
		{"an edition under another document", func(t *testing.T, s *Store, folder string) {
			move(t, folder, s.path("e", filepath.Base(folder)))
			forge(t, s, `{"editions":[{"document":"e","edition":"ca978112","folder":"`+filepath.Base(folder)+`"}]}`)
		}, []string{"edition.json", "remove the document \"e\""}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			store, folder := damagedStore(t, tc.damage)
			_, err := store.Load(t.Context())
			if err == nil {
				t.Fatalf("Load of damaged edition %s: no error", folder)
			}
			for _, part := range tc.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error %q does not say %q", err, part)
				}
			}
		})
	}
}

func TestTheRemediesForADamagedEditionWork(t *testing.T) {
	flip := func(t *testing.T, _ *Store, folder string) {
		alter(t, filepath.Join(folder, "text.txt"), func(b []byte) []byte { b[0] ^= 1; return b })
	}
	t.Run("ingesting the same file again", func(t *testing.T) {
		store, _ := damagedStore(t, flip)
		put(t, store, makeEdition("d", "a"))
		if diff := cmp.Diff(texts(load(t, store)), []string{"a"}); diff != "" {
			t.Errorf("editions (-got +want):\n%s", diff)
		}
		noTemps(t, store)
	})
	t.Run("removing the document", func(t *testing.T) {
		store, _ := damagedStore(t, flip)
		if err := store.Put(t.Context(), makeEdition("d", "b")); err == nil || !strings.Contains(err.Error(), "remove the document") {
			t.Errorf("Put beside a damaged edition: %v, want the remedy", err)
		}
		if err := store.Remove(t.Context(), "d"); err != nil {
			t.Fatal(err)
		}
		if got := texts(load(t, store)); len(got) > 0 {
			t.Errorf("after Remove: %q", got)
		}
	})
}

// damagedStore is a store with one edition, text "a" of document d, to which
// the damage was done.
func damagedStore(t *testing.T, damage func(t *testing.T, s *Store, folder string)) (s *Store, folder string) {
	t.Helper()
	s = OpenStore(t.TempDir())
	put(t, s, makeEdition("d", "a"))
	folder = s.path("d", names(t, s.path("d"))[0])
	if damage != nil {
		damage(t, s, folder)
	}
	return s, folder
}

// forge puts a set of any content in force.
func forge(t *testing.T, s *Store, content string) {
	t.Helper()
	name := nameOf([]byte(content))
	write(t, s.path("sets", name), content)
	write(t, s.path("CURRENT"), name)
}

func alter(t *testing.T, path string, change func([]byte) []byte) {
	t.Helper()
	data, err := os.ReadFile(path)
	must(t, err)
	write(t, path, string(change(data)))
}
