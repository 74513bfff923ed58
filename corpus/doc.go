// Package corpus holds what hoinq may quote: official documents, their
// editions, the passages of each edition and the citations drawn from them.
//
// Everything rests on one idea. Ingestion makes one canonical text for each
// edition, UTF-8 in normal form C, and nothing alters it again; a heading, a
// passage, a lead-in or a quotation is a byte range ([Span]) in that text.
// A [Citation] is therefore a claim that anyone can check with a slice
// expression, and [Edition.Prove] is that check.
//
//	edition, _ := library.Edition("ke-hoach-hoc-tap", "")
//	p := edition.Passages[3]
//	fmt.Println(p.Location, edition.Words(p.Span))
//
// The values survive JSON unchanged, so that they can be stored, sent over a
// queue and replicated: [Document], [Edition], [Passage], [Citation]. A
// [Library] is an immutable set of editions in memory, a [Store] the folder
// on disk that such a set is loaded from.
//
// The package does not read file formats (that is corpus/ingest), does not
// search (retrieval) and does not decide what answers a question
// (internal/answer).
package corpus
