package answer

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/hoinq/hoinq/corpus"
)

const clinic = `# Nghị quyết

## I. Y tế

a) Cấp thuốc điều trị tăng huyết áp, đái tháo đường ngay tại trạm y tế xã từ năm 2027.

b) Đưa bác sĩ về khám sức khỏe định kỳ cho người cao tuổi mỗi năm hai lần.

## II. Nhà ở

a) Xây 300 căn nhà ở xã hội cho công nhân khu công nghiệp.

b) Lắp đèn chiếu sáng công cộng các tuyến hẻm.
`

// What was found by its meaning alone is shown as that, and never as more.
func TestAnAnswerByMeaningSaysSo(t *testing.T) {
	e, _ := engineOf(t, Options{}, "nq.md", clinic)
	a := ask(t, e, "Ông nội bị cao máu, cứ bốn tuần phải bắt xe lên phố lấy viên uống, mệt lắm rồi")
	if !a.Answered() || len(a.Citations) < 2 || !strings.HasPrefix(a.Citations[0].Words, "a) Cấp thuốc") {
		t.Fatalf("%+v", a)
	}
	text := a.Text()
	for _, want := range []string{"không dùng đúng lời", "Cấp thuốc điều trị", "Nếu chưa phải"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q does not say %q", text, want)
		}
	}
	if r := NewResponse("", a, Options{}); r.Confidence <= 0 || r.Confidence >= 0.9 {
		t.Errorf("confidence %v", r.Confidence)
	}
}

func TestAPlaceThatNoDocumentHasIsToldSo(t *testing.T) {
	e, _ := engineOf(t, Options{}, "nq.md", clinic)
	a := ask(t, e, "Điều 12 khoản 3 nói về gì?")
	if a.Answered() || !strings.Contains(a.Text(), "không có chỗ “điều 12, khoản 3”. Tài liệu được chia theo phần, điểm;") {
		t.Errorf("%q", a.Text())
	}
	if a := ask(t, e, "mục 9, phần iii nói gì"); !strings.Contains(a.Text(), "“mục 9, phần III”") {
		t.Errorf("%q", a.Text())
	}
	if a := ask(t, e, "Giá xăng hôm nay?"); strings.Contains(a.Text(), "chia theo") {
		t.Errorf("%q", a.Text())
	}
}

func TestThanksAreAnsweredWarmly(t *testing.T) {
	e, _ := engineOf(t, Options{Office: "Văn phòng"}, "nq.md", clinic)
	for _, thanks := range []string{"Cảm ơn nhé", "cam on", "Dạ cám ơn ạ"} {
		if a := ask(t, e, thanks); a.Answered() || a.Text() != texts.thanks.vi {
			t.Errorf("%q: %q", thanks, a.Text())
		}
	}
}

func TestWhoMayBeInDangerIsSentForHelpFirst(t *testing.T) {
	e, _ := engineOf(t, Options{}, "nq.md", clinic)
	for question, want := range map[string]bool{
		"Tôi muốn chết quá":                      true,
		"toi muon tu tu":                         true,
		norm.NFD.String("Chồng đánh tôi"):        true,
		"Cho hỏi từ từ rồi làm sổ đỏ được không": false,
		"Con tôi sốt cao co giật phải làm gì?":   true,
		"Chồng cứ say là đánh tôi, xã giúp gì?":  true,
		"Tỷ lệ bạo hành trẻ em giảm bao nhiêu?":  false,
		"Khám sức khỏe định kỳ cho ai?":          false,
	} {
		a := ask(t, e, question)
		if got := strings.HasPrefix(a.Text(), texts.urgent.vi); got != want {
			t.Errorf("%q: %q", question, a.Text())
		}
	}
}

// A section whose first paragraph alone is longer than any list is quoted in
// part, and an answer without a quotation is none.
func TestALongFirstParagraphIsQuotedInPart(t *testing.T) {
	long := strings.Repeat("Xã nạo vét kênh mương nội đồng và tu bổ đê bao hằng năm. ", 80)
	e, library := engineOf(t, Options{}, "nq.md", "# Nghị quyết\n\n## Nhiệm vụ trọng tâm của ngành thủy lợi\n\n"+long+"\n\nGiao ban quản lý thực hiện.\n")
	a := ask(t, e, "Nhiệm vụ trọng tâm của ngành thủy lợi là gì?")
	if !a.Answered() || len(a.Citations) == 0 || a.Citations[0].Words == "" {
		t.Errorf("%+v", a)
	}
	a.Citations = nil
	a.Sentences = nil
	if err := Proven(library, a); !errors.Is(err, corpus.ErrNotProven) {
		t.Errorf("an answer without a quotation is proven: %v", err)
	}
}
