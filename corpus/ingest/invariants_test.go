package ingest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/hoinq/hoinq/corpus"
)

// What holds for every document is checked below, on made up documents by
// TestWhatHoldsForEveryDocument and on any bytes by the fuzz targets.

// reporter is what testing.TB and rapid.T have in common here.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

func checkDraft(t reporter, d Draft) {
	t.Helper()
	if !utf8.ValidString(d.Text) || !norm.NFC.IsNormalString(d.Text) {
		t.Errorf("canonical text is not UTF-8 in normal form C: %q", d.Text)
	}
	if at := strings.IndexFunc(d.Text, func(r rune) bool { return unicode.Is(unicode.C, r) && r != '\n' }); at >= 0 {
		t.Errorf("canonical text holds a control character at byte %d: %q", at, d.Text)
	}
	end := 0
	for i, b := range d.Blocks {
		if b.Start < end || b.End <= b.Start || b.End > len(d.Text) {
			t.Fatalf("block %d is %v after byte %d in a text of %d bytes", i, b.Span, end, len(d.Text))
		}
		if between := d.Text[end:b.Start]; strings.Trim(between, "\n") != "" {
			t.Errorf("%q stands between the blocks", between)
		}
		if words := d.Text[b.Start:b.End]; words != clean(words) {
			t.Errorf("block %d is not clean: %q", i, words)
		}
		for _, link := range b.Links {
			if !strings.HasPrefix(strings.ToLower(link), "http") {
				t.Errorf("link %q cannot be shown", link)
			}
		}
		end = b.End
	}
	if rest := d.Text[end:]; rest != "\n" {
		t.Errorf("%q stands behind the blocks", rest)
	}
}

func checkEdition(t reporter, e *corpus.Edition) {
	t.Helper()
	if digest, id := corpus.DigestOf(e.Text); e.Digest != digest || e.ID != id {
		t.Errorf("edition %s, digest %s, are not those of the text", e.ID, e.Digest)
	}
	if e.Document.ID == "" || e.Document.Title == "" || !e.Document.Kind.Valid() {
		t.Errorf("document without id or title, or of no kind: %+v", e.Document)
	}
	seen := map[corpus.PassageID]bool{}
	end := 0
	for i, p := range e.Passages {
		if seen[p.ID] || p.ID != corpus.NewPassageID(e.Document.ID, e.ID, p.Place) {
			t.Errorf("passage %d: id %q comes twice or is not of its place", i, p.ID)
		}
		seen[p.ID] = true
		if p.Place == "" || p.Location == "" || strings.ContainsFunc(p.Place, func(r rune) bool { return r <= ' ' || r > '~' }) {
			t.Errorf("passage %d: place %q, location %q", i, p.Place, p.Location)
		}
		if p.Parent >= i || i > 0 && p.Parent >= 0 && p.Parent != i-1 && !slices.Contains(e.Ancestors(i-1), p.Parent) {
			t.Fatalf("passage %d: parent %d is not above it", i, p.Parent)
		}
		if p.Start < end || e.Words(p.Span) == "" || !utf8.ValidString(e.Words(p.Span)) {
			t.Fatalf("passage %d is %v after byte %d", i, p.Span, end)
		}
		end = p.End
	}
	for i, p := range e.Passages {
		for _, span := range []corpus.Span{p.Span, e.Extent(i)} {
			if err := e.Prove(e.Cite(i, span)); err != nil {
				t.Errorf("passage %d: %v", i, err)
			}
		}
	}
}

// check reads bytes twice and checks whatever comes of them.
func check(t reporter, name string, read func([]byte) (Draft, error), data []byte) {
	t.Helper()
	d, err := read(data)
	if err != nil {
		if _, again := read(data); again == nil || again.Error() != err.Error() {
			t.Errorf("read twice: %v and %v", err, again)
		}
		if !slices.ContainsFunc([]error{ErrEmpty, ErrBinary, ErrEncoding, ErrTooLarge, ErrFrontMatter}, func(known error) bool { return errors.Is(err, known) }) {
			t.Errorf("error of no known kind: %v", err)
		}
		return
	}
	checkDraft(t, d)
	e := NewEdition(name, d)
	checkEdition(t, e)
	again, err := Reader(name, strings.NewReader(string(data)))
	if diff := cmp.Diff(again, e); diff != "" || err != nil {
		t.Errorf("read again: %v, editions (-again +first):\n%s", err, diff)
	}
}

