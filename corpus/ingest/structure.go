package ingest

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/hoinq/hoinq/corpus"
)

// Structure finds the passages of a draft: which lines are headings, which are
// points of a list, what stands under what, and what is no passage at all. It
// looks at words and at what the format says, never at fonts or positions. The
// ids of the passages are left empty; they are given with the edition's.
func Structure(d Draft) []corpus.Passage {
	b := builder{draft: d, places: map[string]int{}, root: &node{index: -1}}
	b.stack = []*node{b.root}
	for i := range d.Blocks {
		if b.done {
			break
		}
		b.block(i)
	}
	return b.passages
}

// node is a passage that may still get children.
type node struct {
	index   int // in builder.passages; -1 for the root
	unit    unit
	mark    mark
	level   int // of a heading that the format marked, else 0
	depth   int // of a list item that the format marked, else 0
	title   bool
	heading bool
	leadIn  bool // running text that announces a list
	past    bool // the place leaves out the lead-in above
	row     bool
	place   string
	where   string
	// last is the ordinal of the last child of each unit.
	last map[unit]int
	// counts of children without a number of their own, by sort
	paragraphs, bullets, headings, captions, tables, rows int
}

type builder struct {
	draft    Draft
	passages []corpus.Passage
	places   map[string]int
	root     *node
	// stack are the open nodes from the root to the one last added.
	stack []*node
	// header is the header row of the table being read.
	header corpus.Span
	// done is set where the text proper ends and a list of other news begins.
	done bool
}

func (b *builder) top() *node { return b.stack[len(b.stack)-1] }

func (b *builder) words(i int) string {
	s := b.draft.Blocks[i].Span
	return b.draft.Text[s.Start:s.End]
}

// block takes in block i.
func (b *builder) block(i int) {
	block, line := b.draft.Blocks[i], b.words(i)
	switch {
	case block.Kind == BlockNote:
		return
	case block.Kind == BlockHeader:
		b.header = block.Span
		b.openTable()
		return
	case block.Kind == BlockRow:
		b.row(block)
		return
	case furniture(line):
		b.done = block.Kind == BlockText && opensOtherNews(line)
		return
	}
	b.header = corpus.Span{}
	if b.first() && b.titled(i) {
		b.title(block)
		return
	}
	if length, ok := caption(line); ok && block.Kind == BlockText || b.creditFollows(i) {
		if !ok {
			length = len(line)
		}
		b.caption(block, length)
		return
	}
	if m, ok := parseMark(line); ok && b.marked(i, m) {
		return
	}
	b.unmarked(i)
}

func (b *builder) first() bool { return len(b.passages) == 0 }

// titled reports whether block i names the document: the first heading of the
// format, or a first line that is short and no sentence.
func (b *builder) titled(i int) bool {
	if b.draft.Blocks[i].Kind == BlockHeading {
		return b.draft.Blocks[i].Level == 1
	}
	line := b.words(i)
	if len(b.draft.Blocks) == 1 || utf8.RuneCountInString(line) > maxTitle || strings.HasSuffix(line, ".") || strings.HasSuffix(line, ":") {
		return false
	}
	for _, block := range b.draft.Blocks {
		if block.Kind == BlockHeading {
			return false // the format has headings; this line is none
		}
	}
	_, ok := parseMark(line)
	return !ok
}

// Longest lines, in characters, that can be a title or a heading.
const (
	maxTitle   = 250
	maxHeading = 200
)

func (b *builder) title(block Block) {
	n := &node{title: true, heading: true, level: 1}
	b.push(n, block, corpus.PassageTitle, block.Span, "title", "tiêu đề")
	n.place, n.where = "", "" // a title is no part of the places below it
}

func (b *builder) caption(block Block, length int) {
	b.closeItems(0)
	parent := b.top()
	parent.captions++
	b.push(&node{}, block, corpus.PassageCaption, corpus.Span{Start: block.Start, End: block.Start + length},
		fmt.Sprintf("caption%d", parent.captions), "chú thích ảnh")
}

// creditFollows reports whether the next block is a photo credit alone and
// block i is short enough to be the caption above it.
func (b *builder) creditFollows(i int) bool {
	return i+1 < len(b.draft.Blocks) && b.draft.Blocks[i].Kind == BlockText &&
		len(b.words(i)) <= maxCaption && creditOnly.MatchString(b.words(i+1))
}

// openTable counts a new table under the heading it belongs to.
func (b *builder) openTable() {
	section := b.section()
	section.tables++
	section.rows = 0
}

func (b *builder) row(block Block) {
	section := b.section()
	if section.tables == 0 {
		section.tables = 1
	}
	section.rows++
	n := &node{row: true}
	for b.top().row {
		b.stack = b.stack[:len(b.stack)-1]
	}
	if b.top().leadIn && b.top().unit == 0 {
		n.past = true // "bảng 1, dòng 2", whatever sentence announces the table
	} else {
		b.closeItems(0)
	}
	b.push(n, block, corpus.PassageRow, block.Span,
		fmt.Sprintf("t%d-r%d", section.tables, section.rows), fmt.Sprintf("bảng %d, dòng %d", section.tables, section.rows))
	b.passages[len(b.passages)-1].Header = b.header
}

