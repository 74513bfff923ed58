package corpus

import (
	"errors"
	"slices"
	"unicode/utf8"
)

// Asked is a question that the editors of a document wrote for a passage,
// because the passage answers it. It is searched and offered as a suggestion,
// and never quoted: no word of it stands in the canonical text.
type Asked struct {
	// Passage is an index in Edition.Passages. Questions for a heading or a
	// lead-in are answered by all that stands below it.
	Passage  int    `json:"passage"`
	Question string `json:"question"`
}

// What a passage may have of questions: so many, each of at most so many
// characters (runes).
const (
	MaxAsked       = 20
	MaxAskedLength = 300
)

// errAsked is what is wrong with questions that no reader of ours made.
var errAsked = errors.New("the questions for passages are not in order, too many or too long")

// checkAsked proves that every question of an edition has its passage, in the
// order of the passages, and is within the limits.
func (e *Edition) checkAsked() error {
	last, of := -1, 0
	for _, a := range e.Asked {
		if a.Passage != last {
			of = 0
		}
		of++
		if a.Passage < max(last, 0) || a.Passage >= len(e.Passages) || of > MaxAsked ||
			a.Question == "" || utf8.RuneCountInString(a.Question) > MaxAskedLength {
			return errAsked
		}
		last = a.Passage
	}
	return nil
}

// AskedOf are the questions that were written for passage i, in their order.
func (e *Edition) AskedOf(i int) []string {
	at, _ := slices.BinarySearchFunc(e.Asked, i, func(a Asked, i int) int { return a.Passage - i })
	var questions []string
	for ; at < len(e.Asked) && e.Asked[at].Passage == i; at++ {
		questions = append(questions, e.Asked[at].Question)
	}
	return questions
}
