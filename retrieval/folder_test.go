package retrieval

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/retrieval/vector"
)

// savedIndex is an index of as few passages as are saved, in a folder.
func savedIndex(t *testing.T) (*Folder, *Index) {
	t.Helper()
	ix := index(t, inventedLibrary(t, LeastSaved))
	f := OpenFolder(filepath.Join(t.TempDir(), "data", "index"))
	save(t, f, ix)
	return f, ix
}

func save(t *testing.T, f *Folder, ix *Index) {
	t.Helper()
	if err := f.Save(t.Context(), ix); err != nil {
		t.Fatalf("Save: %v", err)
	}
}

func load(t *testing.T, f *Folder, library *corpus.Library) *Index {
	t.Helper()
	ix, err := f.Load(t.Context(), library, Options{})
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	return ix
}

func notSaved(t *testing.T, what string, f *Folder, library *corpus.Library, opt Options) {
	t.Helper()
	if _, err := f.Load(t.Context(), library, opt); !errors.Is(err, ErrNotSaved) {
		t.Errorf("%s: %v, want %v", what, err, ErrNotSaved)
	}
}

// inside are the names in a folder, in order.
func inside(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestASavedIndexIsLoadedAndAnswersAlike(t *testing.T) {
	f, ix := savedIndex(t)
	sameResults(t, load(t, f, ix.Library()), ix, inventedQuestions(ix.Library(), 60))
	sameResults(t, load(t, f, inventedLibrary(t, LeastSaved)), ix, inventedQuestions(ix.Library(), 10))
	want := []string{"LOCK", fingerprint(ix.library, ix.lexicon, ix.options)}
	slices.Sort(want)
	got := inside(t, f.dir)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("the folder holds %q, want %q", got, want)
	}
}

func TestASmallIndexIsNotSaved(t *testing.T) {
	f := OpenFolder(filepath.Join(t.TempDir(), "index"))
	ix := index(t, inventedLibrary(t, LeastSaved-1))
	save(t, f, ix)
	notSaved(t, "a small index", f, ix.Library(), Options{})
	if _, err := os.Stat(f.dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder: %v, want none to be made", err)
	}
}

func TestAnIndexOfSomethingElseIsNotLoaded(t *testing.T) {
	f, ix := savedIndex(t)
	e := ix.Library().InForce()[0]
	changed := func(change func(*corpus.Edition)) *corpus.Library {
		other := *e
		other.Passages = slices.Clone(e.Passages)
		change(&other)
		return corpus.NewLibrary(&other)
	}
	for what, library := range map[string]*corpus.Library{
		"another text":                       inventedLibrary(t, LeastSaved+1),
		"another edition":                    changed(func(e *corpus.Edition) { e.ID = "00000000" }),
		"another digest":                     changed(func(e *corpus.Edition) { e.Digest = strings.Repeat("0", 64) }),
		"another title":                      changed(func(e *corpus.Edition) { e.Document.Title += " (sửa)" }),
		"another term":                       changed(func(e *corpus.Edition) { e.Document.Term = "2025-2030" }),
		"another kind":                       changed(func(e *corpus.Edition) { e.Document.Kind = corpus.KindPlan }),
		"another document":                   corpus.NewLibrary(e.WithID("khac")),
		"a passage that is cut otherwise":    changed(func(e *corpus.Edition) { e.Passages[5].End-- }),
		"a passage that stands elsewhere":    changed(func(e *corpus.Edition) { e.Passages[7].Parent = 0 }),
		"a passage with another mark":        changed(func(e *corpus.Edition) { e.Passages[7].Mark++ }),
		"a passage of another kind":          changed(func(e *corpus.Edition) { e.Passages[7].Kind = corpus.PassageCaption }),
		"one document more":                  corpus.NewLibrary(e, edition(t, "tin", "# Tin\n\nMột.\n")),
		"a passage more, and one other less": changed(func(e *corpus.Edition) { e.Passages = append(e.Passages[:len(e.Passages)-1], e.Passages[3]) }),
	} {
		notSaved(t, what, f, library, Options{})
	}
	other := vector.Local()
	other.Model = "local-hash/0"
	notSaved(t, "another model", f, ix.Library(), Options{Embedder: other})
	notSaved(t, "without a part", f, ix.Library(), Options{Without: []Part{PartPairs}})
	notSaved(t, "with wholes", f, ix.Library(), Options{Wholes: true})
	load(t, f, changed(func(e *corpus.Edition) { e.Validity.From, e.Document.Issuer = "2020-10-16", "Tỉnh ủy" }))
}

