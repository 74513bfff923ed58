package retrieval

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/retrieval/bm25"
	"github.com/hoinq/hoinq/retrieval/fusion"
	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

// DocumentHit is a document found as a whole.
type DocumentHit struct {
	Document corpus.DocumentID
	Score    float64
}

// Documents ranks whole documents, best first and then by id, at most limit of
// them. A document scores by its whole text and by its best passage. Only an
// index that was built with [Options.Wholes] can do it; another finds nothing.
func (ix *Index) Documents(ctx context.Context, q Query, limit int) ([]DocumentHit, error) {
	if ix.wholes == nil {
		return nil, nil
	}
	asked := ix.understand(q)
	asked.whole = true
	found, err := ix.rank(ctx, q, asked)
	if err != nil {
		return nil, fmt.Errorf("rank documents: %w", err)
	}
	best := map[corpus.DocumentID]float64{}
	for _, c := range found {
		id := c.entry.edition.Document.ID
		best[id] = max(best[id], c.Score)
	}
	weights, total := ix.termWeights(asked)
	ideal := ix.idealOf(asked)
	words := map[string]bool{}
	for _, t := range asked.terms {
		words[t.Folded] = true
	}
	matches := ix.wholes.Search(asked.terms)
	hits := make([]DocumentHit, len(matches))
	for i, m := range matches {
		id := ix.documents[m.Doc]
		signals := fusion.DocumentSignals{
			Best: best[id], Whole: m.Score / ideal, Covers: share(weights, m.Any, total), Title: titleFocus(ix.titles[m.Doc], words),
		}
		if ix.options.lacks(PartTitle) {
			signals.Title = 0
		}
		if ix.options.lacks(PartBest) {
			signals.Best = 0
		}
		hits[i] = DocumentHit{Document: id, Score: fusion.Document(signals)}
	}
	slices.SortFunc(hits, func(a, b DocumentHit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Document, b.Document))
	})
	return hits[:min(len(hits), limit)], nil
}

// idealOf is what a passage with every word of the question once would score.
func (ix *Index) idealOf(asked question) float64 {
	ideal := 0.0
	for _, t := range asked.terms {
		ideal += t.Weight * ix.lexical.Weight(t)
	}
	return ideal
}

// titleWord is a word of a title that tells something, folded, and how rare it
// is among the documents.
type titleWord struct {
	folded string
	weight float64
}

// titleFocus is the share of what a document's title tells that the question
// has: asked are its words, folded.
func titleFocus(title []titleWord, asked map[string]bool) float64 {
	all, has := 0.0, 0.0
	for _, w := range title {
		all += w.weight
		if asked[w.folded] {
			has += w.weight
		}
	}
	if all == 0 {
		return 0
	}
	return has / all
}

// telling are the different words of weight in a title.
func (ix *Index) telling(title []vietnamese.Token) []titleWord {
	var words []titleWord
	for i, weightless := range ix.lexicon.Weightless(title, false) {
		t := title[i]
		same := func(w titleWord) bool { return w.folded == t.Folded }
		if !weightless && !t.Figure && !slices.ContainsFunc(words, same) {
			words = append(words, titleWord{t.Folded, ix.wholes.Weight(bm25.Term{Token: t})})
		}
	}
	return words
}

// titleTimes is how often the title counts in the whole of a document: what a
// question names is more often the law it stands in than its subject. Set on
// alqac-dev, where 2 costs 0.003 of nDCG@10.
const titleTimes = 4

// wholeParams are the constants of BM25 for whole documents, which are longer
// than passages and repeat words: what counts there is that a word stands in
// them, so K1 is small. Set on alqac-dev and wiki-dev.
func wholeParams() bm25.Params {
	p := bm25.DefaultParams()
	p.K1, p.B = 0.5, 0.75
	return p
}

// buildWholes indexes each document as one. docs are the passages, in the
// order of ix.entries.
func (ix *Index) buildWholes(docs []bm25.Document) {
	var wholes []bm25.Document
	for i, entry := range ix.entries {
		id := entry.edition.Document.ID
		if i == 0 || ix.documents[len(ix.documents)-1] != id {
			ix.documents = append(ix.documents, id)
			title := titleTokens(entry.edition.Document)
			var whole bm25.Document
			for range titleTimes {
				whole.Body = append(whole.Body, title...)
			}
			wholes = append(wholes, whole)
		}
		last := &wholes[len(wholes)-1]
		last.Body = append(last.Body, docs[i].Body...)
	}
	ix.wholes = bm25.Build(wholes, ix.options.params(wholeParams()))
	for _, id := range ix.documents {
		e, _ := ix.library.Edition(id, "")
		ix.titles = append(ix.titles, ix.telling(titleTokens(e.Document)))
	}
}
