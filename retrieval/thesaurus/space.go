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
	// writtenWeight is what a word of documents counts for in a concept, against
	// one of people: documents use the same words for many things.
	writtenWeight = 0.7
	// fieldWeight is how much two texts resemble each other by speaking of the
	// same fields, against the same concepts.
	fieldWeight = 0.2
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
	syllables map[string]int32 // by spelling; numbers from 0
	words     []vietnamese.Token
	features  map[pair]int32
	count     []int      // by feature: how many concepts have it
	rarity    []float32  // by feature
	lines     [][]Weight // by feature: the concepts whose phrases have it
	sure      []float32  // by concept: the weight of its line
	outside   []bool     // by concept: documents never speak of it
	fields    []int32    // by concept: the dimension of its field
	size      int        // dimensions
}

// pair is a feature: two syllables that follow each other, or nothing and one.
type pair struct{ before, syllable int32 }

// nothing stands before a single syllable, and for one that no phrase has.
const nothing = -1

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
	s := &Space{syllables: map[string]int32{}, features: make(map[pair]int32, 10*len(t.concepts))}
	texts := make([][]Weight, len(t.concepts)) // by concept: its features
	chunks := map[string][]int32{}             // the syllables between two spaces of a phrase
	var last []int                             // by feature: one more than the last concept that had it
	var phrase []int32
	for n, c := range t.concepts {
		for side, phrases := range [][]string{c.Said, c.Written} {
			for _, text := range phrases {
				phrase = phrase[:0]
				for chunk := range strings.SplitSeq(text, " ") {
					numbers, known := chunks[chunk]
					if !known {
						numbers = s.spell(chunk)
						chunks[chunk] = numbers
					}
					phrase = append(phrase, numbers...)
				}
				features(phrase, nil, func(key pair) {
					f, known := s.features[key]
					if !known {
						f = int32(len(s.count))
						s.features[key] = f
						s.count = append(s.count, 0)
						last = append(last, 0)
					}
					if last[f] == n+1 {
						return
					}
					last[f] = n + 1
					s.count[f]++
					texts[n] = append(texts[n], Weight{f, []float32{1, writtenWeight}[side]})
				})
			}
		}
	}
	s.number(t.concepts)
	s.weigh(texts)
	return s
}

// spell gives the syllables of a text their numbers.
func (s *Space) spell(text string) []int32 {
	var numbers []int32
	for _, t := range vietnamese.Tokenize(text) {
		n, known := s.syllables[t.Text]
		if !known {
			n = int32(len(s.words))
			s.syllables[t.Text] = n
			s.words = append(s.words, t)
		}
		numbers = append(numbers, n)
	}
	return numbers
}

// weigh fills the table that leads from features to concepts.
func (s *Space) weigh(texts [][]Weight) {
	s.rarity = make([]float32, len(s.count))
	s.lines = make([][]Weight, len(s.count))
	total := 0
	for f, n := range s.count {
		s.rarity[f] = float32(math.Log(1 + float64(len(texts))/float64(1+n)))
		total += n
	}
	all := make([]Weight, total)
	for f, n := range s.count {
		s.lines[f], all = all[:0:n], all[n:]
	}
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

// features visits the syllables of a text, without the weightless, and its
// pairs of neighbours of which not both are.
func features(syllables []int32, weightless []bool, visit func(key pair)) {
	light := func(i int) bool { return i < len(weightless) && weightless[i] }
	for i, syllable := range syllables {
		if syllable == nothing {
			continue
		}
		if !light(i) {
			visit(pair{nothing, syllable})
		}
		if i > 0 && syllables[i-1] != nothing && !(light(i) && light(i-1)) {
			visit(pair{syllables[i-1], syllable})
		}
	}
}

// Vector is that of a text in at most n concepts, the strongest, and their
// fields; its length is 1. weightless are the tokens that say nothing, and may
// be nil.
func (s *Space) Vector(tokens []vietnamese.Token, weightless []bool, n int) Vector {
	syllables := make([]int32, len(tokens))
	for i, t := range tokens {
		syllables[i] = nothing
		if number, known := s.syllables[t.Text]; known {
			syllables[i] = number
		}
	}
	sums := make([]float32, len(s.fields))
	seen := make(map[int32]bool, 2*len(tokens))
	var active []int32
	features(syllables, weightless, func(key pair) {
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
	strongest := make(Vector, 0, n+1)
	for _, c := range active {
		// To the power of 1.5: above 1, what a text surely speaks of stands out.
		// Set like the constants above.
		strongest = strongest.keep(Weight{c, sums[c] * root(sums[c]) * s.sure[c]}, n)
	}
	slices.SortFunc(strongest, byDimension)
	return s.withFields(strongest)
}

// keep adds w to v, which is ordered by value and then by dimension, and leaves
// out what is beyond the n strongest.
func (v Vector) keep(w Weight, n int) Vector {
	if len(v) == n && byValue(v[n-1], w) < 0 {
		return v
	}
	at, _ := slices.BinarySearchFunc(v, w, byValue)
	v = slices.Insert(v, at, w)
	return v[:min(n, len(v))]
}

func byValue(a, b Weight) int {
	return cmp.Or(cmp.Compare(b.Value, a.Value), cmp.Compare(a.Dimension, b.Dimension))
}

func byDimension(a, b Weight) int { return cmp.Compare(a.Dimension, b.Dimension) }

// withFields is a vector of concepts with that of their fields beside it.
func (s *Space) withFields(concepts Vector) Vector {
	concepts.scale(1)
	fields := make([]float32, s.size-len(s.fields))
	for _, w := range concepts {
		fields[int(s.fields[w.Dimension])-len(s.fields)] += w.Value
	}
	var ofFields Vector
	for i, value := range fields {
		if value > 0 {
			ofFields = append(ofFields, Weight{int32(len(s.fields) + i), value})
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
	slices.SortFunc(mixed, byValue)
	mixed = mixed[:min(n, len(mixed))]
	slices.SortFunc(mixed, byDimension)
	mixed.scale(1)
	return mixed
}

// Count is how many concepts have a word in their phrases, or with a word
// before it, these two after each other.
func (s *Space) Count(before, word string) int {
	key := pair{before: nothing}
	n, known := s.syllables[word]
	if key.syllable = n; !known {
		return 0
	}
	if before != "" {
		if key.before, known = s.syllables[before]; !known {
			return 0
		}
	}
	if f, known := s.features[key]; known {
		return s.count[f]
	}
	return 0
}

// Words are the different words of the thesaurus, in the order of its lines.
// They must not be changed.
func (s *Space) Words() []vietnamese.Token { return s.words }

// Size is how many dimensions vectors have.
func (s *Space) Size() int { return s.size }

func root(x float32) float32 { return float32(math.Sqrt(float64(x))) }
