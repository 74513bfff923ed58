package retrieval

import (
	"strings"
	"testing"

	"github.com/hoinq/hoinq/corpus"
)

const marked = `# Nghị quyết xã Đồi Chè

Bảo hiểm y tế bao phủ 97% dân số; bảo hiểm xã hội tự nguyện 12%.

Đường liên thôn dài 14 km được trải nhựa, dương liễu trồng hai bên.

Đảng bộ xã có 312 đảng viên, đang sinh hoạt ở 14 chi bộ.

Chỉ tiêu thu ngân sách là 6 tỷ đồng; chi ngân sách không vượt dự toán.
`

func TestMarksThatWereLeftOutAreRestoredFromTheDocuments(t *testing.T) {
	ix := index(t, corpus.NewLibrary(edition(t, "nq", marked)))
	for typed, want := range map[string]string{
		"bao hiem y te bao phu bao nhieu": "bảo hiểm y tế bao phủ bao nhiêu",
		"duong lien thon dai bao nhieu":   "đường liên thôn dài bao nhiêu",
		"dang vien dang sinh hoat o dau":  "đảng viên đang sinh hoạt ở đâu",
		"chi tieu thu ngan sach la gi":    "chỉ tiêu thu ngân sách là gì",
		"chi bo":                          "chi bộ",
		"xyz qwerty":                      "xyz qwerty", // in no document
		"":                                "",
	} {
		asked := ix.understand(Query{Text: typed})
		var got []string
		for _, term := range asked.terms {
			got = append(got, term.Guess)
		}
		if spelled := strings.Join(got, " "); spelled != want {
			t.Errorf("%q is restored to %q, want %q", typed, spelled, want)
		}
	}
	if asked := ix.understand(Query{Text: "Đảng viên sinh hoat o dau"}); asked.terms[2].Guess != "" {
		t.Error("a question with marks is guessed at")
	}
}

func TestAnUnmarkedQuestionFindsTheWordThatWasMeant(t *testing.T) {
	ix := index(t, corpus.NewLibrary(edition(t, "nq", marked)))
	for question, want := range map[string]string{
		"duong lien thon dai bao nhieu km":      "nq p2",
		"dang bo xa co bao nhieu dang vien":     "nq p3",
		"bao hiem y te bao phu bao nhieu":       "nq p1",
		"chi ngan sach co duoc vuot du toan ko": "nq p4",
	} {
		r := find(t, ix, Query{Text: question})
		if !r.Decision.Answer || place(r.Hits[0].Passage) != want {
			t.Errorf("%q: %+v, want an answer from %s", question, r.Decision, want)
		}
	}
}

// The place where a word is defined is found before those that only use it.
func TestWhoAsksWhatAWordMeansGetsItsDefinition(t *testing.T) {
	ix := index(t, corpus.NewLibrary(edition(t, "luat", `# Luật Đò ngang

Đò ngang phải đăng ký; chủ đò ngang mua phao, sơn đò ngang màu vàng.

Đò ngang là phương tiện chở người qua sông theo tuyến cố định trong ngày.

Bến đò ngang có biển báo, đò ngang neo đúng bến.
`)))
	for _, question := range []string{"Đò ngang là gì?", "do ngang la gi", "Cho hỏi đò ngang là gì ạ"} {
		r := find(t, ix, Query{Text: question})
		if !r.Decision.Answer || place(r.Hits[0].Passage) != "luat p2" {
			t.Errorf("%q: %+v, first %s", question, r.Decision, place(r.Hits[0].Passage))
		}
	}
}

func TestADocumentIsRankedByWhatItsTitleTells(t *testing.T) {
	library := corpus.NewLibrary(
		titled(t, "a", "Nghĩa vụ của bên vận chuyển", "Bên vận chuyển giao hàng đúng hạn, có nghĩa vụ trông coi. Bên thuê trả cước đúng hạn."),
		titled(t, "b", "Nghĩa vụ của bên thuê vận chuyển", "Bên thuê vận chuyển trả cước. Nghĩa vụ trả cước đến hạn khi giao hàng; hai bên trông coi hàng."),
	)
	ix, err := NewIndex(t.Context(), library, Options{Wholes: true})
	if err != nil {
		t.Fatal(err)
	}
	hits, err := ix.Documents(t.Context(), Query{Text: "Nghĩa vụ của bên vận chuyển là gì?"}, 10)
	if err != nil || len(hits) != 2 || hits[0].Document != "a" {
		t.Errorf("hits %+v, %v", hits, err)
	}
	if hits, err := index(t, library).Documents(t.Context(), Query{Text: "vận chuyển"}, 10); len(hits) != 0 || err != nil {
		t.Errorf("an index without wholes ranks documents: %+v, %v", hits, err)
	}
}

func titled(t *testing.T, id, title, text string) *corpus.Edition {
	t.Helper()
	e := edition(t, id, text)
	e.Document.Title = title
	return e
}
