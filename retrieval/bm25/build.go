package bm25

import (
	"cmp"
	"encoding/binary"
	"maps"
	"math"
	"slices"

	"github.com/hoinq/hoinq/internal/parallel"
	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

// Build indexes the documents; their numbers are their positions in docs. It
// works on all cores, and gives the same index on any number of them.
func Build(docs []Document, params Params) *Index {
	var bodyTotal int
	for _, d := range docs {
		bodyTotal += len(d.Body)
	}
	average := max(float64(bodyTotal)/float64(max(len(docs), 1)), 1)
	build := func(key func(vietnamese.Token) string) form {
		b := &builder{docs: docs, params: params, average: average, key: key, parts: parallel.Parts(len(docs))}
		return b.build()
	}
	return &Index{
		params: params,
		size:   len(docs),
		typed:  build(func(t vietnamese.Token) string { return t.Text }),
		folded: build(func(t vietnamese.Token) string { return t.Folded }),
	}
}

// builder makes one form of an index. The documents are cut into parts, which
// are worked on at the same time: one pass finds the words, one counts what
// each has of postings, one puts these where they belong, by word. The words
// are then cut into parts as well, and their postings ordered and written.
type builder struct {
	docs    []Document
	params  Params
	average float64 // length of a body
	key     func(vietnamese.Token) string
	parts   int

	words   map[string]uint32
	impacts []float32
	codes   map[uint32]uint32 // number of an impact, by its bits
}

// found is a posting on its way to its list. second is 0 for the word alone,
// else one more than the number of the word behind it.
type found struct {
	second uint32
	doc    uint32 // times 2, plus 1 when the body holds it
	impact uint32
}

func (b *builder) build() form {
	if len(b.docs) == 0 {
		return form{}
	}
	b.words = number(b.sortedWords())
	counts, impacts := b.count()
	b.number(impacts)
	// Where the postings of each word begin, by part: those of one word stand
	// together, those of an earlier part first.
	begins := make([]int, len(b.words)+1)
	at := 0
	for w := range len(b.words) {
		begins[w] = at
		for part := range counts {
			n := counts[part][w]
			counts[part][w] = at
			at += n
		}
	}
	begins[len(b.words)] = at
	return b.write(begins, b.place(counts, at))
}

// sortedWords are all words of the documents, each once.
func (b *builder) sortedWords() []string {
	sets := make([]map[string]bool, b.parts)
	parallel.Ranges(len(b.docs), b.parts, func(part, from, to int) {
		set := map[string]bool{}
		for _, d := range b.docs[from:to] {
			for _, t := range d.Body {
				set[b.key(t)] = true
			}
			for _, lines := range [][][]vietnamese.Token{d.Heading, d.Asked} {
				for _, line := range lines {
					for _, t := range line {
						set[b.key(t)] = true
					}
				}
			}
		}
		sets[part] = set
	})
	for _, set := range sets[1:] {
		maps.Copy(sets[0], set)
	}
	return slices.Sorted(maps.Keys(sets[0]))
}

// beside says in which fields beside the body a term stands.
type beside uint64

const (
	inHeading beside = 1 << iota
	inAsked
	besides // how many sets of them there are
)

// A term of a document while it is counted: the word in the upper half, then
// its second as in found, and at the end the field beside the body that it
// stands in.
const (
	wordShift   = 32
	secondShift = 2
)

// each calls do for every term of document n, in order: how often the body has
// it, and what fields beside it do. terms is room to work in, and is returned
// to be used again.
func (b *builder) each(n int, terms []uint64, do func(word, second uint32, body int, also beside)) []uint64 {
	terms = terms[:0]
	line := func(tokens []vietnamese.Token, field beside) {
		var before uint64
		for i, t := range tokens {
			w := uint64(b.words[b.key(t)])
			terms = append(terms, w<<wordShift|uint64(field))
			if i > 0 {
				terms = append(terms, before<<wordShift|(w+1)<<secondShift|uint64(field))
			}
			before = w
		}
	}
	d := b.docs[n]
	line(d.Body, 0)
	for _, tokens := range d.Heading {
		line(tokens, inHeading)
	}
	for _, tokens := range d.Asked {
		line(tokens, inAsked)
	}
	slices.Sort(terms)
	for i := 0; i < len(terms); {
		term, body, also := terms[i]>>secondShift, 0, beside(0)
		for ; i < len(terms) && terms[i]>>secondShift == term; i++ {
			field := beside(terms[i]) & (besides - 1)
			if also |= field; field == 0 {
				body++
			}
		}
		do(uint32(term>>(wordShift-secondShift)), uint32(term)&(1<<(wordShift-secondShift)-1), body, also)
	}
	return terms
}

// impact is the saturated weight in document n of a term that stands so often
// in its body, and in some fields beside it.
func (b *builder) impact(n, body int, also beside) float32 {
	norm := 1 - b.params.B + b.params.B*float64(len(b.docs[n].Body))/b.average
	tf := float64(body) / norm
	if also&inHeading != 0 { // headings repeat each other; once is enough
		tf += b.params.Heading
	}
	if also&inAsked != 0 { // a question adds the words that the document lacks
		tf = max(tf, b.params.Asked)
	}
	return float32(tf * (b.params.K1 + 1) / (tf + b.params.K1))
}

// count returns how many postings each word has in each part, and how often
// each impact comes, by its bits.
func (b *builder) count() (counts [][]int, impacts map[uint32]int) {
	counts = make([][]int, b.parts)
	tables := make([]map[uint32]int, b.parts)
	parallel.Ranges(len(b.docs), b.parts, func(part, from, to int) {
		count, table := make([]int, len(b.words)), map[uint32]int{}
		var room []uint64
		for n := from; n < to; n++ {
			var cases perCase[int]
			room = b.each(n, room, func(word, _ uint32, body int, also beside) {
				count[word]++
				*cases.at(body, also)++
			})
			cases.each(func(body int, also beside, times int) {
				table[math.Float32bits(b.impact(n, body, also))] += times
			})
		}
		counts[part], tables[part] = count, table
	})
	impacts = tables[0]
	for _, table := range tables[1:] {
		for bits, n := range table {
			impacts[bits] += n
		}
	}
	return counts, impacts
}

// number orders the impacts, the commonest first.
func (b *builder) number(counts map[uint32]int) {
	order := slices.SortedFunc(maps.Keys(counts), func(x, y uint32) int {
		return cmp.Or(cmp.Compare(counts[y], counts[x]), cmp.Compare(x, y))
	})
	b.codes = make(map[uint32]uint32, len(order))
	for i, bits := range order {
		b.impacts = append(b.impacts, math.Float32frombits(bits))
		b.codes[bits] = uint32(i)
	}
}

// place returns all postings, by word. next is where the next of each word goes,
// by part.
func (b *builder) place(next [][]int, total int) []found {
	postings := make([]found, total)
	parallel.Ranges(len(b.docs), b.parts, func(part, from, to int) {
		next := next[part]
		var room []uint64
		for n := from; n < to; n++ {
			var codes perCase[uint32] // one more than the number of the impact
			room = b.each(n, room, func(word, second uint32, body int, also beside) {
				code := codes.at(body, also)
				if *code == 0 {
					*code = b.codes[math.Float32bits(b.impact(n, body, also))] + 1
				}
				doc := uint32(n) << 1
				if body > 0 {
					doc |= 1
				}
				postings[next[word]] = found{second: second, doc: doc, impact: *code - 1}
				next[word]++
			})
		}
	})
	return postings
}

// perCase holds something for each way in which a document has a term: how
// often in the body, and in what fields beside it. The impact depends on
// nothing else in it.
type perCase[T comparable] struct{ values []T }

func (c *perCase[T]) at(body int, also beside) *T {
	i := int(besides)*body + int(also)
	if i >= len(c.values) {
		c.values = append(c.values, make([]T, i+8-len(c.values))...)
	}
	return &c.values[i]
}

// each calls do for every case that was set.
func (c *perCase[T]) each(do func(body int, also beside, value T)) {
	var none T
	for i, value := range c.values {
		if value != none {
			do(i/int(besides), beside(i%int(besides)), value)
		}
	}
}

// write orders the postings of each word, which stand in postings from
// begins[word] on, and makes the form of them.
func (b *builder) write(begins []int, postings []found) form {
	parts := parallel.Parts(len(b.words))
	written := make([]form, parts)
	parallel.Ranges(len(b.words), parts, func(part, _, _ int) {
		// As many postings for each part, not as many words.
		from, _ := slices.BinarySearch(begins, len(postings)*part/parts)
		to, _ := slices.BinarySearch(begins, len(postings)*(part+1)/parts)
		f := &written[part]
		for w := from; w < to; w++ {
			f.first = append(f.first, uint32(len(f.begin)))
			f.append(postings[begins[w]:begins[w+1]])
		}
	})
	var lists, size int
	for _, f := range written {
		lists, size = lists+len(f.begin), size+len(f.postings)
	}
	all := form{
		words:    b.words,
		first:    make([]uint32, 0, len(b.words)+1),
		second:   make([]uint32, 0, lists),
		begin:    make([]uint64, 0, lists),
		postings: make([]byte, 0, size),
		impacts:  b.impacts,
	}
	for _, f := range written {
		for _, n := range f.first {
			all.first = append(all.first, n+uint32(len(all.begin)))
		}
		for _, at := range f.begin {
			all.begin = append(all.begin, at+uint64(len(all.postings)))
		}
		all.second = append(all.second, f.second...)
		all.postings = append(all.postings, f.postings...)
	}
	all.first = append(all.first, uint32(len(all.begin)))
	return all
}

// append writes the lists of one word.
func (f *form) append(postings []found) {
	slices.SortFunc(postings, func(x, y found) int {
		if x.second != y.second {
			return cmp.Compare(x.second, y.second)
		}
		return cmp.Compare(x.doc, y.doc)
	})
	for len(postings) > 0 {
		n, bodies := 0, 0
		for n < len(postings) && postings[n].second == postings[0].second {
			bodies += int(postings[n].doc & 1)
			n++
		}
		f.begin = append(f.begin, uint64(len(f.postings)))
		f.second = append(f.second, max(postings[0].second, 1)-1)
		f.postings = binary.AppendUvarint(f.postings, uint64(n))
		f.postings = binary.AppendUvarint(f.postings, uint64(bodies))
		next := uint32(0)
		for _, p := range postings[:n] {
			doc := p.doc >> 1
			f.postings = binary.AppendUvarint(f.postings, uint64(doc-next)<<1|uint64(p.doc&1))
			f.postings = binary.AppendUvarint(f.postings, uint64(p.impact))
			next = doc + 1
		}
		postings = postings[n:]
	}
}
