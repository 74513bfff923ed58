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
func (x *Extractive) listSentence(e *corpus.Edition, i int) string {
	items := 0
	for _, child := range e.Children(i) {
		if e.Passages[child].Kind == corpus.PassageItem {
			items++
		}
	}
	head := x.headOf(e, i)
	if items >= 2 {
		return fmt.Sprintf("Theo %s, phần %s có %d ý, trích đầy đủ bên dưới.", e.Document.ShortName(), head, items)
	}
	return fmt.Sprintf("Theo %s, phần %s nêu như trích bên dưới.", e.Document.ShortName(), head)
}

// longListSentence announces a section of which only the heads are quoted:
// shown of all.
func (x *Extractive) longListSentence(e *corpus.Edition, i, shown, all int) string {
	count := fmt.Sprintf("%d đề mục của phần này", all)
	if shown < all {
		count = fmt.Sprintf("%d trong %d đề mục của phần này", shown, all)
	}
	return fmt.Sprintf("Theo %s, phần %s khá dài; bên dưới là %s, anh/chị có thể hỏi tiếp từng đề mục.",
		e.Document.ShortName(), x.headOf(e, i), count)
}

// headOf names a list by its lead-in or heading, without its mark.
func (x *Extractive) headOf(e *corpus.Edition, i int) string {
	return "“" + cut(heading(e, i, x.casings[e.Document.ID]), 160) + "”"
}

// heading are the words of passage i as one would speak of them: without mark
// and note of source, not in capitals.
func heading(e *corpus.Edition, i int, c casing) string {
	words := leadingMark.ReplaceAllString(e.Words(e.Passages[i].Span), "")
	words = strings.TrimRight(sourceNote.ReplaceAllString(words, ""), " .:;")
	return upperFirst(c.calm(announcing.ReplaceAllString(words, "")))
}

func lowerFirst(s string) string { return mapFirst(s, strings.ToLower) }
func upperFirst(s string) string { return mapFirst(s, strings.ToUpper) }

func mapFirst(s string, change func(string) string) string {
	for i, r := range s {
		return s[:i] + change(string(r)) + s[i+len(string(r)):]
	}
	return s
}
