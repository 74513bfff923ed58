package ingest

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const plainTextReader = "text/2"

// PlainText reads a text file, which may have front matter. An empty line ends
// a paragraph, and so does a line end, unless the text is wrapped at a fixed
// width: then the lines of a paragraph are joined again. Lines of questions,
// "Hỏi: …", are taken out first ([Draft.Asked]).
func PlainText(data []byte) (Draft, error) {
	raw, err := decode(data)
	if err != nil {
		return Draft{}, err
	}
	front, text, err := cutFrontMatter(raw)
	if err != nil {
		return Draft{}, err
	}
	text, taken := takeQuestions(text, 1+strings.Count(raw[:len(raw)-len(text)], "\n"), plainAsking)
	lines := strings.Split(text, "\n")
	width := wrapWidth(lines)
	var c canonical
	var paragraph []string
	at, next := 0, 0 // where the paragraph begins, and the next line
	flush := func() {
		c.add(Block{Kind: BlockText, at: at}, strings.Join(paragraph, " "))
		paragraph = nil
	}
	for _, line := range lines {
		begin := next
		next += len(line) + 1
		line = clean(line)
		if len(paragraph) > 0 && !continues(paragraph[len(paragraph)-1], line, width) {
			flush()
		}
		if len(paragraph) == 0 {
			at = begin
		}
		if line != "" {
			paragraph = append(paragraph, line)
		}
	}
	flush()
	if len(c.blocks) == 0 {
		return Draft{}, ErrEmpty
	}
	draft := c.draft(plainTextReader, taken)
	front.apply(&draft)
	return draft, nil
}

// Text counts as wrapped at its longest line when that is within these limits
// and there are enough lines of nearly that length that do not end a sentence:
// a writer who ends paragraphs by line ends ends them with a full stop.
const (
	minWrapWidth    = 50
	maxWrapWidth    = 120
	fullLine        = 0.75 // share of the width from which a line counts as full
	minFullLines    = 4
	minBrokenOfFull = 0.5
	raggedness      = 12 // a line may stay this part of the width shorter than it could be
)

// wrapWidth is the width at which the lines are wrapped, or 0 when they are not.
func wrapWidth(lines []string) int {
	longest := 0
	for _, line := range lines {
		longest = max(longest, utf8.RuneCountInString(clean(line)))
	}
	full, broken := 0, 0
	for _, line := range lines {
		line = clean(line)
		if float64(utf8.RuneCountInString(line)) < fullLine*float64(longest) {
			continue
		}
		full++
		if !strings.ContainsRune(".;:!?…”\"", lastRune(line)) {
			broken++
		}
	}
	if longest < minWrapWidth || longest > maxWrapWidth || full < minFullLines || float64(broken) < minBrokenOfFull*float64(full) {
		return 0
	}
	return longest
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// continues reports whether line goes on with the paragraph whose last line is
// before: that line was broken by the width when the next word had no place on
// it.
func continues(before, line string, width int) bool {
	if line == "" || width == 0 || opensLine(before, line) || furniture(line) {
		return false
	}
	word, _, _ := strings.Cut(line, " ")
	if utf8.RuneCountInString(before)+1+utf8.RuneCountInString(word)+width/raggedness <= width {
		return false
	}
	first, _ := utf8.DecodeRuneInString(line)
	return unicode.IsLower(first) || !upperCase(line) && !upperCase(before)
}