// section is the innermost open heading, or the root.
func (b *builder) section() *node {
	for d := len(b.stack) - 1; d > 0; d-- {
		if b.stack[d].heading {
			return b.stack[d]
		}
	}
	return b.root
}

// marked adds block i, which begins with m, if m stands in the right order.
func (b *builder) marked(i int, m mark) bool {
	block, line := b.draft.Blocks[i], b.words(i)
	depth := b.parentOf(m, block)
	parent := b.stack[depth]
	if !b.confirmed(parent, m, block) {
		return false
	}
	b.stack = b.stack[:depth+1]
	if m.unit == unitBullet {
		parent.bullets++
	}
	if parent.last == nil {
		parent.last = map[unit]int{}
	}
	parent.last[m.unit] = m.ordinal
	n := &node{unit: m.unit, mark: m, depth: block.listDepth()}
	kind := corpus.PassageItem
	if b.isHeading(i, m) {
		kind, n.heading = corpus.PassageHeading, true
	}
	if block.Kind == BlockHeading {
		n.level = block.Level
	}
	n.leadIn = strings.HasSuffix(line, ":")
	span := block.Span
	if m.unit == unitBullet {
		span.Start += m.words
	}
	where := m.location(b.inArticle(), parent.bullets)
	announced := parent.leadIn && parent.unit == 0
	switch {
	case announced && b.inArticle():
		n.past = m.unit == unitArabic || m.unit == unitPoint // "Điều 2, khoản 1", whatever sentence leads in to it
	case m.unit == unitArabic && (announced || parent.unit == unitArabic):
		where = "ý " + m.label // of a numbered list in running text
	}
	b.push(n, block, kind, span, m.place(parent.bullets), where)
	if m.unit != unitBullet {
		b.passages[n.index].Mark = m.words
	}
	return true
}

// parentOf finds the depth in the stack under which m stands.
func (b *builder) parentOf(m mark, block Block) int {
	depth := block.listDepth()
	// The next in the order of an open unit is its sibling, however deep we
	// are; unless the format says that it is not.
	for d := len(b.stack) - 1; d > 0; d-- {
		n := b.stack[d]
		same := n.unit == m.unit && n.mark.bullet == m.bullet && (n.depth == depth || n.depth == 0 || depth == 0)
		if same && (m.unit == unitBullet || m.ordinal == n.mark.ordinal+1) {
			return d - 1
		}
	}
	d := len(b.stack) - 1
	for ; d > 0; d-- {
		n := b.stack[d]
		switch {
		case n.title:
			return d
		case depth > 0 && n.depth > depth:
			continue // a list inside the one that goes on
		case n.depth > 0 && n.depth < depth:
			return d
		case n.level > 0 && block.Level > 0 && block.Kind == BlockHeading && n.level >= block.Level && n.unit == 0:
			continue // an unnumbered heading at the same level or below
		case n.unit == 0 && n.heading:
			if m.unit <= unitArticle && n.level == 0 {
				continue // a line in capitals does not hold the parts of a paper
			}
			return d
		case n.leadIn && n.unit == 0:
			if m.unit >= unitArabic {
				return d
			}
		case n.unit == unitBullet && m.unit == unitBullet:
			return d // another sign: one level deeper
		case n.unit != 0 && n.unit < m.unit:
			return d
		}
	}
	return d
}

// confirmed reports whether the order of the lines agrees that m is a mark.
// One missing number is taken for a slip of the writer.
func (b *builder) confirmed(parent *node, m mark, block Block) bool {
	if m.certain || block.Kind == BlockHeading {
		return true
	}
	last := parent.last[m.unit]
	if m.unit == unitTwo && parent.unit == unitArabic && !strings.HasPrefix(m.label, parent.mark.label+".") {
		return false
	}
	return m.ordinal == 1 || last > 0 && m.ordinal > last && m.ordinal <= last+2 ||
		m.unit == unitArabic && len(b.passages) <= 1 && m.ordinal < 100 // an excerpt may begin anywhere
}

// isHeading reports whether the marked block i names what follows it rather
// than being said itself.
func (b *builder) isHeading(i int, m mark) bool {
	block, line := b.draft.Blocks[i], b.words(i)
	switch {
	case block.Kind == BlockHeading, m.unit < unitArticle && m.unit != 0:
		return true
	case m.unit >= unitOrdinal || utf8.RuneCountInString(line) > maxHeading || strings.ContainsAny(line[len(line)-1:], ".;:,!?"):
		return false
	case m.unit == unitArticle:
		return true
	case i+1 == len(b.draft.Blocks) || furniture(b.words(i+1)):
		return false
	}
	next, ok := parseMark(b.words(i + 1))
	return !ok || next.unit > m.unit
}

func (b *builder) inArticle() bool {
	for _, n := range b.stack {
		if n.unit == unitArticle {
			return true
		}
	}
	return false
}

