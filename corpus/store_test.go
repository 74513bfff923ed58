package corpus

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gofrs/flock"
	"github.com/google/go-cmp/cmp"
)

func TestStoreGivesBackWhatWasPut(t *testing.T) {
	full := makeEdition("ke-hoach", "Kế hoạch <A> & B\n\nĐiều 1. Mục tiêu.\n")
	full.Document.Kind = KindPlan
	full.Document.Sources = []string{"https://example.org/?a=1&b=2", "công báo"}
	full.Document.Questions = []string{}
	full.Validity = Validity{Status: InForce, From: "2024-01-02"}
	full.Source = Source{File: "ke-hoach.md", Reader: "markdown/1"}
	full.Pages = []PageSpan{{Number: 1, Span: Span{Start: 0, End: 10}}}
	full.Quality = Quality{Method: MethodOCR, Confidence: 0.97, Warnings: []string{"mờ"}}
	full.Passages = []Passage{{
		ID: NewPassageID("ke-hoach", full.ID, "1"), Place: "1", Location: "Điều 1", Kind: PassageItem,
		Parent: -1, Span: Span{Start: 3, End: 9}, Header: Span{Start: 1, End: 2}, Links: []string{"https://example.org/"},
	}}
	bare := &Edition{Document: Document{ID: "bao-cao"}}
	bare.Digest, bare.ID = DigestOf("")

	store := OpenStore(filepath.Join(t.TempDir(), "made", "by", "put"))
	put(t, store, full, bare)
	if diff := cmp.Diff(load(t, store).All(), []*Edition{bare, full}); diff != "" {
		t.Errorf("loaded and put editions differ (-got +want):\n%s", diff)
	}
}

func TestPutDecidesWhichEditionIsInForce(t *testing.T) {
	a, b, c := makeEdition("d", "a"), makeEdition("d", "b"), makeEdition("d", "c")
	for _, tc := range []struct {
		name string
		puts [][]*Edition
		want []string // text and status of all editions
	}{
		{"the first edition is in force", [][]*Edition{{a}}, []string{"a"}},
		{"a new edition replaces the one in force", [][]*Edition{{a}, {b}}, []string{"b", "a replaced"}},
		{"of two put at once the last is in force", [][]*Edition{{a, b}}, []string{"b", "a replaced"}},
		{"newer editions stand before older", [][]*Edition{{a}, {b}, {c}}, []string{"c", "b replaced", "a replaced"}},
		{"an old edition comes back", [][]*Edition{{a}, {b}, {c}, {a}}, []string{"a", "c replaced", "b replaced"}},
		{"an expired edition stays expired", [][]*Edition{{with(a, Expired)}, {b}}, []string{"b", "a expired"}},
		{"an edition stated to be in force is replaced", [][]*Edition{{with(a, InForce)}, {b}}, []string{"b", "a replaced"}},
		{"an expired edition replaces nothing", [][]*Edition{{a}, {with(b, Expired)}}, []string{"a", "b expired"}},
		{"an edition expires", [][]*Edition{{a}, {b}, {with(b, Expired)}}, []string{"b expired", "a replaced"}},
		{"no edition changes nothing", [][]*Edition{{a}, {}}, []string{"a"}},
		{"other documents are left alone", [][]*Edition{{a}, {makeEdition("e", "x")}, {makeEdition("c", "y")}}, []string{"y", "a", "x"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			store := OpenStore(t.TempDir())
			for _, editions := range tc.puts {
				put(t, store, editions...)
			}
			if diff := cmp.Diff(texts(load(t, store)), tc.want); diff != "" {
				t.Errorf("editions (-got +want):\n%s", diff)
			}
		})
	}
	if a.Validity.Status != "" || b.Validity.Status != "" {
		t.Error("Put changed the editions it was given")
	}
}

