package retrieval

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// typeForm are the phrases that ask for one type of thing, in lower case
// without marks.
type typeForm struct {
	asks    QuestionType
	phrases []string
}

// typeForms are in the order in which types lead; read-only.
var typeForms = []typeForm{
	{AsksSymbol, []string{"so hieu", "so ky hieu", "so va ky hieu", "van ban so", "ky hieu"}},
	{AsksTime, []string{"khi nao", "bao gio", "luc nao", "ngay nao", "hom nao", "bua nao", "thang nao", "quy nao", "nam nao", "thoi gian nao", "thoi diem nao",
		"ngay may", "thang may", "thu may", "may gio", "gio nao", "bao lau", "han chot", "muon nhat", "cham nhat"}},
	{AsksWho, []string{"ai", "nguoi nao", "co quan nao", "don vi nao", "to chuc nao", "so nao", "ban nao", "nganh nao", "cap nao", "doan the nao", "cong ty nao", "doanh nghiep nao", "hang nao", "nha thau nao", "tap doan nao"}},
	{AsksNumber, []string{"bao nhieu", "may phan tram", "muc nao", "may"}},
	{AsksList, []string{"gom", "nhung gi", "ke ten", "liet ke", "nhung ai"}},
}

// markedForms are the phrases above that mean something else with other marks:
// "mấy" asks, "may" does not; "sở nào" asks for a body, "số nào" does not. They
// are looked for with their marks where the asker types any; read-only.
var markedForms = map[string]string{"may": "mấy", "ai": "ai", "so nao": "sở nào", "ban nao": "ban nào", "muc nao": "mức nào"}

// listForm finds the questions for a list that have words in between: "những
// hội nghị nào", "ba khâu đột phá là gì"; listFormFolded those without marks.
var (
	listForm       = regexp.MustCompile(`(^| )(những|các|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|\d+) (\pL+ ){1,6}(nào|gì|là) |^ ?(các|những) `)
	listFormFolded = regexp.MustCompile(`(^| )(nhung|cac|hai|ba|bon|nam|sau|bay|tam|chin|muoi|\d+) (\pL+ ){1,6}(nao|gi|la) |^ ?(cac|nhung) `)
)

// offices are offices whose holder people ask for, in lower case without
// marks; read-only.
var offices = []string{"bi thu", "chu tich", "giam doc", "chu nhiem", "truong ban", "chanh van phong", "bo truong", "thu tuong"}

// wording is a text in the forms in which phrases are looked for: its words set
// apart by single spaces, with and without marks.
type wording struct{ marked, plain string }

func wordingOf(text string) wording {
	marked := spaced(strings.ToLower(text))
	return wording{marked: marked, plain: fold(marked)}
}

// spaced sets the words of a text apart by single spaces, with one at each end,
// so that a phrase is found by its words alone.
func spaced(s string) string {
	words := strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '%' })
	return " " + strings.Join(words, " ") + " "
}

// count is how often a phrase stands in a spaced text.
func count(text, phrase string) int {
	n := 0
	for at := 0; ; {
		i := strings.Index(text[at:], phrase)
		if i < 0 {
			return n
		}
		begin, end := at+i, at+i+len(phrase)
		if begin > 0 && text[begin-1] == ' ' && end < len(text) && text[end] == ' ' {
			n++
		}
		at = end
	}
}

// has reports whether one of the phrases, written without marks, stands in the
// text.
func (w wording) has(phrases ...string) bool {
	return slices.ContainsFunc(phrases, func(phrase string) bool { return count(w.plain, phrase) > 0 })
}

// office is the office that a text names, with "pho" before it for a deputy's,
// or empty.
func (w wording) office() string {
	for _, office := range offices {
		switch {
		case w.has("pho " + office):
			return "pho " + office
		case w.has(office):
			return office
		}
	}
	return ""
}

// namesOffice reports whether a text names an office, and not only its deputy.
func (w wording) namesOffice(office string) bool {
	return count(w.plain, office) > count(w.plain, "pho "+office)
}

// asksOpinion reports whether a question asks for a judgement, which a
// reference service does not give.
func (w wording) asksOpinion() bool {
	return w.has("tot khong", "xau khong", "gioi khong", "kem khong", "tot hay xau", "ban nghi", "ban thay", "theo ban", "y kien cua ban", "bau cho ai")
}

// asksDay reports whether a question asks for a time to the day.
func (w wording) asksDay() bool {
	return w.has("ngay nao", "ngay may", "hom nao", "bua nao", "thang nao", "thang may", "may gio", "gio nao", "han chot")
}

// asksDate reports whether a question asks for the very day.
func (w wording) asksDate() bool { return w.has("ngay nao", "ngay may", "hom nao", "bua nao") }

// Forms of questions for a number of one kind, in a spaced text without marks.
var (
	moneyAsked   = regexp.MustCompile(` (bao nhieu|may) (\S+ )?(tien|dong|trieu|ty|ti|nghin|ngan) |(^| )gia (\S+ )?(ve|thue|ban|mua|cuoc) .*bao nhieu `)
	companyAsked = regexp.MustCompile(` (cong ty|hang|nha thau|tap doan) nao `)
	percentAsked = regexp.MustCompile(` (bao nhieu|may) (phan tram|%|phan) `)
	clockAsked   = regexp.MustCompile(` may gio `)
	phoneAsked   = regexp.MustCompile(` (goi|nhan|dien|bao|lien he) (\S+ ){0,3}so nao | so dien thoai | so may `)
)

// wanted says of what kind the number is that a question asks for.
type wanted struct{ money, percent, clock, phone, company bool }

func (w wording) wanted() wanted {
	return wanted{
		money:   moneyAsked.MatchString(w.plain),
		percent: percentAsked.MatchString(w.plain),
		clock:   clockAsked.MatchString(w.plain),
		phone:   phoneAsked.MatchString(w.plain),
		company: companyAsked.MatchString(w.plain),
	}
}

// types tells what a question asks for.
func (w wording) types(unaccented bool) []QuestionType {
	var types []QuestionType
	for _, f := range typeForms {
		for _, phrase := range f.phrases {
			marked := markedForms[phrase]
			if phrase == "may" && count(w.plain, "thu may") > 0 {
				continue // the day of a week is no number
			}
			if w.has(phrase) && (marked == "" || unaccented || count(w.marked, marked) > 0) {
				types = append(types, f.asks)
				break
			}
		}
	}
	if (len(types) == 0 || types[len(types)-1] != AsksList) && w.asksList(unaccented) {
		types = append(types, AsksList)
	}
	return types
}

// asksList looks for the forms of a question for a list, with their marks where
// the asker types any: "Bà … là ai" asks for none.
func (w wording) asksList(unaccented bool) bool {
	if unaccented {
		return listFormFolded.MatchString(w.plain)
	}
	return listForm.MatchString(w.marked)
}
