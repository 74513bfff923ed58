package retrieval

import (
	"slices"
	"testing"

	"github.com/hoinq/hoinq/corpus"
)

// coast is an invented paper whose measures people ask for in other words.
const coast = `# Nghị quyết

## I. Kinh tế biển

a) Hỗ trợ ngư dân giải bản tàu cá để chuyển đổi nghề, mức 55 triệu đồng mỗi hộ.

b) Mở đường dây nóng tiếp nhận phản ánh khi thủy sản chết hàng loạt.

c) Nâng cấp cảng cá và khu neo đậu tránh trú bão.

## II. Xã hội

a) Miễn học phí cho học sinh trung học phổ thông công lập.

b) Cấp thuốc điều trị tăng huyết áp ngay tại trạm y tế xã.

c) Không sử dụng loa kéo sau 21 giờ trong khu dân cư.

d) Công ty Cổ phần Hải Đăng nạo vét luồng lạch; gọi 1800 1234 khi có sự cố.

đ) Phát triển phong trào thể dục thể thao, văn nghệ quần chúng.
`

func TestAStoryIsAnsweredWithWhatItSpeaksOf(t *testing.T) {
	library := corpus.NewLibrary(edition(t, "nq", coast))
	ix := index(t, library)
	without, err := NewIndex(t.Context(), library, Options{Without: []Part{PartConcepts}})
	if err != nil {
		t.Fatal(err)
	}
	for question, want := range map[string]string{
		"Ghe cũ quá trời, tui tính bỏ biển lên bờ kiếm việc khác, có được cho đồng nào hông?": "nq I.a",
		"Ông nội cao máu, cứ phải bắt xe lên tuyến trên xin từng viên uống hoài":              "nq II.b",
		"Hàng xóm hát karaoke ầm ầm tới khuya, con nít ngủ không được, mấy giờ phải tắt?":     "nq II.c",
	} {
		r := find(t, ix, Query{Text: question})
		if !r.Decision.Answer || r.Decision.Basis != BasisMeaning || !slices.Contains(places(r.Hits[:MeantHits]), want) {
			t.Errorf("%q: hits %q, decision %+v", question, places(r.Hits), r.Decision)
		}
		if c := r.Decision.Confidence; !(c >= minMeaning && c < 1) {
			t.Errorf("%q: confidence %v", question, c)
		}
		if find(t, without, Query{Text: question}).Decision.Answer {
			t.Errorf("%q is answered without concepts", question)
		}
	}
}

func TestWhatIsNotTheDocumentsAffairIsRefused(t *testing.T) {
	ix := index(t, corpus.NewLibrary(edition(t, "nq", coast)))
	for _, question := range []string{
		"Cá lóc kho tộ phải ướp gia vị bao lâu cho thấm?", "Tối nay đội tuyển đá với Thái Lan mấy giờ?",
		"Màn hình điện thoại rơi xuống nước bị sọc thì làm sao?", "ke chuyen cuoi cho em nghe di",
	} {
		if r := find(t, ix, Query{Text: question}); r.Decision.Answer {
			t.Errorf("%q is answered with %q, %+v", question, places(r.Hits[:1]), r.Decision)
		}
	}
}

// A passage that gives no number of the kind asked for is no answer, though it
// speaks of the very matter.
func TestTheKindOfNumberIsGiven(t *testing.T) {
	ix := index(t, corpus.NewLibrary(edition(t, "nq", coast)))
	for question, want := range map[string]string{
		"Ngư dân giải bản tàu cá được hỗ trợ bao nhiêu tiền?":  "nq I.a",
		"Sử dụng loa kéo sau mấy giờ trong khu dân cư?":        "nq II.c",
		"Nạo vét luồng lạch có sự cố thì gọi số nào?":          "nq II.d",
		"Công ty nào nạo vét luồng lạch?":                      "nq II.d",
		"Sử dụng loa kéo trong khu dân cư bị phạt mấy triệu?":  "",
		"Cảng cá và khu neo đậu tránh trú bão mở cửa mấy giờ?": "",
		"Miễn học phí công lập cho mấy phần trăm học sinh?":    "",
		"Công ty nào nâng cấp cảng cá, khu neo đậu?":           "",
		"Giá vé vào cảng cá và khu neo đậu bao nhiêu?":         "",
	} {
		r := find(t, ix, Query{Text: question})
		got := ""
		if r.Decision.Answer {
			got = place(r.Hits[0].Passage)
		}
		if got != want {
			t.Errorf("%q: %q, want %q; hits %q, %+v", question, got, want, places(r.Hits), r.Decision)
		}
	}
}

func TestWithoutItsPassageAQuestionIsRefused(t *testing.T) {
	ix := index(t, corpus.NewLibrary(edition(t, "nq", coast)))
	q := Query{Text: "Miễn học phí cho học sinh nào?"}
	r := find(t, ix, q)
	if !r.Decision.Answer || place(r.Hits[0].Passage) != "nq II.a" {
		t.Fatalf("hits %q, %+v", places(r.Hits), r.Decision)
	}
	q.Except = []corpus.PassageID{r.Hits[0].Passage}
	if without := find(t, ix, q); without.Decision.Answer || slices.Contains(places(without.Hits), "nq II.a") {
		t.Errorf("without it: hits %q, %+v", places(without.Hits), without.Decision)
	}
}

func TestAKindOfDocumentAloneIsTooWide(t *testing.T) {
	ix := index(t, corpus.NewLibrary(edition(t, "nq", coast)))
	for _, question := range []string{"Nghị quyết nói gì?", "nghi quyet noi gi", "Chương trình hành động", "Tóm tắt nghị quyết giúp tôi", "cho toi biet tat ca ve xa"} {
		if r := find(t, ix, Query{Text: question}); r.Decision.Reason != Ambiguous {
			t.Errorf("%q: %+v", question, r.Decision)
		}
	}
}

func TestConfidenceGrowsWithWhatSpeaksForAPassage(t *testing.T) {
	weak, strong := Evidence{Coverage: 0.5, Own: 0.3, Words: 2}, Evidence{Coverage: 1, Own: 1, Lexical: 1, Lead: 0.5, Words: 2, Offers: 1, Pairs: 1, Counts: 1}
	if w, s := weak.Confidence(BasisWords), strong.Confidence(BasisWords); !(0 < w && w < minWords && minWords < s && s < 1) {
		t.Errorf("weak %v, strong %v", w, s)
	}
	if len(EvidenceNames()) != len(weak.Values()) {
		t.Error("not every signal has a name")
	}
}

// Repeating a sign makes no question of it.
func TestSignsAndSingleLettersAreNoQuestion(t *testing.T) {
	ix := index(t, bundledLibrary(t))
	for _, question := range []string{"%", "% % % % %", "1 1 1 1 1", "a b c d e", "ẳ ẳ ẳ"} {
		if r := find(t, ix, Query{Text: question}); r.Decision.Answer {
			t.Errorf("%q is answered: %+v", question, r.Decision)
		}
	}
}
