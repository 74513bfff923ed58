// Package textcut finds where to cut a text that is too long for one message,
// and counts as the vendors of messages do. It knows nothing of what the text
// says, and cuts nothing itself.
package textcut

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// Units counts UTF-16 code units, the strictest of the ways in which vendors
// count characters.
func Units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// Within is the largest number of bytes at the beginning of s that have at most
// so many units and end between two characters.
func Within(s string, units int) int {
	for i, r := range s {
		if units -= utf16.RuneLen(r); units < 0 {
			return i
		}
	}
	return len(s)
}

// At is where to cut s, of which at most so many bytes fit: after a line, else
// after a sentence, else between words, else between letters, as late as can
// be. Lines and sentences must fill half of what fits at least.
func At(s string, most int) int {
	if most >= len(s) {
		return len(s)
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	window := s[:most]
	if i := strings.LastIndexByte(window, '\n'); i >= most/2 {
		return i + 1
	}
	if i := lastSentence(window); i >= most/2 {
		return i
	}
	if i := strings.LastIndexAny(window, " \n"); i > 0 {
		return i + 1
	}
	return lastLetter(s, most)
}

// lastSentence is where the last sentence of s but one ends.
func lastSentence(s string) int {
	end := 0
	for _, stop := range []string{". ", "; ", "? ", "! ", ": ", "… "} {
		if i := strings.LastIndex(s, stop); i >= 0 {
			end = max(end, i+len(stop))
		}
	}
	return end
}

// lastLetter is the last boundary of a letter with its marks that is not after
// most, or most itself when there is none.
func lastLetter(s string, most int) int {
	end := 0
	for letters := graphemes.FromString(s); letters.Next() && letters.End() <= most; {
		end = letters.End()
	}
	if end == 0 {
		return most
	}
	return end
}
