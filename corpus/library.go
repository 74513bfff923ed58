package corpus

import (
	"cmp"
	"slices"
)

// Library is an immutable set of editions in memory. The zero value is empty.
// It is safe for concurrent use.
type Library struct {
	editions []*Edition // by document id, the edition in force first
}

// NewLibrary makes a library of the given editions, which must not be changed
// afterwards. Of several editions of one document the first given that is
// current is the one in force.
func NewLibrary(editions ...*Edition) *Library {
	ordered := slices.Clone(editions)
	slices.SortStableFunc(ordered, func(a, b *Edition) int {
		if c := cmp.Compare(a.Document.ID, b.Document.ID); c != 0 {
			return c
		}
		return cmp.Compare(rank(a), rank(b))
	})
	return &Library{editions: ordered}
}

func rank(e *Edition) int {
	if e.Validity.Current() {
		return 0
	}
	return 1
}

// InForce are the editions that answers are drawn from: one for each document,
// ordered by document id.
func (l *Library) InForce() []*Edition {
	var front []*Edition
	for i, e := range l.editions {
		if i == 0 || l.editions[i-1].Document.ID != e.Document.ID {
			front = append(front, e)
		}
	}
	return front
}

// All are all editions, also those no longer in force, so that old citations
// can still be opened.
func (l *Library) All() []*Edition { return slices.Clone(l.editions) }

// Edition finds an edition of a document; the one in force when id is empty.
func (l *Library) Edition(d DocumentID, id EditionID) (*Edition, bool) {
	for _, e := range l.editions {
		if e.Document.ID == d && (id == "" || e.ID == id) {
			return e, true
		}
	}
	return nil, false
}

// Passage finds a passage and the edition that holds it.
func (l *Library) Passage(id PassageID) (e *Edition, index int, ok bool) {
	d, ed, _, ok := id.Split()
	if !ok {
		return nil, -1, false
	}
	e, ok = l.Edition(d, ed)
	if !ok {
		return nil, -1, false
	}
	index = e.Index(id)
	return e, index, index >= 0
}
