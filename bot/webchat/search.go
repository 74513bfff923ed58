package webchat

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/internal/unaccent"
)

// Limits of the search inside a document.
const (
	longestSearch = 200 // characters of what is looked for
	maxListed     = 50  // places in the list
	maxMarked     = 500 // places marked in the text
	aroundHit     = 60  // characters shown on either side of a place in the list
)

// searched are the words to look for, as they are shown in the form again.
func searched(typed string) string {
	words := strings.Join(strings.Fields(readable(typed)), " ")
	if utf8.RuneCountInString(words) > longestSearch {
		return string([]rune(words)[:longestSearch])
	}
	return words
}

// find returns where whole words stand in a text, one beside the other, in
// order. Neither case nor marks need to be typed. But who types marks means
// them: "đường" does not find "dương", unless the word with just these marks
// stands nowhere.
func find(text, words string) []corpus.Span {
	needle := fold(strings.Join(strings.Fields(words), " ")).text
	if needle == "" {
		return nil
	}
	var all, marked []corpus.Span
	wanted := marksOf(words)
	haystack := fold(text)
	for at := 0; ; {
		i := strings.Index(haystack.text[at:], needle)
		if i < 0 {
			break
		}
		begin, end := at+i, at+i+len(needle)
		if !haystack.whole(begin, end) {
			_, size := utf8.DecodeRuneInString(haystack.text[begin:])
			at = begin + size
			continue
		}
		span := corpus.Span{Start: haystack.origin(begin), End: haystack.origin(end)}
		all = append(all, span)
		if marksOf(text[span.Start:span.End]) == wanted {
			marked = append(marked, span)
		}
		at = end
	}
	if wanted != "" && len(marked) > 0 {
		return marked
	}
	return all
}

// folded is a text made ready to be searched: small letters without marks,
// blanks as one space, line ends as one line end.
type folded struct {
	text string
	// starts are the offsets, in the original, of the character that each byte
	// was made of.
	starts []int
	length int // of the original
}

func fold(original string) folded {
	f := folded{length: len(original)}
	var b strings.Builder
	add := func(letters string, at int) {
		b.WriteString(letters)
		for range len(letters) {
			f.starts = append(f.starts, at)
		}
	}
	blank := false
	for i, r := range original {
		switch {
		case r == '\n':
			add("\n", i)
			blank = true
		case unicode.IsSpace(r):
			if !blank {
				add(" ", i)
			}
			blank = true
		case r < utf8.RuneSelf:
			add(string(unicode.ToLower(r)), i)
			blank = false
		default:
			add(unaccent.String(string(unicode.ToLower(r))), i)
			blank = false
		}
	}
	f.text = b.String()
	return f
}

// origin is the offset in the original where the character begins that byte i
// was made of.
func (f folded) origin(i int) int {
	if i == len(f.starts) {
		return f.length
	}
	return f.starts[i]
}

// whole reports whether a range of the folded text is one of whole characters
// of the original and cuts no word in two.
func (f folded) whole(begin, end int) bool {
	if begin > 0 && f.origin(begin) == f.origin(begin-1) || end < len(f.text) && f.origin(end) == f.origin(end-1) {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(f.text[:begin])
	first, _ := utf8.DecodeRuneInString(f.text[begin:])
	last, _ := utf8.DecodeLastRuneInString(f.text[:end])
	after, _ := utf8.DecodeRuneInString(f.text[end:])
	return !(ofWord(before) && ofWord(first)) && !(ofWord(last) && ofWord(after))
}

// ofWord reports whether a word holds r. The error that stands for "no
// character here" is none.
func ofWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// marksOf are the marks of a text in order, the stroke of đ among them. They
// are the same for both ways of placing a tone: "ủy" and "uỷ".
func marksOf(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == 'đ' || r == 'Đ':
			return 'đ'
		case unicode.Is(unicode.Mn, r):
			return r
		}
		return -1
	}, norm.NFD.String(text))
}

// hitAt shows a place in an edition with a few words around it.
func hitAt(e *corpus.Edition, span corpus.Span) hit {
	lineStart := strings.LastIndexByte(e.Text[:span.Start], '\n') + 1
	lineEnd := len(e.Text)
	if newline := strings.IndexByte(e.Text[span.End:], '\n'); newline >= 0 {
		lineEnd = span.End + newline
	}
	h := hit{
		Before: ending(e.Text[lineStart:span.Start]),
		Words:  e.Words(span),
		After:  cut(e.Text[span.End:lineEnd], aroundHit),
	}
	if i := passageAt(e, span.Start); i >= 0 {
		h.place = place{Location: e.Passages[i].Location, Link: "#" + bot.Anchor(e.Passages[i].ID)}
	}
	return h
}

// ending is the end of a text, as much of it as is shown before a place.
func ending(s string) string {
	characters := []rune(s)
	if len(characters) <= aroundHit {
		return s
	}
	return "…" + strings.TrimLeft(string(characters[len(characters)-aroundHit:]), " ")
}

// passageAt is the passage in which byte at stands, or the last one before
// it; -1 when there is none.
func passageAt(e *corpus.Edition, at int) int {
	return sort.Search(len(e.Passages), func(i int) bool { return e.Passages[i].Start > at }) - 1
}
