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
	// person is set when somebody is named.
	person bool
	// day is set when a time is given to the day, month or hour.
	day bool
	// date is set when it is given to the very day.
	date bool
	// money, percent, clock and phone are set when a sum, a share, a time of day
	// or a number to call is given.
	money, percent, clock, phone bool
	// company is set when a company is named.
	company bool
	// counted are the words behind a number in words, folded: "ba cấp hội
	// nghị" counts "cap".
	counted []string
}

// offersOf looks through passage i, whose words are cut into tokens, and at
// what stands below it.
func offersOf(e *corpus.Edition, i int, tokens []vietnamese.Token) offers {
	words := e.Words(e.Passages[i].Span)
	o := offers{
		list: len(e.Children(i)) >= 2 || enumerates(words),
	}
	if strings.ContainsAny(words, "0123456789") { // all three need a figure, and looking takes them long
		o.symbol = symbolForm.MatchString(words)
		o.day = dateForm.MatchString(words)
		o.date = dayForm.MatchString(words)
		o.money = moneyForm.MatchString(words)
		o.clock = clockForm.MatchString(words)
		o.phone = phoneForm.MatchString(words)
	}
	o.company = companyForm.MatchString(words)
	o.percent = strings.Contains(words, "%") || strings.Contains(words, "phần trăm")
	for n, t := range tokens {
		o.figure = o.figure || t.Figure
		if n+1 < len(tokens) && slices.Contains(numberWords, t.Text) {
			o.counted = append(o.counted, tokens[n+1].Folded)
		}
		dated := n+1 < len(tokens) && (tokens[n+1].Figure || tokens[n+1].Roman)
		o.day = o.day || dated && slices.Contains(dayWords, t.Text) || t.Text == "giờ" && n > 0 && tokens[n-1].Figure
		o.time = o.time || dated && slices.Contains(timeWords, t.Text) || t.Text == "mùa"
		o.person = o.person || names(tokens[n:])
		o.body = o.body || t.Capital && slices.Contains(bodyWords, t.Text) || slices.Contains(personWords, t.Text)
	}
	o.time = o.time || o.day || weekdayForm.MatchString(words)
	return o
}

// What the tokens of a passage are compared with; read-only.
var (
	// numberWords are numbers in words. "một" and "năm" are left out: they are
	// "a" and "year" more often.
	numberWords = []string{"hai", "ba", "bốn", "sáu", "bảy", "tám", "chín", "mười"}
	// dayWords come before the figure of a day, month or hour, timeWords before
	// that of any time.
	dayWords  = []string{"ngày", "tháng", "lúc"}
	timeWords = []string{"quí", "năm", "khóa"}
	// bodyWords begin the names of bodies and offices, which are capitalised.
	bodyWords = []string{"sở", "ban", "ủy", "văn", "đảng", "tỉnh", "huyện", "thành", "hội", "công", "bộ", "mặt", "đoàn", "đài", "báo",
		"chi", "trường", "trung", "chính", "quốc", "thuế", "viện", "tòa", "liên", "đại", "ông", "bà", "bí", "chủ", "thủ", "phó", "cục", "tổng"}
	// surnames are the commonest ones.
	surnames = []string{"nguyễn", "trần", "lê", "phạm", "hoàng", "huỳnh", "phan", "vũ", "võ", "đặng", "bùi", "đỗ", "hồ", "ngô", "dương",
		"lí", "lò", "vàng", "giàng", "sùng", "hà", "cao", "đinh", "trịnh", "mai", "đoàn", "tạ", "lưu", "chu", "lương", "triệu", "quách",
		"nông", "hứa", "vương", "thạch", "kim", "sơn", "danh", "điểu", "ksor", "ma", "vi", "bế", "hoa"}
	// personWords stand for people and bodies without a capital.
	personWords = []string{"người", "ông", "bà", "cán", "viên", "cấp", "ngành", "dân"}
)

var (
	dayForm     = regexp.MustCompile(`(?i)\b(ngày|mồng|mùng|sáng|chiều|tối)\s+\d|\b\d{1,2}/\d{1,2}\b`)
	dateForm    = regexp.MustCompile(`\d{1,2}/\d{4}|\d{1,2}/\d{1,2}/`)
	weekdayForm = regexp.MustCompile(`(?i)\bthứ (hai|ba|tư|năm|sáu|bảy)|chủ nhật`)
	moneyForm   = regexp.MustCompile(`(?i)\d\s*(nghìn|ngàn|triệu|tỷ|tỉ|đồng|USD|đô la|đ\b)`)
	clockForm   = regexp.MustCompile(`(?i)\d\s*(giờ|h\d|g\d)|\d:\d\d`)
	phoneForm   = regexp.MustCompile(`\d{3,}([ .]\d{3,})+|\b(0|1[89]00)\d{3,}|(?i)(số điện thoại|đường dây nóng|tổng đài|gọi|số) \d`)
	companyForm = regexp.MustCompile(`(Công ty|công ty|Tập đoàn|tập đoàn|Hãng|hãng|[Nn]hà thầu)( cổ phần| TNHH)? \p{Lu}`)
	symbolForm  = regexp.MustCompile(`\d(/\d{4})?[-/](NQ|KH|CT|CTr|QĐ|BC|HD|TB|NĐ|TT)[-/]?\p{Lu}`)
)

// names reports whether tokens begin with the name of a person: a title or a
// common surname with a name in capitals behind it.
func names(tokens []vietnamese.Token) bool {
	surname := tokens[0].Capital && slices.Contains(surnames, tokens[0].Text)
	if !surname && !slices.Contains([]string{"ông", "bà", "chí"}, tokens[0].Text) {
		return false
	}
	return len(tokens) > 2 && tokens[1].Capital && tokens[2].Capital && !slices.Contains(bodyWords, tokens[1].Text)
}

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
func (o offers) satisfies(asked question) bool {
	for _, t := range asked.Types {
		switch {
		case t == AsksNumber && !o.figure && !o.counts(asked),
			t == AsksTime && (!(o.day || o.time && !asked.day) || asked.date && !o.date),
			t == AsksWho && (!o.body || asked.office != "" && !o.person),
			t == AsksSymbol && !o.symbol:
			return false
		}
	}
	return o.givesKind(asked)
}

// givesKind reports whether the passage gives a number of the kind asked for: a
// sum, a share, a time of day, a number to call; or a company.
func (o offers) givesKind(asked question) bool {
	w := asked.wants
	return (!w.money || o.money) && (!w.percent || o.percent) && (!w.clock || o.clock) && (!w.phone || o.phone) && (!w.company || o.company)
}

// counts reports whether the passage counts in words what the question asks
// the number of.
func (o offers) counts(asked question) bool {
	return slices.ContainsFunc(asked.subject, func(i int) bool { return slices.Contains(o.counted, asked.terms[i].Folded) })
}
