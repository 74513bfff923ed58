// Package bm25 is an inverted index with Okapi BM25 ranking over two fields
// and four kinds of terms.
//
// A document has a body, its own words, and a heading: whatever stands above
// it. Each is indexed as single tokens and as pairs of neighbours, both as
// typed and folded (see retrieval/vietnamese). The fields are combined before
// saturation, as BM25F does (Robertson, Zaragoza and Taylor, "Simple BM25
// extension to multiple weighted fields", 2004), so that a word in the heading
// and in the body counts once, only more surely.
//
// An index is compact: words have numbers, pairs are pairs of numbers, and
// postings are varints in one array, which is read from a file in one go
// ([Index.Pack], [Unpack]). The tests hold its results, bit by bit, to those of a
// plain one.
//
// The package knows nothing of passages, refusals or Vietnamese: documents are
// numbered from 0, and whoever calls knows what they are.
package bm25
