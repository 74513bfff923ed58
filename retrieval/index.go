package retrieval

import (
	"context"
	"fmt"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/retrieval/bm25"
	"github.com/hoinq/hoinq/retrieval/fusion"
	"github.com/hoinq/hoinq/retrieval/vector"
	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

// Options of an [Index]. The zero value is the ranking in use.
type Options struct {
	// Embedder makes the vectors; the zero value means [vector.Local].
	Embedder vector.Embedder
}

// Index answers queries over the editions in force of one library. It is
// immutable and safe for concurrent use.
type Index struct {
	library *corpus.Library
	entries []entry // by document, in the order of the text
	lexical *bm25.Index
	vectors *vector.Index
	lexicon *vietnamese.Lexicon
	weights fusion.Weights
	// number finds an entry by its passage.
	number map[corpus.PassageID]int
}

// entry is one passage in the index.
type entry struct {
	edition *corpus.Edition
	at      int // in edition.Passages
	offers  offers
	// content is how many words of weight the name of a list has; 0 for a
	// passage that has no list below it.
	content int
	// years are the years in the passage, yearsAbove those in its headings and
	// lead-ins; the document's title and term are left out.
	years, yearsAbove []string
}

func (e entry) passage() corpus.Passage { return e.edition.Passages[e.at] }

// NewIndex indexes the editions in force. It fails only when the embedder does.
func NewIndex(ctx context.Context, library *corpus.Library, opt Options) (*Index, error) {
	if opt.Embedder.Embed == nil {
		opt.Embedder = vector.Local()
	}
	ix := &Index{
		library: library,
		lexicon: vietnamese.NewLexicon(),
		weights: fusion.DefaultWeights(),
		number:  map[corpus.PassageID]int{},
	}
	var docs []bm25.Document
	var texts []vector.Text
	for _, e := range library.InForce() {
		for at := range e.Passages {
			p := e.Passages[at]
			ix.number[p.ID] = len(ix.entries)
			body := vietnamese.Tokenize(indexed(e, at))
			above := sectionsOf(e, at)
			ix.entries = append(ix.entries, entry{
				edition:    e,
				at:         at,
				offers:     offersOf(e, at, body),
				content:    ix.contentOf(e, at, body),
				years:      yearsIn(body, isYear),
				yearsAbove: yearsAbove(e, at),
			})
			docs = append(docs, bm25.Document{
				Body:    body,
				Heading: append(nameOf(e.Document), above...),
			})
			texts = append(texts, vector.Text{ID: string(p.ID), Text: e.Words(p.Span)})
		}
	}
	ix.lexical = bm25.Build(docs, bm25.DefaultParams())
	vectors, err := vector.Build(ctx, opt.Embedder, texts)
	if err != nil {
		return nil, fmt.Errorf("build index: %w", err)
	}
	ix.vectors = vectors
	return ix, nil
}

// Library is the library that the index was built from.
func (ix *Index) Library() *corpus.Library { return ix.library }

// indexed are the words of a passage that count in the search. The number of a
// point says nothing: "4 nhiệm vụ" is not asked of the fourth point. That of a
// điều or chương does.
func indexed(e *corpus.Edition, at int) string {
	p := e.Passages[at]
	mark := vietnamese.Tokenize(e.Words(corpus.Span{Start: p.Start, End: p.Start + p.Mark}))
	if len(mark) > 1 && !mark[0].Figure && !mark[0].Roman {
		return e.Words(p.Span)
	}
	return e.Said(at)
}

// contentOf counts the words of weight in the name of a list: a heading or
// lead-in with items below it, without its mark.
func (ix *Index) contentOf(e *corpus.Edition, at int, tokens []vietnamese.Token) int {
	items := 0
	for _, child := range e.Children(at) {
		if e.Passages[child].Kind == corpus.PassageItem {
			items++
		}
	}
	if items < 2 {
		return 0
	}
	n := 0
	for i, weightless := range ix.lexicon.Weightless(tokens, false) {
		if !weightless && !tokens[i].Roman && !tokens[i].Figure {
			n++
		}
	}
	return n
}

// nameOf is what stands above every passage of a document, each a line of its
// own: its kind, title and term.
func nameOf(d corpus.Document) [][]vietnamese.Token {
	return [][]vietnamese.Token{
		vietnamese.Tokenize(d.Kind.Name()), vietnamese.Tokenize(d.Title), vietnamese.Tokenize(d.Term),
	}
}

// sectionsOf is what stands above a passage within its document, each a line of
// its own: the names of its sections, the lead-ins of its list, the header of
// its table.
func sectionsOf(e *corpus.Edition, at int) [][]vietnamese.Token {
	var lines [][]vietnamese.Token
	for _, a := range e.Ancestors(at) {
		if e.Passages[a].Kind != corpus.PassageTitle {
			lines = append(lines, vietnamese.Tokenize(e.Words(e.Passages[a].Span)))
		}
	}
	return append(lines, vietnamese.Tokenize(e.Words(e.Passages[at].Header)))
}

// yearsIn are the tokens that are years.
func yearsIn(tokens []vietnamese.Token, isYear func(vietnamese.Token) bool) []string {
	var years []string
	for _, t := range tokens {
		if isYear(t) {
			years = append(years, t.Text)
		}
	}
	return years
}

// yearsAbove are the years that the headings and lead-ins of a passage name. A
// period in a heading says nothing of the year that a passage is about.
func yearsAbove(e *corpus.Edition, at int) []string {
	var years []string
	for _, a := range e.Ancestors(at) {
		if p := e.Passages[a]; p.Kind != corpus.PassageTitle {
			words := e.Words(p.Span)
			alone := func(t vietnamese.Token) bool { return isYear(t) && year(words, t) }
			years = append(years, yearsIn(vietnamese.Tokenize(words), alone)...)
		}
	}
	return years
}
