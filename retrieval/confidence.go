package retrieval

import "math"

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
	// Outside is the share of the question's concepts of which documents never
	// speak.
	Outside float64 `json:"outside"`
	// Words is the natural logarithm of one more than the number of words of
	// weight in the question.
	Words float64 `json:"words"`
	// Asks is 1 when the question asks for a particular thing (a figure, a
	// day, a body), Offers when the passage has it.
	Asks   float64 `json:"asks"`
	Offers float64 `json:"offers"`
	// Lacks is Coverage when the passage lacks a year, a name or a subject of
	// the question, else 0: the nearer a passage comes, the more its lack tells.
	Lacks float64 `json:"lacks"`
	// Focus is that of the passage, see [Components].
	Focus float64 `json:"focus"`
}

// EvidenceNames are the names of the signals, in the order of
// [Evidence.Values].
func EvidenceNames() []string {
	return []string{"Coverage", "Own", "Lexical", "Concepts", "Apart", "Lead", "Outside", "Words", "Asks", "Offers", "Lacks", "Focus"}
}

// Values are the signals as a vector.
func (e Evidence) Values() []float64 {
	return []float64{e.Coverage, e.Own, e.Lexical, e.Concepts, e.Apart, e.Lead, e.Outside, e.Words, e.Asks, e.Offers, e.Lacks, e.Focus}
}

// The weights of the signals in the log odds that the passages quoted answer
// the question, for each basis. They come from logistic regression over the
// development sets, each question also asked with its relevant passages taken
// out:
//
//	go run ./internal/evaluate/fit
//
// prints them, with what they are worth on questions that were held out.
var (
	wordsBias    = -10.12
	wordsWeights = Evidence{Coverage: 4.89, Own: 2.65, Lexical: 1.01, Concepts: 0.00, Apart: 0.60, Lead: 2.45, Outside: 0.00, Words: 1.06, Asks: 0.00, Offers: 1.01, Lacks: 0.00, Focus: 1.81}

	meaningBias    = -1.95
	meaningWeights = Evidence{Coverage: 0.00, Own: 0.00, Lexical: 0.00, Concepts: 0.93, Apart: 0.21, Lead: 0.14, Outside: 0.00, Words: 0.32, Asks: 0.29, Offers: 0.00, Lacks: 0.57, Focus: 0.00}
)

// Confidence from which on a question is answered. The first loses few right
// answers and half of the wrong ones; the second is where the development sets
// answer half of the citizens' stories rightly and refuse 85 of 100 that must
// be.
const (
	minWords   = 0.2
	minMeaning = 0.2
)

// confidence is the calibrated probability that an answer on a basis is right.
func (e Evidence) confidence(b Basis) float64 {
	odds, weights := wordsBias, wordsWeights
	if b == BasisMeaning {
		odds, weights = meaningBias, meaningWeights
	}
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
		Outside:  asked.outside,
		Words:    math.Log(1 + float64(contentTerms(asked.terms))),
		Offers:   c.Components.Offers,
		Focus:    c.Components.Focus,
	}
	if mustOffer(asked) {
		e.Asks = 1
	}
	if len(ix.lacks(asked, c)) > 0 {
		e.Lacks = e.Coverage
	}
	concepts, score, n := 0.0, 0.0, 0
	for _, other := range found[:min(len(found), nextPassages+1)] {
		if other != c {
			concepts += other.Components.Concepts
			score = max(score, other.Score)
			n++
		}
	}
	if n > 0 && c.Components.Concepts > 0 {
		e.Apart = max(-1, 1-concepts/float64(n)/c.Components.Concepts)
	}
	if c.Score > 0 {
		e.Lead = max(-1, 1-score/c.Score)
	}
	return e
}
