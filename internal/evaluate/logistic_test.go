package evaluate

import (
	"cmp"
	"math"
	"slices"
	"testing"

	"github.com/hoinq/hoinq/retrieval"
)

// example is one decision: its signals, and whether the answer would be right.
type example struct {
	group    int // questions of a group are left out together
	evidence retrieval.Evidence
	signals  []float64 // its values, as far as they may be used
	right    bool
	refuse   bool // no passage answers
	weight   float64
}

const (
	// ridge is the strength of the L2 penalty on the standardised weights.
	ridge = 3
	// steps and rate are those of the gradient descent, which ends far beyond
	// convergence on some hundred examples.
	steps = 4000
	rate  = 0.5
	// folds is how many times a part is left out of the fit.
	folds = 10
)

// fit is weighted logistic regression with an L2 penalty. The weights are for
// the signals as they are.
func fit(list []example) (bias float64, weights []float64) {
	if len(list) == 0 {
		return 0, nil
	}
	n := len(list[0].signals)
	mean, deviation := moments(list, n)
	w, b, total := make([]float64, n), 0.0, 0.0
	for _, e := range list {
		total += e.weight
	}
	for range steps {
		gradient, gb := make([]float64, n), 0.0
		for _, e := range list {
			odds := b
			for i, x := range e.signals {
				odds += w[i] * (x - mean[i]) / deviation[i]
			}
			miss := 1 / (1 + math.Exp(-odds))
			if e.right {
				miss--
			}
			miss *= e.weight
			gb += miss
			for i, x := range e.signals {
				gradient[i] += miss * (x - mean[i]) / deviation[i]
			}
		}
		b -= rate * gb / total
		for i := range w {
			w[i] -= rate * (gradient[i] + ridge*w[i]) / total
		}
	}
	for i := range w {
		w[i] /= deviation[i]
		b -= w[i] * mean[i]
	}
	return b, w
}

// moments are the mean and the standard deviation of each signal; the latter 1
// for one that never changes.
func moments(list []example, n int) (mean, deviation []float64) {
	mean, deviation = make([]float64, n), make([]float64, n)
	for _, e := range list {
		for i, x := range e.signals {
			mean[i] += x / float64(len(list))
		}
	}
	for _, e := range list {
		for i, x := range e.signals {
			deviation[i] += (x - mean[i]) * (x - mean[i]) / float64(len(list))
		}
	}
	for i, d := range deviation {
		if deviation[i] = math.Sqrt(d); deviation[i] < 1e-9 {
			deviation[i] = 1
		}
	}
	return mean, deviation
}

// guess is the confidence that fitted weights have in an example.
func guess(bias float64, weights []float64, e example) float64 {
	odds := bias
	for i, x := range e.signals {
		odds += weights[i] * x
	}
	return 1 / (1 + math.Exp(-odds))
}

// crossValidate prints, for confidences from which on to answer, what would
// become of questions that were left out of the fit.
func crossValidate(t *testing.T, list []example) {
	t.Helper()
	type guessed struct {
		confidence float64
		example
	}
	var guesses []guessed
	for fold := range folds {
		held := func(e example) bool { return e.group%folds == fold }
		bias, weights := fit(slices.DeleteFunc(slices.Clone(list), held))
		for _, e := range list {
			if held(e) {
				guesses = append(guesses, guessed{guess(bias, weights, e), e})
			}
		}
	}
	slices.SortStableFunc(guesses, func(a, b guessed) int { return cmp.Compare(b.confidence, a.confidence) })
	t.Log("held out: from, answered rightly, wrongly, though to be refused, without their passages")
	for _, from := range []float64{0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7} {
		var right, wrong, refuse, made int
		for _, g := range guesses {
			switch {
			case g.confidence < from:
			case g.weight < 1:
				made++
			case g.right:
				right++
			case g.refuse:
				refuse++
			default:
				wrong++
			}
		}
		t.Logf("    %.2f %4d %4d %4d %4d", from, right, wrong, refuse, made)
	}
}
