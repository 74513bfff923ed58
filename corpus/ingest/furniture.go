package ingest

import (
	"regexp"
	"strings"

	"github.com/hoinq/hoinq/internal/unaccent"
)

// furniture reports whether a line belongs to the page that a text was copied
// from and not to the text: "Phản hồi", "1.285 lượt xem", "(Ảnh: PV)". Such
// lines stay in the canonical text but are no passage.
func furniture(line string) bool {
	key := furnitureKey(line)
	switch key {
	case "phan hoi", "gui phan hoi", "y kien ban doc", "binh luan", "gui binh luan", "cac tin khac",
		"cac tin da dua", "cac tin moi hon", "cac tin cu hon", "tin khac", "tin lien quan", "bai lien quan",
		"tin cung chuyen muc", "tin moi nhat", "xem them", "doc them", "in trang", "in bai viet", "in tin",
		"chia se", "chia se bai viet", "luu bai", "gui email", "gui cho ban be", "quay lai", "ve trang truoc",
		"ve dau trang", "trang chu", "facebook", "zalo", "twitter", "tags", "tu khoa", "nghe bai viet",
		"co chu", "doc bai viet", "theo doi", "dang nhap":
		return true
	}
	return furniturePattern.MatchString(key) || creditOnly.MatchString(line)
}

// opensOtherNews reports whether a line begins the list of other articles
// below the text proper.
func opensOtherNews(line string) bool {
	return otherNews.MatchString(furnitureKey(line))
}

// furnitureKey is a line without marks, capitals and the signs that pages put
// around their links. A bullet stays: "- Zalo" is an item of a list.
func furnitureKey(line string) string {
	line = strings.TrimRight(strings.TrimLeft(line, " »>|[("), " .:»>|-–[])(")
	return strings.ToLower(unaccent.String(line))
}

// The words are compared without marks and in lower case.
var (
	furniturePattern = regexp.MustCompile(`^([\d.,]+ )?luot (xem|doc|truy cap)( ?: ?[\d.,]+)?$|^(tu khoa|tags?) ?:|^cap nhat( luc)? ?:? ?\d|^(thu (hai|ba|tu|nam|sau|bay)|chu nhat),? (ngay )?\d{1,2}[/-]\d{1,2}[/-]\d{4}`)
	otherNews        = regexp.MustCompile(`^(cac tin (khac|da dua|moi hon|cu hon)|tin (khac|lien quan|cung chuyen muc)|bai lien quan)$`)
	creditOnly       = regexp.MustCompile(`^(?:` + creditInBrackets + `|` + creditWord + `(?:\s*:[^()\[\]]{0,60})?)\s*\.?$`)
	creditAtEnd      = regexp.MustCompile(`\s*(` + creditInBrackets + `|[.,;–-]\s*` + creditWord + `\s*:[^.:]{1,60})\s*\.?$`)
)

// A credit is "Ảnh" alone, with a colon or, in brackets, before a name. The
// words "Ảnh hưởng của bão" are none.
const (
	creditWord       = `(?:Ảnh|ảnh|ẢNH|Nguồn ảnh|Ảnh tư liệu|Ảnh minh họa|Photo)`
	creditInBrackets = `[(\[]\s*` + creditWord + `(?:\s*:[^()\[\]]{0,60}|\s+\p{Lu}[^()\[\]]{0,60})?[)\]]`
)

// maxCaption is the longest text, in bytes, that a photo credit makes a
// caption; a longer one is a paragraph that happens to end in a credit.
const maxCaption = 600

// caption returns the length of the words of a caption, without the photo
// credit that ends it. ok is false when line is no caption.
func caption(line string) (length int, ok bool) {
	if len(line) > maxCaption {
		return 0, false
	}
	at := creditAtEnd.FindStringIndex(line)
	if at == nil || at[0] == 0 {
		return 0, false
	}
	return at[0], true
}
