package retrieval

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/hoinq/hoinq/corpus"
)

// part is one step of a place in a document: "phần II", "mục 3", "điểm đ". The
// unit is without marks, the label a number where it is one; said is the part
// as it was written.
type part struct{ unit, label, said string }

// addressForm finds the parts of a place in a question in lower case. A khoản
// without its điều may be a sum of money and is none.
var addressForm = regexp.MustCompile(`(?:^|[\s,(])(phần|phan|chương|chuong|tiểu\s+mục|tieu\s+muc|mục|muc|điều|dieu|khoản|khoan|điểm|diem|đoạn|doan)\s+(?:thứ\s+|thu\s+)?([ivxlc]+|\d+(?:\.\d+)*|[a-zđ]|nhất|hai|ba|tư|năm|sáu|bảy)(?:[\s,.?!;:)]|$)`)

// addressIn is the place that a question names, or nothing.
func addressIn(text string) []part {
	// Two parts may share the space between them, so every space counts twice.
	doubled := strings.ReplaceAll(strings.ToLower(text), " ", "  ")
	var address []part
	for _, m := range addressForm.FindAllStringSubmatch(doubled, -1) {
		address = append(address, newPart(strings.Join(strings.Fields(m[1]), " "), m[2]))
	}
	article := slices.ContainsFunc(address, func(p part) bool { return p.unit == "dieu" })
	return slices.DeleteFunc(address, func(p part) bool { return p.unit == "khoan" && !article })
}

// newPart brings a part to the form in which parts are compared.
func newPart(unit, label string) part {
	p := part{unit: strings.TrimSuffix(fold(unit), " thu"), label: label, said: unit + " " + label}
	if p.unit == "phan" || p.unit == "chuong" {
		if n := romanNumber(label); n > 0 {
			p.label = strconv.Itoa(n)
		}
	}
	if n := slices.Index([]string{"nhất", "hai", "ba", "tư", "năm", "sáu", "bảy"}, label); n >= 0 {
		p.label = strconv.Itoa(n + 1)
	}
	return p
}

func romanNumber(s string) int {
	values := map[rune]int{'i': 1, 'v': 5, 'x': 10, 'l': 50, 'c': 100}
	total, last := 0, 0
	for _, r := range s {
		v := values[r]
		if v == 0 {
			return 0
		}
		if v > last {
			total -= 2 * last
		}
		total += v
		last = v
	}
	return total
}

// steps are the steps of places that were read already, by their words: a step
// that names no part has none. The places of many passages have few different
// ones.
type steps map[string][]part

// appendPlace appends the place of a passage as parts, the widest first.
func (s steps) appendPlace(place []part, location string) []part {
	for step := range strings.SplitSeq(location, ", ") {
		parts, known := s[step]
		if !known {
			lower := strings.ToLower(step)
			if space := strings.LastIndexByte(lower, ' '); space > 0 {
				parts = []part{newPart(lower[:space], lower[space+1:])}
			}
			s[step] = parts
		}
		place = append(place, parts...)
	}
	return place
}

// stands reports whether a passage stands at an address, and how many steps
// further down. Where the asker types no marks, "d" may be "đ".
func stands(place, address []part, unaccented bool) (below int, ok bool) {
	for _, want := range address {
		if !slices.ContainsFunc(place, func(p part) bool {
			return p.unit == want.unit && (p.label == want.label || unaccented && fold(p.label) == fold(want.label))
		}) {
			return 0, false
		}
	}
	return len(place) - len(address), true
}

// atAddress are the passages that stand at the address of the question: those
// with the fewest steps between it and them, those of the document named first
// and then the best first.
func (ix *Index) atAddress(q Query, asked question, found []*candidate) []*candidate {
	scored := map[int]*candidate{}
	for _, c := range found {
		scored[c.number] = c
	}
	var at []*candidate
	least := -1
	read, place := steps{}, []part{}
	for n := range ix.entries {
		e := &ix.entries[n]
		place = read.appendPlace(place[:0], e.edition.Passages[e.at].Location)
		below, ok := stands(place, asked.address, asked.Unaccented)
		if !ok || least >= 0 && below > least {
			continue
		}
		c := scored[n]
		if c == nil {
			if c, ok = ix.candidate(q, n); !ok {
				continue
			}
		}
		if below < least {
			at = nil
		}
		least = below
		c.Fits = true
		at = append(at, c)
	}
	slices.SortStableFunc(at, func(a, b *candidate) int {
		return cmp.Or(cmp.Compare(named(a.entry.edition.Document, q.Text), named(b.entry.edition.Document, q.Text)), cmp.Compare(b.Score, a.Score))
	})
	return at
}

// named is where in a question a document is called by its kind ("phần III của
// Kế hoạch"); the length of the question when it is not.
func named(d corpus.Document, question string) int {
	key := spaced(fold(question))
	for _, kind := range corpus.Kinds() {
		name := " " + fold(kind.Name()) + " "
		if d.Kind != kind && !strings.HasPrefix(spaced(fold(d.Title)), name) {
			continue
		}
		if at := strings.Index(key, name); at >= 0 {
			return at
		}
	}
	return len(key)
}

// placeName is an address as documents write it: "mục 9, phần III".
func placeName(address []part) string {
	var names []string
	for _, p := range address {
		n := strings.LastIndexByte(p.said, ' ')
		unit, label := p.said[:n], p.said[n+1:]
		if romanNumber(label) > 0 && (p.unit == "phan" || p.unit == "chuong") {
			label = strings.ToUpper(label)
		}
		names = append(names, unit+" "+label)
	}
	return strings.Join(names, ", ")
}

// lookUp answers a question that names a place with what stands there, and
// refuses when nothing does: better that than another place.
func (ix *Index) lookUp(q Query, asked question, found []*candidate) ([]*candidate, Decision) {
	at := ix.atAddress(q, asked, found)
	if len(at) == 0 {
		var missing []string
		for _, p := range asked.address {
			missing = append(missing, p.said)
		}
		return found, Decision{Reason: Insufficient, Missing: missing, Place: placeName(asked.address)}
	}
	rest := slices.DeleteFunc(found, func(c *candidate) bool { return slices.Contains(at, c) })
	return append(at, rest...), Decision{Answer: true}
}
