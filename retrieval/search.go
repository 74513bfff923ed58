package retrieval

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/retrieval/bm25"
	"github.com/hoinq/hoinq/retrieval/fusion"
)

// candidates is how many passages are looked at beyond their scores, by words
// and by vectors each.
const candidates = 200

// Search answers a query. It fails only when the embedder does or ctx ends.
func (ix *Index) Search(ctx context.Context, q Query) (Result, error) {
	if err := ctx.Err(); err != nil {
		return Result{}, fmt.Errorf("search: %w", err)
	}
	asked := understand(q, ix.lexicon)
	for i, t := range asked.terms {
		if t.Weight > 0 && !ix.knows(asked.terms, i) {
			asked.Unknown = append(asked.Unknown, t.Text)
		}
	}
	found, err := ix.rank(ctx, q, asked)
	if err != nil {
		return Result{}, err
	}
	result := Result{Query: q, Understood: asked.Understanding, Decision: ix.decide(asked, found)}
	limit := cmp.Or(q.Limit, DefaultLimit)
	for _, c := range found[:min(len(found), limit)] {
		result.Hits = append(result.Hits, c.Hit)
	}
	return result, nil
}

// candidate is a passage on its way to becoming a hit.
type candidate struct {
	Hit
	entry entry
	// body and any are the terms found in the passage and anywhere, by bit.
	body, any uint64
}

// rank scores the candidates and orders them by score and passage id.
func (ix *Index) rank(ctx context.Context, q Query, asked question) ([]*candidate, error) {
	weights := ix.termWeights(asked)
	total := 0.0
	for _, w := range weights {
		total += w
	}
	if total == 0 {
		return nil, nil
	}
	ideal := 0.0
	for _, t := range asked.terms {
		ideal += t.Weight * ix.lexical.Weight(t.Token, t.Typed)
	}
	similar, err := ix.vectors.Search(ctx, asked.Text, candidates)
	if err != nil {
		return nil, err
	}
	cosines := make(map[corpus.PassageID]float64, len(similar))
	for _, m := range similar {
		cosines[corpus.PassageID(m.ID)] = m.Cosine
	}
	var found []*candidate
	for _, m := range ix.lexical.Search(asked.terms) {
		if len(found) == candidates {
			break
		}
		e := ix.entries[m.Doc]
		if !wanted(e.edition.Document.ID, q.Documents) || e.passage().Kind == corpus.PassageTitle {
			continue // a title answers nothing: its words stand above every passage
		}
		c := &candidate{entry: e, body: m.Body, any: m.Any}
		c.Passage = e.passage().ID
		c.Components = Components{
			Lexical:  m.Score,
			Cosine:   cosines[c.Passage],
			Coverage: share(weights, m.Any, total),
			Own:      share(weights, m.Body, total),
		}
		if ix.offered(e, asked) {
			c.Components.Offers = 1
		}
		c.Score = ix.weights.Score(fusion.Signals{
			Lexical:  m.Score / ideal,
			Cosine:   c.Components.Cosine,
			Coverage: c.Components.Coverage,
			Own:      c.Components.Own,
			Offers:   c.Components.Offers,
		})
		found = append(found, c)
	}
	slices.SortFunc(found, func(a, b *candidate) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Passage, b.Passage))
	})
	return found, nil
}

func wanted(id corpus.DocumentID, only []corpus.DocumentID) bool {
	return len(only) == 0 || slices.Contains(only, id)
}

// knows reports whether any document holds term i. A word typed with marks
// that no document has must be a slip to be taken for one without: then a
// neighbour confirms it ("học tâp" is "học tập", "giá vé" is not "gia về").
func (ix *Index) knows(terms []bm25.Term, i int) bool {
	t := terms[i]
	if !t.Typed || !t.Marked() || ix.lexical.Knows(t.Token, true) {
		return ix.lexical.Knows(t.Token, false)
	}
	return i > 0 && t.After && ix.lexical.KnowsPair(terms[i-1].Token, t.Token) ||
		i+1 < len(terms) && terms[i+1].After && ix.lexical.KnowsPair(t.Token, terms[i+1].Token)
}

// leastWeight is what the commonest word of the documents weighs against one
// that they do not hold. In a small corpus its own subject is in every
// passage, and still the question is about it.
const leastWeight = 0.35

// termWeights is what each term of the question weighs: how rare it is in the
// corpus, times its own weight.
func (ix *Index) termWeights(asked question) []float64 {
	weights := make([]float64, len(asked.terms))
	for i, t := range asked.terms {
		rare := ix.lexical.Weight(t.Token, t.Typed) / ix.lexical.MaxWeight()
		weights[i] = t.Weight * (leastWeight + (1-leastWeight)*rare)
	}
	return weights
}

// share is the part of the total weight that the terms in set carry. Terms
// beyond the 64th are not followed and count as missing.
func share(weights []float64, set uint64, total float64) float64 {
	sum := 0.0
	for i, w := range weights {
		if i < 64 && set&(1<<i) != 0 {
			sum += w
		}
	}
	return sum / total
}

// offered reports whether a passage has what the question asks for. A heading
// or a lead-in offers its list, and nothing else.
func (ix *Index) offered(e entry, asked question) bool {
	p := e.passage()
	if len(asked.Types) == 0 {
		return !p.Kind.Heading()
	}
	if asked.Types[0] == AsksList {
		return e.offers.list
	}
	return !p.Kind.Heading() && e.offers.satisfies(asked.Understanding)
}
