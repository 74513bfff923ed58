// Package unaccent writes words of the Latin alphabet without their marks.
//
// It is for keys and comparisons, such as slugs and search terms, where
// "Nghị quyết" and "nghi quyet" are to be the same. It is not for anything a
// reader sees: the marks carry the meaning.
package unaccent

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// String returns s without combining marks and with đ as d. Letters that are
// no Latin letter with a mark stay as they are.
func String(s string) string {
	if ascii(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFD.String(s) {
		switch {
		case r == 'đ':
			b.WriteByte('d')
		case r == 'Đ':
			b.WriteByte('D')
		case !unicode.Is(unicode.Mn, r):
			b.WriteRune(r)
		}
	}
	return b.String()
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
