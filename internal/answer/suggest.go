package answer

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/internal/parallel"
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
	// holding are the candidates that have a word, folded, by number.
	holding map[string][]int32
	// answers are the passages that answer candidates, by their texts, as far as
	// they were put to the index: the same ones are tried again and again.
	answers sync.Map
}

type suggestion struct {
	text  string
	words int // how many different ones
	// document is the one it was made for.
	document corpus.DocumentID
	// passage is the heading that raised the question, or the passage that it
	// was written for; empty for one that was written for the document, which
	// any passage may answer.
	passage corpus.PassageID
}

func newSuggester(index *retrieval.Index, casings casings) *suggester {
	s := &suggester{index: index, holding: map[string][]int32{}}
	editions := index.Library().InForce()
	raised := make([][]suggestion, len(editions))
	parallel.Each(len(editions), func(i int) { raised[i] = raisedBy(editions[i], casings) })
	for _, c := range slices.Concat(raised...) {
		s.add(c)
	}
	return s
}

// raisedBy are the questions of an edition.
func raisedBy(e *corpus.Edition, casings casings) []suggestion {
	var raised []suggestion
	add := func(text string, passage corpus.PassageID) {
		if text != "" {
			raised = append(raised, suggestion{text: text, document: e.Document.ID, passage: passage})
		}
	}
	for _, q := range e.Document.Questions {
		add(q, "")
	}
	for i, a := range e.Asked {
		if i == 0 || e.Asked[i-1].Passage != a.Passage { // one for each passage will do
			add(a.Question, e.Passages[a.Passage].ID)
		}
	}
	if len(e.Document.Questions) > 0 {
		return raised
	}
	for _, i := range e.Outline() {
		if p := e.Passages[i]; p.Kind == corpus.PassageHeading && len(e.Children(i)) > 0 {
			add(raise(e.Document, heading(e, i, casings)), p.ID)
		}
	}
	return raised
}

func (s *suggester) add(c suggestion) {
	words := foldedWords(c.text)
	c.words = len(words)
	for w := range words {
		s.holding[w] = append(s.holding[w], int32(len(s.candidates)))
	}
	s.candidates = append(s.candidates, c)
}

// Questions are all that may be offered as suggestions, in a fixed order.
func (x *Extractive) Questions() []string {
	var all []string
	for _, c := range x.suggest().candidates {
		all = append(all, c.text)
	}
	return all
}

// Starters are at most n questions for somebody who has not asked yet, taken
// in turn from each document and each one answered.
func (x *Extractive) Starters(ctx context.Context, n int) []string {
	var out []string
	for i, c := range inTurn(x.suggest().candidates) {
		if len(out) == n || i == n*maxTried { // a document may have thousands of headings
			break
		}
		if x.suggest().offers(ctx, c, retrieval.Result{}) {
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
	var out []string
	for _, n := range s.nearest(r.Understood.Text, maxTried) {
		if len(out) == maxSuggestions {
			break
		}
		if c := s.candidates[n]; s.offers(ctx, c, r) {
			out = append(out, c.text)
		}
	}
	return out
}

// nearest are the n candidates of whose words the greatest share stands in a
// text, greatest first and then in their order.
func (s *suggester) nearest(text string, n int) []int {
	shared := make([]int32, len(s.candidates))
	for w := range foldedWords(text) {
		for _, c := range s.holding[w] {
			shared[c]++
		}
	}
	var order []int
	for c := range s.candidates {
		if share := s.share(shared, c); len(order) < n || share > s.share(shared, order[n-1]) {
			at := len(order)
			for at > 0 && s.share(shared, order[at-1]) < share {
				at--
			}
			order = slices.Insert(order, at, c)
			order = order[:min(len(order), n)]
		}
	}
	return order
}

// share is the share of the words of a candidate that are shared.
func (s *suggester) share(shared []int32, candidate int) float64 {
	return float64(shared[candidate]) / float64(max(s.candidates[candidate].words, 1))
}

// offers reports whether the index answers the question, from where it was
// raised, and with something else than the answer at hand.
func (s *suggester) offers(ctx context.Context, c suggestion, given retrieval.Result) bool {
	answer := s.answer(ctx, c.text)
	if answer == "" || c.passage != "" && answer != c.passage {
		return false
	}
	return !given.Decision.Answer || len(given.Hits) == 0 || given.Hits[0].Passage != answer
}

// answer is the passage that answers a question, empty when none does.
func (s *suggester) answer(ctx context.Context, question string) corpus.PassageID {
	if known, ok := s.answers.Load(question); ok {
		return known.(corpus.PassageID) //nolint:forcetypeassert // nothing else is stored
	}
	r, err := s.index.Search(ctx, retrieval.Query{Text: question, Limit: 1})
	if err != nil {
		return "" // and the next one may have more time
	}
	var answer corpus.PassageID
	if r.Decision.Answer {
		answer = r.Hits[0].Passage
	}
	s.answers.Store(question, answer)
	return answer
}
