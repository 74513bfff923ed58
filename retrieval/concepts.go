package retrieval

import (
	"cmp"
	"math"
	"slices"
	"sync"

	"github.com/hoinq/hoinq/retrieval/thesaurus"
	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

// Sizes of the vectors over the concepts of the thesaurus, and what the
// headings of a passage count for in its. Below leastValue a dimension of a
// question is noise, and costs as much as any. Set on the citizens' questions of
// two development sets; flat around these values.
const (
	conceptsOfPassage  = 80
	conceptsOfQuestion = 100
	dimensionsMixed    = 96
	headingConcepts    = 0.2
	leastValue         = 0.04
)

// concepts finds passages by what they speak of, where asker and document use
// other words.
type concepts struct {
	space *thesaurus.Space
	// entries are those that have a value in each dimension.
	entries []dimension
	// cosines are slices of one cosine for each entry, all 0.
	cosines sync.Pool
}

// dimension are the entries that have a value in one dimension of the space,
// by number.
type dimension []valued

// valued is an entry, by its number, with its value in a dimension. The two
// stand together because every search reads hundreds of thousands of them.
type valued struct {
	entry uint32
	value float32
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
		*d = append(*d, valued{uint32(entry), w.Value})
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
	faint := func(w thesaurus.Weight) bool { return w.Value < leastValue }
	asked.meant = slices.DeleteFunc(c.space.Vector(tokens, weightless, conceptsOfQuestion), faint)
	asked.outside = c.space.Outside(asked.meant)
}

// similar returns the cosine of a vector with each entry, 0 where they share
// nothing. Whoever is done with it gives it back.
func (c *concepts) similar(v thesaurus.Vector, size int) *[]float32 {
	cosines, ok := c.cosines.Get().(*[]float32)
	if !ok || len(*cosines) != size {
		made := make([]float32, size)
		cosines = &made
	}
	sums := *cosines
	for _, w := range v {
		for _, e := range c.entries[w.Dimension] {
			sums[e.entry] += w.Value * e.value
		}
	}
	return cosines
}

// giveBack takes what similar returned.
func (c *concepts) giveBack(cosines *[]float32) {
	clear(*cosines)
	c.cosines.Put(cosines)
}

// byConcepts notes how similar each passage found is in what it speaks of, and
// adds the most similar ones that share no word with the question.
func (ix *Index) byConcepts(q Query, asked question, found []*candidate) []*candidate {
	if len(asked.meant) == 0 {
		return found
	}
	cosines := ix.meaning.similar(asked.meant, len(ix.entries))
	defer ix.meaning.giveBack(cosines)
	for _, c := range found {
		c.Components.Concepts = float64((*cosines)[c.number])
		(*cosines)[c.number] = 0
	}
	for _, s := range strongest(*cosines, candidates, func(entry int) bool { return ix.citable(q, entry) }) {
		if c, ok := ix.candidate(q, s.entry); ok {
			c.Components.Concepts = float64(s.cosine)
			found = append(found, c)
		}
	}
	return found
}

// similarEntry is an entry by its number, and its cosine.
type similarEntry struct {
	entry  int
	cosine float32
}

// Cosines are told apart by the first bits of their floating-point form, which
// for numbers above 0 are in the order of the numbers: those from leastGrade up
// to 1 have grades of their own, smaller ones the lowest.
const (
	gradeShift = 16
	leastGrade = 0x3700 // 2^-17
	grades     = 0x3f80 + 1 - leastGrade
)

func grade(cosine float32) int {
	return min(max(int(math.Float32bits(cosine)>>gradeShift)-leastGrade, 0), grades-1)
}

// strongest are the n entries with the greatest cosines above 0 that are wanted,
// greatest first and then by number. It sorts few more than n, and asks of few
// more whether they are wanted.
func strongest(cosines []float32, n int, wanted func(entry int) bool) []similarEntry {
	var count [grades]int
	for _, cosine := range cosines {
		count[grade(cosine)]++
	}
	for enough := n; ; enough *= 2 {
		lowest, above := grades-1, count[grades-1]
		for lowest > 0 && above < enough {
			lowest--
			above += count[lowest]
		}
		least := math.Float32frombits(uint32(lowest+leastGrade) << gradeShift)
		if lowest == 0 {
			least = math.SmallestNonzeroFloat32
		}
		var best []similarEntry
		for entry, cosine := range cosines {
			if cosine >= least && wanted(entry) {
				best = append(best, similarEntry{entry, cosine})
			}
		}
		if len(best) >= n || lowest == 0 {
			slices.SortFunc(best, func(a, b similarEntry) int {
				return cmp.Or(cmp.Compare(b.cosine, a.cosine), cmp.Compare(a.entry, b.entry))
			})
			return best[:min(len(best), n)]
		}
	}
}
