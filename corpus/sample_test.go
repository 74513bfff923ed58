package corpus

import "strings"

// The passages of sample, by index.
const (
	sampleTitle = iota
	samplePart
	sampleLeadIn
	sampleFirst
	sampleSecond
	sampleParagraph
	sampleRow
)

// sample is a small edition with one passage of each kind that matters, in the
// shape that ingestion gives it, on two pages.
func sample() *Edition {
	e := &Edition{Document: Document{ID: "ke-hoach", Title: "Kế hoạch trồng rừng", Kind: KindSummary, Date: "2025-11"}}
	add := func(kind PassageKind, parent int, place, location, words string) {
		e.Text += words + "\n\n"
		end := len(e.Text) - 2
		e.Passages = append(e.Passages, Passage{
			Place: place, Location: location, Kind: kind, Parent: parent, Span: Span{Start: end - len(words), End: end},
		})
	}
	add(PassageTitle, -1, "title", "Tiêu đề", "Kế hoạch trồng rừng")
	add(PassageHeading, sampleTitle, "I", "Phần I", "I. Mục tiêu")
	add(PassageParagraph, samplePart, "I.p1", "Phần I, đoạn 1", "Trồng hai loài cây:")
	add(PassageItem, sampleLeadIn, "I.p1.a", "Phần I, đoạn 1, điểm a", "a) cây đước;")
	add(PassageItem, sampleLeadIn, "I.p1.b", "Phần I, đoạn 1, điểm b", "b) cây mắm.")
	add(PassageParagraph, samplePart, "I.p2", "Phần I, đoạn 2", "Mỗi năm trồng 40 ha.")
	e.Text += "Cây | Diện tích\n"
	header := Span{Start: len(e.Text) - len("Cây | Diện tích\n"), End: len(e.Text) - 1}
	add(PassageRow, samplePart, "I.t1-r1", "Phần I, bảng 1, dòng 1", "Đước | 30 ha")
	e.Passages[sampleRow].Header = header

	e.Digest, e.ID = DigestOf(e.Text)
	for i, p := range e.Passages {
		e.Passages[i].ID = NewPassageID(e.Document.ID, e.ID, p.Place)
	}
	second := e.Passages[sampleParagraph].Start
	e.Pages = []PageSpan{{Number: 1, Span: Span{Start: 0, End: second - 2}}, {Number: 2, Span: Span{Start: second, End: len(e.Text)}}}
	return e
}

// spanOf is where words stand in the text of e.
func spanOf(e *Edition, words string) Span {
	start := strings.Index(e.Text, words)
	return Span{Start: start, End: start + len(words)}
}
