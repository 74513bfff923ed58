package retrieval

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/hoinq/hoinq/internal/unaccent"
	"github.com/hoinq/hoinq/retrieval/bm25"
	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

// previousWeight is what a word taken over from the previous question weighs
// against one of the question itself.
const previousWeight = 0.6

// question is a query taken apart for the search.
type question struct {
	Understanding
	terms []bm25.Term
	// years are the positions in terms of four-digit years that stand alone.
	years []int
	// names are runs of capitalised words, each a list of positions in terms.
	names  [][]int
	unsafe bool
}

// understand takes the query apart. It depends on the question and the word
// lists alone; what the documents hold comes in with the search.
func understand(q Query, lexicon *vietnamese.Lexicon) question {
	text := lexicon.Expand(plain(q.Text))
	out := question{unsafe: unsafe(q.Text)}
	out.read(text, lexicon, 1)
	out.Types = typesOf(text, out.Unaccented)
	if previous := lexicon.Expand(plain(q.Previous)); previous != "" && followsUp(text, out.terms) {
		out.takeOver(previous, lexicon)
	}
	out.Text = text
	if out.FollowUp {
		out.Text = text + " (tiếp câu: " + lexicon.Expand(plain(q.Previous)) + ")"
	}
	return out
}

// plain is a text without control characters and with single spaces.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
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
	base := len(q.terms)
	var name []int
	for i, t := range tokens {
		term := bm25.Term{Token: t, Typed: marked, Weight: weight, After: i > 0}
		if weightless[i] {
			term.Weight = 0
		}
		q.terms = append(q.terms, term)
		if year(text, t) && term.Weight > 0 {
			q.years = append(q.years, base+i)
		}
		if t.Capital && (i > 0 || !weightless[i]) && !strings.ContainsAny(between(text, tokens, i), ".,;:?!-–") {
			name = append(name, base+i)
			continue
		}
		q.name(name)
		name = nil
		if t.Capital {
			name = []int{base + i}
		}
	}
	q.name(name)
}

// name keeps a run of capitalised words of which at least two follow each
// other: "Hải Dương", but not the first word of a sentence alone.
func (q *question) name(run []int) {
	if len(run) >= 2 {
		q.names = append(q.names, run)
	}
}

// between is the text between token i and the one before it.
func between(text string, tokens []vietnamese.Token, i int) string {
	if i == 0 {
		return ""
	}
	return text[tokens[i-1].End:tokens[i].Start]
}

// year reports whether t is a year that is no part of a term of office
// ("2020-2025"), a date or a number.
func year(text string, t vietnamese.Token) bool {
	if !t.Figure || len(t.Text) != 4 || t.Text < "1900" || t.Text > "2100" || strings.ContainsAny(t.Text, ".,") {
		return false
	}
	range1 := t.Start > 0 && strings.ContainsRune("-/", rune(text[t.Start-1]))
	range2 := t.End < len(text) && strings.ContainsRune("-/", rune(text[t.End]))
	return !range1 && !range2
}

// takeOver adds what the question lacks from the one before it.
func (q *question) takeOver(previous string, lexicon *vietnamese.Lexicon) {
	var before question
	before.read(previous, lexicon, previousWeight)
	ownYear := len(q.years) > 0
	for i, t := range before.terms {
		if t.Weight == 0 || t.Figure && ownYear {
			continue
		}
		t.After = i > 0 && before.terms[i-1].Weight > 0 && t.After && len(q.terms) > 0 && q.terms[len(q.terms)-1].Token == before.terms[i-1].Token
		q.terms = append(q.terms, t)
	}
	q.FollowUp = true
	if len(q.Types) == 0 {
		q.Types = typesOf(previous, before.Unaccented)
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
	return content <= 1 || content <= 6 && followUpForm.MatchString(fold(text))
}

var followUpForm = regexp.MustCompile(`^(the |vay |thi )?(con|the)\b|\bthi sao\b|^noi ro|^cu the|^(cai|dieu|y) (dau|thu)|^chi tiet`)

func fold(s string) string { return strings.ToLower(unaccent.String(s)) }

// typeForms are the words that ask for a particular thing, without marks, in
// the order in which types lead. marked is a word that must stand with its
// marks when the asker typed any: "mấy" asks, "may" does not.
func typeForms() []typeForm {
	return []typeForm{
		{AsksSymbol, regexp.MustCompile(`\b(so hieu|so ky hieu|so va ky hieu|van ban so|ky hieu) `), ""},
		{AsksTime, regexp.MustCompile(`\b(khi nao|bao gio|luc nao|(ngay|nam|thang|quy|hom|bua|thoi gian|thoi diem) (nao|may)|may gio|gio nao|han chot|thoi han|tu ngay nao|muon nhat|cham nhat) `), ""},
		{AsksWho, regexp.MustCompile(`\b(ai|nguoi nao|(co quan|don vi|to chuc|so|ban|nganh|cap|doan the) nao) `), ""},
		{AsksNumber, regexp.MustCompile(`\b(bao nhieu|may phan tram|ty le (la )?(bao|may)|muc nao) `), ""},
		{AsksNumber, regexp.MustCompile(`\bmay `), "mấy"},
		{AsksList, regexp.MustCompile(`\b(gom|nhung gi|ke ten|liet ke|nhung ai|(nhung|cac) (\S+ ){1,6}(nao|gi|la)|(hai|ba|bon|nam|sau|bay|tam|chin|muoi|\d+) (\S+ ){1,6}(gi|nao)) `), ""},
		{AsksList, regexp.MustCompile(`^(cac|nhung) `), ""},
	}
}

type typeForm struct {
	asks   QuestionType
	form   *regexp.Regexp
	marked string
}

func typesOf(text string, unaccented bool) []QuestionType {
	lower := strings.ToLower(text)
	key := strings.Join(strings.FieldsFunc(fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '%' }), " ") + " "
	var types []QuestionType
	for _, f := range typeForms() {
		if f.form.MatchString(key) && (f.marked == "" || unaccented || strings.Contains(lower, f.marked)) {
			if len(types) == 0 || types[len(types)-1] != f.asks {
				types = append(types, f.asks)
			}
		}
	}
	return types
}

// unsafe reports whether a text is no question to the documents but an attempt
// to make the program do something else: to drop its rules, to show its keys,
// to speak in another's name.
func unsafe(text string) bool { return unsafeForm.MatchString(fold(plain(text))) }

var unsafeForm = regexp.MustCompile(`\b(bo qua|quen( het)?( di)?|lo di|pha bo) (moi |het |tat ca |cac |nhung )*(huong dan|quy tac|chi dan|lenh|rang buoc|gioi han)` +
	`|\b(ignore|disregard|forget|override) (all |any |the |your |previous |prior )*(rules|instructions|guidelines|prompts?)` +
	`|\b(system|hidden|initial) prompt|\b(khoa|key) api\b|\bapi key|\bmat khau\b.*\b(he thong|quan tri)|\bjailbreak\b|\bdan mode\b` +
	`|\b(gia lam|gia vo|gia danh|dong vai|nhap vai|mao danh)\b|\b(pretend|act as)\b` +
	`|\bviet (cho toi |giup |ho )*(mot )?(thong bao|cong van|bai bao|tin gia|loi keu goi)`)
