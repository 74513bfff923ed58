package thesaurus

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/hoinq/hoinq/internal/parallel"
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
// It is immutable and safe for concurrent use; it must not be copied.
type Space struct {
	syllables map[string]int32 // by spelling; numbers from 0
	words     []vietnamese.Token
	features  table
	begin     []int32   // by feature: where its lines begin; one more than there are
	lines     []Weight  // of each feature: the concepts whose phrases have it
	rarity    []float32 // by feature
	sure      []float32 // by concept: the weight of its line
	outside   []bool    // by concept: documents never speak of it
	fields    []int32   // by concept: the dimension of its field
	size      int       // dimensions
	desks     sync.Pool // of *desk
}

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

// NewSpace makes the space of a thesaurus, on all cores, and the same on any
// number of them.
func NewSpace(t *Thesaurus) *Space {
	parts := make([]*part, parallel.Parts(len(t.concepts)))
	parallel.Ranges(len(t.concepts), len(parts), func(n, from, to int) {
		parts[n] = readPart(t.concepts[from:to], from)
	})
	s := &Space{syllables: map[string]int32{}}
	for _, p := range parts {
		s.join(p)
	}
	s.number(t.concepts)
	s.weigh(parts, len(t.concepts))
	return s
}

// part are some of the concepts, with numbers of its own for syllables and
// features, each in the order in which they come.
type part struct {
	first    int // the number of its first concept
	spelling spelling
	features table
	texts    []Weight // the features of its concepts
	ends     []int    // by concept: where its features end
	// of says what number each of its features has in the space.
	of []int32
}

func readPart(concepts []Concept, first int) *part {
	p := &part{
		first:    first,
		spelling: newSpelling(),
		features: newTable(8 * len(concepts)),
		texts:    make([]Weight, 0, 50*len(concepts)),
		ends:     make([]int, 0, len(concepts)),
	}
	var phrase []int32
	for n, c := range concepts {
		for side, phrases := range [][]string{c.Said, c.Written} {
			weight := []float32{1, writtenWeight}[side]
			for _, text := range phrases {
				phrase = p.spelling.spell(phrase[:0], text)
				before := int32(nothing)
				for _, syllable := range phrase {
					p.note(pair{nothing, syllable}, int32(n), weight)
					if before != nothing {
						p.note(pair{before, syllable}, int32(n), weight)
					}
					before = syllable
				}
			}
		}
		p.ends = append(p.ends, len(p.texts))
	}
	return p
}

// note gives a concept a feature, unless it has it.
func (p *part) note(key pair, concept int32, weight float32) {
	if s := p.features.add(key); s.last != concept+1 {
		s.last = concept + 1
		p.texts = append(p.texts, Weight{s.number - 1, weight})
	}
}

// count is how many of the concepts have each feature.
func (p *part) count() []int32 {
	count := make([]int32, len(p.features.keys))
	for _, w := range p.texts {
		count[w.Dimension]++
	}
	return count
}

// join takes the syllables and features of the next part over.
func (s *Space) join(p *part) {
	syllables := make([]int32, len(p.spelling.words))
	for i, t := range p.spelling.words {
		n, known := s.syllables[t.Text]
		if !known {
			n = int32(len(s.words))
			s.syllables[t.Text] = n
			s.words = append(s.words, t)
		}
		syllables[i] = n
	}
	p.of = make([]int32, len(p.features.keys))
	if p.first == 0 { // the numbers are the same
		for f := range p.of {
			p.of[f] = int32(f)
		}
		s.features = p.features
		return
	}
	for f, key := range p.features.keys {
		if key.before != nothing {
			key.before = syllables[key.before]
		}
		p.of[f] = s.features.add(pair{key.before, syllables[key.syllable]}).number - 1
	}
}

