package vietnamese

import (
	"slices"
	"strings"
	"testing"
)

func TestSentences(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"full stops, question and exclamation marks end one", "Đạt bao nhiêu? Rất cao! Hết.", []string{"Đạt bao nhiêu?", "Rất cao!", "Hết."}},
		{"the number of a điều does not", "Điều 18. Phạm vi áp dụng. Luật này.", []string{"Điều 18. Phạm vi áp dụng.", "Luật này."}},
		{"nor does that of a mục, a khoản, a bảng", "Theo mục 2.3. Khoản 4. Bảng 1. Số liệu.", []string{"Theo mục 2.3. Khoản 4. Bảng 1. Số liệu."}},
		{"nor the mark of a point", "1. Mục tiêu. Đạt.\nII. Nhiệm vụ.\n3.1. Lúa.\na. Tôm.", []string{"1. Mục tiêu.", "Đạt.", "II. Nhiệm vụ.", "3.1. Lúa.", "a. Tôm."}},
		{"a figure or numeral at the end does", "Đến năm 2025. Đại hội XVII. Đạt 12. Xong.", []string{"Đến năm 2025.", "Đại hội XVII.", "Đạt 12.", "Xong."}},
		{"titles and abbreviations do not", "Ở TP. Hồ Chí Minh. PGS. TS. Nguyễn Văn A. nói.", []string{"Ở TP. Hồ Chí Minh.", "PGS. TS. Nguyễn Văn A. nói."}},
		{"v.v. does before a capital only", "Tôm, cá v.v. đều tăng. Lúa, ngô v.v. Còn lại giảm.", []string{"Tôm, cá v.v. đều tăng.", "Lúa, ngô v.v.", "Còn lại giảm."}},
		{"points in figures do not", "Thu 45.799 tỷ đồng. Có 1.285 lượt.", []string{"Thu 45.799 tỷ đồng.", "Có 1.285 lượt."}},
		{"the stroke that closes a paper belongs to its sentence", "Kế hoạch này có hiệu lực./.\nNơi nhận: Tỉnh ủy.", []string{"Kế hoạch này có hiệu lực./.", "Nơi nhận: Tỉnh ủy."}},
		{"a closing quotation mark belongs to its sentence", "Ông nói: “Được.” Bà cười.", []string{"Ông nói: “Được.”", "Bà cười."}},
		{"a note in brackets belongs to it", "Có 348 đại biểu (nguồn: a.vn). Tiếp theo.", []string{"Có 348 đại biểu (nguồn: a.vn).", "Tiếp theo."}},
		{"three points end one, the sign for them does not", "À... Ừ. Chờ… Rồi đi.", []string{"À...", "Ừ.", "Chờ… Rồi đi."}},
		{"the end of a line ends one", "Dòng một\n\n  Dòng hai  \n", []string{"Dòng một", "Dòng hai"}},
		{"what has no full stop is one", "không dấu chấm", []string{"không dấu chấm"}},
		{"nothing is none", " \n\t\u00a0", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got []string
			for _, s := range Sentences(tc.text) {
				got = append(got, tc.text[s[0]:s[1]])
			}
			if !slices.Equal(got, tc.want) {
				t.Errorf("Sentences(%q):\n got %q\nwant %q", tc.text, got, tc.want)
			}
		})
	}
}

// A document of abbreviations alone is one sentence, and must not be searched
// from its beginning at each of them.
func TestManyAbbreviationsAreOneSentence(t *testing.T) {
	text := strings.Repeat("TP. ", 3_000) + "Huế."
	if got := Sentences(text); len(got) != 1 || got[0] != [2]int{0, len(text)} {
		t.Errorf("%d sentences, want one", len(got))
	}
}
