package bm25

import (
	"fmt"
	"runtime"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

// plain is the index as one would write it without thinking of its size: a map
// from each term, pairs joined by a space, to its documents. What [Build] makes
// must give the same, bit by bit.
type plain struct {
	*Index // for its params, size and idf
	terms  [2]map[string][]plainPosting
}

type plainPosting struct {
	doc    int
	impact float32
	inBody bool
}

func plainTerms(tokens []vietnamese.Token, form int) []string {
	key := func(t vietnamese.Token) string { return []string{t.Text, t.Folded}[form] }
	var terms []string
	for i, t := range tokens {
		terms = append(terms, key(t))
		if i > 0 {
			terms = append(terms, key(tokens[i-1])+" "+key(t))
		}
	}
	return terms
}

func buildPlain(docs []Document, params Params) plain {
	p := plain{Index: &Index{params: params, size: len(docs)}}
	total := 0
	for _, d := range docs {
		total += len(d.Body)
	}
	for form := range p.terms {
		p.terms[form] = map[string][]plainPosting{}
		for n, d := range docs {
			norm := 1 - params.B + params.B*float64(len(d.Body))/max(float64(total)/float64(len(docs)), 1)
			body, heading, asked := map[string]float64{}, map[string]float64{}, map[string]float64{}
			for _, term := range plainTerms(d.Body, form) {
				body[term]++
			}
			for _, line := range d.Heading {
				for _, term := range plainTerms(line, form) {
					heading[term] = 1
				}
			}
			for _, line := range d.Asked {
				for _, term := range plainTerms(line, form) {
					asked[term] = 1
				}
			}
			add := func(term string) {
				tf := body[term] / norm
				tf += params.Heading * heading[term]
				tf = max(tf, params.Asked*asked[term])
				p.terms[form][term] = append(p.terms[form][term], plainPosting{n, float32(tf * (params.K1 + 1) / (tf + params.K1)), body[term] > 0})
			}
			for term := range body {
				add(term)
			}
			for term := range heading {
				if body[term] == 0 {
					add(term)
				}
			}
			for term := range asked {
				if body[term] == 0 && heading[term] == 0 {
					add(term)
				}
			}
		}
	}
	return p
}

func (p plain) search(query []Term) []Match {
	found := make([]Match, p.size)
	collect := func(form int, term string, weight float64, set uint64) {
		bodies := 0
		for _, posting := range p.terms[form][term] {
			if posting.inBody {
				bodies++
			}
		}
		weight *= p.idf(bodies)
		for _, posting := range p.terms[form][term] {
			m := &found[posting.doc]
			m.Doc = posting.doc
			m.Score += weight * float64(posting.impact)
			m.Any |= set
			if posting.inBody {
				m.Body |= set
			}
		}
	}
	for i, t := range query {
		form, typed := p.formOf(t)
		pairs := func(weight float64) {
			before, _ := p.formOf(query[i-1])
			collect(0, before+" "+form, weight*typed, 0)
			collect(1, query[i-1].Folded+" "+t.Folded, weight*(1-typed), 0)
		}
		if i > 0 && t.Defines > 0 {
			pairs(t.Defines)
		}
		if t.Weight == 0 {
			continue
		}
		exact := (t.Typed && t.Marked() || t.Guess != "") && len(p.terms[0][form]) > 0
		collect(0, form, t.Weight*typed, bit(i, exact))
		collect(1, t.Folded, t.Weight*(1-typed), bit(i, !exact))
		if i > 0 && t.After && query[i-1].Weight > 0 {
			pairs(p.params.Pair * min(t.Weight, query[i-1].Weight))
		}
	}
	found = slices.DeleteFunc(found, func(m Match) bool { return m.Score <= 0 })
	slices.SortFunc(found, compare)
	return found
}

func TestResultsAreThoseOfAPlainIndexOnAnyNumberOfCores(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	docs, queries := made(300)
	docs[17], docs[18].Heading = Document{}, nil
	docs[19].Body = slices.Repeat(docs[19].Body, 40) // impacts and counts beyond one byte
	queries[3][2].Defines, queries[3][4].Weight, queries[5][1].After = 0.7, 0, false
	for i := range queries[7] {
		queries[7][i].Typed, queries[7][i].Guess = false, "tỉnh"
	}
	without := DefaultParams()
	without.Heading, without.Pair = 0, 0
	for _, params := range []Params{DefaultParams(), without} {
		want := buildPlain(docs, params)
		for _, cores := range []int{1, 2, 3, 16} {
			runtime.GOMAXPROCS(cores)
			ix := Build(docs, params)
			for i, q := range queries {
				if diff := cmp.Diff(ix.Search(q), want.search(q)); diff != "" {
					t.Fatalf("%d cores, question %d (-got +want):\n%s", cores, i, diff)
				}
			}
			for term, postings := range want.terms[0] {
				if n := ix.Count(term) + ix.CountPair(term); n != len(postings) {
					t.Errorf("%d cores, %q: %d documents, want %d", cores, term, n, len(postings))
				}
			}
		}
	}
}

func TestBestIsTheBeginningOfSearchWithoutTheUnwanted(t *testing.T) {
	docs, queries := made(300)
	ix := Build(slices.Concat(docs, docs), DefaultParams()) // every score twice
	wanted := func(doc int) bool { return doc%3 != 0 }
	for i, q := range queries {
		all := slices.DeleteFunc(ix.Search(q), func(m Match) bool { return !wanted(m.Doc) })
		for _, n := range []int{-1, 0, 1, 2, 7, 64, len(all), len(all) + 1} {
			if diff := cmp.Diff(ix.Best(q, n, wanted), all[:max(0, min(n, len(all)))]); diff != "" {
				t.Fatalf("question %d, the best %d (-got +want):\n%s", i, n, diff)
			}
		}
	}
}

func TestQueriesAtTheSameTimeDoNotDisturbEachOther(t *testing.T) {
	docs, queries := made(200)
	ix := Build(docs, DefaultParams())
	var want []string
	for _, q := range queries {
		want = append(want, fmt.Sprint(ix.Search(q)))
	}
	for worker := range 4 {
		t.Run(fmt.Sprint(worker), func(t *testing.T) {
			t.Parallel()
			for i := range 10 * len(queries) {
				n := (i*7 + worker) % len(queries)
				if got := fmt.Sprint(ix.Search(queries[n])); got != want[n] {
					t.Fatalf("question %d: got %s, want %s", n, got, want[n])
				}
			}
		})
	}
}
