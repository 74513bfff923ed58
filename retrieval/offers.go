package retrieval

import (
	"regexp"
	"slices"
	"strings"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

// offers says what a passage contains that a question may ask for.
type offers struct {
	figure, time, body, list, symbol bool
}

// offersOf looks through passage i, whose words are cut into tokens, and at
// what stands below it.
func offersOf(e *corpus.Edition, i int, tokens []vietnamese.Token) offers {
	words := e.Words(e.Passages[i].Span)
	o := offers{
		symbol: symbolForm.MatchString(words),
		list:   len(e.Children(i)) >= 2 || enumerates(words),
	}
	for n, t := range tokens {
		if n == 0 && t.Figure {
			continue // the mark of the passage
		}
		o.figure = o.figure || t.Figure || slices.Contains(numberWords, t.Text)
		o.time = o.time || n+1 < len(tokens) && slices.Contains(timeWords, t.Text) && (tokens[n+1].Figure || tokens[n+1].Roman) ||
			t.Text == "giờ" && n > 0 && tokens[n-1].Figure || isYear(t)
		o.body = o.body || t.Capital && slices.Contains(bodyWords, t.Text) || slices.Contains(personWords, t.Text)
	}
	o.time = o.time || dateForm.MatchString(words)
	return o
}

// What the tokens of a passage are compared with; read-only.
var (
	// numberWords are numbers in words. "một" and "năm" are left out: they are
	// "a" and "year" more often.
	numberWords = []string{"hai", "ba", "bốn", "sáu", "bảy", "tám", "chín", "mười"}
	// timeWords come before the figure of a date.
	timeWords = []string{"ngày", "tháng", "quý", "năm", "mùa", "kì", "lúc", "khóa"}
	// bodyWords begin the names of bodies and offices, which are capitalised.
	bodyWords = []string{"sở", "ban", "ủy", "văn", "đảng", "tỉnh", "huyện", "thành", "hội", "công", "bộ", "mặt", "đoàn", "đài", "báo",
		"chi", "trường", "trung", "chính", "quốc", "thuế", "viện", "tòa", "liên", "đại", "ông", "bà", "bí", "chủ", "thủ", "phó", "cục", "tổng"}
	// personWords stand for people and bodies without a capital.
	personWords = []string{"người", "ông", "bà", "cán", "viên", "cấp", "ngành", "dân"}
)

var (
	dateForm   = regexp.MustCompile(`\d{1,2}/\d{4}|\d{1,2}/\d{1,2}/`)
	symbolForm = regexp.MustCompile(`\d(/\d{4})?[-/](NQ|KH|CT|CTr|QĐ|BC|HD|TB|NĐ|TT)[-/]?\p{Lu}`)
)

// enumerates reports whether running text gives a list: three things set apart
// by semicolons, or by commas behind the word that announces them.
func enumerates(words string) bool {
	if strings.Count(words, ";") >= 2 {
		return true
	}
	for _, announces := range []string{"gồm", "như", ":", "là"} {
		if _, after, ok := strings.Cut(words, announces); ok && strings.Count(after, ",")+strings.Count(after, ";") >= 2 {
			return true
		}
	}
	return strings.Count(words, ",") >= 2 && strings.Contains(words, " và ")
}

// satisfies reports whether the passage has everything that the question asks
// for; a question that asks for nothing in particular is satisfied by any.
func (o offers) satisfies(u Understanding) bool {
	for _, t := range u.Types {
		switch {
		case t == AsksNumber && !o.figure,
			t == AsksTime && !o.time,
			t == AsksWho && !o.body,
			t == AsksSymbol && !o.symbol:
			return false
		}
	}
	return true
}
