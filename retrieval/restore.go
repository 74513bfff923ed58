package retrieval

import (
	"cmp"
	"math"
	"slices"

	"github.com/hoinq/hoinq/retrieval/bm25"
	"github.com/hoinq/hoinq/retrieval/thesaurus"
	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

// marks restores the diacritics that a writer left out, from the words and
// pairs of words that the documents hold.
type marks struct {
	lexical *bm25.Index
	// forms are the spellings of a folded syllable in the documents and in
	// the lists of question words, the commonest first.
	forms map[string][]spelling
	// asked are the words and pairs of the lists of question words.
	asked map[string]bool
	// said knows those of the thesaurus, each of which counts saidCount.
	said      *thesaurus.Space
	saidCount float64
}

// spelling is a form of a syllable; count is how many passages hold it.
type spelling struct {
	form  string
	count float64
}

const (
	// askedCount is how often a question word or a pair of them is taken to
	// stand in the documents, which hold few questions.
	askedCount = 8
	// saidCount is the same for each line of the thesaurus that has it, where
	// there are saidPassages of documents or more; in fewer, less by as much. Set
	// on wiki-dev without marks.
	saidCount    = 0.02
	saidPassages = 1000
	// pairTrust is how many occurrences of a syllable the frequency of a form
	// alone is worth when the pair that it makes is judged (Dirichlet
	// smoothing; MacKay and Peto, 1995). Set on alqac-dev and wiki-dev; flat
	// from 0.5 to 4.
	pairTrust = 1
	// unseen is the count of a form beside its own, so that none is impossible.
	unseen = 0.1
	// maxForms is how many spellings of one syllable are tried.
	maxForms = 8
)

// emptyMarks knows the question words and the words of the thesaurus, and no
// spellings yet.
func emptyMarks(lexicon *vietnamese.Lexicon, space *thesaurus.Space, passages int) *marks {
	m := &marks{forms: map[string][]spelling{}, asked: map[string]bool{}, said: space}
	m.saidCount = saidCount * min(1, float64(passages)/saidPassages)
	for _, phrase := range lexicon.Phrases() {
		for i, t := range phrase {
			m.asked[t.Text] = true
			if i > 0 {
				m.asked[phrase[i-1].Text+" "+t.Text] = true
			}
		}
	}
	return m
}

func newMarks(lexical *bm25.Index, docs []bm25.Document, lexicon *vietnamese.Lexicon, space *thesaurus.Space) *marks {
	m := emptyMarks(lexicon, space, len(docs))
	m.lexical = lexical
	seen := map[string]bool{}
	add := func(t vietnamese.Token) {
		if !seen[t.Text] {
			seen[t.Text] = true
			m.forms[t.Folded] = append(m.forms[t.Folded], spelling{t.Text, m.counted(t.Text, lexical.Count(t.Text))})
		}
	}
	for _, phrase := range lexicon.Phrases() {
		for _, t := range phrase {
			add(t)
		}
	}
	for _, t := range space.Words() {
		add(t)
	}
	for _, d := range docs {
		for _, t := range d.Body {
			add(t)
		}
	}
	for folded, forms := range m.forms {
		slices.SortFunc(forms, func(a, b spelling) int {
			return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.form, b.form))
		})
		m.forms[folded] = forms[:min(len(forms), maxForms)]
	}
	return m
}

// counted is how many passages hold a word, n of the documents.
func (m *marks) counted(word string, n int) float64 {
	if m.asked[word] {
		n += askedCount
	}
	return float64(n) + m.saidCount*float64(m.said.Count("", word))
}

// countedPair is the same for a word behind another.
func (m *marks) countedPair(before, word string) float64 {
	pair := before + " " + word
	n := m.lexical.CountPair(pair)
	if m.asked[pair] {
		n += askedCount
	}
	return float64(n) + m.saidCount*float64(m.said.Count(before, word))
}

// state is a spelling of one syllable on the best way to it.
type state struct {
	spelling
	score float64
	from  int // the state before
}

// restore returns the likeliest spelling of each term, by the best way through
// all of them (Viterbi); a syllable that no document holds stays as it is.
func (m *marks) restore(terms []bm25.Term) []string {
	ways := make([][]state, len(terms))
	for i, t := range terms {
		forms := m.forms[t.Folded]
		if len(forms) == 0 {
			forms = []spelling{{form: t.Text}}
		}
		total := 0.0
		for _, f := range forms {
			total += f.count + unseen
		}
		for _, f := range forms {
			var before []state
			if i > 0 {
				before = ways[i-1]
			}
			ways[i] = append(ways[i], m.step(before, f, (f.count+unseen)/total, t.After))
		}
	}
	restored := make([]string, len(terms))
	for i, at := len(terms)-1, -1; i >= 0; i-- {
		if at < 0 {
			at = best(ways[i])
		}
		restored[i] = ways[i][at].form
		at = ways[i][at].from
	}
	return restored
}

// step is the best way to a spelling whose share among those of its syllable is
// alone. joined says that the syllable follows the one before in the text.
func (m *marks) step(before []state, f spelling, alone float64, joined bool) state {
	s := state{spelling: f, score: math.Log(alone)}
	if len(before) == 0 {
		return s
	}
	if !joined {
		s.from = best(before)
		s.score += before[s.from].score
		return s
	}
	s.score = math.Inf(-1)
	for n, b := range before {
		likely := (m.countedPair(b.form, f.form) + pairTrust*alone) / (b.count + pairTrust)
		if score := b.score + math.Log(likely); score > s.score {
			s.score, s.from = score, n
		}
	}
	return s
}

// best is the position of the state with the highest score, the first of them.
func best(states []state) int {
	at := 0
	for i, s := range states {
		if s.score > states[at].score {
			at = i
		}
	}
	return at
}

// guess notes the spelling of every term of a question without marks, and
// takes the weight off those that are question words in it.
func (ix *Index) guess(asked *question) {
	restored := ix.marks.restore(asked.terms)
	tokens := make([]vietnamese.Token, len(asked.terms))
	for i, form := range restored {
		asked.terms[i].Guess = form
		tokens[i] = asked.terms[i].Token
		tokens[i].Text = form
	}
	for i, weightless := range ix.lexicon.Weightless(tokens, false) {
		switch {
		case weightless:
			asked.terms[i].Weight = 0
		case asked.terms[i].Weight == 0:
			asked.terms[i].Weight = 1
		}
	}
}
