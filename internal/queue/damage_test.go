package queue

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// damageItems is how many items wait in the folder that is damaged: two blocks.
const damageItems = 45

// itemSize is the size of each, in bytes.
const itemSize = 200 << 10

// damagedData is the data of an item; it is found in a block by its id.
func damagedData(id int) []byte {
	return append(fmt.Appendf(nil, "data of %d|", id), bytes.Repeat([]byte{byte(id), 1, 0, 0xff}, itemSize/4)...)
}

// filled makes a folder in which damageItems items wait after some that were
// done. killed is as SIGKILL leaves it, closed as Close does.
func filled(t *testing.T) (killed, closed string) {
	t.Helper()
	closed, killed = t.TempDir(), t.TempDir()
	s := open(t, closed)
	st := streamOf(t, s, StreamOptions{})
	for i := range 30 {
		publish(t, st, fmt.Sprint("done-", i), "g")
	}
	handle, got := collect(30)
	stop := running(t, st, handle)
	for range 30 {
		<-got
	}
	stop()
	for i := range damageItems {
		if _, err := st.Publish(t.Context(), Item{ID: strconv.Itoa(i), Group: strconv.Itoa(i % 7), Data: damagedData(i)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.CopyFS(killed, os.DirFS(closed)); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return killed, closed
}

// blockFiles are the blocks of the stream whose folder is given, oldest first.
func blockFiles(t *testing.T, stream string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(stream, "msgs", "*.blk"))
	if err != nil || len(files) < 2 {
		t.Fatalf("%d blocks (%v), want some", len(files), err)
	}
	return files // there are fewer than ten
}

// change rewrites a file.
func change(t *testing.T, path string, how func([]byte) []byte) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, how(data), 0o600); err != nil {
		t.Fatal(err)
	}
}

// ofItem is where the data of an item begins in a block.
func ofItem(t *testing.T, block []byte, id int) int {
	t.Helper()
	i := bytes.Index(block, fmt.Appendf(nil, "data of %d|", id))
	if i < 0 {
		t.Fatalf("item %d is not in the block", id)
	}
	return i
}

