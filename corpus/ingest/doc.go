// Package ingest reads files into editions.
//
// Reading has two halves that know nothing of each other. A reader by format
// ([Markdown], [PlainText]) makes a [Draft]: the canonical text, cut into
// [Block] values, with whatever the format itself says of headings, lists and
// tables. The structure reader ([Structure]) then looks at the words alone and
// finds the parts, sections, điều, khoản and points of Party and State papers,
// or the title, caption and paragraphs of a news text, and makes the passages.
// A new format needs only its own reader.
//
//	edition, err := ingest.File(ctx, "nghi-quyet.md")
//
// The package does not store anything (that is [corpus.Store]) and gives no
// opinion on what a passage is worth for an answer.
package ingest
