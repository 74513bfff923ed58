package webchat

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/corpus"
)

// The form in which a question comes.
const (
	askPath           = "/hoi"
	questionField     = "cau_hoi"
	conversationField = "hoi_thoai"
	// fragmentType is asked for by the page's script, which wants the exchange
	// alone. It is a type of its own so that the script never takes a foreign
	// page, such as that of a café's network, for an answer.
	fragmentType = "text/vnd.hoinq.fragment+html"
	maxForm      = 64 << 10 // bytes
)

// What is said to a question that is not put to the documents.
const (
	emptyText    = "Anh/chị chưa gõ câu hỏi. Xin gõ câu hỏi bằng chữ, có dấu hay không dấu đều được."
	tooLongText  = "Câu hỏi dài quá 1.000 ký tự nên tôi chưa đọc. Anh/chị vui lòng hỏi ngắn hơn."
	failureText  = "Hệ thống đang gặp trục trặc nên chưa trả lời được. Xin anh/chị chờ một lát rồi hỏi lại."
	notReadyText = "Hệ thống đang nạp văn bản nên chưa trả lời được. Xin anh/chị chờ một lát rồi hỏi lại."
)

// chatView is the page on which one asks.
type chatView struct {
	frame
	Conversation string
	// Typed is what stands in the box: a question that could not be answered
	// is not to be typed again.
	Typed     string
	Longest   int // of a question, in characters
	Starters  []string
	Documents []documentItem // the first few
	More      int            // documents that are not among them
	Exchange  *exchange
}

// maxDocuments is how many documents the chat page names.
const maxDocuments = 6

func (p *Pages) chat(w http.ResponseWriter, r *http.Request) {
	// Kept, so that Back from a citation finds the answers still there.
	p.renderKept(w, r, "chat", p.chatView(rand.Text()))
}

func (p *Pages) chatView(conversation string) chatView {
	v := chatView{
		frame:        p.frame("", "chat.js"),
		Conversation: conversation,
		Longest:      bot.MaxQuestion,
		Starters:     p.asker.Starters(),
	}
	if library := p.asker.Library(); library != nil {
		all := documentItems(library)
		v.Documents = all[:min(len(all), maxDocuments)]
		v.More = len(all) - len(v.Documents)
	}
	return v
}

// ask answers a question with the whole page, or with the exchange alone for
// the page's script.
func (p *Pages) ask(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			p.notice(w, r, http.StatusRequestEntityTooLarge, noticeTooLarge)
			return
		}
		p.notice(w, r, http.StatusBadRequest, noticeUnread)
		return
	}
	question := readable(r.PostForm.Get(questionField))
	conversation := conversationOr(r.PostForm.Get(conversationField), rand.Text)

	e, status := p.exchange(r.Context(), question, conversation)
	w.Header().Set("Vary", "Accept")
	if r.Header.Get("Accept") == fragmentType {
		if body, ok := p.execute(w, r, "exchange", e); ok {
			w.Header().Set("Cache-Control", "no-store")
			w.Header().Set("Content-Type", fragmentType+"; charset=utf-8")
			write(w, r, status, body)
		}
		return
	}
	v := p.chatView(conversation)
	v.Exchange = &e
	if e.Notice != "" {
		v.Typed = question
	}
	p.render(w, r, status, "chat", v)
}

// exchange is one question with what was answered.
type exchange struct {
	// Key keeps the ids of several exchanges on one page apart.
	Key          string
	Conversation string
	Question     string
	// Understood is how a follow-up was read; empty when as it stands.
	Understood string
	// English is set when all that is not a document's is in English.
	English bool
	// Notice is a fixed line instead of an answer.
	Notice     string
	Answered   bool
	Paragraphs [][]phrase
	Citations  []quotation
	Nearest    []quotation
	Next       []string
}

