package corpus

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCiteQuotesTheWordsWithTheirPlaceAndContext(t *testing.T) {
	e := sample()
	for _, tc := range []struct {
		name     string
		passage  int
		span     Span
		words    string
		location string
		context  []string
	}{
		{"a paragraph needs no context", sampleParagraph, e.Passages[sampleParagraph].Span,
			"Mỗi năm trồng 40 ha.", "Phần I, đoạn 2, trang 2", nil},
		{"a part of a passage", sampleParagraph, spanOf(e, "40 ha"), "40 ha", "Phần I, đoạn 2, trang 2", nil},
		{"an item comes with its lead-ins up to the heading", sampleSecond, e.Passages[sampleSecond].Span,
			"b) cây mắm.", "Phần I, đoạn 1, điểm b, trang 1", []string{"I. Mục tiêu", "Trồng hai loài cây:"}},
		{"a row comes with its header row", sampleRow, e.Passages[sampleRow].Span,
			"Đước | 30 ha", "Phần I, bảng 1, dòng 1, trang 2", []string{"Cây | Diện tích"}},
		{"a lead-in with its whole list", sampleLeadIn, e.Extent(sampleLeadIn),
			"Trồng hai loài cây:\n\na) cây đước;\n\nb) cây mắm.", "Phần I, đoạn 1, trang 1", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := e.Cite(tc.passage, tc.span)
			want := Citation{
				Passage: e.Passages[tc.passage].ID, Document: "ke-hoach", Title: "Kế hoạch trồng rừng",
				Kind: KindSummary, Label: "Tóm lược biên tập, không phải toàn văn", Edition: e.ID, Date: "2025-11",
				Location: tc.location, Quote: Quote{Span: tc.span, Words: tc.words}, Context: []Quote{},
			}
			for _, words := range tc.context {
				want.Context = append(want.Context, Quote{Span: spanOf(e, words), Words: words})
			}
			if diff := cmp.Diff(got, want); diff != "" {
				t.Errorf("citation (-got +want):\n%s", diff)
			}
			if err := e.Prove(got); err != nil {
				t.Errorf("Prove: %v", err)
			}
		})
	}
}

func TestTheAddressOfACitationIsTheNearestThatIsKnown(t *testing.T) {
	for _, tc := range []struct {
		name            string
		link, url, want string
		sources         []string
	}{
		{"beside the words", "https://a.example/1", "https://b.example/", "https://a.example/1", nil},
		{"of the file", "", "https://b.example/", "https://b.example/", []string{"https://c.example/"}},
		{"of the only source", "", "", "https://c.example/", []string{"https://c.example/"}},
		{"none of two sources", "", "", "", []string{"https://c.example/", "https://d.example/"}},
		{"none of a source that is a name", "", "", "", []string{"công báo"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := sample()
			e.Source.URL, e.Document.Sources = tc.url, tc.sources
			if tc.link != "" {
				e.Passages[sampleFirst].Links = []string{tc.link, "https://z.example/"}
			}
			if got := e.Cite(sampleFirst, e.Passages[sampleFirst].Span).URL; got != tc.want {
				t.Errorf("URL %q, want %q", got, tc.want)
			}
		})
	}
}

