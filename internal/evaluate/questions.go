package evaluate

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Question is one line of a question file.
type Question struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
	Q    string `json:"q"`
	// Gold are texts of which a good answer quotes one; empty when the
	// question must be refused.
	Gold []string `json:"gold"`
	// Prev is the question asked before it.
	Prev string `json:"prev"`
}

// ErrQuestions is returned, wrapped with the line number, for a question file
// that cannot be read.
var ErrQuestions = errors.New("question file cannot be read")

// maxLine is the longest line of a question file, in bytes.
const maxLine = 1 << 20

// ReadQuestions reads a file of one JSON object a line. Empty lines are passed
// over.
func ReadQuestions(r io.Reader) ([]Question, error) {
	var out []Question
	seen := map[string]bool{}
	scanner := bufio.NewScanner(r)
	scanner.Buffer(nil, maxLine)
	line := 1
	for ; scanner.Scan(); line++ {
		if strings.TrimSpace(scanner.Text()) == "" {
			continue
		}
		var q Question
		if err := json.Unmarshal(scanner.Bytes(), &q); err != nil {
			return nil, fmt.Errorf("line %d: %w: %w", line, ErrQuestions, err)
		}
		if q.ID == "" || q.Q == "" {
			return nil, fmt.Errorf("line %d: %w: id and q must not be empty", line, ErrQuestions)
		}
		if slices.ContainsFunc(q.Gold, func(g string) bool { return strings.TrimSpace(g) == "" }) {
			return nil, fmt.Errorf("line %d: %w: a gold text is empty; a question to refuse has an empty list", line, ErrQuestions)
		}
		if seen[q.ID] {
			return nil, fmt.Errorf("line %d: %w: the id %q comes twice", line, ErrQuestions, q.ID)
		}
		seen[q.ID] = true
		out = append(out, q)
	}
	if err := scanner.Err(); err != nil {
		return nil, fmt.Errorf("line %d: %w: %w", line, ErrQuestions, err)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%w: it holds no question", ErrQuestions)
	}
	return out, nil
}
