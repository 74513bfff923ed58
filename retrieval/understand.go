package retrieval

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/hoinq/hoinq/internal/unaccent"
	"github.com/hoinq/hoinq/retrieval/bm25"
	"github.com/hoinq/hoinq/retrieval/thesaurus"
	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

// What a word taken over from the previous question weighs against one of the
// question itself: previousWeight when the question names nothing but a year or
// a number, changedWeight when it names another subject.
const (
	previousWeight = 0.6
	changedWeight  = 0.3
)

// definesWeight is what "X là" weighs in a question "X là gì", against one word.
// Set on alqac-dev and wiki-dev, where it is worth 0.003 of nDCG@10 each.
const definesWeight = 1

// question is a query taken apart for the search.
type question struct {
	Understanding
	terms []bm25.Term
	// years are the positions in terms of four-digit years that stand alone.
	years []int
	// names are runs of capitalised words, each a list of positions in terms.
	names [][]int
	// ranges are the positions of the years of a term or period, "2015-2020".
	ranges []int
	// subject are the positions of the words that the number is asked of; one
	// of them must stand in an answer.
	subject []int
	// own are the positions of the words that a follow-up names itself; one of
	// them must stand in an answer.
	own []int
	// address is the place in a document that the question names, or empty.
	address []part
	// order is the place in a list that the question names, see [orderIn].
	order int
	// day is set when a time is asked for to the day, month or hour, date when
	// it is asked for to the very day.
	day, date bool
	// meant is what it speaks of, in whatever words.
	meant thesaurus.Vector
	// whole is set when whole documents are ranked, which hold more of it than
	// their passages.
	whole bool
	// outside is the share of the concepts that it speaks of which documents
	// never do, from 0 to 1.
	outside float64
	// wants is the kind of number that is asked for.
	wants wanted
	// unit is the position of the word that the number asked for counts, or 0.
	unit int
	// office is the office whose holder is asked for, without marks, or empty.
	office string
	// untranslated is the share of an English question in words that neither the
	// glossary nor any document has, from 0 to 1.
	untranslated float64
	// opinion is set when a judgement is asked for, unsafe when something else
	// than an answer.
	opinion, unsafe bool
}

// understand takes the query apart. It depends on the question and the word
// lists alone; what the documents hold comes in with the search.
func understand(q Query, lexicon *vietnamese.Lexicon) question {
	text := lexicon.Expand(plain(q.Text))
	words := wordingOf(text)
	out := question{unsafe: unsafe(q.Text), opinion: words.asksOpinion(), office: words.office(), day: words.asksDay(), date: words.asksDate(), wants: words.wanted()}
	out.read(text, lexicon, 1)
	out.Types = words.types(out.Unaccented)
	out.address = addressIn(text)
	out.order = orderIn(text)
	out.subject = subjectOf(out.terms)
	out.unit = unitOf(out.terms)
	if previous := lexicon.Expand(plain(q.Previous)); previous != "" && followsUp(text, out.terms) {
		out.takeOver(previous, lexicon)
	}
	out.Text = text
	if out.FollowUp {
		out.Text = text + " (tiếp câu: " + lexicon.Expand(plain(q.Previous)) + ")"
	}
	return out
}

// markup finds the tags that come along when a question is pasted from a page.
var markup = regexp.MustCompile(`</?[a-zA-Z][^<>]*>|<!--[^<>]*-->`)

// plain is a text in normal form C without tags and control characters, with
// single spaces and Latin letters for those that look like them.
func plain(s string) string {
	s = markup.ReplaceAllString(s, " ")
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, s)
	return norm.NFC.String(strings.Join(strings.Fields(vietnamese.Latin(s)), " "))
}

// read adds the terms of a text with the given weight.
func (q *question) read(text string, lexicon *vietnamese.Lexicon, weight float64) {
	tokens := vietnamese.Tokenize(text)
	marked := false
	for _, t := range tokens {
		marked = marked || t.Marked()
	}
	if len(q.terms) == 0 {
		q.Unaccented = !marked
	}
	weightless := lexicon.Weightless(tokens, !marked)
	shouted := strings.ToUpper(text) == text // a capital is no sign of a name there
	base := len(q.terms)
	var name []int
	for i, t := range tokens {
		term := bm25.Term{Token: t, Typed: marked, Weight: weight, After: i > 0}
		if weightless[i] {
			term.Weight = 0
		}
		if asksMeaning(tokens, weightless, i) {
			term.Defines = definesWeight * weight
		}
		q.terms = append(q.terms, term)
		switch {
		case term.Weight == 0 || !isYear(t):
		case year(text, t):
			q.years = append(q.years, base+i)
		default:
			q.ranges = append(q.ranges, base+i)
		}
		capital := t.Capital && !shouted && (i > 0 || !weightless[i])
		if capital && !strings.ContainsAny(between(text, tokens, i), ".,;:?!-–") {
			name = append(name, base+i)
			continue
		}
		q.name(name)
		name = nil
		if capital {
			name = []int{base + i}
		}
	}
	q.name(name)
}

// asksMeaning reports whether token i is the "là" of a question for the meaning
// of a word, "Chất hướng thần là gì": the word is all that stands before it.
// "Chủ đề của đại hội là gì" asks for something else.
func asksMeaning(tokens []vietnamese.Token, weightless []bool, i int) bool {
	if tokens[i].Folded != "la" || i+1 < len(tokens) && tokens[i+1].Folded != "gi" {
		return false
	}
	word := i
	for word > 0 && !weightless[word-1] {
		word--
	}
	if word == i || tokens[i-1].Roman || tokens[i-1].Figure {
		return false
	}
	return !slices.Contains(weightless[:word], false)
}

