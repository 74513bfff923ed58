package thesaurus

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/hoinq/hoinq/internal/parallel"
)

//go:embed fields/*.txt
var fields embed.FS

// Concept is one line: what people say and what documents write for it. Its
// number is its position among all concepts.
type Concept struct {
	// Field is the name of the field of public life that it belongs to.
	Field string
	// Said and Written are the phrases on its two sides, as they stand there.
	Said, Written []string
	// Weight is how surely the one means the other, above 0 and up to 1.
	Weight float64
}

// defaultWeight is that of a line that gives none.
const defaultWeight = 0.8

// Problem is a line that was left out, and why.
type Problem struct {
	File string
	Line int
	Why  string
}

// String names the line.
func (p Problem) String() string { return fmt.Sprintf("%s, line %d: %s", p.File, p.Line, p.Why) }

// Thesaurus is immutable and safe for concurrent use. The zero value knows
// nothing.
type Thesaurus struct {
	concepts []Concept
}

// Load reads the fields in the program. Problems are lines that were left out;
// the tests hold them to none.
func Load() (*Thesaurus, []Problem) { return Read(fields) }

// Read reads all the fields/*.txt of a file system, in the order of their
// names.
func Read(files fs.FS) (*Thesaurus, []Problem) {
	names, _ := fs.Glob(files, "fields/*.txt") // the pattern is well formed
	slices.Sort(names)
	found, wrong := make([][]Concept, len(names)), make([][]Problem, len(names))
	parallel.Each(len(names), func(i int) {
		text, err := fs.ReadFile(files, names[i])
		if err != nil {
			wrong[i] = []Problem{{File: names[i], Why: err.Error()}}
			return
		}
		found[i], wrong[i] = parse(names[i], string(text))
	})
	return &Thesaurus{concepts: slices.Concat(found...)}, slices.Concat(wrong...)
}

// Concept is the one with a number.
func (t *Thesaurus) Concept(number int) Concept { return t.concepts[number] }

// Size is how many concepts there are.
func (t *Thesaurus) Size() int { return len(t.concepts) }

// parse reads one field.
func parse(file, text string) (concepts []Concept, problems []Problem) {
	text = strings.NewReplacer("\ufeff", "", "\r\n", "\n", "\r", "\n").Replace(text)
	field, n := "", -1
	concepts = make([]Concept, 0, strings.Count(text, "\n")+1)
	room := make([]string, 0, strings.Count(text, ",")+2*cap(concepts)) // for all phrases
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		n++
		problem := func(why string) { problems = append(problems, Problem{File: file, Line: n + 1, Why: why}) }
		name, named := strings.CutPrefix(line, "field:")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case named:
			field = strings.TrimSpace(name)
		default:
			var c Concept
			var why string
			c, why, room = parseLine(line, room)
			if why != "" {
				problem(why)
				continue
			}
			c.Field = cmp.Or(field, file)
			concepts = append(concepts, c)
		}
	}
	return concepts, problems
}

// parseLine reads "said, said -> written, written ; weight". why says what is
// wrong, and is empty when nothing is. The phrases are appended to room.
func parseLine(line string, room []string) (c Concept, why string, rest []string) {
	sides, weight, weighted := strings.Cut(line, ";")
	said, written, ok := strings.Cut(sides, "->")
	if !ok || strings.Contains(written, "->") {
		return c, "want one arrow -> between what is said and what is written", room
	}
	c.Weight = defaultWeight
	c.Said, room = phrases(said, room)
	c.Written, room = phrases(written, room)
	if len(c.Said) == 0 || len(c.Written) == 0 {
		return c, "a side is empty", room
	}
	if last := c.Written[len(c.Written)-1]; !weighted {
		if _, err := strconv.ParseFloat(last, 64); err == nil {
			return c, "the weight " + last + " stands behind a comma, want a semicolon", room
		}
	}
	if slices.Equal(c.Said, c.Written) {
		return c, "it leads from a phrase to itself", room
	}
	if weighted {
		w, err := strconv.ParseFloat(strings.TrimSpace(weight), 64)
		if err != nil || !(w >= 0.01 && w <= 1) {
			return c, "the weight behind ; is no number from 0.01 to 1", room
		}
		c.Weight = w
	}
	return c, "", room
}

// phrases are the parts between commas that have a word in them, each once. They
// are appended to room.
func phrases(list string, room []string) (found, rest []string) {
	from := len(room)
	for more := true; more; {
		var phrase string
		phrase, list, more = strings.Cut(list, ",")
		phrase = strings.TrimSpace(phrase)
		if strings.ContainsFunc(phrase, worded) && !slices.Contains(room[from:], phrase) {
			room = append(room, phrase)
		}
	}
	return room[from:len(room):len(room)], room
}

func worded(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
