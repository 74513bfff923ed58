package retrieval

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

// reading is a question as its writer meant it, as far as the documents tell:
// typed without an input method, with slips of the keyboard, with some of the
// marks. restored are the spellings of the words, by their position among the
// tokens, whose marks were left out and are a guess.
func (ix *Index) reading(text string) (read string, restored map[int]string) {
	read = plain(text)
	if !ix.options.lacks(PartTelex) {
		read = ix.mended(read)
	}
	typed := slices.ContainsFunc(vietnamese.Tokenize(read), vietnamese.Token.Marked) // not by an abbreviation
	read = ix.lexicon.Expand(read)
	if !ix.options.lacks(PartSlips) {
		read = ix.corrected(read)
	}
	if typed && !ix.options.lacks(PartPartial) {
		return ix.completed(read)
	}
	return read, nil
}

// mended is a question in which the words that were typed in Telex or VNI
// without an input method are read: "nghij quyeets" and "nghi5 quye6t1" are
// "nghị quyết". A word that some document holds as it was typed is never
// touched, nor one whose reading none holds.
func (ix *Index) mended(text string) string {
	tokens := vietnamese.Tokenize(text)
	var doubtful []int
	certain := false
	bare := !slices.ContainsFunc(tokens, vietnamese.Token.Marked)
	read := make([]string, len(tokens))
	for i, t := range tokens {
		typed := text[t.Start:t.End]
		if t.Figure || t.Roman || t.Marked() || ix.lexical.Knows(t, false) {
			continue
		}
		form, ok := vietnamese.Telex(typed)
		sure := !bare || strings.ContainsAny(norm.NFD.String(form), telexOnly)
		if strings.ContainsAny(typed, "0123456789") {
			form, sure, ok = vietnamese.VNI(typed)
			if typed == strings.ToUpper(typed) && text != strings.ToUpper(text) {
				continue // "CO2"
			}
		}
		if !ok || !ix.spelled(form) {
			continue
		}
		read[i] = form
		if certain = certain || sure; !sure {
			doubtful = append(doubtful, i)
		}
	}
	if !certain && len(tokens) > 1 {
		ix.doubt(tokens, read, doubtful)
	}
	return rewritten(text, tokens, read)
}

// telexOnly are the signs that Telex has letters of its own for, which nobody
// types by doubling another: tones, horn and breve.
const telexOnly = "\u0300\u0301\u0303\u0309\u0323\u031b\u0306"

// doubt takes back the readings that make no pair known to the documents, of
// words with one digit at the end and of those with a letter doubled: "to1" may
// be the first tổ, "daang" a slip.
func (ix *Index) doubt(tokens []vietnamese.Token, read []string, doubtful []int) {
	forms := func(i int) []spelling {
		if read[i] != "" {
			return []spelling{{form: vietnamese.Spell(read[i])}}
		}
		return ix.marks.spellings(tokens[i])
	}
	known := func(before, behind []spelling) bool {
		return slices.ContainsFunc(before, func(a spelling) bool {
			return slices.ContainsFunc(behind, func(b spelling) bool { return ix.marks.countedPair(a.form, b.form) > 0 })
		})
	}
	var taken []int
	for _, i := range doubtful {
		if (i == 0 || !known(forms(i-1), forms(i))) && (i+1 == len(tokens) || !known(forms(i), forms(i+1))) {
			taken = append(taken, i)
		}
	}
	for _, i := range taken {
		read[i] = ""
	}
}

// rewritten is a text with some of its tokens written in another form; an empty
// one leaves the token as it is. What was capital stays so, and "y" stays "y".
func rewritten(text string, tokens []vietnamese.Token, forms []string) string {
	var b strings.Builder
	done := 0
	for i, t := range tokens {
		if forms[i] == "" {
			continue
		}
		b.WriteString(text[done:t.Start])
		b.WriteString(written(forms[i], text[t.Start:t.End]))
		done = t.End
	}
	return b.String() + text[done:]
}

// written is a form with the capitals of what was typed, and with the "y" that
// [vietnamese.Spell] writes as "i".
func written(form, typed string) string {
	if head, tail := cutLast(norm.NFD.String(form)); strings.HasPrefix(tail, "i") {
		if _, was := cutLast(norm.NFD.String(strings.ToLower(typed))); strings.HasPrefix(was, "y") {
			form = norm.NFC.String(head + "y" + tail[1:])
		}
	}
	first, size := utf8.DecodeRuneInString(typed)
	switch {
	case size < len(typed) && typed == strings.ToUpper(typed):
		return strings.ToUpper(form)
	case unicode.IsUpper(first):
		first, size = utf8.DecodeRuneInString(form)
		return string(unicode.ToUpper(first)) + form[size:]
	}
	return form
}

// cutLast cuts a word that is taken apart before its last letter.
func cutLast(s string) (head, last string) {
	at := strings.LastIndexFunc(s, unicode.IsLetter)
	return s[:max(at, 0)], s[max(at, 0):]
}

// spelled reports whether the documents, or the lists of question words, hold a
// word in this spelling.
func (ix *Index) spelled(word string) bool {
	form := vietnamese.Spell(word)
	return ix.lexical.Count(form) > 0 || ix.marks.counted(form, 0) > 0
}
