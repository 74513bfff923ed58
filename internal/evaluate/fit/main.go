// Command fit sets the weights of the confidence (retrieval/confidence.go) on
// sets of questions, by logistic regression, and says what they are worth on
// questions that were left out of the fit.
//
//	go run ./internal/evaluate/fit QUESTIONS.jsonl=DOCUMENT,DOCUMENT …
//
// Each question is asked twice: as it is, and with the passages that hold its
// gold taken out, when no answer is right.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/corpus/ingest"
	"github.com/hoinq/hoinq/internal/evaluate"
	"github.com/hoinq/hoinq/retrieval"
)

// madeWeight is what a question without its passages counts for against one as
// it is: it is not known that no other passage answers it.
const madeWeight = 0.4

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "fit:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, sets []string, out io.Writer) error {
	if len(sets) == 0 {
		return fmt.Errorf("name at least one set as QUESTIONS.jsonl=DOCUMENT,DOCUMENT")
	}
	examples := map[retrieval.Basis][]example{}
	for _, set := range sets {
		file, documents, _ := strings.Cut(set, "=")
		if err := collect(ctx, file, strings.Split(documents, ","), examples); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	for _, basis := range []retrieval.Basis{retrieval.BasisWords, retrieval.BasisMeaning} {
		list := masked(examples[basis], signalsOf(basis))
		bias, weights := fit(list)
		right := 0
		for _, e := range list {
			if e.right {
				right++
			}
		}
		fmt.Fprintf(out, "%s: %d questions, %d right, bias %.2f\n", basis, len(list), right, bias)
		for i, name := range retrieval.EvidenceNames() {
			fmt.Fprintf(out, "\t%s: %.2f,\n", name, weights[i])
		}
		crossValidate(out, list)
	}
	return nil
}

// signalsOf names the signals that a basis may use. The others are left out
// because on some hundred questions they only learn who wrote the questions.
func signalsOf(basis retrieval.Basis) []string {
	if basis == retrieval.BasisMeaning {
		return []string{"Concepts", "Apart", "Lead", "Words", "Asks", "Lacks"}
	}
	return []string{"Coverage", "Own", "Lexical", "Apart", "Lead", "Words", "Offers", "Focus"}
}

// masked are the examples with the other signals set to 0.
func masked(list []example, names []string) []example {
	for _, e := range list {
		for i, name := range retrieval.EvidenceNames() {
			if !slices.Contains(names, name) {
				e.signals[i] = 0
			}
		}
	}
	return list
}

// collect asks the questions of one file and adds what is known of each
// decision that did not rest on a rule.
func collect(ctx context.Context, file string, documents []string, examples map[retrieval.Basis][]example) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // nothing was written
	questions, err := evaluate.ReadQuestions(f)
	if err != nil {
		return err
	}
	var editions []*corpus.Edition
	for _, name := range documents {
		e, err := ingest.File(ctx, name)
		if err != nil {
			return err
		}
		editions = append(editions, e)
	}
	library := corpus.NewLibrary(editions...)
	index, err := retrieval.NewIndex(ctx, library, retrieval.Options{})
	if err != nil {
		return err
	}
	for n, q := range questions {
		relevant := evaluate.Relevant(library, q.Gold)
		for _, made := range []bool{false, true} {
			if made && len(q.Gold) == 0 {
				continue
			}
			query := retrieval.Query{Text: q.Q, Previous: q.Prev}
			if made {
				query.Except = relevant
			}
			r, err := index.Search(ctx, query)
			if err != nil {
				return fmt.Errorf("question %s: %w", q.ID, err)
			}
			if r.Decision.Basis == "" {
				continue
			}
			e := example{group: n, signals: r.Decision.Evidence.Values(), weight: 1, refuse: len(q.Gold) == 0}
			if made {
				e.weight = madeWeight
			} else {
				e.right = quotesOne(r, relevant)
			}
			examples[r.Decision.Basis] = append(examples[r.Decision.Basis], e)
		}
	}
	return nil
}

// quotesOne reports whether the hits that make the answer hold a relevant
// passage.
func quotesOne(r retrieval.Result, relevant []corpus.PassageID) bool {
	n := 1
	if r.Decision.Basis == retrieval.BasisMeaning {
		n = retrieval.MeantHits
	}
	for _, hit := range r.Hits[:min(n, len(r.Hits))] {
		for _, id := range relevant {
			if hit.Passage == id {
				return true
			}
		}
	}
	return false
}
