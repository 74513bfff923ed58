package retrieval

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/internal/parallel"
	"github.com/hoinq/hoinq/retrieval/bm25"
	"github.com/hoinq/hoinq/retrieval/english"
	"github.com/hoinq/hoinq/retrieval/fusion"
	"github.com/hoinq/hoinq/retrieval/thesaurus"
	"github.com/hoinq/hoinq/retrieval/vector"
	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

// Options of an [Index]. The zero value is the ranking in use.
type Options struct {
	// Embedder makes the vectors; the zero value means [vector.Local].
	Embedder vector.Embedder
	// Without leaves parts of the ranking out, for evaluation.
	Without []Part
	// Wholes also indexes each document as one, for [Index.Documents].
	Wholes bool
}

// Index answers queries over the editions in force of one library. It is
// immutable and safe for concurrent use.
type Index struct {
	library *corpus.Library
	entries []entry // by document, in the order of the text
	lexical *bm25.Index
	vectors *vector.Index
	meaning *concepts
	marks   *marks
	// written finds the passages for questions that were written for them.
	written writtenFor
	lexicon *vietnamese.Lexicon
	english *english.Glossary
	weights fusion.Weights
	options Options
	// wholes are the documents as one each, by their ids; nil without
	// [Options.Wholes].
	wholes    *bm25.Index
	documents []corpus.DocumentID
	titles    [][]titleWord // what the title of each tells
	// number finds an entry by its passage; nil unless the vectors scan.
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
	ix := emptyIndex(library, opt)
	passages := ix.analyse()
	docs := make([]bm25.Document, len(passages))
	texts := make([]vector.Text, len(passages))
	for i, p := range passages {
		ix.entries[i] = p.entry
		docs[i] = p.document
		ix.meaning.add(i, p.meant)
		texts[i] = vector.Text{ID: string(p.entry.passage().ID), Text: p.entry.edition.Words(p.entry.passage().Span)}
	}
	ix.lexical = bm25.Build(docs, opt.params(bm25.DefaultParams()))
	ix.marks = newMarks(ix.lexical, spelled(docs), ix.lexicon, ix.meaning.space)
	if opt.Wholes {
		ix.buildWholes(docs)
	}
	vectors, err := vector.Build(ctx, opt.Embedder, texts)
	if err != nil {
		return nil, fmt.Errorf("build index: %w", err)
	}
	ix.use(vectors)
	return ix, nil
}

// use takes the vectors of all entries.
func (ix *Index) use(vectors *vector.Index) {
	ix.vectors = vectors
	if !vectors.Scans() {
		return
	}
	ix.number = make(map[corpus.PassageID]int, len(ix.entries))
	for i, e := range ix.entries {
		ix.number[e.passage().ID] = i
	}
}

// emptyIndex is an index over a library whose entries are still to be filled.
func emptyIndex(library *corpus.Library, opt Options) *Index {
	glossary, _ := english.Load() // its tests hold the lines to be well formed
	ix := &Index{
		library: library,
		lexicon: vietnamese.NewLexicon(),
		english: glossary,
		weights: opt.weights(),
		options: opt,
		meaning: newConcepts(),
	}
	ix.entries = make([]entry, 0, countPassages(library))
	for _, e := range library.InForce() {
		for at := range e.Passages {
			ix.entries = append(ix.entries, entry{edition: e, at: at})
		}
	}
	ix.written = questionsFor(library, ix.lexicon)
	return ix
}

// countPassages is how many passages of a library are in force.
func countPassages(library *corpus.Library) int {
	n := 0
	for _, e := range library.InForce() {
		n += len(e.Passages)
	}
	return n
}

// passage is what the analysis of one passage gives.
type passage struct {
	entry    entry
	document bm25.Document
	meant    thesaurus.Vector
}

// analyse takes all entries apart, on all cores.
func (ix *Index) analyse() []passage {
	editions := ix.library.InForce()
	over := make([]standing, len(editions))
	parallel.Each(len(editions), func(i int) {
		over[i] = standing{name: nameOf(editions[i].Document), heads: ix.headsOf(editions[i])}
	})
	of := make(map[*corpus.Edition]int, len(editions))
	for i, e := range editions {
		of[e] = i
	}
	passages := make([]passage, len(ix.entries))
	parallel.Each(len(passages), func(i int) {
		e := ix.entries[i].edition
		passages[i] = ix.analysePassage(e, ix.entries[i].at, over[of[e]])
	})
	return passages
}

