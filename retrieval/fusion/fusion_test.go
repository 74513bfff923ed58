package fusion

import (
	"math"
	"testing"
)

func TestScoreIsTheWeightedSumOfTheSignals(t *testing.T) {
	weights := Weights{Lexical: 1, Cosine: 2, Coverage: 4, Own: 8, Focus: 16, Offers: 32}
	for _, tc := range []struct {
		name    string
		weights Weights
		signals Signals
		want    float64
	}{
		{"nothing", weights, Signals{}, 0},
		{"each by its own weight", weights, Signals{Lexical: 1, Cosine: 1, Coverage: 1, Own: 1, Focus: 1, Offers: 1}, 63},
		{"one alone", weights, Signals{Own: 0.5}, 4},
		{"a cosine below zero counts against", weights, Signals{Lexical: 1, Cosine: -0.25}, 0.5},
		{"without weights", Weights{}, Signals{Lexical: 1, Cosine: 1, Coverage: 1, Own: 1, Focus: 1, Offers: 1}, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := tc.weights.Score(tc.signals); math.Abs(got-tc.want) > 1e-9 {
				t.Errorf("score %f, want %f", got, tc.want)
			}
		})
	}
}

func TestEverySignalCountsInTheWeightsInUse(t *testing.T) {
	weights := DefaultWeights()
	for name, s := range map[string]Signals{
		"lexical": {Lexical: 1}, "cosine": {Cosine: 1}, "coverage": {Coverage: 1}, "own": {Own: 1}, "focus": {Focus: 1}, "offers": {Offers: 1},
	} {
		if got := weights.Score(s); got <= 0 {
			t.Errorf("%s weighs %f, want more than 0", name, got)
		}
	}
}
