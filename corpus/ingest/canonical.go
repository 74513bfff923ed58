package ingest

import (
	"slices"
	"strings"

	"github.com/hoinq/hoinq/corpus"
)

// canonical collects the canonical text of a draft and its blocks. Blocks are
// set apart by one empty line, the lines of one table by a line end.
type canonical struct {
	text   strings.Builder
	blocks []Block
}

// add appends a block with the given words, which are cleaned first; words
// that come to nothing are left out.
func (c *canonical) add(b Block, words string) {
	words = clean(words)
	if words == "" {
		return
	}
	if c.text.Len() > 0 {
		c.text.WriteString("\n")
		if b.Kind != BlockRow {
			c.text.WriteString("\n")
		}
	}
	if last := len(c.blocks) - 1; last >= 0 {
		b.at = max(b.at, c.blocks[last].at)
	}
	b.Span = corpus.Span{Start: c.text.Len(), End: c.text.Len() + len(words)}
	c.text.WriteString(words)
	c.blocks = append(c.blocks, b)
}

// draft finishes the text, and finds the blocks for the questions that were
// taken out of the file. A text of blocks ends with one line end.
func (c *canonical) draft(reader string, taken takenOut) Draft {
	if c.text.Len() > 0 {
		c.text.WriteString("\n")
	}
	var asked []Asking
	for _, g := range taken.groups {
		behind, _ := slices.BinarySearchFunc(c.blocks, g.at, func(b Block, at int) int { return b.at - at })
		asked = append(asked, Asking{Line: g.line, Block: behind - 1, Questions: g.questions})
	}
	return Draft{
		Text:    c.text.String(),
		Blocks:  c.blocks,
		Asked:   asked,
		Quality: corpus.Quality{Method: corpus.MethodText, Confidence: 1, Warnings: taken.warnings()},
		Reader:  reader,
	}
}
