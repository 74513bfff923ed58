package evaluate

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var verdicts = []verdict{ // read-only
	{"a", 0.95, true}, {"b", 0.9, true}, {"c", 0.5, false}, {"d", 0.5, true}, {"e", 0.1, false},
}

func TestReliabilityComparesConfidenceWithWhatBecameOfIt(t *testing.T) {
	want := []Bin{
		{From: 0, To: 0.2, Answers: 1, Confidence: 0.1},
		{From: 0.2, To: 0.4},
		{From: 0.4, To: 0.6, Answers: 2, Confidence: 0.5, Right: 0.5},
		{From: 0.6, To: 0.8},
		{From: 0.8, To: 1, Answers: 2, Confidence: 0.925, Right: 1},
	}
	if diff := cmp.Diff(want, reliability(verdicts), cmpopts.EquateApprox(0, 1e-9)); diff != "" {
		t.Errorf("bins (-want +got):\n%s", diff)
	}
	if last := reliability([]verdict{{"a", 1, true}})[4]; last.Answers != 1 {
		t.Errorf("a confidence of 1 is in no bin: %+v", last)
	}
}

func TestTheRiskFallsWithTheSurestAlone(t *testing.T) {
	points := riskCoverage(verdicts)
	if len(points) != 5 {
		t.Fatalf("%d points", len(points))
	}
	for i, want := range map[int]Point{
		1: {Coverage: 0.4, Confidence: 0.9},
		2: {Coverage: 0.6, Risk: 1.0 / 3, Confidence: 0.5},
		4: {Coverage: 1, Risk: 0.4, Confidence: 0.1},
	} {
		if diff := cmp.Diff(want, points[i], cmpopts.EquateApprox(0, 1e-9)); diff != "" {
			t.Errorf("point %d (-want +got):\n%s", i, diff)
		}
	}
	if points := riskCoverage(nil); points != nil {
		t.Errorf("no answers have the curve %v", points)
	}
}

// The heading that the gold stands below holds it too: quoted whole, it would
// be an answer.
func TestRelevantAreThePassagesThatHoldTheGold(t *testing.T) {
	_, library := tiny(t)
	var places []string
	for _, id := range Relevant(library, []string{"1.200   đàn", "Rừng trồng mới rộng 350 ha. Và thêm."}) {
		_, _, place, _ := id.Split()
		places = append(places, place)
	}
	if diff := cmp.Diff([]string{"title", "p1", "p2"}, places); diff != "" {
		t.Errorf("relevant passages (-want +got):\n%s", diff)
	}
	if got := Relevant(library, nil); got != nil {
		t.Errorf("no gold is held by %v", got)
	}
}
