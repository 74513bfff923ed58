package vietnamese

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// VNI reads a word that was typed in the VNI method with the input method
// switched off: "quye6t1" as "quyết". ok is false for a word whose digits are no
// marks. sure says that they can hardly be anything else: a digit within the
// word, two of them, or one for the đ; "co2" may be a figure. The result may be
// no word at all; whoever uses it looks it up.
func VNI(word string) (read string, sure, ok bool) {
	letters := make([]rune, 0, len(word))
	var tone rune
	digits := 0
	for i, r := range strings.ToLower(word) {
		if r < '0' || r > '9' {
			letters = append(letters, r)
			continue
		}
		digits++
		sure = sure || r == '9' || digits > 1 || i < len(word)-1
		if r >= '1' && r <= '5' {
			if tone != 0 || !strings.ContainsAny(string(letters), "aeiouyâêôăơư") {
				return "", false, false
			}
			tone = vniTones[r-'1']
			continue
		}
		if !reshape(letters, r) {
			return "", false, false
		}
	}
	if digits == 0 {
		return "", false, false
	}
	read = strings.Replace(string(letters), "dd", "đ", 1) // of Telex, which many type with it
	if tone != 0 {
		read = withSign(read, tone)
	}
	return norm.NFC.String(read), sure, true
}

// vniTones are the combining signs of the digits from 1 on. It is read-only.
var vniTones = [...]rune{'\u0301', '\u0300', '\u0309', '\u0303', '\u0323'}

// reshape gives the last letter that can have it the shape that a digit from 6
// on asks for; "uo" gets a horn on both.
func reshape(letters []rune, digit rune) bool {
	switch digit {
	case '6':
		return replaceLast(letters, "aeo", "âêô")
	case '7':
		if at := strings.Index(string(letters), "uo"); at >= 0 { // before it no letter of two bytes but đ
			at = len([]rune(string(letters)[:at]))
			letters[at], letters[at+1] = 'ư', 'ơ'
			return true
		}
		return replaceLast(letters, "ou", "ơư")
	case '8':
		return replaceLast(letters, "a", "ă")
	case '9':
		if len(letters) > 0 && letters[0] == 'd' {
			letters[0] = 'đ'
			return true
		}
	}
	return false
}

func replaceLast(letters []rune, plain, shaped string) bool {
	for i := len(letters) - 1; i >= 0; i-- {
		if at := strings.IndexRune(plain, letters[i]); at >= 0 {
			letters[i] = []rune(shaped)[at]
			return true
		}
	}
	return false
}
