package bot

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/hoinq/hoinq/corpus"
)

// Conversation says what is replied to a message. It knows no vendor. Make one
// with [NewConversation]; it is safe for concurrent use, as long as the
// messages of one conversation come one after the other.
type Conversation struct {
	answerer *Answerer
	memory   *Memory
}

// NewConversation makes the conversation over an answerer and the memory that
// it uses.
func NewConversation(answerer *Answerer, memory *Memory) *Conversation {
	return &Conversation{answerer: answerer, memory: memory}
}

// Reply makes the reply to a message. ok is false where silence is the right
// answer. A text that is no more than a number chooses among what was offered
// last ([Reply.Choices]), as a pressed button does.
func (c *Conversation) Reply(ctx context.Context, m Message) (reply Reply, ok bool, err error) {
	switch m.Kind {
	case KindText:
		if key := c.chosen(ctx, m); key != "" {
			m.Text = key
			reply, err = c.press(ctx, m)
			break
		}
		reply, err = c.ask(ctx, m, m.Text)
	case KindCommand:
		reply, err = c.command(ctx, m)
	case KindButton:
		reply, err = c.press(ctx, m)
	case KindEdit:
		return c.edited(ctx, m)
	case KindInline:
		reply, err = c.inline(ctx, m)
	case KindFollow:
		reply = c.greeting(m)
	case KindWithdraw:
		return Reply{}, false, c.memory.forget(ctx, m.Channel, m.Conversation)
	case KindUnreadable:
		if !c.memory.mayNotice(ctx, m.Channel, m.Conversation, m.ID) {
			return Reply{}, false, nil
		}
		reply = say(onlyTextText, c.whomToAsk())
	default: // a kind of a later version, met after a step back to this one
		return Reply{}, false, nil
	}
	if err != nil {
		return Reply{}, false, fmt.Errorf("reply to message: %w", err)
	}
	c.offered(ctx, m, reply)
	reply.Address = m.Address
	return reply, true, nil
}

// chosen is the key of the choice that a message names by its number; empty
// for any other message.
func (c *Conversation) chosen(ctx context.Context, m Message) string {
	n, err := strconv.Atoi(strings.TrimRight(strings.TrimSpace(m.Text), ".)"))
	if err != nil || n < 1 || n > maxButtons {
		return ""
	}
	if offered := c.memory.recall(ctx, m.Channel, m.Conversation, m.ID).Offered; n <= len(offered) {
		return offered[n-1]
	}
	return ""
}

// offered holds the choices of a reply that no question was asked for.
func (c *Conversation) offered(ctx context.Context, m Message, reply Reply) {
	choices := reply.Choices()
	if len(choices) == 0 || reply.Answer != nil {
		return
	}
	before := c.memory.recall(ctx, m.Channel, m.Conversation, m.ID)
	now := past{Question: before.Question, Offered: keysOf(choices)}
	c.memory.remember(ctx, m.Channel, m.Conversation, remembered{ID: m.ID, Now: now, Before: before})
}

func keysOf(choices []Button) []string {
	keys := make([]string, len(choices))
	for i, b := range choices {
		keys[i] = b.Key
	}
	return keys
}

// edited answers an edit as a new question when it changes the last one.
// Vendors also tell of edits that change no word, and of old messages.
func (c *Conversation) edited(ctx context.Context, m Message) (Reply, bool, error) {
	question := m.Text
	if strings.HasPrefix(question, commandSlash) {
		word, rest := m.command()
		if question = strings.TrimSpace(rest); word != askCommand {
			return Reply{}, false, nil // what was commanded is done
		}
	}
	before := c.memory.recall(ctx, m.Channel, m.Conversation, m.ID).Question
	if before == "" || before == question {
		return Reply{}, false, nil
	}
	reply, err := c.ask(ctx, m, question)
	if err != nil {
		return Reply{}, false, fmt.Errorf("reply to edit: %w", err)
	}
	reply.Address = m.Address
	return reply, true, nil
}

// ask answers a question.
func (c *Conversation) ask(ctx context.Context, m Message, question string) (Reply, error) {
	asked := Question{ID: m.ID, Text: question, Channel: m.Channel, Conversation: m.Conversation}
	r, before, err := c.answerer.ask(ctx, asked)
	if err != nil {
		return Reply{}, err
	}
	r = c.linked(r)
	reply := say(r.Text)
	reply.Answer = &r
	reply.quote(r.Citations)
	nearest, next := r.Heads()
	if len(r.Nearest) > 0 {
		reply.Blocks = append(reply.Blocks, Block{Kind: BlockNotice, Text: nearest})
		reply.quote(r.Nearest)
	}
	reply.offer(next, r.Suggestions)
	reply.offerWholes(c.answerer.Library(), r)
	c.answerer.remember(ctx, asked, r, before, reply.Choices())
	return reply, nil
}

// linked returns the response with links to our reading view, or with none:
// where there is no public address a link would lead to the source of the
// words, where nobody finds them marked.
func (c *Conversation) linked(r Response) Response {
	if base := c.answerer.office.PublicURL; base != "" {
		return ReadAt(base, r)
	}
	for _, list := range [][]corpus.Citation{r.Citations, r.Nearest} {
		for i := range list {
			list[i].URL = ""
		}
	}
	return r
}

// maxQuestionLabel is what a phone shows of a button.
const maxQuestionLabel = 32

// offer lists questions and adds a button for each. The list has them whole,
// since the vendors cut the labels of buttons to one line.
func (r *Reply) offer(head string, questions []string) {
	if len(questions) == 0 {
		return
	}
	lines := []string{head}
	for i, q := range questions {
		lines = append(lines, fmt.Sprintf("%d. %s", i+1, q))
		r.Buttons = append(r.Buttons, Button{Label: fmt.Sprintf("%d. %s", i+1, cut(q, maxQuestionLabel)), Key: questionKey(q), Listed: true})
	}
	r.Blocks = append(r.Blocks, Block{Kind: BlockNotice, Text: strings.Join(lines, "\n")})
}

// say begins a reply with paragraphs; empty ones are left out.
func say(paragraphs ...string) Reply {
	var r Reply
	for _, text := range paragraphs {
		if text != "" {
			r.Blocks = append(r.Blocks, Block{Kind: BlockParagraph, Text: text})
		}
	}
	return r
}

// quote adds quotations to a reply.
func (r *Reply) quote(citations []corpus.Citation) {
	for i := range citations {
		r.Blocks = append(r.Blocks, Block{Kind: BlockQuotation, Citation: &citations[i]})
	}
}