// handedOut is what a stream still hands out, by group, in order.
func handedOut(t *testing.T, st *Stream) map[string][]int {
	t.Helper()
	depth, err := st.Depth(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	handle, got := collect(2 * damageItems)
	stop := running(t, st, handle)
	defer stop()
	out := map[string][]int{}
	for range depth.Items {
		select {
		case d := <-got:
			id, err := strconv.Atoi(d.ID)
			if err != nil || !bytes.Equal(d.Data, damagedData(id)) {
				t.Fatalf("handed out %q, with other data than it was given", d.ID)
			}
			out[d.Group] = append(out[d.Group], id)
		case <-time.After(20 * time.Second):
			t.Fatalf("%d items wait and are not handed out", depth.Items)
		}
	}
	return out
}

// Whatever becomes of the files while nobody has them open: every item that can
// be read is handed out, in order, and what cannot is told and kept.
func TestDamagedFilesLoseNothingThatCanBeRead(t *testing.T) {
	killed, closed := filled(t)
	flip := func(id int) func(*testing.T, string) {
		return func(t *testing.T, stream string) {
			for _, path := range blockFiles(t, stream) {
				change(t, path, func(block []byte) []byte {
					if i := bytes.Index(block, fmt.Appendf(nil, "data of %d|", id)); i > 0 {
						block[i+itemSize/2] ^= 1
					}
					return block
				})
			}
		}
	}
	first := func(how func(block []byte) []byte) func(*testing.T, string) {
		return func(t *testing.T, stream string) { change(t, blockFiles(t, stream)[0], how) }
	}
	last := func(how func(block []byte) []byte) func(*testing.T, string) {
		return func(t *testing.T, stream string) {
			files := blockFiles(t, stream)
			change(t, files[len(files)-1], how)
		}
	}
	for _, tc := range []struct {
		name   string
		damage func(t *testing.T, stream string)
		// closedOnly: after a crash nothing on disk tells of it.
		closedOnly bool
		lost       []int // items
		any        bool  // instead: some items, depending on the place
		silent     bool  // nothing is damaged that held anything
	}{
		{name: "a bit in the middle", damage: flip(20), lost: []int{20}},
		{name: "a bit in the last item", damage: flip(damageItems - 1), lost: []int{damageItems - 1}},
		{name: "bits in two blocks", damage: func(t *testing.T, stream string) {
			flip(3)(t, stream)
			flip(damageItems-5)(t, stream)
		}, lost: []int{3, damageItems - 5}},
		{name: "a page of zeros over two items", damage: first(func(block []byte) []byte {
			at := bytes.Index(block, []byte("data of 11|")) - 4096
			clear(block[at : at+8192])
			return block
		}), lost: []int{10, 11}},
		{name: "the length of a record", damage: first(func(block []byte) []byte {
			at := bytes.Index(block, []byte("inbox.")) - recordHead
			block[at+2] ^= 0xff
			return block
		}), lost: []int{0}},
		{name: "the end cut off", damage: last(func(block []byte) []byte { return block[:len(block)*2/3] }), any: true, closedOnly: true},
		{name: "the last block emptied", damage: last(func([]byte) []byte { return nil }), any: true, closedOnly: true},
		{name: "the first block emptied", damage: first(func([]byte) []byte { return nil }), any: true, closedOnly: true},
		{name: "a block deleted", damage: func(t *testing.T, stream string) {
			if err := os.Remove(blockFiles(t, stream)[0]); err != nil {
				t.Fatal(err)
			}
		}, any: true, closedOnly: true},
		{name: "a write cut off at the end", damage: last(func(block []byte) []byte {
			return append(block, block[:itemSize/2]...)[:len(block)+17]
		}), lost: []int{}},
		{name: "the index", damage: func(t *testing.T, stream string) {
			if err := os.WriteFile(filepath.Join(stream, indexFile), bytes.Repeat([]byte("?"), 100), 0o600); err != nil {
				t.Fatal(err)
			}
		}, lost: []int{}, silent: true},
		{name: "the configuration", damage: func(t *testing.T, stream string) {
			change(t, filepath.Join(stream, metaFile), func(meta []byte) []byte { meta[len(meta)/2] ^= 1; return meta })
		}, lost: []int{}},
		{name: "the configuration's checksum is gone", damage: func(t *testing.T, stream string) {
			if err := os.Remove(filepath.Join(stream, metaSumFile)); err != nil {
				t.Fatal(err)
			}
		}, lost: []int{}},
	} {
		for how, from := range map[string]string{"after a crash": killed, "after a clean end": closed} {
			if tc.closedOnly && from == killed {
				continue
			}
			t.Run(tc.name+" "+how, func(t *testing.T) {
				t.Parallel()
				lost := tc.lost
				dir := filepath.Join(t.TempDir(), "queue")
				if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
					t.Fatal(err)
				}
				stream := filepath.Join(dir, "jetstream", "$G", "streams", "inbox")
				tc.damage(t, stream)
				before := contents(t, stream)

				s := open(t, dir)
				st := streamOf(t, s, StreamOptions{})
				got := handedOut(t, st)
				if tc.any {
					if lost = missing(got); len(lost) == 0 || len(lost) == damageItems {
						t.Fatalf("%d items lost: that was no damage to speak of", len(lost))
					}
				}
				if !sameGroups(got, lost) {
					t.Errorf("lost %v, want %v; or out of order", missing(got), lost)
				}
				checkReport(t, s.Damage(), tc.silent, len(lost), from == closed && tc.any)
				for _, d := range s.Damage() {
					for path, data := range contents(t, filepath.Join(d.Copy, "inbox")) {
						if !bytes.Equal(data, before[path]) {
							t.Errorf("the copy of %s is not what was there", path)
						}
					}
				}
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
				s = open(t, dir)
				if d := s.Damage(); len(d) != 0 {
					t.Errorf("damage is found again at the next start: %+v", d)
				}
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
			})
		}
	}
}

// checkReport checks what Open tells of one stream.
func checkReport(t *testing.T, damage []Damage, silent bool, lost int, exact bool) {
	t.Helper()
	if silent {
		if len(damage) != 0 {
			t.Errorf("told of %+v", damage)
		}
		return
	}
	if len(damage) != 1 || damage[0].Stream != "inbox" || len(damage[0].Files) == 0 || damage[0].Copy == "" {
		t.Fatalf("told of %+v, want the one stream", damage)
	}
	if told := int(damage[0].Lost); told < lost || exact && told != lost || told > lost+1 {
		t.Errorf("told of %d lost items, %d are", told, lost)
	}
}