func TestProveRejectsEveryFalsification(t *testing.T) {
	e := sample()
	for name, falsify := range map[string]func(*Citation){
		"start one byte early":         func(c *Citation) { c.Start-- },
		"start one byte late":          func(c *Citation) { c.Start++ },
		"end one byte early":           func(c *Citation) { c.End-- },
		"end one byte late":            func(c *Citation) { c.End++ },
		"start below the text":         func(c *Citation) { c.Start = -1 },
		"end beyond the text":          func(c *Citation) { c.End = len(e.Text) + 1 },
		"start behind end":             func(c *Citation) { c.Start, c.End = c.End, c.Start },
		"nothing quoted":               func(c *Citation) { c.Quote = Quote{Span: Span{Start: c.Start, End: c.Start}} },
		"a byte of the words":          func(c *Citation) { c.Words = strings.Replace(c.Words, "c", "k", 1) },
		"a tone mark":                  func(c *Citation) { c.Words = strings.Replace(c.Words, "ắ", "ẳ", 1) },
		"another normal form":          func(c *Citation) { c.Words = strings.Replace(c.Words, "ắ", "a\u0306\u0301", 1) },
		"words of another passage":     func(c *Citation) { c.Quote = e.Cite(sampleFirst, e.Passages[sampleFirst].Span).Quote },
		"another passage":              func(c *Citation) { c.Passage = e.Passages[sampleParagraph].ID },
		"an unknown passage":           func(c *Citation) { c.Passage += "x" },
		"another edition":              func(c *Citation) { c.Edition = "00000000" },
		"another document":             func(c *Citation) { c.Document = "nghi-quyet" },
		"start of the context":         func(c *Citation) { c.Context[0].Start++ },
		"end of the context":           func(c *Citation) { c.Context[1].End-- },
		"a tone mark of the context":   func(c *Citation) { c.Context[1].Words = strings.Replace(c.Context[1].Words, "ồ", "ổ", 1) },
		"context that does not stand":  func(c *Citation) { c.Context = append(c.Context, Quote{Words: "Ngoài ra:"}) },
		"the empty citation":           func(c *Citation) { *c = Citation{} },
		"a citation of another source": func(c *Citation) { *c = e.WithID("khac").Cite(sampleSecond, c.Span) },
	} {
		t.Run(name, func(t *testing.T) {
			c := e.Cite(sampleSecond, e.Passages[sampleSecond].Span)
			if err := e.Prove(c); err != nil {
				t.Fatalf("before: %v", err)
			}
			falsify(&c)
			if err := e.Prove(c); !errors.Is(err, ErrNotProven) {
				t.Errorf("Prove: %v, want ErrNotProven", err)
			}
		})
	}
}

func TestTheErrorOfProveNamesThePassageAndNotTheWords(t *testing.T) {
	e := sample()
	c := e.Cite(sampleParagraph, e.Passages[sampleParagraph].Span)
	c.Words = "điều bịa đặt"
	if err := e.Prove(c); err == nil || !strings.Contains(err.Error(), string(c.Passage)) || strings.Contains(err.Error(), "bịa") {
		t.Errorf("Prove: %v", err)
	}
}

// The object is a contract with every reader of "hoinq ask --json".
func TestTheFieldsOfACitationInJSON(t *testing.T) {
	e := sample()
	data, err := json.Marshal(e.Cite(sampleFirst, e.Passages[sampleFirst].Span))
	must(t, err)
	var object, quote map[string]json.RawMessage
	must(t, json.Unmarshal(data, &object))
	want := strings.Fields("context date document edition end kind label location n passage quote score start title url")
	if got := slices.Sorted(maps.Keys(object)); !slices.Equal(got, want) {
		t.Errorf("fields %q, want %q", got, want)
	}
	var context []json.RawMessage
	must(t, json.Unmarshal(object["context"], &context))
	must(t, json.Unmarshal(context[0], &quote))
	if got := slices.Sorted(maps.Keys(quote)); !slices.Equal(got, []string{"end", "quote", "start"}) {
		t.Errorf("fields of a context %q", got)
	}
	data, err = json.Marshal(e.Cite(sampleParagraph, e.Passages[sampleParagraph].Span))
	must(t, err)
	if !strings.Contains(string(data), `"context":[]`) {
		t.Errorf("no context is not the empty list: %s", data)
	}
}

func TestACitationIsProvenAfterJSON(t *testing.T) {
	e := sample()
	c := e.Cite(sampleSecond, e.Passages[sampleSecond].Span)
	c.N, c.Score, c.URL = 2, 7.25, "https://a.example/?x=1&y=<2>"
	back := throughJSON(t, c)
	if diff := cmp.Diff(back, c); diff != "" {
		t.Errorf("citation (-got +want):\n%s", diff)
	}
	if err := e.Prove(back); err != nil {
		t.Error(err)
	}
}

// throughJSON is what is left of a value that was written as JSON and read.
func throughJSON[T any](t *testing.T, value T) T {
	t.Helper()
	data, err := json.Marshal(value)
	must(t, err)
	var back T
	must(t, json.Unmarshal(data, &back))
	return back
}
