package retrieval

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/corpus/ingest"
	"github.com/hoinq/hoinq/retrieval/thesaurus"
)

// invented makes text of words that look Vietnamese, as often as Zipf has it,
// the same for the same seed. The words have one or two syllables, so that
// there are pairs that keep together, as in the language, and some are phrases
// that the thesaurus knows.
type invented struct {
	random *rand.Rand
	words  []string
	zipf   *rand.Zipf
}

func newInvented(seed uint64) *invented {
	random := rand.New(rand.NewPCG(seed, 60000))
	onsets := strings.Fields("b c ch d đ g gi h kh l m n ng nh ph qu r s t th tr v x")
	rimes := strings.Fields("a ai am an ang anh ao at âm ân âng âu âp ê em en eo êu êt i ia iêm iên iêp iêu inh ich o oa oan oc oi om on ong ô ôi ôm ôn ông ôt ơ ơi ơn u ua uân un ung uyên uyêt ư ưa ưng ươi ương ươc")
	tones := []string{"", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"}
	syllable := func() string {
		rime := []rune(rimes[random.IntN(len(rimes))])
		// The tone stands on the first vowel here; what counts is that it does
		// so always.
		return onsets[random.IntN(len(onsets))] + string(rime[0]) + tones[random.IntN(len(tones))] + string(rime[1:])
	}
	t := &invented{random: random, words: make([]string, 20000)}
	for i := range t.words {
		t.words[i] = syllable()
		if random.IntN(10) < 7 {
			t.words[i] += " " + syllable()
		}
	}
	// Some are phrases of the thesaurus, from both sides of it, rare and common.
	concepts, _ := thesaurus.Load()
	for i := range concepts.Size() {
		c := concepts.Concept(i)
		for _, phrase := range []string{c.Said[0], c.Written[0]} {
			t.words[random.IntN(len(t.words))] = phrase
		}
	}
	t.zipf = rand.NewZipf(random, 1.07, 12, uint64(len(t.words)-1))
	return t
}

// text has at least as many syllables as asked, at most one more.
func (t *invented) text(syllables int) string {
	var b strings.Builder
	for n := 0; n < syllables; {
		word := t.words[t.zipf.Uint64()]
		n += 1 + strings.Count(word, " ")
		b.WriteString(word + " ")
	}
	r := []rune(strings.TrimSpace(b.String()))
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

// inventedLibrary has so many passages in documents of at most 1,500, with
// headings, running text of 20 to 60 syllables, lists, figures and years.
func inventedLibrary(t testing.TB, passages int) *corpus.Library {
	t.Helper()
	text := newInvented(1)
	var editions []*corpus.Edition
	for number := 1; passages > 0; number++ {
		e := text.document(t, number, min(passages, 1500))
		passages -= len(e.Passages)
		editions = append(editions, e)
	}
	return corpus.NewLibrary(editions...)
}

func (t *invented) document(tb testing.TB, number, passages int) *corpus.Edition {
	tb.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "---\nnumber: %d-NQ/TU\nterm: 2020-2025\n---\n# Nghị quyết %s\n\n", number, t.text(8))
	for n := 1; n < passages; {
		fmt.Fprintf(&b, "## %s\n\n", t.text(8))
		n++
		for items := 0; n < passages && items < 12; n++ {
			switch kind := t.random.IntN(10); {
			case kind == 0:
				fmt.Fprintf(&b, "### %s\n\n", t.text(8))
			case kind < 5:
				items++
				fmt.Fprintf(&b, "- %s.\n\n", t.text(20+t.random.IntN(30)))
			case kind == 5:
				fmt.Fprintf(&b, "%s, đến năm %d đạt %d,%d %%.\n\n", t.text(20+t.random.IntN(30)), 2020+t.random.IntN(10), t.random.IntN(100), t.random.IntN(10))
			default:
				fmt.Fprintf(&b, "%s.\n\n", t.text(20+t.random.IntN(40)))
			}
		}
	}
	e, err := ingest.Reader(fmt.Sprintf("van-ban-%03d.md", number), strings.NewReader(b.String()))
	if err != nil {
		tb.Fatalf("read document %d: %v", number, err)
	}
	return e
}

// inventedQuestions take words out of passages, as typed, one in three without
// marks.
func inventedQuestions(library *corpus.Library, n int) []Query {
	random := rand.New(rand.NewPCG(2, 60000))
	editions := library.InForce()
	var queries []Query
	for len(queries) < n {
		e := editions[random.IntN(len(editions))]
		words := strings.Fields(strings.Trim(e.Said(random.IntN(len(e.Passages))), "."))
		if len(words) < 12 {
			continue
		}
		from := random.IntN(len(words) - 9)
		text := strings.Join(words[from:from+6+random.IntN(4)], " ") + " là gì?"
		if len(queries)%3 == 2 {
			text = fold(text)
		}
		queries = append(queries, Query{Text: text})
	}
	return queries
}

// heap is what is in use on the heap, in MB.
func heap() float64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // the first empties pools, the second frees what was in them
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / (1 << 20)
}

