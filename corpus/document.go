package corpus

import "strings"

// DocumentID names a document for good: a slug of lower-case ASCII letters,
// digits and hyphens, at most 80 bytes. Editions come and go under it.
type DocumentID string

// Kind says what sort of paper a document is.
type Kind string

// The kinds of document. The empty Kind is a document whose kind nobody told.
const (
	KindResolution Kind = "nghi-quyet"
	KindProgramme  Kind = "chuong-trinh-hanh-dong"
	KindPlan       Kind = "ke-hoach"
	KindReport     Kind = "bao-cao"
	KindNews       Kind = "tin"
	KindSummary    Kind = "tom-luoc"
)

// Kinds lists every kind that a document may declare, in a fixed order.
func Kinds() []Kind {
	return []Kind{KindResolution, KindProgramme, KindPlan, KindReport, KindNews, KindSummary}
}

// Valid reports whether k is one of [Kinds] or empty.
func (k Kind) Valid() bool {
	if k == "" {
		return true
	}
	for _, known := range Kinds() {
		if k == known {
			return true
		}
	}
	return false
}

// Name is the kind as a Vietnamese reader calls it, with a capital letter.
func (k Kind) Name() string {
	switch k {
	case KindResolution:
		return "Nghị quyết"
	case KindProgramme:
		return "Chương trình hành động"
	case KindPlan:
		return "Kế hoạch"
	case KindReport:
		return "Báo cáo"
	case KindNews:
		return "Bài báo"
	case KindSummary:
		return "Tóm lược"
	default:
		return "Văn bản"
	}
}

// Label is what must stand beside every quotation from such a document, so
// that no reader takes a summary for the official text. It is empty for the
// papers themselves.
func (k Kind) Label() string {
	if k == KindSummary {
		return "Tóm lược biên tập, không phải toàn văn"
	}
	return ""
}

// Document is what is said about a paper as a whole, as its header block, its
// front matter or the clerk states it. Every field but ID and Title may be
// empty, which means "not known", never "none".
type Document struct {
	ID     DocumentID `json:"id"`
	Title  string     `json:"title"`
	Kind   Kind       `json:"kind"`
	Issuer string     `json:"issuer"`
	// Number is the symbol as printed, "11-NQ/ĐH" or "204/KH-UBND".
	Number string `json:"number"`
	// Date is the day of issue, "2006-01-02", or a part of it ("2020-11", "2020").
	Date string `json:"date"`
	// Term is the term of office the paper speaks of, "2020-2025".
	Term string `json:"term"`
	// Sources are the addresses or names the text was taken or made from.
	Sources []string `json:"sources"`
	// Questions are example questions that the document's editors wrote. They
	// are offered as suggestions and never quoted.
	Questions []string `json:"questions"`
}

// Day is a date as documents have it: "2006-01-02", or a part of it.
type Day string

// Spoken is the day as one reads it in Vietnamese: "02/01/2006".
func (d Day) Spoken() string {
	parts := strings.Split(string(d), "-")
	if len(parts) > 3 {
		return string(d)
	}
	spoken := parts[0]
	for _, part := range parts[1:] {
		spoken = part + "/" + spoken
	}
	return spoken
}

// Dated says of what day the document is, in words: "ngày 14/10/2020", of a
// summary "biên tập ngày 22/11/2026", since the date is not that of the paper
// it sums up. It is empty when no date is known.
func (d Document) Dated() string { return dated(d.Kind, d.Date) }

// Dated is the same for the document of a citation.
func (c Citation) Dated() string { return dated(c.Kind, c.Date) }

func dated(kind Kind, date string) string {
	switch {
	case date == "":
		return ""
	case kind == KindSummary:
		return "biên tập ngày " + Day(date).Spoken()
	case strings.Count(date, "-") == 2:
		return "ngày " + Day(date).Spoken()
	}
	return Day(date).Spoken()
}

// ShortName is how an answer refers to the document in running text: its kind
// and number where it has one, else its title, marked where it is a summary.
func (d Document) ShortName() string {
	switch {
	case d.Kind == KindSummary:
		return "bản tóm lược “" + strings.TrimSpace(strings.TrimSuffix(d.Title, "(tóm lược)")) + "”"
	case d.Number != "" && d.Kind != "":
		return d.Kind.Name() + " số " + d.Number
	}
	return "“" + d.Title + "”"
}
