package thesaurus

import "github.com/hoinq/hoinq/retrieval/vietnamese"

// spelling gives syllables numbers, in the order in which they come. It cuts each
// piece of text between two spaces once, and then knows it by its bytes: the
// phrases of a thesaurus repeat few of them again and again, and looking up
// these is most of what reading one takes.
type spelling struct {
	words   []vietnamese.Token // by number
	numbers map[string]int32   // by spelling
	pieces  []piece
	slots   []int32 // one more than a piece, by hash; 0 is free
}

// piece is a text without spaces and its syllables.
type piece struct {
	text      string
	hash      uint32
	syllables []int32
}

func newSpelling() spelling {
	return spelling{numbers: map[string]int32{}, slots: make([]int32, 1<<14)}
}

// spell appends the numbers of the syllables of a text.
func (s *spelling) spell(numbers []int32, text string) []int32 {
	for from := 0; from <= len(text); {
		hash, to := uint32(2166136261), from // FNV-1a
		for ; to < len(text) && text[to] != ' '; to++ {
			hash = (hash ^ uint32(text[to])) * 16777619
		}
		numbers = append(numbers, s.piece(text[from:to], hash)...)
		from = to + 1
	}
	return numbers
}

// piece are the syllables of a text with a hash.
func (s *spelling) piece(text string, hash uint32) []int32 {
	at := s.slot(text, hash)
	if n := s.slots[at]; n > 0 {
		return s.pieces[n-1].syllables
	}
	if 2*len(s.pieces) >= len(s.slots) {
		s.slots = make([]int32, 2*len(s.slots))
		for i, p := range s.pieces {
			s.slots[s.slot(p.text, p.hash)] = int32(i + 1)
		}
		at = s.slot(text, hash)
	}
	p := piece{text: text, hash: hash}
	for _, t := range vietnamese.Tokenize(text) {
		n, known := s.numbers[t.Text]
		if !known {
			n = int32(len(s.words))
			s.numbers[t.Text] = n
			s.words = append(s.words, t)
		}
		p.syllables = append(p.syllables, n)
	}
	s.pieces = append(s.pieces, p)
	s.slots[at] = int32(len(s.pieces))
	return p.syllables
}

// slot is where a piece has its number, or would have it.
func (s *spelling) slot(text string, hash uint32) int {
	at := int(hash^hash>>16) & (len(s.slots) - 1)
	for s.slots[at] != 0 && s.pieces[s.slots[at]-1].text != text {
		at = (at + 1) & (len(s.slots) - 1)
	}
	return at
}
