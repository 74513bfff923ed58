package ingest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hoinq/hoinq/corpus"
)

// shared reads a document of the folder beside the repository.
func shared(t *testing.T, path ...string) *corpus.Edition {
	t.Helper()
	file := filepath.Join(append([]string{"..", "..", "..", "shared"}, path...)...)
	if _, err := os.Stat(file); err != nil {
		t.Skip("the shared folder is not beside the repository: ", err)
	}
	e, err := File(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	checkEdition(t, e)
	return e
}

func TestTheSeedIsATitleACaptionAndTenParagraphs(t *testing.T) {
	e := shared(t, "seeds", "000_64ec78b3cfd0b502.txt")
	got := map[corpus.PassageKind]int{}
	for _, p := range e.Passages {
		got[p.Kind]++
	}
	if len(e.Passages) != 12 || got[corpus.PassageTitle] != 1 || got[corpus.PassageCaption] != 1 || got[corpus.PassageParagraph] != 10 {
		t.Errorf("kinds %v, want a title, a caption and ten paragraphs", got)
	}
	if words := e.Words(e.Passages[1].Span); e.Passages[1].Kind != corpus.PassageCaption || !strings.HasSuffix(words, "tháng 10 vừa qua") {
		t.Errorf("second passage is %s %q, want the caption without its credit", e.Passages[1].Kind, words)
	}
	if !strings.Contains(e.Text, "vừa qua (Ảnh: PV)\n") || !strings.HasSuffix(e.Text, "Các tin khác\n") {
		t.Error("furniture is missing in the canonical text")
	}
	if e.Document.Kind != corpus.KindNews {
		t.Errorf("kind %q, want news", e.Document.Kind)
	}
}

func TestTheResolutionHasItsSixParts(t *testing.T) {
	e := shared(t, "eval", "resolution-dev", "nghi-quyet.md")
	var parts []string
	for _, i := range e.Children(0) {
		if p := e.Passages[i]; p.Kind == corpus.PassageHeading && len(e.Children(i)) > 0 {
			parts = append(parts, p.Place)
		}
	}
	if want := []string{"I", "II", "III", "IV", "V", "VI"}; !slices.Equal(parts, want) {
		t.Errorf("parts %q, want %q", parts, want)
	}
	for place, want := range map[string]string{
		"II.6.2.dd": "Phần II, mục 6, tiểu mục 6.2, điểm đ | đ) Gỡ cảnh báo thẻ vàng IUU;",
		"II.3.b.-9": "Phần II, mục 3, điểm b, gạch đầu dòng 9 | Có 45/52 xã đạt chuẩn nông thôn mới",
		"II.6.12.d": "Phần II, mục 6, tiểu mục 6.12, điểm d | d) Công đoàn,",
		"I.3.1.p2":  "Phần I, mục 3, tiểu mục 3.1, đoạn 2 | Lượng phù sa",
		"VI.4":      "Phần VI, mục 4 | 4. Đại hội kêu gọi",
	} {
		i := e.Index(corpus.NewPassageID(e.Document.ID, e.ID, place))
		if i < 0 {
			t.Errorf("no passage stands at %s", place)
		} else if got := e.Passages[i].Location + " | " + e.Words(e.Passages[i].Span); !strings.HasPrefix(got, want) {
			t.Errorf("%s is %q, want %q", place, got, want)
		}
	}
	if strings.Contains(outline(e), "Đây là văn bản bịa ra") {
		t.Error("the editors' remark is a passage")
	}
}
