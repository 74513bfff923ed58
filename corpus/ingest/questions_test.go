package ingest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/hoinq/hoinq/corpus"
)

// taken reads a file that must be readable.
func taken(t reporter, name, text string) *corpus.Edition {
	t.Helper()
	e, err := Reader(name, strings.NewReader(text))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return e
}

// askedLines are the questions with the words of their passages.
func askedLines(e *corpus.Edition) string {
	var out []string
	for _, a := range e.Asked {
		out = append(out, e.Words(e.Passages[a.Passage].Span)+" <- "+a.Question)
	}
	return strings.Join(out, "\n")
}

func TestQuestionsBelongToThePassageAboveThem(t *testing.T) {
	for _, tc := range []struct{ name, file, source, want string }{
		{"a line right below", "a.md", "# T\n\nNộp ở xã.\nHỏi: Nộp ở đâu?\n\nHết.\n", "Nộp ở xã. <- Nộp ở đâu?"},
		{"a paragraph of its own", "a.md", "# T\n\nNộp ở xã.\n\nHỏi: Nộp ở đâu? Ai nhận?\n\nHết.\n", "Nộp ở xã. <- Nộp ở đâu?\nNộp ở xã. <- Ai nhận?"},
		{"several lines", "a.md", "# T\n\nA.\n\nHỏi: Một?\nHai?\n\nB.\n\nHỏi: ba?\nBốn.\n\nC.\n", "A. <- Một?\nA. <- Hai?\nB. <- ba?"},
		{"several runs follow each other", "a.md", "# T\n\nA.\n\nHỏi: Một?\nHỏi: Hai?\n\nHỏi: Ba?\n", "A. <- Một?\nA. <- Hai?\nA. <- Ba?"},
		{"bullets below the word alone", "a.md", "# T\n\nA.\n\nHỏi:\n- Một?\n- Hai?\n\n- B.\n", "A. <- Một?\nA. <- Hai?"},
		{"any case, bold, italic, in a block quote", "a.md",
			"# T\n\nA.\n\n**HỎI:** Một?\n\n*hỏi*: Hai?\n\n> Hỏi: Ba?\n> Bốn?\n\n> **Hỏi: Năm?**\n\n__Hỏi__ : *Sáu* &amp; `bảy`?\n",
			"A. <- Một?\nA. <- Hai?\nA. <- Ba?\nA. <- Bốn?\nA. <- Năm?\nA. <- Sáu & bảy?"},
		{"a heading", "a.md", "# T\n\n## I. Lệ phí\n\nHỏi: Phí bao nhiêu?\n\nMiễn phí.\n", "I. Lệ phí <- Phí bao nhiêu?"},
		{"a lead-in", "a.md", "# T\n\nHồ sơ gồm:\n\nHỏi: Cần giấy tờ gì?\n\n- Đơn;\n- Ảnh.\n", "Hồ sơ gồm: <- Cần giấy tờ gì?"},
		{"an item, inside of it and behind it", "a.md", "# T\n\n- Đơn.\n  Hỏi: Một?\n- Ảnh.\n\n  Hỏi: Hai?\n\nHỏi: Ba?\n", "Đơn. <- Một?\nẢnh. <- Hai?\nẢnh. <- Ba?"},
		{"one of two points of a paragraph", "a.md", "# T\n\na) Đơn.\nHỏi: Một?\nb) Ảnh.\n", "a) Đơn. <- Một?"},
		{"a row, below the table", "a.md", "# T\n\n| Xã | Ha |\n|---|---|\n| Sò | 40 |\nHỏi: Xã Sò có mấy ha?\n", "Sò | 40 <- Xã Sò có mấy ha?"},
		{"a passage behind another's continuation", "a.md", "# T\n\nMột dòng\nHỏi: Hai?\ngãy đôi.\n", "Một dòng gãy đôi. <- Hai?"},
		{"front matter before it", "a.md", "---\nquestions: X?\n---\n# T\n\nA.\nHỏi: Một?\n", "A. <- Một?"},
		{"plain text, line by line", "a.txt", "Thông báo\nNộp ở xã.\nHỏi: Nộp ở đâu? Ai nhận?\nNhận ở huyện.\nHỏi:Bao giờ?\nGiờ nào?\n", "Nộp ở xã. <- Nộp ở đâu?\nNộp ở xã. <- Ai nhận?\nNhận ở huyện. <- Bao giờ?\nNhận ở huyện. <- Giờ nào?"},
		{"plain text, a marked line below", "a.txt", "T\n\nA.\n\nHỏi: Một?\na) Đơn?\nPHẦN HAI\n", "A. <- Một?"},
		{"the same question twice", "a.txt", "T\nA.\nHỏi: Một? Một?\nHỏi: Một?\n", "A. <- Một?"},
		{"no more below a heading in capitals", "a.txt", "T\n\nA.\n\nHỏi: một?\nQUYẾT NGHỊ?\n", "A. <- một?"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for form, source := range map[string]string{"NFC": tc.source, "NFD": norm.NFD.String(tc.source), "CRLF": strings.ReplaceAll(tc.source, "\n", "\r\n")} {
				e := taken(t, tc.file, source)
				if diff := cmp.Diff(askedLines(e), tc.want); diff != "" {
					t.Errorf("%s: questions (-got +want):\n%s", form, diff)
				}
				if len(e.Quality.Warnings) > 0 || strings.Contains(strings.ToLower(e.Text), "hỏi") {
					t.Errorf("%s: warnings %q, text %q", form, e.Quality.Warnings, e.Text)
				}
				checkEdition(t, e)
			}
		})
	}
}

