package thesaurus

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

// Constants of a [Space]. Set on the citizens' questions of two development
// sets (`hoinq eval --answers`); flat around these values.
const (
	// sharpness is the power to which the activation of a concept is raised:
	// above 1, the concepts that a text surely speaks of stand out.
	sharpness = 1.5
	// writtenWeight is what a word of documents counts for in a concept, against
	// one of people: documents use the same words for many things.
	writtenWeight = 0.7
	// fieldWeight is how much two texts resemble each other by speaking of the
	// same fields, against the same concepts.
	fieldWeight = 0.1
)

// Space turns texts into vectors over the concepts of a thesaurus and its
// fields, so that two texts are similar when they speak of the same things,
// whatever their words. It is explicit semantic analysis (Gabrilovich and
// Markovitch, "Computing semantic relatedness using Wikipedia-based explicit
// semantic analysis", IJCAI 2007) with the lines of the thesaurus for its
// articles: a line is a text of all its phrases, and a text activates the
// lines that share its words and pairs of words, the more the rarer these are.
//
// It is immutable and safe for concurrent use.
type Space struct {
	features map[string]int32 // a word, or two with a space between
	rarity   []float32        // by feature
	lines    [][]Weight       // by feature: the concepts whose phrases have it
	sure     []float32        // by concept: the weight of its line
	outside  []bool           // by concept: documents never speak of it
	fields   []int32          // by concept: the dimension of its field
	size     int              // dimensions
}

// Weight is the value of a vector in one dimension: a concept by its number,
// or a field above all concepts.
type Weight struct {
	Dimension int32
	Value     float32
}

// Vector is a sparse vector, ordered by dimension. That of a text which shares
// no word with the thesaurus is empty.
type Vector []Weight

// NewSpace makes the space of a thesaurus.
func NewSpace(t *Thesaurus) *Space {
	s := &Space{features: map[string]int32{}}
	texts := make([][]Weight, len(t.concepts)) // by concept: its features
	var count []int                            // by feature: how many concepts have it
	for n, c := range t.concepts {
		seen := map[int32]bool{}
		for side, phrases := range [][]string{c.Said, c.Written} {
			for _, phrase := range phrases {
				features(vietnamese.Tokenize(phrase), nil, func(key string) {
					f, known := s.features[key]
					if !known {
						f = int32(len(count))
						s.features[key] = f
						count = append(count, 0)
					}
					if seen[f] {
						return
					}
					seen[f] = true
					count[f]++
					texts[n] = append(texts[n], Weight{f, []float32{1, writtenWeight}[side]})
				})
			}
		}
	}
	s.number(t.concepts)
	s.rarity = make([]float32, len(count))
	for f, n := range count {
		s.rarity[f] = float32(math.Log(1 + float64(len(texts))/float64(1+n)))
	}
	s.lines = make([][]Weight, len(count))
	for n, text := range texts {
		var square float32
		for i, w := range text {
			text[i].Value *= s.rarity[w.Dimension]
			square += text[i].Value * text[i].Value
		}
		for _, w := range text {
			s.lines[w.Dimension] = append(s.lines[w.Dimension], Weight{int32(n), w.Value / root(square)})
		}
	}
	return s
}

// number gives the fields their dimensions, and notes how sure the lines are.
func (s *Space) number(concepts []Concept) {
	s.size = len(concepts)
	dimensions := map[string]int32{}
	for _, c := range concepts {
		if _, known := dimensions[c.Field]; !known {
			dimensions[c.Field] = int32(s.size)
			s.size++
		}
		s.fields = append(s.fields, dimensions[c.Field])
		s.sure = append(s.sure, float32(c.Weight))
		s.outside = append(s.outside, strings.HasPrefix(c.Field, OutsidePrefix))
	}
}

