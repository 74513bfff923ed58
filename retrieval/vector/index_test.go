package vector

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"
)

// fake makes the vectors written in the table; what is not there is an error.
func fake(dimension int, vectors map[string][]float32) Embedder {
	return Embedder{Model: "fake/1", Dimension: dimension, Embed: func(_ context.Context, text string) ([]float32, error) {
		v, ok := vectors[text]
		if !ok {
			return nil, errNoVector
		}
		return slices.Clone(v), nil
	}}
}

var errNoVector = errors.New("no vector")

func build(t *testing.T, e Embedder, texts ...string) *Index {
	t.Helper()
	var list []Text
	for i, text := range texts {
		list = append(list, Text{ID: fmt.Sprintf("%03d", i), Text: text})
	}
	ix, err := Build(t.Context(), e, list)
	if err != nil {
		t.Fatalf("Build: %v", err)
	}
	return ix
}

func search(t *testing.T, ix *Index, text string, n int) []Match {
	t.Helper()
	matches, err := ix.Search(t.Context(), text, n)
	if err != nil {
		t.Fatalf("Search(%q, %d): %v", text, n, err)
	}
	return matches
}

func ids(matches []Match) []string {
	out := []string{}
	for _, m := range matches {
		out = append(out, m.ID)
	}
	return out
}

func TestTiesAreOrderedByIDAtEveryCut(t *testing.T) {
	texts := slices.Repeat([]string{"hội nghị học tập"}, 40)
	texts = append(texts, "hội nghị", "đánh bắt xa bờ")
	ix := build(t, Local(), texts...)
	var all []string
	for i := range texts {
		all = append(all, fmt.Sprintf("%03d", i))
	}
	for n := 1; n <= len(texts)+1; n++ {
		for range 10 {
			got := ids(search(t, ix, "hội nghị học tập", n))
			if want := all[:min(n, len(all))]; !slices.Equal(got, want) {
				t.Fatalf("the first %d: %v, want %v", n, got, want)
			}
		}
	}
	for range 200 {
		if got := ids(search(t, ix, "hội nghị học tập", 5)); !slices.Equal(got, all[:5]) {
			t.Fatalf("the first 5: %v, want %v", got, all[:5])
		}
	}
}

func TestSearchOrdersByCosine(t *testing.T) {
	ix := build(t, fake(2, map[string][]float32{
		"q": {2, 0}, "same": {5, 0}, "near": {3, 4}, "across": {0, 1}, "against": {-1, 0},
	}), "against", "across", "near", "same")
	var got []string
	for _, m := range search(t, ix, "q", 10) {
		got = append(got, fmt.Sprintf("%s %.1f", m.ID, m.Cosine))
	}
	if want := []string{"003 1.0", "002 0.6", "001 0.0", "000 -1.0"}; !slices.Equal(got, want) {
		t.Errorf("matches %q, want %q", got, want)
	}
}

func TestSearchReturnsNoMoreThanAskedAndThereIs(t *testing.T) {
	ix := build(t, Local(), "một", "hai", "ba")
	for n, want := range map[int]int{-1: 0, 0: 0, 1: 1, 3: 3, 4: 3, math.MaxInt: 3} {
		if got := len(search(t, ix, "hai", n)); got != want {
			t.Errorf("asked for %d: %d matches, want %d", n, got, want)
		}
	}
}

func TestAnEmptyIndexFindsNothingAndAsksNoEmbedder(t *testing.T) {
	ix := build(t, fake(2, nil))
	if got := search(t, ix, "câu hỏi", 5); len(got) != 0 {
		t.Errorf("found %v, want nothing", got)
	}
}

func TestVectorsThatCannotBeCompared(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, tc := range []struct {
		name      string
		dimension int
		vector    []float32
		want      error
	}{
		{"too short", 2, []float32{1}, ErrDimension},
		{"too long", 2, []float32{1, 2, 3}, ErrDimension},
		{"empty", 2, nil, ErrDimension},
		{"empty as declared", 0, nil, ErrDimension},
		{"with a NaN", 2, []float32{1, nan}, ErrNumber},
		{"with an infinity", 2, []float32{inf, 0}, ErrNumber},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := fake(tc.dimension, map[string][]float32{"a": {1, 0}, "odd": tc.vector})
			if _, err := Build(t.Context(), e, []Text{{ID: "1", Text: "odd"}}); !errors.Is(err, tc.want) {
				t.Errorf("at build: %v, want %v", err, tc.want)
			}
			if tc.dimension == 0 {
				return // nothing can be built to be asked
			}
			if _, err := build(t, e, "a").Search(t.Context(), "odd", 1); !errors.Is(err, tc.want) {
				t.Errorf("at query: %v, want %v", err, tc.want)
			}
		})
	}
}