// weigh fills the table that leads from features to the concepts, of which there
// are so many.
func (s *Space) weigh(parts []*part, concepts int) {
	size := len(s.features.keys)
	s.begin = make([]int32, size+1)
	counts := make([][]int32, len(parts))
	parallel.Each(len(parts), func(i int) { counts[i] = parts[i].count() })
	for i, p := range parts {
		for f, n := range counts[i] {
			s.begin[p.of[f]+1] += n
		}
	}
	s.rarity = make([]float32, size)
	parallel.Ranges(size, parallel.Parts(size), func(_, from, to int) {
		for f := from; f < to; f++ {
			s.rarity[f] = float32(math.Log(1 + float64(concepts)/float64(1+s.begin[f+1])))
		}
	})
	for f := range size {
		s.begin[f+1] += s.begin[f]
	}
	s.lines = make([]Weight, s.begin[size])
	// The lines of a feature are in the order of the concepts: those of the
	// first part stand first.
	next := slices.Clone(s.begin[:size])
	at := make([][]int32, len(parts))
	for i, p := range parts {
		at[i] = make([]int32, len(p.of))
		for f, all := range p.of {
			at[i][f] = next[all]
			next[all] += counts[i][f]
		}
	}
	parallel.Each(len(parts), func(i int) { s.fill(parts[i], at[i]) })
}

// fill writes the lines of a part; next is where the next of each of its features
// goes.
func (s *Space) fill(p *part, next []int32) {
	begin := 0
	for n, end := range p.ends {
		var square float32
		text := p.texts[begin:end]
		begin = end
		for i, w := range text {
			text[i].Value *= s.rarity[p.of[w.Dimension]]
			square += text[i].Value * text[i].Value
		}
		length := root(square)
		for _, w := range text {
			s.lines[next[w.Dimension]] = Weight{int32(p.first + n), w.Value / length}
			next[w.Dimension]++
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

// desk is room to work in.
type desk struct {
	sums []float32 // by dimension, all 0
	seen []bool    // by feature, all false
	text []int32   // features
}

func (s *Space) desk() *desk {
	if d, ok := s.desks.Get().(*desk); ok {
		return d
	}
	return &desk{sums: make([]float32, s.size), seen: make([]bool, len(s.rarity))}
}

// clear makes a desk ready for the next.
func (s *Space) clear(d *desk) {
	clear(d.sums)
	for _, f := range d.text {
		d.seen[f] = false
	}
	d.text = d.text[:0]
	s.desks.Put(d)
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
	d := s.desk()
	defer s.clear(d)
	features(syllables, weightless, func(key pair) {
		f, known := s.features.find(key)
		if !known || d.seen[f] {
			return
		}
		d.seen[f] = true
		d.text = append(d.text, f)
		rarity := s.rarity[f]
		for _, line := range s.lines[s.begin[f]:s.begin[f+1]] {
			d.sums[line.Dimension] += rarity * line.Value
		}
	})
	if len(d.text) == 0 {
		return Vector{}
	}
	strongest := make(Vector, 0, n+1)
	for c, sum := range d.sums[:len(s.fields)] {
		if sum > 0 {
			// To the power of 1.5: above 1, what a text surely speaks of stands out.
			// Set like the constants above.
			strongest = strongest.keep(Weight{int32(c), sum * root(sum) * s.sure[c]}, n)
		}
	}
	slices.SortFunc(strongest, byDimension)
	return s.withFields(strongest)
}

// keep adds w to v, which is ordered by value and then by dimension, and leaves
// out what is beyond the n strongest.
func (v Vector) keep(w Weight, n int) Vector {
	if len(v) == n && (v[n-1].Value > w.Value || byValue(v[n-1], w) < 0) {
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
func (s *Space) Mix(v Vector, share float32, others []Vector, n int) Vector {
	d := s.desk()
	defer s.clear(d)
	for _, w := range v {
		d.sums[w.Dimension] += w.Value
	}
	for _, other := range others {
		for _, w := range other {
			d.sums[w.Dimension] += w.Value * share
		}
	}
	mixed := make(Vector, 0, n+1)
	for dimension, sum := range d.sums {
		if sum > 0 {
			mixed = mixed.keep(Weight{int32(dimension), sum}, n)
		}
	}
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
	if f, known := s.features.find(key); known {
		return int(s.begin[f+1] - s.begin[f])
	}
	return 0
}

// Words are the different words of the thesaurus, in the order of its lines.
// They must not be changed.
func (s *Space) Words() []vietnamese.Token { return s.words }

// Size is how many dimensions vectors have.
func (s *Space) Size() int { return s.size }

func root(x float32) float32 { return float32(math.Sqrt(float64(x))) }
