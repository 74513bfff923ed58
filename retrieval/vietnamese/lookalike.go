package vietnamese

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// lookalikes are letters of other alphabets, and rare ones of the Latin
// alphabet, that a reader takes for a Latin letter: Cyrillic, Greek, Latin. It is
// read-only.
var lookalikes = map[rune]rune{
	'а': 'a', 'е': 'e', 'о': 'o', 'р': 'p', 'с': 'c', 'у': 'y', 'х': 'x', 'і': 'i', 'ј': 'j', 'ѕ': 's', 'һ': 'h', 'ԁ': 'd', 'ԛ': 'q', 'ԝ': 'w', 'к': 'k',
	'А': 'A', 'В': 'B', 'Е': 'E', 'К': 'K', 'М': 'M', 'Н': 'H', 'О': 'O', 'Р': 'P', 'С': 'C', 'Т': 'T', 'У': 'Y', 'Х': 'X', 'І': 'I', 'Ј': 'J', 'Ѕ': 'S',
	'α': 'a', 'ι': 'i', 'κ': 'k', 'ν': 'v', 'ο': 'o', 'ρ': 'p', 'υ': 'u', 'χ': 'x',
	'Α': 'A', 'Β': 'B', 'Ε': 'E', 'Ζ': 'Z', 'Η': 'H', 'Ι': 'I', 'Κ': 'K', 'Μ': 'M', 'Ν': 'N', 'Ο': 'O', 'Ρ': 'P', 'Τ': 'T', 'Υ': 'Y', 'Χ': 'X',
	'ɑ': 'a', 'ɡ': 'g', 'ı': 'i',
}

// strokes are the letters that are typed for a "đ", which begins a syllable. It
// is read-only.
var strokes = map[rune]rune{'ð': 'đ', 'Ð': 'Đ', 'ɖ': 'đ', 'Ɖ': 'Đ'}

// Latin reads a text as it looks: fullwidth and mathematical letters as plain
// ones, letters of other alphabets in Latin words as those that they look like,
// marks in the order in which they compose; signs that nobody sees are left out.
// A word with a letter that looks like no Latin one stays, as a text without
// Latin letters does. It is for what is looked up, never for what is shown as
// the words of a document.
func Latin(text string) string {
	if !strings.ContainsFunc(text, strange) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case unseen(r):
		case wide(r):
			b.WriteString(norm.NFKC.String(string(r)))
		default:
			b.WriteRune(r)
		}
	}
	letters := []rune(norm.NFD.String(b.String()))
	latin := slices.ContainsFunc(letters, isLatin)
	for i := 0; i < len(letters); {
		end := i
		for end < len(letters) && (unicode.IsLetter(letters[end]) || unicode.IsMark(letters[end])) {
			end++
		}
		latinWord(letters[i:end], latin)
		i = max(end, i+1)
	}
	return norm.NFC.String(string(slices.CompactFunc(letters, func(a, b rune) bool { return a == b && unicode.Is(unicode.Mn, a) })))
}

// latinWord reads one word, taken apart; latin says that its text has Latin
// letters. One letter alone may be meant: "α", "Δ".
func latinWord(word []rune, latin bool) {
	similar, foreign, own, size := false, false, false, 0
	for _, r := range word {
		if unicode.IsMark(r) {
			continue
		}
		size++
		_, looks := lookalikes[r]
		similar = similar || looks
		own = own || !looks && isLatin(r)
		foreign = foreign || !looks && !isLatin(r)
	}
	if similar && !foreign && (own || latin && size > 1) {
		for i, r := range word {
			if l, ok := lookalikes[r]; ok {
				word[i] = l
			}
		}
	}
	if len(word) > 1 && strings.ContainsRune("aeiouyAEIOUY", word[1]) {
		if l, ok := strokes[word[0]]; ok {
			word[0] = l
		}
	}
	for i := range word { // the shape of a vowel, and then its tone
		for at := i; at > 0 && shapeSign(word[at]) && toneMark(word[at-1]); at-- {
			word[at-1], word[at] = word[at], word[at-1]
		}
	}
}

func shapeSign(r rune) bool { return r == '\u0302' || r == '\u0306' || r == '\u031b' }

func toneMark(r rune) bool { return strings.ContainsRune("\u0300\u0301\u0303\u0309\u0323", r) }

func isLatin(r rune) bool { return unicode.Is(unicode.Latin, r) }

// strange reports whether a text with r is worth a closer look.
func strange(r rune) bool {
	switch {
	case r < 0xC0:
		return r == '\u00ad'
	case r <= 0x24F || r >= 0x1E00 && r <= 0x1EFF: // Latin letters
		return strokes[r] != 0 || lookalikes[r] != 0
	}
	return lookalikes[r] != 0 || strokes[r] != 0 || wide(r) || unseen(r) || unicode.Is(unicode.Mn, r) ||
		unicode.Is(unicode.Cyrillic, r) || unicode.Is(unicode.Greek, r)
}

// wide reports whether r is a letter, digit or sign of ASCII in another shape,
// or a Roman numeral in one sign. Others that NFKC takes apart say something
// else then: "m²" is no "m2".
func wide(r rune) bool {
	return r >= 0xFF01 && r <= 0xFF5E || r >= 0x1D400 && r <= 0x1D7FF || r >= 0x2160 && r <= 0x217F ||
		r >= 0x210A && r <= 0x2134 && unicode.IsLetter(r)
}

// unseen reports whether r has no width.
func unseen(r rune) bool {
	return invisible(r) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) || unicode.Is(unicode.Variation_Selector, r)
}
