package bm25

import (
	"encoding/binary"
	"maps"
	"slices"

	"github.com/hoinq/hoinq/internal/pack"
	"github.com/hoinq/hoinq/internal/parallel"
)

// Pack writes the index, without its parameters. The same index gives the same
// bytes. They are, each as package pack writes it:
//
//	how many documents there are
//	blob of the typed form
//	blob of the folded form
//
// and of each form, which says more of them:
//
//	how many words there are, and each, in the order of their bytes
//	how many lists each word has
//	array of the second words, by list
//	array of the impacts
//	blob of the postings
//
// Where each list begins is found again by reading through the postings.
func (ix *Index) Pack(w *pack.Writer) {
	w.Uint(ix.size)
	for _, f := range []*form{&ix.typed, &ix.folded} {
		var form pack.Writer
		f.pack(&form)
		w.Blob(form.Bytes())
	}
}

func (f *form) pack(w *pack.Writer) {
	w.Uint(len(f.words))
	for _, word := range slices.Sorted(maps.Keys(f.words)) {
		w.String(word)
	}
	for i := range len(f.words) {
		w.Uint(int(f.first[i+1] - f.first[i]))
	}
	w.Uint32s(f.second)
	w.Float32s(f.impacts)
	w.Blob(f.postings)
}

// Unpack reads an index of so many documents that was built with the same
// parameters. The index goes on to use the bytes that r reads. What is wrong
// with them is noted in r, and then the index must not be used.
func Unpack(r *pack.Reader, documents int, params Params) *Index {
	ix := &Index{params: params, size: documents}
	if n := r.Uint(); n != documents {
		r.Fail("%d documents, want %d", n, documents)
	}
	forms := []*form{&ix.typed, &ix.folded}
	readers := []*pack.Reader{pack.NewReader(r.Blob()), pack.NewReader(r.Blob())}
	if r.Err() != nil {
		return ix
	}
	parallel.Each(len(forms), func(i int) { forms[i].unpack(readers[i], ix.size) })
	for _, form := range readers {
		if err := form.Close(); err != nil {
			r.Fail("%v", err)
		}
	}
	return ix
}

func (f *form) unpack(r *pack.Reader, size int) {
	words := make([]string, r.Count(1))
	for i := range words {
		words[i] = r.String()
		if i > 0 && words[i] <= words[i-1] {
			r.Fail("the words are not in order")
		}
	}
	f.first = make([]uint32, 1, len(words)+1)
	lists := 0
	for range words {
		lists += r.Uint()
		f.first = append(f.first, uint32(lists))
	}
	f.second, f.impacts, f.postings = r.Uint32s(), r.Float32s(), r.Blob()
	if r.Err() != nil {
		return
	}
	f.words = number(words)
	if lists != len(f.second) || !f.ordered() {
		r.Fail("the second words are not in order")
		return
	}
	if !f.findLists(size) {
		r.Fail("the postings lead nowhere")
	}
}

// ordered reports whether the second words of each word can be searched.
func (f *form) ordered() bool {
	for w := range f.words {
		number := f.words[w]
		from, to := int(f.first[number]), int(f.first[number+1])
		if from >= to || to > len(f.second) {
			return false
		}
		for i := from + 1; i < to; i++ {
			if int(f.second[i]) >= len(f.words) || i > from+1 && f.second[i] <= f.second[i-1] {
				return false
			}
		}
	}
	return true
}

// findLists notes where each list begins. It reports whether all of them can be
// read to their ends, with documents below size and impacts that there are.
func (f *form) findLists(size int) bool {
	f.begin = make([]uint64, len(f.second))
	p, at := f.postings, 0
	next := func() (n uint64, ok bool) {
		if at < len(p) && p[at] < 0x80 {
			at++
			return uint64(p[at-1]), true
		}
		n, length := binary.Uvarint(p[at:])
		at += max(length, 0)
		return n, length > 0
	}
	for i := range f.begin {
		f.begin[i] = uint64(at)
		holding, ok1 := next()
		bodies, ok2 := next()
		if !ok1 || !ok2 || holding == 0 || holding > uint64(size) {
			return false
		}
		doc, inBody := uint64(0), uint64(0)
		for range holding {
			skipped, ok1 := next()
			impact, ok2 := next()
			doc += skipped>>1 + 1
			if !ok1 || !ok2 || skipped>>1 >= uint64(size) || doc > uint64(size) || impact >= uint64(len(f.impacts)) {
				return false
			}
			inBody += skipped & 1
		}
		if inBody != bodies {
			return false
		}
	}
	return at == len(p)
}
