package bm25

import (
	"math"
	"slices"

	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

// Params are the constants of the ranking. Use [DefaultParams].
type Params struct {
	// K1 is how fast repetition saturates; B how far a long body is held
	// against a document (0 not at all, 1 in full).
	K1, B float64
	// Heading is the weight of a word in the heading; one in the body weighs 1.
	Heading float64
	// Typed is the share of a term's weight that goes to the form as typed,
	// when the asker typed marks; the rest goes to the folded form.
	Typed float64
	// Guess is the same share for a form that was guessed from a word typed
	// without marks.
	Guess float64
	// Pair is the weight of a pair of neighbours against that of one word.
	Pair float64
}

// DefaultParams are the constants in use. K1 is the usual one of the literature
// (1.2); B is smaller than the usual 0.75, because passages are short and their
// length says little. The others were set by hand on the development questions
// (`hoinq eval --answers`).
func DefaultParams() Params {
	return Params{K1: 1.2, B: 0.4, Heading: 0.45, Typed: 0.9, Guess: 0.6, Pair: 0.5}
}

// Document is what is indexed of one document.
type Document struct {
	Body []vietnamese.Token
	// Heading are the lines above the body; no pair is made across two.
	Heading [][]vietnamese.Token
}

// Index is immutable once built and safe for concurrent use. The zero value is
// an index without documents.
type Index struct {
	params Params
	size   int
	terms  [kinds]map[string]*list
}

// list are the documents that hold a term, by number.
type list struct {
	postings []posting
	// bodies is how many hold it in the body. Rarity is counted there alone:
	// the name of a document stands above each of its passages and says
	// nothing about them.
	bodies int
}

// The kinds of terms, each with its own dictionary.
const (
	single = iota
	singleFolded
	pair
	pairFolded
	kinds
)

// posting is one document that holds a term.
type posting struct {
	doc int32
	// impact is the saturated weight of the term in the document, from 0 to
	// K1+1, without its idf.
	impact float32
	inBody bool
}

// Build indexes the documents; their numbers are their positions in docs.
func Build(docs []Document, params Params) *Index {
	ix := &Index{params: params, size: len(docs)}
	var bodyTotal int
	for _, d := range docs {
		bodyTotal += len(d.Body)
	}
	average := float64(bodyTotal) / float64(max(len(docs), 1))
	for kind := range kinds {
		ix.terms[kind] = map[string]*list{}
	}
	for n, d := range docs {
		norm := 1 - params.B + params.B*float64(len(d.Body))/max(average, 1)
		for kind := range kinds {
			ix.add(kind, int32(n), d, norm)
		}
	}
	return ix
}

func (ix *Index) add(kind int, doc int32, d Document, norm float64) {
	type counts struct{ body, heading float64 }
	found := map[string]counts{}
	for _, term := range termsOf(kind, d.Body) {
		c := found[term]
		c.body++
		found[term] = c
	}
	for _, line := range d.Heading {
		for _, term := range termsOf(kind, line) {
			c := found[term]
			c.heading = 1 // headings repeat each other; once is enough
			found[term] = c
		}
	}
	for term, c := range found {
		tf := c.body/norm + ix.params.Heading*c.heading
		l := ix.terms[kind][term]
		if l == nil {
			l = &list{}
			ix.terms[kind][term] = l
		}
		l.postings = append(l.postings, posting{
			doc:    doc,
			impact: float32(tf * (ix.params.K1 + 1) / (tf + ix.params.K1)),
			inBody: c.body > 0,
		})
		if c.body > 0 {
			l.bodies++
		}
	}
}

// termsOf are the terms of one kind in a run of tokens.
func termsOf(kind int, tokens []vietnamese.Token) []string {
	var out []string
	for i, t := range tokens {
		switch kind {
		case single:
			out = append(out, t.Text)
		case singleFolded:
			out = append(out, t.Folded)
		case pair:
			if i > 0 {
				out = append(out, tokens[i-1].Text+" "+t.Text)
			}
		case pairFolded:
			if i > 0 {
				out = append(out, tokens[i-1].Folded+" "+t.Folded)
			}
		}
	}
	return out
}

// Knows reports whether any document holds the word in this form: as typed, or
// folded.
func (ix *Index) Knows(t vietnamese.Token, typed bool) bool {
	if typed {
		return ix.terms[single][t.Text] != nil
	}
	return ix.terms[singleFolded][t.Folded] != nil
}

// KnowsPair reports whether a and b follow each other in any document, folded.
func (ix *Index) KnowsPair(a, b vietnamese.Token) bool {
	return ix.terms[pairFolded][a.Folded+" "+b.Folded] != nil
}

// Count is how many documents hold a word in this very form.
func (ix *Index) Count(form string) int { return ix.count(single, form) }

// CountPair is how many hold two words that follow each other, with a space
// between.
func (ix *Index) CountPair(forms string) int { return ix.count(pair, forms) }

func (ix *Index) count(kind int, term string) int {
	if l := ix.terms[kind][term]; l != nil {
		return len(l.postings)
	}
	return 0
}

// Weight is the idf of a term: as typed or guessed when documents hold it so,
// else folded. A word no document holds weighs the most.
func (ix *Index) Weight(t Term) float64 {
	if form, share := ix.formOf(t); share > 0 {
		if l := ix.terms[single][form]; l != nil {
			return ix.idf(l.bodies)
		}
	}
	if l := ix.terms[singleFolded][t.Folded]; l != nil {
		return ix.idf(l.bodies)
	}
	return ix.MaxWeight()
}

// MaxWeight is the weight of a word that no document holds.
func (ix *Index) MaxWeight() float64 { return ix.idf(0) }

// idf is the inverse document frequency in the form that is never negative.
func (ix *Index) idf(documents int) float64 {
	return math.Log(1 + (float64(ix.size)-float64(documents)+0.5)/(float64(documents)+0.5))
}

// Term is one word of a query.
type Term struct {
	vietnamese.Token
	// Typed says that the writer's marks count for this word.
	Typed bool
	// Guess is how the word is likely written, where the writer typed no
	// marks; empty when that was not asked.
	Guess string
	// Weight multiplies what the word contributes; 0 leaves it out.
	Weight float64
	// Defines is the weight of the pair that the word makes with the one before
	// it, though by itself it may weigh nothing: "thần là" in "chất hướng thần
	// là gì", which stands where the thing is defined.
	Defines float64
	// After says that the word stands right after the term before it.
	After bool
}

// Match is one document found. Body and Any are sets of terms by position in
// the query (bit i is term i), those in the body and those anywhere; only the
// first 64 terms are followed.
type Match struct {
	Doc   int
	Score float64
	Body  uint64
	Any   uint64
}

// Search returns all documents that hold a word of the query, best first and
// then by number.
func (ix *Index) Search(query []Term) []Match {
	found := make([]Match, ix.size)
	for i, t := range query {
		form, typed := ix.formOf(t)
		before := ""
		if i > 0 {
			before, _ = ix.formOf(query[i-1])
		}
		if i > 0 && t.Defines > 0 {
			ix.collect(found, pair, before+" "+form, t.Defines*typed, 0)
			ix.collect(found, pairFolded, query[i-1].Folded+" "+t.Folded, t.Defines*(1-typed), 0)
		}
		if t.Weight == 0 {
			continue
		}
		// A word typed with marks, or guessed, is held by the documents that
		// write it so; one that none writes so, by its folded form.
		exact := (t.Typed && t.Marked() || t.Guess != "") && ix.Count(form) > 0
		ix.collect(found, single, form, t.Weight*typed, bit(i, exact))
		ix.collect(found, singleFolded, t.Folded, t.Weight*(1-typed), bit(i, !exact))
		if i > 0 && t.After && query[i-1].Weight > 0 {
			weight := ix.params.Pair * min(t.Weight, query[i-1].Weight)
			ix.collect(found, pair, before+" "+form, weight*typed, 0)
			ix.collect(found, pairFolded, query[i-1].Folded+" "+t.Folded, weight*(1-typed), 0)
		}
	}
	matches := make([]Match, 0, 64)
	for doc := range found {
		if found[doc].Score > 0 {
			found[doc].Doc = doc
			matches = append(matches, found[doc])
		}
	}
	slices.SortFunc(matches, compare)
	return matches
}

// formOf is the form of a term with its marks, and the share of its weight
// that goes to it.
func (ix *Index) formOf(t Term) (form string, share float64) {
	switch {
	case t.Typed:
		return t.Text, ix.params.Typed
	case t.Guess != "":
		return t.Guess, ix.params.Guess
	}
	return t.Text, 0
}

// bit is the set of term i alone, or the empty set.
func bit(i int, wanted bool) uint64 {
	if !wanted || i >= 64 {
		return 0
	}
	return 1 << i
}

// collect adds what one term contributes to each document that holds it, and
// the term to the documents' sets.
func (ix *Index) collect(found []Match, kind int, term string, weight float64, set uint64) {
	l := ix.terms[kind][term]
	if l == nil {
		return
	}
	weight *= ix.idf(l.bodies)
	for _, p := range l.postings {
		m := &found[p.doc]
		m.Score += weight * float64(p.impact)
		m.Any |= set
		if p.inBody {
			m.Body |= set
		}
	}
}

func compare(a, b Match) int {
	switch {
	case a.Score > b.Score:
		return -1
	case a.Score < b.Score:
		return 1
	}
	return a.Doc - b.Doc
}
