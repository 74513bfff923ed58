package webchat

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/corpus"
)

// searchParam are words to be looked for inside the document. The other names
// of the reading view's address are the bot's: [bot.EditionParam] and its like.
const searchParam = "tim"

// documentItem is a document in a list of them.
type documentItem struct {
	*corpus.Edition
	Link string
}

// Kind is the document's kind as a reader calls it.
func (d documentItem) Kind() string { return d.Document.Kind.Name() }

// documentItems are the documents in force, ordered by id.
func documentItems(library *corpus.Library) []documentItem {
	var items []documentItem
	for _, e := range library.InForce() {
		items = append(items, documentItem{Edition: e, Link: documentPath(e.Document.ID)})
	}
	return items
}

func documentPath(id corpus.DocumentID) string {
	return bot.ReadingRoot + url.PathEscape(string(id))
}

// listView is the page that lists the documents.
type listView struct {
	frame
	Documents []documentItem
}

func (p *Pages) documents(w http.ResponseWriter, r *http.Request) {
	library := p.asker.Library()
	if library == nil {
		p.notReady(w, r)
		return
	}
	p.renderKept(w, r, "documents", listView{p.frame("Danh mục văn bản", ""), documentItems(library)})
}

func (p *Pages) notReady(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Retry-After", "10")
	p.notice(w, r, http.StatusServiceUnavailable, noticeNotReady)
}

// readingView is a document, laid out to be read.
type readingView struct {
	frame
	documentItem
	Facts   []fact
	Sources []source
	// Warning says why the edition is not to be relied on; Current leads to
	// the one in force, where there is another.
	Warning, Current string
	Outline          []entry
	Blocks           []block
	// Quoted is the passage whose words are marked because a link asked for
	// them; nil when none did.
	Quoted *place
	// Address is that of this edition, to be read on paper: without the public
	// part where none is set.
	Address string
	Search  searchView
}

// fact is a line about a document.
type fact struct{ Name, Value string }

// place is a passage that a link leads to.
type place struct{ Location, Link string }

// source is where a document or its words come from: an address, or a name
// alone.
type source struct{ Name, URL string }

// searchView is what was looked for inside a document, and what was found.
type searchView struct {
	// Path and Edition are where the form leads; Edition is empty for the one
	// in force.
	Path    string
	Edition corpus.EditionID
	Words   string
	// Total is the number of places; Hits are the first of them.
	Total int
	Hits  []hit
}

// hit is a place where the words were found, between a few words more.
type hit struct {
	place
	Before, Words, After string
}

func (p *Pages) reading(w http.ResponseWriter, r *http.Request) {
	library := p.asker.Library()
	if library == nil {
		p.notReady(w, r)
		return
	}
	query := r.URL.Query()
	id, edition := corpus.DocumentID(r.PathValue("id")), corpus.EditionID(query.Get(bot.EditionParam))
	e, ok := library.Edition(id, edition)
	if !ok {
		p.notice(w, r, http.StatusNotFound, noticeDocument)
		return
	}
	current, _ := library.Edition(id, "")
	select {
	case p.readings <- struct{}{}:
	case <-r.Context().Done():
		return // the reader has left
	}
	body, ok := p.execute(w, r, "reading", p.readingView(e, current, query))
	<-p.readings
	if ok {
		keep(w, r, body)
	}
}

func (p *Pages) readingView(e, current *corpus.Edition, query url.Values) readingView {
	v := readingView{
		frame:        p.frame(e.Document.Title, "reading.js"),
		documentItem: documentItem{Edition: e, Link: documentPath(e.Document.ID)},
		Facts:        facts(e),
		Sources:      sourcesOf(e),
		Outline:      outline(e),
		Address:      documentPath(e.Document.ID) + "?" + bot.EditionParam + "=" + string(e.ID),
		Search:       searchView{Path: documentPath(e.Document.ID), Words: searched(query.Get(searchParam))},
	}
	v.Address = v.Office.PublicURL + v.Address
	if e.ID != current.ID {
		v.Current = v.Link
		v.Search.Edition = e.ID
	}
	if v.Current != "" || !e.Validity.Current() {
		v.Warning = warning(e)
	}
	var marks []mark
	if span, ok := requestedSpan(e, query); ok {
		marks = append(marks, mark{span, markQuoted})
		if i := passageAt(e, span.Start); i >= 0 {
			v.Quoted = &place{Location: e.Passages[i].Location, Link: "#" + bot.Anchor(e.Passages[i].ID)}
		}
	}
	found := find(e.Text, v.Search.Words)
	for _, span := range found[:min(len(found), maxMarked)] {
		marks = append(marks, mark{span, markFound})
	}
	v.Search.Total = len(found)
	for _, span := range found[:min(len(found), maxListed)] {
		v.Search.Hits = append(v.Search.Hits, hitAt(e, span))
	}
	v.Blocks = layOut(e, marks)
	return v
}

