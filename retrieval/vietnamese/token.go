package vietnamese

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/hoinq/hoinq/internal/unaccent"
)

// Token is one syllable, figure or percent sign of a text.
type Token struct {
	// Text is the token in lower case, normal form C and one spelling.
	Text string
	// Folded is Text without marks, đ as d.
	Folded string
	// Start and End are the token's bytes in the text it was cut from.
	Start, End int
	// Capital is set when the token began with a capital letter in the text.
	Capital bool
	// Figure is set for a token that begins with a digit.
	Figure bool
	// Roman is set for a Roman numeral of at least two signs in capitals.
	Roman bool
}

// Marked reports whether the writer typed a mark in this token.
func (t Token) Marked() bool { return t.Text != t.Folded }

// Tokenize cuts text into tokens, in order. Letters, digits and the marks that
// belong to them make tokens; a point or comma between digits belongs to the
// figure ("1.285", "8,5"), a percent sign is a token of its own. Text may be in
// any normal form, and invalid UTF-8 is passed over.
func Tokenize(text string) []Token {
	tokens := make([]Token, 0, len(text)/5+1)
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '%':
			tokens = append(tokens, Token{Text: "%", Folded: "%", Start: i, End: i + size})
		case unicode.IsDigit(r):
			size = figure(text[i:])
			tokens = append(tokens, figureToken(text, i, i+size))
		case unicode.IsLetter(r):
			size = word(text[i:])
			tokens = append(tokens, wordToken(text, i, i+size))
		}
		i += size
	}
	return tokens
}

// figure is the length of the figure that text begins with.
func figure(text string) int {
	end := 0
	for end < len(text) {
		r, size := utf8.DecodeRuneInString(text[end:])
		if unicode.IsDigit(r) {
			end += size
			continue
		}
		next, _ := utf8.DecodeRuneInString(text[end+size:])
		if (r == '.' || r == ',') && unicode.IsDigit(next) {
			end += size
			continue
		}
		break
	}
	return end
}

// word is the length of the word that text begins with: letters, digits, marks
// and invisible signs between them.
func word(text string) int {
	end := 0
	for i, r := range text {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			end = i + utf8.RuneLen(r)
		case unicode.Is(unicode.Cf, r): // zero-width signs do not end a word
		default:
			return end
		}
	}
	return end
}

func figureToken(text string, start, end int) Token {
	s := text[start:end]
	if len(s) == 2 && s[0] == '0' {
		s = s[1:] // "ngày 01 tháng 7" is "ngày 1 tháng 7"
	}
	return Token{Text: s, Folded: s, Start: start, End: end, Figure: true}
}

func wordToken(text string, start, end int) Token {
	s := text[start:end]
	first, _ := utf8.DecodeRuneInString(s)
	t := Token{Start: start, End: end, Capital: unicode.IsUpper(first)}
	t.Roman = len(s) >= 2 && strings.Trim(s, "IVXLC") == ""
	t.Text = Spell(s)
	t.Folded = unifyI(unaccent.String(t.Text))
	return t
}

// Spell brings one word to the form in which it is compared: normal form C,
// lower case, no invisible signs, and one of the spellings that readers take
// for the same: the tone on the first vowel of a final "oa", "oe", "uy" ("hoà"
// is "hòa"), and "i" for a single final "y" after h, k, l, m, s, t, v and q ("kỹ" is "kĩ").
func Spell(s string) string {
	if strings.ContainsFunc(s, invisible) { // before composing: they may stand between a letter and its mark
		s = strings.Map(func(r rune) rune {
			if invisible(r) {
				return -1
			}
			return r
		}, s)
	}
	// Composed twice: some letters have a composed form in lower case only.
	s = norm.NFC.String(strings.ToLower(norm.NFC.String(s)))
	return unifyI(unifyTone(s))
}

func invisible(r rune) bool { return unicode.Is(unicode.Cf, r) }

// unifyTone moves the tone of a final open "oa", "oe" or "uy" to its first
// vowel, the older of the two placements in use.
func unifyTone(s string) string {
	last, size := utf8.DecodeLastRuneInString(s)
	if last < utf8.RuneSelf || size == len(s) {
		return s
	}
	head := s[:len(s)-size]
	before := head[len(head)-1]
	plain, tone := splitTone(last)
	switch {
	case before == 'o' && (plain == 'a' || plain == 'e'):
		return head[:len(head)-1] + string(withTone('o', tone)) + string(plain)
	case before == 'u' && plain == 'y' && !strings.HasSuffix(head, "qu"):
		return head[:len(head)-1] + string(withTone('u', tone)) + string(plain)
	}
	return s
}

// unifyI writes "i" for the "y" that ends a syllable alone after a consonant.
func unifyI(s string) string {
	last, size := utf8.DecodeLastRuneInString(s)
	if last < utf8.RuneSelf && last != 'y' || size == len(s) {
		return s
	}
	plain, tone := splitTone(last)
	if plain != 'y' {
		return s
	}
	head := s[:len(s)-size]
	if strings.HasSuffix(head, "qu") || len(head) <= 2 && strings.ContainsAny(head[len(head)-1:], "hklmstv") {
		return head + string(withTone('i', tone))
	}
	return s
}

// toned are the vowels with a tone that the rules above move, each with its
// plain vowel and the number of its tone in one order: grave, acute, hook,
// tilde, dot. It is read-only.
var toned = map[rune]tonedVowel{
	'à': {'a', 1}, 'á': {'a', 2}, 'ả': {'a', 3}, 'ã': {'a', 4}, 'ạ': {'a', 5},
	'è': {'e', 1}, 'é': {'e', 2}, 'ẻ': {'e', 3}, 'ẽ': {'e', 4}, 'ẹ': {'e', 5},
	'ò': {'o', 1}, 'ó': {'o', 2}, 'ỏ': {'o', 3}, 'õ': {'o', 4}, 'ọ': {'o', 5},
	'ù': {'u', 1}, 'ú': {'u', 2}, 'ủ': {'u', 3}, 'ũ': {'u', 4}, 'ụ': {'u', 5},
	'ỳ': {'y', 1}, 'ý': {'y', 2}, 'ỷ': {'y', 3}, 'ỹ': {'y', 4}, 'ỵ': {'y', 5},
	'ì': {'i', 1}, 'í': {'i', 2}, 'ỉ': {'i', 3}, 'ĩ': {'i', 4}, 'ị': {'i', 5},
}

type tonedVowel struct {
	plain rune
	tone  int
}

// splitTone takes the tone off a vowel; tone is 0 when it has none.
func splitTone(r rune) (plain rune, tone int) {
	if v, ok := toned[r]; ok {
		return v.plain, v.tone
	}
	return r, 0
}

func withTone(plain rune, tone int) rune {
	for r, v := range toned {
		if v.plain == plain && v.tone == tone {
			return r
		}
	}
	return plain
}
