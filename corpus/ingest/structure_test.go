package ingest

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hoinq/hoinq/corpus"
)

var update = flag.Bool("update", false, "write what is found as what is wanted into testdata/structure")

// TestStructure reads testdata/structure: a remark, "-- input.txt --" or
// "-- input.md --" with the document, "-- want --" with its outline.
func TestStructure(t *testing.T) {
	files, err := filepath.Glob("testdata/structure/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("testdata/structure: %d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			head, want, _ := strings.Cut(string(data), "-- want --\n")
			_, input, _ := strings.Cut(head, "-- input")
			ext, input, _ := strings.Cut(input, " --\n")
			got := outline(read(t, "input"+ext, input))
			if *update {
				if err := os.WriteFile(file, []byte(head+"-- want --\n"+got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(strings.Split(got, "\n"), strings.Split(want, "\n")); diff != "" {
				t.Errorf("passages (-got +want):\n%s", diff)
			}
		})
	}
}

func TestRowsWithoutHeaderAreATableToo(t *testing.T) {
	d := Draft{Text: "Cồn Sò | 40\n", Blocks: []Block{{Kind: BlockRow, Span: corpus.Span{Start: 0, End: len("Cồn Sò | 40")}}}}
	if got, want := outline(NewEdition("a", d)), "row t1-r1 (Bảng 1, dòng 1) | Cồn Sò | 40\n"; got != want {
		t.Errorf("passages %q, want %q", got, want)
	}
}

// outline writes the passages of an edition, one a line, indented by depth:
// kind, place, location, the header row where there is one, words.
func outline(e *corpus.Edition) string {
	var b strings.Builder
	for i, p := range e.Passages {
		header := ""
		if !p.Header.Empty() {
			header = "[" + e.Words(p.Header) + "] "
		}
		fmt.Fprintf(&b, "%s%s %s (%s) | %s%s\n", strings.Repeat("  ", len(e.Ancestors(i))), p.Kind, p.Place,
			p.Location, header, strings.ReplaceAll(e.Words(p.Span), "\n", "⏎"))
	}
	return b.String()
}

// read reads a document that must be readable, and checks what holds for
// every edition.
func read(t *testing.T, name, text string) *corpus.Edition {
	t.Helper()
	e, err := Reader(name, strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	checkEdition(t, e)
	return e
}
