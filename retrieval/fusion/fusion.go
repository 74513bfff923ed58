// Package fusion makes one score of the parts that speak for a passage.
//
// It is a small linear ranker: each part is brought to about the same scale
// and weighted, and the weights stand in one table, [DefaultWeights]. It does
// not order or cut lists; whoever calls breaks ties by id.
package fusion

// Signals are the parts of a passage's score.
type Signals struct {
	// Lexical is the BM25 score as a share of what a passage with every word
	// of the question once would get; about 0 to 1.5.
	Lexical float64
	// Cosine is the similarity of the vectors, from -1 to 1.
	Cosine float64
	// Coverage is the share of the question's weight that the passage or its
	// headings hold, Own that of its own words alone; from 0 to 1.
	Coverage, Own float64
	// Focus is the share of the words of a list's name that the question has.
	Focus float64
	// Offers is 1 when the passage has what the question asks for.
	Offers float64
	// Concepts is the similarity of what question and passage speak of, in
	// whatever words; from 0 to 1.
	Concepts float64
	// Unheld is the share of the question that no passage holds in its words;
	// the same for all passages, from 0 to 1.
	Unheld float64
}

// Weights say what each signal counts for.
type Weights struct {
	Lexical, Cosine, Coverage, Own, Focus, Offers float64
	// Concepts is the weight of concepts for a question that the documents hold
	// in its words; Told is added to it, by the square of what is unheld, for one
	// that is told in other words.
	Concepts, Told float64
}

// DefaultWeights are the weights in use. They were set by trying each up and
// down: those of words on alqac-dev, wiki-dev (`hoinq eval --beir`) and
// resolution-dev (`hoinq eval --answers`), those of concepts on the citizens'
// questions of resolution-dev and of Khau Giang (internal/evaluate/testdata),
// and looked at on a third set. No value is kept that gains on one set and costs
// another more than 0.003; Told is flat from 10 to 16. The golden ranking of the
// bundled documents shows what a change of them moves.
func DefaultWeights() Weights {
	return Weights{Lexical: 1, Cosine: 0.25, Coverage: 0.3, Own: 0.2, Focus: 0.25, Offers: 0.15, Concepts: 0.4, Told: 14}
}

// Score is the weighted sum of the signals.
func (w Weights) Score(s Signals) float64 {
	return w.Lexical*s.Lexical + w.Cosine*s.Cosine + w.Coverage*s.Coverage + w.Own*s.Own + w.Focus*s.Focus + w.Offers*s.Offers + (w.Concepts+w.Told*s.Unheld*s.Unheld)*s.Concepts
}

// DocumentSignals are the parts of the score of a document as a whole.
type DocumentSignals struct {
	// Best is the score of its best passage, Whole the lexical score of its
	// whole text on the scale of [Signals.Lexical].
	Best, Whole float64
	// Covers is the share of the question that its text holds, Title the
	// share of its title that the question has; from 0 to 1.
	Covers, Title float64
}

// What the other signals of a document count for beside the score of its whole
// text. Set on alqac-dev and wiki-dev; flat around these values.
const (
	bestWeight   = 0.6
	coversWeight = 0.3
	titleWeight  = 0.6
)

// Document is the score of a document as a whole.
func Document(s DocumentSignals) float64 {
	return s.Whole + bestWeight*s.Best + coversWeight*s.Covers + titleWeight*s.Title
}