// features visits the words of a text, without the weightless, and its pairs of
// neighbours of which not both are.
func features(tokens []vietnamese.Token, weightless []bool, visit func(key string)) {
	light := func(i int) bool { return i < len(weightless) && weightless[i] }
	for i, t := range tokens {
		if !light(i) {
			visit(t.Text)
		}
		if i > 0 && !(light(i) && light(i-1)) {
			visit(tokens[i-1].Text + " " + t.Text)
		}
	}
}

// Vector is that of a text in at most n concepts, the strongest, and their
// fields; its length is 1. weightless are the tokens that say nothing, and may
// be nil.
func (s *Space) Vector(tokens []vietnamese.Token, weightless []bool, n int) Vector {
	sums := make([]float32, len(s.fields))
	seen := map[int32]bool{}
	var active []int32
	features(tokens, weightless, func(key string) {
		f, known := s.features[key]
		if !known || seen[f] {
			return
		}
		seen[f] = true
		for _, line := range s.lines[f] {
			if sums[line.Dimension] == 0 {
				active = append(active, line.Dimension)
			}
			sums[line.Dimension] += s.rarity[f] * line.Value
		}
	})
	for _, c := range active {
		sums[c] = s.sure[c] * float32(math.Pow(float64(sums[c]), sharpness))
	}
	slices.SortFunc(active, func(a, b int32) int {
		return cmp.Or(cmp.Compare(sums[b], sums[a]), cmp.Compare(a, b))
	})
	active = active[:min(n, len(active))]
	slices.Sort(active)
	concepts, fields := make(Vector, 0, len(active)), map[int32]float32{}
	for _, c := range active {
		concepts = append(concepts, Weight{c, sums[c]})
	}
	concepts.scale(1)
	for _, w := range concepts {
		fields[s.fields[w.Dimension]] += w.Value
	}
	var ofFields Vector
	for d := int32(len(s.fields)); d < int32(s.size); d++ {
		if fields[d] > 0 {
			ofFields = append(ofFields, Weight{d, fields[d]})
		}
	}
	ofFields.scale(fieldWeight)
	v := append(concepts, ofFields...)
	v.scale(1)
	return v
}

// OutsidePrefix begins the names of the fields of which documents never speak.
const OutsidePrefix = "Ngoài văn kiện"

// Outside is how much of what a text speaks of documents never do: the share of
// its vector's concepts in such fields, from 0 to 1.
func (s *Space) Outside(v Vector) float64 {
	var all, outside float32
	for _, w := range v {
		if int(w.Dimension) >= len(s.outside) {
			break // the fields come last
		}
		all += w.Value * w.Value
		if s.outside[w.Dimension] {
			outside += w.Value * w.Value
		}
	}
	if all == 0 {
		return 0
	}
	return float64(outside / all)
}

// scale brings v to a length whose square is given.
func (v Vector) scale(square float32) {
	var sum float32
	for _, w := range v {
		sum += w.Value * w.Value
	}
	for i := range v {
		v[i].Value *= root(square / sum)
	}
}

// Mix is v with a share of each of the others, cut to the n strongest
// dimensions and brought to length 1.
func Mix(v Vector, share float32, others []Vector, n int) Vector {
	sums := map[int32]float32{}
	var mixed Vector
	for i, part := range append([]Vector{v}, others...) {
		for _, w := range part {
			if i > 0 {
				w.Value *= share
			}
			sums[w.Dimension] += w.Value
		}
	}
	for d, value := range sums {
		mixed = append(mixed, Weight{d, value})
	}
	slices.SortFunc(mixed, func(a, b Weight) int {
		return cmp.Or(cmp.Compare(b.Value, a.Value), cmp.Compare(a.Dimension, b.Dimension))
	})
	mixed = mixed[:min(n, len(mixed))]
	slices.SortFunc(mixed, func(a, b Weight) int { return cmp.Compare(a.Dimension, b.Dimension) })
	mixed.scale(1)
	return mixed
}

// Size is how many dimensions vectors have.
func (s *Space) Size() int { return s.size }

func root(x float32) float32 { return float32(math.Sqrt(float64(x))) }
