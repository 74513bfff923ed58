package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/hoinq/hoinq/bot/bottest"
	"github.com/hoinq/hoinq/retrieval"
)

// largeData is a data folder with as many passages as an index is saved for, and
// the settings to use it.
func largeData(t *testing.T) (folder string, settings []string) {
	t.Helper()
	folder = filepath.Join(t.TempDir(), "data")
	settings = []string{"HOINQ_DATA=" + folder}
	ingestLarge(t, settings, "bao-cao", retrieval.LeastSaved)
	return folder, settings
}

func ingestLarge(t *testing.T, settings []string, name string, passages int) {
	t.Helper()
	var b strings.Builder
	b.WriteString("# Báo cáo trồng rừng\n\n")
	for n := range passages {
		fmt.Fprintf(&b, "Xã số %d trồng được %d ha rừng ngập mặn ven sông.\n\n", n+1, 7*n+3)
	}
	file := filepath.Join(t.TempDir(), name+".md")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	mustHoinq(t, settings, "ingest", file)
}

// mustHoinq runs the program, which must succeed, and returns what it says.
func mustHoinq(t *testing.T, settings []string, args ...string) string {
	t.Helper()
	code, out := hoinq(t, settings, args...)
	if code != exitDone {
		t.Fatalf("hoinq %q: exit %d\n%s", args, code, out)
	}
	return out
}

// savedIn are the files of the one index in a data folder.
func savedIn(t *testing.T, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "index", "*", "*"))
	if err != nil || len(files) != 3 {
		t.Fatalf("the folder holds %q, %v; want the three files of one index", files, err)
	}
	return files
}

const askLarge = "Xã số 500 trồng được bao nhiêu ha rừng ngập mặn?"

func TestTheIndexIsThereAfterIngestAndIsUsed(t *testing.T) {
	folder, settings := largeData(t)
	files := savedIn(t, folder)
	before, err := os.Stat(files[0])
	if err != nil {
		t.Fatal(err)
	}
	want := mustHoinq(t, settings, "ask", askLarge)
	if !strings.Contains(want, "3496 ha") {
		t.Errorf("answer\n%s", want)
	}
	if out := mustHoinq(t, settings, "doctor"); !strings.Contains(out, "ổn       chỉ mục lưu sẵn: đúng với các văn bản đang dùng") {
		t.Errorf("doctor\n%s", out)
	}
	if after, err := os.Stat(files[0]); err != nil || !after.ModTime().Equal(before.ModTime()) {
		t.Errorf("the index was written again: %v", err)
	}

	// It may be deleted; whoever comes next builds it, with the same answers.
	if err := os.RemoveAll(filepath.Join(folder, "index")); err != nil {
		t.Fatal(err)
	}
	if got := mustHoinq(t, settings, "ask", askLarge); got != want {
		t.Errorf("answer of a new index\n%s\nwant\n%s", got, want)
	}
	savedIn(t, folder)

	// Other documents have another one, and this is no cause for words.
	ingestLarge(t, settings, "bao-cao-2", 3)
	if out := mustHoinq(t, settings, "ask", "Xã số 2 trồng được bao nhiêu ha rừng ngập mặn?"); strings.Contains(out, "level=") {
		t.Errorf("answer\n%s", out)
	}
	if dirs, _ := filepath.Glob(filepath.Join(folder, "index", "*", "manifest.json")); len(dirs) != 2 {
		t.Errorf("indexes %q, want two", dirs)
	}
}

func TestADamagedIndexIsSaidAndMended(t *testing.T) {
	folder, settings := largeData(t)
	want := mustHoinq(t, settings, "ask", askLarge)
	damage := func(file string) {
		t.Helper()
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		data[len(data)/2] ^= 0x10
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range savedIn(t, folder) {
		damage(file)
		got := mustHoinq(t, settings, "ask", askLarge)
		if !strings.Contains(got, "level=WARN") || !strings.Contains(got, filepath.Base(filepath.Dir(file))) || !strings.HasSuffix(got, want) {
			t.Errorf("%s damaged: said\n%s\nwant a warning and\n%s", filepath.Base(file), got, want)
		}
		if again := mustHoinq(t, settings, "ask", askLarge); again != want {
			t.Errorf("%s was not mended: said\n%s", filepath.Base(file), again)
		}
		damage(file)
		if out := mustHoinq(t, settings, "doctor"); !strings.Contains(out, "đã sửa   chỉ mục lưu sẵn: chỉ mục lưu sẵn bị hỏng") {
			t.Errorf("%s damaged: doctor\n%s", filepath.Base(file), out)
		}
		if out := mustHoinq(t, settings, "doctor"); !strings.Contains(out, "đúng với các văn bản đang dùng") {
			t.Errorf("%s was not mended: doctor\n%s", filepath.Base(file), out)
		}
	}
	damage(savedIn(t, folder)[0])
	p := bottest.Start(t, folder, nil)
	if r := askServed(t, p, askLarge); !r.Answered {
		t.Error("serve does not answer over a damaged index")
	}
	if !strings.Contains(p.Log(), "level=WARN") {
		t.Errorf("serve says nothing of the damage:\n%s", p.Log())
	}
}

func TestProgramsThatStartAtTheSameTimeShareTheIndex(t *testing.T) {
	folder, settings := largeData(t)
	want := mustHoinq(t, settings, "ask", askLarge)
	if err := os.RemoveAll(filepath.Join(folder, "index")); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if code, got := hoinq(t, settings, "ask", askLarge); code != exitDone || got != want {
				t.Errorf("exit %d, said\n%s\nwant\n%s", code, got, want)
			}
		})
	}
	all.Wait()
	savedIn(t, folder)
	if out := mustHoinq(t, settings, "doctor"); !strings.Contains(out, "đúng với các văn bản đang dùng") {
		t.Errorf("doctor\n%s", out)
	}
}
