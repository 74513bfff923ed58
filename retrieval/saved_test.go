package retrieval

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/internal/pack"
	"github.com/hoinq/hoinq/retrieval/bm25"
	"github.com/hoinq/hoinq/retrieval/vector"
	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

// emptied is an index of the same library with nothing in it yet.
func emptied(ix *Index) *Index {
	empty := &Index{
		library: ix.library, lexicon: ix.lexicon, english: ix.english, weights: ix.weights, options: ix.options,
		meaning: &concepts{space: ix.meaning.space, entries: make([]dimension, ix.meaning.space.Size())},
	}
	for _, e := range ix.entries {
		empty.entries = append(empty.entries, entry{edition: e.edition, at: e.at})
	}
	return empty
}

// reloaded is an index packed and unpacked.
func reloaded(t testing.TB, ix *Index) *Index {
	t.Helper()
	vectors, err := ix.exportVectors()
	if err != nil {
		t.Fatal(err)
	}
	part := func(data []byte) func() ([]byte, error) { return func() ([]byte, error) { return data, nil } }
	loaded, err := loadIndex(ix.library, ix.options, part(ix.packPassages()), part(vectors))
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

// sameResults holds two indexes to give the same bytes.
func sameResults(t *testing.T, got, want *Index, queries []Query) {
	t.Helper()
	for _, q := range queries {
		g, _ := json.Marshal(find(t, got, q))
		w, _ := json.Marshal(find(t, want, q))
		if !bytes.Equal(g, w) {
			t.Fatalf("%+v:\n got %s\nwant %s", q, g, w)
		}
	}
}

// questionsOfAllKinds use every part of an index.
func questionsOfAllKinds() []Query {
	return []Query{
		{Text: "Ba khâu đột phá của Nghị quyết là gì?", Limit: 50},
		{Text: "ba khau dot pha cua nghi quyet la gi", Limit: 50},
		{Text: "Tinhr cos bao nhieeu chir tieeu?", Limit: 50},
		{Text: "Khi nào tổ chức hội nghị học tập?"},
		{Text: "Ai chủ trì hội nghị?"},
		{Text: "Phần II nói gì?"},
		{Text: "Khâu đột phá thứ hai là gì?"},
		{Text: "Bao giờ có thẻ khám bệnh?"},
		{Text: "Thế còn năm 2019?", Previous: "Năm 2020 tỉnh Vĩnh Phúc tăng trưởng bao nhiêu?"},
		{Text: "Giá xăng hôm nay bao nhiêu?"},
	}
}

func TestAnIndexThatWasSavedGivesTheSameResults(t *testing.T) {
	for name, ix := range map[string]*Index{"bundled": index(t, bundledLibrary(t)), "made": index(t, madeLibrary(t)), "empty": index(t, inventedLibrary(t, 0))} {
		t.Run(name, func(t *testing.T) { sameResults(t, reloaded(t, ix), ix, questionsOfAllKinds()) })
	}
	t.Run("invented", func(t *testing.T) {
		ix := index(t, inventedLibrary(t, 300))
		sameResults(t, reloaded(t, ix), ix, inventedQuestions(ix.library, 60))
	})
}

func TestAnIndexHasTheSameBytesOnAnyNumberOfCores(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	library := bundledLibrary(t)
	var want []byte
	for _, cores := range []int{1, 2, 5, 32} {
		runtime.GOMAXPROCS(cores)
		got := index(t, library)
		if want == nil {
			want = got.packPassages()
		}
		if !bytes.Equal(got.packPassages(), want) || !bytes.Equal(reloaded(t, got).packPassages(), want) {
			t.Errorf("%d cores: other bytes than one core makes", cores)
		}
	}
}

// A checksum keeps damage away from the reader, but not a writer of another
// version with a fault, nor malice. So the reader must get over anything.
func TestDamagedBytesAreAnErrorOrAnIndexThatAnswers(t *testing.T) {
	ix := index(t, madeLibrary(t))
	whole := ix.packPassages()
	unpacked := func(data []byte) error {
		got := emptied(ix)
		err := got.unpackPassages(data)
		if err != nil && !errors.Is(err, pack.ErrDamaged) {
			t.Fatalf("error %v, want %v", err, pack.ErrDamaged)
		}
		if err == nil {
			got.use(ix.vectors)
			for _, q := range questionsOfAllKinds()[:3] {
				find(t, got, q)
			}
		}
		return err
	}
	if err := unpacked(whole); err != nil {
		t.Fatal(err)
	}
	for n := 0; n < len(whole); n += max(1, len(whole)/97) {
		if unpacked(whole[:n]) == nil {
			t.Errorf("the first %d of %d bytes are taken for an index", n, len(whole))
		}
	}
	if unpacked(append(slices.Clone(whole), 0)) == nil {
		t.Error("a byte too many is taken for a part of the index")
	}
	refused := 0
	for at := range whole {
		if at > 40 && at%(len(whole)/97) != 0 {
			continue
		}
		for _, bit := range []byte{1, 0x80} {
			damaged := slices.Clone(whole)
			damaged[at] ^= bit
			if unpacked(damaged) != nil {
				refused++
			}
		}
	}
	if refused == 0 {
		t.Error("no damage was noticed")
	}
	if unpacked([]byte(strings.Replace(string(whole), "index of", "Index of", 1))) == nil {
		t.Error("bytes that do not begin as an index are taken for one")
	}
}

func FuzzUnpackPassages(f *testing.F) {
	ix := index(f, corpus.NewLibrary(edition(f, "tin", "# Tin\n\nNăm 2020 trồng hai rừng ngập mặn.\n\n- Khám bệnh\n- Học tập\n")))
	f.Add(ix.packPassages())
	terms := []bm25.Term{{Token: vietnamese.Tokenize("rừng")[0], Typed: true, Weight: 1}, {Token: vietnamese.Tokenize("ngập")[0], Weight: 1, After: true}}
	f.Fuzz(func(t *testing.T, data []byte) {
		got := emptied(ix)
		if got.unpackPassages(data) == nil {
			got.lexical.Search(terms)
			got.marks.restore(terms)
		}
	})
}

// analysisDigest is a checksum of what the analysis makes of a document, without
// the concepts, whose thesaurus is noticed by itself.
func analysisDigest(t *testing.T) string {
	t.Helper()
	sum := sha256.New()
	ix := emptyIndex(corpus.NewLibrary(append(madeLibrary(t).All(), askedLibrary(t).All()...)...), Options{})
	for i, p := range ix.analyse() {
		p.entry.edition = nil
		fmt.Fprintf(sum, "%d %+v\n", i, p)
		v, err := vector.Local().Embed(t.Context(), ix.entries[i].edition.Said(ix.entries[i].at))
		fmt.Fprintf(sum, "%.3f %v\n", v, err) // rounded: not every machine adds up alike
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}

func TestAChangedAnalysisHasAnotherVersion(t *testing.T) {
	recorded, err := os.ReadFile("testdata/analysis.txt")
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprintf("version %d\n%s\n", analysisVersion, analysisDigest(t))
	if got != string(recorded) {
		t.Errorf("testdata/analysis.txt has\n%sbut the analysis gives\n%sIf it changed, an index that was saved before must not be used: raise analysisVersion and write the new lines into the file.", recorded, got)
	}
}
