package unaccent

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestString(t *testing.T) {
	for s, want := range map[string]string{
		"":                   "",
		"hoi nghi 2025/09":   "hoi nghi 2025/09",
		"Nghị quyết Đại hội": "Nghi quyet Dai hoi",
		"đường ĐỒNG Ở Ưỡn ỹ": "duong DONG O Uon y",
		"hoà hòa hoa\u0300":  "hoa hoa hoa",
		"ắ ằ ẳ ẵ ặ ấ ầ ẩ ẫ ậ":       "a a a a a a a a a a",
		"café naïve Ångström Čapek": "cafe naive Angstrom Capek",
		"45.799 tỷ, 6,8% – “bến”":   "45.799 ty, 6,8% – “ben”",
		"ß ø ł":                     "ß ø ł", // letters of their own, not letters with a mark
		"й ά が":                     "и α か",
		"\u0301":                    "",
		"a\xffb đ":                  "a\ufffdb d",
	} {
		if got := String(s); got != want {
			t.Errorf("String(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestEveryVietnameseLetterBecomesALetterOfASCII(t *testing.T) {
	for _, vowel := range "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY" {
		for _, tone := range []string{"", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"} {
			letter := norm.NFC.String(string(vowel) + tone)
			want := norm.NFD.String(letter)[:1]
			if got := String(letter); got != want {
				t.Errorf("String(%q) = %q, want %q", letter, got, want)
			}
		}
	}
}

func TestTheResultHasNoMarksWhateverTheNormalForm(t *testing.T) {
	letters := rapid.OneOf(
		rapid.SampledFrom([]rune("aăâđeêioôơuưyỳÝỵĐƯỢ한글がйάÅẠ̛̊́̀̃̉̆̂ -1")),
		rapid.RuneFrom(nil, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Hangul, unicode.Mn),
	)
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOfN(letters, -1, 20, -1).Draw(t, "s")
		got := String(s)
		if strings.ContainsFunc(got, func(r rune) bool { return unicode.Is(unicode.Mn, r) || r == 'đ' || r == 'Đ' }) {
			t.Errorf("String(%q) = %q has marks", s, got)
		}
		if again := String(got); again != got {
			t.Errorf("String(%q) = %q, want no change", got, again)
		}
		if one, other := String(norm.NFC.String(s)), String(norm.NFD.String(s)); one != got || other != got {
			t.Errorf("String(%q) = %q, composed %q, decomposed %q", s, got, one, other)
		}
	})
}
