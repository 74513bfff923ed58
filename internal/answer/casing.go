package answer

import (
	"cmp"
	"strings"
	"sync"
	"unicode"

	"github.com/hoinq/hoinq/corpus"
)

// casing tells how a document writes its words when it does not write in
// capitals throughout, so that "II. MỤC TIÊU CỦA TỈNH LẠC HẢI" can be spoken of
// as "mục tiêu của tỉnh Lạc Hải". It is for the answer's own sentences only,
// never for a quotation.
type casing map[string]string

// casings are those of the documents in force, each made when it is first asked
// for: of many documents few are spoken of. They are safe for concurrent use.
type casings map[corpus.DocumentID]func() casing

func casingsOf(library *corpus.Library) casings {
	c := casings{}
	for _, e := range library.InForce() {
		c[e.Document.ID] = sync.OnceValue(func() casing { return casingOf(e) })
	}
	return c
}

// calm writes words of a document that are in capitals as it does elsewhere.
func (c casings) calm(document corpus.DocumentID, words string) string {
	if of, known := c[document]; known && shouting(words) {
		return of().calm(words)
	}
	return words
}

// casingOf counts the forms of each word outside lines in capitals and keeps
// the commonest, the first in byte order among equals.
func casingOf(e *corpus.Edition) casing {
	forms := map[string]int{}
	for i := range e.Passages {
		words := e.Said(i)
		if shouting(words) {
			continue
		}
		first := true
		for w := range strings.FieldsFuncSeq(words, unworded) {
			if !first { // a capital there says nothing
				forms[w]++
			}
			first = false
		}
	}
	c := casing{}
	for form, n := range forms {
		key := strings.ToLower(form)
		best, known := c[key]
		if !known || cmp.Or(cmp.Compare(n, forms[best]), cmp.Compare(best, form)) > 0 {
			c[key] = form
		}
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
	return strings.FieldsFunc(s, unworded)
}

func unworded(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

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
	capitals := false
	for _, r := range s {
		if unicode.ToUpper(r) != r {
			return false
		}
		capitals = capitals || unicode.ToLower(r) != r
	}
	return capitals
}