func TestPutReplacesTheMetadataOfTheSameEdition(t *testing.T) {
	store, old := OpenStore(t.TempDir()), makeEdition("d", "a")
	renamed := *old
	renamed.Document.Title = "Tên mới"
	put(t, store, old)
	put(t, store, &renamed)
	if diff := cmp.Diff(load(t, store).All(), []*Edition{&renamed}); diff != "" {
		t.Errorf("editions (-got +want):\n%s", diff)
	}
	put(t, store, makeEdition("d", "b"))
	put(t, store, makeEdition("d", "c"))
	// In use: a and b replaced, c; kept for readers of the set before: b.
	if got := len(names(t, store.path("d"))); got != 4 {
		t.Errorf("%d folders, want 4: those that no reader needs are to be deleted", got)
	}
	if got := len(names(t, store.path("sets"))); got != 2 {
		t.Errorf("%d sets, want the present and the one before", got)
	}
}

func TestTheNameOfASetStandsForItsContent(t *testing.T) {
	a, b := makeEdition("a", "1"), makeEdition("b", "2")
	one, other := OpenStore(t.TempDir()), OpenStore(t.TempDir())
	if name := current(t, one); name != "" {
		t.Errorf("name of no set: %q, want none", name)
	}
	put(t, one, a)
	first := current(t, one)
	put(t, one, b)
	put(t, other, b, a)
	if got, want := current(t, other), current(t, one); got != want || got == first {
		t.Errorf("same documents: sets %q and %q, before %q", got, want, first)
	}
	put(t, one, a)
	if got, want := current(t, one), current(t, other); got != want {
		t.Errorf("the same put again: set %q, want %q", got, want)
	}
	if sets := names(t, one.path("sets")); !slices.Contains(sets, first) {
		t.Errorf("sets %q, want also the one before the last change, %q", sets, first)
	}
}

func TestPutRefusesWhatCannotBeReadBack(t *testing.T) {
	good := makeEdition("d", "a")
	altered, misnamed, endless := *good, *good, *good
	altered.Text = "b"
	misnamed.ID = "00000000"
	endless.Quality.Confidence = math.NaN()
	cases := map[string]*Edition{"text of another digest": &altered, "id of another text": &misnamed, "not a number": &endless}
	for _, id := range []DocumentID{"", ".", "..", "../x", "a/b", `a\b`, "A", "đ", "a b", "a\n", "sets", "lock", "current", DocumentID(strings.Repeat("a", 81))} {
		cases[fmt.Sprintf("id %.12q", id)] = makeEdition(id, "a")
	}
	for name, e := range cases {
		t.Run(name, func(t *testing.T) {
			store := OpenStore(filepath.Join(t.TempDir(), "data"))
			if err := store.Put(t.Context(), good, e); err == nil || !strings.Contains(err.Error(), string(e.ID)) {
				t.Errorf("Put: %v, want an error that names the edition", err)
			}
			if got := texts(load(t, store)); len(got) > 0 {
				t.Errorf("after the error the store holds %q, want nothing", got)
			}
		})
	}
}

