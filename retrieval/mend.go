package retrieval

import (
	"strings"

	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

// mended is a question in which the words that were typed in Telex without an
// input method are read: "nghij quyeets" is "nghị quyết". A word that some
// document holds as it was typed is never touched, nor one whose reading none
// holds.
func (ix *Index) mended(text string) string {
	var b strings.Builder
	done := 0
	for _, t := range vietnamese.Tokenize(text) {
		typed := text[t.Start:t.End]
		if t.Figure || t.Marked() || ix.lexical.Knows(t, false) {
			continue
		}
		read, ok := vietnamese.Telex(typed)
		if !ok || !ix.spelled(read) {
			continue
		}
		b.WriteString(text[done:t.Start])
		b.WriteString(read)
		done = t.End
	}
	return b.String() + text[done:]
}

// spelled reports whether the documents, or the lists of question words, hold a
// word in this spelling.
func (ix *Index) spelled(word string) bool {
	form := vietnamese.Spell(word)
	return ix.lexical.Count(form) > 0 || ix.marks.counted(form, 0) > 0
}
