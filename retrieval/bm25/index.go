package bm25

import (
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

// Params are the constants of the ranking. Use [DefaultParams].
type Params struct {
	// K1 is how fast repetition saturates; B how far a long body is held
	// against a document (0 not at all, 1 in full).
	K1, B float64
	// Heading is the weight of a word in the heading; one in the body weighs 1.
	Heading float64
	// Asked is the least weight of a word in a question that the document is
	// known to answer: it adds nothing to what the body says already.
	Asked float64
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
// (`hoinq eval --answers`), but for Asked: those documents have no questions. An
// authored question says in the asker's words what the document is about, as its
// body does, but is not what it says.
func DefaultParams() Params {
	return Params{K1: 1.2, B: 0.4, Heading: 0.45, Asked: 0.8, Typed: 0.9, Guess: 0.4, Pair: 0.5}
}

// Document is what is indexed of one document.
type Document struct {
	Body []vietnamese.Token
	// Heading are the lines above the body, Asked the questions that it is known
	// to answer; no pair is made across two. What stands there alone counts as
	// anywhere, not as in the body.
	Heading, Asked [][]vietnamese.Token
}

// Index is immutable once built and safe for concurrent use. The zero value is
// an index without documents. It must not be copied.
type Index struct {
	params        Params
	size          int
	typed, folded form
	// tallies are slices of tally, one for each document, all zero.
	tallies sync.Pool
}

// Knows reports whether any document holds the word in this form: as typed, or
// folded.
func (ix *Index) Knows(t vietnamese.Token, typed bool) bool {
	if typed {
		_, ok := ix.typed.words[t.Text]
		return ok
	}
	_, ok := ix.folded.words[t.Folded]
	return ok
}

// KnowsPair reports whether a and b follow each other in any document, folded.
func (ix *Index) KnowsPair(a, b vietnamese.Token) bool {
	_, ok := ix.folded.pair(a.Folded, b.Folded)
	return ok
}

// Count is how many documents hold a word in this very form.
func (ix *Index) Count(form string) int {
	l, _ := ix.typed.word(form)
	return l.holding
}

// CountPair is how many hold two words that follow each other, with a space
// between.
func (ix *Index) CountPair(forms string) int {
	a, b, _ := strings.Cut(forms, " ")
	l, _ := ix.typed.pair(a, b)
	return l.holding
}

// Weight is the idf of a term: as typed or guessed when documents hold it so,
// else folded. A word no document holds weighs the most.
func (ix *Index) Weight(t Term) float64 {
	if form, share := ix.formOf(t); share > 0 {
		if l, ok := ix.typed.word(form); ok {
			return ix.idf(l.bodies)
		}
	}
	if l, ok := ix.folded.word(t.Folded); ok {
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
	return ix.Best(query, ix.size, func(int) bool { return true })
}

// Best returns the first n of the documents that [Index.Search] returns and
// that are wanted. It asks only of those that would be among them, any number
// of times.
func (ix *Index) Best(query []Term, n int, wanted func(doc int) bool) []Match {
	if ix.size == 0 || n <= 0 {
		return []Match{}
	}
	found := ix.borrow()
	defer ix.giveBack(found)
	ix.score(*found, query)
	best := top{limit: n}
	for doc, t := range *found {
		if t.score > 0 {
			m := Match{Doc: doc, Score: t.score, Body: t.body, Any: t.any}
			if best.takes(m) && wanted(doc) {
				best.add(m)
			}
		}
	}
	slices.SortFunc(best.matches, compare)
	return best.matches
}

// borrow returns a tally for each document, all zero. A pool keeps them, because
// those of 60,000 documents take as long to make as to use.
func (ix *Index) borrow() *[]tally {
	if found, ok := ix.tallies.Get().(*[]tally); ok {
		return found
	}
	found := make([]tally, ix.size)
	return &found
}

func (ix *Index) giveBack(found *[]tally) {
	clear(*found)
	ix.tallies.Put(found)
}

// score adds up what the terms of a query contribute, in their order.
func (ix *Index) score(found []tally, query []Term) {
	for i, t := range query {
		form, typed := ix.formOf(t)
		before, folded := "", ""
		if i > 0 {
			before, _ = ix.formOf(query[i-1])
			folded = query[i-1].Folded
		}
		if i > 0 && t.Defines > 0 {
			ix.addPair(found, &ix.typed, before, form, t.Defines*typed)
			ix.addPair(found, &ix.folded, folded, t.Folded, t.Defines*(1-typed))
		}
		if t.Weight == 0 {
			continue
		}
		// A word typed with marks, or guessed, is held by the documents that
		// write it so; one that none writes so, by its folded form.
		exact := (t.Typed && t.Marked() || t.Guess != "") && ix.Count(form) > 0
		ix.addWord(found, &ix.typed, form, t.Weight*typed, bit(i, exact))
		ix.addWord(found, &ix.folded, t.Folded, t.Weight*(1-typed), bit(i, !exact))
		if i > 0 && t.After && query[i-1].Weight > 0 {
			weight := ix.params.Pair * min(t.Weight, query[i-1].Weight)
			ix.addPair(found, &ix.typed, before, form, weight*typed)
			ix.addPair(found, &ix.folded, folded, t.Folded, weight*(1-typed))
		}
	}
}

// addWord adds what one word contributes to each document that holds it, and
// the word to the documents' sets.
func (ix *Index) addWord(found []tally, f *form, word string, weight float64, set uint64) {
	if weight == 0 && set == 0 {
		return
	}
	if l, ok := f.word(word); ok {
		f.collect(found, l, weight*ix.idf(l.bodies), set)
	}
}

// addPair does the same for two words that follow each other.
func (ix *Index) addPair(found []tally, f *form, a, b string, weight float64) {
	if weight == 0 {
		return
	}
	if l, ok := f.pair(a, b); ok {
		f.collect(found, l, weight*ix.idf(l.bodies), 0)
	}
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

func compare(a, b Match) int {
	switch {
	case a.Score > b.Score:
		return -1
	case a.Score < b.Score:
		return 1
	}
	return a.Doc - b.Doc
}

// top keeps the best of the matches that it is given, at most limit of them: a
// heap with the worst at its root.
type top struct {
	limit   int
	matches []Match
}

// takes reports whether m would be kept.
func (t *top) takes(m Match) bool {
	return len(t.matches) < t.limit || compare(m, t.matches[0]) < 0
}

// add keeps a match that it takes.
func (t *top) add(m Match) {
	if len(t.matches) < t.limit {
		t.matches = append(t.matches, m)
		if len(t.matches) == t.limit {
			for i := t.limit/2 - 1; i >= 0; i-- {
				t.sink(i)
			}
		}
		return
	}
	t.matches[0] = m
	t.sink(0)
}

// sink moves match i down until none below it is worse.
func (t *top) sink(i int) {
	for {
		worst := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(t.matches); child++ {
			if compare(t.matches[child], t.matches[worst]) > 0 {
				worst = child
			}
		}
		if worst == i {
			return
		}
		t.matches[i], t.matches[worst] = t.matches[worst], t.matches[i]
		i = worst
	}
}