// p50 is the median time of do over the queries, in milliseconds.
func p50(queries []Query, do func(Query)) float64 {
	took := make([]time.Duration, len(queries))
	for i, q := range queries {
		begin := time.Now()
		do(q)
		took[i] = time.Since(begin)
	}
	slices.Sort(took)
	return took[len(took)/2].Seconds() * 1000
}

// BenchmarkScale measures an invented corpus of 100, 2,249 and 60,000 passages,
// and of as few as an index is saved for. One command prints all:
//
//	go test ./retrieval -run '^$' -bench Scale -benchtime 1x
//
// The units say what it is: seconds to build an index, to save it and to load
// it; MB on the heap of the library alone, of an index that was built and of one
// that was loaded; medians in milliseconds of the lexical search alone, of what
// concepts and vectors add to it, and of the whole search from question to
// decision.
func BenchmarkScale(b *testing.B) {
	for _, passages := range []int{100, LeastSaved, 2249, 60000} {
		b.Run(fmt.Sprintf("passages=%d", passages), func(b *testing.B) {
			before := heap()
			library := inventedLibrary(b, passages)
			alone := heap()
			queries := inventedQuestions(library, 300)
			for b.Loop() {
				measureScale(b, library, queries)
			}
			b.ReportMetric(alone-before, "MB-library")
			runtime.KeepAlive(library)
		})
	}
}

func measureScale(b *testing.B, library *corpus.Library, queries []Query) {
	b.Helper()
	ctx := context.Background()
	before := heap()
	begin := time.Now()
	ix, err := NewIndex(ctx, library, Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(time.Since(begin).Seconds(), "s-build")
	folder := OpenFolder(b.TempDir())
	begin = time.Now()
	if err := folder.Save(ctx, ix); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(time.Since(begin).Seconds(), "s-save")
	b.ReportMetric(heap()-before, "MB-index")
	measureSearch(b, ix, queries)
	runtime.KeepAlive(ix) // and no longer

	before = heap()
	begin = time.Now()
	loaded, err := folder.Load(ctx, library, Options{})
	if errors.Is(err, ErrNotSaved) && !WorthSaving(library) {
		return
	}
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(time.Since(begin).Seconds(), "s-load")
	b.ReportMetric(heap()-before, "MB-index-loaded")
	runtime.KeepAlive(loaded)
}

func measureSearch(b *testing.B, ix *Index, queries []Query) {
	b.Helper()
	ctx := context.Background()
	asked, found := map[string]question{}, map[string][]*candidate{}
	for _, q := range queries {
		asked[q.Text] = ix.understand(q)
		found[q.Text] = ix.byWords(q, asked[q.Text])
	}
	b.ReportMetric(p50(queries, func(q Query) {
		ix.lexical.Best(asked[q.Text].terms, candidates, func(doc int) bool { return ix.citable(q, doc) })
	}), "ms-lexical-p50")
	b.ReportMetric(p50(queries, func(q Query) {
		asked := asked[q.Text]
		ix.meaning.meant(&asked)
		similar, err := ix.byVectors(ctx, q, asked, found[q.Text])
		if err != nil {
			b.Fatal(err)
		}
		ix.byConcepts(q, asked, similar)
	}), "ms-added-p50")
	b.ReportMetric(p50(queries, func(q Query) {
		if _, err := ix.Search(ctx, q); err != nil {
			b.Fatal(err)
		}
	}), "ms-search-p50")
}
