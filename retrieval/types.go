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

// listForm finds the questions for a list that have words in between: "những
// hội nghị nào", "ba khâu đột phá là gì".
var listForm = regexp.MustCompile(`(^| )(nhung|cac|hai|ba|bon|nam|sau|bay|tam|chin|muoi|\d+) (\S+ ){1,6}(nao|gi|la) |^ ?(cac|nhung) `)

// typesOf tells what a question asks for.
func typesOf(text string, unaccented bool) []QuestionType {
	key, lower := spaced(fold(text)), spaced(strings.ToLower(text))
	var types []QuestionType
	for _, f := range typeForms {
		for _, phrase := range f.phrases {
			// "mấy" asks, "may" does not, where the asker types marks.
			if strings.Contains(key, " "+phrase+" ") && (phrase != "may" || unaccented || strings.Contains(lower, " mấy ")) {
				types = append(types, f.asks)
				break
			}
		}
	}
	if (len(types) == 0 || types[len(types)-1] != AsksList) && listForm.MatchString(key) {
		types = append(types, AsksList)
	}
	return types
}

// spaced sets the words of a text apart by single spaces, with one at each end,
// so that a phrase is found by its words alone.
func spaced(s string) string {
	words := strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '%' })
	return " " + strings.Join(words, " ") + " "
}
