package corpus

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestALibraryIsOrderedByDocumentWithTheEditionInForceFirst(t *testing.T) {
	a1, a2, a3 := makeEdition("a", "1"), makeEdition("a", "2"), makeEdition("a", "3")
	b, c := makeEdition("b", "4"), makeEdition("c", "5")
	for _, tc := range []struct {
		name         string
		given        []*Edition
		all, inForce []string
	}{
		{"none", nil, nil, nil},
		{"documents by id", []*Edition{c, a1, b}, []string{"1", "4", "5"}, []string{"1", "4", "5"}},
		{"the first given that is current", []*Edition{with(a1, Replaced), b, a2, a3},
			[]string{"2", "3", "1 replaced", "4"}, []string{"2", "4"}},
		{"a stated status counts like none", []*Edition{a1, with(a2, InForce)}, []string{"1", "2 in-force"}, []string{"1"}},
		{"an amended edition stands behind", []*Edition{with(a1, Amended), with(a2, InForce)},
			[]string{"2 in-force", "1 amended"}, []string{"2 in-force"}},
		{"without a current one the first given", []*Edition{with(a2, Expired), with(a1, Replaced)},
			[]string{"2 expired", "1 replaced"}, []string{"2 expired"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := NewLibrary(tc.given...)
			if diff := cmp.Diff(texts(l), tc.all); diff != "" {
				t.Errorf("all (-got +want):\n%s", diff)
			}
			if diff := cmp.Diff(texts(NewLibrary(l.InForce()...)), tc.inForce); diff != "" {
				t.Errorf("in force (-got +want):\n%s", diff)
			}
		})
	}
}

func TestALibraryFindsEditionsAndPassages(t *testing.T) {
	e := sample()
	l := NewLibrary(with(makeEdition("ke-hoach", "cũ"), Replaced), e, makeEdition("z", "z"))
	if got, ok := l.Edition("ke-hoach", ""); got != e || !ok {
		t.Errorf("edition in force: %v, %v", got, ok)
	}
	if got, ok := l.Edition("ke-hoach", e.ID); got != e || !ok {
		t.Errorf("edition by id: %v, %v", got, ok)
	}
	if got, index, ok := l.Passage(e.Passages[sampleSecond].ID); got != e || index != sampleSecond || !ok {
		t.Errorf("passage: %v, %d, %v", got, index, ok)
	}
	for _, id := range []PassageID{"", "ke-hoach", "ke-hoach/00000000/I", "z/" + PassageID(e.ID) + "/I", e.Passages[0].ID + "x"} {
		if _, index, ok := l.Passage(id); ok || index >= 0 {
			t.Errorf("passage %q is found at %d", id, index)
		}
	}
	if got := (&Library{}).All(); len(got) > 0 {
		t.Errorf("the zero library holds %d editions", len(got))
	}
}
