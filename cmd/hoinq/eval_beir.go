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
	// Ablations are the figures without one part each; only with --ablate.
	Ablations []ablation `json:"ablations,omitempty"`
}

// ablation is what is left of the ranking without a part.
type ablation struct {
	Without retrieval.Part `json:"without"`
	evaluate.RankingFigures
	Unaccented evaluate.RankingFigures `json:"unaccented"`
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
	if c.Ablate {
		if report.Ablations, err = ablations(ctx, collection); err != nil {
			return err
		}
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

// ablations measures the ranking without each of its parts in turn.
func ablations(ctx context.Context, collection *evaluate.BEIR) ([]ablation, error) {
	var all []ablation
	for _, part := range retrieval.Parts() {
		index, err := retrieval.NewIndex(ctx, collection.Library, retrieval.Options{Wholes: true, Without: []retrieval.Part{part}})
		if err != nil {
			return nil, err
		}
		a := ablation{Without: part}
		if a.RankingFigures, _, err = collection.Rank(ctx, index, evaluate.Keep); err != nil {
			return nil, err
		}
		if a.Unaccented, _, err = collection.Rank(ctx, index, evaluate.Strip); err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, nil
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
	if len(r.Ablations) > 0 {
		say(t, "without\tndcg@10\tchange\trecall@1\tchange\tunaccented ndcg@10\tchange\t\n")
	}
	for _, a := range r.Ablations {
		say(t, "%s\t%.4f\t%+.4f\t%.4f\t%+.4f\t%.4f\t%+.4f\t\n", a.Without, a.NDCG10, a.NDCG10-r.NDCG10,
			a.Recall1, a.Recall1-r.Recall1, a.Unaccented.NDCG10, a.Unaccented.NDCG10-r.Unaccented.NDCG10)
	}
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
