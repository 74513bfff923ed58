package evaluate

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/corpus/ingest"
	"github.com/hoinq/hoinq/internal/answer"
	"github.com/hoinq/hoinq/retrieval"
)

const (
	honey  = "Vùng mật ong có 1.200 đàn."
	forest = "Rừng trồng mới rộng 350 ha."
	bridge = "Cầu Khe Vải khánh thành ngày 2 tháng 9 năm 2027."
)

// tiny is the answer engine over a document of three sentences.
func tiny(t *testing.T) (*answer.Engine, *corpus.Library) {
	t.Helper()
	text := "# Thông báo\n\n" + strings.Join([]string{honey, forest, bridge}, "\n\n")
	e, err := ingest.Reader("thong-bao.md", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	library := corpus.NewLibrary(e)
	index, err := retrieval.NewIndex(t.Context(), library, retrieval.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return answer.NewEngine(slog.New(slog.DiscardHandler), index, answer.NewExtractive(index, answer.Options{})), library
}

func TestFiguresByHand(t *testing.T) {
	engine, library := tiny(t)
	report, err := Answers(t.Context(), engine, library, []Question{
		{ID: "1", Kind: "number", Q: "Vùng mật ong có bao nhiêu đàn?", Gold: []string{"1.200 đàn"}},  // answered, right
		{ID: "2", Kind: "number", Q: "Rừng trồng mới rộng bao nhiêu ha?", Gold: []string{"351 ha"}},  // answered, wrong
		{ID: "3", Kind: "time", Q: "Cầu Khe Vải khánh thành ngày nào?", Gold: []string{"?", bridge}}, // answered, right
		{ID: "4", Kind: "time", Q: "Khi nào có mưa đá ở vịnh?", Gold: []string{"không bao giờ"}},     // refused, wrong
		{ID: "5", Kind: "oos", Q: "Cách nấu phở bò"},                                                 // refused, right
		{ID: "6", Kind: "oos", Q: "Vùng mật ong có mấy đàn?"},                                        // answered, wrong
	})
	if err != nil {
		t.Fatal(err)
	}
	size := func(texts ...string) (runes int) { return utf8.RuneCountInString(strings.Join(texts, "")) }
	want := Report{
		GoldMissing: 2, // of questions 2 and 4
		All: Figures{Questions: 6, Answered: 4.0 / 6, GoldQuoted: 2.0 / 4, RefusalPrecision: 1.0 / 2, RefusalRecall: 1.0 / 2,
			AnsweredWrongly: 2.0 / 4, MadeRefused: 3.0 / 4, Verbatim: 1, QuotedMean: float64(size(honey, forest, bridge, honey)) / 4, QuotedMax: size(bridge)},
		ByKind: map[string]Figures{
			"number": {Questions: 2, Answered: 1, GoldQuoted: 0.5, AnsweredWrongly: 0.5, MadeRefused: 0.5, Verbatim: 1,
				QuotedMean: float64(size(honey, forest)) / 2, QuotedMax: size(forest)},
			"time": {Questions: 2, Answered: 0.5, GoldQuoted: 0.5, MadeRefused: 1, Verbatim: 1, QuotedMean: float64(size(bridge)), QuotedMax: size(bridge)},
			"oos": {Questions: 2, Answered: 0.5, RefusalPrecision: 1, RefusalRecall: 0.5, AnsweredWrongly: 1, Verbatim: 1,
				QuotedMean: float64(size(honey)), QuotedMax: size(honey)},
		},
		Details: []Detail{
			{ID: "1", Kind: "number", Answered: true, Right: true, MadeRefused: true, Places: []string{"p1"}},
			{ID: "2", Kind: "number", Answered: true, Places: []string{"p2"}},
			{ID: "3", Kind: "time", Answered: true, Right: true, MadeRefused: true, Places: []string{"p3"}},
			{ID: "4", Kind: "time", Reason: "out_of_scope", MadeRefused: true, Places: []string{}},
			{ID: "5", Kind: "oos", Reason: "out_of_scope", Right: true, Places: []string{}},
			{ID: "6", Kind: "oos", Answered: true, Places: []string{"p1"}},
		},
	}
	for n, d := range report.Details {
		if d.Answered != (d.Confidence > 0.5) {
			t.Errorf("question %s: answered %v with confidence %v", d.ID, d.Answered, d.Confidence)
		}
		report.Details[n].Confidence = 0 // of which retrieval's tests tell
		for i, place := range d.Places {
			_, _, d.Places[i], _ = corpus.PassageID(place).Split()
		}
	}
	calibration := cmpopts.IgnoreFields(Report{}, "Reliability", "RiskCoverage")
	if diff := cmp.Diff(report, want, cmpopts.EquateApprox(0, 1e-9), calibration); diff != "" {
		t.Errorf("report (-got +want):\n%s", diff)
	}
}

func TestNoQuestionsGiveNoShares(t *testing.T) {
	engine, library := tiny(t)
	report, err := Answers(t.Context(), engine, library, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(report, Report{ByKind: map[string]Figures{}, Reliability: reliability(nil)}); diff != "" {
		t.Errorf("report (-got +want):\n%s", diff)
	}
}

// canned gives one answer, or error, to every question, and keeps the queries.
type canned struct {
	answer answer.Answer
	err    error
	asked  []retrieval.Query
}

func (c *canned) Ask(_ context.Context, q retrieval.Query) (answer.Answer, error) {
	c.asked = append(c.asked, q)
	return c.answer, c.err
}

func TestTheQuestionBeforeIsAskedWithIt(t *testing.T) {
	asker := &canned{answer: answer.Answer{Refusal: &answer.Refusal{Reason: retrieval.NoMatch}}}
	if _, err := Answers(t.Context(), asker, corpus.NewLibrary(), []Question{{ID: "1", Q: "Thế còn?", Prev: "Rừng?"}}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(asker.asked, []retrieval.Query{{Text: "Thế còn?", Previous: "Rừng?"}}); diff != "" {
		t.Errorf("asked (-got +want):\n%s", diff)
	}
}

func TestAnErrorNamesTheQuestion(t *testing.T) {
	asker := &canned{err: context.DeadlineExceeded}
	_, err := Answers(t.Context(), asker, corpus.NewLibrary(), []Question{{ID: "q7", Q: "?"}})
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "q7") {
		t.Errorf("error %v, want one that names q7 and wraps %v", err, context.DeadlineExceeded)
	}
}

func TestVerbatimCountsEveryRangeShown(t *testing.T) {
	_, library := tiny(t)
	e := library.InForce()[0]
	quote := func(words string) corpus.Quote {
		start := strings.Index(e.Text, words)
		return corpus.Quote{Span: corpus.Span{Start: start, End: start + len(words)}, Words: words}
	}
	altered := quote(forest)
	altered.Words = strings.Replace(forest, "350", "530", 1)
	for _, tc := range []struct {
		name     string
		citation corpus.Citation
		want     float64
	}{
		{"a true quotation with true context", corpus.Citation{Quote: quote(honey), Context: []corpus.Quote{quote(forest)}}, 1},
		{"an altered quotation", corpus.Citation{Quote: altered, Context: []corpus.Quote{quote(honey), quote(bridge)}}, 2.0 / 3},
		{"altered context", corpus.Citation{Quote: quote(honey), Context: []corpus.Quote{altered}}, 1.0 / 2},
		{"an empty quotation", corpus.Citation{}, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.citation.Document, tc.citation.Edition = e.Document.ID, e.ID
			asker := &canned{answer: answer.Answer{Citations: []corpus.Citation{tc.citation}}}
			report, err := Answers(t.Context(), asker, library, []Question{{ID: "1", Q: "?"}})
			if err != nil {
				t.Fatal(err)
			}
			if got := report.All.Verbatim; got != tc.want {
				t.Errorf("verbatim share %v, want %v", got, tc.want)
			}
		})
	}
}

func TestGoldIsQuoted(t *testing.T) {
	for _, tc := range []struct {
		name   string
		quotes []string
		gold   []string
		want   bool
	}{
		{"when a quotation contains it", []string{"khác", "Đại hội có 28 chỉ tiêu chủ yếu."}, []string{"28 chỉ tiêu"}, true},
		{"when it is one of several", []string{"b"}, []string{"a", "b"}, true},
		{"when white space alone differs", []string{"28\n chỉ  tiêu"}, []string{"có\t28 chỉ\u00a0tiêu"}, true},
		{"when a quotation is 60 % of it", []string{"sáu ký"}, []string{"sáu ký tự "}, true},
		{"not when it is less", []string{"đường đ"}, []string{"đường đi dài"}, false},
		{"counted in characters, not bytes", []string{"aaaaaa"}, []string{"aaaaaađđđđ"}, true},
		{"not when the words are others", []string{"28 Chỉ tiêu"}, []string{"28 chỉ tiêu"}, false},
		{"not when it is spread over two quotations", []string{"28 chỉ", "tiêu"}, []string{"28 chỉ tiêu chủ yếu"}, false},
		{"not without quotations", nil, []string{"a"}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var a answer.Answer
			for _, words := range tc.quotes {
				a.Citations = append(a.Citations, corpus.Citation{Quote: corpus.Quote{Words: words}})
			}
			if got := quotes(a, tc.gold); got != tc.want {
				t.Errorf("quotations %q, gold %q: %v, want %v", tc.quotes, tc.gold, got, tc.want)
			}
		})
	}
}
