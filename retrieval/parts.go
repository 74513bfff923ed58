package retrieval

import (
	"slices"

	"github.com/hoinq/hoinq/retrieval/bm25"
	"github.com/hoinq/hoinq/retrieval/fusion"
)

// Part is a part of the ranking that can be left out, to see what it is worth.
type Part string

// The parts of the ranking.
const (
	PartPairs       Part = "pairs"        // neighbouring words
	PartHeadings    Part = "headings"     // the words above a passage
	PartAsked       Part = "asked"        // the questions written for a passage
	PartMarks       Part = "marks"        // diacritics restored
	PartTelex       Part = "telex"        // Telex and VNI read
	PartSlips       Part = "slips"        // slips of the keyboard read
	PartPartial     Part = "partial"      // diacritics restored where some were typed
	PartDefinitions Part = "definitions"  // "X là" for "X là gì"
	PartConcepts    Part = "concepts"     // the thesaurus
	PartVectors     Part = "vectors"      // similarity of the vectors
	PartCoverage    Part = "coverage"     // the share of the question that is held
	PartFocus       Part = "focus"        // the share of a list's name that is asked
	PartOffers      Part = "offers"       // what the question's type asks for
	PartTitle       Part = "title"        // of whole documents: what the title tells
	PartBest        Part = "best-passage" // of whole documents: their best passage
)

// Parts lists every part, in a fixed order.
func Parts() []Part {
	return []Part{
		PartPairs, PartHeadings, PartAsked, PartMarks, PartTelex, PartSlips, PartPartial, PartDefinitions, PartConcepts,
		PartVectors, PartCoverage, PartFocus, PartOffers, PartTitle, PartBest,
	}
}

// lacks reports whether an index was built without a part.
func (o Options) lacks(p Part) bool { return slices.Contains(o.Without, p) }

// params are the constants of the lexical ranking without what is left out.
func (o Options) params(p bm25.Params) bm25.Params {
	if o.lacks(PartPairs) {
		p.Pair = 0
	}
	if o.lacks(PartHeadings) {
		p.Heading = 0
	}
	if o.lacks(PartAsked) {
		p.Asked = 0
	}
	return p
}

// weights are the weights of the ranking without what is left out.
func (o Options) weights() fusion.Weights {
	w := fusion.DefaultWeights()
	for part, weights := range map[Part][]*float64{
		PartVectors:  {&w.Cosine},
		PartCoverage: {&w.Coverage, &w.Own},
		PartFocus:    {&w.Focus},
		PartOffers:   {&w.Offers},
		PartConcepts: {&w.Concepts, &w.Told},
	} {
		if o.lacks(part) {
			for _, weight := range weights {
				*weight = 0
			}
		}
	}
	return w
}