func TestWhatIsNoLineOfQuestionsStaysText(t *testing.T) {
	for _, tc := range []struct{ name, file, source, stays string }{
		{"the word in the middle", "a.md", "# T\n\nDân thường hỏi: nộp ở đâu?\n", "Dân thường hỏi: nộp ở đâu?"},
		{"another word that begins so", "a.txt", "T\nHỏi đáp: nộp ở đâu?\n", "Hỏi đáp: nộp ở đâu?"},
		{"without marks it is another word", "a.txt", "T\nHoi: nộp ở đâu?\n", "Hoi: nộp ở đâu?"},
		{"an item", "a.md", "# T\n\n- Hỏi: nộp ở đâu?\n", "- Hỏi: nộp ở đâu?"},
		{"a numbered item", "a.txt", "T\n1. Hỏi: nộp ở đâu?\n", "1. Hỏi: nộp ở đâu?"},
		{"a cell", "a.md", "# T\n\n| Hỏi: ai? | B |\n|---|---|\n| Hỏi: đâu? | b |\n", "Hỏi: đâu? | b"},
		{"a cell without the sign before it", "a.md", "# T\n\nHỏi: ai? | B\n---|---\nHỏi: đâu? | b\n", "Hỏi: đâu? | b"},
		{"code", "a.md", "# T\n\n```\nHỏi: ai?\n```\n", "Hỏi: ai?"},
		{"a text of questions and answers", "a.md", "# T\n\nHỏi: Nộp ở đâu?\n\n**Đáp:** Ở xã.\n", "Hỏi: Nộp ở đâu?"},
		{"the same in plain text", "a.txt", "T\nA.\nHỏi: Nộp ở đâu?\nTrả lời: Ở xã.\n", "Hỏi: Nộp ở đâu?"},
		{"words behind a question that go on with the text", "a.md", "# T\n\nA.\n\nHỏi: Một?\nNgười dân nộp ở xã\n", "Người dân nộp ở xã"},
		{"a sentence below a question without its mark", "a.txt", "T\n\nA.\n\nHỏi: một\nNgười dân nộp ở xã.\n", "Người dân nộp ở xã."},
		{"a heading below", "a.md", "# T\n\nA.\n\nHỏi: một\n## Hai?\n", "Hai?"},
		{"Markdown means nothing in plain text", "a.txt", "T\n**Hỏi:** nộp ở đâu?\n", "**Hỏi:** nộp ở đâu?"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if e := taken(t, tc.file, tc.source); !strings.Contains(e.Text, tc.stays) {
				t.Errorf("text %q, want %q in it", e.Text, tc.stays)
			}
		})
	}
	if e := taken(t, "a.md", "# T\n\nA.\n\n<!--\nHỏi: ai?\n-->\n\nB.\n"); len(e.Asked) > 0 {
		t.Errorf("questions in a comment count: %v", e.Asked)
	}
}

