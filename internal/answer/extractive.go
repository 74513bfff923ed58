package answer

import (
	"context"
	"fmt"
	"sync"
	"unicode/utf8"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/retrieval"
	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

// Sizes of an extractive answer, in characters (runes).
const (
	// maxWhole is the longest passage that is quoted whole; of a longer one
	// the sentences that answer are quoted.
	maxWhole = 420
	// maxList is the longest list that is quoted whole, standing alone. It
	// leaves room for place and label in the smallest message of the vendors
	// that are not cut at 2,000.
	maxList = 3200
	// maxClause is the longest piece of a quotation that is repeated in the
	// answer's own text.
	maxClause = 260
)

// Further passages are quoted beside the best one when they come this close to
// its score and hold about as much of the question, and at most so many. Set
// with `hoinq eval --answers`: more passages find few more answers and make
// every reply longer.
const (
	closeScore    = 0.9
	closeCoverage = 0.15
	sameScore     = 0.75 // for one that holds as much in its own words
	meantScore    = 0.55 // of passages that were found by what they speak of
	maxBeside     = 3
)

// Options say who answers. The zero value works.
type Options struct {
	// Office is the name of the office that runs the service; Contact its
	// telephone, hours and address. Both are shown in refusals.
	Office, Contact string
}

// Extractive composes answers of the documents' own words: it chooses the
// sentences, or the whole list, that answer, and says where they stand. It is
// safe for concurrent use; make one with [NewExtractive].
type Extractive struct {
	library *corpus.Library
	lexicon *vietnamese.Lexicon
	// suggest is made when it is first needed.
	suggest func() *suggester
	casings casings
	opt     Options
}

var _ Composer = (*Extractive)(nil)

// NewExtractive makes the composer for what index finds.
func NewExtractive(index *retrieval.Index, opt Options) *Extractive {
	casings := casingsOf(index.Library())
	return &Extractive{
		library: index.Library(),
		lexicon: vietnamese.NewLexicon(),
		suggest: sync.OnceValue(func() *suggester { return newSuggester(index, casings) }),
		casings: casings,
		opt:     opt,
	}
}

// Compose implements [Composer].
func (x *Extractive) Compose(ctx context.Context, r retrieval.Result) (Answer, error) {
	a, err := x.compose(ctx, r)
	if err != nil {
		return Answer{}, err
	}
	if a.English {
		a.sayItIsVietnamese()
	}
	if urgent(r.Query.Text) {
		a.sendForHelp()
	}
	return a, nil
}

func (x *Extractive) compose(ctx context.Context, r retrieval.Result) (Answer, error) {
	a := Answer{
		Question:     r.Query.Text,
		UnderstoodAs: r.Understood.Text,
		English:      r.Understood.English,
		Mode:         ModeExtractive,
		Suggestions:  x.suggest().questions(ctx, r),
	}
	if !r.Decision.Answer || len(r.Hits) == 0 {
		x.refuse(&a, r)
		return a, nil
	}
	a.Confidence = r.Decision.Confidence
	top, err := x.find(r.Hits[0])
	if err != nil {
		return Answer{}, err
	}
	asked := newAsked(r.Understood, x.lexicon)
	if r.Decision.Basis == retrieval.BasisMeaning {
		err := x.quoteMeant(&a, r, asked)
		return a, err
	}
	if top.list(asked) {
		x.quoteList(&a, top.edition, top.at, r.Hits[0].Score, asked)
		return a, nil
	}
	for n, hit := range r.Hits {
		if n > 0 && !beside(hit, r.Hits[0], n, r.Understood) {
			continue
		}
		f, err := x.find(hit)
		if err != nil {
			return Answer{}, err
		}
		f.quote(&a, asked)
	}
	a.Sentences = sentencesOf(a.Citations, top.edition, top.at, asked)
	return a, nil
}

// quoteMeant quotes the passages that come nearest to a question told in other
// words than the documents', each by itself, and says that they are no more.
func (x *Extractive) quoteMeant(a *Answer, r retrieval.Result, asked asked) error {
	var first found
	for _, hit := range r.Hits[:min(len(r.Hits), retrieval.MeantHits)] {
		if hit.Score < meantScore*r.Hits[0].Score {
			break
		}
		f, err := x.find(hit)
		if err != nil {
			return err
		}
		before := len(a.Citations)
		f.quote(a, asked)
		if before == 0 && len(a.Citations) > 0 {
			first = f
		}
	}
	a.Sentences = meantSentences(a.Citations, first.edition, first.at, asked)
	return nil
}

// beside reports whether hit n is to be quoted beside the best. Of a figure or a
// day that is asked for all that documents give are quoted: the question may
// leave open of which document, year or place it is asked.
func beside(hit, best retrieval.Hit, n int, u retrieval.Understanding) bool {
	if n > maxBeside || !hit.Fits || hit.Components.Offers < best.Components.Offers {
		return false
	}
	if hit.Score >= closeScore*best.Score && hit.Components.Coverage >= best.Components.Coverage-closeCoverage {
		return true
	}
	return (u.Asks(retrieval.AsksNumber) || u.Asks(retrieval.AsksTime)) && hit.Score >= sameScore*best.Score &&
		hit.Components.Own >= best.Components.Own
}

// found is a hit with the passage it names.
type found struct {
	edition *corpus.Edition
	at      int
	hit     retrieval.Hit
}

func (x *Extractive) find(hit retrieval.Hit) (found, error) {
	e, at, ok := x.library.Passage(hit.Passage)
	if !ok {
		return found{}, fmt.Errorf("compose answer: passage %s is not in the library", hit.Passage)
	}
	return found{edition: e, at: at, hit: hit}, nil
}

func (f found) passage() corpus.Passage { return f.edition.Passages[f.at] }

// list reports whether the answer is the whole extent of the hit: something
// hangs below it, and the question does not ask for a single figure, which one
// of its items gives.
func (f found) list(asked asked) bool {
	p := f.passage()
	if len(f.edition.Children(f.at)) == 0 || p.Kind == corpus.PassageTitle {
		return false
	}
	return p.Kind == corpus.PassageHeading || asked.understood.Asks(retrieval.AsksList) || !asked.understood.Asks(retrieval.AsksNumber)
}

// quoteList quotes passage i with all that stands below it. Of what is too
// long to stand in one message only the heads of its parts are quoted, and the
// reader is told so.
func (x *Extractive) quoteList(a *Answer, e *corpus.Edition, i int, score float64, asked asked) {
	extent := e.Extent(i)
	if utf8.RuneCountInString(e.Words(extent)) <= maxList {
		a.Citations = []corpus.Citation{numbered(e.Cite(i, extent), 1, score)}
		a.Sentences = []Sentence{{Text: x.listSentence(e, i, asked), Cites: []int{1}}}
		return
	}
	children, total := e.Children(i), 0
	for _, child := range children {
		c := e.Cite(child, e.Passages[child].Span)
		if total += utf8.RuneCountInString(c.Words); total > maxList {
			if len(a.Citations) > 0 {
				break
			}
			c = e.Cite(child, asked.choose(e, e.Passages[child].Span)) // it alone is too long
		}
		a.Citations = append(a.Citations, numbered(c, len(a.Citations)+1, score))
	}
	a.Sentences = []Sentence{{Text: x.longListSentence(e, i, len(a.Citations), len(children), asked), Cites: numbers(a.Citations)}}
}

func numbered(c corpus.Citation, n int, score float64) corpus.Citation {
	c.N, c.Score = n, score
	return c
}

// quote adds the words of one hit that answer, unless they would make the
// answer too long or stand in it already.
func (f found) quote(a *Answer, asked asked) {
	p := f.passage()
	if p.Kind.Heading() && len(a.Citations) > 0 {
		return
	}
	span := asked.choose(f.edition, p.Span)
	if all := f.edition.Extent(f.at); all != p.Span && utf8.RuneCountInString(f.edition.Words(all)) <= MaxQuotedRune {
		span = all // a lead-in says nothing without its list
	}
	add(a, f.edition.Cite(f.at, span), f.hit.Score)
}

// add numbers a citation and adds it within the limits of an answer. The first
// is always taken.
func add(a *Answer, c corpus.Citation, score float64) {
	total := utf8.RuneCountInString(c.Words)
	for _, have := range a.Citations {
		if have.Document == c.Document && have.Start < c.End && c.Start < have.End || have.Words == c.Words {
			return
		}
		total += utf8.RuneCountInString(have.Words)
	}
	if len(a.Citations) > 0 && (len(a.Citations) == MaxQuotes || total > MaxQuotedRune) {
		return
	}
	a.Citations = append(a.Citations, numbered(c, len(a.Citations)+1, score))
}

func numbers(citations []corpus.Citation) []int {
	var out []int
	for _, c := range citations {
		out = append(out, c.N)
	}
	return out
}
