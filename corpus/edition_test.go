package corpus

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAnEditionSurvivesJSON(t *testing.T) {
	e := sample()
	e.Document.Sources = []string{"https://a.example/?x=1&y=2"}
	e.Document.Questions = []string{"Trồng cây gì?"}
	e.Validity = Validity{Status: Amended, From: "2025-01-01", Until: "2025-12-31", By: "Kế hoạch mới"}
	e.Source = Source{File: "kế hoạch.md", URL: "https://a.example/", Reader: "markdown/1"}
	e.Quality = Quality{Method: MethodOCR, Confidence: 0.5, Warnings: []string{"mờ <trang 2>"}}
	e.Passages[sampleFirst].Links = []string{"https://a.example/#1"}
	if diff := cmp.Diff(throughJSON(t, e), e); diff != "" {
		t.Errorf("edition (-got +want):\n%s", diff)
	}
	if diff := cmp.Diff(throughJSON(t, Document{}), Document{}); diff != "" {
		t.Errorf("zero document (-got +want):\n%s", diff)
	}
	if diff := cmp.Diff(throughJSON(t, Passage{}), Passage{}); diff != "" {
		t.Errorf("zero passage (-got +want):\n%s", diff)
	}
}

func TestTheTreeOfPassages(t *testing.T) {
	e := sample()
	for _, tc := range []struct {
		passage             int
		last                int
		children, ancestors []int
	}{
		{sampleTitle, sampleRow, []int{samplePart}, nil},
		{samplePart, sampleRow, []int{sampleLeadIn, sampleParagraph, sampleRow}, []int{sampleTitle}},
		{sampleLeadIn, sampleSecond, []int{sampleFirst, sampleSecond}, []int{samplePart, sampleTitle}},
		{sampleSecond, sampleSecond, nil, []int{sampleLeadIn, samplePart, sampleTitle}},
		{sampleRow, sampleRow, nil, []int{samplePart, sampleTitle}},
	} {
		p := e.Passages[tc.passage]
		t.Run(p.Place, func(t *testing.T) {
			if got := e.LastBelow(tc.passage); got != tc.last {
				t.Errorf("LastBelow %d, want %d", got, tc.last)
			}
			if got, want := e.Extent(tc.passage), (Span{Start: p.Start, End: e.Passages[tc.last].End}); got != want {
				t.Errorf("Extent %v, want %v", got, want)
			}
			if got := e.Children(tc.passage); !slices.Equal(got, tc.children) {
				t.Errorf("Children %v, want %v", got, tc.children)
			}
			if got := e.Ancestors(tc.passage); !slices.Equal(got, tc.ancestors) {
				t.Errorf("Ancestors %v, want %v", got, tc.ancestors)
			}
			if got := e.Index(p.ID); got != tc.passage {
				t.Errorf("Index %d, want %d", got, tc.passage)
			}
		})
	}
	if got := e.Children(-1); !slices.Equal(got, []int{sampleTitle}) {
		t.Errorf("Children(-1) %v, want the passages at the top", got)
	}
	if got := e.Outline(); !slices.Equal(got, []int{sampleTitle, samplePart}) {
		t.Errorf("Outline %v, want the headings", got)
	}
	if got := e.Index("ke-hoach/x/I"); got != -1 {
		t.Errorf("Index of an unknown passage %d, want -1", got)
	}
}

func TestThePageIsTheOneOnWhichTheWordsBegin(t *testing.T) {
	e := &Edition{Pages: []PageSpan{
		{Number: 3, Span: Span{Start: 10, End: 20}}, {Number: 4, Span: Span{Start: 22, End: 30}},
	}}
	for start, want := range map[int]int{0: 0, 9: 0, 10: 3, 19: 3, 20: 0, 21: 0, 22: 4, 29: 4, 30: 0} {
		if got := e.Page(Span{Start: start, End: 40}); got != want {
			t.Errorf("page of byte %d: %d, want %d", start, got, want)
		}
	}
	if got := (&Edition{}).Page(Span{Start: 0, End: 1}); got != 0 {
		t.Errorf("page in a source without pages: %d, want 0", got)
	}
}

