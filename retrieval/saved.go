package retrieval

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/internal/pack"
	"github.com/hoinq/hoinq/retrieval/bm25"
	"github.com/hoinq/hoinq/retrieval/vector"
)

// The content of a saved index. Neither half holds any words of the documents
// besides single ones: an index is read for a library that is already there.
//
// The passages, as package pack writes them:
//
//	string savedMagic
//	how many entries there are, and of each, in the order of the index,
//	    what it offers, one bit each, and the words that it counts
//	    the words of weight in the name of its list
//	    the years in it, and those above it
//	how many folded syllables have spellings, and of each, in order,
//	    the syllable, how many spellings, and these, the commonest first
//	of each dimension of the space of concepts the entries that have a value
//	    in it, in order, and the values
//	the lexical index, as bm25.Index.Pack writes it
//
// The vectors are an export of chromem-go. Both stand in a [Folder], which has
// their checksums and says what documents they belong to.
const (
	savedFormat = 1 // raised with every change of the above
	savedMagic  = "hoinq index of passages\n"
)

// packPassages returns the first half.
func (ix *Index) packPassages() []byte {
	var w pack.Writer
	w.String(savedMagic)
	w.Uint(len(ix.entries))
	for _, e := range ix.entries {
		e.offers.pack(&w)
		w.Uint(e.content)
		packStrings(&w, e.years)
		packStrings(&w, e.yearsAbove)
	}
	ix.marks.pack(&w)
	ix.meaning.pack(&w)
	ix.lexical.Pack(&w)
	return w.Bytes()
}

// unpackPassages reads the first half into an index that has all its entries,
// as [emptyIndex] makes it.
func (ix *Index) unpackPassages(data []byte) error {
	r := pack.NewReader(data)
	if r.String() != savedMagic {
		r.Fail("it does not begin as an index")
	}
	if n := r.Uint(); n != len(ix.entries) {
		r.Fail("%d entries, want %d", n, len(ix.entries))
	}
	words := interned{}
	for i := range ix.entries {
		if r.Err() != nil {
			break
		}
		e := &ix.entries[i]
		e.offers = unpackOffers(r, words)
		e.content = r.Uint()
		e.years = words.unpack(r)
		e.yearsAbove = words.unpack(r)
	}
	m := emptyMarks(ix.lexicon, ix.meaning.space, len(ix.entries))
	m.unpack(r)
	ix.meaning.unpack(r, len(ix.entries))
	ix.lexical = bm25.Unpack(r, len(ix.entries), ix.options.params(bm25.DefaultParams()))
	if err := r.Close(); err != nil {
		return err
	}
	m.recount(ix.lexical)
	ix.marks = m
	return nil
}

// loadIndex makes an index of a library out of both halves.
func loadIndex(library *corpus.Library, opt Options, passages, vectors func() ([]byte, error)) (*Index, error) {
	var imported *vector.Index
	importing := make(chan error, 1)
	go func() {
		data, err := vectors()
		if err == nil {
			imported, err = vector.Import(opt.Embedder, data, countPassages(library))
		}
		importing <- err
	}()
	ix := emptyIndex(library, opt) // which takes a while: the concepts
	data, err := passages()
	if err == nil {
		err = ix.unpackPassages(data)
	}
	if vectorErr := <-importing; err == nil {
		err = vectorErr
	}
	if err != nil {
		return nil, err
	}
	ix.use(imported)
	return ix, nil
}

// exportVectors returns the second half.
func (ix *Index) exportVectors() ([]byte, error) {
	var out bytes.Buffer
	if err := ix.vectors.Export(&out); err != nil {
		return nil, fmt.Errorf("save index: %w", err)
	}
	return out.Bytes(), nil
}

func (o *offers) bits() []*bool {
	return []*bool{&o.figure, &o.time, &o.body, &o.list, &o.symbol, &o.person, &o.day, &o.date, &o.money, &o.percent, &o.clock, &o.phone, &o.company}
}

func (o offers) pack(w *pack.Writer) {
	set := 0
	for i, b := range o.bits() {
		if *b {
			set |= 1 << i
		}
	}
	w.Uint(set)
	packStrings(w, o.counted)
}

func unpackOffers(r *pack.Reader, words interned) offers {
	var o offers
	set := r.Below(1 << len(o.bits()))
	for i, b := range o.bits() {
		*b = set&(1<<i) != 0
	}
	o.counted = words.unpack(r)
	return o
}

func packStrings(w *pack.Writer, list []string) {
	w.Uint(len(list))
	for _, s := range list {
		w.String(s)
	}
}

// interned keeps one copy of each string that comes again and again.
type interned map[string]string

// unpack reads what packStrings wrote.
func (in interned) unpack(r *pack.Reader) []string {
	n := r.Count(1)
	if n == 0 {
		return nil
	}
	list := make([]string, n)
	for i := range list {
		b := r.Blob()
		s, ok := in[string(b)]
		if !ok {
			s = string(b)
			in[s] = s
		}
		list[i] = s
	}
	return list
}

// pack writes the spellings.
func (m *marks) pack(w *pack.Writer) {
	w.Uint(len(m.forms))
	for _, folded := range sortedKeys(m.forms) {
		w.String(folded)
		w.Uint(len(m.forms[folded]))
		for _, s := range m.forms[folded] {
			w.String(s.form)
		}
	}
}

// unpack reads the spellings, without how often they come.
func (m *marks) unpack(r *pack.Reader) {
	n := r.Count(2)
	m.forms = make(map[string][]spelling, n)
	for range n {
		folded := r.String()
		forms := make([]spelling, r.Count(1))
		for i := range forms {
			forms[i].form = r.String()
		}
		if len(forms) == 0 || len(forms) > maxForms || r.Err() != nil {
			r.Fail("%d spellings of a syllable", len(forms))
			return
		}
		m.forms[folded] = forms
	}
}

// recount counts the spellings again.
func (m *marks) recount(lexical *bm25.Index) {
	m.lexical = lexical
	for _, forms := range m.forms {
		for i := range forms {
			forms[i].count = m.counted(forms[i].form, lexical.Count(forms[i].form))
		}
	}
}

// pack writes what the entries speak of.
func (c *concepts) pack(w *pack.Writer) {
	for _, d := range c.entries {
		entries, values := make([]uint32, len(d)), make([]float32, len(d))
		for i, e := range d {
			entries[i], values[i] = e.entry, e.value
		}
		w.Uint32s(entries)
		w.Float32s(values)
	}
}

// unpack reads what so many entries speak of.
func (c *concepts) unpack(r *pack.Reader, size int) {
	for i := range c.entries {
		entries, values := r.Uint32s(), r.Float32s()
		if len(entries) != len(values) {
			r.Fail("%d values for %d entries of a concept", len(values), len(entries))
		}
		if r.Err() != nil {
			return
		}
		d, last := make(dimension, len(entries)), -1
		for i, entry := range entries {
			if int(entry) <= last || int(entry) >= size {
				r.Fail("entry %d of a concept", entry)
				return
			}
			last = int(entry)
			d[i] = valued{entry, values[i]}
		}
		c.entries[i] = d
	}
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
