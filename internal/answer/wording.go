package answer

import (
	"fmt"
	"strings"

	"github.com/hoinq/hoinq/corpus"
)

// sentencesOf are the answer's own words for quotations of single passages:
// what the first says, and where more stands.
func sentencesOf(citations []corpus.Citation, e *corpus.Edition, asked asked) []Sentence {
	first := Sentence{
		Text:  fmt.Sprintf("Theo %s: %s", e.Document.ShortName(), asked.clause(citations[0].Words)),
		Cites: []int{1},
	}
	if len(citations) == 1 {
		return []Sentence{first}
	}
	return []Sentence{first, {Text: "Các đoạn liên quan được trích thêm bên dưới.", Cites: numbers(citations[1:])}}
}

// listSentence announces a whole list or section.
func listSentence(e *corpus.Edition, i int) string {
	return fmt.Sprintf("Theo %s: %s, trích đầy đủ bên dưới.", e.Document.ShortName(), headOf(e, i))
}

// longListSentence announces a section of which only the heads are quoted.
func longListSentence(e *corpus.Edition, i int) string {
	return fmt.Sprintf("Theo %s: %s khá dài; dưới đây là các ý chính, xem đủ tại %s.",
		e.Document.ShortName(), headOf(e, i), lowerFirst(e.Passages[i].Location))
}

// headOf names a list by its lead-in or heading, without its mark.
func headOf(e *corpus.Edition, i int) string {
	words := leadingMark.ReplaceAllString(e.Words(e.Passages[i].Span), "")
	words = strings.TrimRight(sourceNote.ReplaceAllString(words, ""), " .:;")
	if strings.ToUpper(words) == words {
		words = strings.ToLower(words)
	}
	return "“" + cut(words, 160) + "”"
}

func lowerFirst(s string) string {
	for i, r := range s {
		return strings.ToLower(string(r)) + s[i+len(string(r)):]
	}
	return s
}
