package corpus

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// exported is the stream of the set in force.
func exported(t testing.TB, s *Store) (name string, stream []byte) {
	t.Helper()
	name, err := s.Current()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := s.Export(t.Context(), name, &b); err != nil {
		t.Fatal(err)
	}
	return name, b.Bytes()
}

// sampleStore holds two documents, one of them in two editions.
func sampleStore(t testing.TB) *Store {
	t.Helper()
	s := OpenStore(t.TempDir())
	for _, e := range []*Edition{makeEdition("d", "a"), makeEdition("d", "b"), sample()} {
		if err := s.Put(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// tarOf makes a stream of names and contents in turn.
func tarOf(t testing.TB, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := &streamWriter{tar.NewWriter(&b), MaxStream}
	for i := 0; i < len(files); i += 2 {
		if err := w.add(files[i], []byte(files[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// filesOf are the names and contents of a stream in turn.
func filesOf(t testing.TB, stream []byte) []string {
	t.Helper()
	var files []string
	for r := tar.NewReader(bytes.NewReader(stream)); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, header.Name, string(data))
	}
}

func TestASetTravelsWhole(t *testing.T) {
	from, to := sampleStore(t), OpenStore(filepath.Join(t.TempDir(), "made", "by", "import"))
	name, stream := exported(t, from)
	must(t, to.Import(t.Context(), name, bytes.NewReader(stream)))
	if diff := cmp.Diff(load(t, to).All(), load(t, from).All()); diff != "" {
		t.Errorf("documents there and here (-got +want):\n%s", diff)
	}
	noTemps(t, to)
	again, same := exported(t, to)
	if again != name || !bytes.Equal(stream, same) {
		t.Error("the same set gives another stream")
	}
	must(t, to.Put(t.Context(), makeEdition("e", "x"))) // it is a store like any other
}

func TestASetWithoutDocumentsTravelsToo(t *testing.T) {
	from, to := sampleStore(t), sampleStore(t)
	must(t, from.Remove(t.Context(), "d"))
	must(t, from.Remove(t.Context(), "ke-hoach"))
	name, stream := exported(t, from)
	must(t, to.Import(t.Context(), name, bytes.NewReader(stream)))
	if got := load(t, to).All(); len(got) != 0 || current(t, to) != name {
		t.Errorf("set %s with %d editions, want %s and none", current(t, to), len(got), name)
	}
}

func TestImportKeepsTheSetBeforeAndNothingOlder(t *testing.T) {
	store := sampleStore(t)
	before := current(t, store)
	var streams [][]byte
	var sets []string
	for _, text := range []string{"x", "y"} {
		from := OpenStore(t.TempDir())
		put(t, from, makeEdition("e", text))
		name, stream := exported(t, from)
		sets, streams = append(sets, name), append(streams, stream)
	}
	write(t, store.path("rest", "01234567-89abcdef", "text.txt"), "left by somebody who died")
	must(t, store.Import(t.Context(), sets[0], bytes.NewReader(streams[0])))
	if _, err := store.loadSet(t.Context(), before); err != nil {
		t.Errorf("a reader of the set before: %v", err)
	}
	if exists(store.path("rest")) {
		t.Error("what no set names is still there")
	}
	must(t, store.Import(t.Context(), sets[1], bytes.NewReader(streams[1])))
	if exists(store.path("d")) || exists(store.path("sets", before)) {
		t.Error("an older set is still there")
	}
	if diff := cmp.Diff(texts(load(t, store)), []string{"y"}); diff != "" {
		t.Errorf("documents (-got +want):\n%s", diff)
	}
}

func TestImportMendsAnEditionThatIsDamagedHere(t *testing.T) {
	from := sampleStore(t)
	name, stream := exported(t, from)
	entries, err := from.readSet(name)
	must(t, err)
	write(t, filepath.Join(from.folder(entries[0]), textFile), "damaged")
	must(t, from.Import(t.Context(), name, bytes.NewReader(stream)))
	if got := len(load(t, from).All()); got != len(entries) {
		t.Errorf("%d editions, want %d", got, len(entries))
	}
}

// refuses imports a stream that must be refused, over a store with documents,
// and looks whether anything changed there.
func refuses(t *testing.T, name string, r io.Reader) error {
	t.Helper()
	store := OpenStore(filepath.Join(t.TempDir(), "data"))
	put(t, store, makeEdition("old", "stays"))
	before := current(t, store)
	err := store.Import(t.Context(), name, r)
	if err == nil {
		t.Fatal("it was taken in")
	}
	if got := current(t, store); got != before || len(load(t, store).All()) != 1 {
		t.Errorf("set %s is in force, want %s", got, before)
	}
	if diff := cmp.Diff(names(t, store.path()), []string{"CURRENT", "LOCK", "old", "sets"}); diff != "" {
		t.Errorf("folder (-got +want):\n%s", diff)
	}
	if diff := cmp.Diff(names(t, filepath.Dir(store.dir)), []string{"data"}); diff != "" {
		t.Errorf("beside the data folder (-got +want):\n%s", diff)
	}
	return err
}

func TestAStreamThatIsCutOffIsRefused(t *testing.T) {
	name, stream := exported(t, sampleStore(t))
	whole := len(bytes.TrimRight(stream, "\x00")) // behind it nothing is lost
	for cut := 0; cut < whole; cut += 509 {
		if err := refuses(t, name, bytes.NewReader(stream[:cut])); !errors.Is(err, ErrStream) {
			t.Fatalf("cut off at %d: %v, want ErrStream", cut, err)
		}
	}
}

func TestAnAlteredByteChangesNothingOrIsRefused(t *testing.T) {
	from := sampleStore(t)
	name, stream := exported(t, from)
	want := load(t, from).All()
	for at := 0; at < len(stream); at += 211 {
		altered := bytes.Clone(stream)
		altered[at] ^= 0x20
		store := OpenStore(t.TempDir())
		err := store.Import(t.Context(), name, bytes.NewReader(altered))
		switch {
		case err != nil && (!errors.Is(err, ErrStream) || current(t, store) != ""):
			t.Fatalf("byte %d altered: %v and set %q", at, err, current(t, store))
		case err == nil && !cmp.Equal(load(t, store).All(), want):
			t.Fatalf("byte %d altered: other documents are in force", at)
		}
	}
}

// The wrong digest of a stream is only known at its end, when everything in it
// was read.
func TestAnErrorAtTheEndOfTheStreamIsInTime(t *testing.T) {
	name, stream := exported(t, sampleStore(t))
	wrong := errors.New("the digest is another")
	r := io.MultiReader(bytes.NewReader(stream), readerFunc(func([]byte) (int, error) { return 0, wrong }))
	if err := refuses(t, name, r); !errors.Is(err, wrong) {
		t.Errorf("error %v, want %v", err, wrong)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestAHostileStreamIsRefused(t *testing.T) {
	name, stream := exported(t, sampleStore(t))
	files := filesOf(t, stream)
	const edition = 4 // where the first edition stands in files
	forged := func(set string) []string {
		return []string{"VERSION", "1\n", "sets/" + nameOf([]byte(set)), set}
	}
	// with replaces the name of the first edition's text.
	with := func(name string) []byte {
		changed := slices.Clone(files)
		changed[edition+2] = name
		return tarOf(t, changed...)
	}
	for _, tc := range []struct {
		name   string
		stream []byte
		set    string
	}{
		{"a path upwards", with("../../../evil"), name},
		{"a path upwards on its way", with(files[edition][:1] + "/../../evil"), name},
		{"an absolute path", with("/tmp/hoinq-evil"), name},
		{"a link", linkStream(t, files, edition+2, tar.TypeSymlink), name},
		{"a second name", linkStream(t, files, edition+2, tar.TypeLink), name},
		{"a device", linkStream(t, files, edition+2, tar.TypeChar), name},
		{"the lock", with("LOCK"), name},
		{"a file more", tarOf(t, append(slices.Clone(files), "CURRENT", "x")...), name},
		{"a file less", tarOf(t, files[:len(files)-2]...), name},
		{"the same twice", tarOf(t, append(slices.Clone(files), files[edition:]...)...), name},
		{"another order", tarOf(t, append(append(slices.Clone(files[:edition]), files[edition+2:edition+4]...), files[edition:]...)...), name},
		{"something behind the end", append(bytes.Clone(stream), 0), name},
		{"another set than was asked for", stream, "0123456789abcdef.json"},
		{"a name that is none", stream, "../CURRENT"},
		{"a newer format", tarOf(t, append([]string{"VERSION", "2\n"}, files[2:]...)...), name},
		{"a set that leads elsewhere", tarOf(t, forged(`{"editions":[{"document":"../x","edition":"01234567","folder":"01234567-89abcdef"}]}`)...),
			nameOf([]byte(`{"editions":[{"document":"../x","edition":"01234567","folder":"01234567-89abcdef"}]}`))},
		{"a set that names an edition twice", tarOf(t, forged(twice)...), nameOf([]byte(twice))},
		{"no tar", []byte(strings.Repeat("x", 2048)), name},
		{"nothing", nil, name},
		{"a file that is too large", hugeStream(t), name},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if err := refuses(t, tc.set, bytes.NewReader(tc.stream)); !errors.Is(err, ErrStream) {
				t.Errorf("error %v, want ErrStream", err)
			}
		})
	}
	if exists("/tmp/hoinq-evil") {
		t.Error("a file was written where the stream said")
	}
}

const twice = `{"editions":[{"document":"x","edition":"01234567","folder":"01234567-89abcdef"},{"document":"x","edition":"01234567","folder":"01234567-89abcdef"}]}`

// linkStream is a stream whose file at i is something else than a file.
func linkStream(t *testing.T, files []string, i int, kind byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := &streamWriter{tar.NewWriter(&b), MaxStream}
	for at := 0; at < i; at += 2 {
		must(t, w.add(files[at], []byte(files[at+1])))
	}
	must(t, w.WriteHeader(&tar.Header{Typeflag: kind, Name: files[i], Linkname: "/etc/passwd", Format: tar.FormatUSTAR}))
	must(t, w.Close())
	return b.Bytes()
}

// hugeStream says that it goes on for longer than anyone may hold in memory.
func hugeStream(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, tar.NewWriter(&b).WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: "VERSION", Size: maxPart + 1, Format: tar.FormatUSTAR}))
	return b.Bytes()
}

func TestWhatIsTooLargeIsNotExported(t *testing.T) {
	w := &streamWriter{tar.NewWriter(io.Discard), 3}
	must(t, w.add("a", []byte("xx")))
	if err := w.add("b", []byte("xx")); err == nil {
		t.Error("a stream over its bound is written")
	}
}

func TestADamagedSetIsNotExported(t *testing.T) {
	store, folder := damagedStore(t, nil)
	name := current(t, store)
	alter(t, filepath.Join(folder, textFile), func(b []byte) []byte { b[0] ^= 1; return b })
	for _, set := range []string{name, "", "../" + name, "0123456789abcdef.json"} {
		if err := store.Export(t.Context(), set, io.Discard); err == nil {
			t.Errorf("set %q was exported", set)
		}
	}
}

func TestATransferEndsWithItsContext(t *testing.T) {
	store := sampleStore(t)
	name, stream := exported(t, store)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := store.Export(ctx, name, io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("Export: %v, want Canceled", err)
	}
	if err := store.Import(ctx, name, bytes.NewReader(stream)); !errors.Is(err, context.Canceled) {
		t.Errorf("Import: %v, want Canceled", err)
	}
}

// FuzzImport: whatever comes, nothing outside of the store is touched, and what
// is in force can be read.
func FuzzImport(f *testing.F) {
	_, stream := exported(f, sampleStore(f))
	f.Add(stream)
	f.Add(stream[:len(stream)/2])
	f.Add(tarOf(f, "VERSION", "1\n", "sets/"+nameOf([]byte(twice)), twice))
	f.Add(tarOf(f, "VERSION", "1\n", "sets/"+nameOf([]byte("{}")), "{}"))
	f.Add(tarOf(f, "VERSION", "1\n", "../../evil", "x"))
	f.Fuzz(func(t *testing.T, stream []byte) {
		// The set that the stream claims to be: mutations find no names.
		name := "0123456789abcdef.json"
		r := tar.NewReader(bytes.NewReader(stream))
		for range 2 {
			if header, err := r.Next(); err == nil && setName.MatchString(filepath.Base(header.Name)) {
				name = filepath.Base(header.Name)
			}
		}
		top := t.TempDir()
		store := OpenStore(filepath.Join(top, "data"))
		err := store.Import(t.Context(), name, bytes.NewReader(stream))
		if err != nil && (!errors.Is(err, ErrStream) || current(t, store) != "") {
			t.Errorf("error %v and set %q in force", err, current(t, store))
		}
		load(t, store)
		if found, err := os.ReadDir(top); err != nil || len(found) != 1 {
			t.Errorf("beside the data folder: %v, %v", found, err)
		}
		noTemps(t, store)
	})
}
