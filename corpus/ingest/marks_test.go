package ingest

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestParseMarkTakesEveryFormOfMark(t *testing.T) {
	type found struct {
		unit    unit
		label   string
		ordinal int
		words   string // what stands behind the mark
	}
	for line, want := range map[string]found{
		"I- TÌNH HÌNH":             {unitRoman, "I", 1, "TÌNH HÌNH"},
		"II. Phương hướng":         {unitRoman, "II", 2, "Phương hướng"},
		"IV - Tổ chức":             {unitRoman, "IV", 4, "Tổ chức"},
		"IX/ “Ba nhất”":            {unitRoman, "IX", 9, "“Ba nhất”"},
		"XIV.- Kết luận":           {unitRoman, "XIV", 14, "Kết luận"},
		"A. Kết quả":               {unitLetter, "A", 1, "Kết quả"},
		"B- Hạn chế":               {unitLetter, "B", 2, "Hạn chế"},
		"1. Thành tựu":             {unitArabic, "1", 1, "Thành tựu"},
		"2- Hạn chế":               {unitArabic, "2", 2, "Hạn chế"},
		"3) giữ kỷ cương":          {unitArabic, "3", 3, "giữ kỷ cương"},
		"4 / Tổ chức":              {unitArabic, "4", 4, "Tổ chức"},
		"1.1 Về kinh tế":           {unitTwo, "1.1", 1, "Về kinh tế"},
		"6.12. Mặt trận":           {unitTwo, "6.12", 12, "Mặt trận"},
		"2.1.3. Nghề cá":           {unitThree, "2.1.3", 3, "Nghề cá"},
		"a) cảng biển":             {unitPoint, "a", 1, "cảng biển"},
		"đ) điện gió":              {unitPoint, "đ", 5, "điện gió"},
		"e. Du lịch":               {unitPoint, "e", 6, "Du lịch"},
		"g)khoa học":               {unitPoint, "g", 7, "khoa học"},
		"- Nạo vét":                {unitBullet, "", 0, "Nạo vét"},
		"+ Xã Cồn Sò":              {unitBullet, "", 0, "Xã Cồn Sò"},
		"•bến cá":                  {unitBullet, "", 0, "bến cá"},
		"- 5 xã đạt chuẩn":         {unitBullet, "", 0, "5 xã đạt chuẩn"},
		"Thứ nhất, do thời tiết":   {unitOrdinal, "nhất", 1, "Thứ nhất, do thời tiết"},
		"Thứ tư: nạo vét":          {unitOrdinal, "tư", 4, "Thứ tư: nạo vét"},
		"Một là, hạ tầng":          {unitOrdinal, "một", 1, "Một là, hạ tầng"},
		"Mười là: kỷ luật":         {unitOrdinal, "mười", 10, "Mười là: kỷ luật"},
		"Điều 5.":                  {unitArticle, "5", 5, ""},
		"Điều 12a. Tên gọi":        {unitArticle, "12a", 12, "Tên gọi"},
		"ĐIỀU 3: quyền của dân":    {unitArticle, "3", 3, "quyền của dân"},
		"Chương I":                 {unitChapter, "I", 1, ""},
		"CHƯƠNG IV QUY ĐỊNH CHUNG": {unitChapter, "IV", 4, "QUY ĐỊNH CHUNG"},
		"Mục 1. CƠ QUAN":           {unitSection, "1", 1, "CƠ QUAN"},
		"Tiểu mục 2. Thủ tục":      {unitSubsection, "2", 2, "Thủ tục"},
		"Phần thứ nhất":            {unitPart, "thứ nhất", 1, ""},
		"PHẦN THỨ HAI - NHIỆM VỤ":  {unitPart, "thứ hai", 2, "NHIỆM VỤ"},
		"Phần III. Tổ chức":        {unitPart, "III", 3, "Tổ chức"},
		"III.TÌNH HÌNH":            {unitRoman, "III", 3, "TÌNH HÌNH"},
		"5.Về kinh tế":             {unitArabic, "5", 5, "Về kinh tế"},
	} {
		m, ok := parseMark(line)
		got := found{m.unit, m.label, m.ordinal, line[m.words:]}
		if diff := cmp.Diff(got, want, cmp.AllowUnexported(found{})); diff != "" || !ok {
			t.Errorf("%q: %v (-got +want):\n%s", line, ok, diff)
		}
	}
}

// What only the order of the lines can refuse ("C. Mác", the weekday "Thứ hai,
// ngày 24 tháng 11") stands in testdata/structure/figures.txt and parts.txt.
func TestParseMarkRefusesWhatBeginsLikeOne(t *testing.T) {
	for _, line := range []string{
		"", "-", "I.", "1.", "a)", "45.799 tỷ đồng", "45.79 tỷ đồng", "1.285 lượt xem", "3-4 lần", "24-26/9 là ba ngày họp",
		"24/9/2025", "10-15% mỗi năm", "-5 độ", "2020. Năm khó khăn", "V.I. Lênin", "V. I. Lênin", "5.tháng", "C.Mác", "I love", "L - l",
		"Điều này", "Điều 5 của Luật này", "Điều 5 Luật Đất đai", "Điều 9 Điều lệ Đảng", "điều 5. Phạm vi", "Mục tiêu", "Mục lục", "MỤC LỤC",
		"Phần lớn", "Phần thứ", "Chương trình", "Mục 2 của Nghị quyết", "Thứ hai tuần sau", "Một là đủ", "ông) nói", "w) lạ", "A lô",
	} {
		if m, ok := parseMark(line); ok {
			t.Errorf("%q is taken for %+v", line, m)
		}
	}
}

func FuzzParseMark(f *testing.F) {
	for _, s := range []string{"I- TÌNH HÌNH", "1.1. Về", "đ) điện", "Mục 1đ. X", "PHẦN THỨ NHẤT", "Thứ tư, ngày", "Điều 12a.", "–", "XLIX/ A", "45.799 tỷ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		line := clean(s)
		m, ok := parseMark(line)
		if !ok {
			return
		}
		if m.unit < unitPart || m.unit > unitBullet || (m.ordinal < 1) != (m.unit == unitBullet) {
			t.Errorf("%q: %+v", line, m)
		}
		if m.words < 0 || m.words > len(line) || !utf8.ValidString(line[m.words:]) {
			t.Errorf("%q: words at %d", line, m.words)
		}
		if place := m.place(1); strings.ContainsFunc(place, func(r rune) bool { return r <= ' ' || r > '~' }) {
			t.Errorf("%q: place %q is not ASCII", line, place)
		}
	})
}
