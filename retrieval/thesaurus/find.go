package thesaurus

import "github.com/hoinq/hoinq/retrieval/vietnamese"

// use is a phrase's part in a concept: what is said, or what is written.
type use struct {
	concept int
	written bool
}

// trie finds phrases by their syllables. Its edges stand in one table, which is
// made much faster than a table for each node.
type trie struct {
	syllables map[string]int32
	next      map[edge]int32
	uses      map[int32][]use // by the node that a phrase ends at
}

// edge leads from a node by a syllable; node 0 is the root.
type edge struct{ node, syllable int32 }

func newTrie(phrases int) *trie {
	return &trie{syllables: make(map[string]int32, phrases), next: make(map[edge]int32, 2*phrases), uses: make(map[int32][]use, phrases)}
}

func (t *trie) add(tokens []vietnamese.Token, key func(vietnamese.Token) string, u use) {
	node := int32(0)
	for _, token := range tokens {
		k := key(token)
		syllable, known := t.syllables[k]
		if !known {
			syllable = int32(len(t.syllables))
			t.syllables[k] = syllable
		}
		next, known := t.next[edge{node, syllable}]
		if !known {
			next = int32(len(t.next) + 1)
			t.next[edge{node, syllable}] = next
		}
		node = next
	}
	t.uses[node] = append(t.uses[node], u)
}

// find returns every phrase in tokens, by place.
func (t *trie) find(tokens []vietnamese.Token, key func(vietnamese.Token) string) []Match {
	var found []Match
	for from := range tokens {
		node := int32(0)
		for to := from; to < len(tokens); to++ {
			syllable, known := t.syllables[key(tokens[to])]
			if !known {
				break
			}
			if node, known = t.next[edge{node, syllable}]; !known {
				break
			}
			for _, u := range t.uses[node] {
				found = append(found, Match{Concept: u.concept, Written: u.written, From: from, To: to + 1})
			}
		}
	}
	return found
}

func typed(t vietnamese.Token) string  { return t.Text }
func folded(t vietnamese.Token) string { return t.Folded }

// Match is a concept found in a run of tokens.
type Match struct {
	Concept int
	// Written says that it was found in the words of documents, not of people.
	Written bool
	// From and To are the tokens of the phrase, To not included.
	From, To int
}

// Find returns every phrase of every concept in tokens, by place. unmarked
// reads phrases without their marks, for a text that has none.
func (t *Thesaurus) Find(tokens []vietnamese.Token, unmarked bool) []Match {
	if t.typed == nil {
		return nil
	}
	if unmarked {
		return t.folded().find(tokens, folded)
	}
	return t.typed.find(tokens, typed)
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