func TestRemove(t *testing.T) {
	store := OpenStore(t.TempDir())
	put(t, store, makeEdition("d", "a"), makeEdition("d", "b"), makeEdition("e", "x"))
	if err := store.Remove(t.Context(), "d"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(texts(load(t, store)), []string{"x"}); diff != "" {
		t.Errorf("editions (-got +want):\n%s", diff)
	}
	if exists(store.path("d")) || !exists(store.path("e")) {
		t.Errorf("want the folder of d deleted and that of e kept, have %q", names(t, store.path()))
	}
	if err := store.Remove(t.Context(), "e"); err != nil {
		t.Fatal(err)
	}
	if got := texts(load(t, store)); len(got) > 0 {
		t.Errorf("after the last document was removed: %q", got)
	}
}

func TestRemoveOfAnUnknownDocument(t *testing.T) {
	dir := t.TempDir()
	empty, store := OpenStore(filepath.Join(dir, "empty")), OpenStore(filepath.Join(dir, "data"))
	put(t, store, makeEdition("d", "a"))
	write(t, filepath.Join(dir, "victim", "file"), "x")
	write(t, store.path("left", "00000000-00000000", "text.txt"), "of a Remove that died before it deleted")
	for _, tc := range []struct {
		store *Store
		id    DocumentID
	}{{empty, "d"}, {store, "e"}, {store, "left"}, {store, "../../victim"}, {store, "sets"}, {store, ""}} {
		if err := tc.store.Remove(t.Context(), tc.id); !errors.Is(err, ErrUnknownDocument) {
			t.Errorf("Remove(%q): %v, want ErrUnknownDocument", tc.id, err)
		}
	}
	if exists(empty.dir) {
		t.Error("Remove made a data folder")
	}
	if exists(store.path("left")) || !exists(filepath.Join(dir, "victim", "file")) {
		t.Error("want the left-over words deleted and nothing outside the folder")
	}
	if diff := cmp.Diff(texts(load(t, store)), []string{"a"}); diff != "" {
		t.Errorf("editions (-got +want):\n%s", diff)
	}
}

func TestAnInterruptedWriteLeavesTheOldSet(t *testing.T) {
	for _, tc := range []struct {
		name  string
		crash func(t *testing.T, s *Store) // leaves what a writer of document e had done when it died
	}{
		{"while it wrote an edition", func(t *testing.T, s *Store) {
			write(t, s.path(".tmp-edition", "edition.json"), `{"id":`)
		}},
		{"when an edition stood in its place", func(t *testing.T, s *Store) {
			_, err := s.place(makeEdition("e", "x"))
			must(t, err)
		}},
		{"while it wrote a set", func(t *testing.T, s *Store) {
			write(t, s.path(".tmp-file"), `{"editions":`)
		}},
		{"when a set stood in its place", func(t *testing.T, s *Store) {
			data, err := encode(set{Editions: []entry{{Document: "e", Edition: "00000000", Folder: "00000000-00000000"}}})
			must(t, err)
			write(t, s.path("sets", nameOf(data)), string(data))
		}},
		{"before it replaced CURRENT", func(t *testing.T, s *Store) {
			write(t, s.path(".tmp-file"), "0123456789abcdef.json\n")
		}},
		{"as another version with other temporary names", func(t *testing.T, s *Store) {
			write(t, s.path(".tmp-123", "text.txt"), "x")
		}},
		{"before it marked the data folder", func(t *testing.T, s *Store) {
			write(t, filepath.Join(s.dir, ".tmp-file"), "1")
		}},
		{"holding the lock", func(t *testing.T, s *Store) {
			write(t, s.path("LOCK"), "")
		}},
	} {
		for _, before := range [][]*Edition{nil, {makeEdition("d", "a")}} {
			t.Run(fmt.Sprintf("%s, beside %d documents", tc.name, len(before)), func(t *testing.T) {
				store := OpenStore(t.TempDir())
				put(t, store, before...)
				must(t, os.MkdirAll(store.path("sets"), 0o755))
				old := load(t, store).All()
				tc.crash(t, store)
				if diff := cmp.Diff(load(t, store).All(), old); diff != "" {
					t.Errorf("after the crash (-got +want):\n%s", diff)
				}
				next := makeEdition("e", "x")
				put(t, store, next)
				if diff := cmp.Diff(load(t, store).All(), append(old, next)); diff != "" {
					t.Errorf("after the next write (-got +want):\n%s", diff)
				}
				noTemps(t, store)
			})
		}
	}
}

func TestPutStopsBetweenEditionsWhenItsContextEnds(t *testing.T) {
	store := OpenStore(t.TempDir())
	put(t, store, makeEdition("d", "a"))
	calls := 0
	ctx := hooked{t.Context(), func() error {
		if calls++; exists(store.path("e")) {
			return context.Canceled
		}
		return nil
	}}
	if err := store.Put(ctx, makeEdition("e", "x"), makeEdition("f", "y")); !errors.Is(err, context.Canceled) {
		t.Errorf("Put: %v, want Canceled after %d looks at the context", err, calls)
	}
	if diff := cmp.Diff(texts(load(t, store)), []string{"a"}); diff != "" {
		t.Errorf("editions (-got +want):\n%s", diff)
	}
}

func TestTheVersionOfTheDataFolder(t *testing.T) {
	t.Run("is written by the first Put", func(t *testing.T) {
		store, _ := damagedStore(t, nil)
		if got, err := os.ReadFile(filepath.Join(store.dir, "VERSION")); string(got) != "1\n" || err != nil {
			t.Errorf("VERSION is %q, %v", got, err)
		}
	})
	for _, tc := range []struct{ name, version, want string }{
		{"a newer one is refused", "2\n", "use a newer hoinq"},
		{"garbage is refused", "one\n", `with the content "1"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			store, _ := damagedStore(t, nil)
			write(t, filepath.Join(store.dir, "VERSION"), tc.version)
			before := current(t, store)
			_, loadErr := store.Load(t.Context())
			for call, err := range map[string]error{
				"Load": loadErr, "Put": store.Put(t.Context(), makeEdition("e", "x")), "Remove": store.Remove(t.Context(), "d"),
				"Alone": store.Alone(t.Context(), func() error { return nil }),
			} {
				if err == nil || !strings.Contains(err.Error(), tc.want) {
					t.Errorf("%s: %v, want %q", call, err, tc.want)
				}
			}
			if got := current(t, store); got != before {
				t.Errorf("set %q after the errors, before %q", got, before)
			}
		})
	}
	t.Run("a newer one is refused before anything is made", func(t *testing.T) {
		store := OpenStore(t.TempDir())
		write(t, filepath.Join(store.dir, "VERSION"), "2\n")
		_, loadErr := store.Load(t.Context())
		if loadErr == nil || store.Put(t.Context(), makeEdition("e", "x")) == nil || store.Alone(t.Context(), nil) == nil {
			t.Error("no error")
		}
		if exists(store.path()) {
			t.Error("the folder of the documents was made")
		}
	})
	t.Run("a folder from before is taken over", func(t *testing.T) {
		store, _ := damagedStore(t, nil)
		remove(t, filepath.Join(store.dir, "VERSION"))
		load(t, store)
		put(t, store, makeEdition("e", "x"))
		if !exists(filepath.Join(store.dir, "VERSION")) {
			t.Error("it is not marked")
		}
	})
}

func TestAFolderThatCannotBeMade(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	write(t, file, "")
	store := OpenStore(filepath.Join(file, "data"))
	if err := store.Put(t.Context(), makeEdition("d", "a")); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("Put: %v, want an error that names the folder", err)
	}
}

func TestWritersWaitForEachOther(t *testing.T) {
	const rounds = 10
	dir := t.TempDir()
	var writers sync.WaitGroup
	for w := range 2 {
		store := OpenStore(dir)
		for half := range 2 { // two goroutines for each of two stores
			writers.Go(func() {
				for i := range rounds {
					id := DocumentID(fmt.Sprintf("d-%d-%d-%d", w, half, i))
					if err := store.Put(t.Context(), makeEdition(id, "x")); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	writers.Wait()
	if got := len(load(t, OpenStore(dir)).InForce()); got != 4*rounds {
		t.Errorf("%d documents, want %d: a writer undid what another had done", got, 4*rounds)
	}
}

func TestAWriterGivesUpWhenItsContextEnds(t *testing.T) {
	store, _ := damagedStore(t, nil)
	synctest.Test(t, func(t *testing.T) {
		other := flock.New(store.path("LOCK"))
		if ok, err := other.TryLock(); !ok || err != nil {
			t.Fatal(ok, err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		err := store.Put(ctx, makeEdition("e", "x"))
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), store.path()+", another hoinq is writing") {
			t.Errorf("Put against a held lock: %v", err)
		}
		must(t, other.Unlock())
		if err := store.Put(ctx, makeEdition("e", "x")); !errors.Is(err, context.DeadlineExceeded) || strings.Contains(err.Error(), "another") {
			t.Errorf("Put after its time: %v", err)
		}
	})
	put(t, store, makeEdition("e", "x"))
}

func TestReadersNeverSeeHalfASet(t *testing.T) {
	dir := t.TempDir()
	done := make(chan struct{})
	go func() {
		defer close(done)
		store := OpenStore(dir)
		for i := range 40 {
			text := fmt.Sprint("round ", i)
			if err := store.Put(t.Context(), makeEdition("a", text), makeEdition("b", text)); err != nil {
				t.Error(err)
			}
			if i%8 == 7 {
				if err := store.Remove(t.Context(), "b"); err != nil {
					t.Error(err)
				}
				if err := store.Remove(t.Context(), "a"); err != nil {
					t.Error(err)
				}
			}
		}
	}()
	for reads := 0; ; reads++ {
		library, err := OpenStore(dir).Load(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		a, _ := library.Edition("a", "")
		if b, ok := library.Edition("b", ""); ok && (a == nil || a.Text != b.Text) {
			t.Fatalf("read %d: half of a set: a is %v beside b %q", reads, a, b.Text)
		}
		select {
		case <-done:
			return
		default:
		}
	}
}

func TestAReaderOutlivesWrites(t *testing.T) {
	for _, tc := range []struct {
		name   string
		writes []string
		want   []string
	}{
		{"one write leaves the set that is being read", []string{"b"}, []string{"a"}},
		{"after more the reader begins again", []string{"b", "c", "e"}, []string{"e", "c replaced", "b replaced", "a replaced"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			store, _ := damagedStore(t, nil)
			var once sync.Once
			library, err := store.Load(hooked{t.Context(), func() error {
				once.Do(func() {
					for _, text := range tc.writes {
						put(t, store, makeEdition("d", text))
					}
				})
				return nil
			}})
			must(t, err)
			if diff := cmp.Diff(texts(library), tc.want); diff != "" {
				t.Errorf("editions (-got +want):\n%s", diff)
			}
		})
	}
}

func TestLoadStopsWhenItsContextEnds(t *testing.T) {
	store, _ := damagedStore(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := store.Load(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Load: %v, want Canceled", err)
	}
}

// hooked is a context whose end is decided, and watched, by a function.
type hooked struct {
	context.Context
	err func() error
}

func (c hooked) Err() error { return c.err() }

func makeEdition(id DocumentID, text string) *Edition {
	e := &Edition{Document: Document{ID: id, Title: "Văn bản"}, Text: text}
	e.Digest, e.ID = DigestOf(text)
	return e
}

func with(e *Edition, status Status) *Edition {
	changed := *e
	changed.Validity.Status = status
	return &changed
}

func put(t *testing.T, s *Store, editions ...*Edition) {
	t.Helper()
	must(t, s.Put(t.Context(), editions...))
}

func load(t *testing.T, s *Store) *Library {
	t.Helper()
	library, err := s.Load(t.Context())
	must(t, err)
	return library
}

func current(t *testing.T, s *Store) string {
	t.Helper()
	name, err := s.Current()
	must(t, err)
	return name
}

func texts(library *Library) []string {
	var all []string
	for _, e := range library.All() {
		all = append(all, strings.TrimSpace(e.Text+" "+string(e.Validity.Status)))
	}
	return all
}

func names(t *testing.T, folder string) []string {
	t.Helper()
	found, err := os.ReadDir(folder)
	must(t, err)
	var all []string
	for _, f := range found {
		all = append(all, f.Name())
	}
	return all
}

func noTemps(t *testing.T, s *Store) {
	t.Helper()
	for _, name := range slices.Concat(names(t, s.path()), names(t, s.path("sets"))) {
		if strings.HasPrefix(name, ".") {
			t.Errorf("%s was left behind", name)
		}
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(path), 0o755))
	must(t, os.WriteFile(path, []byte(content), 0o644))
}

func move(t *testing.T, from, to string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(to), 0o755))
	must(t, os.Rename(from, to))
}

func remove(t *testing.T, path string) {
	t.Helper()
	must(t, os.RemoveAll(path))
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
