// Package vector is the embedded vector store, on chromem-go.
//
// Texts are embedded once when an [Index] is built and compared by cosine. An
// [Embedder] does the embedding: [Local] needs no model and no network, a
// remote one is any chromem.EmbeddingFunc. The package works around what
// chromem-go leaves to its caller: ties have no order there, a request for
// more results than there are documents is an error, a vector of another
// length fails a whole query, and a zero vector gives NaN.
//
// An index is saved as one export file ([Index.Export], [Import]).
//
// It ranks by similarity alone and decides nothing.
package vector
