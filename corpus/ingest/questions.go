package ingest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hoinq/hoinq/corpus"
)

// asks is how a format writes a line of questions.
type asks struct {
	// opens finds the beginning of one in a cleaned line: the marks of a block
	// quote before it, and the questions behind it.
	opens *regexp.Regexp
	// markup says that the file has tables, code and emphasis.
	markup bool
}

var (
	plainOpens    = regexp.MustCompile(`^()(?i:hỏi) ?: ?(.*)$`)
	markdownOpens = regexp.MustCompile(`^((?:> ?)*)(?:\*{1,3}|_{1,3})?(?i:hỏi)(?:\*{1,3}|_{1,3})? ?:(?:\*{1,3}|_{1,3})? ?(.*)$`)
	// withinOpens finds the same as an item of a list or a cell of a table,
	// where it is text like any other.
	withinOpens = regexp.MustCompile(`(?:^(?:> ?)*(?:[-–—+*•●▪◦]|\d{1,3}[.)]|[a-zđ]\))|\|) ?[*_]*(?i:hỏi)[*_]* ?:`)
	// answersAsked begins the answer in a text that is made of questions and
	// answers.
	answersAsked = regexp.MustCompile(`^(?:> ?)*[*_]*(?i:đáp|trả lời|tl|trả lời câu hỏi)[*_]* ?:`)
)

func plainAsking() asks    { return asks{opens: plainOpens} }
func markdownAsking() asks { return asks{opens: markdownOpens, markup: true} }

// asking is a run of lines of questions.
type asking struct {
	// line is the first of them in the file, from 1; at is where they stood in
	// what is left of the file.
	line, at  int
	questions []string
}

// takenOut are the questions that were taken out of a file.
type takenOut struct {
	groups []asking
	// empty, within, unasked and answered are the lines with no question, inside
	// a list or table, not ending in a question mark, and in a text of questions
	// and answers.
	empty, within, unasked, answered []int
}

func (t takenOut) warnings() []string {
	var out []string
	out = warnOf(out, t.empty, "sau “Hỏi:” không có câu hỏi nào, đã bỏ qua")
	out = warnOf(out, t.within, "“Hỏi:” trong bảng hoặc trong danh sách là chữ của văn bản, được giữ nguyên")
	out = warnOf(out, t.unasked, "dòng “Hỏi:” không kết thúc bằng dấu hỏi (?) là chữ của văn bản, được giữ nguyên")
	return warnOf(out, t.answered, "dưới “Hỏi:” là lời đáp, nên các dòng “Hỏi:” của tệp này là chữ của văn bản, được giữ nguyên")
}

// maxLinesNamed is how many lines a warning names.
const maxLinesNamed = 5

// warnOf adds a warning about lines, if there are any.
func warnOf(warnings []string, lines []int, what string) []string {
	if len(lines) == 0 {
		return warnings
	}
	var named []string
	for _, n := range lines[:min(len(lines), maxLinesNamed)] {
		named = append(named, fmt.Sprint(n))
	}
	where := "dòng " + strings.Join(named, ", ")
	if more := len(lines) - maxLinesNamed; more > 0 {
		where += fmt.Sprintf(" và %d dòng nữa", more)
	}
	return append(warnings, where+": "+what)
}

// takeQuestions takes the lines of questions out of a file, whose text begins at
// its line first, so that what is left is the file as it was before they were
// written. A text of questions and answers keeps its own.
func takeQuestions(text string, first int, form func() asks) (rest string, taken takenOut) {
	r := questionReader{asks: form(), lines: strings.SplitAfter(text, "\n"), first: first}
	rest = r.read()
	if len(r.taken.answered) > 0 {
		return text, takenOut{answered: r.taken.answered}
	}
	return rest, r.taken
}

type questionReader struct {
	asks
	lines []string
	first int
	taken takenOut
	// fence is the fence of the block of code that is open, comment is set
	// inside a comment.
	fence   string
	comment bool
}

func (r *questionReader) read() (rest string) {
	var left strings.Builder
	for i := 0; i < len(r.lines); {
		quoted, words, ok := r.opened(i)
		if !ok {
			left.WriteString(r.lines[i])
			i++
			continue
		}
		end, questions := r.group(i, quoted, words)
		switch {
		case r.answeredAt(end):
			r.taken.answered = append(r.taken.answered, r.first+i)
		case len(questions) == 0:
			r.taken.empty = append(r.taken.empty, r.first+i)
		default:
			r.taken.groups = append(r.taken.groups, asking{line: r.first + i, at: left.Len(), questions: questions})
		}
		i = end
	}
	return left.String()
}

// opened reports whether line i opens a run of questions, and what stands before
// and behind the word in it.
func (r *questionReader) opened(i int) (quoted, words string, ok bool) {
	if r.markup && r.hidden(r.lines[i]) || !strings.Contains(r.lines[i], ":") {
		return "", "", false
	}
	line := clean(r.lines[i])
	m := r.opens.FindStringSubmatch(line)
	if m == nil || r.markup && r.inTable(i) {
		if m != nil || withinOpens.MatchString(line) {
			r.taken.within = append(r.taken.within, r.first+i)
		}
		return "", "", false
	}
	if m[2] != "" && !endsAsking(m[2]) {
		r.taken.unasked = append(r.taken.unasked, r.first+i)
		return "", "", false
	}
	return m[1], m[2], true
}

// endsAsking reports whether a line ends in a question mark: words behind it
// would be lost, which may be the answer.
func endsAsking(line string) bool { return strings.HasSuffix(strings.TrimRight(line, `*_\ `), "?") }

