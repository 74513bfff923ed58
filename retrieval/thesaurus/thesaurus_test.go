package thesaurus

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

func TestEveryLineOfTheFieldsIsLoaded(t *testing.T) {
	th, problems := Load()
	for _, p := range problems {
		t.Error(p)
	}
	fields, entries := map[string]bool{}, 0
	for n := range th.Size() {
		c := th.Concept(n)
		fields[c.Field] = true
		entries += len(c.Said)
	}
	t.Logf("%d entries in %d concepts of %d fields", entries, th.Size(), len(fields))
	if entries < 1500 || len(fields) < 60 {
		t.Errorf("%d entries in %d fields, want at least 1,500 in 60", entries, len(fields))
	}
}

// Each phrase leads to each concept whose line it stands on.
func TestEveryEntryIsMapped(t *testing.T) {
	th, _ := Load()
	space := NewSpace(th)
	for n := range th.Size() {
		c := th.Concept(n)
		for _, phrase := range slices.Concat(c.Said, c.Written) {
			tokens := vietnamese.Tokenize(phrase)
			syllables := make([]int32, len(tokens))
			for i, t := range tokens {
				syllables[i] = space.syllables[t.Text]
			}
			features(syllables, nil, func(key pair) {
				f, _ := space.features.find(key)
				_, leads := slices.BinarySearchFunc(space.lines[space.begin[f]:space.begin[f+1]], int32(n), func(w Weight, concept int32) int { return int(w.Dimension - concept) })
				if !leads {
					t.Errorf("%s: a part of %q does not lead to its concept", c.Field, phrase)
				}
			})
			if phrase != norm.NFC.String(phrase) || len(tokens) > 16 {
				t.Errorf("%s: %q is no short phrase in normal form C", c.Field, phrase)
			}
		}
	}
}

func TestALineIsReadAsItIsMeant(t *testing.T) {
	th, problems := Read(fstest.MapFS{
		"fields/b.txt": {Data: []byte("# Túi và rác.\r\nfield: Rác thải\r\nbịch nhựa, bịch ni lông -> túi ni-lông ; 0.9\r\n\r\nrác , rác -> chất thải\r\n")},
		"fields/a.txt": {Data: []byte("mức sống -> thu nhập, đời sống\n")},
		"other.txt":    {Data: []byte("a -> b")},
	})
	want := []Concept{
		{Field: "fields/a.txt", Said: []string{"mức sống"}, Written: []string{"thu nhập", "đời sống"}, Weight: defaultWeight},
		{Field: "Rác thải", Said: []string{"bịch nhựa", "bịch ni lông"}, Written: []string{"túi ni-lông"}, Weight: 0.9},
		{Field: "Rác thải", Said: []string{"rác"}, Written: []string{"chất thải"}, Weight: defaultWeight},
	}
	if diff := cmp.Diff(want, th.concepts); diff != "" || len(problems) > 0 {
		t.Errorf("problems %v, concepts (-want +got):\n%s", problems, diff)
	}
}

func TestABadLineIsNamedAndTheRestIsLoaded(t *testing.T) {
	for _, line := range []string{
		"mức sống", "mức sống ->", "-> thu nhập", ", -> thu nhập", "a -> b -> c", "a -> b ; nhiều", "a -> b ; 0", "a -> b ; 1.1", "a -> b ;", "mức sống -> mức sống", "? -> !", "nghĩa trang -> mồ mả, 0.7",
	} {
		th, problems := Read(fstest.MapFS{"fields/a.txt": {Data: []byte("một -> hai\n" + line + "\nba -> bốn\n")}})
		if th.Size() != 2 || len(problems) != 1 || !strings.HasPrefix(problems[0].String(), "fields/a.txt, line 2: ") {
			t.Errorf("%q: %d concepts, problems %v", line, th.Size(), problems)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("field: a\nx, y -> z ; 0.5\n")
	f.Add("-> ;;->\n#\n\xff -> \x00")
	f.Fuzz(func(t *testing.T, text string) {
		th, _ := Read(fstest.MapFS{"fields/a.txt": {Data: []byte(text)}})
		space := NewSpace(th)
		v := space.Vector(vietnamese.Tokenize(text), nil, 10)
		checkVector(t, space, v, 20)
		checkVector(t, space, space.Mix(v, 0.5, []Vector{v, nil}, 5), 5)
	})
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		Load()
	}
}
