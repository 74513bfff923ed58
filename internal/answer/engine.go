package answer

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/retrieval"
)

// Engine answers questions from one index. It is immutable and safe for
// concurrent use; a new set of documents means a new engine.
type Engine struct {
	log      *slog.Logger
	index    *retrieval.Index
	composer Composer
}

// NewEngine joins an index and a composer.
func NewEngine(log *slog.Logger, index *retrieval.Index, composer Composer) *Engine {
	return &Engine{log: log, index: index, composer: composer}
}

// Library is the set of documents that the engine answers from.
func (e *Engine) Library() *corpus.Library { return e.index.Library() }

// Ask searches, composes and proves. What cannot be proven is not returned:
// the asker gets a refusal and the log a passage id.
func (e *Engine) Ask(ctx context.Context, q retrieval.Query) (Answer, error) {
	result, err := e.index.Search(ctx, q)
	if err != nil {
		return Answer{}, fmt.Errorf("answer question: %w", err)
	}
	a, err := e.composer.Compose(ctx, result)
	if err != nil {
		return Answer{}, fmt.Errorf("answer question: %w", err)
	}
	if err := Proven(e.index.Library(), a); err != nil {
		e.log.Error("answer withheld", "error", err)
		result.Decision = retrieval.Decision{Reason: retrieval.Insufficient}
		result.Hits = nil
		a, err = e.composer.Compose(ctx, result)
		if err != nil {
			return Answer{}, fmt.Errorf("answer question: %w", err)
		}
	}
	return a, nil
}

// Proven checks every quotation that an answer shows against the canonical
// text it cites. The error wraps [corpus.ErrNotProven].
func Proven(library *corpus.Library, a Answer) error {
	if a.Answered() && len(a.Citations) == 0 {
		return fmt.Errorf("prove answer: it quotes nothing: %w", corpus.ErrNotProven)
	}
	for _, list := range [][]corpus.Citation{a.Citations, a.Nearest} {
		for _, c := range list {
			edition, ok := library.Edition(c.Document, c.Edition)
			if !ok {
				return fmt.Errorf("prove %s: edition unknown: %w", c.Passage, corpus.ErrNotProven)
			}
			if err := edition.Prove(c); err != nil {
				return fmt.Errorf("prove answer: %w", err)
			}
		}
	}
	for _, s := range a.Sentences {
		for _, n := range s.Cites {
			if n < 1 || n > len(a.Citations) {
				return fmt.Errorf("prove answer: sentence cites %d of %d: %w", n, len(a.Citations), corpus.ErrNotProven)
			}
		}
	}
	return nil
}