// hidden reports whether a line belongs to a block of code or a comment, and
// notes where these begin and end.
func (r *questionReader) hidden(line string) bool {
	line = strings.TrimLeft(line, " \t>")
	switch {
	case r.comment:
		r.comment = !strings.Contains(line, "-->")
		return true
	case r.fence != "":
		if strings.HasPrefix(line, r.fence) && strings.Trim(line, r.fence[:1]+" \t\n") == "" {
			r.fence = ""
		}
		return true
	case strings.HasPrefix(line, "```"), strings.HasPrefix(line, "~~~"):
		r.fence = line[:len(line)-len(strings.TrimLeft(line, line[:1]))]
		return true
	}
	if _, behind, ok := strings.Cut(line, "<!--"); ok {
		r.comment = !strings.Contains(behind, "-->")
	}
	return false
}

// inTable reports whether line i has cells, and a line beside it too.
func (r *questionReader) inTable(i int) bool {
	cells := func(i int) bool { return i >= 0 && i < len(r.lines) && strings.Contains(r.lines[i], "|") }
	return cells(i) && (cells(i-1) || cells(i+1))
}

// group reads the run of questions that line i opens, up to line end: that line
// and those right below it that end in a question mark too.
func (r *questionReader) group(i int, quoted, words string) (end int, questions []string) {
	bulleted := words == ""
	questions = r.questionsIn(words)
	for end = i + 1; end < len(r.lines); end++ {
		line := clean(r.lines[end])
		if _, _, opens := r.matches(line); opens || !endsAsking(line) || (quoted != "") != strings.HasPrefix(line, ">") {
			break
		}
		line = strings.TrimLeft(line, "> ")
		if m, ok := parseMark(line); ok && bulleted && m.words > 0 {
			line = line[m.words:]
		} else if ok {
			break
		}
		if !r.speaks(line) {
			break
		}
		questions = append(questions, r.questionsIn(line)...)
	}
	return end, questions
}

func (r *questionReader) matches(line string) (quoted, words string, ok bool) {
	m := r.opens.FindStringSubmatch(line)
	if m == nil {
		return "", "", false
	}
	return m[1], m[2], true
}

// speaks reports whether a line begins with words of its own, and not with the
// marks of a heading, a table, a rule or a link, and is no heading in capitals.
func (r *questionReader) speaks(line string) bool {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(line, `*_`))
	return (unicode.IsLetter(first) || unicode.IsDigit(first) || strings.ContainsRune("“\"‘'(«", first)) &&
		!upperCase(line) && !(r.markup && strings.Contains(line, "|"))
}

// answeredAt reports whether the first line with words from line i on is an
// answer.
func (r *questionReader) answeredAt(i int) bool {
	for ; i < len(r.lines); i++ {
		if line := clean(r.lines[i]); line != "" {
			return answersAsked.MatchString(line)
		}
	}
	return false
}

// questionsIn are the questions in words: each ends with a question mark or
// with the words.
func (r *questionReader) questionsIn(words string) []string {
	if r.markup {
		words = strings.NewReplacer("**", "", "__", "", "*", "", "`", "").Replace(unescape([]byte(strings.TrimRight(words, `\`))))
	}
	var questions []string
	for part := range strings.SplitAfterSeq(clean(words), "?") {
		part = strings.TrimLeft(strings.TrimSpace(part), "-–—•;,.:_ ")
		if strings.ContainsFunc(part, unicode.IsLetter) {
			questions = append(questions, strings.TrimRight(part, "_ "))
		}
	}
	return questions
}

// askedOf gives the questions of a draft to its passages: each to the last that
// begins before it. The warnings name the lines of those that were left out or
// cut off.
func askedOf(d Draft, passages []corpus.Passage) (asked []corpus.Asked, warnings []string) {
	var early, over, long []int
	first := 0 // of the questions of the same passage
	for _, a := range d.Asked {
		at := -1
		if a.Block >= 0 {
			end := d.Blocks[a.Block].End
			behind, _ := slices.BinarySearchFunc(passages, end, func(p corpus.Passage, end int) int { return p.Start - end })
			at = behind - 1
		}
		if at < 0 || passages[at].Kind == corpus.PassageTitle {
			early = append(early, a.Line)
			continue
		}
		if len(asked) > 0 && asked[len(asked)-1].Passage != at {
			first = len(asked)
		}
		tooLong, tooMany := false, false
		for _, question := range a.Questions {
			if utf8.RuneCountInString(question) > corpus.MaxAskedLength {
				question, tooLong = shorten(question, corpus.MaxAskedLength-1), true // and the sign that it was cut
			}
			next := corpus.Asked{Passage: at, Question: question}
			switch {
			case slices.Contains(asked[first:], next):
			case len(asked)-first == corpus.MaxAsked:
				tooMany = true
			default:
				asked = append(asked, next)
			}
		}
		if tooMany {
			over = append(over, a.Line)
		}
		if tooLong {
			long = append(long, a.Line)
		}
	}
	warnings = warnOf(warnings, early, "“Hỏi:” đứng trước mọi đoạn nên không biết là hỏi đoạn nào, đã bỏ qua")
	warnings = warnOf(warnings, over, fmt.Sprintf("một đoạn chỉ giữ %d câu hỏi đầu, các câu sau đã bỏ qua", corpus.MaxAsked))
	warnings = warnOf(warnings, long, fmt.Sprintf("câu hỏi dài quá %d ký tự, đã cắt bớt", corpus.MaxAskedLength))
	return asked, warnings
}
