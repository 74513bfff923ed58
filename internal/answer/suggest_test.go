package answer

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// The nearest are those that sorting all by the share of their words would give.
func TestTheNearestSuggestionsAreThoseOfAll(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 4))
	text := func() string {
		var b strings.Builder
		for range random.IntN(6) {
			fmt.Fprintf(&b, "từ%d ", random.IntN(12))
		}
		return b.String()
	}
	s := &suggester{holding: map[string][]int32{}}
	for range 200 {
		s.add(suggestion{text: text()})
	}
	for range 50 {
		asked := text()
		words := foldedWords(asked)
		share := func(candidate int) float64 {
			n, all := 0, foldedWords(s.candidates[candidate].text)
			for w := range all {
				if words[w] {
					n++
				}
			}
			return float64(n) / float64(max(len(all), 1))
		}
		want := make([]int, len(s.candidates))
		for i := range want {
			want[i] = i
		}
		slices.SortStableFunc(want, func(a, b int) int { return cmp.Compare(share(b), share(a)) })
		if got := s.nearest(asked, maxTried); !slices.Equal(got, want[:maxTried]) {
			t.Errorf("%q: %v, want %v", asked, got, want[:maxTried])
		}
	}
	if got := (&suggester{}).nearest("từ1", maxTried); len(got) != 0 {
		t.Errorf("%v of none", got)
	}
}
