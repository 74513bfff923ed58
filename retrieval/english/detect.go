package english

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/hoinq/hoinq/internal/unaccent"
	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

// What makes a message English: at least leastSure words that no Vietnamese
// writes, and at least leastShare of its words in the glossary. Names, which
// begin with a capital, do not count. In a message of at least leastAll words of
// which most are there, other words that are strange to Vietnamese count too: "How
// to cook noodle soup"; and one word is enough where all are there: "What is
// this". Set so that no question of
// the evaluation sets, with its marks or without, is taken for English.
const (
	leastSure  = 2
	leastShare = 0.4
	leastAll   = 3
	mostShare  = 0.8
)

// vetoes are the words of Vietnamese grammar, with marks and without, that
// stand in no English sentence. One of them, in small letters, makes a message
// Vietnamese however many English words it has: "World Cup là gì".
const vetoes = `là la gì gi của cua nào nao nhiêu nhieu không khong ko được duoc những nhung các cac thì thi với voi và như nhu vậy vay rồi roi hả nhỉ ạ cho làm lam`

// grammar are words without which few English sentences are, and which no
// Vietnamese writes. Where there is none of them, a message must be English in
// nearly all its words, and have no Vietnamese mark: Vietnamese borrow "online",
// "app" and "police", but not these.
const grammar = `what which how who when where why whose is are was were does did has have will would should could must of for with that this these those there and about many much tell please your my`

// English reports whether a message is in English.
func (g *Glossary) English(text string) bool {
	var sure, listed, all int
	built, marked := false, false
	var last string // the last sure word: "yes yes" is one
	shouted := strings.ToUpper(text) == text
	for word := range strings.FieldsFuncSeq(text, unworded) {
		if len(word) == 1 {
			continue // "a", "s", and half of the abbreviations
		}
		lower := strings.ToLower(word)
		small := lower == word || shouted
		built = built || g.grammar[lower]
		marked = marked || small && unaccent.String(lower) != lower
		switch {
		case g.vetoes[lower] && small:
			return false
		case g.lists(lower):
			listed++
			all++
			if (small || all == 1) && lower != last && !vietnameseToo(lower) { // "SEA Games" is a name
				sure++
				last = lower
			}
		case small:
			all++
		}
	}
	if !built && (marked || float64(listed) < mostShare*float64(all)) {
		return false
	}
	if share := float64(listed) / float64(all); sure >= leastSure && !shouted {
		return share >= leastShare
	} else if sure >= leastSure && share >= mostShare {
		return true // in capitals a name looks like any word
	}
	if listed < leastSure || all < leastAll {
		return false
	}
	strange := 0
	for word := range strings.FieldsFuncSeq(strings.ToLower(text), unworded) {
		if len(word) > 1 && !g.lists(word) && !vietnameseToo(word) && unaccent.String(word) == word {
			strange++
		}
	}
	return sure+strange >= leastSure && float64(listed+strange) >= mostShare*float64(all) ||
		sure > 0 && listed == all
}

// lists reports whether a word, or its singular, stands in the glossary.
func (g *Glossary) lists(word string) bool { return g.words[word] || g.words[singular(word)] }

func unworded(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }

// vietnameseToo reports whether an English word may be a Vietnamese syllable,
// typed without marks ("the") or in Telex ("is" is "í").
func vietnameseToo(word string) bool {
	if syllable.MatchString(word) {
		return true
	}
	read, ok := vietnamese.Telex(word)
	return ok && syllable.MatchString(strings.ToLower(unaccent.String(read)))
}

// syllable is the form of a Vietnamese syllable without marks.
var syllable = regexp.MustCompile(`^(ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdghklmnpqrstvx])?` +
	`(a|ai|ao|au|ay|e|eo|eu|i|ia|ie|ieu|iu|o|oa|oai|oao|oay|oe|oeo|oi|oo|u|ua|uau|uay|ue|ui|uo|uoi|uou|uu|uy|uya|uye|uyu|y|ya|ye|yeu)` +
	`(ch|c|m|ng|nh|n|p|t)?$`)
