package retrieval

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/internal/pack"
	"github.com/hoinq/hoinq/retrieval/bm25"
	"github.com/hoinq/hoinq/retrieval/thesaurus"
	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

// analysisVersion is raised with every change that makes another index of the
// same documents: how words are cut and spelled, what a passage is found to
// offer, what counts as its heading, local vectors (with their model's name).
// An index that was saved before is then built anew. The lists of thesaurus and
// lexicon and the constants of BM25 are noticed by themselves. A test fails when
// the analysis of its document changes and this number does not.
const analysisVersion = 4

// fingerprint names what an index depends on, in 16 hexadecimal digits: the
// editions in force with their passages and the questions written for these, the analysis, and the embedder. Indexes
// with the same fingerprint are the same.
func fingerprint(library *corpus.Library, lexicon *vietnamese.Lexicon, opt Options) string {
	var w pack.Writer
	w.String(fmt.Sprintf("format %d, analysis %d, %+v", savedFormat, analysisVersion, bm25.DefaultParams()))
	w.String(thesaurus.Digest())
	w.String(lexicon.Digest())
	w.String(opt.Embedder.Model)
	w.Uint(opt.Embedder.Dimension)
	for _, e := range library.InForce() {
		// The digest of the text alone would not do: a newer reader may cut the
		// same text into other passages, and a clerk may correct its title.
		for _, s := range []string{string(e.Document.ID), string(e.ID), e.Digest, e.Document.Title, string(e.Document.Kind), e.Document.Term} {
			w.String(s)
		}
		w.Uint(len(e.Passages))
		for _, p := range e.Passages {
			w.String(string(p.ID))
			w.String(string(p.Kind))
			for _, n := range []int{p.Parent + 1, p.Start, p.End, p.Mark, p.Header.Start, p.Header.End} {
				w.Uint(n)
			}
		}
		w.Uint(len(e.Asked))
		for _, a := range e.Asked {
			w.Uint(a.Passage)
			w.String(a.Question)
		}
	}
	sum := sha256.Sum256(w.Bytes())
	return hex.EncodeToString(sum[:8])
}
