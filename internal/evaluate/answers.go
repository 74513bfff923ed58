package evaluate

import (
	"context"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/internal/answer"
	"github.com/hoinq/hoinq/retrieval"
)

// Asker answers questions; [answer.Engine] is one.
type Asker interface {
	Ask(ctx context.Context, q retrieval.Query) (answer.Answer, error)
}

// minContained is the share of a gold text that a quotation standing inside it
// must have to count. It is the contract's.
const minContained = 0.6

// Report are the figures of one run, in all and by kind of question.
type Report struct {
	All     Figures            `json:"all"`
	ByKind  map[string]Figures `json:"by_kind"`
	Details []Detail           `json:"details"`
	// Reliability tells how far the confidence of the answers can be trusted,
	// RiskCoverage what would be gained by giving fewer.
	Reliability  []Bin   `json:"reliability"`
	RiskCoverage []Point `json:"risk_coverage"`
	// GoldMissing counts the questions whose gold stands in none of the
	// documents: more than a few mean that the documents are not theirs.
	GoldMissing int `json:"gold_missing"`
}

// Figures count the questions of one kind. Shares of nothing are 0.
type Figures struct {
	Questions int `json:"questions"`
	// Answered is the share of all questions that were answered.
	Answered float64 `json:"answered"`
	// GoldQuoted is the share of the questions with gold whose answer quotes
	// one of the gold texts.
	GoldQuoted float64 `json:"gold_quoted"`
	// RefusalPrecision is the share of the refusals that were right,
	// RefusalRecall the share of the questions to refuse that were refused.
	RefusalPrecision float64 `json:"refusal_precision"`
	RefusalRecall    float64 `json:"refusal_recall"`
	// AnsweredWrongly is the share of the answers that quote no gold.
	AnsweredWrongly float64 `json:"answered_wrongly"`
	// MadeRefused is the share of the questions with gold that are refused when
	// they are asked again with the passages that hold it taken out.
	MadeRefused float64 `json:"made_refused"`
	// Verbatim is the share of the quotations that stand in the document byte
	// for byte; it must be 1.
	Verbatim float64 `json:"verbatim"`
	// QuotedMean and QuotedMax are characters quoted in an answer.
	QuotedMean float64 `json:"quoted_mean"`
	QuotedMax  int     `json:"quoted_max"`
}

// Detail is what became of one question.
type Detail struct {
	ID       string `json:"id"`
	Kind     string `json:"kind"`
	Answered bool   `json:"answered"`
	Reason   string `json:"reason"`
	// Right is set when the question was refused that had to be, or answered
	// with the gold.
	Right bool `json:"right"`
	// Confidence is that of the answer; 0 when refused.
	Confidence float64 `json:"confidence"`
	// MadeRefused is set when the question was refused without the passages
	// that hold its gold.
	MadeRefused bool `json:"made_refused"`
	// Places are where the quotations stand.
	Places []string `json:"places"`
}

// Answers asks every question and counts.
func Answers(ctx context.Context, asker Asker, library *corpus.Library, questions []Question) (Report, error) {
	all, kinds := tally{}, map[string]*tally{}
	var details []Detail
	var answers []verdict
	missing := 0
	for _, q := range questions {
		a, err := asker.Ask(ctx, retrieval.Query{Text: q.Q, Previous: q.Prev})
		if err != nil {
			return Report{}, fmt.Errorf("question %s: %w", q.ID, err)
		}
		if kinds[q.Kind] == nil {
			kinds[q.Kind] = &tally{}
		}
		d := Detail{ID: q.ID, Kind: q.Kind, Answered: a.Answered(), Places: []string{}, Confidence: a.Confidence}
		if len(q.Gold) > 0 {
			relevant := Relevant(library, q.Gold)
			if len(relevant) == 0 {
				missing++
			}
			made, err := asker.Ask(ctx, retrieval.Query{Text: q.Q, Previous: q.Prev, Except: relevant})
			if err != nil {
				return Report{}, fmt.Errorf("question %s, without its passages: %w", q.ID, err)
			}
			d.MadeRefused = !made.Answered()
		}
		if a.Refusal != nil {
			d.Reason = string(a.Refusal.Reason)
		}
		for _, c := range a.Citations {
			d.Places = append(d.Places, string(c.Passage))
		}
		d.Right = len(q.Gold) == 0 && !d.Answered || len(q.Gold) > 0 && quotes(a, q.Gold)
		if d.Confidence > 0 {
			answers = append(answers, verdict{d.ID, d.Confidence, d.Right})
		}
		details = append(details, d)
		all.count(library, q, a, d)
		kinds[q.Kind].count(library, q, a, d)
	}
	report := Report{All: all.figures(), ByKind: map[string]Figures{}, Details: details, Reliability: reliability(answers), RiskCoverage: riskCoverage(answers), GoldMissing: missing}
	for kind, t := range kinds {
		report.ByKind[kind] = t.figures()
	}
	return report, nil
}

// quotes reports whether some citation quotes one of the gold texts.
func quotes(a answer.Answer, gold []string) bool {
	return slices.ContainsFunc(a.Citations, func(c corpus.Citation) bool { return holds(c.Words, gold) })
}

// tally adds questions up.
type tally struct {
	questions, answered, withGold, gold      int
	refused, refusedRightly, toRefuse, made  int
	quotations, verbatim, quoted, mostQuoted int
}

func (t *tally) count(library *corpus.Library, q Question, a answer.Answer, d Detail) {
	t.questions++
	if d.MadeRefused {
		t.made++
	}
	if len(q.Gold) == 0 {
		t.toRefuse++
	} else {
		t.withGold++
	}
	if !a.Answered() {
		t.refused++
		if d.Right {
			t.refusedRightly++
		}
		return
	}
	t.answered++
	if d.Right {
		t.gold++
	}
	chars := 0
	for _, c := range a.Citations {
		chars += utf8.RuneCountInString(c.Words)
		for _, quote := range append(slices.Clone(c.Context), c.Quote) {
			t.quotations++
			if e, ok := library.Edition(c.Document, c.Edition); ok && e.Words(quote.Span) == quote.Words && quote.Words != "" {
				t.verbatim++
			}
		}
	}
	t.quoted += chars
	t.mostQuoted = max(t.mostQuoted, chars)
}

func (t *tally) figures() Figures {
	return Figures{
		Questions:        t.questions,
		Answered:         share(t.answered, t.questions),
		GoldQuoted:       share(t.gold, t.withGold),
		RefusalPrecision: share(t.refusedRightly, t.refused),
		RefusalRecall:    share(t.refusedRightly, t.toRefuse),
		AnsweredWrongly:  share(t.answered-t.gold, t.answered),
		MadeRefused:      share(t.made, t.withGold),
		Verbatim:         share(t.verbatim, t.quotations),
		QuotedMean:       share(t.quoted, t.answered),
		QuotedMax:        t.mostQuoted,
	}
}

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