func TestWhatHoldsForEveryDocument(t *testing.T) {
	marks := rapid.SampledFrom([]string{"", "", "", "I. ", "II- ", "1. ", "2. ", "3) ", "1.1. ", "2.1 ", "a) ", "b) ", "đ) ", "- ", "+ ",
		"  - ", "   1. ", "Thứ nhất, ", "Hai là, ", "Điều 1. ", "Điều 2. ", "Chương I ", "Mục 1đ. ", "PHẦN THỨ NHẤT ", "# ", "## ", "### 2.1. ", "> ", "| ", "(Ảnh: "})
	words := rapid.SampledFrom([]string{"Hội nghị họp ở bến.", "gồm:", "đước, mắm;", "QUYẾT NGHỊ", "45.799 tỷ đồng", "*nhấn* [xem](https://a.example/)",
		"Phản hồi", "PV)", "Lớp học trên tàu (Ảnh: PV)", "\u200b\u0301a", "<b>ba", "|", "| b |\n|---|---|", "Hòa hoà", "Đảng\u0303 ủy", "", "Các tin khác"})
	ends := rapid.SampledFrom([]string{"\n", "\n", "\n\n", "  \n", " "})
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		for range rapid.IntRange(1, 25).Draw(t, "lines") {
			fmt.Fprint(&b, marks.Draw(t, "mark"), words.Draw(t, "words"), ends.Draw(t, "end"))
		}
		composed, decomposed := norm.NFC.String(b.String()), norm.NFD.String(b.String())
		for name, read := range readers() {
			check(t, name, read, []byte(b.String()))
			one, err1 := Reader(name, strings.NewReader(composed))
			other, err2 := Reader(name, strings.NewReader(decomposed))
			if diff := cmp.Diff(other, one); diff != "" || (err1 == nil) != (err2 == nil) {
				t.Errorf("%s: %v, %v; editions (-decomposed +composed):\n%s", name, err1, err2, diff)
			}
		}
	})
}

// readers are the readers by format, under the name of a file that each reads.
func readers() map[string]func([]byte) (Draft, error) {
	return map[string]func([]byte) (Draft, error){"a.md": Markdown, "a.txt": PlainText}
}

func FuzzMarkdown(f *testing.F) {
	for _, s := range []string{
		"---\ntitle: Kế hoạch\ndate: 2025-11-30\n---\n\n# Kế hoạch\n\n## I. Mục tiêu\n\n1. Trồng rừng:\n   - đước;\n   + mắm\n",
		"> Bản nháp\n\n| Xã | Ha |\n|---|--:|\n| Cồn Sò | 40 |\n\n(nguồn: [báo](https://a.example/?x=1&amp;y=2))\n",
		"Chương I\nQUY ĐỊNH CHUNG\nĐiều 1. Phạm vi\n1. Luật này gồm:\na) *bến*;\\\nb) bãi.\n",
		"<!-- ghi chú\n# -->\n\n<div>Một&nbsp;hai<br>ba</div>\n\n```\n- mã\n```\n\n- - x\n\n    4. bốn\n",
		"\ufeffHo\u0323\u0302i nghi\u0323\r\n===\r\n\\*không phải dấu\\* &#8203; `a\\b`\r\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) { check(t, "a.md", Markdown, data) })
}

func FuzzPlainText(f *testing.F) {
	for _, s := range []string{
		"Lạc Hải: Mở lớp học trên tàu\nLớp học ở bến Cồn Sò (Ảnh: PV)\n\nĐảng ủy phường mở lớp học.\n1.285 lượt xem\nPhản hồi\nCác tin khác\nTin một\n",
		"PHẦN THỨ NHẤT\nĐÁNH GIÁ\nI- KẾT QUẢ\n1. Thành tựu\n1.1. Kinh tế\na) Cảng;\nđ) Điện, gồm:\n- bờ;\n+ xã;\n",
		"Điều 1. Tên\n1. Quỹ.\nĐiều 1. Mức\n1. Hai lần.\n1.1. Hộ nghèo.\nMục 1đ. X\n",
		"Ban Tổ chức mở ba lớp:\nlớp một;\nlớp hai;\nlớp ba.\nThứ hai, ngày 24 tháng 11, khai mạc.\n",
		"Dòng này vừa đủ dài để được coi là ngắt ở bề rộng bảy mươi hai ký tự,\nnên dòng sau phải được nối lại với dòng trước\u2028\x0c\u00ad\u0301.\r",
		"Đảng" + strings.Repeat("\u0303", 40) + "\u0323 ủy\n\u0301\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) { check(t, "a.txt", PlainText, data) })
}
