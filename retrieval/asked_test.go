package retrieval

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/internal/unaccent"
)

const askedText = `# Thông báo xã Cồn Sò

## I. Thủ tục đất đai

Hồ sơ đăng ký biến động gồm:

Hỏi: Sang tên sổ đỏ cần giấy tờ gì?

- đơn theo mẫu;
- giấy chứng nhận bản gốc.

Kết quả giải quyết được trả trong 10 ngày làm việc.

Hỏi: Mấy hôm thì lấy được sổ hồng? Bà con chờ sổ nhà có lâu không?

## II. Trợ giúp xã hội

Hỏi: Nhà khó khăn được cho những khoản nào?

- Cấp thẻ BHYT cho hộ nghèo.
- Tặng 500.000 đồng dịp Tết.

Đò ngang ngừng chạy khi có gió cấp 6.

Hỏi: Phà nghỉ lúc nào?

## III. Để trống

Hỏi: Mục này nói gì vậy?
`

func askedLibrary(t testing.TB) *corpus.Library {
	t.Helper()
	return corpus.NewLibrary(edition(t, "tb", askedText), edition(t, "khac", "# Tin\n\nSổ đỏ cần giấy tờ gì thì hỏi cán bộ sang tên.\n\nBà con nhà khó khăn có sổ hồng được nghỉ phà lúc nào cũng được.\n"))
}

func TestAnAuthoredQuestionFindsItsPassageFirst(t *testing.T) {
	ix := index(t, askedLibrary(t))
	for question, want := range map[string]string{
		"Sang tên sổ đỏ cần giấy tờ gì?":             "tb I.p1",
		"Mấy hôm thì lấy được sổ hồng?":              "tb I.p2",
		"Bà con chờ sổ nhà có lâu không?":            "tb I.p2",
		"Nhà khó khăn được cho những khoản nào?":     "tb II",
		"Phà nghỉ lúc nào?":                          "tb II.p1",
		"Cho em hỏi phà nghỉ lúc nào ạ?":             "tb II.p1",
		"xin hỏi: sang tên sổ đỏ cần giấy tờ gì nhé": "tb I.p1",
	} {
		for _, form := range []func(string) string{
			func(s string) string { return s }, strings.ToLower, strings.ToUpper, norm.NFD.String, unaccent.String,
			func(s string) string { return strings.ReplaceAll(s, "?", "") },
		} {
			asked := form(question)
			r := find(t, ix, Query{Text: asked})
			if !r.Decision.Answer || r.Decision.Basis != BasisAsked || r.Decision.Confidence < 0.9 || place(r.Hits[0].Passage) != want || !r.Hits[0].Fits {
				t.Errorf("%q: %+v from %q, want an answer from %s first", asked, r.Decision, places(r.Hits), want)
			}
		}
	}
}

func TestAnAuthoredQuestionAnswersNothingElse(t *testing.T) {
	library := askedLibrary(t)
	ix := index(t, library)
	ferry := find(t, ix, Query{Text: "Phà nghỉ lúc nào?"}).Hits[0].Passage
	for name, q := range map[string]Query{
		"another document is asked":      {Text: "Phà nghỉ lúc nào?", Documents: []corpus.DocumentID{"khac"}},
		"the passage is left out":        {Text: "Phà nghỉ lúc nào?", Except: []corpus.PassageID{ferry}},
		"a question with other words":    {Text: "Phà nghỉ lúc nào hằng ngày?"},
		"a heading that says nothing":    {Text: "Mục này nói gì vậy?"},
		"a question that goes on":        {Text: "Thế phà nghỉ lúc nào?", Previous: "Đò ngang chạy mấy giờ?"},
		"a question that nobody wrote":   {Text: "Giá vàng hôm nay?"},
		"a question of marks and spaces": {Text: " ?! "},
	} {
		if r := find(t, ix, q); r.Decision.Basis == BasisAsked {
			t.Errorf("%s: answered from %q as if written for it", name, places(r.Hits))
		}
	}
	without, err := NewIndex(t.Context(), library, Options{Without: []Part{PartAsked}})
	if err != nil {
		t.Fatal(err)
	}
	if r := find(t, without, Query{Text: "Phà nghỉ lúc nào?"}); r.Decision.Basis == BasisAsked {
		t.Error("without the part the question still answers")
	}
}

