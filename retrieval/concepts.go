package retrieval

import (
	"math"

	"github.com/hoinq/hoinq/retrieval/thesaurus"
	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

// concepts is the part of an index that finds passages by what is meant, where
// asker and document use other words.
type concepts struct {
	thesaurus *thesaurus.Thesaurus
	// passages are the entries that speak of a concept in their own words, by
	// number.
	passages map[int][]int
	size     int
}

func newConcepts() *concepts {
	t, _ := thesaurus.Load() // its tests hold the lines to be well formed
	return &concepts{thesaurus: t, passages: map[int][]int{}}
}

// add notes the concepts of the next entry.
func (c *concepts) add(entry int, body []vietnamese.Token) {
	c.size = entry + 1
	for _, m := range c.thesaurus.Find(body, false) {
		list := c.passages[m.Concept]
		if len(list) == 0 || list[len(list)-1] != entry {
			c.passages[m.Concept] = append(list, entry)
		}
	}
}

// meaning is a concept that a question speaks of, and that documents know.
type meaning struct {
	concept int
	// terms are the positions in the question that speak of it.
	terms uint64
	// weight is how surely they mean it, times how rare it is in the documents.
	weight float64
	// sure says that a passage with the concept holds those terms.
	sure bool
}

const (
	// foldedSure is what is left of a concept's weight when it was read from
	// words without marks, which may be others.
	foldedSure = 0.8
	// siblingSure is the weight of one phrase of documents for another.
	siblingSure = 0.6
	// minSure is the least weight with which a concept stands for the words.
	minSure = 0.5
	// maxConcept is the share of all passages beyond which a concept says
	// nothing.
	maxConcept = 0.2
)

// meant are the concepts of a question.
func (c *concepts) meant(asked question) []meaning {
	tokens := make([]vietnamese.Token, len(asked.terms))
	for i, t := range asked.terms {
		tokens[i] = t.Token
	}
	var out []meaning
	for _, m := range thesaurus.Longest(c.thesaurus.Find(tokens, asked.Unaccented)) {
		known := len(c.passages[m.Concept])
		if known == 0 || float64(known) > max(maxConcept*float64(c.size), 3) || m.To > 64 {
			continue
		}
		sure := c.thesaurus.Concept(m.Concept).Weight
		if m.Written {
			sure = siblingSure
		}
		if asked.Unaccented {
			sure *= foldedSure
		}
		var terms uint64
		weighs := false
		for i := m.From; i < m.To; i++ {
			terms |= 1 << i
			weighs = weighs || asked.terms[i].Weight > 0
		}
		if !weighs {
			continue
		}
		rare := math.Log(1+float64(c.size)/float64(known)) / math.Log(1+float64(c.size))
		out = append(out, meaning{concept: m.Concept, terms: terms, weight: sure * (leastWeight + (1-leastWeight)*rare), sure: sure >= minSure})
	}
	return out
}

// byConcepts adds the passages that speak of a concept of the question without
// sharing a word with it, and notes in all which of its words they hold in
// other words.
func (ix *Index) byConcepts(q Query, asked question, found []*candidate) []*candidate {
	here := map[int]*candidate{}
	for _, c := range found {
		here[c.number] = c
	}
	for _, m := range asked.meant {
		for _, number := range ix.meaning.passages[m.concept] {
			c := here[number]
			if c == nil {
				var ok bool
				if c, ok = ix.candidate(q, number); !ok {
					continue
				}
				here[number] = c
				found = append(found, c)
			}
			c.meant = append(c.meant, m)
		}
	}
	return found
}

// conceptShare is the share of the question's weight that a candidate holds in
// other words. Where these are sure, its words count as held from then on.
func (ix *Index) conceptShare(asked question, c *candidate, weights []float64, total float64) float64 {
	sum := 0.0
	for i, w := range weights[:min(len(weights), 64)] {
		if c.body&(1<<i) != 0 {
			continue
		}
		best := 0.0
		for _, m := range c.meant {
			if m.terms&(1<<i) != 0 {
				best = max(best, m.weight)
			}
		}
		sum += best * w
	}
	for _, m := range c.meant {
		if m.sure {
			c.body |= m.terms
			c.any |= m.terms
		}
	}
	return sum / total
}
