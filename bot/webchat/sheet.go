package webchat

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/corpus"
)

// The text of a document on the page is the document's own, all of it, once,
// in order: between the blocks nothing is left out or added but white space.
// Words that belong to no passage (remarks, photo credits, the header row of a
// table, the dash before an item) are laid out where they stand.

// markKind says why words are marked; it is their class in the style sheet.
type markKind string

const (
	markQuoted markKind = "quoted" // an answer quotes them
	markFound  markKind = "found"  // they were looked for
)

// mark is a range of words that is marked.
type mark struct {
	corpus.Span
	kind markKind
}

// run is a piece of text that is marked throughout or not at all.
type run struct {
	Words string
	Mark  markKind // empty when not marked
}

// blockKind says how a block is laid out.
type blockKind string

const (
	blockTitle     blockKind = "title"
	blockHeading   blockKind = "heading"
	blockParagraph blockKind = "paragraph"
	blockCaption   blockKind = "caption"
	blockNote      blockKind = "note" // words that are no passage
	blockList      blockKind = "list"
	blockTable     blockKind = "table"
)

// block is a part of the page's text.
type block struct {
	Kind blockKind
	// Level of a heading on the page, from 2 to 5.
	Level int
	passageView
	// Below stands under the block: the points of a lead-in, a heading's
	// section.
	Below []block
	// Items of a list; each is a block of its own with what stands below it.
	Items []block
	// Header and Rows of a table; Header is empty where there is none.
	Header []cell
	Rows   []row
	header corpus.Span
}

// passageView is what the page shows of a passage itself; of words that are
// no passage it has no anchor.
type passageView struct {
	Anchor, Location string
	// Sign is the mark of an item, which may stand before the passage's own
	// words.
	Sign    []run
	Words   []run
	Sources []source
	// Share is the address of the words that are quoted from here, to be passed
	// on; empty when none are.
	Share string
}

// row is one row of a table, a passage of its own.
type row struct {
	passageView
	Cells []cell
}

// Link is an address of the passage to be passed on. It names the edition, for
// in another one the passage may be gone.
func (v passageView) Link() string {
	_, edition, _, _ := corpus.PassageID(strings.TrimPrefix(v.Anchor, bot.Anchor(""))).Split()
	return "?" + bot.EditionParam + "=" + string(edition) + "#" + v.Anchor
}

// cell is one cell of a row and the bar that parts it from the next in the
// canonical text.
type cell struct{ Words, Bar []run }

// cellBar parts the cells of a row in the canonical text.
const cellBar = " | "

// Headings of a document stand below the page's own: the page has h1, and
// levels beyond the last are shown as it.
const (
	firstLevel = 2
	lastLevel  = 5
)

// sheet lays out one edition.
type sheet struct {
	edition *corpus.Edition
	marks   []mark
	at      int // the byte up to which the text is laid out
	// shared is the passage where the quoted words begin, -1 for none; share
	// leads to them.
	shared int
	share  string
}

// layOut makes the blocks of an edition with the given ranges marked.
func layOut(e *corpus.Edition, marks []mark) []block {
	s := &sheet{edition: e, marks: marks, shared: -1}
	for _, m := range marks {
		if m.kind != markQuoted {
			continue
		}
		if s.shared = passageAt(e, m.Start); s.shared >= 0 {
			cited := corpus.Citation{Document: e.Document.ID, Edition: e.ID, Passage: e.Passages[s.shared].ID}
			cited.Span = m.Span
			s.share = bot.ReadingPath(cited)
		}
	}
	blocks := s.below(-1, firstLevel)
	return s.notes(blocks, corpus.Span{Start: s.at, End: len(e.Text)})
}

// below lays out what stands under passage i; level is that of a heading
// there.
func (s *sheet) below(i, level int) []block {
	var blocks []block
	for _, child := range s.edition.Children(i) {
		blocks = s.passage(blocks, child, level)
	}
	return blocks
}

