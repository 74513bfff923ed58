package answer

import (
	"context"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/retrieval"
)

// Composer makes an answer of what was found. Implementations obey the
// decision in the result: they may refuse where it says answer, never answer
// where it refuses. An error means that nothing could be composed at all; a
// refusal is an answer. Composers are safe for concurrent use.
type Composer interface {
	Compose(ctx context.Context, r retrieval.Result) (Answer, error)
}

// Mode says who phrased an answer.
type Mode string

// The modes of composition.
const (
	ModeExtractive Mode = "extractive" // the documents' own words
	ModeGenerated  Mode = "generated"  // a model's, each sentence proven
)

// Limits of one answer. They are the contract's: an ordinary answer is one
// message on every channel. A list that is longer stands alone.
const (
	MaxQuotes     = 5
	MaxQuotedRune = 1500
)

// Answer is the reply to one question: either sentences with citations, or a
// refusal. It is a plain value and survives JSON.
type Answer struct {
	Question     string `json:"question"`
	UnderstoodAs string `json:"understood_as"`
	// English is set when the question was in English: so is then all that is
	// not a document's.
	English bool `json:"english,omitempty"`
	Mode    Mode `json:"mode"`
	// Sentences carry the answer, in order; empty when refused.
	Sentences []Sentence `json:"sentences"`
	// Citations are numbered from 1 in the order in which sentences refer to
	// them.
	Citations []corpus.Citation `json:"citations"`
	// Confidence is the calibrated probability that the citations answer the
	// question; 0 where that was not estimated: in a refusal, and where the
	// question names the place itself.
	Confidence float64 `json:"confidence"`
	// Refusal is nil when the question was answered.
	Refusal *Refusal `json:"refusal"`
	// Nearest are passages that come near without answering; only with a
	// refusal, and to be shown as what they are.
	Nearest []corpus.Citation `json:"nearest"`
	// Suggestions are questions that these documents can answer.
	Suggestions []string `json:"suggestions"`
}

// Sentence is one sentence of an answer in plain text with the numbers of the
// citations that carry it.
type Sentence struct {
	Text  string `json:"text"`
	Cites []int  `json:"cites"`
}

// Refusal says why there is no answer and what the asker can do instead.
type Refusal struct {
	Reason retrieval.Reason `json:"reason"`
	Text   string           `json:"text"`
}

// Answered reports whether the question was answered.
func (a Answer) Answered() bool { return a.Refusal == nil }
