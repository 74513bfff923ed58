package evaluate

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/hoinq/hoinq/retrieval"
)

const (
	beirCorpus = `{"_id":"a 1","title":"Luật Đò ngang","text":"Đò ngang chở nhiều nhất 12 người.\nChủ đò mặc áo phao."}
{"_id":"b","title":"Luật Chợ phiên","text":"Chợ phiên họp ngày mồng 5."}

{"_id":"c","title":"Luật Đê","text":"Không ai chăn trâu trên đê."}
`
	beirQueries = `{"_id":"q1","text":"Đò chở mấy người?"}
{"_id":"q2","text":"cho phien hop ngay nao"}
{"_id":"q3","text":"Không có đáp án"}
`
	beirQrels = "query-id\tcorpus-id\tscore\nq1\ta 1\t1\nq2\tb\t1\nq2\tc\t0\nq3\ta 1\t0\n"
)

// folder writes a BEIR folder; an empty text leaves its file out.
func folder(t *testing.T, corpus, queries, qrels string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"corpus.jsonl": corpus, "queries.jsonl": queries, "qrels/test.tsv": qrels} {
		if text == "" {
			continue
		}
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestACollectionIsRanked(t *testing.T) {
	b, err := ReadBEIR(folder(t, beirCorpus, beirQueries, beirQrels))
	if err != nil {
		t.Fatal(err)
	}
	index, err := retrieval.NewIndex(t.Context(), b.Library, retrieval.Options{Wholes: true})
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(string) string{"as typed": Keep, "stripped": Strip} {
		f, runs, err := b.Rank(t.Context(), index, change)
		if err != nil {
			t.Fatal(err)
		}
		want := RankingFigures{Queries: 2, Recall1: 1, Recall5: 1, Recall10: 1, MRR10: 1, NDCG10: 1}
		if diff := cmp.Diff(want, f, cmpopts.IgnoreFields(f, "P50MS", "P99MS")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if len(runs) != 2 || runs[0].Query != "q1" || runs[0].Lines[0].ID != "a 1" {
			t.Errorf("%s: runs %+v", name, runs)
		}
	}
}

// ranked ranks as it is told.
type ranked []retrieval.DocumentHit

func (r ranked) Documents(context.Context, retrieval.Query, int) ([]retrieval.DocumentHit, error) {
	return r, nil
}

func TestTheFiguresOfARanking(t *testing.T) {
	b := &BEIR{IDs: []string{"a", "b", "c", "d"}, Queries: []BEIRQuery{{ID: "q", Relevant: map[string]bool{"b": true, "d": true}}}}
	f, _, err := b.Rank(t.Context(), ranked{{Document: lineID(0)}, {Document: lineID(1)}, {Document: lineID(2)}}, Keep)
	if err != nil {
		t.Fatal(err)
	}
	ideal := 1 + 1/math.Log2(3)
	want := RankingFigures{Queries: 1, Recall5: 0.5, Recall10: 0.5, MRR10: 0.5, NDCG10: 1 / math.Log2(3) / ideal}
	if diff := cmp.Diff(want, f, cmpopts.IgnoreFields(f, "P50MS", "P99MS"), cmpopts.EquateApprox(0, 1e-12)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAFolderThatCannotBeReadIsNamedByFileAndLine(t *testing.T) {
	for _, tc := range []struct{ name, corpus, queries, qrels, want string }{
		{"no corpus", "", beirQueries, beirQrels, "corpus.jsonl"},
		{"no queries", beirCorpus, "", beirQrels, "queries.jsonl"},
		{"no judgements", beirCorpus, beirQueries, "", "test.tsv"},
		{"a bad line", beirCorpus + "{\n", beirQueries, beirQrels, "corpus.jsonl, line 5: "},
		{"no id", beirCorpus, `{"text":"a"}`, beirQrels, "queries.jsonl, line 1: "},
		{"an id twice", beirCorpus + `{"_id":"b","text":"x"}`, beirQueries, beirQrels, `corpus.jsonl, line 5: BEIR folder cannot be read: _id "b" comes twice`},
		{"an empty line of the corpus", `{"_id":"x"}`, beirQueries, beirQrels, "corpus.jsonl, line 1: "},
		{"an unknown id", beirCorpus, beirQueries, beirQrels + "q1\tzz\t1\n", `test.tsv, line 6: BEIR folder cannot be read: corpus-id "zz"`},
		{"a score in words", beirCorpus, beirQueries, "h\nq1\tb\tone\n", "test.tsv, line 2: "},
		{"two fields", beirCorpus, beirQueries, "h\nq1\tb\n", "test.tsv, line 2: "},
		{"nothing to find", beirCorpus, beirQueries, "h\n", "no query has a relevant line"},
	} {
		_, err := ReadBEIR(folder(t, tc.corpus, tc.queries, tc.qrels))
		if !errors.Is(err, ErrBEIR) || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: error %v, want one with %q", tc.name, err, tc.want)
		}
	}
}
