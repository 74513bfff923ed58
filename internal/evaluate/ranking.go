package evaluate

import (
	"math"
	"slices"
	"time"
)

// cutoff is the rank up to which the reciprocal rank and the gain count.
const cutoff = 10

// add counts one query.
func (f *RankingFigures) add(found []RankedLine, relevant map[string]bool) {
	hits, ideal, gain, reciprocal := 0, 0.0, 0.0, 0.0
	for i := range cutoff { // also beyond what was found: the ranks count all the same
		if i < len(found) && relevant[found[i].ID] {
			hits++
			gain += discount(i)
			if reciprocal == 0 {
				reciprocal = 1 / float64(i+1)
			}
		}
		switch share := float64(hits) / float64(len(relevant)); i + 1 {
		case 1:
			f.Recall1 += share
		case 5:
			f.Recall5 += share
		case 10:
			f.Recall10 += share
		}
	}
	for i := range min(len(relevant), cutoff) {
		ideal += discount(i)
	}
	f.NDCG10 += gain / ideal
	f.MRR10 += reciprocal
}

// discount is the worth of rank i, from 0 (Järvelin and Kekäläinen, 2002).
func discount(i int) float64 { return 1 / math.Log2(float64(i)+2) }

// settle makes means of the sums and percentiles of the times.
func (f *RankingFigures) settle(took []time.Duration) {
	for _, sum := range []*float64{&f.Recall1, &f.Recall5, &f.Recall10, &f.NDCG10, &f.MRR10} {
		*sum /= float64(f.Queries)
	}
	slices.Sort(took)
	ms := func(share float64) float64 {
		return float64(took[int(share*float64(len(took)-1))].Microseconds()) / 1000
	}
	f.P50MS, f.P99MS = ms(0.5), ms(0.99)
}
