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

// Each phrase leads to each concept whose line it stands on, on its side, with
// and without marks.
func TestEveryEntryIsMapped(t *testing.T) {
	th, _ := Load()
	for n := range th.Size() {
		c := th.Concept(n)
		for side, phrases := range [][]string{c.Said, c.Written} {
			for _, phrase := range phrases {
				tokens := vietnamese.Tokenize(phrase)
				want := Match{Concept: n, Written: side == 1, To: len(tokens)}
				for _, folded := range []bool{false, true} {
					if !slices.Contains(th.Find(tokens, folded), want) {
						t.Errorf("%s: %q (folded %v) does not lead to its concept", c.Field, phrase, folded)
					}
				}
				if phrase != norm.NFC.String(phrase) || len(tokens) > 16 {
					t.Errorf("%s: %q is no short phrase in normal form C", c.Field, phrase)
				}
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
		"mức sống", "mức sống ->", "-> thu nhập", ", -> thu nhập", "a -> b -> c", "a -> b ; nhiều", "a -> b ; 0", "a -> b ; 1.1", "a -> b ;", "mức sống -> mức sống", "? -> !",
	} {
		th, problems := Read(fstest.MapFS{"fields/a.txt": {Data: []byte("một -> hai\n" + line + "\nba -> bốn\n")}})
		if th.Size() != 2 || len(problems) != 1 || !strings.HasPrefix(problems[0].String(), "fields/a.txt, line 2: ") {
			t.Errorf("%q: %d concepts, problems %v", line, th.Size(), problems)
		}
	}
}

func TestTheLongestPhraseIsMeant(t *testing.T) {
	th := New([]Concept{
		{Said: []string{"thẻ bảo hiểm"}, Written: []string{"bảo hiểm y tế"}, Weight: 1},
		{Said: []string{"bảo hiểm"}, Written: []string{"bảo hiểm xã hội"}, Weight: 1},
	})
	find := func(text string, folded bool) []int {
		var numbers []int
		for _, m := range Longest(th.Find(vietnamese.Tokenize(text), folded)) {
			numbers = append(numbers, m.Concept)
		}
		return numbers
	}
	for _, tc := range []struct {
		text   string
		folded bool
		want   []int
	}{
		{"làm thẻ bảo hiểm ở đâu", false, []int{0}},
		{"mua bảo hiểm", false, []int{1}},
		{"lam the bao hiem o dau", true, []int{0}},
		{"lam the bao hiem o dau", false, nil},
		{"đóng bảo hiểm y tế", false, []int{0}},
		{"", false, nil},
	} {
		if got := find(tc.text, tc.folded); !slices.Equal(got, tc.want) {
			t.Errorf("%q: %v, want %v", tc.text, got, tc.want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("field: a\nx, y -> z ; 0.5\n")
	f.Add("-> ;;->\n#\n\xff -> \x00")
	f.Fuzz(func(t *testing.T, text string) {
		th, _ := Read(fstest.MapFS{"fields/a.txt": {Data: []byte(text)}})
		tokens := vietnamese.Tokenize(text)
		for _, m := range th.Find(tokens, true) {
			if m.From < 0 || m.From >= m.To || m.To > len(tokens) || m.Concept >= th.Size() {
				t.Errorf("match %+v of %d tokens", m, len(tokens))
			}
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		Load()
	}
}
