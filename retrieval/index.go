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
			body := vietnamese.Tokenize(e.Words(p.Span))
			ix.entries = append(ix.entries, entry{edition: e, at: at, offers: offersOf(e, at, body)})
			docs = append(docs, bm25.Document{
				Body:    body,
				Heading: vietnamese.Tokenize(headingOf(e, at)),
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

// headingOf is what stands above a passage: the names of its sections, the
// lead-ins of its list, the header of its table and the name of the document.
// Sentences are set apart, so that no pair of words is made across them.
func headingOf(e *corpus.Edition, at int) string {
	text := e.Document.Kind.Name() + "\n" + e.Document.Title + "\n" + e.Document.Term
	for _, a := range e.Ancestors(at) {
		if e.Passages[a].Kind != corpus.PassageTitle {
			text += "\n" + e.Words(e.Passages[a].Span)
		}
	}
	return text + "\n" + e.Words(e.Passages[at].Header)
}
