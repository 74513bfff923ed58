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
	first := Sentence{Text: fmt.Sprintf(texts.source.in(asked.english()), asked.name(e.Document), said), Cites: []int{1}}
	if len(citations) == 1 {
		return []Sentence{first}
	}
	return []Sentence{first, {Text: texts.more.in(asked.english()), Cites: numbers(citations[1:])}}
}

// english reports whether the answer is to be in English.
func (a asked) english() bool { return a.understood.English }

// name is how the answer speaks of a document.
func (a asked) name(d corpus.Document) string {
	name := d.ShortName()
	if title, summary := strings.CutPrefix(name, "bản tóm lược "); summary && a.english() {
		return "the editors’ summary " + title
	}
	return name
}

// sayItIsVietnamese tells a reader of English once why the quotations are not.
func (a *Answer) sayItIsVietnamese() {
	switch {
	case a.Refusal == nil:
		a.Sentences = append(a.Sentences, Sentence{Text: texts.quoted.en})
	case len(a.Nearest) > 0:
		a.Refusal.Text += "\n" + texts.quoted.en
	}
}

// meantSentences are those of [sentencesOf] for passages that were found by
// what they speak of.
func meantSentences(citations []corpus.Citation, e *corpus.Edition, i int, asked asked) []Sentence {
	sentences := sentencesOf(citations, e, i, asked)
	sentences[0].Text = texts.notTheirWords.in(asked.english()) + sentences[0].Text
	if len(sentences) > 1 {
		sentences[1].Text = texts.notThat.in(asked.english())
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
func (x *Extractive) listSentence(e *corpus.Edition, i int, asked asked) string {
	items := 0
	for _, child := range e.Children(i) {
		if e.Passages[child].Kind == corpus.PassageItem {
			items++
		}
	}
	head := x.headOf(e, i)
	if items >= 2 {
		return fmt.Sprintf(texts.list.in(asked.english()), asked.name(e.Document), head, items)
	}
	return fmt.Sprintf(texts.section.in(asked.english()), asked.name(e.Document), head)
}

// longListSentence announces a section of which only the heads are quoted:
// shown of all.
func (x *Extractive) longListSentence(e *corpus.Edition, i, shown, all int, asked asked) string {
	count := fmt.Sprintf(texts.heads.in(asked.english()), all)
	if shown < all {
		count = fmt.Sprintf(texts.someHeads.in(asked.english()), shown, all)
	}
	return fmt.Sprintf(texts.longSection.in(asked.english()), asked.name(e.Document), x.headOf(e, i), count)
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
