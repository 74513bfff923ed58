package english

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
)

//go:embed glossary.txt
var glossary string

// place says where the Vietnamese words of an entry are put.
type place string

// The places, as the file names them behind "put:".
const (
	putHere    place = "here"    // where the English words stood
	putBehind  place = "behind"  // behind the next thing: "new province", "tỉnh mới"
	putName    place = "name"    // before the name that they follow: "Vinh Phuc province"
	putLast    place = "last"    // at the end: "what is …", "… là gì"
	putNowhere place = "nowhere" // left out
	putKept    place = "kept"    // as typed; they only tell that a message is English
)

// entry is what English words are in Vietnamese.
type entry struct {
	put place
	// here are the words that stand where the English ones did, last those that
	// go to the end of the question.
	here, last string
}

// Problem is a line of the glossary that was left out, and why.
type Problem struct {
	Line int
	Why  string
}

// String names the line.
func (p Problem) String() string { return fmt.Sprintf("glossary.txt, line %d: %s", p.Line, p.Why) }

// Glossary is immutable and safe for concurrent use. The zero value takes no
// message for English.
type Glossary struct {
	entries map[string]entry // by English words in small letters, with single spaces
	longest int              // words of the longest of them
	words   map[string]bool  // all that stand in them
	vetoes  map[string]bool
	grammar map[string]bool
}

// Load reads the glossary in the program. Problems are lines that were left
// out; the tests hold them to none.
func Load() (*Glossary, []Problem) { return read(glossary) }

func read(text string) (*Glossary, []Problem) {
	g := &Glossary{entries: map[string]entry{}, words: map[string]bool{}, vetoes: map[string]bool{}, grammar: map[string]bool{}}
	for word := range strings.FieldsSeq(grammar) {
		g.grammar[word] = true
	}
	for word := range strings.FieldsSeq(vetoes) {
		g.vetoes[word] = true
	}
	var problems []Problem
	var phrases []string // in the order of the file
	put, n := place(""), 0
	for line := range strings.SplitSeq(text, "\n") {
		n++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if where, section := strings.CutPrefix(line, "put:"); section {
			put = place(strings.TrimSpace(where))
			continue
		}
		said, e, why := parse(line, put)
		if twice := slices.IndexFunc(said, g.has); twice >= 0 {
			why = "“" + said[twice] + "” is there already"
		}
		if why != "" {
			problems = append(problems, Problem{Line: n, Why: why})
			continue
		}
		for _, phrase := range said {
			for word := range strings.FieldsSeq(phrase) {
				g.words[word] = true
			}
			if put != putKept {
				g.entries[phrase] = e
				phrases = append(phrases, phrase)
			}
		}
	}
	for _, phrase := range phrases {
		words := strings.Fields(phrase)
		g.longest = max(g.longest, len(words))
		if one := singulars(words); !g.has(one) {
			g.entries[one] = g.entries[phrase]
		}
	}
	return g, problems
}

func (g *Glossary) has(phrase string) bool {
	_, ok := g.entries[phrase]
	return ok
}

// parse reads "poor household, poor family -> hộ nghèo".
func parse(line string, put place) (said []string, e entry, why string) {
	left, right, ok := strings.Cut(line, "->")
	if !slices.Contains([]place{putHere, putBehind, putName, putLast, putNowhere, putKept}, put) {
		return nil, e, "no place: “" + string(put) + "”"
	}
	if ok == (put == putNowhere || put == putKept) {
		return nil, e, "an arrow -> is wanted, but not below put: nowhere and put: kept"
	}
	for phrase := range strings.SplitSeq(left, ",") {
		if words := strings.Fields(strings.ToLower(phrase)); len(words) > 0 {
			said = append(said, strings.Join(words, " "))
		}
	}
	e = entry{put: put, here: strings.TrimSpace(right)}
	if put == putLast {
		e.here, e.last, ok = strings.Cut(e.here, "…")
		if !ok {
			e.here, e.last = "", e.here
		}
		e.here, e.last = strings.TrimSpace(e.here), strings.TrimSpace(e.last)
	}
	if len(said) == 0 || ok && e.here+e.last == "" {
		return nil, e, "a side is empty"
	}
	return said, e, ""
}

// singulars are words joined, each without the sign of the plural.
func singulars(words []string) string {
	out := make([]string, len(words))
	for i, word := range words {
		out[i] = singular(word)
	}
	return strings.Join(out, " ")
}

// singular is a word without the -s of the plural or the third person. Words of
// three letters or fewer stay: "is", "was".
func singular(word string) string {
	cut := func(suffix string) (string, bool) {
		stem, ok := strings.CutSuffix(word, suffix)
		return stem, ok && len(stem) > 2
	}
	if stem, ok := cut("ies"); ok {
		return stem + "y"
	}
	for _, suffix := range []string{"xes", "ches", "shes", "sses"} {
		if stem, ok := strings.CutSuffix(word, suffix); ok && stem != "" {
			return stem + strings.TrimSuffix(suffix, "es")
		}
	}
	for _, suffix := range []string{"ss", "us", "is"} {
		if strings.HasSuffix(word, suffix) {
			return word
		}
	}
	if stem, ok := cut("s"); ok {
		return stem
	}
	return word
}
