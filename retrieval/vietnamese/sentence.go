package vietnamese

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/sentences"
)

// Sentences returns the sentences of a text as byte ranges [start, end), in
// order and without the white space around them. It follows Unicode's rules
// (UAX #29), mended where they end a Vietnamese sentence too early: after
// "Điều 18.", after "TP.", after the number of a point, within "./.".
func Sentences(text string) [][2]int {
	var out [][2]int
	start, at := 0, 0
	iter := sentences.FromString(text)
	for iter.Next() {
		at += len(iter.Value())
		if at < len(text) && (unfinished(text[start:at]) || strings.HasPrefix(text[at:], "/.")) {
			continue
		}
		if s, ok := trimmed(text, start, at); ok {
			out = append(out, s)
		}
		start = at
	}
	if s, ok := trimmed(text, start, len(text)); ok {
		out = append(out, s)
	}
	return out
}

func trimmed(text string, start, end int) ([2]int, bool) {
	for start < end {
		r, size := utf8.DecodeRuneInString(text[start:end])
		if !unicode.IsSpace(r) {
			break
		}
		start += size
	}
	end = start + len(strings.TrimRightFunc(text[start:end], unicode.IsSpace))
	return [2]int{start, end}, start < end
}

// unfinished reports whether the full stop at the end of s does not end a
// sentence.
func unfinished(s string) bool {
	if strings.HasSuffix(s, "\n") {
		return false
	}
	s = strings.TrimSpace(s)
	return strings.HasSuffix(s, ".") && noFullStop.MatchString(s[max(0, len(s)-longestNoFullStop):])
}

// longestNoFullStop is how much of the end of a piece is looked at, in bytes;
// more than any of the forms below takes.
const longestNoFullStop = 64

// noFullStop matches what a full stop belongs to without ending a sentence:
// the mark of a point where nothing stands before it ("năm 2025." ends one),
// the number of a điều, titles and common abbreviations, initials.
var noFullStop = regexp.MustCompile(`^["“(]?(?:[\dIVXLC]{1,4}|\d{1,2}\.\d{1,2})\.$|` +
	`(?:^|[\s(“"])(?:(?i:điều|khoản|điểm|mục|chương|phần|số|bảng|biểu|hình|phụ lục)\s+(?:[\dIVXLC][\d.IVXLC]*)|` +
	`[a-zđ]|TP|Tp|TX|Tx|TT|Tt|PGS|GS|TS|ThS|BS|KS|Th|Tr|tr|Ô|B|St|Q|P|H|[A-ZĐ](?:\.[A-ZĐ])*)\.$`)
