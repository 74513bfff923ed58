package vietnamese

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func FuzzTokenize(f *testing.F) {
	for _, seed := range []string{
		"Uỷ ban 1.285 người, đạt 8,0-8,5%", "Nghị quyết số 11-NQ/ĐH ngày 01 tháng 7", norm.NFD.String("Hoà Đường thuý"),
		"ng\u200bhị qu\u00adyết", "👍 a\xffb <b>đậm</b>", "J\u030c ký lŷ İ ǅ", "",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tokens := Tokenize(text)
		end := 0
		for _, token := range tokens {
			if token.Start < end || token.End <= token.Start || token.End > len(text) {
				t.Fatalf("Tokenize(%q): token %+v does not follow byte %d in order", text, token, end)
			}
			end = token.End
			again := Tokenize(token.Text)
			if len(again) != 1 || again[0].Text != token.Text || again[0].Folded != token.Folded {
				t.Fatalf("Tokenize(%q) of the token %+v: %+v, want the same again", token.Text, token, again)
			}
			if !latin(token.Text) {
				continue // folding is for the Latin alphabet
			}
			if bare := Tokenize(token.Folded); len(bare) != 1 || bare[0].Text != token.Folded || bare[0].Folded != token.Folded {
				t.Fatalf("Tokenize(%q) of the folded token %+v: %+v, want the same again", token.Folded, token, bare)
			}
		}
		if !utf8.ValidString(text) {
			return
		}
		composed, apart := Tokenize(norm.NFC.String(text)), Tokenize(norm.NFD.String(text))
		if len(composed) != len(apart) {
			t.Fatalf("%q: %d tokens in NFC, %d in NFD", text, len(composed), len(apart))
		}
		for i := range composed {
			if composed[i].Text != apart[i].Text || composed[i].Folded != apart[i].Folded {
				t.Fatalf("%q: token %d is %+v in NFC, %+v in NFD", text, i, composed[i], apart[i])
			}
		}
	})
}

func FuzzSentences(f *testing.F) {
	for _, seed := range []string{
		"Điều 18. Phạm vi. Hết./.\n1. Mục tiêu", "TP. Huế… “Được.” v.v. A.B.C. xong", norm.NFD.String("Đến năm 2025. Điều 2. Xong."),
		"a\xff. B\xc3", " \n.\u2028?!", "",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, s := range Sentences(text) {
			if s[0] < end || s[1] <= s[0] || s[1] > len(text) {
				t.Fatalf("Sentences(%q): %v does not follow byte %d in order", text, s, end)
			}
			if left := strings.TrimSpace(text[end:s[0]]); left != "" {
				t.Fatalf("Sentences(%q): %q is left out before %v", text, left, s)
			}
			if words := text[s[0]:s[1]]; strings.TrimSpace(words) != words {
				t.Fatalf("Sentences(%q): %q has white space around it", text, words)
			}
			end = s[1]
		}
		if left := strings.TrimSpace(text[end:]); left != "" {
			t.Fatalf("Sentences(%q): %q is left out at the end", text, left)
		}
	})
}

// latin reports whether a word is of the alphabet that folding is for.
func latin(word string) bool {
	for _, r := range word {
		if !unicode.In(r, unicode.Latin, unicode.Inherited, unicode.Nd) {
			return false
		}
	}
	return true
}
