package bm25

import (
	"encoding/binary"
	"slices"
	"strings"
)

// form are the words of all documents in one form, as typed or folded, with
// the documents that hold each, alone and before another word.
//
// Words are numbered in the order of their bytes. The lists of word w are those
// from first[w] to first[w+1]: the list of the word alone, and then one for each
// word that follows it somewhere, in the order of their numbers, which stand in
// second. So a pair is found by its first word and a search among its second
// ones, and no pair is kept as a string.
//
// List l stands in postings from begin[l] on, as varints:
//
//	how many documents hold it
//	how many of them hold it in the body
//	for each document, in the order of their numbers:
//	    how many documents were left out before it, times 2,
//	    plus 1 when the body holds it
//	    its impact, as a number in impacts
//
// The impacts stand in the order of how often they come, so that most have a
// number of one byte. Postings of 60,000 passages take three bytes each this
// way, instead of the twelve of a struct.
type form struct {
	words    map[string]uint32
	first    []uint32 // one more than there are words
	second   []uint32 // by list; 0 for a word alone
	begin    []uint64 // by list
	postings []byte
	impacts  []float32
}

// list are the documents that hold a term.
type list struct {
	// holding is how many there are, bodies how many hold it in the body.
	// Rarity is counted there alone: the name of a document stands above each
	// of its passages and says nothing about them.
	holding, bodies int
	postings        []byte // and what comes behind
}

// word is the list of a word alone.
func (f *form) word(w string) (list, bool) {
	number, ok := f.words[w]
	if !ok {
		return list{}, false
	}
	return f.list(f.first[number]), true
}

// pair is the list of two words that follow each other.
func (f *form) pair(a, b string) (list, bool) {
	before, ok := f.words[a]
	if !ok {
		return list{}, false
	}
	after, ok := f.words[b]
	if !ok {
		return list{}, false
	}
	from := f.first[before] + 1
	at, ok := slices.BinarySearch(f.second[from:f.first[before+1]], after)
	if !ok {
		return list{}, false
	}
	return f.list(from + uint32(at)), true
}

func (f *form) list(number uint32) list {
	p := f.postings[f.begin[number]:]
	holding, n := binary.Uvarint(p)
	bodies, m := binary.Uvarint(p[n:])
	return list{holding: int(holding), bodies: int(bodies), postings: p[n+m:]}
}

// tally is what was found of one document: its score so far and the sets of
// terms of a [Match].
type tally struct {
	score     float64
	body, any uint64
}

// collect adds weight to each document of a list, as much of it as the impact
// says, and the term to the documents' sets.
func (f *form) collect(found []tally, l list, weight float64, set uint64) {
	p, doc := l.postings, -1
	for range l.holding {
		skipped, n := uint(p[0]), 1
		if skipped >= 0x80 {
			skipped, n = long(p)
		}
		p = p[n:]
		impact, n := uint(p[0]), 1
		if impact >= 0x80 {
			impact, n = long(p)
		}
		p = p[n:]
		doc += int(skipped>>1) + 1
		t := &found[doc]
		t.score += weight * float64(f.impacts[impact])
		t.any |= set
		t.body |= set & -uint64(skipped&1)
	}
}

// long reads a varint of more than one byte.
func long(p []byte) (n uint, size int) {
	if p[1] < 0x80 { // nearly always
		return uint(p[0]&0x7f) | uint(p[1])<<7, 2
	}
	v, size := binary.Uvarint(p)
	return uint(v), size
}

// number gives sorted words their numbers. They are kept in one string.
func number(sorted []string) map[string]uint32 {
	together := strings.Join(sorted, "")
	numbers := make(map[string]uint32, len(sorted))
	at := 0
	for i, w := range sorted {
		numbers[together[at:at+len(w)]] = uint32(i)
		at += len(w)
	}
	return numbers
}
