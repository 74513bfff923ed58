package retrieval

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/retrieval/bm25"
	"github.com/hoinq/hoinq/retrieval/thesaurus"
	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

// BasisAsked says that the question is one that the document's editors wrote for the
// passage.
const BasisAsked Basis = "asked"

const (
	// askedConcepts is what the questions written for a passage, together,
	// count for in what it speaks of, against its own words.
	askedConcepts = 0.5
	// askedConfidence is the confidence in the passage for which the very
	// question was written. It is not measured: the editors vouch for it, and a
	// slip of theirs is as rare as that.
	askedConfidence = 0.97
)

// writtenFor are the entries for which a question was written, by its key.
type writtenFor map[string][]int

// questionsFor are the questions written for the entries of a library, which are
// in the order of its passages.
func questionsFor(library *corpus.Library, lexicon *vietnamese.Lexicon) writtenFor {
	all := writtenFor{}
	first := 0
	for _, e := range library.InForce() {
		for _, a := range e.Asked {
			key, number := askedKey(askedTokens(a.Question, lexicon)), first+a.Passage
			if key != "" && !slices.Contains(all[key], number) {
				all[key] = append(all[key], number)
			}
		}
		first += len(e.Passages)
	}
	return all
}

// askedTokens are the words of a question as [understand] reads them.
func askedTokens(question string, lexicon *vietnamese.Lexicon) []vietnamese.Token {
	return vietnamese.Tokenize(lexicon.Expand(plain(question)))
}

// courtesy is what people say before and behind a question, in a key.
var courtesy = regexp.MustCompile(`^(?:(?:xin|da|thua|ad|cho|toi|tui|em|minh|chau|con|anh|chi|muon|duoc) )+hoi (?:la |rang )?|(?: (?:a|nhe|nha|nhi|ha))+$`)

// askedKey is the same for questions that differ in marks, case, punctuation and
// courtesy alone.
func askedKey(tokens []vietnamese.Token) string {
	words := make([]string, len(tokens))
	for i, t := range tokens {
		words[i] = t.Folded
	}
	return courtesy.ReplaceAllString(strings.Join(words, " "), "")
}

// byAuthored finds the passages for which the very question was written and
// brings them to the front, the best of them first: whoever wrote it knows that
// they answer it. ok is false when there are none. A question that goes on from
// another is not the one that was written, though it has its words.
func (ix *Index) byAuthored(q Query, asked question, found []*candidate) (ordered []*candidate, d Decision, ok bool) {
	if asked.FollowUp || len(ix.written) == 0 || ix.options.lacks(PartAsked) {
		return nil, Decision{}, false
	}
	read := make([]vietnamese.Token, len(asked.terms)) // with Telex read
	for i, t := range asked.terms {
		read[i] = t.Token
	}
	numbers := ix.written[askedKey(read)]
	if numbers == nil {
		numbers = ix.written[askedKey(askedTokens(q.Text, ix.lexicon))]
	}
	for _, number := range numbers {
		c, citable := ix.candidate(q, number)
		if !citable || !c.entry.says() {
			continue
		}
		if at := slices.IndexFunc(found, func(c *candidate) bool { return c.number == number }); at >= 0 {
			c = found[at]
		}
		c.Fits = true
		ordered = append(ordered, c)
	}
	if len(ordered) == 0 {
		return nil, Decision{}, false
	}
	slices.SortFunc(ordered, func(a, b *candidate) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Passage, b.Passage))
	})
	for _, c := range found {
		if !slices.Contains(ordered, c) {
			ordered = append(ordered, c)
		}
	}
	return ordered, Decision{Answer: true, Basis: BasisAsked, Confidence: askedConfidence}, true
}

// askedOf are the questions written for a passage, each a line of its own.
func (ix *Index) askedOf(e *corpus.Edition, at int) [][]vietnamese.Token {
	var lines [][]vietnamese.Token
	for _, question := range e.AskedOf(at) {
		lines = append(lines, askedTokens(question, ix.lexicon))
	}
	return lines
}

// withAsked adds what the questions written for a passage speak of to what the
// passage does.
func (ix *Index) withAsked(meant thesaurus.Vector, asked [][]vietnamese.Token) thesaurus.Vector {
	if len(asked) == 0 {
		return meant
	}
	all := ix.meaning.vector(slices.Concat(asked...), ix.lexicon)
	return ix.meaning.space.Mix(meant, askedConcepts, []thesaurus.Vector{all}, dimensionsMixed)
}

// spelled are documents with all their words in the body, those of the questions
// written for them too: their spellings count as much.
func spelled(docs []bm25.Document) []bm25.Document {
	all := slices.Clip(docs)
	for _, d := range docs {
		if len(d.Asked) > 0 {
			all = append(all, bm25.Document{Body: slices.Concat(d.Asked...)})
		}
	}
	return all
}
