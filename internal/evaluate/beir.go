package evaluate

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/corpus/ingest"
	"github.com/hoinq/hoinq/internal/unaccent"
	"github.com/hoinq/hoinq/retrieval"
)

// ErrBEIR is returned, wrapped with file and line, for a folder that cannot be
// read.
var ErrBEIR = errors.New("BEIR folder cannot be read")

// BEIR is a collection in the layout of the BEIR benchmark (Thakur et al.,
// 2021): corpus.jsonl, queries.jsonl, qrels/test.tsv.
type BEIR struct {
	// IDs are those of the corpus lines, in order.
	IDs     []string
	Library *corpus.Library
	Queries []BEIRQuery
}

// BEIRQuery is a query with the ids of the lines that are relevant to it, at
// least one.
type BEIRQuery struct {
	ID, Text string
	Relevant map[string]bool
}

// beirLine is a line of corpus.jsonl or queries.jsonl.
type beirLine struct {
	ID    string `json:"_id"`
	Title string `json:"title"`
	Text  string `json:"text"`
}

// ReadBEIR reads a folder. Each line of the corpus becomes a document, read and
// cut as any other. Queries without a relevant line are left out.
func ReadBEIR(dir string) (*BEIR, error) {
	b := &BEIR{}
	known := map[string]bool{}
	var editions []*corpus.Edition
	err := eachLine(filepath.Join(dir, "corpus.jsonl"), func(line beirLine) error {
		if known[line.ID] {
			return fmt.Errorf("_id %q comes twice", line.ID)
		}
		known[line.ID] = true
		draft, err := ingest.PlainText([]byte(cmp.Or(strings.TrimSpace(line.Text), line.Title)))
		if err != nil {
			return err
		}
		draft.Document.ID = lineID(len(b.IDs))
		draft.Document.Title = line.Title
		editions = append(editions, ingest.NewEdition("line", draft))
		b.IDs = append(b.IDs, line.ID)
		return nil
	})
	if err != nil {
		return nil, err
	}
	b.Library = corpus.NewLibrary(editions...)
	relevant, err := readQrels(filepath.Join(dir, "qrels", "test.tsv"), known)
	if err != nil {
		return nil, err
	}
	asked := map[string]bool{}
	err = eachLine(filepath.Join(dir, "queries.jsonl"), func(line beirLine) error {
		asked[line.ID] = true
		if len(relevant[line.ID]) > 0 {
			b.Queries = append(b.Queries, BEIRQuery{ID: line.ID, Text: line.Text, Relevant: relevant[line.ID]})
		}
		return nil
	})
	if err == nil && len(b.Queries) == 0 {
		err = fmt.Errorf("%s: %w: no query has a relevant line", dir, ErrBEIR)
	}
	return b, err
}

// lineID is the id of the document that corpus line n (from 0) becomes. Ids
// sort as the lines do.
func lineID(n int) corpus.DocumentID { return corpus.DocumentID(fmt.Sprintf("line-%08d", n)) }

// lineOf is the number of the corpus line that a document is.
func lineOf(id corpus.DocumentID) int {
	n, _ := strconv.Atoi(strings.TrimPrefix(string(id), "line-")) // lineID made it
	return n
}

// eachLine calls do for every line of a JSONL file and names file and line of
// what goes wrong.
func eachLine(path string, do func(beirLine) error) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrBEIR, err)
	}
	defer f.Close() //nolint:errcheck // nothing was written
	r := bufio.NewReader(f)
	for n := 1; ; n++ {
		text, err := r.ReadBytes('\n')
		if strings.TrimSpace(string(text)) != "" {
			var line beirLine
			if err := json.Unmarshal(text, &line); err != nil {
				return fmt.Errorf("%s, line %d: %w: %w", path, n, ErrBEIR, err)
			}
			if line.ID == "" {
				return fmt.Errorf("%s, line %d: %w: it has no _id", path, n, ErrBEIR)
			}
			if err := do(line); err != nil {
				return fmt.Errorf("%s, line %d: %w: %w", path, n, ErrBEIR, err)
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s, line %d: %w: %w", path, n, ErrBEIR, err)
		}
	}
}

// readQrels reads the judgements, "query-id, corpus-id, score" between tabs
// below a head line. Only scores above 0 count.
func readQrels(path string, known map[string]bool) (map[string]map[string]bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBEIR, err)
	}
	defer f.Close() //nolint:errcheck // nothing was written
	relevant := map[string]map[string]bool{}
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		fields := strings.Split(strings.TrimRight(lines.Text(), "\r"), "\t")
		if n == 1 || len(fields) == 1 && strings.TrimSpace(fields[0]) == "" {
			continue
		}
		if len(fields) != 3 {
			return nil, fmt.Errorf("%s, line %d: %w: want query-id, corpus-id and score between tabs", path, n, ErrBEIR)
		}
		score, err := strconv.Atoi(strings.TrimSpace(fields[2]))
		if err != nil {
			return nil, fmt.Errorf("%s, line %d: %w: the score is no number", path, n, ErrBEIR)
		}
		if !known[fields[1]] {
			return nil, fmt.Errorf("%s, line %d: %w: corpus-id %q is not in corpus.jsonl", path, n, ErrBEIR, fields[1])
		}
		if score > 0 {
			if relevant[fields[0]] == nil {
				relevant[fields[0]] = map[string]bool{}
			}
			relevant[fields[0]][fields[1]] = true
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w: %w", path, ErrBEIR, err)
	}
	return relevant, nil
}

// Ranker ranks the documents of a collection; [retrieval.Index] is one.
type Ranker interface {
	Documents(ctx context.Context, q retrieval.Query, limit int) ([]retrieval.DocumentHit, error)
}

// RankingFigures are the figures of one run over the queries. The names in JSON
// are a contract.
type RankingFigures struct {
	Queries  int     `json:"queries"`
	Recall1  float64 `json:"recall@1"`
	Recall5  float64 `json:"recall@5"`
	Recall10 float64 `json:"recall@10"`
	MRR10    float64 `json:"mrr@10"`
	NDCG10   float64 `json:"ndcg@10"`
	P50MS    float64 `json:"p50_ms"`
	P99MS    float64 `json:"p99_ms"`
}

// Ranked is a query with the lines found for it, best first.
type Ranked struct {
	Query string
	Lines []RankedLine
}

// RankedLine is one line found.
type RankedLine struct {
	ID    string
	Score float64
}

// depth is how many lines of each query are kept.
const depth = 100

// Rank puts every query to a ranker, one at a time, and counts. change alters
// each query first; [Strip] takes its diacritics off.
func (b *BEIR) Rank(ctx context.Context, ranker Ranker, change func(string) string) (RankingFigures, []Ranked, error) {
	f := RankingFigures{Queries: len(b.Queries)}
	var runs []Ranked
	var took []time.Duration
	for _, q := range b.Queries {
		begin := time.Now()
		hits, err := ranker.Documents(ctx, retrieval.Query{Text: change(q.Text)}, depth)
		took = append(took, time.Since(begin))
		if err != nil {
			return RankingFigures{}, nil, fmt.Errorf("query %s: %w", q.ID, err)
		}
		run := Ranked{Query: q.ID}
		for _, h := range hits {
			run.Lines = append(run.Lines, RankedLine{ID: b.IDs[lineOf(h.Document)], Score: h.Score})
		}
		runs = append(runs, run)
		f.add(run.Lines, q.Relevant)
	}
	f.settle(took)
	return f, runs, nil
}

// Keep leaves a query as it is.
func Keep(s string) string { return s }

// Strip takes the diacritics off a query.
func Strip(s string) string { return unaccent.String(s) }
