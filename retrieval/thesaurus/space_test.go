package thesaurus

import (
	"math"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

// small is a thesaurus of three concepts in two fields, and one of what
// documents never speak of.
func small(t testing.TB) *Space {
	t.Helper()
	th, problems := Read(fstest.MapFS{
		"fields/a.txt": {Data: []byte("field: Nghề cá\nghe, xuồng -> tàu cá\nbỏ nghề, lên bờ -> chuyển đổi nghề ; 0.4\n")},
		"fields/b.txt": {Data: []byte("field: Trường lớp\ntiền học -> học phí\n")},
		"fields/c.txt": {Data: []byte("field: Ngoài văn kiện: nấu ăn\nkho cá, nấu canh -> món ăn\n")},
	})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return NewSpace(th)
}

func vectorOf(s *Space, text string) Vector {
	return s.Vector(vietnamese.Tokenize(text), nil, 10)
}

// checkVector holds a vector to be ordered, within the space and of length 1.
func checkVector(t *testing.T, s *Space, v Vector, most int) {
	t.Helper()
	square := 0.0
	for i, w := range v {
		square += float64(w.Value) * float64(w.Value)
		if i > 0 && w.Dimension <= v[i-1].Dimension || w.Dimension < 0 || int(w.Dimension) >= s.Size() || !(w.Value > 0) {
			t.Errorf("dimension %d with value %v at %d", w.Dimension, w.Value, i)
		}
	}
	if len(v) > most || len(v) > 0 && math.Abs(square-1) > 1e-3 {
		t.Errorf("%d dimensions, square of the length %v", len(v), square)
	}
}

func cosine(a, b Vector) float64 {
	sum := 0.0
	for _, x := range a {
		for _, y := range b {
			if x.Dimension == y.Dimension {
				sum += float64(x.Value) * float64(y.Value)
			}
		}
	}
	return sum
}

func TestTextsOfTheSameThingAreSimilarInOtherWords(t *testing.T) {
	s := small(t)
	question := vectorOf(s, "Ghe tôi cũ")
	checkVector(t, s, question, 20)
	ships, fees := cosine(question, vectorOf(s, "đóng mới tàu cá")), cosine(question, vectorOf(s, "miễn học phí"))
	if ships < 0.9 || fees != 0 {
		t.Errorf("similar to ships %.2f, to fees %.2f", ships, fees)
	}
	if same := cosine(vectorOf(s, "lên bờ"), vectorOf(s, "tàu cá")); same <= 0 || same >= 0.5 {
		t.Errorf("two concepts of one field are similar by %.2f, want a little", same)
	}
	if v := vectorOf(s, "không có chữ nào ở trên"); len(v) != 0 {
		t.Errorf("a text without a word of the thesaurus has the vector %v", v)
	}
}

func TestASurerLineWeighsMore(t *testing.T) {
	s := small(t)
	v := vectorOf(s, "xuồng lên bờ")
	weight := func(concept int32) float32 {
		i := slices.IndexFunc(v, func(w Weight) bool { return w.Dimension == concept })
		if i < 0 {
			t.Fatalf("concept %d is not in %v", concept, v)
		}
		return v[i].Value
	}
	// "lên bờ" is found whole, with both words and their pair, and still its
	// line says less.
	if weight(1) >= 2*weight(0) {
		t.Errorf("the unsure line weighs %v, the sure one %v", weight(1), weight(0))
	}
}

func TestWhatDocumentsNeverSpeakOfIsTold(t *testing.T) {
	s := small(t)
	for text, want := range map[string]float64{"kho cá": 0.5, "nấu canh": 1, "tiền học": 0, "zrêb": 0} {
		if got := s.Outside(vectorOf(s, text)); got < want || want == 0 && got > 0 {
			t.Errorf("%q: outside %v, want %v or more", text, got, want)
		}
	}
}

func TestAMixtureKeepsTheStrongest(t *testing.T) {
	s := small(t)
	a, b := vectorOf(s, "ghe"), vectorOf(s, "tiền học")
	mixed := s.Mix(a, 0.3, []Vector{b}, 3)
	checkVector(t, s, mixed, 3)
	if cosine(mixed, a) <= cosine(mixed, b) {
		t.Errorf("the mixture is nearer to the small share: %v", mixed)
	}
	if m := s.Mix(nil, 0.3, nil, 3); len(m) != 0 {
		t.Errorf("nothing mixed is %v", m)
	}
}

// Nothing follows from one line to another, so that lines which lead back to
// each other are no cycle.
func TestLinesThatLeadBackToEachOtherEndThere(t *testing.T) {
	th, problems := Read(fstest.MapFS{"fields/a.txt": {Data: []byte("ghe -> tàu\ntàu -> thuyền\nthuyền -> ghe\n")}})
	if len(problems) > 0 || th.Size() != 3 {
		t.Fatalf("%d concepts, problems %v", th.Size(), problems)
	}
	s := NewSpace(th)
	if v := vectorOf(s, "ghe"); len(v) != 3 || cosine(v, vectorOf(s, "thuyền")) >= 1 {
		t.Errorf("ghe is %v", v) // its two lines and their field
	}
}

func TestWordsAndPairsAreCounted(t *testing.T) {
	s := small(t)
	for _, tc := range []struct {
		before, word string
		want         int
	}{{"", "cá", 2}, {"kho", "cá", 1}, {"tàu", "cá", 1}, {"", "nghề", 1}, {"cá", "tàu", 0}, {"", "zrêb", 0}, {"zrêb", "cá", 0}} {
		if got := s.Count(tc.before, tc.word); got != tc.want {
			t.Errorf("%q %q: %d, want %d", tc.before, tc.word, got, tc.want)
		}
	}
	if words := s.Words(); len(words) == 0 || words[0].Text != "ghe" {
		t.Errorf("words %v", words)
	}
}

func BenchmarkNewSpace(b *testing.B) {
	th, _ := Load()
	for b.Loop() {
		NewSpace(th)
	}
}
