package telegram

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	tgbot "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/internal/textcut"
)

// linkText is shown for the address of a citation.
const linkText = "Xem trong văn bản"

// Limits of a button and an address, in bytes. A button that Telegram would
// refuse is left out, since it refuses the whole message with it.
const (
	maxKey     = 64
	maxAddress = 2048
)

// outgoing is the body of sendMessage, as it is stored between Render and
// Send. It stands for the library's SendMessageParams, which cannot be read
// back: its chat and its keyboard have no type.
type outgoing struct {
	ChatID    int64            `json:"chat_id"`
	ThreadID  int              `json:"message_thread_id,omitempty"`
	Text      string           `json:"text"`
	ParseMode models.ParseMode `json:"parse_mode,omitempty"`
	Preview   preview          `json:"link_preview_options"`
	ReplyTo   *replyTo         `json:"reply_parameters,omitempty"`
	Keyboard  *keyboard        `json:"reply_markup,omitempty"`
}

// preview is always off: a picture of a web page would push the words away.
type preview struct {
	IsDisabled bool `json:"is_disabled"`
}

// replyTo makes the answer visibly one to a message. If that is deleted
// meanwhile, the answer stands alone.
type replyTo struct {
	MessageID int  `json:"message_id"`
	Allow     bool `json:"allow_sending_without_reply"`
}

// keyboard is written by ourselves: every button of the library's type holds
// an empty copy_text, which Telegram takes for the button's action when it
// finds no other.
type keyboard struct {
	Rows [][]button `json:"inline_keyboard"`
}

type button struct {
	Text string `json:"text"`
	Data string `json:"callback_data,omitempty"`
	URL  string `json:"url,omitempty"`
}

// params is what the library sends.
func (o outgoing) params() *tgbot.SendMessageParams {
	p := &tgbot.SendMessageParams{
		ChatID:             o.ChatID,
		MessageThreadID:    o.ThreadID,
		Text:               o.Text,
		ParseMode:          o.ParseMode,
		LinkPreviewOptions: &models.LinkPreviewOptions{IsDisabled: &o.Preview.IsDisabled},
	}
	if o.ReplyTo != nil {
		p.ReplyParameters = &models.ReplyParameters{MessageID: o.ReplyTo.MessageID, AllowSendingWithoutReply: o.ReplyTo.Allow}
	}
	if o.Keyboard != nil { // else it would be a nil in an interface, and sent as null
		p.ReplyMarkup = o.Keyboard
	}
	return p
}

// Render implements [bot.Channel]: HTML, one message wherever the reply fits
// into one. Plain is the same message without markup, with quotation marks and
// addresses in its text as far as there is room. It fails for a reply that has
// no words or no Telegram chat.
func (c *Channel) Render(reply bot.Reply) ([]bot.Part, error) {
	if isInline(reply.Address.Chat) {
		return renderInline(reply), nil
	}
	chat, err := strconv.ParseInt(reply.Address.Chat, 10, 64)
	if err != nil {
		return nil, errors.New("telegram render: the address has no chat id")
	}
	var blocks []text
	for _, b := range reply.Blocks {
		if t := block(b); !t.blank() {
			blocks = append(blocks, t)
		}
	}
	pages := paginate(blocks)
	if len(pages) == 0 {
		return nil, errors.New("telegram render: the reply has no words")
	}
	parts := make([]bot.Part, len(pages))
	for i, page := range pages {
		base := outgoing{ChatID: chat, ThreadID: number(reply.Address.Topic), Preview: preview{IsDisabled: true}}
		if to := number(reply.Address.Message); i == 0 && to != 0 {
			base.ReplyTo = &replyTo{MessageID: to, Allow: true}
		}
		var buttons []button
		if i == len(pages)-1 {
			buttons = usable(reply.Buttons)
		}
		parts[i] = bot.Part{Address: reply.Address, Body: marked(base, page, buttons), Plain: unmarked(base, page, buttons)}
	}
	return parts, nil
}

// marked is the body with markup.
func marked(o outgoing, page text, buttons []button) []byte {
	o.Text, o.ParseMode = page.html(), models.ParseModeHTML
	o.Keyboard = rows(buttons)
	return encode(o)
}

// unmarked is the body that is sent when the vendor refuses the other. An
// address in a button may be the reason (Telegram accepts no "localhost"), so
// buttons that open one become lines of text, if there is room.
func unmarked(o outgoing, page text, buttons []button) []byte {
	var keys []button
	var lines strings.Builder
	for _, b := range buttons {
		if b.URL == "" {
			keys = append(keys, b)
		} else {
			lines.WriteString("\n" + b.Text + ": " + b.URL)
		}
	}
	o.Keyboard = rows(keys)
	for _, candidate := range []string{page.plain(true) + lines.String(), page.plain(true), page.plain(false)} {
		o.Text = candidate
		if textcut.Units(candidate) <= maxUnits {
			break
		}
	}
	return encode(o)
}

// encode writes the body of a call.
func encode(body any) []byte {
	data, err := json.Marshal(body)
	if err != nil {
		panic(err) // unreachable: numbers and strings
	}
	return data
}

// number is an id of the vendor; 0 when there is none.
func number(id string) int {
	n, err := strconv.Atoi(id)
	if err != nil {
		return 0
	}
	return n
}

// usable are the buttons that Telegram accepts.
func usable(buttons []bot.Button) []button {
	var out []button
	for _, b := range buttons {
		label := strings.TrimSpace(own(b.Label))
		switch {
		case label == "":
		case b.URL != "" && webAddress(b.URL):
			out = append(out, button{Text: label, URL: b.URL})
		case b.URL == "" && b.Key != "" && len(b.Key) <= maxKey:
			out = append(out, button{Text: label, Data: b.Key})
		}
	}
	return out
}

// rows puts every button into a row of its own: labels are sentences.
func rows(buttons []button) *keyboard {
	if len(buttons) == 0 {
		return nil
	}
	k := &keyboard{}
	for _, b := range buttons {
		k.Rows = append(k.Rows, []button{b})
	}
	return k
}

func webAddress(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && len(address) <= maxAddress
}

// block lays one block out.
func block(b bot.Block) text {
	switch {
	case b.Kind == bot.BlockQuotation && b.Citation != nil:
		return quotation(*b.Citation)
	case b.Kind == bot.BlockNotice:
		return text{{words: own(b.Text), mark: italic}}
	}
	return text{{words: own(b.Text)}}
}

// quotation is the place, then the words with the lead-ins they need, then the
// way to the document. Lead-ins are italic, on lines of their own: they are
// the document's words too, but not those that answer.
func quotation(c corpus.Citation) text {
	head := text{}
	if c.N > 0 {
		head = append(head, run{words: fmt.Sprintf("[%d] ", c.N)})
	}
	dot := ""
	for _, r := range []run{{words: own(c.Location), mark: bold}, {words: own(c.Title)}, {words: own(c.Label), mark: italic}} {
		if r.words != "" {
			head = append(head, run{words: dot}, r)
			dot = " · "
		}
	}
	t := append(head, run{words: "\n"})
	for _, lead := range c.Context {
		t = append(t, run{words: lead.Words, mark: italic, quoted: true}, run{words: "\n", quoted: true})
	}
	t = append(t, run{words: c.Words, quoted: true})
	if webAddress(c.URL) {
		t = append(t, run{words: "\n"}, run{words: linkText, mark: link, address: c.URL})
	}
	return t
}

// own is text of ours without control characters, which Telegram would show as
// blanks. Quotations are never passed through it.
func own(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, s)
}
