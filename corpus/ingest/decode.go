package ingest

import (
	"bytes"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxFile is the largest file that is read, in bytes. The longest congress
// documents are well under one megabyte of text.
const MaxFile = 20 << 20

// What can be wrong with a file as a whole. Each is returned wrapped with the
// file's name; the caller says what to do about it.
var (
	ErrEmpty    = errors.New("file holds no text")
	ErrBinary   = errors.New("file is not a text file")
	ErrEncoding = errors.New("file is not encoded as UTF-8")
	ErrTooLarge = errors.New("file is too large")
	ErrFormat   = errors.New("file format is not supported")
)

// decode makes text with "\n" line ends of the bytes of a text file.
func decode(data []byte) (string, error) {
	if len(data) > MaxFile {
		return "", ErrTooLarge
	}
	if bytes.HasPrefix(data, []byte{0xFF, 0xFE}) || bytes.HasPrefix(data, []byte{0xFE, 0xFF}) {
		return "", ErrEncoding // UTF-16 with a byte order mark
	}
	data = bytes.TrimPrefix(data, []byte{0xEF, 0xBB, 0xBF})
	if bytes.IndexByte(data, 0) >= 0 {
		return "", ErrBinary
	}
	if !utf8.Valid(data) {
		return "", ErrEncoding
	}
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(string(data))
	if strings.TrimFunc(text, invisible) == "" {
		return "", ErrEmpty
	}
	return text, nil
}

// clean brings one line of text into canonical form: normal form C, no control
// or invisible characters, every run of white space one space, none at the
// ends.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case invisible(r) || r == utf8.RuneError:
			return -1
		}
		return r
	}, s)
	return norm.NFC.String(strings.Join(strings.Fields(s), " "))
}

// invisible reports whether r shows nothing: white space, control characters,
// zero-width and direction marks, soft hyphens, the tag characters in which
// hidden instructions are smuggled.
func invisible(r rune) bool {
	return unicode.IsSpace(r) || unicode.Is(unicode.C, r)
}