// passage adds passage i to blocks, before it the words since the last
// passage, and below it all that stands under it.
func (s *sheet) passage(blocks []block, i, level int) []block {
	p := s.edition.Passages[i]
	// What stands before the passage on its own line is its sign: "- ".
	gap := corpus.Span{Start: s.at, End: s.at}
	gap.End += strings.LastIndexByte(s.edition.Text[s.at:p.Start], '\n') + 1
	if p.Kind == corpus.PassageRow {
		return s.row(blocks, i, gap)
	}
	blocks = s.notes(blocks, gap)
	b := block{Kind: blockParagraph, passageView: passageView{
		Anchor:   bot.Anchor(p.ID),
		Location: p.Location,
		Sign:     s.runs(corpus.Span{Start: gap.End, End: p.Start + p.Mark}),
		Words:    s.runs(corpus.Span{Start: p.Start + p.Mark, End: p.End}),
		Sources:  webSources(p.Links),
		Share:    s.shareOf(i),
	}}
	s.at = p.End
	switch p.Kind {
	case corpus.PassageTitle:
		b.Kind = blockTitle
	case corpus.PassageHeading:
		b.Kind, b.Level = blockHeading, level
		level = min(level+1, lastLevel)
	case corpus.PassageCaption:
		b.Kind = blockCaption
	}
	b.Below = s.below(i, level)
	if p.Kind == corpus.PassageItem {
		if n := len(blocks); n > 0 && blocks[n-1].Kind == blockList {
			blocks[n-1].Items = append(blocks[n-1].Items, b)
			return blocks
		}
		return append(blocks, block{Kind: blockList, Items: []block{b}})
	}
	return append(blocks, b)
}

// row adds passage i, a row, to the table it belongs to. gap are the words
// since the last passage, among which the header row is.
func (s *sheet) row(blocks []block, i int, gap corpus.Span) []block {
	p := s.edition.Passages[i]
	header := p.Header
	opens := header.Start >= gap.Start && header.End <= gap.End && !header.Empty()
	if opens {
		blocks = s.notes(blocks, corpus.Span{Start: gap.Start, End: header.Start})
		blocks = append(blocks, block{Kind: blockTable, Header: s.cells(header), header: header})
		gap.Start = header.End
	}
	blocks = s.notes(blocks, gap)
	if n := len(blocks); n == 0 || blocks[n-1].Kind != blockTable || blocks[n-1].header != header {
		blocks = append(blocks, block{Kind: blockTable, header: header})
	}
	table := &blocks[len(blocks)-1]
	table.Rows = append(table.Rows, row{
		passageView: passageView{
			Anchor:   bot.Anchor(p.ID),
			Location: p.Location,
			Sign:     s.runs(corpus.Span{Start: gap.End, End: p.Start}),
			Sources:  webSources(p.Links),
			Share:    s.shareOf(i),
		},
		Cells: s.cells(p.Span),
	})
	s.at = p.End
	return append(blocks, s.below(i, lastLevel)...)
}

// shareOf is the address to pass on, at the passage where the quoted words
// begin.
func (s *sheet) shareOf(i int) string {
	if i != s.shared {
		return ""
	}
	return s.share
}

// cells are the cells of the row at span.
func (s *sheet) cells(span corpus.Span) []cell {
	var cells []cell
	for {
		bar := strings.Index(s.edition.Text[span.Start:span.End], cellBar)
		if bar < 0 {
			return append(cells, cell{Words: s.runs(span)})
		}
		end := span.Start + bar
		cells = append(cells, cell{
			Words: s.runs(corpus.Span{Start: span.Start, End: end}),
			Bar:   s.runs(corpus.Span{Start: end, End: end + len(cellBar)}),
		})
		span.Start = end + len(cellBar)
	}
}

// notes adds the lines of words that are no passage.
func (s *sheet) notes(blocks []block, gap corpus.Span) []block {
	for gap.Start < gap.End {
		end := gap.End
		if newline := strings.IndexByte(s.edition.Text[gap.Start:gap.End], '\n'); newline >= 0 {
			end = gap.Start + newline
		}
		line := corpus.Span{Start: gap.Start, End: end}
		if strings.TrimSpace(s.edition.Words(line)) != "" {
			blocks = append(blocks, block{Kind: blockNote, passageView: passageView{Words: s.runs(line)}})
		}
		gap.Start = min(end+1, gap.End)
	}
	return blocks
}

// runs cuts the words at span where marks begin and end. Where marks lie over
// each other the first given one holds.
func (s *sheet) runs(span corpus.Span) []run {
	cuts := []int{span.Start, span.End}
	var over []mark
	for _, m := range s.marks {
		if m.Start < span.End && m.End > span.Start {
			over = append(over, m)
			cuts = append(cuts, max(m.Start, span.Start), min(m.End, span.End))
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var runs []run
	for i := 1; i < len(cuts); i++ {
		r := run{Words: s.edition.Text[cuts[i-1]:cuts[i]]}
		for _, m := range over {
			if m.Start <= cuts[i-1] && cuts[i] <= m.End {
				r.Mark = cmp.Or(r.Mark, m.kind)
			}
		}
		runs = append(runs, r)
	}
	return runs
}

// webSources are those of the addresses that are web addresses.
func webSources(links []string) []source {
	var all []source
	for _, link := range links {
		if s := sourceOf(link); s.URL != "" {
			all = append(all, s)
		}
	}
	return all
}