// unmarked adds block i, which has no mark.
func (b *builder) unmarked(i int) {
	block, line := b.draft.Blocks[i], b.words(i)
	if block.Kind == BlockHeading {
		b.heading(block, line, block.Level)
		return
	}
	if upperCase(line) && utf8.RuneCountInString(line) <= maxHeading && !strings.HasSuffix(line, ".") {
		if !b.nameOf(i) {
			b.heading(block, line, 0)
		}
		return
	}
	// What a lead-in announces may come without marks, line by line, each
	// ended by a semicolon but the last.
	top := b.top()
	if !(top.leadIn && top.unit == 0 && strings.HasSuffix(line, ";")) && !b.afterSemicolon() {
		b.closeItems(block.listDepth())
	}
	parent := b.top()
	parent.paragraphs++
	kind := corpus.PassageParagraph
	if parent.leadIn {
		kind = corpus.PassageItem
	}
	b.push(&node{leadIn: strings.HasSuffix(line, ":")}, block, kind, block.Span,
		fmt.Sprintf("p%d", parent.paragraphs), fmt.Sprintf("đoạn %d", parent.paragraphs))
}

// afterSemicolon reports whether the passage before goes on under its lead-in,
// and leaves that lead-in on top of the stack.
func (b *builder) afterSemicolon() bool {
	if len(b.stack) < 3 {
		return false
	}
	before, leadIn := b.top(), b.stack[len(b.stack)-2]
	if before.unit != 0 || !leadIn.leadIn || leadIn.unit != 0 {
		return false
	}
	span := b.passages[before.index].Span
	if !strings.HasSuffix(b.draft.Text[span.Start:span.End], ";") {
		return false
	}
	b.stack = b.stack[:len(b.stack)-1]
	return true
}

// nameOf gives a part or chapter whose mark stood alone the line in capitals
// right below it as its name: "Chương I", "QUY ĐỊNH CHUNG".
func (b *builder) nameOf(i int) bool {
	n := b.top()
	if n.unit == 0 || n.unit > unitSubsection || n.index < 0 {
		return false
	}
	p := &b.passages[n.index]
	if n.mark.words < p.End-p.Start || b.draft.Blocks[i-1].Start != p.Start {
		return false
	}
	p.End = b.draft.Blocks[i].End
	return true
}

// heading adds a heading without a number. level is 0 for a line in capitals.
func (b *builder) heading(block Block, line string, level int) {
	for len(b.stack) > 1 {
		n := b.top()
		if n.title || n.heading && n.unit != 0 && (level == 0 || n.level == 0 || n.level < level) || n.heading && n.level > 0 && (level == 0 || n.level < level) {
			break
		}
		b.stack = b.stack[:len(b.stack)-1]
	}
	parent := b.top()
	parent.headings++
	n := &node{heading: true, level: level, leadIn: false}
	b.push(n, block, corpus.PassageHeading, block.Span,
		fmt.Sprintf("h%d", parent.headings), fmt.Sprintf("mục “%s”", shorten(strings.TrimRight(line, ":"), 60)))
}

// closeItems leaves the stack at the last heading or, for what goes on in a
// list of the format, at the item of that depth.
func (b *builder) closeItems(depth int) {
	for len(b.stack) > 1 && !b.top().heading {
		if n := b.top(); n.unit != 0 && 0 < n.depth && n.depth <= depth {
			return
		}
		b.stack = b.stack[:len(b.stack)-1]
	}
}

// push adds a passage under the top of the stack and puts its node on it.
func (b *builder) push(n *node, block Block, kind corpus.PassageKind, span corpus.Span, place, where string) {
	parent := b.top()
	above := parent
	if n.past {
		above = b.stack[len(b.stack)-2]
	}
	n.index = len(b.passages)
	n.place = joinPlace(above.place, place)
	n.where = joinPlaceWords(above.where, where)
	b.places[n.place]++
	if again := b.places[n.place]; again > 1 {
		n.place = fmt.Sprintf("%s~%d", n.place, again)
	}
	b.passages = append(b.passages, corpus.Passage{
		Place:    n.place,
		Location: upperFirst(n.where),
		Kind:     kind,
		Parent:   parent.index,
		Span:     span,
		Links:    block.Links,
	})
	b.stack = append(b.stack, n)
}

// joinPlace puts a component behind a place; of "6.2" only what the place does
// not end in already: "II.6" and "6.2" make "II.6.2".
func joinPlace(above, own string) string {
	if cut := strings.LastIndexByte(own, '.'); cut > 0 {
		once, _, _ := strings.Cut(above[strings.LastIndexByte(above, '.')+1:], "~")
		whole := above[:strings.LastIndexByte(above, '.')+1] + once
		if whole == own[:cut] || strings.HasSuffix(whole, "."+own[:cut]) {
			return above + own[cut:]
		}
	}
	if above == "" {
		return own
	}
	return above + "." + own
}

func joinPlaceWords(above, own string) string {
	if above == "" {
		return own
	}
	return above + ", " + own
}

func upperFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return strings.ToUpper(string(r)) + s[size:]
}

// shorten cuts s after at most n characters, at the end of a word.
func shorten(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	cut := string([]rune(s)[:n])
	if space := strings.LastIndexByte(cut, ' '); space > 0 {
		cut = cut[:space]
	}
	return cut + "…"
}