// name keeps a run of capitalised words of which at least two follow each
// other: "Hải Dương", but not the first word of a sentence alone.
func (q *question) name(run []int) {
	if len(run) >= 2 {
		q.names = append(q.names, run)
	}
}

// subjectOf finds the words that a number is asked of: those that follow
// "bao nhiêu" or "mấy" at once, else the one before; and where "là" comes
// between, those that open the question: "Giá vé … là bao nhiêu". "Tên gì" asks
// for a name.
func subjectOf(terms []bm25.Term) []int {
	for i, t := range terms {
		width := quantity(terms[i:])
		switch {
		case t.Weight > 0 || i == 0 && width == 0:
		case width == 0:
			if named := i - 1; t.Text == "gì" {
				if terms[named].Folded == "la" && named > 0 {
					named--
				}
				if terms[named].Folded == "ten" {
					return []int{named}
				}
			}
		case i > 0 && terms[i-1].Folded == "la":
			return contentFrom(terms, 0, 1, 2)
		case i+width < len(terms) && terms[i+width].Weight > 0 && !money(terms[i+width]):
			subject := []int{i + width}
			if i+width+1 < len(terms) && terms[i+width+1].Weight > 0 {
				subject = append(subject, i+width+1)
			}
			return subject
		default:
			return contentFrom(terms, i-1, -1, 1)
		}
	}
	return nil
}

// unitOf is the position of the word of weight that follows "bao nhiêu" or
// "mấy" at once, which the number counts: "bao nhiêu giường". 0 is none.
func unitOf(terms []bm25.Term) int {
	for i, t := range terms {
		width := quantity(terms[i:])
		if n := i + width; t.Weight == 0 && width > 0 && n < len(terms) && terms[n].Weight > 0 && !money(terms[n]) {
			return n
		}
	}
	return 0
}

// quantity is the number of terms in the question word that terms begin with.
func quantity(terms []bm25.Term) int {
	switch {
	case terms[0].Text == "mấy" || terms[0].Folded == "may" && !terms[0].Typed:
		return 1
	case terms[0].Folded == "bao" && len(terms) > 1 && terms[1].Folded == "nhieu":
		return 2
	}
	return 0
}

// money reports whether t names money, which a passage gives in đồng.
func money(t bm25.Term) bool { return t.Folded == "tien" }

// contentFrom are the first n words of weight from position i on, stepping
// forward or back.
func contentFrom(terms []bm25.Term, i, step, n int) []int {
	var out []int
	for ; i >= 0 && i < len(terms) && len(out) < n; i += step {
		if terms[i].Weight > 0 {
			out = append(out, i)
		}
	}
	return out
}

// between is the text between token i and the one before it.
func between(text string, tokens []vietnamese.Token, i int) string {
	if i == 0 {
		return ""
	}
	return text[tokens[i-1].End:tokens[i].Start]
}

// year reports whether the year t stands alone, as no part of a term of office
// ("2020-2025", "2020 - 2025") or a date.
func year(text string, t vietnamese.Token) bool {
	before, _ := utf8.DecodeLastRuneInString(strings.TrimRight(text[:t.Start], " "))
	after, _ := utf8.DecodeRuneInString(strings.TrimLeft(text[t.End:], " "))
	return !strings.ContainsRune("-–/", before) && !strings.ContainsRune("-–/", after)
}

// isYear reports whether t can be read as a year.
func isYear(t vietnamese.Token) bool {
	return t.Figure && len(t.Text) == 4 && t.Text >= "1900" && t.Text <= "2100" && !strings.ContainsAny(t.Text, ".,")
}

// takeOver adds what the question lacks from the one before it.
func (q *question) takeOver(previous string, lexicon *vietnamese.Lexicon) {
	var before question
	weight := previousWeight
	for i, t := range q.terms {
		if t.Weight > 0 && !t.Figure {
			q.own = append(q.own, i)
		}
	}
	if len(q.own) >= 2 {
		weight = changedWeight
	}
	before.read(previous, lexicon, weight)
	ownYear := len(q.years) > 0
	for i, t := range before.terms {
		if t.Weight == 0 || t.Figure && ownYear {
			continue
		}
		t.After = i > 0 && before.terms[i-1].Weight > 0 && t.After && len(q.terms) > 0 && q.terms[len(q.terms)-1].Token == before.terms[i-1].Token
		if slices.Contains(before.years, i) {
			q.years = append(q.years, len(q.terms))
		}
		q.terms = append(q.terms, t)
	}
	q.FollowUp = true
	if len(q.Types) == 0 {
		q.Types = wordingOf(previous).types(before.Unaccented)
	}
}

// followsUp reports whether a question cannot stand alone: it opens as a
// follow-up does, or names hardly anything.
func followsUp(text string, terms []bm25.Term) bool {
	content := 0
	for _, t := range terms {
		if t.Weight > 0 {
			content++
		}
	}
	child := len(terms) > 0 && terms[0].Text == "con" && terms[0].Typed // "Con tôi …" is not "Còn …"
	return content == 1 || content <= 6 && !child && followUpForm.MatchString(fold(text))
}

var followUpForm = regexp.MustCompile(`^(the |vay |thi )?(con|the)\b|\bthi sao\b|^noi ro|^cu the|^(cai|dieu|y) (dau|thu)|^chi tiet`)

func fold(s string) string { return strings.ToLower(unaccent.String(s)) }
