package ingest

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// unit is a level of structure that a mark opens. Units are ordered from the
// widest to the narrowest, by Guideline 36-HD/VPTW for Party papers and the
// appendix of Decree 30/2020/NĐ-CP for State papers.
type unit int

const (
	unitPart       unit = iota + 1 // "Phần thứ nhất", "PHẦN II"
	unitLetter                     // "A.", "B-"
	unitRoman                      // "I.", "II-", "III /"
	unitChapter                    // "Chương IV"
	unitSection                    // "Mục 2"
	unitSubsection                 // "Tiểu mục 1"
	unitArticle                    // "Điều 12."
	unitArabic                     // "3.", "3-", "3)"
	unitTwo                        // "3.1.", "3.1"
	unitThree                      // "3.1.2."
	unitOrdinal                    // "Thứ nhất, …", "Một là, …"
	unitPoint                      // "a)", "đ)"
	unitBullet                     // "-", "+", "•"
)

// mark is what stands at the beginning of a line and says where the line
// belongs. Whether it is one is for the order of the lines to confirm.
type mark struct {
	unit unit
	// label is the mark as a reader says it: "II", "6.2", "đ", "nhất".
	label string
	// ordinal counts the marks of one unit from 1; 0 for bullets.
	ordinal int
	// words is where the line's own words begin, in bytes.
	words int
	// certain marks need no confirmation: no other text begins so.
	certain bool
	// bullet is the sign of a bullet.
	bullet string
}

// The forms of marks. A sign without space behind it, as in "45.799 tỷ" or
// "3-4 lần", is part of a figure; hence the look at what follows.
var (
	markWord    = regexp.MustCompile(`^(?i:(phần thứ|phần|chương|mục|tiểu mục|điều))\s+([IVXLC]+|\d{1,4}[a-zđ]?|(?i:nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười))(?:\s*[.:/–-]|\s+|$)\s*`)
	markRoman   = regexp.MustCompile(`^([IVXL]{1,6})(?:\s*[-–/)]\s*|\s*\.\s*-\s*|\s*\.\s*)`)
	markLetter  = regexp.MustCompile(`^([A-HK])(?:\s*[-–/)]\s*|\s*\.\s+)`)
	markThree   = regexp.MustCompile(`^(\d{1,2}\.\d{1,2}\.\d{1,2})(?:[.)]\s*|\s+|[.]?\s*[-–]\s+)`)
	markTwo     = regexp.MustCompile(`^(\d{1,2}\.\d{1,2})(?:([.)])\s*|\s+|[.]?\s*[-–]\s+)`)
	markArabic  = regexp.MustCompile(`^(\d{1,3})(?:[.)]\s*|\s*/\s+|\s*[-–]\s*|[.]?\s*[-–]\s+)`)
	markPoint   = regexp.MustCompile(`^([a-zđ])(?:\s*\)\s*|[./]\s+)`)
	markBullet  = regexp.MustCompile(`^([-–—+*•●▪◦])\s*`)
	initial     = regexp.MustCompile(`^\p{Lu}\.`) // "V. I. Lênin"
	paperName   = regexp.MustCompile(`^(?:Luật|Bộ luật|Hiến pháp|Pháp lệnh|Nghị quyết|Nghị định|Quyết định|Thông tư|Chỉ thị|Điều lệ|Quy chế)\s`)
	markOrdinal = regexp.MustCompile(`^(?:(?i:thứ)\s+(nhất|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười)|(Một|Hai|Ba|Bốn|Năm|Sáu|Bảy|Tám|Chín|Mười)\s+là)\s*[,:]\s*`)
)

// parseMark looks for a mark at the beginning of a cleaned line.
func parseMark(line string) (mark, bool) {
	if m := markWord.FindStringSubmatch(line); m != nil {
		return wordMark(line, m)
	}
	if m := markOrdinal.FindStringSubmatch(line); m != nil {
		label := strings.ToLower(m[1] + m[2])
		return mark{unit: unitOrdinal, label: label, ordinal: ordinalWord(label)}, true // "Thứ nhất, …" is part of its sentence
	}
	if m := markBullet.FindStringSubmatch(line); m != nil && !startsWithDigit(line[len(m[1]):]) {
		return mark{unit: unitBullet, words: len(m[0]), certain: true, bullet: m[1]}, len(m[0]) < len(line)
	}
	for _, form := range numberForms() {
		m := form.pattern.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		found := mark{unit: form.unit, label: m[1], ordinal: form.ordinal(m[1]), words: len(m[0])}
		if found.ordinal == 0 || !form.plausible(m, line[len(m[0]):]) {
			continue
		}
		return found, true
	}
	return mark{}, false
}

type numberForm struct {
	unit    unit
	pattern *regexp.Regexp
	ordinal func(label string) int
	// plausible looks at the words behind the mark.
	plausible func(match []string, rest string) bool
}

func numberForms() []numberForm {
	return []numberForm{
		{unitRoman, markRoman, roman, func(_ []string, rest string) bool { return startsUpper(rest) && !initial.MatchString(rest) }},
		{unitLetter, markLetter, letter, func(_ []string, rest string) bool { return startsUpper(rest) }},
		{unitThree, markThree, lastNumber, func(_ []string, rest string) bool { return startsUpper(rest) }},
		{unitTwo, markTwo, lastNumber, func(m []string, rest string) bool {
			return startsUpper(rest) || m[2] != "" && !startsWithDigit(rest)
		}},
		{unitArabic, markArabic, lastNumber, func(m []string, rest string) bool {
			apart := strings.HasSuffix(m[0], " ") || startsUpper(rest) // "1.Về" stands for "1. Về"
			return rest != "" && apart && !startsWithDigit(rest)
		}},
		{unitPoint, markPoint, point, func(_ []string, rest string) bool { return rest != "" }},
	}
}