// sameGroups reports whether each group got all its items but the lost ones, in
// order.
func sameGroups(got map[string][]int, lost []int) bool {
	want := map[string][]int{}
	for i := range damageItems {
		if !slices.Contains(lost, i) {
			want[strconv.Itoa(i%7)] = append(want[strconv.Itoa(i%7)], i)
		}
	}
	for group, items := range want {
		if !slices.Equal(got[group], items) {
			return false
		}
	}
	return true
}

// missing are the items that were not handed out.
func missing(got map[string][]int) []int {
	lost := []int{}
	for i := range damageItems {
		if !slices.Contains(got[strconv.Itoa(i%7)], i) {
			lost = append(lost, i)
		}
	}
	return lost
}

// contents are the files below a folder.
func contents(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		out[strings.TrimPrefix(path, dir)] = data
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestDamageIsToldWithItsRemedy(t *testing.T) {
	_, dir := filled(t)
	stream := filepath.Join(dir, "jetstream", "$G", "streams", "inbox")
	file := blockFiles(t, stream)[0]
	change(t, file, func(block []byte) []byte { block[ofItem(t, block, 9)] ^= 1; return block })
	out := &logs{}
	s, err := Open(t.Context(), slog.New(slog.NewTextHandler(out, nil)), dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"level=ERROR", "stream=inbox", filepath.Base(file), "at_most=1", "copy=" + dir + "-damaged-1", "check the disk"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the log does not say %s:\n%s", want, out)
		}
	}
}

// A later server may write what is not known here: that is kept and left alone.
func TestABlockOfAnotherFormatIsLeftAlone(t *testing.T) {
	_, dir := filled(t)
	stream := filepath.Join(dir, "jetstream", "$G", "streams", "inbox")
	file := blockFiles(t, stream)[0]
	want := bytes.Repeat([]byte("another format "), 1000)
	change(t, file, func([]byte) []byte { return want })
	damage, err := mend(dir)
	if err != nil || len(damage) != 1 {
		t.Fatalf("damage %+v, %v", damage, err)
	}
	for _, path := range []string{file, filepath.Join(damage[0].Copy, "inbox", "msgs", filepath.Base(file))} {
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s was changed (%v)", path, err)
		}
	}
}

// dying is a disk with a page that cannot be read.
type dying struct {
	data []byte
	page int64
}

func (d dying) ReadAt(p []byte, off int64) (int, error) {
	if off <= d.page*4096 && d.page*4096 < off+int64(len(p)) {
		return 0, &os.PathError{Op: "read", Path: "1.blk", Err: syscall.EIO}
	}
	return copy(p, d.data[off:]), nil
}

func TestWhatTheDiskCannotReadIsLeftOut(t *testing.T) {
	want := bytes.Repeat([]byte("x"), 5*4096+100)
	got := make([]byte, len(want))
	if err := readPast(dying{data: want, page: 2}, got); err != nil {
		t.Fatal(err)
	}
	clear(want[2*4096 : 3*4096])
	if !bytes.Equal(got, want) {
		t.Error("more than one page is left out")
	}
	if err := readPast(failing{}, got); !errors.Is(err, os.ErrPermission) {
		t.Errorf("error %v, want that of the system", err)
	}
}

// failing is a file that cannot be read for a reason that is not the disk's.
type failing struct{}

func (failing) ReadAt([]byte, int64) (int, error) { return 0, os.ErrPermission }

// The server believes an index for as long as nothing makes it read the blocks:
// what is gone from them would wait for ever.
func TestAnIndexThatTheBlocksDoNotFitIsDropped(t *testing.T) {
	_, dir := filled(t)
	stream := filepath.Join(dir, "jetstream", "$G", "streams", "inbox")
	if err := os.Truncate(blockFiles(t, stream)[0], 0); err != nil {
		t.Fatal(err)
	}
	if found, err := mend(dir); err != nil || len(found) != 1 {
		t.Fatalf("found %v, %v", found, err)
	}
	if _, err := os.Stat(filepath.Join(stream, indexFile)); err == nil {
		t.Error("the index is left")
	}
}
