// Package retrieval finds the passages that answer a question and decides
// whether any of them does.
//
// A [Query] goes in, a [Result] comes out: the hits in order, each with the
// components of its score, how the question was understood, and the decision
// to answer or to refuse for a named reason. Both are plain values. The way
// between them is
//
//	understand   what is asked: words, type of question, years, names
//	search       BM25 (retrieval/bm25), what is spoken of in whatever words
//	             (retrieval/thesaurus), vectors (retrieval/vector)
//	fuse         one score from the parts (retrieval/fusion)
//	decide       answer, or refuse with a reason
//
// An [Index] is built once from a [corpus.Library] and never changed; whoever
// serves questions swaps the whole index. The same library and query always
// give the same result: every list is ordered by score and then by passage id
// before it is cut. It is built on all cores, and the same on any number of
// them. A [Folder] keeps indexes on disk for the next start; what they depend on
// is in their names (fingerprint), so that none is used for anything else.
//
// The package does not compose answers (internal/answer), does not know a
// channel (bot) and calls no model.
package retrieval
