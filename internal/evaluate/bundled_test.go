package evaluate_test

import (
	"bytes"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/corpus/bundled"
	"github.com/hoinq/hoinq/corpus/ingest"
	"github.com/hoinq/hoinq/internal/answer"
	"github.com/hoinq/hoinq/internal/evaluate"
	"github.com/hoinq/hoinq/internal/goldentest"
	"github.com/hoinq/hoinq/retrieval"
)

var update = flag.Bool("update", false, "write the golden figures anew")

// TestFiguresOnTheBundledDocuments keeps what becomes of each question of
// testdata/bundled.jsonl, right or wrong: a change of ranking is a diff.
func TestFiguresOnTheBundledDocuments(t *testing.T) {
	library, err := bundled.Library()
	if err != nil {
		t.Fatal(err)
	}
	goldentest.Equal(t, "testdata/bundled.golden", outcomes(t, library, "testdata/bundled.jsonl"), *update)
}

// TestFiguresInEnglish keeps what becomes of questions in English: of the bundled
// documents, and of invented ones of two other provinces. The glossary was
// written before the questions to the latter were, and then grew by words that
// they showed to be missing.
func TestFiguresInEnglish(t *testing.T) {
	library, err := bundled.Library()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "bundled: %s", outcomes(t, library, "testdata/english.jsonl"))
	for _, folder := range []string{"khau-giang", "dong-xuyen"} {
		var editions []*corpus.Edition
		for _, name := range []string{"nghi-quyet.md", "chuong-trinh-hanh-dong.md", "ke-hoach-hoc-tap.md"} {
			text, err := os.ReadFile("testdata/" + folder + "/" + name)
			if err != nil {
				t.Fatal(err)
			}
			e, err := ingest.Reader(name, bytes.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			editions = append(editions, e)
		}
		fmt.Fprintf(&b, "\n%s: %s", folder, outcomes(t, corpus.NewLibrary(editions...), "testdata/"+folder+"/english.jsonl"))
	}
	goldentest.Equal(t, "testdata/english.golden", b.String(), *update)
}

// outcomes are the figures over the questions of a file, and what becomes of
// each of them.
func outcomes(t *testing.T, library *corpus.Library, file string) string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // nothing was written
	questions, err := evaluate.ReadQuestions(f)
	if err != nil {
		t.Fatal(err)
	}
	index, err := retrieval.NewIndex(t.Context(), library, retrieval.Options{})
	if err != nil {
		t.Fatal(err)
	}
	engine := answer.NewEngine(slog.New(slog.DiscardHandler), index, answer.NewExtractive(index, answer.Options{}))
	report, err := evaluate.Answers(t.Context(), engine, library, questions)
	if err != nil {
		t.Fatal(err)
	}
	if report.All.Verbatim != 1 {
		t.Errorf("verbatim share %v, want 1", report.All.Verbatim)
	}
	var b strings.Builder
	all := report.All
	fmt.Fprintf(&b, "gold quoted %.2f, refusal precision %.2f, refusal recall %.2f, answered wrongly %.2f\n\n",
		all.GoldQuoted, all.RefusalPrecision, all.RefusalRecall, all.AnsweredWrongly)
	for i, d := range report.Details {
		verdict := "right"
		if !d.Right {
			verdict = "WRONG"
		}
		outcome := d.Reason
		for _, place := range d.Places {
			parts := strings.SplitN(place, "/", 3)
			outcome += " " + parts[0] + "/" + parts[2]
		}
		fmt.Fprintf(&b, "%s %s %-10s %s\n    %s\n", d.ID, verdict, d.Kind, questions[i].Q, strings.TrimSpace(outcome))
	}
	return b.String()
}