func wordMark(line string, m []string) (mark, bool) {
	units := map[string]unit{
		"phần": unitPart, "phần thứ": unitPart, "chương": unitChapter,
		"mục": unitSection, "tiểu mục": unitSubsection, "điều": unitArticle,
	}
	found := mark{unit: units[strings.ToLower(m[1])], label: m[2], words: len(m[0]), certain: true}
	number := strings.TrimRight(strings.ToLower(m[2]), "abcdeghđ")
	switch {
	case ordinalWord(m[2]) > 0 && strings.EqualFold(m[1], "phần thứ"):
		found.ordinal = ordinalWord(m[2])
		found.label = "thứ " + strings.ToLower(m[2])
	case roman(m[2]) > 0 && found.unit != unitArticle:
		found.ordinal = roman(m[2])
	default:
		found.ordinal, _ = strconv.Atoi(number)
	}
	// "Điều này", "Mục tiêu", "Phần lớn" are words; "Điều 5 của Luật này" and
	// "Điều 5 Luật Đất đai" go on with a sentence.
	rest := line[len(m[0]):]
	if found.ordinal == 0 || !upperStart(line) {
		return mark{}, false
	}
	if bare := !strings.ContainsAny(m[0][len(m[1]):], ".:/–-"); bare {
		return found, rest == "" || startsUpper(rest) && !paperName.MatchString(rest)
	}
	return found, rest == "" || !startsWithDigit(rest)
}

// opensLine reports whether line begins a line of its own, and does not go on
// with the words before it, as far as its mark can tell. "Thứ hai, …" may be a
// weekday in the midst of a sentence.
func opensLine(before, line string) bool {
	m, ok := parseMark(line)
	return ok && (m.unit != unitOrdinal || before == "" || strings.ContainsAny(before[len(before)-1:], ".;:!?"))
}

func startsUpper(s string) bool {
	for _, r := range s {
		if unicode.IsLetter(r) {
			return unicode.IsUpper(r)
		}
		if !strings.ContainsRune("“\"'‘(«", r) {
			return false
		}
	}
	return false
}

func upperStart(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

func startsWithDigit(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// upperCase reports whether a line is written in capitals throughout.
func upperCase(s string) bool {
	letters := 0
	for _, r := range s {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return letters >= 2
}

func roman(s string) int {
	values := map[byte]int{'I': 1, 'V': 5, 'X': 10, 'L': 50, 'C': 100}
	total := 0
	for i := range len(s) {
		v := values[s[i]]
		if v == 0 {
			return 0
		}
		if i+1 < len(s) && values[s[i+1]] > v {
			v = -v
		}
		total += v
	}
	return total
}

func letter(s string) int { return int(s[0]-'A') + 1 }

func lastNumber(s string) int {
	n, _ := strconv.Atoi(s[strings.LastIndexByte(s, '.')+1:])
	return n
}

// point is the position of a letter among those that count points. They follow
// the Vietnamese alphabet, a b c d đ e g, but some writers put an f in.
func point(s string) int {
	return slices.Index(strings.Split("a b c d đ e g h i k l m n o p q r s t u v x y", " "), s) + 1
}

func ordinalWord(s string) int {
	for i, w := range []string{"nhất một", "hai", "ba", "tư bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"} {
		if slices.Contains(strings.Fields(w), strings.ToLower(s)) {
			return i + 1
		}
	}
	return 0
}

// location says the mark as a part of a place. inArticle tells whether it
// stands under a điều, where "1." is a khoản.
func (m mark) location(inArticle bool, count int) string {
	switch m.unit {
	case unitPart, unitLetter, unitRoman:
		return "phần " + m.label
	case unitChapter:
		return "chương " + m.label
	case unitSection:
		return "mục " + m.label
	case unitSubsection:
		return "tiểu mục " + m.label
	case unitArticle:
		return "Điều " + m.label
	case unitArabic:
		if inArticle {
			return "khoản " + m.label
		}
		return "mục " + m.label
	case unitTwo, unitThree:
		return "tiểu mục " + m.label
	case unitOrdinal:
		return "ý thứ " + strings.Replace(m.label, "một", "nhất", 1)
	case unitPoint:
		return "điểm " + m.label
	default:
		return fmt.Sprintf("gạch đầu dòng %d", count)
	}
}

// place is the mark as a component of a passage's place, in ASCII.
func (m mark) place(count int) string {
	label := strings.ReplaceAll(m.label, "đ", "dd")
	switch m.unit {
	case unitPart:
		return fmt.Sprintf("phan%d", m.ordinal)
	case unitChapter:
		return "chuong" + label
	case unitSection:
		return "muc" + label
	case unitSubsection:
		return "tieumuc" + label
	case unitArticle:
		return "dieu" + label
	case unitOrdinal:
		return fmt.Sprintf("y%d", m.ordinal)
	case unitBullet:
		return fmt.Sprintf("-%d", count)
	default:
		return label
	}
}