func TestDamageIsSaidAndMended(t *testing.T) {
	f, ix := savedIndex(t)
	folder := f.path(fingerprint(ix.library, ix.lexicon, ix.options))
	change := func(file string, change func([]byte) []byte) func() error {
		return func() error {
			data, err := os.ReadFile(filepath.Join(folder, file))
			if err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(folder, file), change(slices.Clone(data)), 0o644)
		}
	}
	type damage struct {
		name string
		do   func() error
	}
	damages := []damage{{"an empty folder", func() error { return errors.Join(os.RemoveAll(folder), os.Mkdir(folder, 0o755)) }}}
	for _, file := range []string{manifestFile, passagesFile, vectorsFile} {
		damages = append(damages,
			damage{file + " is missing", func() error { return os.Remove(filepath.Join(folder, file)) }},
			damage{file + " is empty", change(file, func(data []byte) []byte { return nil })},
			damage{file + " is cut off", change(file, func(data []byte) []byte { return data[:len(data)-7] })},
			damage{file + " has other bytes behind", change(file, func(data []byte) []byte { return append(data, "abc"...) })},
		)
		for _, at := range []int{0, 30, 50, 97} {
			damages = append(damages, damage{file + " has a wrong bit", change(file, func(data []byte) []byte {
				data[len(data)*at/100] ^= 0x40
				return data
			})})
		}
	}
	// And what a checksum does not notice, because it was written that way.
	forged := func(edit func(m *manifest, passages, vectors *[]byte)) func() error {
		return func() error {
			var m manifest
			parts := [3][]byte{}
			for i, file := range []string{manifestFile, passagesFile, vectorsFile} {
				data, err := os.ReadFile(filepath.Join(folder, file))
				if err != nil {
					return err
				}
				parts[i] = data
			}
			if err := json.Unmarshal(parts[0], &m); err != nil {
				return err
			}
			edit(&m, &parts[1], &parts[2])
			m.Passages, m.Vectors = sizeOf(parts[1]), sizeOf(parts[2])
			data, err := json.Marshal(m)
			return errors.Join(err,
				os.WriteFile(filepath.Join(folder, manifestFile), data, 0o644),
				os.WriteFile(filepath.Join(folder, passagesFile), parts[1], 0o644),
				os.WriteFile(filepath.Join(folder, vectorsFile), parts[2], 0o644))
		}
	}
	small := reloaded(t, index(t, madeLibrary(t)))
	smallVectors, err := small.exportVectors()
	if err != nil {
		t.Fatal(err)
	}
	damages = append(damages,
		damage{"another format", forged(func(m *manifest, _, _ *[]byte) { m.Format++ })},
		damage{"another fingerprint", forged(func(m *manifest, _, _ *[]byte) { m.Fingerprint = "0123456789abcdef" })},
		damage{"passages of another index", forged(func(_ *manifest, passages, _ *[]byte) { *passages = small.packPassages() })},
		damage{"passages that do not begin so", forged(func(_ *manifest, passages, _ *[]byte) { (*passages)[3] = 'X' })},
		damage{"no passages", forged(func(_ *manifest, passages, _ *[]byte) { *passages = nil })},
		damage{"vectors of another index", forged(func(_ *manifest, _, vectors *[]byte) { *vectors = smallVectors })},
		damage{"vectors that are none", forged(func(_ *manifest, _, vectors *[]byte) { *vectors = []byte("not a gob") })},
		damage{"no vectors", forged(func(_ *manifest, _, vectors *[]byte) { *vectors = nil })},
	)
	for _, d := range damages {
		if err := d.do(); err != nil {
			t.Fatalf("%s: %v", d.name, err)
		}
		if _, err := f.Load(t.Context(), ix.Library(), Options{}); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v, want %v", d.name, err, ErrDamaged)
		}
		save(t, f, ix)
		load(t, f, ix.Library())
	}
	sameResults(t, load(t, f, ix.Library()), ix, inventedQuestions(ix.Library(), 10))
}

func TestTheFolderMayBeDeletedAtAnyTime(t *testing.T) {
	f, ix := savedIndex(t)
	if err := os.RemoveAll(f.dir); err != nil {
		t.Fatal(err)
	}
	notSaved(t, "no folder", f, ix.Library(), Options{})
	save(t, f, ix)
	load(t, f, ix.Library())
}

func TestWhatAnInterruptedWriterLeftIsRemoved(t *testing.T) {
	f, ix := savedIndex(t)
	for _, left := range []string{tempIndex, tempOld} {
		if err := os.MkdirAll(f.path(left, "deep"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	load(t, f, ix.Library())
	save(t, f, ix)
	if got := inside(t, f.dir); len(got) != 2 {
		t.Errorf("the folder holds %q, want the lock and the index", got)
	}
}

func TestTheNewestIndexesAreKept(t *testing.T) {
	f, ix := savedIndex(t)
	first := f.path(fingerprint(ix.library, ix.lexicon, ix.options))
	long := time.Now().Add(-time.Hour)
	if err := os.Chtimes(first, long, long); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(f.path("notes of a clerk"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	second := index(t, inventedLibrary(t, LeastSaved+1))
	save(t, f, second)
	load(t, f, ix.Library())
	third := index(t, inventedLibrary(t, LeastSaved+2))
	save(t, f, third)
	notSaved(t, "the oldest", f, ix.Library(), Options{})
	load(t, f, second.Library())
	load(t, f, third.Library())
	if got := inside(t, f.dir); !slices.Contains(got, "notes of a clerk") || len(got) != 4 {
		t.Errorf("the folder holds %q, want the lock, two indexes and what is not ours", got)
	}
}

func TestWhoeverWritesAtTheSameTimeLeavesAWholeIndex(t *testing.T) {
	f, ix := savedIndex(t)
	other := index(t, inventedLibrary(t, LeastSaved+1))
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			mine := []*Index{ix, other}[n%2]
			f := OpenFolder(f.dir)
			for range 4 {
				if err := f.Save(t.Context(), mine); err != nil {
					t.Errorf("Save: %v", err)
				}
				if _, err := f.Load(t.Context(), mine.Library(), Options{}); err != nil && !errors.Is(err, ErrNotSaved) {
					t.Errorf("Load: %v, want an index or none", err)
				}
			}
		})
	}
	all.Wait()
	save(t, f, ix)
	sameResults(t, load(t, f, ix.Library()), ix, inventedQuestions(ix.Library(), 5))
	for _, name := range inside(t, f.dir) {
		if strings.HasPrefix(name, ".") {
			t.Errorf("%s is left over", name)
		}
	}
}
