package telegram

import (
	"sort"
	"strings"

	"github.com/hoinq/hoinq/internal/textcut"
)

// Limits of one message.
const (
	// maxUnits is the vendor's limit on a text after its markup is parsed. The
	// vendor says "characters"; whether it counts code points or UTF-16 units
	// is not known, and units are the stricter of the two.
	maxUnits = 4096
	// maxBytes is ours, on the text with its markup: the public server code
	// takes some 32 kB, and 4,096 units of Vietnamese with the markup of a
	// whole answer need about 10 kB. It only matters for text full of "&".
	maxBytes = 16 << 10
)

// mark is how a run of text looks.
type mark int

const (
	none mark = iota
	bold
	italic
	link // leads to the run's address
)

// run is a piece of text that looks the same throughout.
type run struct {
	words   string
	mark    mark
	address string // of a link
	quoted  bool   // stands within a block of quotation
}

// text is what one message, or a block of it, says: markup as structure, so
// that it can be cut anywhere and each piece is still well formed.
type text []run

// html is the text in the vendor's HTML. Leading and trailing white space goes
// as the vendor itself would remove it.
func (t text) html() string {
	var b strings.Builder
	quoted := false
	for _, r := range t {
		if r.words == "" {
			continue
		}
		if r.quoted != quoted {
			b.WriteString(map[bool]string{true: "<blockquote expandable>", false: "</blockquote>"}[r.quoted])
			quoted = r.quoted
		}
		words := escape(r.words)
		switch r.mark {
		case none:
			b.WriteString(words)
		case bold:
			b.WriteString("<b>" + words + "</b>")
		case italic:
			b.WriteString("<i>" + words + "</i>")
		case link:
			b.WriteString(`<a href="` + strings.ReplaceAll(escape(r.address), `"`, "&quot;") + `">` + words + "</a>")
		}
	}
	if quoted {
		b.WriteString("</blockquote>")
	}
	return strings.TrimSpace(b.String())
}

// escape makes a text literal in the vendor's HTML.
func escape(s string) string {
	s = strings.ReplaceAll(s, "&", "&amp;") // first: the others bring signs of it
	s = strings.ReplaceAll(s, "<", "&lt;")
	return strings.ReplaceAll(s, ">", "&gt;")
}

// plain is the text without markup. Signs can stand for what the markup said:
// quotation marks around what is quoted, the address behind a link.
func (t text) plain(signs bool) string {
	var b strings.Builder
	for _, r := range t {
		switch {
		case signs && r.quoted && strings.TrimSpace(r.words) != "":
			b.WriteString("“" + r.words + "”")
		case signs && r.mark == link:
			b.WriteString(r.words + ": " + r.address)
		default:
			b.WriteString(r.words)
		}
	}
	return strings.TrimSpace(b.String())
}

// all is the text as it stands, white space at its ends included.
func (t text) all() string {
	var b strings.Builder
	for _, r := range t {
		b.WriteString(r.words)
	}
	return b.String()
}

func (t text) blank() bool { return strings.TrimSpace(t.all()) == "" }

func (t text) fits() bool { return textcut.Units(t.all()) <= maxUnits && len(t.html()) <= maxBytes }

// split cuts the text after its first n bytes.
func (t text) split(n int) (head, rest text) {
	for i, r := range t {
		if n < len(r.words) {
			before, after := r, r
			before.words, after.words = r.words[:n], r.words[n:]
			return append(head, before), append(text{after}, t[i+1:]...)
		}
		n -= len(r.words)
		head = append(head, r)
	}
	return head, nil
}

// paginate lays blocks out on as few messages as their limits need. A block is
// only cut when it does not fit into a message of its own.
func paginate(blocks []text) []text {
	var pages []text
	var page text
	turn := func() {
		if !page.blank() { // the vendor refuses a message without words
			pages = append(pages, page)
		}
		page = nil
	}
	for _, b := range blocks {
		if page != nil {
			joined := append(append(page[:len(page):len(page)], run{words: "\n\n"}), b...)
			if joined.fits() {
				page = joined
				continue
			}
			turn()
		}
		for page = b; !page.fits(); {
			var rest text
			page, rest = page.split(cut(page))
			turn()
			page = rest
		}
	}
	turn()
	return pages
}

// cut is where to cut a text that is too long for a message, as late as the
// limits allow.
func cut(t text) int {
	s := t.all()
	return textcut.At(s, sort.Search(len(s), func(n int) bool {
		head, _ := t.split(n + 1)
		return !head.fits()
	}))
}
