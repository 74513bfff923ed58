package ingest

import "github.com/hoinq/hoinq/corpus"

// Draft is what a format reader makes of a file: the canonical text and the
// blocks it falls into.
type Draft struct {
	// Document holds what the file says about itself; empty fields are not
	// known.
	Document corpus.Document
	Validity corpus.Validity
	// Text is the canonical text of the edition, final.
	Text string
	// Blocks are in order and do not overlap. What lies between them is white
	// space or belongs to nothing that can be cited.
	Blocks []Block
	// Asked are the lines of questions that were taken out of the file before
	// its text was made, in order.
	Asked   []Asking
	Pages   []corpus.PageSpan
	Quality corpus.Quality
	// Reader names the reader and its version: "markdown/1".
	Reader string
}

// BlockKind is what the format itself says a block is.
type BlockKind int

// The kinds of block.
const (
	BlockText    BlockKind = iota // a paragraph or a list item, mark included
	BlockHeading                  // a heading of the format, at Level
	BlockHeader                   // the header row of a table
	BlockRow                      // another row of a table
	BlockNote                     // an editors' remark about the text, never cited
)

// Block is one paragraph-like piece of a draft.
type Block struct {
	Kind BlockKind
	corpus.Span
	// Level is the level of a heading from 1, and the depth of a list item
	// from 1; 0 for running text.
	Level int
	// Links are the web addresses that the words of the block lead to.
	Links []string
	// at is where it begins in what its reader reads, in bytes.
	at int
}

// Asking are questions written below a block, which it answers.
type Asking struct {
	// Line is their first line in the file, from 1.
	Line int
	// Block is the block that they stand behind; -1 before all of them.
	Block     int
	Questions []string
}

// listDepth is the depth of a list item of the format, from 1; 0 for all else.
func (b Block) listDepth() int {
	if b.Kind != BlockText {
		return 0
	}
	return b.Level
}
