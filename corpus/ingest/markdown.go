package ingest

import (
	"html"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

const markdownReader = "markdown/2"

// Markdown reads CommonMark with tables and front matter in YAML. The
// canonical text holds the words without the markup: headings without "#",
// emphasis without stars, a link's words without its address (which goes to
// Block.Links), a table row as its cells set apart by " | ". The marks of
// list items stay as they are typed: "4." is "4." whatever stood before it.
// Block quotes are editors' remarks ([BlockNote]). Lines of questions,
// "**Hỏi:** …", are taken out before all that ([Draft.Asked]). A text that no person wrote
// as Markdown, with hundreds of brackets on a line, is read as plain text.
func Markdown(data []byte) (Draft, error) {
	raw, err := decode(data)
	if err != nil {
		return Draft{}, err
	}
	front, body, err := cutFrontMatter(raw)
	if err != nil {
		return Draft{}, err
	}
	body, taken := takeQuestions(body, 1+strings.Count(raw[:len(raw)-len(body)], "\n"), markdownAsking)
	if tangled(body) {
		return PlainText(data)
	}
	r := markdown{source: []byte(body)}
	tree := goldmark.New(goldmark.WithExtensions(extension.Table)).Parser().Parse(text.NewReader(r.source))
	r.blocksOf(tree, BlockText, 0, "")
	if len(r.out.blocks) == 0 {
		return Draft{}, ErrEmpty
	}
	draft := r.out.draft(markdownReader, taken)
	front.apply(&draft)
	return draft, nil
}

// A line with more than so many brackets or signs of emphasis, or list and
// quotation marks at its beginning, is no Markdown that a person wrote, and
// costs the parser time that grows with their square.
const (
	maxBrackets = 300
	maxSigns    = 1000 // backticks, stars and underscores
	maxNesting  = 40
)

// tangled reports whether a text is to be read as plain text instead.
func tangled(text string) bool {
	for line := range strings.SplitSeq(text, "\n") {
		if strings.Count(line, "[") > maxBrackets || strings.Count(line, "`")+strings.Count(line, "*")+strings.Count(line, "_") > maxSigns {
			return true
		}
		marks := line[:len(line)-len(strings.TrimLeft(line, " \t>*+-"))]
		nested := strings.Count(marks, ">") + strings.Count(marks, "- ") + strings.Count(marks, "* ") + strings.Count(marks, "+ ")
		if nested > maxNesting {
			return true
		}
	}
	return false
}

type markdown struct {
	source []byte
	out    canonical
}

// blocksOf reads the blocks below a node. kind is BlockText or BlockNote,
// depth the number of lists around the node, and mark the list item's mark
// that its first words still have to be given.
func (m *markdown) blocksOf(parent ast.Node, kind BlockKind, depth int, mark string) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Heading:
			l := whole(m.inline(n))
			if kind == BlockNote {
				m.out.add(Block{Kind: kind, Level: depth, Links: l.links, at: l.at}, l.words)
			} else {
				m.out.add(Block{Kind: BlockHeading, Level: n.Level, Links: l.links, at: l.at}, l.words)
			}
		case *ast.List:
			for item := n.FirstChild(); item != nil; item = item.NextSibling() {
				m.blocksOf(item, kind, depth+1, m.markOf(item))
			}
		case *ast.Blockquote:
			m.blocksOf(n, BlockNote, depth, "")
		case *extast.Table:
			m.table(n, kind)
		case *ast.HTMLBlock:
			words := n.Lines().Value(m.source)
			if n.HasClosure() {
				words = append(words, n.ClosureLine.Value(m.source)...)
			}
			m.lines(Block{Kind: kind, Level: depth, at: startOf(n)}, mark+wordsOfHTML(string(words)))
		case *ast.CodeBlock, *ast.FencedCodeBlock:
			m.lines(Block{Kind: kind, Level: depth, at: startOf(n)}, mark+string(n.Lines().Value(m.source)))
		case *ast.Paragraph, *ast.TextBlock:
			for _, l := range m.inline(n) {
				m.out.add(Block{Kind: kind, Level: depth, Links: l.links, at: l.at}, mark+l.words)
				mark = ""
			}
		}
		mark = ""
	}
}

// startOf is where the first line of a block begins in the source.
func startOf(n ast.Node) int {
	if n.Lines().Len() == 0 {
		return 0
	}
	return n.Lines().At(0).Start
}

// lines adds one block for each line of words.
func (m *markdown) lines(b Block, words string) {
	for _, line := range strings.Split(words, "\n") {
		m.out.add(b, line)
	}
}

