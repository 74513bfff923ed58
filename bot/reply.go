package bot

import "github.com/hoinq/hoinq/corpus"

// Reply is what the conversation says back, without markup: each channel
// renders it in its own way.
type Reply struct {
	Address Address  `json:"address"`
	Blocks  []Block  `json:"blocks"`
	Buttons []Button `json:"buttons"`
	// Answer is the public answer object, for a channel that hands it on as it
	// is; nil for what answers no question.
	Answer *Response `json:"answer"`
	// Aside says that the answer to the same message comes as well, by itself. A
	// channel that hands on answers alone leaves such a remark out.
	Aside bool `json:"aside"`
}

// Choices are the buttons that send something back, in order. Where a vendor
// has no buttons a person chooses by number, from 1: see [Conversation.Reply].
func (r Reply) Choices() []Button {
	var choices []Button
	for _, b := range r.Buttons {
		if b.URL == "" {
			choices = append(choices, b)
		}
	}
	return choices
}

// BlockKind says what a block is.
type BlockKind string

// The kinds of block.
const (
	BlockParagraph BlockKind = "paragraph" // plain text; "[1]" refers to the citation with N = 1
	BlockQuotation BlockKind = "quotation" // the words of Citation, with their label and place
	BlockNotice    BlockKind = "notice"    // a remark about the answer: "chưa phải câu trả lời"
)

// Block is one part of a reply.
type Block struct {
	Kind BlockKind `json:"kind"`
	// Text is plain text of a paragraph or a notice; empty for a quotation.
	Text string `json:"text"`
	// Citation is set for a quotation only. A channel shows its Label, its
	// Location, its Context before its Words, and never alters a word.
	Citation *corpus.Citation `json:"citation"`
}

// Button is a choice offered below a reply.
type Button struct {
	Label string `json:"label"`
	// Key comes back as the text of a [KindButton] message: at most 64 bytes
	// of ASCII, the smallest limit among the vendors.
	Key string `json:"key"`
	// URL opens an address instead; Key is empty then.
	URL string `json:"url"`
	// Listed says that a block has the choice whole, under its number.
	Listed bool `json:"listed"`
}