func TestWordsOfWhatIsNoRangeAreNone(t *testing.T) {
	e := &Edition{Text: "đước"}
	for span, want := range map[Span]string{
		{0, 2}: "đ", {0, len("đước")}: "đước", {-1, 2}: "", {2, 2}: "", {2, 1}: "", {0, 99}: "", {98, 99}: "",
	} {
		if got := e.Words(span); got != want {
			t.Errorf("Words(%v) = %q, want %q", span, got, want)
		}
	}
}

func TestWithIDRenamesACopy(t *testing.T) {
	e := sample()
	renamed := e.WithID("ban-sao")
	if diff := cmp.Diff(e, sample()); diff != "" {
		t.Errorf("the original changed (-got +want):\n%s", diff)
	}
	for i, p := range renamed.Passages {
		if want := NewPassageID("ban-sao", e.ID, e.Passages[i].Place); p.ID != want {
			t.Errorf("passage %d is %q, want %q", i, p.ID, want)
		}
	}
	if renamed.Document.ID != "ban-sao" || renamed.ID != e.ID {
		t.Errorf("renamed to %s/%s", renamed.Document.ID, renamed.ID)
	}
}

func TestAPassageIDIsMadeOfThreeParts(t *testing.T) {
	d, e, place, ok := NewPassageID("ke-hoach", "1a2b3c4d", "I.2.-1").Split()
	if d != "ke-hoach" || e != "1a2b3c4d" || place != "I.2.-1" || !ok {
		t.Errorf("Split gives %q, %q, %q, %v", d, e, place, ok)
	}
	for _, id := range []PassageID{"", "a", "a/b", "a/b/", "/b/c", "a//c"} {
		if _, _, _, ok := id.Split(); ok {
			t.Errorf("%q is taken for a passage id", id)
		}
	}
}

func TestKindsHaveANameAndOnlySummariesALabel(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range append(Kinds(), "") {
		if !k.Valid() || k.Name() == "" || seen[k.Name()] {
			t.Errorf("kind %q: valid %v, name %q", k, k.Valid(), k.Name())
		}
		seen[k.Name()] = true
		if got := k.Label() != ""; got != (k == KindSummary) {
			t.Errorf("kind %q has label %q", k, k.Label())
		}
	}
	if Kind("sach").Valid() {
		t.Error("an unknown kind is valid")
	}
}

func TestTheShortNameOfADocument(t *testing.T) {
	for _, tc := range []struct {
		document Document
		want     string
	}{
		{Document{Title: "Nghị quyết Đại hội", Kind: KindResolution, Number: "11-NQ/ĐH"}, "Nghị quyết số 11-NQ/ĐH"},
		{Document{Title: "Nghị quyết Đại hội", Kind: KindResolution}, "“Nghị quyết Đại hội”"},
		{Document{Title: "Nghị quyết Đại hội", Number: "11-NQ/ĐH"}, "“Nghị quyết Đại hội”"},
		{Document{Title: "Đại hội (tóm lược)", Kind: KindSummary, Number: "1"}, "bản tóm lược “Đại hội”"},
	} {
		if got := tc.document.ShortName(); got != tc.want {
			t.Errorf("%+v is called %q, want %q", tc.document, got, tc.want)
		}
	}
}

func TestTheLabelSaysAllThatAReaderMustKnow(t *testing.T) {
	for _, tc := range []struct {
		edition Edition
		want    string
	}{
		{Edition{Validity: Validity{Status: InForce}, Quality: Quality{Method: MethodText}}, ""},
		{Edition{Document: Document{Kind: KindSummary}}, "Tóm lược biên tập, không phải toàn văn"},
		{Edition{Validity: Validity{Status: Expired}}, "Văn bản đã hết hiệu lực"},
		{Edition{Validity: Validity{Status: Replaced}}, "Văn bản đã được thay thế"},
		{Edition{Validity: Validity{Status: Amended, By: "Nghị quyết 12"}, Quality: Quality{Method: MethodOCR}},
			"Văn bản đã được sửa đổi, bổ sung bởi Nghị quyết 12; Đọc máy từ bản chụp, có thể sai chữ"},
	} {
		if got := tc.edition.Label(); got != tc.want {
			t.Errorf("label %q, want %q", got, tc.want)
		}
	}
}
