package vietnamese

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Telex reads a word that was typed in the Telex method with the input method
// switched off: "quyeets" as "quyết". ok is false for a word in which nothing
// asks for a mark. The result may be no word at all; whoever uses it looks it
// up.
func Telex(word string) (read string, ok bool) {
	s := strings.ToLower(word)
	tone := '\x00'
	if i := strings.LastIndexAny(s, "sfrxj"); i > 0 && strings.ContainsAny(s[:i], "aeiouy") {
		tone = toneSign(s[i])
		s = s[:i] + s[i+1:]
	}
	shaped := shape(s)
	if tone == 0 && shaped == s {
		return "", false
	}
	if tone != 0 {
		shaped = withSign(shaped, tone)
	}
	return norm.NFC.String(shaped), true
}

// shape writes the doubled letters of Telex as the letters they stand for. A
// "w" may also follow later in the word: "ranw" is "răn".
func shape(s string) string {
	if w := strings.LastIndexByte(s, 'w'); w > 0 {
		if v := strings.LastIndexAny(s[:w], "aou"); v >= 0 && v < w-1 {
			s = s[:v+1] + "w" + s[v+1:w] + s[w+1:]
		}
	}
	return strings.NewReplacer("uwow", "ươ", "uow", "ươ", "dd", "đ", "aa", "â", "ee", "ê", "oo", "ô", "aw", "ă", "ow", "ơ", "uw", "ư").Replace(s)
}

// toneSign is the combining sign of a tone letter.
func toneSign(letter byte) rune {
	switch letter {
	case 's':
		return '\u0301'
	case 'f':
		return '\u0300'
	case 'r':
		return '\u0309'
	case 'x':
		return '\u0303'
	default: // j
		return '\u0323'
	}
}

// withSign puts a tone on the vowel that bears it: the one with a shape of its
// own ("ê", the "ơ" of "ươ"), else the last before a closing consonant, else the
// middle of three or the first of two.
func withSign(s string, sign rune) string {
	letters := []rune(s)
	var vowels []int
	shaped := -1
	for i, r := range letters {
		silent := i > 0 && i+1 < len(letters) && strings.ContainsRune("aăâeêioôơuưy", letters[i+1]) &&
			(r == 'u' && letters[i-1] == 'q' || r == 'i' && i == 1 && letters[0] == 'g')
		if !strings.ContainsRune("aăâeêioôơuưy", r) || silent {
			continue
		}
		vowels = append(vowels, i)
		if strings.ContainsRune("ăâêôơư", r) {
			shaped = i
		}
	}
	if len(vowels) == 0 {
		return s
	}
	last := vowels[len(vowels)-1]
	at := vowels[0]
	switch {
	case shaped >= 0:
		at = shaped
	case last < len(letters)-1:
		at = last
	case len(vowels) == 3:
		at = vowels[1]
	}
	return string(slices.Insert(letters, at+1, sign))
}
