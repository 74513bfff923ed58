package vietnamese

import (
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestATextIsReadAsItLooks(t *testing.T) {
	for _, tc := range []struct{ name, text, want string }{
		{"Vietnamese stays", "Nghị quyết Đại hội, 45.799 tỷ; 8,5% – “bến”…", "Nghị quyết Đại hội, 45.799 tỷ; 8,5% – “bến”…"},
		{"Cyrillic letters in a Latin word", "nghị quyết Đảng bộ хã, сhi bộ", "nghị quyết Đảng bộ xã, chi bộ"},
		{"with a mark of their own", "Đа\u0323i hо\u0302\u0323i", "Đại hội"},
		{"a word of look-alikes alone in a Latin text", "nghị quyết сhо хе", "nghị quyết cho xe"},
		{"a Russian word stays", "Москва là gì", "Москва là gì"},
		{"and a Russian text", "рост хора", "рост хора"},
		{"Greek letters", "ΝGΗỊ QUYẾΤ", "NGHỊ QUYẾT"},
		{"one letter alone may be meant", "vitamin α và Δ", "vitamin α và Δ"},
		{"fullwidth letters, digits and signs", "Ｎghị quyết ２０２５，８％？", "Nghị quyết 2025,8%?"},
		{"mathematical letters", "𝐧𝐠𝐡ị 𝑞𝑢𝑦ế𝑡 ℎội 𝟏𝟕", "nghị quyết hội 17"},
		{"also with a mark behind", "𝐞\u0302\u0301", "ế"},
		{"a Roman numeral in one sign", "Đại hội Ⅻ", "Đại hội XII"},
		{"a power stays", "120 km², 3 m³", "120 km², 3 m³"},
		{"Icelandic and African letters for đ", "Ðại hội ðảng bộ, Ɖiều", "Đại hội đảng bộ, Điều"},
		{"not where no đ stands", "Guðmundsson", "Guðmundsson"},
		{"a tone before the shape", "quye\u0301\u0302t", "quyết"},
		{"also on a composed letter", "quy\u00e9\u0302t đ\u1ea1\u0301", "quyết đ\u1ea1\u0301"},
		{"a mark twice", "quyế\u0301t ho\u0302\u0302i", "quyết hôi"},
		{"signs without width", "ng\u200bhị qu\u00adyết \u2060đ\u034f\u1ea1\ufe0fi", "nghị quyết đại"},
		{"taken apart", norm.NFD.String("Đường"), "Đường"},
		{"emoji", "👍🏽 tốt", "👍🏽 tốt"},
		{"nothing", "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := Latin(tc.text); got != tc.want {
				t.Errorf("Latin(%q) = %q, want %q", tc.text, got, tc.want)
			}
		})
	}
}

func FuzzLatin(f *testing.F) {
	f.Add("Ðạі hội Ⅻ 𝐧𝐠𝐡ị")
	f.Add("e\u0301\u0302\u0301 \xff")
	f.Fuzz(func(t *testing.T, text string) {
		once := Latin(text)
		if again := Latin(once); again != once {
			t.Errorf("%q is read as %q, and that as %q", text, once, again)
		}
	})
}