func TestErrorsOfTheEmbedderArePassedOn(t *testing.T) {
	e := fake(2, map[string][]float32{"a": {1, 0}})
	if _, err := Build(t.Context(), e, []Text{{ID: "1", Text: "a"}, {ID: "2", Text: "b"}}); !errors.Is(err, errNoVector) {
		t.Errorf("at build: %v, want %v", err, errNoVector)
	}
	if _, err := build(t, e, "a").Search(t.Context(), "b", 1); !errors.Is(err, errNoVector) {
		t.Errorf("at query: %v, want %v", err, errNoVector)
	}
}

func TestAZeroVectorHasACosine(t *testing.T) {
	e := fake(2, map[string][]float32{"zero": {0, 0}, "a": {0, 1}})
	ix := build(t, e, "zero", "a")
	for _, question := range []string{"zero", "a"} {
		for _, m := range search(t, ix, question, 2) {
			if math.IsNaN(m.Cosine) || m.Cosine < -1 || m.Cosine > 1.0001 {
				t.Errorf("%q and text %s: cosine %f", question, m.ID, m.Cosine)
			}
		}
	}
}

func TestLocalVectors(t *testing.T) {
	for _, text := range []string{"", "👍 …", "a", "Nghị quyết Đại hội XVII", "\xff\xfe", "1.285 tỷ đồng"} {
		first, err := Local().Embed(t.Context(), text)
		if err != nil {
			t.Fatalf("embed %q: %v", text, err)
		}
		if len(first) != Local().Dimension {
			t.Errorf("embed %q: %d numbers, want %d", text, len(first), Local().Dimension)
		}
		var square float64
		for _, x := range first {
			square += float64(x) * float64(x)
		}
		if math.Abs(square-1) > 1e-5 {
			t.Errorf("embed %q: length %f, want 1", text, math.Sqrt(square))
		}
		if again, _ := Local().Embed(t.Context(), text); !slices.Equal(again, first) {
			t.Errorf("embed %q: another vector the second time", text)
		}
	}
}

func TestLocalVectorsAreNearForSlipsOfThePen(t *testing.T) {
	ix := build(t, Local(), "đánh bắt xa bờ", "tuyên truyền nghị quyết", "thu hút đầu tư")
	for question, want := range map[string]string{
		"tuyen truyen nghi quyet": "001", "tuyên truyèn nghj quyết": "001", "đầu tư": "002", "đanh băt xa bơ": "000",
	} {
		if got := search(t, ix, question, 1)[0].ID; got != want {
			t.Errorf("nearest to %q: %s, want %s", question, got, want)
		}
	}
}

func TestBuildEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	waits := Embedder{Model: "fake/1", Dimension: 1, Embed: func(ctx context.Context, _ string) ([]float32, error) {
		return []float32{1}, ctx.Err()
	}}
	if _, err := Build(ctx, waits, []Text{{ID: "1", Text: "a"}}); !errors.Is(err, context.Canceled) {
		t.Errorf("Build: %v, want %v", err, context.Canceled)
	}
}

func BenchmarkSearch(b *testing.B) {
	var texts []Text
	for i := range 2000 {
		texts = append(texts, Text{ID: fmt.Sprint(i), Text: fmt.Sprintf("nghị quyết số %d về mục tiêu %d của tỉnh", i, i%7)})
	}
	ix, err := Build(b.Context(), Local(), texts)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := ix.Search(b.Context(), "mục tiêu 3 của tỉnh là gì", 200); err != nil {
			b.Fatal(err)
		}
	}
}

func TestCompareGivesTheCosinesThatSearchGives(t *testing.T) {
	ix := build(t, Local(), "Đại hội bầu Ban Chấp hành", "Trồng rừng ngập mặn", "Khám sức khỏe định kỳ")
	matches := search(t, ix, "rừng ngập mặn", 3)
	got, err := ix.Compare(t.Context(), "rừng ngập mặn", append(ids(matches), "gone"))
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range matches {
		if diff := got[i] - m.Cosine; diff > 1e-6 || diff < -1e-6 {
			t.Errorf("%s: %v by comparing, %v by searching", m.ID, got[i], m.Cosine)
		}
	}
	if got[3] != 0 {
		t.Errorf("an unknown id has cosine %v, want 0", got[3])
	}
}
