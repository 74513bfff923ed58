package vietnamese

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Slips calls visit with every word that a slip of one key may have made word
// of: a letter doubled, dropped, swapped with the next, or hit beside another.
// word is folded, of letters a to z; some of the words come more than once, and
// each stands in the same bytes as the one before.
func Slips(word string, visit func(meant []byte)) {
	for _, r := range word {
		if r < 'a' || r > 'z' {
			return
		}
	}
	room := make([]byte, 0, len(word)+1)
	for i := range word {
		letter, behind := word[i], word[i+1:]
		visit(append(append(room, word[:i]...), behind...))
		if behind != "" && behind[0] != letter {
			visit(append(append(append(room, word[:i]...), behind[0], letter), behind[1:]...))
		}
		for _, near := range []byte(beside[letter-'a']) {
			visit(append(append(append(room, word[:i]...), near), behind...))
		}
	}
	for i := range len(word) + 1 {
		for letter := byte('a'); letter <= 'z'; letter++ {
			visit(append(append(append(room, word[:i]...), letter), word[i:]...))
		}
	}
}

// beside are the keys that touch each of a to z on the keyboard in use. It is
// read-only.
var beside = [26]string{
	"qwsz", "vghn", "xdfv", "serfcx", "wrsd", "drtgvc", "ftyhbv", "gyujnb", "uojk", "huiknm", "jiolm", "kop", "njk",
	"bhjm", "ipkl", "ol", "wa", "etdf", "awedxz", "ryfg", "yihj", "cfgb", "qeas", "zsdc", "tugh", "asx",
}

// Keeps reports whether form has every mark that typed has, each kind once:
// "hội" keeps those of "hôi", "quyết" those of "quyêtt", but "hồi" not those of
// "hộii".
func Keeps(form, typed string) bool {
	have := norm.NFD.String(form)
	for _, r := range norm.NFD.String(typed) {
		if (r == 'đ' || r >= '\u0300' && r <= '\u036f') && !strings.ContainsRune(have, r) {
			return false
		}
	}
	return true
}
