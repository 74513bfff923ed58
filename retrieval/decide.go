package retrieval

import (
	"regexp"
	"slices"
	"strings"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/retrieval/bm25"
)

// Thresholds of the decision. They were set on the development questions
// (`hoinq eval --answers` over answers-dev and resolution-dev); those of
// confidence stand in confidence.go.
const (
	// minCoverage is the smallest share of the question's weight that the
	// passage, with its headings, must hold to answer.
	minCoverage = 0.5
	// minOwn is the smallest share that it must hold in its own words.
	minOwn = 0.25
	// maxUnknown is the share of the question's weight in words that no
	// document holds from which on the question is about something else.
	maxUnknown = 0.45
	// lookAt is how many of the best passages may save the question from
	// being refused when the very best lacks what was asked.
	lookAt = 5
	// minScore is how near to the best score those must come.
	minScore = 0.6
	// manyMatches is how many passages that hold all of a question of one
	// word make it ambiguous.
	manyMatches = 12
)

// safeCoverage is the share of a question's weight that a passage must hold for
// the question to be answered though it sounds like an order: people do ask who
// may act "nhân danh Chủ tịch" or what is done against "tin giả".
const safeCoverage = 0.7

// decideSafely is decide for any text: an order to the program is refused as
// one, unless the documents speak of just that.
func (ix *Index) decideSafely(asked question, found []*candidate) Decision {
	d := ix.decide(asked, found)
	if asked.unsafe && !(d.Answer && found[0].Components.Coverage >= safeCoverage) {
		return Decision{Reason: Unsafe}
	}
	return d
}

// decide says whether the candidates, best first, answer the question.
func (ix *Index) decide(asked question, found []*candidate) Decision {
	if asked.opinion {
		return Decision{Reason: OutOfScope}
	}
	if asked.untranslated > maxUntranslated {
		return Decision{Reason: OutOfScope, Missing: asked.Unknown}
	}
	if asked.wordless() && !asked.FollowUp {
		return Decision{Reason: NoMatch}
	}
	if len(found) == 0 {
		if len(asked.Unknown) > 0 {
			return Decision{Reason: OutOfScope, Missing: asked.Unknown}
		}
		return Decision{Reason: NoMatch}
	}
	if contentTerms(asked.terms) == 1 && len(asked.Types) == 0 && ix.equal(found) >= manyMatches || asked.namesKindAlone() {
		return Decision{Reason: Ambiguous}
	}
	if slices.ContainsFunc(found[:min(len(found), lookAt)], func(c *candidate) bool { return near(c, found[0]) }) {
		return ix.decideByWords(asked, found)
	}
	return ix.decideByMeaning(asked, found)
}

// wideForm finds the questions for everything, which no passage answers.
var wideForm = regexp.MustCompile(`\btom tat\b|\b(tat ca|moi thu|toan bo) (ve|nhung gi|noi dung)\b`)

// namesKindAlone reports whether a question names a kind of document and nothing
// that might stand in one, or asks for all of it: "Nghị quyết nói gì?".
func (q question) namesKindAlone() bool {
	var content []string
	for _, t := range q.terms {
		if t.Weight > 0 {
			content = append(content, t.Folded)
		}
	}
	name := strings.Join(content, " ")
	if wideForm.MatchString(fold(q.Text)) {
		return true
	}
	return slices.ContainsFunc(corpus.Kinds(), func(k corpus.Kind) bool { return fold(k.Name()) == name })
}

// near reports whether a candidate holds so much of the question that it
// speaks of it in its words.
func near(c, best *candidate) bool {
	return c.Score >= minScore*best.Score && c.Components.Coverage >= minCoverage && c.Components.Own >= minOwn
}

// strange is the refusal of a question that names what no document holds, or
// the zero decision.
func (ix *Index) strange(asked question) Decision {
	if missing := append(ix.strangeNames(asked), ix.strangeFigures(asked)...); len(missing) > 0 {
		return Decision{Reason: Insufficient, Missing: missing}
	}
	if ix.unknownShare(asked) > maxUnknown {
		return Decision{Reason: OutOfScope, Missing: asked.Unknown}
	}
	return Decision{}
}

// or is d, or other when d decides nothing.
func (d Decision) or(other Decision) Decision {
	if d.Reason == "" {
		return other
	}
	return d
}

