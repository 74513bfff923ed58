package retrieval

import (
	"os"
	"strings"
	"testing"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/corpus/bundled"
	"github.com/hoinq/hoinq/corpus/ingest"
)

func index(t testing.TB, library *corpus.Library) *Index {
	t.Helper()
	ix, err := NewIndex(t.Context(), library, Options{})
	if err != nil {
		t.Fatalf("NewIndex: %v", err)
	}
	return ix
}

func bundledLibrary(t testing.TB) *corpus.Library {
	t.Helper()
	library, err := bundled.Library()
	if err != nil {
		t.Fatalf("bundled documents: %v", err)
	}
	return library
}

// madeLibrary holds one resolution of an invented province.
func madeLibrary(t testing.TB) *corpus.Library {
	t.Helper()
	text, err := os.ReadFile("testdata/nghi-quyet.md")
	if err != nil {
		t.Fatal(err)
	}
	return corpus.NewLibrary(edition(t, "nghi-quyet", string(text)))
}

// edition reads a document written in Markdown.
func edition(t testing.TB, name, text string) *corpus.Edition {
	t.Helper()
	e, err := ingest.Reader(name+".md", strings.NewReader(text))
	if err != nil {
		t.Fatalf("read %s: %v", name, err)
	}
	return e
}

func find(t testing.TB, ix *Index, q Query) Result {
	t.Helper()
	r, err := ix.Search(t.Context(), q)
	if err != nil {
		t.Fatalf("Search(%+v): %v", q, err)
	}
	return r
}

// place names a passage without its edition: "ke-hoach-hoc-tap I.2".
func place(id corpus.PassageID) string {
	d, _, at, _ := id.Split()
	return string(d) + " " + at
}

func places(hits []Hit) []string {
	out := []string{}
	for _, h := range hits {
		out = append(out, place(h.Passage))
	}
	return out
}
