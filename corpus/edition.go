package corpus

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"sort"
	"strings"
)

// EditionID is the first eight hexadecimal digits of the edition's digest, so
// that the same text is the same edition wherever it is taken in.
type EditionID string

// Status says whether an edition is in force.
type Status string

// The states of an edition. The empty Status counts as in force.
const (
	InForce  Status = "in-force"
	Amended  Status = "amended"
	Replaced Status = "replaced"
	Expired  Status = "expired"
)

// Validity says from when to when an edition holds and what ended it. The zero
// value is an edition in force of which no dates are known.
type Validity struct {
	Status Status `json:"status"`
	// From and Until are days, "2006-01-02"; empty when not known. Until is
	// the last day on which the edition holds.
	From  string `json:"from"`
	Until string `json:"until"`
	// By is the paper that amended or replaced this edition, in words.
	By string `json:"by"`
}

// Current reports whether answers may cite the edition without a warning.
func (v Validity) Current() bool { return v.Status == "" || v.Status == InForce }

// Source says where the bytes of an edition came from.
type Source struct {
	// File is the base name of the file that was read, without its folder, so
	// that no path of the clerk's machine is kept.
	File string `json:"file"`
	// URL is the address it was fetched from, if it was.
	URL string `json:"url"`
	// Reader names the reader and its version, "markdown/1": a newer version
	// may cut the same file differently.
	Reader string `json:"reader"`
}

// PageSpan is the text that stands on one page of a paged source. Pages are
// numbered from 1 and stand in order; text between pages belongs to neither.
type PageSpan struct {
	Number int `json:"number"`
	Span
}

// Method says how the words were won from the source.
type Method string

// The ways of reading. The empty Method is MethodText.
const (
	MethodText Method = "text"
	MethodOCR  Method = "ocr"
)

// Quality says how far the reading may be trusted.
type Quality struct {
	Method Method `json:"method"`
	// Confidence is the reader's own estimate from 0 to 1; 1 for text formats.
	Confidence float64 `json:"confidence"`
	// Warnings are remarks for the clerk, in Vietnamese.
	Warnings []string `json:"warnings"`
}

// Edition is one text of a document with everything that was understood of it.
// It is never changed once it is in a [Library], and so may be shared between
// goroutines.
type Edition struct {
	ID       EditionID `json:"id"`
	Document Document  `json:"document"`
	// Digest is the SHA-256 of Text in lower-case hexadecimal.
	Digest   string     `json:"digest"`
	Validity Validity   `json:"validity"`
	Source   Source     `json:"source"`
	Pages    []PageSpan `json:"pages"`
	Quality  Quality    `json:"quality"`
	// Passages stand in the order of the text; a parent before its children.
	Passages []Passage `json:"passages"`
	// Asked are the questions written for passages, in the order of these. They
	// are no part of Text, and so of neither Digest nor ID: the same text with
	// other questions is the same edition, which a [Store] then replaces.
	Asked []Asked `json:"asked,omitempty"`
	// Text is the canonical text: valid UTF-8, normal form C, lines ended by
	// "\n", no control characters besides that.
	Text string `json:"text"`
}

// DigestOf returns the digest of a canonical text and the edition id in it.
func DigestOf(text string) (digest string, id EditionID) {
	sum := sha256.Sum256([]byte(text))
	digest = hex.EncodeToString(sum[:])
	return digest, EditionID(digest[:8])
}

// Label is what must stand beside every quotation from the edition: that it is
// a summary, that it is no longer in force as it stands, that it was read from
// a scan. It is empty when there is nothing to say.
func (e *Edition) Label() string {
	var notes []string
	if note := e.Document.Kind.Label(); note != "" {
		notes = append(notes, note)
	}
	switch e.Validity.Status {
	case Amended:
		notes = append(notes, withReason("Văn bản đã được sửa đổi, bổ sung", e.Validity.By))
	case Replaced:
		notes = append(notes, withReason("Văn bản đã được thay thế", e.Validity.By))
	case Expired:
		notes = append(notes, "Văn bản đã hết hiệu lực")
	}
	if e.Quality.Method == MethodOCR {
		notes = append(notes, "Đọc máy từ bản chụp, có thể sai chữ")
	}
	return strings.Join(notes, "; ")
}

func withReason(note, by string) string {
	if by == "" {
		return note
	}
	return note + " bởi " + by
}

// Words returns the words that stand at s, or "" when s is not a range of the
// canonical text.
func (e *Edition) Words(s Span) string {
	if !s.within(e.Text) {
		return ""
	}
	return e.Text[s.Start:s.End]
}

// Said are the words of passage i without its mark.
func (e *Edition) Said(i int) string {
	p := e.Passages[i]
	return strings.TrimSpace(e.Words(Span{Start: p.Start + p.Mark, End: p.End}))
}

// Index returns the position of a passage in Passages, or -1.
func (e *Edition) Index(id PassageID) int {
	for i := range e.Passages {
		if e.Passages[i].ID == id {
			return i
		}
	}
	return -1
}

// Extent is the range from the beginning of passage i to the end of the last
// passage below it: a heading with its whole section, a lead-in with its list.
func (e *Edition) Extent(i int) Span {
	return Span{Start: e.Passages[i].Start, End: e.Passages[e.LastBelow(i)].End}
}

// LastBelow is the index of the last passage below passage i, or i itself when
// nothing stands below it.
func (e *Edition) LastBelow(i int) int {
	last := i
	for j := i + 1; j < len(e.Passages) && e.Passages[j].Parent >= i; j++ {
		last = j
	}
	return last
}

// Children are the indices of the passages directly below passage i, in order.
// With i = -1 they are the passages at the top.
func (e *Edition) Children(i int) []int {
	var below []int
	for j := i + 1; j < len(e.Passages) && e.Passages[j].Parent >= i; j++ {
		if e.Passages[j].Parent == i {
			below = append(below, j)
		}
	}
	return below
}

// Ancestors are the indices of the passages above passage i, nearest first.
func (e *Edition) Ancestors(i int) []int {
	var above []int
	for p := e.Passages[i].Parent; p >= 0; p = e.Passages[p].Parent {
		above = append(above, p)
	}
	return above
}

// Outline are the indices of the headings, in order.
func (e *Edition) Outline() []int {
	var heads []int
	for i, p := range e.Passages {
		if p.Kind.Heading() {
			heads = append(heads, i)
		}
	}
	return heads
}

// Page is the number of the page on which s begins, or 0 when the source has
// no pages.
func (e *Edition) Page(s Span) int {
	i := sort.Search(len(e.Pages), func(i int) bool { return e.Pages[i].End > s.Start })
	if i < len(e.Pages) && e.Pages[i].Start <= s.Start {
		return e.Pages[i].Number
	}
	return 0
}

// WithID returns a copy of the edition under another document id.
func (e *Edition) WithID(id DocumentID) *Edition {
	renamed := *e
	renamed.Document.ID = id
	renamed.Passages = slices.Clone(e.Passages)
	for i := range renamed.Passages {
		renamed.Passages[i].ID = NewPassageID(id, e.ID, e.Passages[i].Place)
	}
	return &renamed
}
