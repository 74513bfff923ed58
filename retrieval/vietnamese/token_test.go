package vietnamese

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// described writes tokens as "text/folded@start-end", with the marks C, F and R
// for a capital, a figure and a Roman numeral.
func described(tokens []Token) string {
	var out []string
	for _, t := range tokens {
		s := fmt.Sprintf("%s/%s@%d-%d", t.Text, t.Folded, t.Start, t.End)
		for _, mark := range []struct {
			set  bool
			sign string
		}{{t.Capital, "C"}, {t.Figure, "F"}, {t.Roman, "R"}} {
			if mark.set {
				s += mark.sign
			}
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func TestTokenize(t *testing.T) {
	for _, tc := range []struct{ name, text, want string }{
		{"accents count and offsets are bytes", "Nghị quyết Đảng", "nghị/nghi@0-6C quyết/quyet@7-14 đảng/dang@15-22C"},
		{"a mark of its own belongs to its letter", norm.NFD.String("Nghị Đảng"), "nghị/nghi@0-6C đảng/dang@7-14C"},
		{"đ is a letter of its own and folds to d", "Đ đ d", "đ/d@0-2C đ/d@3-5 d/d@6-7"},
		{"a point or comma between digits belongs to the figure", "1.285 lượt, 8,0-8,5%.", "1.285/1.285@0-5F lượt/luot@6-13 8,0/8,0@15-18F 8,5/8,5@19-22F %/%@22-23"},
		{"a point behind a figure does not", "Năm 2020. 5", "năm/nam@0-4C 2020/2020@5-9F 5/5@11-12F"},
		{"a day and a month lose their leading zero", "01 tháng 7, 00, 007", "1/1@0-2F tháng/thang@3-9 7/7@10-11F 0/0@13-15F 007/007@17-20F"},
		{"a date is its figures", "1/7/2025", "1/1@0-1F 7/7@2-3F 2025/2025@4-8F"},
		{"a symbol is its parts", "11-NQ/ĐH", "11/11@0-2F nq/nq@3-5C đh/dh@6-9C"},
		{"a figure in a word does not end it, a letter ends a figure", "k16 16k km2", "k16/k16@0-3 16/16@4-6F k/k@6-7 km2/km2@8-11"},
		{"Roman numerals have two signs or more, in capitals", "XVII I xvii", "xvii/xvii@0-4CR i/i@5-6C xvii/xvii@7-11"},
		{"zero-width signs inside a word are passed over", "n\u200bghị\u200d qu\u00adyết", "nghị/nghi@0-9 quyết/quyet@13-22"},
		{"also between a letter and its mark", "ca\u200d\u0301", "cá/ca@0-7"},
		{"a letter composed in lower case only is composed", "J\u030c", "ǰ/j@0-3C"},
		{"emoji are no tokens", "👍🏽 tốt 👨‍👩‍👧", "tốt/tot@9-14"},
		{"invalid UTF-8 is passed over", "a\xffb \xc3 c", "a/a@0-1 b/b@2-3 c/c@6-7"},
		{"tags are words like others", "<b>Đậm</b>", "b/b@1-2 đậm/dam@3-9C b/b@11-12"},
		{"control characters set apart", "một\x00hai\tba", "một/mot@0-5 hai/hai@6-9 ba/ba@10-12"},
		{"no words", " .,;:!? “” – …", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := described(Tokenize(tc.text)); got != tc.want {
				t.Errorf("Tokenize(%q):\n got %s\nwant %s", tc.text, got, tc.want)
			}
		})
	}
}

func TestSpellingsThatReadersTakeForTheSameAreOneToken(t *testing.T) {
	for want, spellings := range map[string][]string{
		"hòa":    {"hoà", "Hòa", "HOÀ", norm.NFD.String("hoà")},
		"khỏe":   {"khoẻ", "khỏe"},
		"thúy":   {"thuý", "thúy", "THUÝ"},
		"ủy":     {"uỷ", "ủy", "Uỷ", norm.NFD.String("Uỷ")},
		"quí":    {"quý", "quí", "Quý"},
		"kĩ":     {"kỹ", "kĩ"},
		"lí":     {"lý", "lí"},
		"mĩ":     {"Mỹ", "mĩ"},
		"đường":  {"ĐƯỜNG", "đường", norm.NFD.String("Đường")},
		"hoàng":  {"hoàng", "HOÀNG"},
		"thủy":   {"thuỷ", "thủy"},
		"nguyễn": {"Nguyễn"},
		"hay":    {"hay"},
		"ý":      {"ý"},
	} {
		for _, spelling := range spellings {
			if got := Spell(spelling); got != want {
				t.Errorf("Spell(%q) = %q, want %q", spelling, got, want)
			}
		}
	}
}

func TestDifferentWordsStayDifferentAsTyped(t *testing.T) {
	for _, pair := range [][2]string{{"đường", "dương"}, {"hoa", "hòa"}, {"chỉ", "chi"}, {"quy", "quỳ"}, {"thủ", "thụ"}} {
		a, b := Tokenize(pair[0])[0], Tokenize(pair[1])[0]
		if a.Text == b.Text || a.Folded != b.Folded {
			t.Errorf("%q and %q: as typed %q and %q, folded %q and %q", pair[0], pair[1], a.Text, b.Text, a.Folded, b.Folded)
		}
	}
}

func TestMarkedTellsWhetherTheWriterTypedAMark(t *testing.T) {
	var got []bool
	for _, token := range Tokenize("Đảng dang đ 12 %") {
		got = append(got, token.Marked())
	}
	if want := []bool{true, false, true, false, false}; !slices.Equal(got, want) {
		t.Errorf("marked: %v, want %v", got, want)
	}
}
