package retrieval

import (
	"slices"

	"github.com/hoinq/hoinq/retrieval/thesaurus"
	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

// Sizes of the vectors over the concepts of the thesaurus, and what the
// headings of a passage count for in its. Set on the citizens' questions of two
// development sets; flat around these values.
const (
	conceptsOfPassage  = 80
	conceptsOfQuestion = 100
	dimensionsMixed    = 96
	headingConcepts    = 0.2
)

// concepts finds passages by what they speak of, where asker and document use
// other words.
type concepts struct {
	space *thesaurus.Space
	// entries are those that have a value in each dimension.
	entries []dimension
}

// dimension are the entries that have a value in one dimension of the space,
// by number, and the values.
type dimension struct {
	entries []uint32
	values  []float32
}

func newConcepts() *concepts {
	t, _ := thesaurus.Load() // its tests hold the lines to be well formed
	space := thesaurus.NewSpace(t)
	return &concepts{space: space, entries: make([]dimension, space.Size())}
}

// vector is that of a passage or of what stands above it.
func (c *concepts) vector(tokens []vietnamese.Token, lexicon *vietnamese.Lexicon) thesaurus.Vector {
	return c.space.Vector(tokens, lexicon.Weightless(tokens, false), conceptsOfPassage)
}

// add notes the next entry and what it speaks of.
func (c *concepts) add(entry int, meant thesaurus.Vector) {
	for _, w := range meant {
		d := &c.entries[w.Dimension]
		d.entries = append(d.entries, uint32(entry))
		d.values = append(d.values, w.Value)
	}
}

// meant notes what a question speaks of.
func (c *concepts) meant(asked *question) {
	tokens := make([]vietnamese.Token, len(asked.terms))
	weightless := make([]bool, len(asked.terms))
	for i, t := range asked.terms {
		tokens[i] = t.Token
		if t.Guess != "" {
			tokens[i].Text = t.Guess
		}
		takenOver := len(asked.own) >= 2 && t.Weight < 1 // from the question before, which spoke of something else
		weightless[i] = t.Weight == 0 || takenOver
	}
	asked.meant = c.space.Vector(tokens, weightless, conceptsOfQuestion)
	asked.outside = c.space.Outside(asked.meant)
}

// similar returns the cosine of a vector with each entry, and the entries that
// have one.
func (c *concepts) similar(v thesaurus.Vector, size int) (cosines []float32, entries []int) {
	cosines = make([]float32, size)
	for _, w := range v {
		d := c.entries[w.Dimension]
		for i, entry := range d.entries {
			if cosines[entry] == 0 {
				entries = append(entries, int(entry))
			}
			cosines[entry] += w.Value * d.values[i]
		}
	}
	return cosines, entries
}

// byConcepts notes how similar each passage found is in what it speaks of, and
// adds the most similar ones that share no word with the question.
func (ix *Index) byConcepts(q Query, asked question, found []*candidate) []*candidate {
	cosines, entries := ix.meaning.similar(asked.meant, len(ix.entries))
	here := map[int]bool{}
	for _, c := range found {
		c.Components.Concepts = float64(cosines[c.number])
		here[c.number] = true
	}
	slices.SortFunc(entries, func(a, b int) int {
		if cosines[a] != cosines[b] {
			if cosines[a] > cosines[b] {
				return -1
			}
			return 1
		}
		return a - b
	})
	added := 0
	for _, number := range entries {
		if added == candidates {
			break
		}
		if here[number] {
			continue
		}
		if c, ok := ix.candidate(q, number); ok {
			c.Components.Concepts = float64(cosines[number])
			found = append(found, c)
			added++
		}
	}
	return found
}
