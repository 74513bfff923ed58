package textcut_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/hoinq/hoinq/internal/textcut"
)

func TestAtCutsWhereAReaderWould(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		most int
		want string
	}{
		"all fits":                  {"Một câu.", 100, "Một câu."},
		"after a line":              {"Dòng một dài.\nDòng hai. Thêm chữ", 30, "Dòng một dài.\n"},
		"a line too early":          {"A\nCâu thứ nhất dài hơn. Câu hai nữa", 40, "A\nCâu thứ nhất dài hơn. "},
		"between words":             {"chữ chữ chữ chữ", 9, "chữ "},
		"between letters":           {strings.Repeat("ữ", 10), 8, "ữữ"},
		"never within a letter":     {"e\u0302\u0301e\u0302\u0301", 7, "e\u0302\u0301"},
		"a letter longer than fits": {"e\u0302\u0301", 3, "e\u0302"},
		"nothing fits":              {"chữ", 0, ""},
	} {
		if got := c.text[:textcut.At(c.text, c.most)]; got != c.want {
			t.Errorf("%s: cut after %q, want %q", name, got, c.want)
		}
	}
}

func FuzzCut(f *testing.F) {
	f.Add("Câu một. Câu hai 😀.", 9)
	f.Fuzz(func(t *testing.T, text string, units int) {
		text, units = strings.ToValidUTF8(text, "?"), max(units, 0)
		n := textcut.Within(text, units)
		if got := textcut.Units(text[:n]); got > units || n < len(text) && textcut.Units(text[:n+utf8.RuneLen([]rune(text[n:])[0])]) <= units {
			t.Errorf("%d units of %q: %d bytes, which have %d", units, text, n, got)
		}
		if at := textcut.At(text, n); at > n || !utf8.ValidString(text[:at]) {
			t.Errorf("%q is cut after %d of at most %d bytes", text, at, n)
		}
	})
}
