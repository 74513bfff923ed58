package retrieval

import (
	"math"
	"slices"

	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

// Basis says what a decision rests on.
type Basis string

// The bases of a decision. The empty Basis is a rule: the question is no
// question to the documents, or names what they do not hold.
const (
	// BasisWords: the best passage holds most of the question in its words.
	BasisWords Basis = "words"
	// BasisMeaning: the question is told in other words than the documents';
	// the best passages speak of the same things.
	BasisMeaning Basis = "meaning"
)

// Evidence are the signals of which the confidence in the best passage is made.
// The zero value is that of a question without candidates.
type Evidence struct {
	// Coverage and Own are those of the passage, see [Components].
	Coverage float64 `json:"coverage"`
	Own      float64 `json:"own"`
	// Lexical is its BM25 score as a share of that of a passage with every
	// word of the question once.
	Lexical float64 `json:"lexical"`
	// Concepts is its similarity in what it speaks of, from 0 to 1; Apart how
	// far that stands apart from the mean of the next passages, up to 1.
	Concepts float64 `json:"concepts"`
	Apart    float64 `json:"apart"`
	// Lead is how far its score leads that of the next passage, up to 1.
	Lead float64 `json:"lead"`
	// Words is the natural logarithm of one more than the number of words of
	// weight in the question.
	Words float64 `json:"words"`
	// Offers is that of the passage, see [Components].
	Offers float64 `json:"offers"`
	// Lacks is Coverage when the passage lacks a year, a name or a subject of
	// the question, else 0: the nearer a passage comes, the more its lack tells.
	Lacks float64 `json:"lacks"`
	// Focus is that of the passage, see [Components].
	Focus float64 `json:"focus"`
	// Pairs is the share of the neighbouring words of the question that stand
	// so in some document which stand so in the passage or above it; 1 when
	// there are none.
	Pairs float64 `json:"pairs"`
	// Familiar is the share of the neighbouring words of the question that stand
	// so in some document.
	Familiar float64 `json:"familiar"`
	// Gap is the weight of the rarest word of the question that some document
	// holds and the passage does not, from 0 to 1.
	Gap float64 `json:"gap"`
	// Counts is 1 when the passage gives a number of what the question asks the
	// number of, or none is asked.
	Counts float64 `json:"counts"`
}

// EvidenceNames are the names of the signals, in the order of
// [Evidence.Values].
func EvidenceNames() []string {
	return []string{"Coverage", "Own", "Lexical", "Concepts", "Apart", "Lead", "Words", "Offers", "Lacks", "Focus", "Pairs", "Familiar", "Gap", "Counts"}
}

// Values are the signals as a vector.
func (e Evidence) Values() []float64 {
	return []float64{e.Coverage, e.Own, e.Lexical, e.Concepts, e.Apart, e.Lead, e.Words, e.Offers, e.Lacks, e.Focus, e.Pairs, e.Familiar, e.Gap, e.Counts}
}

// weightsOf are the weights of the signals in the log odds that the passages
// quoted answer the question: a bias and one for each signal. They come from
// logistic regression over development sets, each question also asked with its
// relevant passages taken out; TestFit of internal/evaluate makes them, and says
// what they are worth on questions that were left out of the fit. These were
// fitted on answers-dev, resolution-dev and the set of Khau Giang beside that
// test.
func weightsOf(b Basis) (bias float64, weights Evidence) {
	if b == BasisMeaning {
		return -0.95, Evidence{Lead: 1.21, Words: 0.33, Lacks: -0.97, Familiar: -2.85, Counts: -0.33}
	}
	return -15.77, Evidence{Coverage: 3.45, Own: 3.06, Lexical: 1.11, Apart: 0.03, Lead: 1.97, Words: 1.95, Offers: 0.68, Focus: 1.38, Pairs: 3.85, Gap: -1.29, Counts: 2.43}
}

// Confidence from which on a question is answered; set on questions that were
// left out of the fit. minWords keeps 95 of 100 right answers and an eighth of
// those that should be refused. minFollowUp is the same for a follow-up, of
// which the words of the question before need not stand in the answer.
// minMeaning is where half of the citizens' stories are answered rightly.
const (
	minWords    = 0.35
	minFollowUp = 0.2
	minMeaning  = 0.25
)

// Confidence is the calibrated probability that an answer on a basis is right.
func (e Evidence) Confidence(b Basis) float64 {
	odds, weights := weightsOf(b)
	values := e.Values()
	for i, w := range weights.Values() {
		odds += w * values[i]
	}
	return 1 / (1 + math.Exp(-odds))
}

// nextPassages is how many of the next passages the best is compared with.
const nextPassages = 20

// evidenceFor are the signals for candidate c of those found, best first.
func (ix *Index) evidenceFor(asked question, c *candidate, found []*candidate) Evidence {
	e := Evidence{
		Coverage: c.Components.Coverage,
		Own:      c.Components.Own,
		Lexical:  c.Components.Lexical / ix.idealOf(asked),
		Concepts: c.Components.Concepts,
		Words:    math.Log(1 + float64(contentTerms(asked.terms))),
		Offers:   c.Components.Offers,
		Focus:    c.Components.Focus,
	}
	if len(ix.lacks(asked, c)) > 0 {
		e.Lacks = e.Coverage
	}
	concepts, score, n := 0.0, 0.0, 0
	after := found[slices.Index(found, c)+1:] // those before it were ruled out
	for _, other := range after[:min(len(after), nextPassages)] {
		concepts += other.Components.Concepts
		score = max(score, other.Score)
		n++
	}
	if n > 0 && c.Components.Concepts > 0 {
		e.Apart = max(-1, 1-concepts/float64(n)/c.Components.Concepts)
	}
	if c.Score > 0 {
		e.Lead = max(-1, 1-score/c.Score)
	}
	ix.compare(asked, c, &e)
	return e
}

// compare adds the signals for which the words of the passage are looked at
// again.
func (ix *Index) compare(asked question, c *candidate, e *Evidence) {
	weights, _ := ix.termWeights(asked)
	for i, w := range weights {
		if w > 0 && ix.knows(asked, i) && !c.holds(i) {
			e.Gap = max(e.Gap, w)
		}
	}
	tokens := vietnamese.Tokenize(c.entry.edition.Words(c.entry.passage().Span))
	all := slices.Clone(tokens)
	for p := range ancestors(c.entry.edition, c.entry.at) {
		all = append(all, vietnamese.Tokenize(headWords(c.entry.edition, p))...)
	}
	for _, line := range nameOf(c.entry.edition.Document) {
		all = append(all, line...)
	}
	pairs := map[[2]string]bool{}
	for i := range all[1:] {
		pairs[[2]string{all[i].Folded, all[i+1].Folded}] = true
	}
	pairsAsked, known, held := 0, 0, 0
	for i := 1; i < len(asked.terms); i++ {
		a, b := asked.terms[i-1], asked.terms[i]
		if a.Weight == 0 || b.Weight == 0 || !b.After {
			continue
		}
		pairsAsked++
		if !ix.lexical.KnowsPair(a.Token, b.Token) {
			continue
		}
		known++
		if pairs[[2]string{a.Folded, b.Folded}] {
			held++
		}
	}
	e.Pairs = 1
	if pairsAsked > 0 {
		e.Familiar = float64(known) / float64(pairsAsked)
	}
	if known > 0 {
		e.Pairs = float64(held) / float64(known)
	}
	if asked.unit == 0 || counted(tokens, asked.terms[asked.unit].Folded) {
		e.Counts = 1
	}
}

// personUnits count people, folded: a question for "bao nhiêu người" is answered
// with "27 đồng chí"; read-only.
var personUnits = []string{"nguoi", "dong", "dai", "uy", "can", "dang", "vi", "hoi", "doan"}

// counted reports whether a number stands shortly before a word, folded.
func counted(tokens []vietnamese.Token, word string) bool {
	for i, t := range tokens {
		person := slices.Contains(personUnits, word) && slices.Contains(personUnits, t.Folded)
		if t.Folded != word && !person {
			continue
		}
		for _, before := range tokens[max(0, i-3):i] {
			if before.Figure || slices.Contains(numberWords, before.Text) || before.Text == "một" {
				return true
			}
		}
	}
	return false
}