// exchange puts a question and says with which status it is answered.
func (p *Pages) exchange(ctx context.Context, question, conversation string) (exchange, int) {
	e := exchange{Key: "x" + strings.ToLower(rand.Text()[:10]), Conversation: conversation, Question: question}
	switch {
	case question == "":
		e.Notice = emptyText
		return e, http.StatusOK
	case utf8.RuneCountInString(question) > bot.MaxQuestion:
		e.Notice = tooLongText
		return e, http.StatusOK
	}
	ctx, cancel := context.WithTimeout(ctx, p.timeout)
	defer cancel()
	answer, err := p.asker.Ask(ctx, bot.Question{Text: question, Channel: WebChannel, Conversation: conversation})
	switch {
	case errors.Is(err, bot.ErrNotReady):
		e.Notice = notReadyText
		return e, http.StatusServiceUnavailable
	case err != nil:
		if !errors.Is(err, context.Canceled) { // the asker has not just left
			p.log.ErrorContext(ctx, "question not answered", "error", err)
		}
		e.Notice = failureText
		return e, http.StatusServiceUnavailable
	}
	e.fill(bot.ReadAt("", answer), p.asker.Office().PublicURL)
	return e, http.StatusOK
}

// fill takes over what an answer says. base is the public address.
func (e *exchange) fill(r bot.Response, base string) {
	e.Answered, e.English = r.Answered, r.InEnglish()
	if strings.TrimSpace(r.UnderstoodAs) != e.Question {
		e.Understood = r.UnderstoodAs
	}
	for line := range strings.SplitSeq(r.Text, "\n") {
		e.Paragraphs = append(e.Paragraphs, phrases(line, len(r.Citations)))
	}
	for i, c := range r.Citations {
		e.Citations = append(e.Citations, quotation{Citation: c, ID: fmt.Sprintf("%s-%d", e.Key, i+1), Number: i + 1, Address: base + c.URL})
	}
	for i, c := range r.Nearest {
		e.Nearest = append(e.Nearest, quotation{Citation: c, ID: fmt.Sprintf("%s-gan-%d", e.Key, i+1), Address: base + c.URL})
	}
	e.Next = r.Suggestions
}

// quotation is a citation on the page.
type quotation struct {
	corpus.Citation
	ID string
	// Number is that by which the answer refers to it; 0 for one that is no
	// answer.
	Number int
	// Address is the link's, to be read on paper.
	Address string
}

// Copy is the quotation with its place, as one would paste it into a letter.
func (q quotation) Copy() string {
	place := q.Location + ", " + q.Title
	if q.Label != "" {
		place += " (" + q.Label + ")"
	}
	return "“" + q.Words + "”\n" + place
}

// phrase is a piece of an answer's text: words, or a reference to a citation.
type phrase struct {
	Words string
	Ref   int // 0 for words
}

var reference = regexp.MustCompile(`\[(\d{1,3})\]`)

// phrases takes a line of an answer apart at its references to the n
// citations. Other numbers in brackets are words.
func phrases(line string, n int) []phrase {
	var out []phrase
	at := 0
	for _, m := range reference.FindAllStringSubmatchIndex(line, -1) {
		ref, err := strconv.Atoi(line[m[2]:m[3]])
		if err != nil || ref < 1 || ref > n {
			continue
		}
		if m[0] > at {
			out = append(out, phrase{Words: line[at:m[0]]})
		}
		out = append(out, phrase{Words: line[m[0]:m[1]], Ref: ref})
		at = m[1]
	}
	if at < len(line) {
		out = append(out, phrase{Words: line[at:]})
	}
	return out
}

// readable is a typed text as it can be read and shown: valid UTF-8, lines
// ended by "\n", and a visible sign in place of control characters.
func readable(typed string) string {
	typed = strings.ReplaceAll(strings.ToValidUTF8(typed, "\uFFFD"), "\r\n", "\n")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return utf8.RuneError
		}
		return r
	}, typed))
}

// conversationID is the form of the ids that rand.Text makes: 26 characters of
// base 32, 16 bytes of chance.
var conversationID = regexp.MustCompile(`^[A-Z2-7]{26}$`)

// conversationOr is the id that came with the form, or a new one when none of
// ours came: the id is kept as a key and must not be of any length or wording.
func conversationOr(id string, fresh func() string) string {
	if conversationID.MatchString(id) {
		return id
	}
	return fresh()
}