// decideByWords looks at the best candidates one by one, marks those that fit
// and brings the first of them to the front.
func (ix *Index) decideByWords(asked question, found []*candidate) Decision {
	if d := ix.strange(asked); d.Reason != "" {
		return d
	}
	var best *candidate
	var missing []string
	for _, c := range found[:min(len(found), lookAt)] {
		if !near(c, found[0]) {
			continue
		}
		lacks := ix.lacks(asked, c)
		missing = append(missing, lacks...)
		c.Fits = len(lacks) == 0 && c.entry.says() && (c.Components.Offers > 0 || !mustOffer(asked))
		if c.Fits && best == nil {
			best = c
		}
	}
	if best == nil {
		slices.Sort(missing)
		return Decision{Reason: Insufficient, Missing: slices.Compact(missing)}
	}
	d := Decision{Basis: BasisWords, Evidence: ix.evidenceFor(asked, best, found)}
	d.Confidence = d.Evidence.Confidence(d.Basis)
	bring(found, best.Passage)
	least := minWords
	if asked.FollowUp {
		least = minFollowUp
	}
	if d.Answer = d.Confidence >= least; !d.Answer {
		d.Reason = Insufficient
	}
	return d
}

// MeantHits is how many of the first hits answer a question together when the
// decision rests on [BasisMeaning]: the one that is meant is among them more
// often than it is the first.
const MeantHits = 3

// What a question must be to be answered by meaning, beside the confidence. Set
// on the development questions (`hoinq eval --answers`).
const (
	// maxOutside is the share of its concepts of which documents never speak
	// from which on the question is about something else whatever else it
	// speaks of; citizens' stories have 0.2 at most. From someOutside on it is
	// when no passage is as similar.
	maxOutside  = 0.3
	someOutside = 0.15
	// minConcepts is the least similarity of the best passage that is more
	// than chance.
	minConcepts = 0.06
	// maxLacking is the share of the question that a passage which lacks its
	// subject may hold: from there on it speaks of the matter, and not of what
	// is asked.
	maxLacking = 0.38
	// storyWords is the number of words of weight from which on a question is
	// a story, which may name places and people that no document knows.
	storyWords = 13
)

// decideByMeaning decides on a question that no passage holds in its words.
func (ix *Index) decideByMeaning(asked question, found []*candidate) Decision {
	if asked.outside > maxOutside || asked.outside > max(someOutside, found[0].Components.Concepts) {
		return Decision{Reason: OutOfScope, Missing: asked.Unknown}
	}
	strange := ix.strange(asked)
	if strange.Reason == Insufficient && contentTerms(asked.terms) < storyWords {
		return strange
	}
	meant := found[:min(len(found), lookAt+MeantHits)]
	offers := func(c *candidate) bool { return c.entry.offers.givesKind(asked) && len(ix.lacksFigures(asked, c)) == 0 }
	if missing := ix.lacksFigures(asked, found[0]); !slices.ContainsFunc(meant, offers) {
		return strange.or(Decision{Reason: Insufficient, Missing: missing})
	}
	slices.SortStableFunc(meant, func(a, b *candidate) int {
		switch {
		case offers(a) == offers(b):
			return 0
		case offers(a):
			return -1
		}
		return 1
	})
	best := found[0]
	d := Decision{Basis: BasisMeaning, Evidence: ix.evidenceFor(asked, best, found)}
	if d.Evidence.Lacks >= maxLacking {
		return strange.or(Decision{Reason: Insufficient, Missing: ix.lacks(asked, best)})
	}
	d.Confidence = d.Evidence.Confidence(d.Basis)
	if d.Answer = d.Confidence >= minMeaning && d.Evidence.Concepts >= minConcepts; d.Answer {
		for _, c := range found[:min(len(found), MeantHits)] {
			c.Fits = offers(c)
		}
		return d
	}
	refusal := strange.or(Decision{Reason: NoMatch, Missing: asked.Unknown})
	d.Reason, d.Missing = refusal.Reason, refusal.Missing
	return d
}

// says reports whether a passage says something by itself or with what stands
// below it: a heading or lead-in that nothing follows does not.
func (e entry) says() bool {
	p := e.passage()
	announces := p.Kind.Heading() || strings.HasSuffix(e.edition.Words(p.Span), ":")
	return !announces || len(e.edition.Children(e.at)) > 0
}

// bring moves the candidate with the given id to the front.
func bring(found []*candidate, id corpus.PassageID) {
	i := slices.IndexFunc(found, func(c *candidate) bool { return c.Passage == id })
	c := found[i]
	copy(found[1:i+1], found[:i])
	found[0] = c
}

// mustOffer reports whether a passage without the thing asked for is no
// answer. A list may be given in many forms, so its absence proves nothing.
func mustOffer(asked question) bool {
	return slices.ContainsFunc(asked.Types, func(t QuestionType) bool { return t != AsksList })
}

// contentTerms is how many different words of weight there are.
func contentTerms(terms []bm25.Term) int {
	seen := map[string]bool{}
	for _, t := range terms {
		if t.Weight > 0 {
			seen[t.Text] = true
		}
	}
	return len(seen)
}