func TestBadQuestionsAreWarnedOf(t *testing.T) {
	many := make([]string, 25)
	for i := range many {
		many[i] = fmt.Sprintf("Hỏi: Câu %d?", i)
	}
	for _, tc := range []struct {
		name, file, source string
		asked              int
		want               string
	}{
		{"before any passage", "a.md", "---\ntitle: X\n---\nHỏi: Ai?\n\nA.\n", 0, "dòng 4: “Hỏi:” đứng trước mọi đoạn nên không biết là hỏi đoạn nào, đã bỏ qua"},
		{"below the title alone", "a.md", "# T\n\nHỏi: Ai?\n\nA.\n", 0, "dòng 3: “Hỏi:” đứng trước mọi đoạn nên không biết là hỏi đoạn nào, đã bỏ qua"},
		{"empty", "a.txt", "T\nA.\nHỏi:\nB.\nHỏi: ?\n", 0, "dòng 3, 5: sau “Hỏi:” không có câu hỏi nào, đã bỏ qua"},
		{"in a list and a table", "a.md", "# T\n\n- Hỏi: Ai?\n\n| Hỏi: X | B |\n|---|---|\n| a | Hỏi: Y |\n", 0, "dòng 3, 5, 7: “Hỏi:” trong bảng hoặc trong danh sách là chữ của văn bản, được giữ nguyên"},
		{"questions and answers", "a.txt", "T\nHỏi: Ai?\nĐáp: Xã.\nHỏi: Đâu?\nĐáp: Bến.\n", 0, "dòng 2, 4: dưới “Hỏi:” là lời đáp, nên các dòng “Hỏi:” của tệp này là chữ của văn bản, được giữ nguyên"},
		{"the answer on the same line, or no question", "a.txt", "T\nA.\nHỏi: Ai? Đáp: Xã.\nHỏi: Ông B: tôi không đồng ý.\nHỏi: Đối tượng\nHộ nghèo vay\nđồng.\n", 0, "dòng 3, 4, 5: dòng “Hỏi:” không kết thúc bằng dấu hỏi (?) là chữ của văn bản, được giữ nguyên"},
		{"too many", "a.txt", "T\nA.\n" + strings.Join(many, "\n") + "\n", corpus.MaxAsked, "dòng 23, 24, 25, 26, 27: một đoạn chỉ giữ 20 câu hỏi đầu, các câu sau đã bỏ qua"},
		{"too long", "a.txt", "T\nA.\nHỏi: " + strings.Repeat("rất dài ", 50) + "?\nHỏi: " + strings.Repeat("đ", 400) + "?\n", 2, "dòng 3, 4: câu hỏi dài quá 300 ký tự, đã cắt bớt"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := taken(t, tc.file, tc.source)
			if diff := cmp.Diff(e.Quality.Warnings, []string{tc.want}); diff != "" || len(e.Asked) != tc.asked {
				t.Errorf("%d questions, want %d; warnings (-got +want):\n%s", len(e.Asked), tc.asked, diff)
			}
		})
	}
}

func TestTenThousandQuestionsAreReadAndNamedInOneWarning(t *testing.T) {
	for _, source := range []string{
		"T\n\nA.\n\n" + strings.Repeat("Hỏi: Nộp ở đâu? Ai nhận?\n", 10000),
		"T\n\nA.\n\nHỏi: Nộp ở đâu?\n" + strings.Repeat("Ai nhận?\n", 10000),
	} {
		if e := taken(t, "a.txt", source); e.Text != "T\n\nA.\n" || len(e.Asked) != 2 || len(e.Quality.Warnings) > 0 {
			t.Errorf("%d questions, warnings %q, text %q", len(e.Asked), e.Quality.Warnings, e.Text)
		}
	}
	var b strings.Builder
	b.WriteString("# T\n\nA.\n")
	for i := range 10000 {
		fmt.Fprintf(&b, "\n**Hỏi:** Câu %d?\n", i)
	}
	e := taken(t, "a.md", b.String())
	want := []string{"dòng 45, 47, 49, 51, 53 và 9975 dòng nữa: một đoạn chỉ giữ 20 câu hỏi đầu, các câu sau đã bỏ qua"}
	if diff := cmp.Diff(e.Quality.Warnings, want); diff != "" || len(e.Asked) != corpus.MaxAsked {
		t.Errorf("%d questions; warnings (-got +want):\n%s", len(e.Asked), diff)
	}
}

