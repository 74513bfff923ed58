package retrieval

import (
	"slices"

	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

// maxUntranslated is the share of an English question in words that nobody here
// knows from which on it is about something else, or not understood well enough
// to answer. Set on internal/evaluate/testdata/english.
const maxUntranslated = 0.3

// understandEnglish is understand for a question in English: its Vietnamese words
// are taken apart. Slips are not looked for in what the glossary does not have:
// it is English, or a name, whose marks are put in where the documents tell them.
func (ix *Index) understandEnglish(q Query) (asked question, restored map[int]string) {
	typed := plain(q.Text)
	t := ix.english.Vietnamese(typed)
	q.Text, restored = ix.completed(t.Text)
	q.Previous, _ = ix.reading(q.Previous)
	asked = understand(q, ix.lexicon)
	asked.English = true
	asked.unsafe = asked.unsafe || unsafe(typed)
	if asked.Text == "" {
		asked.Text = typed
	}
	strange := slices.DeleteFunc(t.Strange, func(word string) bool {
		return !slices.ContainsFunc(vietnamese.Tokenize(word), func(t vietnamese.Token) bool { return !ix.lexical.Knows(t, false) })
	})
	if t.Things > 0 {
		asked.untranslated = float64(len(strange)) / float64(t.Things)
	}
	return asked, restored
}
