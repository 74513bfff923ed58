package answer

import (
	"slices"
	"strings"
	"testing"

	"github.com/hoinq/hoinq/retrieval"
)

const askedText = `# Thông báo xã Cồn Sò

## I. Thủ tục

Hồ sơ đăng ký biến động gồm:

Hỏi: Qzebra sang tên sổ đỏ cần giấy tờ gì? Qzebra làm sổ cần gì?

- đơn theo mẫu;
- giấy chứng nhận bản gốc.

**Hỏi:** Qzebra nộp bản gốc hay bản sao?

## II. Đi lại

Hỏi: Qzebra đi lại có gì mới?

| Bến | Giá vé |
|---|---|
| Cồn Sò | 5.000 đồng |

Hỏi: Qzebra đi phà mất mấy đồng?

Đò ngang ngừng chạy khi có gió cấp 6.
Hỏi: Qzebra phà nghỉ lúc nào?
`

// No question that an office writes below a passage is ever quoted or said,
// whatever is asked; the one that equals it is answered by that passage.
func TestAuthoredQuestionsAnswerAndAreNeverQuoted(t *testing.T) {
	engine, library := engineOf(t, Options{}, "tb.md", askedText)
	e := library.InForce()[0]
	written := map[string]int{}
	var questions []string
	for _, a := range e.Asked {
		written[a.Question] = a.Passage
		questions = append(questions, a.Question, "Cho hỏi "+strings.TrimPrefix(a.Question, "Qzebra "))
	}
	for i := range e.Passages {
		questions = append(questions, e.Said(i), e.Said(i)+" qzebra là gì?")
	}
	for _, question := range questions {
		r, err := engine.index.Search(t.Context(), retrieval.Query{Text: question})
		if err != nil {
			t.Fatal(err)
		}
		a, err := engine.composer.Compose(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		if at, ok := written[question]; ok && (!a.Answered() || a.Citations[0].Passage != e.Passages[at].ID || a.Confidence < 0.9) {
			t.Errorf("%q: %+v, want an answer from %s", question, a, e.Passages[at].ID)
		}
		var said []string
		for _, s := range a.Sentences {
			said = append(said, s.Text)
		}
		for _, c := range slices.Concat(a.Citations, a.Nearest) {
			said = append(said, c.Words)
			for _, context := range c.Context {
				said = append(said, context.Words)
			}
			if err := e.Prove(c); err != nil {
				t.Errorf("%q: %v", question, err)
			}
		}
		if !strings.Contains(strings.ToLower(question), "qzebra") {
			said = append(said, a.UnderstoodAs)
		}
		if all := strings.ToLower(strings.Join(said, "\n")); strings.Contains(all, "qzebra") {
			t.Errorf("%q: the answer has words of an authored question: %q", question, all)
		}
	}
}

func TestAuthoredQuestionsAreOfferedBeforeGeneratedOnes(t *testing.T) {
	engine, _ := engineOf(t, Options{}, "tb.md", askedText)
	x := engine.composer.(*Extractive)
	want := []string{
		"Qzebra sang tên sổ đỏ cần giấy tờ gì?", "Qzebra nộp bản gốc hay bản sao?", "Qzebra đi lại có gì mới?",
		"Qzebra đi phà mất mấy đồng?", "Qzebra phà nghỉ lúc nào?",
	}
	if got := x.Questions(); len(got) <= len(want) || !slices.Equal(got[:len(want)], want) {
		t.Errorf("questions %q, want %q first, and generated ones behind", got, want)
	}
	if got := x.Starters(t.Context(), len(want)); !slices.Equal(got, want) {
		t.Errorf("starters %q, want %q", got, want)
	}
}