// The canonical text is what stands in the file without the lines of questions,
// byte for byte, wherever they stand and however they are written; and so no
// passage can hold a word of them.
func TestQuestionsLeaveNoTraceInTheText(t *testing.T) {
	lines := rapid.SampledFrom([]string{"# Kế hoạch", "## I. Lệ phí", "### 1.1. Mức", "Nộp hồ sơ ở bến Cồn Sò.", "Hồ sơ gồm:", "- đơn;", "  - hai ảnh;", "1. Đăng ký", "   Tại xã.",
		"a) đước", "> Bản nháp", "| Xã | Ha |", "|---|---|", "| Sò | 40 |", "QUYẾT NGHỊ", "Điều 1. Phạm vi", "dân hay hỏi: bao giờ có", "", "", "Lớp học (Ảnh: PV)", "Phản hồi", "    thụt vào",
		"Dòng này vừa đủ dài để được coi là ngắt ở bề rộng của trang giấy, và"})
	questions := rapid.SampledFrom([]string{"Hỏi: Zebra một?", "HỎI: zebra hai? Zebra ba?", "  hỏi : Zebra bốn?", "\nHỏi: Zebra năm?", "Hỏi: Zebra sáu?\nZebra bảy?\n", "Hỏi:\n"})
	marked := rapid.SampledFrom([]string{"**Hỏi:** Zebra một?", "*hỏi*: zebra hai?", "> Hỏi: Zebra ba?", "> **Hỏi: zebra bốn?**"})
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOfN(lines, 1, 30).Draw(t, "lines")
		for _, name := range []string{"a.md", "a.txt"} {
			var with, without []string
			for _, line := range plain {
				with, without = append(with, line), append(without, line)
				for range rapid.SampledFrom([]int{0, 0, 1, 2}).Draw(t, "questions") {
					question := questions.Draw(t, "question")
					if name == "a.md" && rapid.Bool().Draw(t, "marked") {
						question = marked.Draw(t, "marked question")
					}
					with = append(with, question)
					// The empty lines around a question are lines of the text.
					if strings.HasPrefix(question, "\n") || strings.HasSuffix(question, "\n") {
						without = append(without, "")
					}
				}
			}
			text := strings.Join(without, "\n") + "\n"
			want, err := Reader(name, strings.NewReader(text))
			if err != nil {
				continue
			}
			for _, form := range []func(string) string{
				func(s string) string { return s }, norm.NFD.String,
				func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
			} {
				got := taken(t, name, form(strings.Join(with, "\n")+"\n"))
				for _, a := range got.Asked {
					if !strings.Contains(strings.ToLower(a.Question), "zebra") || a.Passage >= len(got.Passages) {
						t.Fatalf("%+v is no question of the file", a)
					}
				}
				for i := range got.Passages {
					c := got.Cite(i, got.Extent(i))
					for _, r := range append(slices.Clone(c.Context), c.Quote) {
						if strings.Contains(strings.ToLower(r.Words), "zebra") {
							t.Fatalf("passage %d is quoted with a question: %q", i, r.Words)
						}
					}
				}
				checkEdition(t, got)
				got.Asked, got.Quality.Warnings = nil, want.Quality.Warnings
				if diff := cmp.Diff(got, want); diff != "" {
					t.Fatalf("%s: editions (-with questions +without):\n%s\n%s", name, diff, strings.Join(with, "\n"))
				}
			}
		}
	})
}

func TestAQuestionIsCutToItsLength(t *testing.T) {
	for _, question := range []string{strings.Repeat("rất dài ", 60), strings.Repeat("đ", 400), strings.Repeat("à", corpus.MaxAskedLength)} {
		e := taken(t, "a.txt", "T\nA.\nHỏi: "+question+"?\n")
		if n := utf8.RuneCountInString(e.Asked[0].Question); n > corpus.MaxAskedLength {
			t.Errorf("%d characters, want at most %d", n, corpus.MaxAskedLength)
		}
	}
}