// standing is what stands above the passages of an edition: its name above all
// of them, its heads above some.
type standing struct {
	name  [][]vietnamese.Token
	heads map[int]head
}

func (ix *Index) analysePassage(e *corpus.Edition, at int, over standing) passage {
	body := vietnamese.Tokenize(indexed(e, at))
	entry := entry{
		edition: e,
		at:      at,
		offers:  offersOf(e, at, body),
		content: ix.contentOf(e, at, body),
		years:   yearsIn(body, isYear),
	}
	heading := append([][]vietnamese.Token{vietnamese.Tokenize(shortened(e.Words(e.Passages[at].Header)))}, over.name...)
	var meantAbove []thesaurus.Vector
	for _, h := range above(e, at, over.heads) {
		heading = append(heading, h.tokens)
		entry.yearsAbove = append(entry.yearsAbove, h.years...)
		meantAbove = append(meantAbove, h.meant)
	}
	asked := ix.askedOf(e, at)
	p := passage{entry: entry, document: bm25.Document{Body: body, Heading: heading, Asked: asked}}
	if !e.Passages[at].Kind.Heading() { // its words count for the passages below it
		p.meant = ix.meaning.space.Mix(ix.meaning.vector(body, ix.lexicon), headingConcepts, meantAbove, dimensionsMixed)
		p.meant = ix.withAsked(p.meant, asked)
	}
	return p
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

// What stands above a passage counts with this much of it: the rest of a longer
// heading, and headings further up, say nothing about the passage, and would
// be indexed again with each.
const (
	maxHeadBytes = 600
	maxHeads     = 8
)

// head is a passage as it stands above others: its words, and the years that it
// names alone. A period in a heading says nothing of the year that a passage
// below it is about.
type head struct {
	tokens []vietnamese.Token
	years  []string
	meant  thesaurus.Vector
}

// headsOf are the passages of an edition that others stand below, by position.
func (ix *Index) headsOf(e *corpus.Edition) map[int]head {
	heads := map[int]head{}
	for _, p := range e.Passages {
		if _, done := heads[p.Parent]; done || p.Parent < 0 || e.Passages[p.Parent].Kind == corpus.PassageTitle {
			continue
		}
		words := headWords(e, p.Parent)
		tokens := vietnamese.Tokenize(words)
		alone := func(t vietnamese.Token) bool { return isYear(t) && year(words, t) }
		heads[p.Parent] = head{tokens: tokens, years: yearsIn(tokens, alone), meant: ix.meaning.vector(tokens, ix.lexicon)}
	}
	return heads
}

// above are the heads over a passage, the nearest first.
func above(e *corpus.Edition, at int, heads map[int]head) []head {
	var list []head
	for p := range ancestors(e, at) {
		if h, ok := heads[p]; ok {
			list = append(list, h)
		}
	}
	return list
}

// ancestors are the positions of the passages above one that count with it: the
// [maxHeads] nearest, the nearest first.
func ancestors(e *corpus.Edition, at int) iter.Seq[int] {
	return func(yield func(int) bool) {
		p := e.Passages[at].Parent
		for n := 0; p >= 0 && n < maxHeads && yield(p); n++ {
			p = e.Passages[p].Parent
		}
	}
}

// headWords are the words of a passage that count with those below it.
func headWords(e *corpus.Edition, at int) string {
	return shortened(e.Words(e.Passages[at].Span))
}

// nameOf is what stands above every passage of a document, each a line of its
// own: its kind, title and term.
func nameOf(d corpus.Document) [][]vietnamese.Token {
	return [][]vietnamese.Token{
		vietnamese.Tokenize(d.Kind.Name()), titleTokens(d), vietnamese.Tokenize(shortened(d.Term)),
	}
}

func titleTokens(d corpus.Document) []vietnamese.Token {
	return vietnamese.Tokenize(shortened(d.Title))
}

// shortened is the beginning of a text, up to [maxHeadBytes].
func shortened(s string) string {
	if len(s) <= maxHeadBytes {
		return s
	}
	return strings.ToValidUTF8(s[:maxHeadBytes], "")
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
