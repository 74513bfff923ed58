package bot

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/hoinq/hoinq/corpus"
)

// The keys of buttons: a letter for what it does and the hash of what it names,
// because names are longer than the vendors' 64 bytes. They are looked up in
// the documents in force, so nothing has to be stored for them.
const (
	keyQuestion = "q:" // asks a suggested question
	keyDocument = "d:" // opens the outline of a document
	keyPassage  = "p:" // quotes a section
)

func questionKey(text string) string           { return keyQuestion + hash(text) }
func documentKey(id corpus.DocumentID) string  { return keyDocument + hash(string(id)) }
func passageKey(id corpus.PassageID) string    { return keyPassage + hash(string(id)) }
func labelOf(words string) string              { return cut(strings.ReplaceAll(words, "\n", " "), maxLabel) }
func textBlock(kind BlockKind, s string) Block { return Block{Kind: kind, Text: s} }

func hash(s string) string { return fmt.Sprintf("%016x", sum(s)) }

func sum(s string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(s)) // a hash takes everything
	return h.Sum64()
}

// passageOf finds the passage of whose id a hash is given, also in editions
// that are no longer in force: links are kept for years.
func passageOf(library *corpus.Library, hashed string) (e *corpus.Edition, i int, ok bool) {
	wanted, err := strconv.ParseUint(hashed, 16, 64)
	if err != nil {
		return nil, 0, false
	}
	for _, e := range library.All() {
		for i := range e.Passages {
			if sum(string(e.Passages[i].ID)) == wanted {
				return e, i, true
			}
		}
	}
	return nil, 0, false
}

// Sizes of what is shown while browsing.
const (
	maxLabel   = 64   // characters of a button
	maxButtons = 40   // of one message
	maxSection = 3200 // characters of a section that is quoted whole, as of a list in an answer
	maxWholes  = 2    // sections that are offered below an answer: lists take the place of buttons on some channels
)

// press answers a button.
func (c *Conversation) press(ctx context.Context, m Message) (Reply, error) {
	s := c.answerer.serving.Load()
	if s == nil {
		return Reply{}, ErrNotReady
	}
	switch {
	case strings.HasPrefix(m.Text, keyQuestion):
		for _, q := range s.Questions {
			if questionKey(q) == m.Text {
				reply, err := c.ask(ctx, m, q)
				reply.Blocks = append([]Block{textBlock(BlockNotice, askedText+q)}, reply.Blocks...)
				return reply, err
			}
		}
	case strings.HasPrefix(m.Text, keyDocument):
		for _, e := range s.Engine.Library().InForce() {
			if documentKey(e.Document.ID) == m.Text {
				return c.outline(e), nil
			}
		}
	case strings.HasPrefix(m.Text, keyPassage):
		if e, i, ok := passageOf(s.Engine.Library(), strings.TrimPrefix(m.Text, keyPassage)); ok {
			return c.section(e, i), nil
		}
	}
	return say(oldButtonText), nil
}

// linkedTo opens the passage that a link of ours leads to.
func (c *Conversation) linkedTo(payload string) (Reply, error) {
	library := c.answerer.Library()
	if library == nil {
		return Reply{}, ErrNotReady
	}
	e, i, ok := passageOf(library, strings.TrimPrefix(payload, passagePayload))
	if !ok {
		return say(oldLinkText), nil
	}
	r := c.section(e, i)
	if whole, ok := around(e, i, e.Extent(i)); ok {
		r.offerWhole(e, whole, wholeText)
	}
	return r, nil
}

// around is the nearest heading whose section has more than the words at span
// of passage i. The title of a document counts where all of it can be quoted.
func around(e *corpus.Edition, i int, span corpus.Span) (heading int, ok bool) {
	for _, a := range append([]int{i}, e.Ancestors(i)...) {
		kind, whole := e.Passages[a].Kind, e.Extent(a)
		switch {
		case kind == corpus.PassageTitle:
			return a, whole != span && utf8.RuneCountInString(e.Words(whole)) <= maxSection
		case kind == corpus.PassageHeading:
			return a, whole != span
		}
	}
	return 0, false
}

// offerWholes adds a button for the section around each of the first citations.
func (r *Reply) offerWholes(library *corpus.Library, answered Response) {
	label := wholeText
	if answered.InEnglish() {
		label = wholeEnglishText
	}
	most := len(r.Buttons) + maxWholes
	for _, cited := range answered.Citations {
		if len(r.Buttons) == most {
			return
		}
		if e, i, ok := library.Passage(cited.Passage); ok {
			if whole, ok := around(e, i, cited.Span); ok {
				r.offerWhole(e, whole, label)
			}
		}
	}
}

