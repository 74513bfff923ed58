package answer

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/hoinq/hoinq/corpus"
)

// casing tells how a document writes its words when it does not write in
// capitals throughout, so that "II. MỤC TIÊU CỦA TỈNH LẠC HẢI" can be spoken of
// as "mục tiêu của tỉnh Lạc Hải". It is for the answer's own sentences only,
// never for a quotation.
type casing map[string]string

// casingOf counts the forms of each word outside lines in capitals and keeps
// the commonest, the first in byte order among equals.
func casingOf(e *corpus.Edition) casing {
	forms := map[string]map[string]int{}
	for i := range e.Passages {
		words := e.Said(i)
		if shouting(words) {
			continue
		}
		for i, w := range wordsOf(words) {
			if i == 0 {
				continue // a capital there says nothing
			}
			key := strings.ToLower(w)
			if forms[key] == nil {
				forms[key] = map[string]int{}
			}
			forms[key][w]++
		}
	}
	c := casing{}
	for key, counts := range forms {
		c[key] = slices.MinFunc(slices.Collect(maps.Keys(counts)), func(a, b string) int {
			return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
		})
	}
	return c
}

// calm writes words in capitals as the document does elsewhere. Numerals stay
// as they are, and so does text that is not in capitals throughout.
func (c casing) calm(words string) string {
	if !shouting(words) {
		return words
	}
	for _, w := range wordsOf(words) {
		form, known := c[strings.ToLower(w)]
		switch {
		case strings.Trim(w, "IVXLC") == "":
			form = w
		case !known:
			form = strings.ToLower(w)
		}
		words = replaceWord(words, w, form)
	}
	return words
}

func wordsOf(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// replaceWord replaces the first occurrence of a whole word.
func replaceWord(s, word, by string) string {
	for at := 0; ; {
		i := strings.Index(s[at:], word)
		if i < 0 {
			return s
		}
		i += at
		end := i + len(word)
		if !letterAt(s[:i], true) && !letterAt(s[end:], false) {
			return s[:i] + by + s[end:]
		}
		at = end
	}
}

// letterAt reports whether s has a letter at its end, or at its beginning.
func letterAt(s string, atEnd bool) bool {
	runes := []rune(s)
	if len(runes) == 0 {
		return false
	}
	if atEnd {
		return unicode.IsLetter(runes[len(runes)-1])
	}
	return unicode.IsLetter(runes[0])
}

// shouting reports whether s has letters, and all of them capitals.
func shouting(s string) bool {
	return strings.ToUpper(s) == s && strings.ToLower(s) != s
}
