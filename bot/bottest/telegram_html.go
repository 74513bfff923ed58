package bottest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// telegramTags are those that parse_mode HTML knows; read-only.
var telegramTags = []string{
	"a", "b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code",
	"pre", "span", "tg-spoiler", "tg-emoji", "blockquote",
}

// TelegramText is what Telegram makes of a text with markup.
type TelegramText struct {
	// Words is the text without markup.
	Words string
	// Quotations are the words of its blockquotes, Links the addresses of its
	// links, both in order.
	Quotations, Links []string
}

// ParseTelegramHTML reads a text as the Bot API reads parse_mode HTML: tags of
// its list only, each closed in order; of entities lt, gt, amp, quot and
// numbers, while an "&" that begins none stands for itself, as does ">". The
// error is the description of the vendor's refusal.
func ParseTelegramHTML(source string) (TelegramText, error) {
	p := telegramParser{source: source}
	if err := p.parse(); err != nil {
		return TelegramText{}, markupError("Bad Request: can't parse entities: " + err.Error())
	}
	p.out.Words = strings.TrimSpace(p.words.String())
	return p.out, nil
}

// markupError is the vendor's description of a refusal, capitals included.
type markupError string

func (e markupError) Error() string { return string(e) }

func cannotParse(format string, args ...any) error { return markupError(fmt.Sprintf(format, args...)) }

type telegramParser struct {
	source string
	at     int
	words  strings.Builder
	open   []openTag
	out    TelegramText
}

type openTag struct {
	name  string
	href  string
	begin int // in the words
}

func (p *telegramParser) parse() error {
	for p.at < len(p.source) {
		rest := p.source[p.at:]
		var err error
		switch {
		case strings.HasPrefix(rest, "</"):
			err = p.closeTag()
		case rest[0] == '<':
			err = p.openTag()
		default:
			words, n := decoded(rest)
			p.words.WriteString(words)
			p.at += n
		}
		if err != nil {
			return err
		}
	}
	if len(p.open) > 0 {
		return cannotParse("Can't find end tag corresponding to start tag %q", p.open[len(p.open)-1].name)
	}
	return nil
}

// decoded is the first character or entity of s, and its length in bytes.
func decoded(s string) (words string, n int) {
	if s[0] != '&' {
		return s[:1], 1
	}
	name, _, found := strings.Cut(s[1:min(len(s), 12)], ";")
	if !found {
		return "&", 1
	}
	switch name {
	case "lt":
		words = "<"
	case "gt":
		words = ">"
	case "amp":
		words = "&"
	case "quot":
		words = `"`
	default:
		number, isNumber := strings.CutPrefix(name, "#")
		base := 10
		if hex, isHex := strings.CutPrefix(number, "x"); isHex {
			number, base = hex, 16
		}
		code, err := strconv.ParseUint(number, base, 21)
		if !isNumber || err != nil || code == 0 {
			return "&", 1
		}
		words = string(rune(code))
	}
	return words, len(name) + 2
}

func (p *telegramParser) openTag() error {
	begin := p.at
	inside, _, found := strings.Cut(p.source[begin+1:], ">")
	if !found {
		return cannotParse("Unclosed start tag at byte offset %d", begin)
	}
	name, attributes, _ := strings.Cut(inside, " ")
	name = strings.ToLower(name)
	if !slices.Contains(telegramTags, name) {
		return cannotParse("Unsupported start tag %q at byte offset %d", name, begin)
	}
	if name == "blockquote" && slices.ContainsFunc(p.open, func(t openTag) bool { return t.name == name }) {
		return cannotParse("Nested blockquote at byte offset %d", begin) // stricter than the vendor, who drops the inner one
	}
	tag := openTag{name: name, begin: p.words.Len()}
	if value, ok := strings.CutPrefix(attributes, `href="`); ok && name == "a" {
		if value, ok = strings.CutSuffix(value, `"`); !ok || strings.Contains(value, `"`) {
			return cannotParse("Unclosed start tag at byte offset %d", begin)
		}
		for value != "" {
			words, n := decoded(value)
			tag.href += words
			value = value[n:]
		}
	} else if attributes != "" && (name != "blockquote" || attributes != "expandable") {
		return cannotParse("unexpected attributes of %q at byte offset %d", name, begin)
	}
	p.open = append(p.open, tag)
	p.at = begin + len(inside) + 2
	return nil
}

func (p *telegramParser) closeTag() error {
	begin := p.at
	inside, _, found := strings.Cut(p.source[begin+2:], ">")
	switch {
	case !found:
		return cannotParse("Unclosed end tag at byte offset %d", begin)
	case len(p.open) == 0:
		return cannotParse("Unexpected end tag at byte offset %d", begin)
	}
	tag := p.open[len(p.open)-1]
	if name := strings.ToLower(inside); name != tag.name {
		return cannotParse("Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", begin, tag.name, name)
	}
	p.open = p.open[:len(p.open)-1]
	switch words := p.words.String()[tag.begin:]; tag.name {
	case "blockquote":
		p.out.Quotations = append(p.out.Quotations, words)
	case "a":
		p.out.Links = append(p.out.Links, tag.href)
	}
	p.at = begin + len(inside) + 3
	return nil
}

// UTF16 counts the units in which Telegram counts text.
func UTF16(s string) int { return len(utf16.Encode([]rune(s))) }
