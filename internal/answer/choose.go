package answer

import (
	"maps"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/retrieval"
	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

// asked is a question as far as choosing sentences needs it.
type asked struct {
	understood retrieval.Understanding
	words      map[string]bool // content words, folded
}

func newAsked(u retrieval.Understanding, lexicon *vietnamese.Lexicon) asked {
	a := asked{understood: u, words: map[string]bool{}}
	tokens := vietnamese.Tokenize(u.Text)
	for i, weightless := range lexicon.Weightless(tokens, u.Unaccented) {
		if !weightless {
			a.words[tokens[i].Folded] = true
		}
	}
	return a
}

// choose returns the part of a passage to quote: all of it when it is short,
// else the run of sentences that holds the most of the question in the fewest
// words.
func (a asked) choose(e *corpus.Edition, span corpus.Span) corpus.Span {
	text := e.Words(span)
	if utf8.RuneCountInString(text) <= maxWhole {
		return span
	}
	sentences := vietnamese.Sentences(text)
	scores := make([]float64, len(sentences))
	held := make([]map[string]bool, len(sentences))
	for i, s := range sentences {
		held[i] = a.held(text[s[0]:s[1]])
		scores[i] = a.offered(text[s[0]:s[1]])
	}
	best, bestScore := [2]int{0, 0}, -1.0
	for from := range sentences {
		words, offered := map[string]bool{}, 0.0
		for to := from; to < min(from+maxSentences, len(sentences)); to++ {
			if to > from && sentences[to][1]-sentences[from][0] > 2*MaxQuotedRune {
				break
			}
			maps.Copy(words, held[to])
			offered = max(offered, scores[to])
			if score := float64(len(words)) + offered - sentenceCost*float64(to-from); score > bestScore {
				best, bestScore = [2]int{from, to}, score
			}
		}
	}
	begin, end := sentences[best[0]][0], sentences[best[1]][1]
	end = begin + len(bounded(text[begin:end]))
	return corpus.Span{Start: span.Start + begin, End: span.Start + end}
}

// bounded is the beginning of a sentence that is longer than a whole answer may
// be, up to the end of a word.
func bounded(s string) string {
	if utf8.RuneCountInString(s) <= MaxQuotedRune {
		return s
	}
	s = string([]rune(s)[:MaxQuotedRune])
	if space := strings.LastIndexByte(s, ' '); space > 0 {
		s = s[:space]
	}
	return s
}

// maxSentences is the longest run of sentences that is considered.
const maxSentences = 6

// A further sentence must bring at least this many words of the question, and
// what the question asks for is worth this many.
const (
	sentenceCost = 1.2
	offerGain    = 2.5
)

// score counts the words of the question in a piece of text, and what it asks
// for.
func (a asked) score(piece string) float64 {
	return float64(len(a.held(piece))) + a.offered(piece)
}

// held are the words of the question in a piece of text.
func (a asked) held(piece string) map[string]bool {
	seen := map[string]bool{}
	for _, t := range vietnamese.Tokenize(piece) {
		if a.words[t.Folded] {
			seen[t.Folded] = true
		}
	}
	return seen
}

// offered is what it counts that a piece has a figure or a date, where the
// question asks for one.
func (a asked) offered(piece string) float64 {
	if a.understood.Asks(retrieval.AsksNumber) && figureWords.MatchString(piece) ||
		a.understood.Asks(retrieval.AsksTime) && timeWords.MatchString(piece) {
		return offerGain
	}
	return 0
}

var (
	figureWords = regexp.MustCompile(`\d`)
	timeWords   = regexp.MustCompile(`(?i)(ngày|tháng|năm|quý|giờ)\s+[\dIVX]|\d{1,2}/\d{4}`)
	sourceNote  = regexp.MustCompile(`\s*\((?:nguồn|theo nguồn|xem):[^()]*\)`)
	// announcing ends a lead-in that goes over into its list.
	announcing = regexp.MustCompile(`(?i),?\s+(?:là|gồm|bao gồm|như sau|sau đây|cụ thể)$`)
)

// clause is the piece of a quotation that says the answer in the fewest words,
// for the answer's own text: verbatim, but without the note of its source and
// what is cut away at a semicolon.
func (a asked) clause(words string) string {
	words = sourceNote.ReplaceAllString(words, "")
	if utf8.RuneCountInString(words) <= maxClause {
		return strings.TrimRight(words, " .;:/") + "."
	}
	best, bestScore := "", -1.0
	for _, s := range vietnamese.Sentences(words) {
		pieces := strings.Split(words[s[0]:s[1]], ";")
		for i, piece := range pieces {
			if score := a.score(piece); score > bestScore {
				best, bestScore = strings.TrimSpace(piece), score
				if i > 0 {
					best = "… " + best
				}
				if i+1 < len(pieces) {
					best += "; …"
				}
			}
		}
	}
	best = cut(best, maxClause)
	if strings.HasSuffix(best, "…") {
		return best
	}
	return strings.TrimRight(best, " .;:/") + "."
}

// cut shortens s to at most n characters at the end of a word, marked by "…".
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	s = string([]rune(s)[:n])
	if space := strings.LastIndexByte(s, ' '); space > 0 {
		s = s[:space]
	}
	return strings.TrimRight(s, " ,;:") + "…"
}
