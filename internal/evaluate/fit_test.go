package evaluate

import (
	"flag"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/corpus/ingest"
	"github.com/hoinq/hoinq/retrieval"
)

// madeWeight is what a question without its passages counts for against one as
// it is: it is not known that no other passage answers it.
const madeWeight = 0.4

var fitSets = flag.String("fit", "", "sets to fit the confidence on: QUESTIONS.jsonl=DOCUMENT,DOCUMENT;…")

// TestFit fits the weights of the confidence (retrieval/confidence.go) on sets
// of questions by logistic regression, and prints them with what they are worth
// on questions that were left out of the fit:
//
//	go test ./internal/evaluate -run TestFit -v -args -fit 'QUESTIONS.jsonl=DOCUMENT,DOCUMENT;…'
//
// Each question is asked twice: as it is, and with the passages that hold its
// gold taken out, when no answer is right. Without -fit it fits the set beside
// it, and holds the weights in use to be nearly as good there as fitted ones.
func TestFit(t *testing.T) {
	sets := *fitSets
	if sets == "" {
		sets = khauGiang
	}
	examples := map[retrieval.Basis][]example{}
	for set := range strings.SplitSeq(sets, ";") {
		file, documents, _ := strings.Cut(set, "=")
		collect(t, file, strings.Split(documents, ","), examples)
	}
	for _, basis := range []retrieval.Basis{retrieval.BasisWords, retrieval.BasisMeaning} {
		inUse := loss(examples[basis], func(e example) float64 { return e.evidence.Confidence(basis) })
		list := masked(examples[basis], signalsOf(basis))
		bias, weights := fit(list)
		fitted := loss(list, func(e example) float64 { return guess(bias, weights, e) })
		t.Logf("%s: %d questions, loss %.3f, of the weights in use %.3f; bias %.2f", basis, len(list), fitted, inUse, bias)
		for i, name := range retrieval.EvidenceNames() {
			if weights[i] != 0 {
				t.Logf("    %s: %.2f,", name, weights[i])
			}
		}
		crossValidate(t, list)
		if inUse > 1.25*fitted {
			t.Errorf("%s: the weights in use lose %.3f for each question, fitted ones %.3f: fit them anew", basis, inUse, fitted)
		}
	}
}

// loss is the mean log loss of a guess at the examples.
func loss(list []example, guess func(example) float64) float64 {
	sum, total := 0.0, 0.0
	for _, e := range list {
		p := guess(e)
		if !e.right {
			p = 1 - p
		}
		sum -= e.weight * math.Log(max(p, 1e-9))
		total += e.weight
	}
	return sum / total
}

// signalsOf names the signals that a basis may use. The others are left out
// because on some hundred questions they only learn who wrote the questions.
func signalsOf(basis retrieval.Basis) []string {
	if basis == retrieval.BasisMeaning {
		return []string{"Lead", "Words", "Lacks", "Familiar", "Counts"}
	}
	return []string{"Coverage", "Own", "Lexical", "Apart", "Lead", "Words", "Offers", "Focus", "Pairs", "Gap", "Counts"}
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
func collect(t *testing.T, file string, documents []string, examples map[retrieval.Basis][]example) {
	t.Helper()
	library, questions := setOf(t, file, documents)
	index, err := retrieval.NewIndex(t.Context(), library, retrieval.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for n, q := range questions {
		relevant := Relevant(library, q.Gold)
		for _, made := range []bool{false, true} {
			if made && len(q.Gold) == 0 {
				continue
			}
			query := retrieval.Query{Text: q.Q, Previous: q.Prev}
			if made {
				query.Except = relevant
			}
			r, err := index.Search(t.Context(), query)
			if err != nil {
				t.Fatalf("question %s: %v", q.ID, err)
			}
			if r.Decision.Basis == "" {
				continue
			}
			e := example{group: n, evidence: r.Decision.Evidence, signals: r.Decision.Evidence.Values(), weight: 1, refuse: len(q.Gold) == 0}
			if made {
				e.weight = madeWeight
			} else {
				e.right = quotesOne(r, relevant)
			}
			examples[r.Decision.Basis] = append(examples[r.Decision.Basis], e)
		}
	}
}

// setOf reads a set of questions and its documents.
func setOf(t *testing.T, file string, documents []string) (*corpus.Library, []Question) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // nothing was written
	questions, err := ReadQuestions(f)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	var editions []*corpus.Edition
	for _, name := range documents {
		e, err := ingest.File(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		editions = append(editions, e)
	}
	return corpus.NewLibrary(editions...), questions
}

// quotesOne reports whether the hits that make the answer hold a relevant
// passage.
func quotesOne(r retrieval.Result, relevant []corpus.PassageID) bool {
	n := 1
	if r.Decision.Basis == retrieval.BasisMeaning {
		n = retrieval.MeantHits
	}
	return slices.ContainsFunc(r.Hits[:min(n, len(r.Hits))], func(h retrieval.Hit) bool { return slices.Contains(relevant, h.Passage) })
}

// khauGiang is the set beside this file, of an invented province.
const khauGiang = "testdata/khau-giang/questions.jsonl=testdata/khau-giang/nghi-quyet.md,testdata/khau-giang/chuong-trinh-hanh-dong.md,testdata/khau-giang/ke-hoach-hoc-tap.md"
