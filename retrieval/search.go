package retrieval

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/retrieval/fusion"
)

// candidates is how many passages are looked at beyond their scores, by words
// and by vectors each; compared is how many of those found by words are also
// compared by their vectors, which move a passage by a few places only.
const (
	candidates = 200
	compared   = 64
)

// Search answers a query. It fails only when the embedder does or ctx ends.
func (ix *Index) Search(ctx context.Context, q Query) (Result, error) {
	if err := ctx.Err(); err != nil {
		return Result{}, fmt.Errorf("search: %w", err)
	}
	if utf8.RuneCountInString(q.Text) > MaxQuestion {
		return Result{Query: q, Understood: Understanding{English: ix.english.English(q.Text)}, Decision: Decision{Reason: NoMatch}}, nil
	}
	if utf8.RuneCountInString(q.Previous) > MaxQuestion {
		q.Previous = ""
	}
	asked := ix.understand(q)
	for i, t := range asked.terms {
		if t.Weight > 0 && !ix.knows(asked, i) {
			asked.Unknown = append(asked.Unknown, t.Text)
		}
	}
	found, err := ix.rank(ctx, q, asked)
	if err != nil {
		return Result{}, err
	}
	result := Result{Query: q, Understood: asked.Understanding}
	found, result.Decision = ix.settle(q, asked, found)
	limit := q.Limit
	if limit <= 0 {
		limit = DefaultLimit
	}
	for _, c := range found[:min(len(found), limit)] {
		result.Hits = append(result.Hits, c.Hit)
	}
	return result, nil
}

// settle decides, and brings what answers to the front: the passage that the
// question was written for, the place or the item that it names, else what its
// words found.
func (ix *Index) settle(q Query, asked question, found []*candidate) ([]*candidate, Decision) {
	if ordered, d, ok := ix.byAuthored(q, asked, found); ok {
		return ordered, d
	}
	if !asked.unsafe && len(asked.address) > 0 {
		return ix.lookUp(q, asked, found)
	}
	if !asked.unsafe && asked.order != 0 {
		if ordered, d, ok := ix.byOrder(q, asked, found); ok {
			return ordered, d
		}
	}
	d := ix.decideSafely(asked, found)
	return found, d
}

// understand takes the query apart and adds what the documents know of it.
func (ix *Index) understand(q Query) question {
	if ix.english.English(q.Previous) {
		q.Previous = ix.english.Vietnamese(plain(q.Previous)).Text
	}
	var asked question
	var restored map[int]string
	if ix.english.English(q.Text) {
		asked, restored = ix.understandEnglish(q)
	} else {
		q.Text, restored = ix.reading(q.Text)
		q.Previous, _ = ix.reading(q.Previous)
		asked = understand(q, ix.lexicon)
	}
	asked.restored(restored)
	if asked.Unaccented && len(asked.terms) > 0 && !ix.options.lacks(PartMarks) {
		ix.guess(&asked)
	}
	if ix.options.lacks(PartDefinitions) {
		for i := range asked.terms {
			asked.terms[i].Defines = 0
		}
	}
	if !ix.options.lacks(PartConcepts) {
		ix.meaning.meant(&asked)
	}
	return asked
}

// candidate is a passage on its way to becoming a hit.
type candidate struct {
	Hit
	entry entry
	// body and any are the terms found in the passage and anywhere, by bit.
	body, any uint64
	// number is the position of entry in the index.
	number int
}

// rank scores the candidates and orders them by score and passage id.
func (ix *Index) rank(ctx context.Context, q Query, asked question) ([]*candidate, error) {
	weights, total := ix.termWeights(asked)
	ideal := ix.idealOf(asked)
	if total == 0 {
		return nil, nil
	}
	found := ix.byWords(q, asked)
	found, err := ix.byVectors(ctx, q, asked, found)
	if err != nil {
		return nil, err
	}
	found = ix.byConcepts(q, asked, found)
	held := 0.0
	for _, c := range found {
		c.Components.Coverage = share(weights, c.any, total)
		c.Components.Own = share(weights, c.body, total)
		c.Components.Focus = focus(asked, c.body, c.entry.content)
		if ix.offered(c.entry, asked) {
			c.Components.Offers = 1
		}
		held = max(held, c.Components.Coverage)
	}
	unheld := 1 - held
	if asked.whole {
		unheld = 0
	}
	for _, c := range found {
		c.Score = ix.weights.Score(fusion.Signals{
			Lexical:  c.Components.Lexical / ideal,
			Cosine:   c.Components.Cosine,
			Coverage: c.Components.Coverage,
			Own:      c.Components.Own,
			Focus:    c.Components.Focus,
			Offers:   c.Components.Offers,
			Concepts: c.Components.Concepts,
			Unheld:   unheld,
		})
	}
	slices.SortFunc(found, func(a, b *candidate) int {
		if c := cmp.Compare(b.Score, a.Score); c != 0 {
			return c
		}
		return cmp.Compare(a.Passage, b.Passage)
	})
	return found, nil
}

