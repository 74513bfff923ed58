package bundled_test

import (
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/corpus/bundled"
)

func library(t *testing.T) []*corpus.Edition {
	t.Helper()
	l, err := bundled.Library()
	if err != nil {
		t.Fatal(err)
	}
	return l.InForce()
}

func TestTheBundledDocumentsAreLabelledSummaries(t *testing.T) {
	var ids []string
	for _, e := range library(t) {
		d := e.Document
		ids = append(ids, string(d.ID))
		if d.Kind != corpus.KindSummary || e.Cite(0, e.Passages[0].Span).Label != "Tóm lược biên tập, không phải toàn văn" {
			t.Errorf("%s: kind %q is not labelled a summary", d.ID, d.Kind)
		}
		if d.Title == "" || d.Issuer == "" || d.Date == "" || len(d.Sources) == 0 || len(d.Questions) == 0 || slices.Contains(d.Questions, "") {
			t.Errorf("%s: something is missing: %+v", d.ID, d)
		}
		if len(e.Quality.Warnings) > 0 {
			t.Errorf("%s: warnings %q", d.ID, e.Quality.Warnings)
		}
	}
	if want := []string{"dai-hoi-va-nghi-quyet", "ke-hoach-hoc-tap", "tinh-vinh-phuc-sau-1-7-2025"}; !slices.Equal(ids, want) {
		t.Errorf("documents %q, want %q", ids, want)
	}
}

// A passage either leads to its source or is a remark of the editors about
// their own work; these begin with one of the following.
func TestEveryFactHasItsSource(t *testing.T) {
	remarks := []string{
		"Tài liệu này", "Nhóm biên tập", "Chưa tìm thấy", "Các kế hoạch trong phần này", "Các con số của Đại hội tỉnh Phú Thọ",
		"Thu nhập thực tế bình quân đầu người và GRDP bình quân đầu người là hai thước đo khác nhau",
		"Người giữ chức vụ ở tỉnh Vĩnh Phúc có thay đổi",
	}
	for _, e := range library(t) {
		for i, p := range e.Passages {
			words := e.Words(p.Span)
			begins := func(remark string) bool { return strings.HasPrefix(words, remark) }
			if p.Kind.Heading() || len(e.Children(i)) > 0 || slices.ContainsFunc(remarks, begins) {
				continue
			}
			if len(p.Links) == 0 {
				t.Errorf("%s: no source beside %q", p.ID, words)
			}
			for _, link := range p.Links {
				if u, err := url.Parse(link); err != nil || u.Host == "" || !slices.Contains(e.Document.Sources, link) {
					t.Errorf("%s: source %q is not among those of the document", p.ID, link)
				}
			}
		}
	}
}

// longestRun is from how many words on a run in common counts as copied.
const longestRun = 10

func TestNoSentenceOfTheArticleIsCopied(t *testing.T) {
	article, err := os.ReadFile("../../../shared/seeds/000_64ec78b3cfd0b502.txt")
	if err != nil {
		t.Skip("the shared folder is not beside the repository: ", err)
	}
	runs := map[string]bool{}
	for _, run := range runsOf(string(article)) {
		runs[run] = true
	}
	if len(runs) < 100 {
		t.Fatalf("%d runs in the article", len(runs))
	}
	for _, e := range library(t) {
		for _, run := range runsOf(e.Text) {
			if runs[run] {
				t.Errorf("%s: %q stands in the article", e.Document.ID, run)
			}
		}
	}
}

// runsOf are the runs of words in a text, without regard to case and
// punctuation; the full name of the resolution counts as one word.
func runsOf(text string) []string {
	const name = "nghị quyết đại hội đại biểu đảng bộ tỉnh lần thứ xvii, nhiệm kỳ 2020-2025"
	text = strings.ReplaceAll(strings.ToLower(text), name, strings.ReplaceAll(name, " ", "_"))
	words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \n.,;:()“”\"/…", r) })
	var runs []string
	for i := range max(0, len(words)-longestRun+1) {
		runs = append(runs, strings.Join(words[i:i+longestRun], " "))
	}
	return runs
}
