package ingest

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

const markdownReader = "markdown/1"

// Markdown reads CommonMark with tables and front matter in YAML. The
// canonical text holds the words without the markup: headings without "#",
// emphasis without stars, a link's words without its address (which goes to
// Block.Links), a table row as its cells set apart by " | ". The marks of
// list items stay as they are typed: "4." is "4." whatever stood before it.
// Block quotes are editors' remarks ([BlockNote]).
func Markdown(data []byte) (Draft, error) {
	raw, err := decode(data)
	if err != nil {
		return Draft{}, err
	}
	front, body, err := cutFrontMatter(raw)
	if err != nil {
		return Draft{}, err
	}
	r := markdown{source: []byte(body)}
	tree := goldmark.New(goldmark.WithExtensions(extension.Table)).Parser().Parse(text.NewReader(r.source))
	r.blocksOf(tree, BlockText, 0, "")
	if len(r.out.blocks) == 0 {
		return Draft{}, ErrEmpty
	}
	draft := r.out.draft(markdownReader)
	front.apply(&draft)
	return draft, nil
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
			words, links := m.inline(n)
			m.out.add(Block{Kind: BlockHeading, Level: n.Level, Links: links}, strings.Join(words, " "))
		case *ast.List:
			for item := n.FirstChild(); item != nil; item = item.NextSibling() {
				m.blocksOf(item, kind, depth+1, m.markOf(item))
			}
		case *ast.Blockquote:
			m.blocksOf(n, BlockNote, depth, "")
		case *extast.Table:
			m.table(n)
		case *ast.HTMLBlock:
			m.lines(n, kind, depth, mark, true)
		case *ast.CodeBlock, *ast.FencedCodeBlock:
			m.lines(n, kind, depth, mark, false)
		case *ast.Paragraph, *ast.TextBlock:
			words, links := m.inline(n)
			for i, line := range words {
				if i == 0 {
					line = mark + line
				}
				m.out.add(Block{Kind: kind, Level: depth, Links: links}, line)
			}
		}
		mark = ""
	}
}

// lines adds a block whose lines are taken as they stand.
func (m *markdown) lines(n ast.Node, kind BlockKind, depth int, mark string, html bool) {
	var b strings.Builder
	for i := range n.Lines().Len() {
		segment := n.Lines().At(i)
		b.Write(segment.Value(m.source))
	}
	words := b.String()
	if html {
		words = htmlMarkup.ReplaceAllString(words, " ")
	}
	for _, line := range strings.Split(words, "\n") {
		m.out.add(Block{Kind: kind, Level: depth}, mark+line)
		mark = ""
	}
}

var htmlMarkup = regexp.MustCompile(`(?s)<!--.*?-->|<[^<>]*>`)

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

func (m *markdown) table(table *extast.Table) {
	for n := table.FirstChild(); n != nil; n = n.NextSibling() {
		kind := BlockRow
		if n.Kind() == extast.KindTableHeader {
			kind = BlockHeader
		}
		var cells, links []string
		for cell := n.FirstChild(); cell != nil; cell = cell.NextSibling() {
			words, more := m.inline(cell)
			cells = append(cells, clean(strings.Join(words, " ")))
			links = append(links, more...)
		}
		m.out.add(Block{Kind: kind, Links: links}, strings.Join(cells, " | "))
	}
}

// inline returns the words below a node, line by line, and the addresses they
// lead to. A line ends at a hard break, and at a soft one when the next line
// begins with a mark: "a) …" and "b) …" under each other are two points.
func (m *markdown) inline(parent ast.Node) (lines, links []string) {
	var done []string
	current := ""
	newline := func() {
		done = append(done, current)
		current = ""
	}
	soft := false
	write := func(s string) {
		if soft {
			soft = false
			if startsWithMark(clean(s)) {
				newline()
			} else {
				current += " "
			}
		}
		current += s
	}
	_ = ast.Walk(parent, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the walker below returns no error
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			write(unescape(n.Value(m.source)))
			if n.HardLineBreak() {
				newline()
			}
			soft = n.SoftLineBreak()
		case *ast.String:
			write(string(n.Value))
		case *ast.AutoLink:
			write(string(n.Label(m.source)))
			links = append(links, string(n.URL(m.source)))
		case *ast.Link:
			links = append(links, string(n.Destination))
		case *ast.RawHTML:
			if strings.HasPrefix(strings.ToLower(string(n.Segments.Value(m.source))), "<br") {
				newline()
			}
		}
		return ast.WalkContinue, nil
	})
	newline()
	return done, links
}

// unescape resolves backslashes and character references, which goldmark
// leaves to whoever writes the text out.
func unescape(s []byte) string {
	return string(util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(s))))
}
