package answer

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/retrieval"
	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

// Nearest passages are shown when they hold at least this share of the
// question, and at most so many.
const (
	minNearCoverage = 0.4
	maxNearest      = 3
	maxTitles       = 3
)

// refuse turns a into a refusal.
func (x *Extractive) refuse(a *Answer, r retrieval.Result) {
	reason := r.Decision.Reason
	if reason == "" {
		reason = retrieval.NoMatch
	}
	text := reasonText(reason)
	switch {
	case r.Decision.Place != "":
		text = x.noSuchPlace(r.Decision.Place)
	case utf8.RuneCountInString(r.Query.Text) > retrieval.MaxQuestion:
		text = fmt.Sprintf("Câu hỏi dài quá %d ký tự nên tôi chưa đọc. Anh/chị vui lòng hỏi ngắn hơn.", retrieval.MaxQuestion)
	case len(r.Hits) > 0 || len(r.Understood.Unknown) > 0 || reason != retrieval.NoMatch:
	case thanks.MatchString(r.Query.Text):
		a.Refusal = &Refusal{Reason: reason, Text: thanksText}
		return
	case len(vietnamese.Tokenize(r.Query.Text)) > 0:
		text = greetingText
	default:
		text = wordlessText
	}
	if named := figures(r.Decision.Missing); named != "" && reason == retrieval.Insufficient && r.Decision.Place == "" {
		text += " Trong đoạn gần nhất không thấy nêu: " + named + "."
	}
	a.Refusal = &Refusal{Reason: reason, Text: text + "\n" + x.coverage() + "\n" + x.whomToAsk()}
	if reason == retrieval.Unsafe || reason == retrieval.OutOfScope {
		return
	}
	for _, hit := range r.Hits {
		if len(a.Nearest) == maxNearest || hit.Components.Coverage < minNearCoverage {
			break
		}
		f, err := x.find(hit)
		if err != nil || f.passage().Kind.Heading() {
			continue
		}
		c := f.edition.Cite(f.at, newAsked(r.Understood, x.lexicon).choose(f.edition, f.passage().Span))
		a.Nearest = append(a.Nearest, numbered(c, len(a.Nearest)+1, hit.Score))
	}
}

// noSuchPlace says that no document has a place, and how the documents are
// divided instead.
func (x *Extractive) noSuchPlace(place string) string {
	units := map[string]bool{}
	for _, e := range x.library.InForce() {
		for _, p := range e.Passages {
			for step := range strings.SplitSeq(p.Location, ", ") {
				unit, _, _ := strings.Cut(strings.ToLower(step), " ")
				units[unit] = true
			}
		}
	}
	text := "Trong các tài liệu đang có không có chỗ “" + place + "”."
	var divided []string
	for _, unit := range []string{"phần", "chương", "mục", "điều", "khoản", "điểm"} {
		if units[unit] {
			divided = append(divided, unit)
		}
	}
	if len(divided) > 0 {
		text += " Tài liệu được chia theo " + strings.Join(divided, ", ") + "; anh/chị có thể hỏi lại theo cách chia này."
	}
	return text
}

// figures are the years and numerals among the words that decided for a
// refusal. Other words of the asker's are not repeated.
func figures(missing []string) string {
	var out []string
	for _, word := range missing {
		tokens := vietnamese.Tokenize(strings.ToUpper(word))
		if len(tokens) == 1 && (tokens[0].Figure || tokens[0].Roman) {
			out = append(out, strings.ToUpper(word))
		}
	}
	return strings.Join(out, ", ")
}

// What is said to a message of courtesy words alone, and to one without words.
const greetingText = "Chào anh/chị. Tôi trả lời câu hỏi về các tài liệu dưới đây bằng cách trích nguyên văn; mời anh/chị đặt câu hỏi."

const thanksText = "Dạ không có gì ạ. Anh/chị cần tra điều gì nữa, cứ hỏi nhé."

// thanks finds a message of thanks.
var thanks = regexp.MustCompile(`(?i)(cảm|cám|cam) (ơn|on)`)

const wordlessText = "Tôi chưa đọc được câu hỏi nào trong tin này. Anh/chị vui lòng gõ câu hỏi bằng chữ, có dấu hay không dấu đều được."

// reasonText is the fixed text of each reason to refuse.
func reasonText(reason retrieval.Reason) string {
	switch reason {
	case retrieval.OutOfScope:
		return "Câu hỏi này nằm ngoài các tài liệu tôi đang có, nên tôi không trả lời được."
	case retrieval.Insufficient:
		return "Các tài liệu có nói đến chuyện này nhưng không nêu đúng điều anh/chị hỏi, nên tôi không trả lời thay."
	case retrieval.Ambiguous:
		return "Câu hỏi còn rộng nên tôi chưa biết nên trích đoạn nào. Anh/chị vui lòng hỏi cụ thể hơn, ví dụ về lĩnh vực nào, năm nào hay cơ quan nào."
	case retrieval.Unsafe:
		return "Tôi chỉ trả lời câu hỏi về nội dung tài liệu, bằng cách trích nguyên văn. Việc này tôi không làm được."
	default:
		return "Tôi chưa tìm thấy trong các tài liệu đoạn nào trả lời câu hỏi này."
	}
}

// coverage says what the documents are about.
func (x *Extractive) coverage() string {
	editions := x.library.InForce()
	if len(editions) == 0 {
		return "Hiện chưa có tài liệu nào được nạp."
	}
	titles := make([]string, 0, maxTitles)
	for _, e := range editions[:min(len(editions), maxTitles)] {
		titles = append(titles, titleOf(e.Document))
	}
	more := ""
	if n := len(editions) - len(titles); n > 0 {
		more = fmt.Sprintf("; và %d văn bản khác", n)
	}
	return "Tài liệu đang có: " + strings.Join(titles, "; ") + more + "."
}

func titleOf(d corpus.Document) string { return strings.TrimRight(cut(d.Title, 140), " .") }

// whomToAsk names the office, or whom to turn to where none is set.
func (x *Extractive) whomToAsk() string {
	who := strings.Join(nonEmpty(x.opt.Office, x.opt.Contact), ", ")
	if who == "" {
		return "Anh/chị có thể hỏi cơ quan ban hành văn bản, hoặc cấp ủy, chính quyền nơi mình ở."
	}
	return "Anh/chị có thể hỏi trực tiếp: " + strings.TrimRight(who, ". ") + "."
}

func nonEmpty(list ...string) []string {
	var out []string
	for _, s := range list {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}