// offerWhole adds a button for a section, once.
func (r *Reply) offerWhole(e *corpus.Edition, heading int, label string) {
	p := e.Passages[heading]
	button := Button{Label: labelOf(label + p.Location), Key: passageKey(p.ID)}
	if !slices.ContainsFunc(r.Buttons, func(b Button) bool { return b.Key == button.Key }) {
		r.Buttons = append(r.Buttons, button)
	}
}

// documents lists the documents in force.
func (c *Conversation) documents() (Reply, error) {
	library := c.answerer.Library()
	if library == nil {
		return Reply{}, ErrNotReady
	}
	editions := library.InForce()
	if len(editions) == 0 {
		return say(noDocumentsText), nil
	}
	r := say(documentsText)
	for _, e := range editions[:min(len(editions), maxButtons)] {
		r.Buttons = append(r.Buttons, Button{Label: labelOf(e.Document.Title), Key: documentKey(e.Document.ID)})
	}
	if more := len(editions) - maxButtons; more > 0 {
		r.Blocks = append(r.Blocks, textBlock(BlockNotice, fmt.Sprintf("Còn %d văn bản khác; anh/chị cứ hỏi, tôi tìm trong tất cả.", more)))
	}
	return r, nil
}

// outline shows what a document is and its uppermost headings.
func (c *Conversation) outline(e *corpus.Edition) Reply {
	r := say(strings.Join(nonEmpty(e.Document.Title, about(e)), "\n"))
	r.offerHeadings(e, topHeadings(e))
	if len(r.Buttons) > 0 {
		r.Blocks = append(r.Blocks, textBlock(BlockNotice, outlineText))
	}
	if base := c.answerer.office.PublicURL; base != "" {
		r.Buttons = append(r.Buttons, Button{Label: "Đọc toàn văn", URL: base + ReadingRoot + string(e.Document.ID)})
	}
	return r
}

// about says what a document is, in one line.
func about(e *corpus.Edition) string {
	d := e.Document
	var parts []string
	if d.Kind != "" {
		parts = append(parts, d.Kind.Name())
	}
	if d.Number != "" {
		parts = append(parts, "số "+d.Number)
	}
	if date := d.Dated(); date != "" {
		parts = append(parts, date)
	}
	if d.Term != "" {
		parts = append(parts, "nhiệm kỳ "+d.Term)
	}
	if label := e.Label(); label != "" {
		parts = append(parts, label)
	}
	return strings.Join(parts, " · ")
}

// topHeadings are the headings that stand below no other but the title.
func topHeadings(e *corpus.Edition) []int {
	var top []int
	for _, i := range e.Outline() {
		p := e.Passages[i]
		if p.Kind == corpus.PassageHeading && (p.Parent < 0 || e.Passages[p.Parent].Kind == corpus.PassageTitle) {
			top = append(top, i)
		}
	}
	return top
}

// section quotes a heading with all that stands below it, or its beginning and
// buttons for what is below where that is too long for one message.
func (c *Conversation) section(e *corpus.Edition, i int) Reply {
	r := c.sectionOf(e, i)
	if now, ok := c.answerer.Library().Edition(e.Document.ID, ""); ok && now.ID != e.ID {
		r.Blocks = append([]Block{textBlock(BlockNotice, oldEditionText)}, r.Blocks...)
	}
	return r
}

func (c *Conversation) sectionOf(e *corpus.Edition, i int) Reply {
	if whole := e.Extent(i); utf8.RuneCountInString(e.Words(whole)) <= maxSection {
		return c.quoted(e.Cite(i, whole))
	}
	span := e.Passages[i].Span
	var below []int
	for _, child := range e.Children(i) {
		if e.Passages[child].Kind == corpus.PassageHeading {
			below = append(below, child)
			continue
		}
		if end := e.Extent(child).End; len(below) == 0 && utf8.RuneCountInString(e.Text[span.Start:end]) <= maxSection {
			span.End = end
		}
	}
	r := c.quoted(e.Cite(i, span))
	note := longSectionText
	if span == e.Passages[i].Span {
		note = manySectionsText
	}
	r.Blocks = append([]Block{textBlock(BlockNotice, note)}, r.Blocks...)
	r.offerHeadings(e, below)
	return r
}

func (c *Conversation) quoted(cited corpus.Citation) Reply {
	cited.N = 1
	var r Reply
	r.quote(c.linked(Response{Citations: []corpus.Citation{cited}}).Citations)
	return r
}

// offerHeadings adds a button for each heading.
func (r *Reply) offerHeadings(e *corpus.Edition, headings []int) {
	for _, i := range headings[:min(len(headings), maxButtons)] {
		r.Buttons = append(r.Buttons, Button{Label: labelOf(e.Words(e.Passages[i].Span)), Key: passageKey(e.Passages[i].ID)})
	}
}

// cut shortens s to n characters.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}
