package retrieval

import (
	"slices"
	"strings"

	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

const (
	// leastSlip is how many letters a word has that may be a slip; in shorter
	// ones each key more or less is another word.
	leastSlip = 3
	// closeShare is how many of its neighbour's occurrences a word must follow
	// or precede to be meant by one that the lists hold, or by a name: "quyt"
	// behind "nghi" is no "quýt", "hôi" behind "xã" not what it says, and "Bản
	// Giốc" is no "bản gốc".
	closeShare = 0.3
)

// slips corrects the slips of the keyboard in one question.
type slips struct {
	ix         *Index
	text       string
	tokens     []vietnamese.Token
	weightless []bool
	// bare says that the writer typed no marks, shouted that all is in capitals.
	bare, shouted bool
}

// corrected is a question in which the words that no document and no list holds
// are read as what was meant with a slip of one key, or without some of the
// marks: "đạii hội", "môi trươgn", "nghị quyêt". A word is read so only where it
// makes a pair with a neighbour that is known, so that names stay.
func (ix *Index) corrected(text string) string {
	s := &slips{ix: ix, text: text, tokens: vietnamese.Tokenize(text), shouted: text == strings.ToUpper(text)}
	s.bare = !slices.ContainsFunc(s.tokens, vietnamese.Token.Marked)
	var read []string
	for i := range s.tokens {
		if !s.candidate(i) {
			continue
		}
		if read == nil {
			read = make([]string, len(s.tokens))
			s.weightless = ix.lexicon.Weightless(s.tokens, s.bare)
		}
		read[i] = s.meant(i)
	}
	if read == nil {
		return text
	}
	return rewritten(text, s.tokens, read)
}

// candidate reports whether token i may be a slip.
func (s *slips) candidate(i int) bool {
	t := s.tokens[i]
	if len(t.Folded) < 2 || len(t.Folded) < leastSlip && !t.Marked() || t.Figure || t.Roman || strings.Trim(t.Folded, "abcdefghijklmnopqrstuvwxyz") != "" {
		return false
	}
	if t.Marked() {
		return s.ix.lexical.Count(t.Text) == 0
	}
	typed := s.text[t.Start:t.End]
	if !s.shouted && typed == strings.ToUpper(typed) { // "ASEAN"
		return false
	}
	return !s.ix.lexical.Knows(t, false) && s.ix.marks.counted(t.Text, 0) == 0
}

// meant is what token i was typed for, or empty when that cannot be told.
func (s *slips) meant(i int) string {
	t := s.tokens[i]
	word := s.ix.marks.counted(t.Text, 0) > 0 // of the lists
	least := 0.0
	if word || s.named(i) || len(s.ix.marks.forms[t.Folded]) > 0 && !t.Marked() {
		least = closeShare
	}
	if word && s.paired(i) {
		return ""
	}
	var form string
	var most, commonest float64
	tried := map[string]bool{}
	try := func(meant []byte) {
		forms := s.ix.marks.forms[string(meant)]
		if len(forms) == 0 || tried[string(meant)] {
			return
		}
		folded := string(meant)
		tried[folded] = true
		before, behind := s.partner(i, i-1, folded), s.partner(i, i+1, folded)
		if len(before)+len(behind) == 0 {
			return
		}
		for _, f := range forms {
			if !vietnamese.Keeps(f.form, t.Text) {
				continue
			}
			known := (1 + s.pairs(before, f.form, least, true)) * (1 + s.pairs(behind, f.form, least, false))
			if known > 1 && (known > most || known == most && (f.count > commonest || f.count == commonest && f.form < form)) {
				form, most, commonest = f.form, known, f.count
			}
		}
	}
	if t.Marked() {
		try([]byte(t.Folded))
	}
	if !word {
		vietnamese.Slips(t.Folded, try)
	}
	if s.bare && form != "" {
		return vietnamese.Tokenize(form)[0].Folded
	}
	return form
}

// paired reports whether token i makes a known pair as it was typed.
func (s *slips) paired(i int) bool {
	typed := make([]string, len(s.tokens))
	for n, t := range s.tokens {
		typed[n] = t.Text
	}
	return s.ix.confirmed(typed, i)
}

// partner are the spellings of token n beside token i that may confirm what i
// was typed for: none where n is no token, says nothing of a subject and asks
// nothing with that word, or where only i is capital and so likely a name.
func (s *slips) partner(i, n int, folded string) []spelling {
	if n < 0 || n >= len(s.tokens) {
		return nil
	}
	t, beside := s.tokens[i], s.tokens[n]
	if s.named(i) && !t.Marked() && !beside.Capital {
		return nil
	}
	pair := beside.Folded + " " + folded
	a, b := beside, vietnamese.Token{Text: folded, Folded: folded}
	if n > i {
		pair = folded + " " + beside.Folded
		a, b = b, a
	}
	if !s.ix.marks.askedFolded[pair] && (s.weightless[n] || !beside.Marked() && !s.ix.lexical.KnowsPair(a, b)) {
		return nil
	}
	return s.ix.marks.spellings(beside)
}

// named reports whether token i is likely of a name.
func (s *slips) named(i int) bool { return i > 0 && s.tokens[i].Capital && !s.shouted }

// pairs is how many passages hold a word beside one in the spellings given, when
// it is beside so great a share of them.
func (s *slips) pairs(beside []spelling, word string, least float64, behind bool) float64 {
	known, all := 0.0, 0.0
	for _, b := range beside {
		first, second := b.form, word
		if !behind {
			first, second = word, b.form
		}
		known += s.ix.marks.countedPair(first, second)
		all += b.count
	}
	if known < least*all {
		return 0
	}
	return known
}