// warning says that the edition is not the text that holds now.
func warning(e *corpus.Edition) string {
	text := "Bản này không còn là bản đang dùng"
	if until := e.Validity.Until; until != "" {
		text += ", hết hiệu lực sau ngày " + corpus.Day(until).Spoken()
	}
	if !e.Validity.Current() && e.Validity.By != "" {
		text += " (" + e.Validity.By + ")"
	}
	return text + "."
}

// requestedSpan is the range of words that the address asks to mark. Links
// are old, shortened or made by hand: a range that is none is left out.
func requestedSpan(e *corpus.Edition, query url.Values) (corpus.Span, bool) {
	start, err1 := strconv.Atoi(query.Get(bot.StartParam))
	end, err2 := strconv.Atoi(query.Get(bot.EndParam))
	if err1 != nil || err2 != nil || start < 0 || start >= end || end > len(e.Text) {
		return corpus.Span{}, false
	}
	if !utf8.RuneStart(e.Text[start]) || end < len(e.Text) && !utf8.RuneStart(e.Text[end]) {
		return corpus.Span{}, false
	}
	return corpus.Span{Start: start, End: end}, true
}

// facts are what is known of an edition, what is not known left out.
func facts(e *corpus.Edition) []fact {
	d := e.Document
	var known []fact
	for _, f := range []fact{
		{"Loại", d.Kind.Name()},
		{"Số, ký hiệu", d.Number},
		{issuerName(d.Kind), d.Issuer},
		{"Ngày", corpus.Day(d.Date).Spoken()},
		{"Nhiệm kỳ", d.Term},
		{"Có hiệu lực từ", corpus.Day(e.Validity.From).Spoken()},
		{"Có hiệu lực đến hết", corpus.Day(e.Validity.Until).Spoken()},
		{"Mã bản", string(e.ID)},
		{"Mã kiểm tra (SHA-256)", e.Digest},
	} {
		if f.Value != "" {
			known = append(known, f)
		}
	}
	return known
}

// issuerName is what the issuer of a document of this kind is called: a
// summary is issued by nobody.
func issuerName(kind corpus.Kind) string {
	if kind == corpus.KindSummary {
		return "Biên soạn"
	}
	return "Cơ quan ban hành"
}

// IssuerName is what the document's issuer is called.
func (d documentItem) IssuerName() string { return issuerName(d.Document.Kind) }

// sourcesOf are where the edition comes from: what its file names, and the
// address it was fetched from.
func sourcesOf(e *corpus.Edition) []source {
	var all []source
	seen := map[string]bool{"": true}
	for _, name := range append([]string{e.Source.URL}, e.Document.Sources...) {
		if !seen[name] {
			all = append(all, sourceOf(name))
		}
		seen[name] = true
	}
	return all
}

// sourceOf makes a link of a web address, and of nothing else: names and
// addresses come from files that anybody may have written.
func sourceOf(name string) source {
	u, err := url.Parse(name)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return source{Name: name}
	}
	return source{Name: strings.TrimPrefix(u.Hostname(), "www."), URL: name}
}

// entry is a heading in the outline, with those below it.
type entry struct {
	place
	Words string
	Below []entry
}

// longestEntry is how much of a heading the outline shows, in characters.
const longestEntry = 120

// outline are the headings without the document's title, which stands above
// the page anyway.
func outline(e *corpus.Edition) []entry {
	below := map[int][]entry{} // backwards
	heads := e.Outline()
	// From the last to the first, so that what stands below a heading is
	// complete when it is reached.
	for n := len(heads) - 1; n >= 0; n-- {
		i := heads[n]
		p := e.Passages[i]
		above := headingAbove(e, i)
		if p.Kind == corpus.PassageTitle {
			below[above] = append(below[above], below[i]...)
			continue
		}
		words := cut(strings.Join(strings.Fields(e.Words(p.Span)), " "), longestEntry)
		slices.Reverse(below[i])
		it := entry{place: place{p.Location, "#" + bot.Anchor(p.ID)}, Words: words, Below: below[i]}
		below[above] = append(below[above], it)
	}
	slices.Reverse(below[-1])
	return below[-1]
}

func headingAbove(e *corpus.Edition, i int) int {
	for _, a := range e.Ancestors(i) {
		if e.Passages[a].Kind.Heading() {
			return a
		}
	}
	return -1
}

// cut shortens a text to n characters.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return strings.TrimRight(string([]rune(s)[:n]), " ") + "…"
}
