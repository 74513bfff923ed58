package retrieval

import "github.com/hoinq/hoinq/corpus"

// MaxQuestion is the longest question taken, in characters (runes). Channels
// answer a longer one with a fixed reply, the public API with 422.
const MaxQuestion = 1000

// Query is one question put to an [Index].
type Query struct {
	// Text is the question as it was typed.
	Text string `json:"text"`
	// Previous is the question asked before it in the same conversation, or
	// empty. A follow-up takes from it what it lacks.
	Previous string `json:"previous"`
	// Documents limits the search to these documents; empty means all.
	Documents []corpus.DocumentID `json:"documents"`
	// Except are passages that are left out: what would be found without them.
	Except []corpus.PassageID `json:"except,omitempty"`
	// Limit is the largest number of hits wanted; 0 or less means [DefaultLimit].
	Limit int `json:"limit"`
}

// DefaultLimit is the number of hits of a query that names none.
const DefaultLimit = 10

// QuestionType is what an answer must contain to be one.
type QuestionType string

// The types of question. The empty QuestionType asks for no particular thing.
const (
	AsksList   QuestionType = "list"   // "gồm những gì", "các … nào"
	AsksNumber QuestionType = "number" // "bao nhiêu", "mấy"
	AsksTime   QuestionType = "time"   // "khi nào", "ngày nào", "hạn chót"
	AsksWho    QuestionType = "who"    // "ai", "cơ quan nào"
	AsksSymbol QuestionType = "symbol" // "số hiệu là gì"
)

// Understanding is how the question was read. It is shown to the asker as
// understood_as and kept with a result for explanation.
type Understanding struct {
	// Text is the question after abbreviations were written out, with the
	// question before it where words were taken over from there.
	Text string `json:"text"`
	// Types are what the question asks for, the leading one first.
	Types []QuestionType `json:"types"`
	// Unaccented is set when the asker typed no diacritic at all.
	Unaccented bool `json:"unaccented"`
	// English is set when the question was asked in English; Text is then what
	// was searched for it in Vietnamese.
	English bool `json:"english,omitempty"`
	// FollowUp is set when words of the previous question were taken over.
	FollowUp bool `json:"follow_up"`
	// Unknown are the content words that no document contains.
	Unknown []string `json:"unknown"`
}

// Asks reports whether the question asks for t.
func (u Understanding) Asks(t QuestionType) bool {
	for _, have := range u.Types {
		if have == t {
			return true
		}
	}
	return false
}
