package english

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// pieceForm finds the words, ordinals, figures and signs of a question.
var pieceForm = regexp.MustCompile(`\d+(?:st|nd|rd|th)\b|\d+(?:[.,/-]\d+)*%?|[\pL\pM]+|[,.;:?!()]`)

// ordinalForm finds "17th".
var ordinalForm = regexp.MustCompile(`^(\d+)(?:st|nd|rd|th)$`)

// piece is a part of a question on its way into Vietnamese.
type piece struct {
	entry
	// sign is set for a sign of punctuation, strange for a word that the
	// glossary does not have, figure for a number, plural for a word with the
	// -s of one.
	sign, strange, figure, plural bool
}

// Translation is an English question in Vietnamese words.
type Translation struct {
	// Text is empty when nothing is left to search: "Hello there".
	Text string
	// Strange are the words that the glossary does not have, as they were typed:
	// names, or what the question is about and nobody here knows.
	Strange []string
	// Things is how many parts the question has that say something, strange
	// words and translated phrases alike.
	Things int
}

// which asks for one of several things: "tỉnh nào"; of a plural, for all of
// them: "những tỉnh nào".
const which, several = "nào", "những"

// Vietnamese puts an English question into Vietnamese words, as far as the
// glossary has them.
func (g *Glossary) Vietnamese(question string) Translation {
	parts := g.pieces(question)
	var t Translation
	for _, p := range parts {
		if p.strange {
			t.Strange = append(t.Strange, p.here)
		}
		if !p.sign && p.here != "" && p.here != which && !light(p) {
			t.Things++
		}
	}
	t.Text = inOrder(named(parts))
	return t
}

// inOrder puts the words of pieces where they belong.
func inOrder(pieces []piece) string {
	var out []string
	var behind, last []string
	flush := func() {
		for i := len(behind) - 1; i >= 0; i-- { // the nearest to the noun comes first
			out = append(out, behind[i])
		}
		behind = nil
	}
	for _, p := range pieces {
		switch {
		case p.sign:
			flush()
			if n := len(out); n > 0 && p.here == "," && !strings.HasSuffix(out[n-1], ",") {
				out[n-1] += ","
			}
			continue
		case p.put == putBehind:
			behind = append(behind, p.here)
			continue
		case p.plural && slices.Contains(behind, which):
			out = append(out, several)
		}
		if p.last != "" {
			last = append(last, p.last)
		}
		if p.here != "" {
			out = append(out, p.here)
			if !p.figure && !light(p) {
				flush()
			}
		}
	}
	flush()
	if n := len(out); n > 0 {
		out[n-1] = strings.TrimRight(out[n-1], ",")
	}
	if len(out) == 0 { // "What is this?" asks nothing
		return ""
	}
	text := strings.Join(append(out, last...), " ")
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:] + "?"
}

// light reports whether a piece is a small word, which nothing goes behind.
func light(p piece) bool {
	switch p.here {
	case "của", "trong", "và", "với", "hoặc", "đến", "từ", "cho", "về", "ở":
		return true
	}
	return false
}

// pieces are the parts of a question with their entries, the longest first.
func (g *Glossary) pieces(question string) []piece {
	typed := pieceForm.FindAllString(question, -1)
	lower := make([]string, len(typed))
	for i, word := range typed {
		lower[i] = strings.ToLower(word)
	}
	var out []piece
	for i := 0; i < len(typed); {
		n, e := g.match(lower[i:])
		if n == 1 && g.inName(typed, i) {
			n = 0
		}
		if n > 0 {
			word := lower[i+n-1]
			out = append(out, piece{entry: e, plural: singular(word) != word})
			i += n
			continue
		}
		first, _ := utf8.DecodeRuneInString(typed[i])
		p := piece{entry: entry{put: putHere, here: typed[i]}}
		p.sign = !unicode.IsLetter(first) && !unicode.IsDigit(first)
		p.figure = unicode.IsDigit(first)
		p.strange = !p.sign && !p.figure
		if m := ordinalForm.FindStringSubmatch(lower[i]); m != nil {
			p = piece{entry: entry{put: putBehind, here: ordinal(m[1])}}
		}
		out = append(out, p)
		i++
	}
	return out
}

// inName reports whether a word of the glossary belongs to a Vietnamese name that
// was typed without marks: the "An" of "Nghe An", the "Do" of "Van Do bridge".
func (g *Glossary) inName(typed []string, i int) bool {
	capital := func(k int) bool {
		first, _ := utf8.DecodeRuneInString(typed[k])
		return unicode.IsUpper(first) && typed[k] != strings.ToUpper(typed[k])
	}
	name := func(k int) bool { return k < len(typed) && capital(k) && !g.lists(strings.ToLower(typed[k])) }
	return i > 0 && capital(i) && syllable.MatchString(strings.ToLower(typed[i])) && (name(i-1) || name(i+1))
}

// match is the longest entry at the start of words, as they are or in the
// singular, and how many of them it takes.
func (g *Glossary) match(words []string) (int, entry) {
	for n := min(g.longest, len(words)); n > 0; n-- {
		if e, ok := g.entries[strings.Join(words[:n], " ")]; ok {
			return n, e
		}
		if e, ok := g.entries[singulars(words[:n])]; ok {
			return n, e
		}
	}
	return 0, entry{}
}

// named joins strange words, which are names more often than not, and what
// follows a name and goes before it: "Vinh Phuc province" is one piece, "tỉnh
// Vinh Phuc".
func named(pieces []piece) []piece {
	var out []piece
	for _, p := range pieces {
		n := len(out)
		follows := n > 0 && out[n-1].strange
		switch {
		case follows && p.strange:
			out[n-1].here += " " + p.here
		case follows && p.put == putName:
			out[n-1].here = p.here + " " + out[n-1].here
			out[n-1].strange = false
		default:
			out = append(out, p)
		}
	}
	return out
}

// ordinal is "lần thứ XVII" for 17, "thứ 3" for 3: congresses of more than ten
// are numbered in Roman numerals, and of nothing else are there so many.
func ordinal(digits string) string {
	n, err := strconv.Atoi(digits)
	if err != nil || n <= 10 || n >= 40 {
		return "thứ " + digits
	}
	units := [...]string{"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"}
	return "lần thứ " + strings.Repeat("X", n/10) + units[n%10]
}
