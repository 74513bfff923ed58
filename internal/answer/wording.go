package answer

import (
	"fmt"
	"strings"

	"github.com/hoinq/hoinq/corpus"
)

// sentencesOf are the answer's own words for quotations of single passages:
// what the first, which is drawn from passage i, says, and where more stands.
func sentencesOf(citations []corpus.Citation, e *corpus.Edition, i int, asked asked) []Sentence {
	words := citations[0].Words
	if p := e.Passages[i]; citations[0].Start == p.Start {
		words = words[p.Mark:]
	}
	said := asked.clause(strings.TrimSpace(words))
	if row, ok := rowSentence(citations[0]); ok {
		said = row
	}
	first := Sentence{Text: fmt.Sprintf("Theo %s: %s", e.Document.ShortName(), said), Cites: []int{1}}
	if len(citations) == 1 {
		return []Sentence{first}
	}
	return []Sentence{first, {Text: "Các đoạn liên quan được trích thêm bên dưới.", Cites: numbers(citations[1:])}}
}

// meantSentences are those of [sentencesOf] for passages that were found by
// what they speak of.
func meantSentences(citations []corpus.Citation, e *corpus.Edition, i int, asked asked) []Sentence {
	sentences := sentencesOf(citations, e, i, asked)
	sentences[0].Text = "Tài liệu không dùng đúng lời của anh/chị; đoạn gần với chuyện anh/chị hỏi nhất là đây. " + sentences[0].Text
	if len(sentences) > 1 {
		sentences[1].Text = "Nếu chưa phải chuyện đó, mời anh/chị xem các đoạn gần khác bên dưới."
	}
	return sentences
}

// rowSentence says a row of a table with the names of its columns: "Hạn: 2027".
// ok is false for what is no row under a header of as many cells.
func rowSentence(c corpus.Citation) (string, bool) {
	if len(c.Context) == 0 {
		return "", false
	}
	header, cells := strings.Split(c.Context[len(c.Context)-1].Words, " | "), strings.Split(c.Words, " | ")
	if len(cells) < 2 || len(header) != len(cells) {
		return "", false
	}
	var parts []string
	for i, cell := range cells {
		if cell != "" {
			parts = append(parts, header[i]+": "+cell)
		}
	}
	return cut(strings.Join(parts, "; "), maxClause) + ".", true
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
	return "“" + cut(heading(e, i, x.casings), 160) + "”"
}

// heading are the words of passage i as one would speak of them: without mark
// and note of source, not in capitals.
func heading(e *corpus.Edition, i int, c casings) string {
	words := strings.TrimRight(sourceNote.ReplaceAllString(e.Said(i), ""), " .:;")
	return upperFirst(c.calm(e.Document.ID, announcing.ReplaceAllString(words, "")))
}

func lowerFirst(s string) string { return mapFirst(s, strings.ToLower) }
func upperFirst(s string) string { return mapFirst(s, strings.ToUpper) }

func mapFirst(s string, change func(string) string) string {
	for i, r := range s {
		return s[:i] + change(string(r)) + s[i+len(string(r)):]
	}
	return s
}
