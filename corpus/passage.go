package corpus

import "strings"

// PassageID names a passage for good: "document/edition/place". It depends on
// the text alone and does not change when an index is built again.
type PassageID string

// NewPassageID joins the three parts of a passage id.
func NewPassageID(d DocumentID, e EditionID, place string) PassageID {
	return PassageID(string(d) + "/" + string(e) + "/" + place)
}

// Split takes a passage id apart. ok is false when id is not made of three
// parts.
func (id PassageID) Split() (d DocumentID, e EditionID, place string, ok bool) {
	doc, rest, ok1 := strings.Cut(string(id), "/")
	ed, place, ok2 := strings.Cut(rest, "/")
	return DocumentID(doc), EditionID(ed), place, ok1 && ok2 && doc != "" && ed != "" && place != ""
}

// PassageKind says what part a passage plays in its document.
type PassageKind string

// The kinds of passage.
const (
	PassageTitle     PassageKind = "title"     // the name of the document, as its text gives it
	PassageHeading   PassageKind = "heading"   // the name of a part, section, chapter, điều …
	PassageParagraph PassageKind = "paragraph" // running text without a mark
	PassageItem      PassageKind = "item"      // text with a mark: "1.", "a)", "-", "Một là, …"
	PassageRow       PassageKind = "row"       // one row of a table
	PassageCaption   PassageKind = "caption"   // the words below a picture
)

// Heading reports whether a passage of this kind names what follows it rather
// than saying something itself.
func (k PassageKind) Heading() bool { return k == PassageTitle || k == PassageHeading }

// Passage is the smallest part of an edition that can be cited on its own. The
// passages of an edition form a tree: the parent of a passage is the heading
// or the lead-in under which it stands.
type Passage struct {
	ID PassageID `json:"id"`
	// Place is the path through the structure in ASCII: "II.3.a.-2" is part
	// II, section 3, point a, second dash; "p2" an unmarked paragraph, "dd"
	// the point đ. A place that comes twice has "~2" added.
	Place string `json:"place"`
	// Location is the place as a person would say it: "Phần II, mục 3, điểm a".
	Location string      `json:"location"`
	Kind     PassageKind `json:"kind"`
	// Parent is an index in Edition.Passages, smaller than the passage's own;
	// -1 at the top.
	Parent int `json:"parent"`
	// Span are the passage's own words, without those of its children.
	Span
	// Mark is how many bytes at the beginning of Span are its mark: "4. ",
	// "Điều 5. "; 0 where it has none.
	Mark int `json:"mark"`
	// Header is the header row of the table that a row belongs to, or empty.
	Header Span `json:"header"`
	// Links are the addresses that the source attached to these words.
	Links []string `json:"links"`
}

// Span is a byte range [Start, End) in a canonical text. The zero Span is
// empty.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Empty reports whether s holds no byte.
func (s Span) Empty() bool { return s.End <= s.Start }

func (s Span) within(text string) bool {
	return 0 <= s.Start && s.Start < s.End && s.End <= len(text)
}
