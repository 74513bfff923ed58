package webchat

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/corpus/ingest"
)

func TestFind(t *testing.T) {
	for _, test := range []struct {
		name, text, words string
		want              []string
	}{
		{"neither case nor marks are needed", "Nghị quyết và NGHỊ QUYẾT", "nghi quyet", []string{"Nghị quyết", "NGHỊ QUYẾT"}},
		{"đ is d", "Đường đê", "duong de", []string{"Đường đê"}},
		{"marks that are typed are meant", "con đường, hướng dương", "đường", []string{"đường"}},
		{"marks that stand nowhere are let go", "con đường", "dương", []string{"đường"}},
		{"both ways to place a tone", "Tỉnh ủy, Tỉnh uỷ, Tinh uy", "tỉnh uỷ", []string{"Tỉnh ủy", "Tỉnh uỷ"}},
		{"whole words alone", "an toàn, ban an ninh", "an", []string{"an", "an"}},
		{"blanks are one", "phát\u00a0 triển bền", "phat trien", []string{"phát\u00a0 triển"}},
		{"not across lines", "an\nninh", "an ninh", nil},
		{"figures and signs", "đạt 1,9% (26.000)", "1,9% (26.000", []string{"1,9% (26.000"}},
		{"marks taken apart", "ho\u0323\u0302i nghi\u0323", "hội nghị", []string{"ho\u0323\u0302i nghi\u0323"}},
		{"letters that fold to several", "한국 x", "한국", []string{"한국"}},
		{"nothing but marks", "a\u0301", "\u0301", nil},
		{"nothing", "a", " ", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, span := range find(test.text, test.words) {
				got = append(got, test.text[span.Start:span.End])
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("found %q, want %q", got, test.want)
			}
		})
	}
}

func TestWhatIsLookedForIsCutToASize(t *testing.T) {
	for typed, want := range map[string]string{
		" nhiệm \n vụ ":                          "nhiệm vụ",
		strings.Repeat("đ", longestSearch+1):     strings.Repeat("đ", longestSearch),
		"a\x00\xff":                              "a\uFFFD\uFFFD",
		strings.Repeat("đ ", 2) + "<b>&amp;</b>": "đ đ <b>&amp;</b>",
	} {
		if got := searched(typed); got != want {
			t.Errorf("%q is looked for as %q, want %q", typed, got, want)
		}
	}
}

func TestAHitIsShownWithAFewWordsAround(t *testing.T) {
	before, after := strings.Repeat("trước ", 30), strings.Repeat(" sau", 30)
	e := readDocument(t, "a.txt", "Tiêu đề\n"+before+"giữa"+after+".\n")
	h := hitAt(e, find(e.Text, "giữa")[0])
	if !strings.HasPrefix(h.Before, "…") || !strings.HasSuffix(h.Before, "trước ") || !strings.HasPrefix(h.After, " sau") || !strings.HasSuffix(h.After, "…") {
		t.Errorf("hit %q, %q, %q", h.Before, h.Words, h.After)
	}
	if h.Location != "Đoạn 1" {
		t.Errorf("location %q", h.Location)
	}
}

// What is found and what is marked always begins and ends between characters,
// and marking changes no word.
func FuzzFindAndMark(f *testing.F) {
	f.Add("# Quy chế\n\nBến mở cửa.\n\n- Đò\n\n| a | b |\n|---|---|\n| c | d |\n", "be\u0301n", 3, 9)
	f.Add(invented, "to mot", 10, 400)
	f.Add("İstanbul ß ﬁ 한국 a\u0301\u0323 \u202e", "ı", 0, 2)
	f.Fuzz(func(t *testing.T, text, words string, start, end int) {
		for _, span := range find(text, words) {
			if span.Empty() || span.Start < 0 || span.End > len(text) {
				t.Fatalf("found %v in %d bytes", span, len(text))
			}
		}
		e := anEdition(text)
		found := find(e.Text, searched(words))
		marks := []mark{{corpus.Span{Start: start, End: end}, markQuoted}}
		for _, span := range found {
			if !utf8.ValidString(e.Text[span.Start:span.End]) {
				t.Errorf("%q cuts a character", e.Text[span.Start:span.End])
			}
			marks = append(marks, mark{span, markFound})
			hitAt(e, span)
		}
		if got, want := solid(wordsOf(layOut(e, marks))), solid(e.Text); got != want {
			t.Errorf("laid out %q, want %q", got, want)
		}
	})
}

// anEdition is a text as Markdown; of what cannot be read, an edition without
// passages.
func anEdition(text string) *corpus.Edition {
	if e, err := ingest.Reader("a.md", strings.NewReader(text)); err == nil {
		return e
	}
	text = strings.ToValidUTF8(text, "")
	digest, id := corpus.DigestOf(text)
	return &corpus.Edition{ID: id, Digest: digest, Text: text}
}

// wordsOf are the words of blocks in order.
func wordsOf(blocks []block) string {
	var b strings.Builder
	add := func(lists ...[]run) {
		for _, runs := range lists {
			for _, r := range runs {
				b.WriteString(r.Words)
			}
		}
	}
	for _, block := range blocks {
		add(block.Sign, block.Words)
		b.WriteString(wordsOf(block.Items))
		for _, c := range block.Header {
			add(c.Words, c.Bar)
		}
		for _, r := range block.Rows {
			add(r.Sign)
			for _, c := range r.Cells {
				add(c.Words, c.Bar)
			}
		}
		b.WriteString(wordsOf(block.Below))
	}
	return b.String()
}
