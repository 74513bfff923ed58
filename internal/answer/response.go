package answer

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/hoinq/hoinq/corpus"
)

// Response is the public form of an answer, the same from the command line,
// the HTTP interface and the webhooks. Its names and shapes are a contract.
type Response struct {
	ID           string `json:"id"`
	Question     string `json:"question"`
	UnderstoodAs string `json:"understood_as"`
	Answered     bool   `json:"answered"`
	Reason       string `json:"reason"`
	// Text is plain text; "[n]" refers to Citations[n-1].
	Text string `json:"text"`
	Mode Mode   `json:"mode"`
	// Confidence is the calibrated probability that the answer is right, with
	// two decimals; absent where it was not estimated.
	Confidence float64 `json:"confidence,omitempty"`
	// Citations, Nearest and Suggestions are empty lists, never null.
	Citations   []corpus.Citation `json:"citations"`
	Nearest     []corpus.Citation `json:"nearest"`
	Suggestions []string          `json:"suggestions"`
	Contact     string            `json:"contact"`
	// Language is "en" when all that is not a document's is in English, absent
	// when it is in Vietnamese.
	Language string `json:"language,omitempty"`
	// ElapsedMS is left out where answers are to be the same byte for byte.
	ElapsedMS *float64 `json:"elapsed_ms,omitempty"`
}

// English is the [Response] language of an answer to a question in English.
const English = "en"

// NewResponse makes the public form. id is the caller's own, or empty.
func NewResponse(id string, a Answer, opt Options) Response {
	r := Response{
		ID:           id,
		Question:     a.Question,
		UnderstoodAs: a.UnderstoodAs,
		Answered:     a.Answered(),
		Text:         a.Text(),
		Mode:         a.Mode,
		Confidence:   math.Round(a.Confidence*100) / 100,
		Citations:    append([]corpus.Citation{}, a.Citations...),
		Nearest:      append([]corpus.Citation{}, a.Nearest...),
		Suggestions:  append([]string{}, a.Suggestions...),
		Contact:      strings.Join(nonEmpty(opt.Office, opt.Contact), ", "),
	}
	if a.English {
		r.Language = English
	}
	if a.Refusal != nil {
		r.Reason = string(a.Refusal.Reason)
	}
	return r
}

// InEnglish reports whether all that is not a document's is in English.
func (r Response) InEnglish() bool { return r.Language == English }

// Heads are what stands above the nearest passages, and above the suggestions,
// where an answer is laid out as text.
func (r Response) Heads() (nearest, next string) {
	return texts.nearest.in(r.InEnglish()), texts.next.in(r.InEnglish())
}

// Timed adds how long the answer took.
func (r Response) Timed(d time.Duration) Response {
	ms := float64(d.Microseconds()) / 1000
	r.ElapsedMS = &ms
	return r
}

// Text is the answer in plain text, each sentence followed by the numbers of
// its citations, or the text of the refusal.
func (a Answer) Text() string {
	if a.Refusal != nil {
		return a.Refusal.Text
	}
	var b strings.Builder
	for i, s := range a.Sentences {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(s.Text)
		if len(s.Cites) > 0 {
			b.WriteByte(' ')
		}
		for _, n := range s.Cites {
			fmt.Fprintf(&b, "[%d]", n)
		}
	}
	return b.String()
}
