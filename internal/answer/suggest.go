package answer

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
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
// editors wrote, for the document or for a passage, and those their headings
// raise. Every one offered has been
// put to the index first.
type suggester struct {
	index      *retrieval.Index
	candidates []suggestion
}

type suggestion struct {
	text  string
	words map[string]bool
	// document is the one it was made for.
	document corpus.DocumentID
	// passage is the heading that raised the question, or the passage that it
	// was written for; empty for one that was written for the document, which
	// any passage may answer.
	passage corpus.PassageID
}

func newSuggester(index *retrieval.Index, casings map[corpus.DocumentID]casing) *suggester {
	s := &suggester{index: index}
	for _, e := range index.Library().InForce() {
		for _, q := range e.Document.Questions {
			s.add(q, e.Document.ID, "")
		}
		for i, a := range e.Asked {
			if i == 0 || e.Asked[i-1].Passage != a.Passage { // one for each passage will do
				s.add(a.Question, e.Document.ID, e.Passages[a.Passage].ID)
			}
		}
		if len(e.Document.Questions) > 0 {
			continue
		}
		for _, i := range e.Outline() {
			if p := e.Passages[i]; p.Kind == corpus.PassageHeading && len(e.Children(i)) > 0 {
				s.add(raise(e.Document, heading(e, i, casings[e.Document.ID])), e.Document.ID, p.ID)
			}
		}
	}
	return s
}

func (s *suggester) add(text string, document corpus.DocumentID, passage corpus.PassageID) {
	if text == "" {
		return
	}
	s.candidates = append(s.candidates, suggestion{text: text, words: foldedWords(text), document: document, passage: passage})
}

// Questions are all that may be offered as suggestions, in a fixed order.
func (x *Extractive) Questions() []string {
	var all []string
	for _, c := range x.suggest.candidates {
		all = append(all, c.text)
	}
	return all
}

// Starters are at most n questions for somebody who has not asked yet, taken
// in turn from each document and each one answered.
func (x *Extractive) Starters(ctx context.Context, n int) []string {
	var out []string
	for i, c := range inTurn(x.suggest.candidates) {
		if len(out) == n || i == n*maxTried { // a document may have thousands of headings
			break
		}
		if x.suggest.offers(ctx, c, retrieval.Result{}) {
			out = append(out, c.text)
		}
	}
	return out
}

// inTurn orders candidates so that each document has its first before any has
// its second.
func inTurn(candidates []suggestion) []suggestion {
	turn := map[corpus.DocumentID]int{}
	turns := make([]int, len(candidates))
	order := make([]int, len(candidates))
	for i, c := range candidates {
		turns[i], order[i] = turn[c.document], i
		turn[c.document]++
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(turns[a], turns[b]) })
	out := make([]suggestion, len(candidates))
	for i, at := range order {
		out[i] = candidates[at]
	}
	return out
}

func foldedWords(text string) map[string]bool {
	words := map[string]bool{}
	for _, t := range vietnamese.Tokenize(text) {
		words[t.Folded] = true
	}
	return words
}

// countedHead begins a heading that names its own list: "Ba đột phá", "Các
// chỉ tiêu".
var countedHead = regexp.MustCompile(`^(?i:các|những|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|\d+)\s`)

// raise makes a question of a heading: "Ba đột phá chiến lược" asks "… là gì?",
// "Hạn chế" asks what the document says of it. Headings too short or too long
// to ask give none.
func raise(d corpus.Document, head string) string {
	head = strings.TrimPrefix(head, "Về ")
	n := len(strings.Fields(head))
	switch {
	case n < 2 || n > 14:
		return ""
	case countedHead.MatchString(head):
		return upperFirst(head) + " là gì?"
	}
	return fmt.Sprintf("%s nêu gì về %s?", d.Kind.Name(), lowerFirst(head))
}

// questions are the suggestions nearest to what was asked. What the answer at
// hand answers already is left out.
func (s *suggester) questions(ctx context.Context, r retrieval.Result) []string {
	asked := foldedWords(r.Understood.Text)
	ordered := slices.Clone(s.candidates)
	slices.SortStableFunc(ordered, func(a, b suggestion) int {
		return cmp.Compare(overlap(b.words, asked), overlap(a.words, asked))
	})
	var out []string
	for _, c := range ordered[:min(len(ordered), maxTried)] {
		if len(out) == maxSuggestions {
			break
		}
		if s.offers(ctx, c, r) {
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

// offers reports whether the index answers the question, from where it was
// raised, and with something else than the answer at hand.
func (s *suggester) offers(ctx context.Context, c suggestion, given retrieval.Result) bool {
	r, err := s.index.Search(ctx, retrieval.Query{Text: c.text, Limit: 1})
	if err != nil || !r.Decision.Answer || c.passage != "" && r.Hits[0].Passage != c.passage {
		return false
	}
	return !given.Decision.Answer || len(given.Hits) == 0 || given.Hits[0].Passage != r.Hits[0].Passage
}
