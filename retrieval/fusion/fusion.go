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
	// Concepts is the share of the question's weight that the passage holds in
	// other words.
	Concepts float64
}

// Weights say what each signal counts for.
type Weights struct {
	Lexical, Cosine, Coverage, Own, Focus, Offers, Concepts float64
}

// DefaultWeights are the weights in use. They were set by hand on the
// development questions (`hoinq eval --answers`); the golden ranking of the
// bundled documents shows what a change of them moves.
func DefaultWeights() Weights {
	return Weights{Lexical: 1, Cosine: 0.25, Coverage: 0.3, Own: 0.2, Focus: 0.25, Offers: 0.15, Concepts: 0.8}
}

// Score is the weighted sum of the signals.
func (w Weights) Score(s Signals) float64 {
	return w.Lexical*s.Lexical + w.Cosine*s.Cosine + w.Coverage*s.Coverage + w.Own*s.Own + w.Focus*s.Focus + w.Offers*s.Offers + w.Concepts*s.Concepts
}

// What the best passage of a document, and the share of the question that its
// whole text holds, count for beside the score of the whole. Set on alqac-dev
// and wiki-dev; flat around these values.
const (
	bestWeight  = 0.6
	wholeCovers = 0.3
)

// Document is the score of a document as a whole: best is the score of its best
// passage, whole that of its text, covers the share of the question in it.
func Document(best, whole, covers float64) float64 {
	return bestWeight*best + whole + wholeCovers*covers
}
