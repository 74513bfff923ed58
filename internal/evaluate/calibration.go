package evaluate

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hoinq/hoinq/corpus"
)

// Bin is one row of a reliability table: the answers whose confidence lies
// between From and To, To not included.
type Bin struct {
	From    float64 `json:"from"`
	To      float64 `json:"to"`
	Answers int     `json:"answers"`
	// Confidence is their mean confidence, Right the share that quote the
	// gold; the nearer the two, the better calibrated. 0 without answers.
	Confidence float64 `json:"confidence"`
	Right      float64 `json:"right"`
}

// Point is one point of a risk-coverage curve: when only so much of what was
// answered is answered, the surest first, so much of it is wrong.
type Point struct {
	Coverage   float64 `json:"coverage"`
	Risk       float64 `json:"risk"`
	Confidence float64 `json:"confidence"` // of the least sure among them
}

// verdict is one answer with its confidence.
type verdict struct {
	id         string
	confidence float64
	right      bool
}

// binWidth is the width of a bin; coverages are those of the curve.
const binWidth = 0.2

// reliability counts the answers by confidence.
func reliability(answers []verdict) []Bin {
	bins := make([]Bin, int(1/binWidth))
	for i := range bins {
		bins[i].From, bins[i].To = float64(i)*binWidth, float64(i+1)*binWidth
	}
	right := make([]int, len(bins))
	for _, a := range answers {
		i := min(int(a.confidence/binWidth), len(bins)-1)
		bins[i].Answers++
		bins[i].Confidence += a.confidence
		if a.right {
			right[i]++
		}
	}
	for i := range bins {
		if n := bins[i].Answers; n > 0 {
			bins[i].Confidence /= float64(n)
			bins[i].Right = share(right[i], n)
		}
	}
	return bins
}

// riskCoverage is the curve at each tenth of the answers; fewer points for fewer
// answers.
func riskCoverage(answers []verdict) []Point {
	answers = slices.Clone(answers)
	slices.SortFunc(answers, func(a, b verdict) int {
		return cmp.Or(cmp.Compare(b.confidence, a.confidence), cmp.Compare(a.id, b.id))
	})
	var points []Point
	last := 0
	for tenth := 1; tenth <= 10; tenth++ {
		n := len(answers) * tenth / 10
		if n == last {
			continue
		}
		last = n
		wrong := 0
		for _, a := range answers[:n] {
			if !a.right {
				wrong++
			}
		}
		points = append(points, Point{Coverage: share(n, len(answers)), Risk: share(wrong, n), Confidence: answers[n-1].confidence})
	}
	return points
}

// Relevant are the passages that hold one of the gold texts, by themselves or
// with what stands below them, or that most of one consists of.
func Relevant(library *corpus.Library, gold []string) []corpus.PassageID {
	var out []corpus.PassageID
	for _, e := range library.InForce() {
		for i, p := range e.Passages {
			if holds(e.Words(e.Extent(i)), gold) || holds(e.Words(p.Span), gold) {
				out = append(out, p.ID)
			}
		}
	}
	return out
}

// holds reports whether words hold one of the gold texts, or are held by one
// and not much shorter. White space is folded.
func holds(words string, gold []string) bool {
	words = strings.Join(strings.Fields(words), " ")
	return slices.ContainsFunc(gold, func(g string) bool {
		g = strings.Join(strings.Fields(g), " ")
		return strings.Contains(words, g) ||
			strings.Contains(g, words) && float64(utf8.RuneCountInString(words)) >= minContained*float64(utf8.RuneCountInString(g))
	})
}