func TestWordsOfAuthoredQuestionsCountAsAnywhere(t *testing.T) {
	ix := index(t, askedLibrary(t))
	r := find(t, ix, Query{Text: "phà có hay nghỉ không", Limit: 50})
	at := slices.IndexFunc(r.Hits, func(h Hit) bool { return place(h.Passage) == "tb II.p1" })
	if at < 0 {
		t.Fatalf("found %q, want the passage of the question among them", places(r.Hits))
	}
	if c := r.Hits[at].Components; c.Coverage < 0.99 || c.Own > 0 || c.Lexical <= 0 {
		t.Errorf("components %+v, want all of the question covered and none of it own", c)
	}
	if len(r.Understood.Unknown) > 0 {
		t.Errorf("words of authored questions are unknown: %q", r.Understood.Unknown)
	}
}

func TestAuthoredQuestionsTellWhatAPassageSpeaksOf(t *testing.T) {
	const plainText = "# T\n\n## I. Mục\n\nKết quả được trả trong 10 ngày làm việc.\n"
	similar := func(text string) float64 {
		for _, h := range find(t, index(t, corpus.NewLibrary(edition(t, "tb", text))), Query{Text: "làm sổ đỏ"}).Hits {
			if place(h.Passage) == "tb I.p1" {
				return h.Components.Concepts
			}
		}
		return 0
	}
	if without, with := similar(plainText), similar(plainText+"\nHỏi: Cấp giấy chứng nhận quyền sử dụng đất bao lâu?\n"); with <= without {
		t.Errorf("similar by %f with the question and %f without, want more", with, without)
	}
}

func TestSpellingsOfAuthoredQuestionsAreRestored(t *testing.T) {
	ix := index(t, corpus.NewLibrary(edition(t, "tb", askedText)))
	var got []string
	for _, term := range ix.understand(Query{Text: "pha nghi"}).terms {
		got = append(got, term.Guess)
	}
	if diff := cmp.Diff(got, []string{"phà", "nghỉ"}); diff != "" {
		t.Errorf("restored (-got +want):\n%s", diff)
	}
}

func TestAnIndexOfOtherQuestionsIsNotUsed(t *testing.T) {
	library := func(text string) *corpus.Library { return corpus.NewLibrary(edition(t, "tb", text)) }
	asked := library(askedText)
	ix := index(t, asked)
	same := fingerprint(asked, ix.lexicon, ix.options)
	for _, change := range [][2]string{{"Phà nghỉ", "Phà ngưng"}, {"Hỏi: Phà nghỉ lúc nào?\n", ""}, {"Phà nghỉ lúc nào?", "Phà nghỉ? Lúc nào?"}} {
		other := library(strings.Replace(askedText, change[0], change[1], 1))
		if a, b := asked.All()[0], other.All()[0]; a.ID != b.ID || a.Digest != b.Digest {
			t.Fatalf("editions %s and %s, want the same text", a.ID, b.ID)
		}
		if fingerprint(other, ix.lexicon, ix.options) == same {
			t.Errorf("%q for %q: the saved index would be used", change[1], change[0])
		}
	}
	var queries []Query
	for _, a := range asked.All()[0].Asked {
		queries = append(queries, Query{Text: a.Question}, Query{Text: unaccent.String(a.Question) + " nua"})
	}
	sameResults(t, reloaded(t, ix), ix, append(questionsOfAllKinds(), queries...))
}

func TestTheKeyOfAQuestion(t *testing.T) {
	ix := emptyIndex(corpus.NewLibrary(), Options{})
	key := func(s string) string { return askedKey(askedTokens(s, ix.lexicon)) }
	for _, same := range [][]string{
		{"Nộp BHYT ở đâu?", "nop bao hiem y te o dau", "Dạ cho em hỏi nộp BHYT ở đâu ạ"},
		{"Hòa giải ở xã", "hoà giải ở xã!"},
		{"Hội nghị họp khi nào?", "hoi nghi hop khi nao"},
	} {
		for _, s := range same[1:] {
			if diff := cmp.Diff(key(s), key(same[0])); diff != "" {
				t.Errorf("%q is not %q (-got +want):\n%s", s, same[0], diff)
			}
		}
	}
	if key("Nộp ở đâu?") == key("Nộp khi nào?") || key("Hội nghị họp ở đâu?") == key("Nghị họp ở đâu?") || key("?") != "" {
		t.Error("different questions have one key")
	}
}
