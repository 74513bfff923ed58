package thesaurus

import "math/bits"

// pair is a feature: two syllables that follow each other, or nothing and one.
type pair struct{ before, syllable int32 }

// table gives features numbers, in the order in which they are added. Single
// syllables have theirs by their own number, pairs in a hash table with open
// addressing, which is made in a fraction of the time that a map takes.
type table struct {
	keys  []pair // by number
	alone []slot // by syllable
	slots []slot
	shift uint8 // of a hash, to the number of a slot
}

// slot is a feature with one more than its number, which is 0 in a free one.
// last is for whoever adds features: it stands here because it is at hand.
type slot struct {
	pair
	number, last int32
}

// newTable has room for so many pairs before it grows.
func newTable(room int) table {
	log := bits.Len(uint(2*room) | 15) // half of the slots or more stay free
	return table{slots: make([]slot, 1<<log), shift: uint8(64 - log)}
}

// slot is where a feature has its number, or would have it, once there is room
// for its syllable. Pairs of neighbouring numbers come to stand far from each
// other (Fibonacci hashing; Knuth, volume 3, 6.4).
func (t *table) slot(key pair) *slot {
	if key.before == nothing {
		return &t.alone[key.syllable]
	}
	hash := (uint64(key.before)<<32 | uint64(key.syllable)) * 0x9e3779b97f4a7c15
	for at := int(hash >> t.shift); ; at = (at + 1) & (len(t.slots) - 1) {
		if s := &t.slots[at]; s.number == 0 || s.pair == key {
			return s
		}
	}
}

// find is the number of a feature that was added. Its syllables are some that
// were.
func (t *table) find(key pair) (number int32, known bool) {
	n := t.slot(key).number
	return n - 1, n > 0
}

// add is the slot of a feature, whose number is the next one when it is new. A
// syllable comes alone before it comes in a pair. The slot is good until the
// next is added.
func (t *table) add(key pair) *slot {
	for int(key.syllable) >= len(t.alone) {
		t.alone = append(t.alone, slot{})
	}
	s := t.slot(key)
	if s.number > 0 {
		return s
	}
	if 2*len(t.keys) >= len(t.slots) {
		t.grow()
		s = t.slot(key)
	}
	t.keys = append(t.keys, key)
	s.pair, s.number = key, int32(len(t.keys))
	return s
}

// grow makes room for twice as many pairs.
func (t *table) grow() {
	larger := newTable(len(t.slots))
	for _, s := range t.slots {
		if s.number > 0 {
			*larger.slot(s.pair) = s
		}
	}
	t.slots, t.shift = larger.slots, larger.shift
}
