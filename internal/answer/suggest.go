package answer

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/retrieval"
	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

// maxSuggestions is how many questions are offered with an answer; maxTried is
// how many candidates are tried for them.
const (
	maxSuggestions = 3
	maxTried       = 12
)

// suggester offers questions that the documents can answer: those their
// editors wrote, and those their headings raise. Every one offered has been
// put to the index first.
type suggester struct {
	index      *retrieval.Index
	candidates []suggestion
}

type suggestion struct {
	text  string
	words map[string]bool
	// passage is the heading that raised the question; empty for an authored
	// one, which any passage may answer.
	passage corpus.PassageID
}

func newSuggester(index *retrieval.Index) *suggester {
	s := &suggester{index: index}
	for _, e := range index.Library().InForce() {
		for _, q := range e.Document.Questions {
			s.add(q, "")
		}
		if len(e.Document.Questions) > 0 {
			continue
		}
		for _, i := range e.Outline() {
			if p := e.Passages[i]; p.Kind == corpus.PassageHeading && len(e.Children(i)) > 0 {
				s.add(raise(e.Words(p.Span)), p.ID)
			}
		}
	}
	return s
}

func (s *suggester) add(text string, passage corpus.PassageID) {
	if text == "" {
		return
	}
	words := map[string]bool{}
	for _, t := range vietnamese.Tokenize(text) {
		words[t.Folded] = true
	}
	s.candidates = append(s.candidates, suggestion{text: text, words: words, passage: passage})
}

// raise makes a question of a heading: "4. Ba đột phá chiến lược" asks "Ba đột
// phá chiến lược gồm những gì?". Headings too short or long to ask give none.
func raise(heading string) string {
	head := strings.TrimRight(leadingMark.ReplaceAllString(heading, ""), " .:;")
	if strings.ToUpper(head) == head {
		head = strings.ToLower(head)
	}
	if n := len(strings.Fields(head)); n < 2 || n > 14 {
		return ""
	}
	first := []rune(head)
	return strings.ToUpper(string(first[:1])) + string(first[1:]) + " gồm những gì?"
}

// questions are the suggestions nearest to what was asked, the question itself
// left out.
func (s *suggester) questions(ctx context.Context, r retrieval.Result) []string {
	asked := map[string]bool{}
	for _, t := range vietnamese.Tokenize(r.Understood.Text) {
		asked[t.Folded] = true
	}
	ordered := slices.Clone(s.candidates)
	slices.SortStableFunc(ordered, func(a, b suggestion) int {
		return cmp.Compare(overlap(b.words, asked), overlap(a.words, asked))
	})
	var out []string
	for _, c := range ordered[:min(len(ordered), maxTried)] {
		if len(out) == maxSuggestions {
			break
		}
		if overlap(c.words, asked) < 1 && s.answers(ctx, c) {
			out = append(out, c.text)
		}
	}
	return out
}

// overlap is the share of words that stands in other too.
func overlap(words, other map[string]bool) float64 {
	n := 0
	for w := range words {
		if other[w] {
			n++
		}
	}
	return float64(n) / float64(max(len(words), 1))
}

// answers reports whether the index answers the question, and from where it
// was raised.
func (s *suggester) answers(ctx context.Context, c suggestion) bool {
	r, err := s.index.Search(ctx, retrieval.Query{Text: c.text, Limit: 1})
	return err == nil && r.Decision.Answer && len(r.Hits) > 0 && (c.passage == "" || r.Hits[0].Passage == c.passage)
}
