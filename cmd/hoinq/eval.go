package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"text/tabwriter"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/internal/evaluate"
)

// evalCommand measures answers.
type evalCommand struct {
	Answers  string   `placeholder:"TỆP.jsonl" help:"Đo câu trả lời: bộ câu hỏi, mỗi dòng một JSON {id, kind, q, gold, prev}; gold rỗng là phải từ chối."`
	BEIR     string   `name:"beir" placeholder:"THƯ-MỤC" help:"Đo xếp hạng: thư mục có corpus.jsonl, queries.jsonl, qrels/test.tsv."`
	Ablate   bool     `help:"Với --beir: đo thêm khi bỏ lần lượt từng phần của cách xếp hạng."`
	RunFile  string   `name:"run" placeholder:"TỆP" help:"Với --beir: ghi bảng xếp hạng dạng TREC vào tệp, và vào TỆP.unaccented cho câu hỏi bỏ dấu."`
	Document []string `sep:"none" placeholder:"TỆP" help:"Đo trên các tệp này thay cho thư mục dữ liệu."`
	JSON     bool     `name:"json" help:"In số liệu dạng JSON."`
}

// Run measures and prints the figures.
func (c *evalCommand) Run(ctx context.Context, p *program) error {
	switch {
	case (c.Answers == "") == (c.BEIR == ""):
		return usageError("hãy chọn một: --answers TỆP.jsonl hoặc --beir THƯ-MỤC")
	case c.BEIR != "" && len(c.Document) > 0:
		return usageError("--document chỉ dùng với --answers; --beir đo trên corpus.jsonl của thư mục")
	case (c.RunFile != "" || c.Ablate) && c.BEIR == "":
		return usageError("--run và --ablate chỉ dùng với --beir")
	case c.BEIR != "":
		return c.ranking(ctx, p)
	}
	return c.answers(ctx, p)
}

// answers measures answers.
func (c *evalCommand) answers(ctx context.Context, p *program) error {
	f, err := os.Open(c.Answers)
	if err != nil {
		return fmt.Errorf("%s: %s", c.Answers, explain(err))
	}
	defer f.Close() //nolint:errcheck // nothing was written
	questions, err := evaluate.ReadQuestions(f)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Answers, err)
	}
	library, err := c.library(ctx, p)
	if err != nil {
		return err
	}
	engine, err := p.engineFor(ctx, library)
	if err != nil {
		return err
	}
	report, err := evaluate.Answers(ctx, engine, library, questions)
	if err != nil {
		return err
	}
	if n := report.GoldMissing; n > 0 {
		say(p.stderr, "%s: đáp án của %d câu không có trong văn bản nào đang đo; nếu không phải cố ý, hãy chọn đúng văn bản bằng --document hoặc --data\n", c.Answers, n)
	}
	if c.JSON {
		err = printJSON(p.stdout, report)
	} else {
		err = printReport(p.stdout, report)
	}
	if err != nil {
		return fmt.Errorf("print figures: %w", err)
	}
	return nil
}

// library reads the documents to measure on. Figures over a part of them would
// mislead, so here every file must be readable.
func (c *evalCommand) library(ctx context.Context, p *program) (*corpus.Library, error) {
	if len(c.Document) == 0 {
		return p.library(ctx, nil)
	}
	library, failed, err := p.readFiles(ctx, c.Document)
	if err == nil && failed > 0 {
		err = codeError(exitFailure)
	}
	return library, err
}

func printReport(w io.Writer, r evaluate.Report) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	say(t, "kind\tquestions\tanswered\tgold quoted\trefusal precision\trefusal recall\tanswered wrongly\trefused without gold\tverbatim\tquoted mean\tquoted max\t\n")
	for _, kind := range slices.Sorted(maps.Keys(r.ByKind)) {
		printFigures(t, kind, r.ByKind[kind])
	}
	printFigures(t, "all", r.All)
	say(t, "\nconfidence\tanswers\tmean\tright\t\n")
	for _, b := range r.Reliability {
		say(t, "%.1f to %.1f\t%d\t%.2f\t%.2f\t\n", b.From, b.To, b.Answers, b.Confidence, b.Right)
	}
	say(t, "\nthe surest\tconfidence from\twrong\t\n")
	for _, p := range r.RiskCoverage {
		say(t, "%.0f %%\t%.2f\t%.2f\t\n", 100*p.Coverage, p.Confidence, p.Risk)
	}
	return t.Flush()
}

func printFigures(w io.Writer, kind string, f evaluate.Figures) {
	say(w, "%s\t%d\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%.0f\t%d\t\n", kind, f.Questions, f.Answered, f.GoldQuoted,
		f.RefusalPrecision, f.RefusalRecall, f.AnsweredWrongly, f.MadeRefused, f.Verbatim, f.QuotedMean, f.QuotedMax)
}
