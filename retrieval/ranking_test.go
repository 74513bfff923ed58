package retrieval

import (
	"cmp"
	"flag"
	"fmt"
	"strings"
	"testing"

	"github.com/hoinq/hoinq/internal/goldentest"
)

var update = flag.Bool("update", false, "write the golden ranking anew")

const rankingHead = `# What each question of the bundled documents' editors finds: the decision and
# the three best places with their scores. After a change of the ranking look
# at every line that moves, then rewrite the file:
#
#	go test ./retrieval -run Ranking -update
`

// TestRankingOfTheBundledDocuments makes a change of the ranking, of its
// constants or of the documents a diff that can be read.
func TestRankingOfTheBundledDocuments(t *testing.T) {
	library := bundledLibrary(t)
	ix := index(t, library)
	var b strings.Builder
	b.WriteString(rankingHead)
	for _, e := range library.InForce() {
		for _, question := range e.Document.Questions {
			r := find(t, ix, Query{Text: question, Limit: 3})
			fmt.Fprintf(&b, "\n%s\n%s\n", question, cmp.Or(string(r.Decision.Reason), "answer"))
			for _, h := range r.Hits {
				fmt.Fprintf(&b, "%5.2f %s\n", h.Score, place(h.Passage))
			}
		}
	}
	goldentest.Equal(t, "testdata/ranking.txt", b.String(), *update)
}

func BenchmarkSearch(b *testing.B) {
	library := bundledLibrary(b)
	ix, questions := index(b, library), authored(library)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := ix.Search(b.Context(), Query{Text: questions[i%len(questions)]}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNewIndex(b *testing.B) {
	library := bundledLibrary(b)
	b.ReportAllocs()
	for b.Loop() {
		index(b, library)
	}
}