// byWords are the passages that hold words of the question, the best of them.
func (ix *Index) byWords(q Query, asked question) []*candidate {
	var found []*candidate
	for _, m := range ix.lexical.Best(asked.terms, candidates, func(doc int) bool { return ix.citable(q, doc) }) {
		if c, ok := ix.candidate(q, m.Doc); ok {
			c.body, c.any, c.Components.Lexical = m.Body, m.Any, m.Score
			found = append(found, c)
		}
	}
	return found
}

// byVectors adds the similarity of each passage found, and with an embedder
// that scans also the passages that are similar without sharing a word.
func (ix *Index) byVectors(ctx context.Context, q Query, asked question, found []*candidate) ([]*candidate, error) {
	similar := found[:min(len(found), compared)]
	if ix.vectors.Scans() {
		matches, err := ix.vectors.Search(ctx, asked.Text, candidates)
		if err != nil {
			return nil, err
		}
		for _, m := range matches {
			id := corpus.PassageID(m.ID)
			if slices.ContainsFunc(found, func(c *candidate) bool { return c.Passage == id }) {
				continue
			}
			if c, ok := ix.candidate(q, ix.number[id]); ok {
				found = append(found, c)
			}
		}
		similar = found
	}
	ids := make([]string, len(similar))
	for i, c := range similar {
		ids[i] = string(c.Passage)
	}
	cosines, err := ix.vectors.Compare(ctx, asked.Text, ids)
	if err != nil {
		return nil, err
	}
	for i, c := range similar {
		c.Components.Cosine = cosines[i]
	}
	return found, nil
}

// candidate makes a candidate of an entry that is citable.
func (ix *Index) candidate(q Query, number int) (*candidate, bool) {
	if !ix.citable(q, number) {
		return nil, false
	}
	e := ix.entries[number]
	return &candidate{entry: e, number: number, Hit: Hit{Passage: e.edition.Passages[e.at].ID}}, true
}

// citable reports whether an entry may answer a query. A title may not: its
// words stand above every passage of its document and answer nothing.
func (ix *Index) citable(q Query, number int) bool {
	e := &ix.entries[number]
	p := &e.edition.Passages[e.at]
	return p.Kind != corpus.PassageTitle && within(e.edition.Document.ID, q.Documents) && !slices.Contains(q.Except, p.ID)
}

func within(id corpus.DocumentID, only []corpus.DocumentID) bool {
	return len(only) == 0 || slices.Contains(only, id)
}

// knows reports whether any document holds term i. A word typed with marks
// that no document has must be a slip to be taken for one without: then a
// neighbour confirms it ("học tâp" is "học tập", "giá vé" is not "gia về").
func (ix *Index) knows(asked question, i int) bool {
	terms := asked.terms
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

// termWeights is what each term of the question weighs, and all of them
// together: how rare it is in the corpus, times its own weight.
func (ix *Index) termWeights(asked question) (weights []float64, total float64) {
	weights = make([]float64, len(asked.terms))
	for i, t := range asked.terms {
		rare := ix.lexical.Weight(t) / ix.lexical.MaxWeight()
		weights[i] = t.Weight * (leastWeight + (1-leastWeight)*rare)
		total += weights[i]
	}
	return weights, total
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

// focus is the share of the content words of a list's name that the question
// has: terms is the set of its terms found there. It is 0 for a question that
// asks for a figure, a day or a body, which the name of a list does not give.
func focus(asked question, terms uint64, content int) float64 {
	if content == 0 || mustOffer(asked) {
		return 0
	}
	n := 0
	for i, t := range asked.terms {
		if i < 64 && t.Weight > 0 && !t.Figure && !t.Roman && terms&(1<<i) != 0 {
			n++
		}
	}
	return min(1, float64(n)/float64(content))
}

// offered reports whether a passage has what the question asks for. A heading
// offers its list and the number that it counts, and nothing else.
func (ix *Index) offered(e entry, asked question) bool {
	p := e.passage()
	if len(asked.Types) == 0 {
		return !p.Kind.Heading()
	}
	switch {
	case asked.Types[0] == AsksList:
		return e.offers.list
	case p.Kind.Heading():
		return asked.Types[0] == AsksNumber && e.offers.counts(asked) // "4. Ba đột phá chiến lược"
	}
	return e.offers.satisfies(asked)
}