// wordless reports whether a question has no word of two letters or more that
// weighs anything: "%", "1 1 1", "a b c".
func (q question) wordless() bool {
	return !slices.ContainsFunc(q.terms, func(t bm25.Term) bool { return t.Weight > 0 && !t.Figure && len(t.Folded) > 1 })
}

// equal is the number of candidates that cover as much as the best.
func (ix *Index) equal(found []*candidate) int {
	n := 0
	for _, c := range found {
		if c.Components.Own >= found[0].Components.Own {
			n++
		}
	}
	return n
}

func (ix *Index) unknownShare(asked question) float64 {
	weights, total := ix.termWeights(asked)
	unknown := 0.0
	for i := range asked.terms {
		if !ix.knows(asked, i) {
			unknown += weights[i]
		}
	}
	if total == 0 {
		return 0
	}
	return unknown / total
}

// strangeNames are the names in the question that no document knows: not one
// pair of their words follows each other anywhere.
func (ix *Index) strangeNames(asked question) []string {
	var strange []string
	for _, run := range asked.names {
		known := false
		for k := 1; k < len(run); k++ {
			known = known || ix.lexical.KnowsPair(asked.terms[run[k-1]].Token, asked.terms[run[k]].Token)
		}
		// "Riêng Nghị quyết …": the first word of a question is a capital anyway.
		if run[0] == 0 && len(run) == 2 {
			known = known || ix.knows(asked, 0) && ix.knows(asked, 1)
		}
		if !known {
			strange = append(strange, asked.nameOf(run))
		}
	}
	return strange
}

// strangeFigures are the years, symbols and ordinals of the question that no
// document holds: "Đại hội lần thứ XIV" where only the XVI is spoken of.
func (ix *Index) strangeFigures(asked question) []string {
	var strange []string
	for i, t := range asked.terms {
		if t.Weight > 0 && (slices.Contains(asked.years, i) || t.Roman) && !ix.knows(asked, i) {
			strange = append(strange, t.Text)
		}
	}
	return strange
}

// lacks are the words of the question without which the candidate is no
// answer: its years, terms of office, ordinals and names, and what it asks the
// number of.
func (ix *Index) lacks(asked question, c *candidate) []string {
	var missing []string
	for _, words := range [][]int{asked.subject, asked.own} {
		if len(words) > 0 && !slices.ContainsFunc(words, c.holds) {
			missing = append(missing, asked.nameOf(words))
		}
	}
	if asked.Asks(AsksWho) && asked.office != "" && !wordingOf(c.entry.edition.Words(c.entry.passage().Span)).namesOffice(asked.office) {
		missing = append(missing, asked.office)
	}
	missing = append(missing, ix.lacksFigures(asked, c)...)
	for _, run := range asked.names {
		if run[0] == 0 {
			run = run[1:] // the first word of a question is a capital anyway
		}
		if !all(run, c.holds) {
			missing = append(missing, asked.nameOf(run))
		}
	}
	return missing
}

// lacksFigures are the years, terms of office and ordinals of the question that
// the candidate does not speak of.
func (ix *Index) lacksFigures(asked question, c *candidate) []string {
	var missing []string
	for _, i := range asked.years {
		if !c.entry.speaksOf(asked.terms[i].Text, c.holds(i)) {
			missing = append(missing, asked.terms[i].Text)
		}
	}
	for i, t := range asked.terms {
		if t.Weight > 0 && (t.Roman || slices.Contains(asked.ranges, i)) && !c.holds(i) {
			missing = append(missing, t.Text)
		}
	}
	return missing
}

// holds reports whether term i of the question stands in the candidate or in
// its headings; terms beyond the 64th are not followed and count as standing.
func (c *candidate) holds(i int) bool { return i >= 64 || c.any&(1<<i) != 0 }

func all(list []int, is func(int) bool) bool {
	return !slices.ContainsFunc(list, func(i int) bool { return !is(i) })
}

// nameOf is a run of terms as one name.
func (q question) nameOf(run []int) string {
	words := make([]string, len(run))
	for k, i := range run {
		words[k] = q.terms[i].Text
	}
	return strings.Join(words, " ")
}

// speaksOf reports whether a passage speaks of a year: it or its headings name
// it, or it names no year at all and the document as a whole does (anywhere).
// A passage on another year is none, though the document's term ends with the
// one asked for.
func (e entry) speaksOf(year string, anywhere bool) bool {
	return slices.Contains(e.years, year) || slices.Contains(e.yearsAbove, year) || len(e.years) == 0 && anywhere
}
