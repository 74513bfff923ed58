package thesaurus

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

// However small a table begins, it gives the numbers that a map would.
func TestATableIsAMap(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	table, want := newTable(0), map[pair]int32{}
	for range 5000 {
		key := pair{int32(random.IntN(60)) - 1, int32(random.IntN(60))}
		for _, key := range []pair{{nothing, key.syllable}, key} {
			if _, known := want[key]; !known {
				want[key] = int32(len(want))
			}
			if got := table.add(key).number - 1; got != want[key] {
				t.Fatalf("%v has the number %d, want %d", key, got, want[key])
			}
		}
	}
	for before := int32(-1); before < 60; before++ {
		for syllable := range int32(60) {
			key := pair{before, syllable}
			got, known := table.find(key)
			if number, there := want[key]; known != there || known && (got != number || table.keys[got] != key) {
				t.Errorf("%v: %d %v, want %d %v", key, got, known, number, there)
			}
		}
	}
}

// A phrase has the syllables of its words, whatever stands between them.
func TestPhrasesAreSpelledAsTheyAreCut(t *testing.T) {
	s := newSpelling()
	texts := []string{"", " ", "túi ni-lông", "  a  b ", "Hòa hoà HÒA", "1.285 lượt, 8,5%", "?"}
	for i := range 20000 { // more than there is room for at first
		texts = append(texts, fmt.Sprintf("a%d b%d", i, i/2))
	}
	for _, text := range texts {
		var got, want []string
		for _, n := range s.spell(nil, text) {
			got = append(got, s.words[n].Text)
		}
		for _, token := range vietnamese.Tokenize(text) {
			want = append(want, token.Text)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestASpaceIsTheSameOnAnyNumberOfCores(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	th, _ := Load()
	var want *Space
	for _, cores := range []int{1, 2, 7} {
		runtime.GOMAXPROCS(cores)
		s := NewSpace(th)
		if want == nil {
			want = s
		}
		same := func(a, b vietnamese.Token) bool { return a.Text == b.Text }
		if !slices.EqualFunc(s.words, want.words, same) || !slices.Equal(s.features.keys, want.features.keys) ||
			!slices.Equal(s.begin, want.begin) || !slices.Equal(s.lines, want.lines) || !slices.Equal(s.rarity, want.rarity) {
			t.Errorf("another space on %d cores", cores)
		}
		text := vietnamese.Tokenize(strings.Repeat("tiền hưu của bà nội, ", 3))
		if v := s.Vector(text, nil, 40); len(v) == 0 || !slices.Equal(v, want.Vector(text, nil, 40)) {
			t.Errorf("another vector on %d cores: %v", cores, v)
		}
	}
}
