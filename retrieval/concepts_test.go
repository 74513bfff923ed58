package retrieval

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
)

// The strongest are those that sorting all would give, with many ties, with
// cosines of all sizes, and whoever is not wanted.
func TestTheStrongestAreThoseOfAll(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	for _, size := range []int{0, 1, 10, 500, 5000} {
		for name, cosine := range map[string]func() float32{
			"none":  func() float32 { return 0 },
			"ties":  func() float32 { return float32(random.IntN(4)) / 4 },
			"few":   func() float32 { return max(0, random.Float32()-0.99) },
			"many":  random.Float32,
			"tiny":  func() float32 { return random.Float32() * 1e-6 },
			"whole": func() float32 { return 1 + float32(random.IntN(3))*1e-7 },
		} {
			cosines := make([]float32, size)
			for i := range cosines {
				cosines[i] = cosine()
			}
			for every := 1; every <= 100; every *= 10 {
				wanted := func(entry int) bool { return entry%every == 0 }
				var want []similarEntry
				for entry, c := range cosines {
					if c > 0 && wanted(entry) {
						want = append(want, similarEntry{entry, c})
					}
				}
				slices.SortStableFunc(want, func(a, b similarEntry) int { return cmp.Compare(b.cosine, a.cosine) })
				if got := strongest(cosines, 20, wanted); !slices.Equal(got, want[:min(len(want), 20)]) {
					t.Fatalf("%s of %d, one in %d wanted:\n got %v\nwant %v", name, size, every, got, want[:min(len(want), 20)])
				}
			}
		}
	}
}
