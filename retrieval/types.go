package retrieval

import (
	"regexp"
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
		"ngay may", "thang may", "may gio", "gio nao", "bao lau", "han chot", "muon nhat", "cham nhat"}},
	{AsksWho, []string{"ai", "nguoi nao", "co quan nao", "don vi nao", "to chuc nao", "so nao", "ban nao", "nganh nao", "cap nao", "doan the nao"}},
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

// officeIn is the office that a text names, with "pho" before it for a deputy's,
// or empty.
func officeIn(text string) string {
	key := spaced(fold(text))
	for _, office := range offices {
		switch {
		case strings.Contains(key, " pho "+office+" "):
			return "pho " + office
		case strings.Contains(key, " "+office+" "):
			return office
		}
	}
	return ""
}

// namesOffice reports whether a text names an office, and not only its deputy.
func namesOffice(text, office string) bool {
	key := spaced(fold(text))
	return strings.Count(key, " "+office+" ") > strings.Count(key, " pho "+office+" ")
}

// asksOpinion reports whether a question asks for a judgement, which a
// reference service does not give.
func asksOpinion(text string) bool {
	return holdsPhrase(text, "tot khong", "xau khong", "gioi khong", "kem khong", "tot hay xau", "ban nghi", "ban thay", "theo ban", "y kien cua ban", "bau cho ai")
}

func holdsPhrase(text string, phrases ...string) bool {
	key := spaced(fold(text))
	for _, phrase := range phrases {
		if strings.Contains(key, " "+phrase+" ") {
			return true
		}
	}
	return false
}

// asksDay reports whether a question asks for a time to the day.
func asksDay(text string) bool {
	return holdsPhrase(text, "ngay nao", "ngay may", "hom nao", "bua nao", "thang nao", "thang may", "may gio", "gio nao", "han chot")
}

// typesOf tells what a question asks for.
func typesOf(text string, unaccented bool) []QuestionType {
	key, lower := spaced(fold(text)), spaced(strings.ToLower(text))
	var types []QuestionType
	for _, f := range typeForms {
		for _, phrase := range f.phrases {
			marked := markedForms[phrase]
			if strings.Contains(key, " "+phrase+" ") && (marked == "" || unaccented || strings.Contains(lower, " "+marked+" ")) {
				types = append(types, f.asks)
				break
			}
		}
	}
	if (len(types) == 0 || types[len(types)-1] != AsksList) && asksList(key, lower, unaccented) {
		types = append(types, AsksList)
	}
	return types
}

// asksList looks for the forms of a question for a list, with their marks where
// the asker types any: "Bà … là ai" asks for none.
func asksList(key, lower string, unaccented bool) bool {
	if unaccented {
		return listFormFolded.MatchString(key)
	}
	return listForm.MatchString(lower)
}

// spaced sets the words of a text apart by single spaces, with one at each end,
// so that a phrase is found by its words alone.
func spaced(s string) string {
	words := strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '%' })
	return " " + strings.Join(words, " ") + " "
}
