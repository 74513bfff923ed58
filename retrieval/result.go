package retrieval

import "github.com/hoinq/hoinq/corpus"

// Result is what an [Index] found for a query. It holds no text of the
// documents, only the ids of passages, and so stays small and provable.
type Result struct {
	Query      Query         `json:"query"`
	Understood Understanding `json:"understood"`
	// Hits are ordered by score, highest first, then by passage id; those that
	// the decision rests on come before them.
	Hits     []Hit    `json:"hits"`
	Decision Decision `json:"decision"`
}

// Hit is one passage found, with what its score is made of.
type Hit struct {
	Passage corpus.PassageID `json:"passage"`
	Score   float64          `json:"score"`
	// Fits is set when the passage by itself would let the question be
	// answered; only the first few hits are looked at.
	Fits       bool       `json:"fits"`
	Components Components `json:"components"`
}

// Components are the parts of a hit's score, for explanation and evaluation.
type Components struct {
	// Lexical is the BM25 score over all fields, in nats of idf.
	Lexical float64 `json:"lexical"`
	// Cosine is the similarity of the local vectors, from -1 to 1.
	Cosine float64 `json:"cosine"`
	// Coverage is the share of the question's weight in content words that
	// the passage or its headings contain, from 0 to 1.
	Coverage float64 `json:"coverage"`
	// Own is the same share for the passage's own words alone.
	Own float64 `json:"own"`
	// Focus is the share of the words of a list's heading or lead-in that stand
	// in the question, from 0 to 1; 0 for a passage without list.
	Focus float64 `json:"focus"`
	// Concepts is the share of the question's weight that the passage holds in
	// other words, from 0 to 1.
	Concepts float64 `json:"concepts"`
	// Offers is 1 when the passage contains what the question asks for (a
	// figure, a date, a body, a list), else 0.
	Offers float64 `json:"offers"`
}

// Reason says why a question is refused. The empty Reason is no refusal.
type Reason string

// The reasons to refuse, each with its own text in internal/answer.
const (
	NoMatch      Reason = "no_match"     // nothing in the documents comes near
	OutOfScope   Reason = "out_of_scope" // the question is about something else
	Insufficient Reason = "insufficient" // spoken of, but what is asked is not given
	Ambiguous    Reason = "ambiguous"    // too short or too wide to choose
	Unsafe       Reason = "unsafe"       // not a question to the documents at all
)

// Reasons lists every reason to refuse, in a fixed order.
func Reasons() []Reason {
	return []Reason{NoMatch, OutOfScope, Insufficient, Ambiguous, Unsafe}
}

// Decision is whether to answer.
type Decision struct {
	Answer bool   `json:"answer"`
	Reason Reason `json:"reason"`
	// Missing are the words of the question that decided for a refusal: a
	// year, a name or a subject that the nearest passages do not contain.
	Missing []string `json:"missing"`
	// Place is the place that the question names and no document has, as it was
	// typed: "điều 12". It decided for a refusal.
	Place string `json:"place"`
	// Basis is what the decision rests on; empty for a rule.
	Basis Basis `json:"basis"`
	// Confidence is the calibrated probability that the passages which answer
	// are the right ones; 0 where a rule decided.
	Confidence float64 `json:"confidence"`
	// Evidence is what the confidence was made of.
	Evidence Evidence `json:"evidence"`
}