var (
	htmlHidden = regexp.MustCompile(`(?is)<!--.*?(?:-->|\z)|<\?.*?(?:\?>|\z)|<(?:script|style)\b.*?(?:</(?:script|style)\s*>|\z)`)
	htmlTag    = regexp.MustCompile(`(?s)<[^<>]*>`)
)

// wordsOfHTML are the words that a browser would show of a block of HTML.
func wordsOfHTML(block string) string {
	return html.UnescapeString(htmlTag.ReplaceAllString(htmlHidden.ReplaceAllString(block, " "), " "))
}

// markOf finds the mark of a list item in the source: whatever stands on the
// item's first line just before its content.
func (m *markdown) markOf(item ast.Node) string {
	for n := item.FirstChild(); n != nil; n = n.FirstChild() {
		if n.Type() == ast.TypeInline || n.Lines() == nil || n.Lines().Len() == 0 {
			continue
		}
		start := n.Lines().At(0).Start
		begin := start
		for begin > 0 && m.source[begin-1] != '\n' {
			begin--
		}
		fields := strings.Fields(string(m.source[begin:start]))
		if len(fields) > 0 {
			return fields[len(fields)-1] + " "
		}
		return ""
	}
	return ""
}

// table adds the rows of a table; inside a block quote they are notes too.
func (m *markdown) table(table *extast.Table, within BlockKind) {
	for n := table.FirstChild(); n != nil; n = n.NextSibling() {
		kind := BlockRow
		if n.Kind() == extast.KindTableHeader {
			kind = BlockHeader
		}
		if within == BlockNote {
			kind = BlockNote
		}
		var cells, links []string
		at := 0
		for cell := n.FirstChild(); cell != nil; cell = cell.NextSibling() {
			l := whole(m.inline(cell))
			cells = append(cells, clean(l.words))
			links = append(links, l.links...)
			at = max(at, l.at)
		}
		m.out.add(Block{Kind: kind, Links: links, at: at}, strings.Join(cells, " | "))
	}
}

// line is one line of inline words and the web addresses they lead to.
type line struct {
	words string
	links []string
	// at is where its first words stand in the source; 0 when it has none.
	at int
	// soft is set when only a line end of the source sets it apart from the
	// line before.
	soft bool
}

// inline returns the words below a node, line by line. A line ends at a hard
// break, and at a soft one when the next line begins with a mark: "a) …" and
// "b) …" under each other are two points.
func (m *markdown) inline(parent ast.Node) []line {
	lines := []line{{}}
	write := func(s string) { lines[len(lines)-1].words += s }
	link := func(address string) {
		if lower := strings.ToLower(address); strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://") {
			last := &lines[len(lines)-1]
			last.links = append(last.links, address)
		}
	}
	_ = ast.Walk(parent, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the walker below returns no error
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			if last := &lines[len(lines)-1]; last.at == 0 {
				last.at = n.Segment.Start
			}
			if n.IsRaw() {
				write(string(n.Value(m.source)))
			} else {
				write(unescape(n.Value(m.source)))
			}
			if n.HardLineBreak() || n.SoftLineBreak() {
				lines = append(lines, line{soft: !n.HardLineBreak()})
			}
		case *ast.AutoLink:
			write(string(n.Label(m.source)))
			link(string(n.URL(m.source)))
		case *ast.Link:
			link(unescape(n.Destination))
		case *ast.RawHTML:
			if strings.HasPrefix(strings.ToLower(string(n.Segments.Value(m.source))), "<br") {
				lines = append(lines, line{})
			}
		}
		return ast.WalkContinue, nil
	})
	return joined(lines)
}

// joined puts lines together again that a soft break set apart in the midst of
// a sentence.
func joined(lines []line) []line {
	var out []line
	for begin, end := 0, 1; begin < len(lines); begin, end = end, end+1 {
		for end < len(lines) && lines[end].soft && !opensLine(clean(lines[end-1].words), clean(lines[end].words)) {
			end++
		}
		out = append(out, whole(lines[begin:end]))
	}
	return out
}

// whole makes one line of lines.
func whole(lines []line) line {
	all := make([]string, 0, len(lines))
	one := line{at: lines[0].at}
	for _, l := range lines {
		all = append(all, l.words)
		one.links = append(one.links, l.links...)
	}
	one.words = strings.Join(all, " ")
	return one
}

var reference = regexp.MustCompile(`\\[!-/:-@\[-\x60{-~]|&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);`)

// unescape resolves backslashes and character references, which goldmark
// leaves to whoever writes the text out.
func unescape(s []byte) string {
	return string(reference.ReplaceAllFunc(s, func(r []byte) []byte {
		if r[0] == '\\' {
			return r[1:]
		}
		return util.ResolveEntityNames(util.ResolveNumericReferences(r))
	}))
}
