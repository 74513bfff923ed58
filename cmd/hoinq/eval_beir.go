package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"github.com/hoinq/hoinq/internal/evaluate"
	"github.com/hoinq/hoinq/retrieval"
)

// beirReport is printed by eval --beir --json. Its names are a contract.
type beirReport struct {
	evaluate.RankingFigures
	IndexSeconds float64                 `json:"index_seconds"`
	Unaccented   evaluate.RankingFigures `json:"unaccented"`
}

// ranking measures the ranking on a BEIR folder, with the queries as they are
// and with their diacritics taken off.
func (c *evalCommand) ranking(ctx context.Context, p *program) error {
	collection, err := evaluate.ReadBEIR(c.BEIR)
	if err != nil {
		return err
	}
	begin := time.Now()
	index, err := retrieval.NewIndex(ctx, collection.Library, retrieval.Options{Wholes: true})
	if err != nil {
		return err
	}
	report := beirReport{IndexSeconds: time.Since(begin).Seconds()}
	var typed, stripped []evaluate.Ranked
	if report.RankingFigures, typed, err = collection.Rank(ctx, index, evaluate.Keep); err != nil {
		return err
	}
	if report.Unaccented, stripped, err = collection.Rank(ctx, index, evaluate.Strip); err != nil {
		return err
	}
	if c.RunFile != "" {
		if err := errors.Join(writeRun(c.RunFile, typed), writeRun(c.RunFile+".unaccented", stripped)); err != nil {
			return err
		}
	}
	if c.JSON {
		err = printJSON(p.stdout, report)
	} else {
		err = printRanking(p, report)
	}
	if err != nil {
		return fmt.Errorf("print figures: %w", err)
	}
	return nil
}

func printRanking(p *program, r beirReport) error {
	t := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	say(t, "queries\t%d\trecall@1\trecall@5\trecall@10\tmrr@10\tndcg@10\tp50 ms\tp99 ms\t\n", r.Queries)
	for _, row := range []struct {
		name string
		f    evaluate.RankingFigures
	}{{"as typed", r.RankingFigures}, {"unaccented", r.Unaccented}} {
		say(t, "%s\t\t%.4f\t%.4f\t%.4f\t%.4f\t%.4f\t%.2f\t%.2f\t\n", row.name,
			row.f.Recall1, row.f.Recall5, row.f.Recall10, row.f.MRR10, row.f.NDCG10, row.f.P50MS, row.f.P99MS)
	}
	say(t, "index built in %.2f s\t\n", r.IndexSeconds)
	return t.Flush()
}

// writeRun writes a ranking in the form of TREC.
func writeRun(path string, runs []evaluate.Ranked) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("%s: %s", path, explain(err))
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := bufio.NewWriter(f)
	for _, run := range runs {
		for i, line := range run.Lines {
			say(w, "%s Q0 %s %d %.6f hoinq\n", run.Query, line.ID, i+1, line.Score)
		}
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write run: %w", err)
	}
	return nil
}
