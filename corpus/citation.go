package corpus

import (
	"errors"
	"fmt"
	"strings"
)

// Quote is a range of an edition's canonical text with the words that stand
// there: Quote == text[Start:End].
type Quote struct {
	Span
	Words string `json:"quote"`
}

// Citation is a quotation with everything a reader needs to find and judge it.
// It is a plain value: it can be stored, sent, shown on any channel, and
// proven again later against the edition it names ([Edition.Prove]).
type Citation struct {
	// N is the number by which the answer's text refers to it, from 1.
	N        int        `json:"n"`
	Passage  PassageID  `json:"passage"`
	Document DocumentID `json:"document"`
	Title    string     `json:"title"`
	Kind     Kind       `json:"kind"`
	// Label must be shown beside the quotation whenever it is not empty.
	Label   string    `json:"label"`
	Edition EditionID `json:"edition"`
	Date    string    `json:"date"`
	// Location is the place as a person would say it: "Phần II, mục 3, đoạn 2".
	Location string `json:"location"`
	Quote
	// Context are further proven ranges that the quotation needs to be
	// understood: the lead-in of a list item, the header row of a table. They
	// are shown before the quotation and never joined to it.
	Context []Quote `json:"context"`
	// URL opens the source of the words; empty when none is known.
	URL string `json:"url"`
	// Score is the retrieval's score of the passage, for explanation only.
	Score float64 `json:"score"`
}

// ErrNotProven is returned, wrapped, for a quotation that does not stand in
// the edition it cites.
var ErrNotProven = errors.New("quotation does not stand in the document")

// Cite builds the citation of the words at span, which lies within
// [Edition.Extent] of passage i.
// Number and score are left to the caller.
func (e *Edition) Cite(i int, span Span) Citation {
	p := e.Passages[i]
	c := Citation{
		Passage:  p.ID,
		Document: e.Document.ID,
		Title:    e.Document.Title,
		Kind:     e.Document.Kind,
		Label:    e.Label(),
		Edition:  e.ID,
		Date:     e.Document.Date,
		Location: p.Location,
		Quote:    Quote{Span: span, Words: e.Words(span)},
		Context:  e.contextOf(i),
		URL:      e.address(p),
	}
	if page := e.Page(span); page > 0 {
		c.Location = fmt.Sprintf("%s, trang %d", c.Location, page)
	}
	return c
}

// maxContext is the longest lead-in or heading that is shown before a quotation,
// in bytes. What is longer is no lead-in but a text of its own.
const maxContext = 1500

// contextOf are the words that the passage at i cannot be understood without:
// the header row of its table, or the chain of lead-ins above an item up to
// and including the first heading.
func (e *Edition) contextOf(i int) []Quote {
	context := []Quote{}
	p := e.Passages[i]
	if p.Kind == PassageItem {
		for _, a := range e.Ancestors(i) {
			above := e.Passages[a]
			if above.Kind == PassageTitle || above.End-above.Start > maxContext {
				break
			}
			context = append([]Quote{{Span: above.Span, Words: e.Words(above.Span)}}, context...)
			if above.Kind == PassageHeading {
				break
			}
		}
	}
	if !p.Header.Empty() {
		context = append(context, Quote{Span: p.Header, Words: e.Words(p.Header)})
	}
	return context
}

// address is where a reader can see the words of p at their source: the
// address beside the words themselves, else that of the whole document when it
// has just one.
func (e *Edition) address(p Passage) string {
	switch {
	case len(p.Links) > 0:
		return p.Links[0]
	case e.Source.URL != "":
		return e.Source.URL
	case len(e.Document.Sources) == 1 && strings.HasPrefix(e.Document.Sources[0], "http"):
		return e.Document.Sources[0]
	}
	return ""
}

// Prove checks that a citation is true of this edition: it names the edition
// and one of its passages, the quotation stands in that passage or below it,
// and it and each of its contexts are byte for byte the ranges they name. The
// error wraps [ErrNotProven] and names the passage, never the words.
func (e *Edition) Prove(c Citation) error {
	i := e.Index(c.Passage)
	if c.Document != e.Document.ID || c.Edition != e.ID || i < 0 {
		return fmt.Errorf("citation of %q: passage unknown in edition %s/%s: %w", c.Passage, e.Document.ID, e.ID, ErrNotProven)
	}
	if extent := e.Extent(i); c.Start < extent.Start || c.End > extent.End {
		return fmt.Errorf("citation of %q: bytes %d to %d lie outside of the passage: %w", c.Passage, c.Start, c.End, ErrNotProven)
	}
	for _, q := range append([]Quote{c.Quote}, c.Context...) {
		if !q.within(e.Text) || e.Text[q.Start:q.End] != q.Words {
			return fmt.Errorf("citation of %q: bytes %d to %d: %w", c.Passage, q.Start, q.End, ErrNotProven)
		}
	}
	return nil
}
