package answer

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/retrieval"
	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

// Nearest passages are shown when they hold at least this share of the
// question, and at most so many.
const (
	minNearCoverage = 0.4
	maxNearest      = 3
	maxTitles       = 3
)

// refuse turns a into a refusal.
func (x *Extractive) refuse(a *Answer, r retrieval.Result) {
	reason := r.Decision.Reason
	if reason == "" {
		reason = retrieval.NoMatch
	}
	english := r.Understood.English
	text := reasonText(reason).in(english)
	switch {
	case r.Decision.Place != "":
		text = x.noSuchPlace(r.Decision.Place, english)
	case utf8.RuneCountInString(r.Query.Text) > retrieval.MaxQuestion:
		text = fmt.Sprintf(texts.tooLong.in(english), retrieval.MaxQuestion)
	case len(r.Hits) > 0 || len(r.Understood.Unknown) > 0 || reason != retrieval.NoMatch:
	case thanks.MatchString(r.Query.Text):
		a.Refusal = &Refusal{Reason: reason, Text: texts.thanks.in(english)}
		return
	case len(vietnamese.Tokenize(r.Query.Text)) > 0:
		text = texts.greeting.in(english)
	default:
		text = texts.wordless.in(english)
	}
	if named := figures(r.Decision.Missing); named != "" && reason == retrieval.Insufficient && r.Decision.Place == "" {
		text += fmt.Sprintf(texts.notGiven.in(english), named)
	}
	a.Refusal = &Refusal{Reason: reason, Text: text + "\n" + x.coverage(english) + "\n" + x.whomToAsk(english)}
	if reason == retrieval.Unsafe || reason == retrieval.OutOfScope {
		return
	}
	for _, hit := range r.Hits {
		if len(a.Nearest) == maxNearest || hit.Components.Coverage < minNearCoverage {
			break
		}
		f, err := x.find(hit)
		if err != nil || f.passage().Kind.Heading() {
			continue
		}
		c := f.edition.Cite(f.at, newAsked(r.Understood, x.lexicon).choose(f.edition, f.passage().Span))
		a.Nearest = append(a.Nearest, numbered(c, len(a.Nearest)+1, hit.Score))
	}
}

// noSuchPlace says that no document has a place, and how the documents are
// divided instead.
func (x *Extractive) noSuchPlace(place string, english bool) string {
	units := map[string]bool{}
	for _, e := range x.library.InForce() {
		for _, p := range e.Passages {
			for step := range strings.SplitSeq(p.Location, ", ") {
				unit, _, _ := strings.Cut(strings.ToLower(step), " ")
				units[unit] = true
			}
		}
	}
	text := fmt.Sprintf(texts.noSuchPlace.in(english), place)
	var divided []string
	for _, unit := range []string{"phần", "chương", "mục", "điều", "khoản", "điểm"} {
		if units[unit] {
			divided = append(divided, unit)
		}
	}
	if len(divided) > 0 {
		text += fmt.Sprintf(texts.divided.in(english), strings.Join(divided, ", "))
	}
	return text
}

// figures are the years and numerals among the words that decided for a
// refusal. Other words of the asker's are not repeated.
func figures(missing []string) string {
	var out []string
	for _, word := range missing {
		tokens := vietnamese.Tokenize(strings.ToUpper(word))
		if len(tokens) == 1 && (tokens[0].Figure || tokens[0].Roman) {
			out = append(out, strings.ToUpper(word))
		}
	}
	return strings.Join(out, ", ")
}

// thanks finds a message of thanks.
var thanks = regexp.MustCompile(`(?i)(cảm|cám|cam) (ơn|on)|\bthanks?\b`)

// coverage says what the documents are about.
func (x *Extractive) coverage(english bool) string {
	editions := x.library.InForce()
	if len(editions) == 0 {
		return texts.noDocuments.in(english)
	}
	titles := make([]string, 0, maxTitles)
	for _, e := range editions[:min(len(editions), maxTitles)] {
		titles = append(titles, titleOf(e.Document))
	}
	more := ""
	if n := len(editions) - len(titles); n > 0 {
		more = fmt.Sprintf(texts.furtherDocuments.in(english), n)
	}
	return fmt.Sprintf(texts.documents.in(english), strings.Join(titles, "; ")+more)
}

func titleOf(d corpus.Document) string { return strings.TrimRight(cut(d.Title, 140), " .") }

// whomToAsk names the office, or whom to turn to where none is set.
func (x *Extractive) whomToAsk(english bool) string {
	who := strings.Join(nonEmpty(x.opt.Office, x.opt.Contact), ", ")
	if who == "" {
		return texts.whoever.in(english)
	}
	return fmt.Sprintf(texts.whom.in(english), strings.TrimRight(who, ". "))
}

func nonEmpty(list ...string) []string {
	var out []string
	for _, s := range list {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}
