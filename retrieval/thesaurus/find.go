package thesaurus

import "github.com/hoinq/hoinq/retrieval/vietnamese"

// use is a phrase's part in a concept: what is said, or what is written.
type use struct {
	concept int
	written bool
}

// node is a syllable on the way of phrases; uses are those of the phrase that
// ends with it.
type node struct {
	next map[string]*node
	uses []use
}

func (n *node) add(tokens []vietnamese.Token, key func(vietnamese.Token) string, u use) {
	for _, t := range tokens {
		if n.next == nil {
			n.next = map[string]*node{}
		}
		k := key(t)
		if n.next[k] == nil {
			n.next[k] = &node{}
		}
		n = n.next[k]
	}
	n.uses = append(n.uses, u)
}

// Match is a concept found in a run of tokens.
type Match struct {
	Concept int
	// Written says that it was found in the words of documents, not of people.
	Written bool
	// From and To are the tokens of the phrase, To not included.
	From, To int
}

// Find returns every phrase of every concept in tokens, by place. folded reads
// phrases without their marks, for a text that has none.
func (t *Thesaurus) Find(tokens []vietnamese.Token, folded bool) []Match {
	root := &t.typed
	if folded {
		root = &t.folded
	}
	var found []Match
	for from := range tokens {
		n := root
		for to := from; to < len(tokens); to++ {
			key := tokens[to].Text
			if folded {
				key = tokens[to].Folded
			}
			if n = n.next[key]; n == nil {
				break
			}
			for _, u := range n.uses {
				found = append(found, Match{Concept: u.concept, Written: u.written, From: from, To: to + 1})
			}
		}
	}
	return found
}

// Longest leaves out the matches that stand within a longer one: "bảo hiểm" in
// "bảo hiểm y tế" is not meant by itself.
func Longest(matches []Match) []Match {
	var out []Match
	for _, m := range matches {
		within := false
		for _, other := range matches {
			within = within || other.From <= m.From && m.To <= other.To && other.To-other.From > m.To-m.From
		}
		if !within {
			out = append(out, m)
		}
	}
	return out
}
