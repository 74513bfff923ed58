package vietnamese

import (
	"slices"
	"strings"
	"testing"
)

func TestExpandWritesAbbreviationsOut(t *testing.T) {
	lexicon := NewLexicon()
	for _, tc := range []struct{ name, question, want string }{
		{"chat is written out", "NQ ĐH có bn chỉ tiêu v ad?", "nghị quyết đại hội có bao nhiêu chỉ tiêu vậy ad?"},
		{"punctuation around it stays", `(UBND), "BHYT"; MTTQ… cđs!`, `(ủy ban nhân dân), "bảo hiểm y tế"; mặt trận tổ quốc… chuyển đổi số!`},
		{"one with a hyphen or stroke is whole", "KT-XH, đ/c, CT-XH", "kinh tế xã hội, đồng chí, chính trị xã hội"},
		{"one with and without đ", "HĐND HDND CTHĐ cthd", "hội đồng nhân dân hội đồng nhân dân chương trình hành động chương trình hành động"},
		{"the rest stays as it was typed, with single spaces", "  Ba   khâu ĐỘT PHÁ là gì?", "Ba khâu ĐỘT PHÁ là gì?"},
		{"a symbol is no abbreviation", "Nghị quyết 11-NQ/TU", "Nghị quyết 11-NQ/TU"},
		{"a part of a word is none", "nqx xnq kh1", "nqx xnq kh1"},
		{"one capital is a numeral or an initial, one small letter chat", "Phần V k? Ông K. nói j", "Phần V không? Ông K. nói gì"},
		{"signs alone", "?! … -", "?! … -"},
		{"nothing", "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := lexicon.Expand(tc.question); got != tc.want {
				t.Errorf("Expand(%q):\n got %q\nwant %q", tc.question, got, tc.want)
			}
		})
	}
}

func TestWeightless(t *testing.T) {
	lexicon := NewLexicon()
	for _, tc := range []struct {
		name, question string
		unaccented     bool
		want           string // the words that weigh something
	}{
		{"question words and courtesy weigh nothing", "Dạ cho em hỏi mục đích là gì ạ?", false, "mục đích"},
		{"the longest phrase wins", "Ngày nào, năm nào, nơi nào, khi nào họp", false, "họp"},
		{"a phrase counts as a whole only", "Năm người nói nội dung", false, "năm người nội dung"},
		{"marks tell a weightless word from another", "của cửa là lá được đuốc", false, "cửa lá đuốc"},
		{"another placement of the tone is the same word", "ra sao, cuả", false, "cuả"},
		{"without marks only what is safe is left out", "dang vien la gi", true, "dang vien"},
		{"words that may be another keep their weight", "chi tieu hoi nghi dang bo dat", true, "chi tieu hoi nghi dang bo dat"},
		{"whole phrases are left out without marks too", "xin hoi nghi quyet co bao nhieu chi tieu nhu the nao", true, "nghi quyet chi tieu"},
		{"an unmarked word in a marked question keeps its weight", "mục đích la gi", false, "mục đích la gi"},
		{"nothing", "", false, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tokens := Tokenize(tc.question)
			var got []string
			for i, weightless := range lexicon.Weightless(tokens, tc.unaccented) {
				if !weightless {
					got = append(got, tokens[i].Text)
				}
			}
			if want := strings.Fields(tc.want); !slices.Equal(got, want) {
				t.Errorf("content of %q: %q, want %q", tc.question, got, want)
			}
		})
	}
}
