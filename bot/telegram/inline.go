package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/internal/textcut"
)

// inlineChat begins the chat of an inline query's address: its answer goes to
// whoever types, not into any chat.
const inlineChat = "inline/"

const (
	// inlineFor is how long an answer to an inline query is of use. The public
	// server code gives a query up after 30 seconds.
	inlineFor = 25 * time.Second
	// inlineCache is how many seconds Telegram may give the same answer to the
	// same query of anybody. The answer depends on the documents alone, so it
	// is no person's own; a new document shows after a minute.
	inlineCache = 60
	// maxDescription is how many UTF-16 units of a passage are shown while it
	// is chosen: phones show two lines.
	maxDescription = 200
	// maxResults is the vendor's.
	maxResults = 50
)

// What stands above the results: a way to the private chat, which takes longer
// questions. The parameter comes back as the payload of "/start".
const (
	inlineButton    = "Hỏi riêng với tôi"
	inlineParameter = "hoi"
)

// readInline reads what somebody types behind our name in any chat.
func (c *Channel) readInline(q *models.InlineQuery) (m bot.Message, ok bool) {
	if q.ID == "" || q.From == nil || q.From.ID == 0 || q.Offset != "" { // there is no second page
		return m, false
	}
	m.User = userID(q.From.ID)
	m.Conversation, m.Address.Chat = inlineChat+m.User, inlineChat+m.User
	m.Address.Message = q.ID
	m.Kind, m.Text = bot.KindInline, q.Query
	m.Until = c.opt.Now().UTC().Add(inlineFor)
	return m, true
}

func isInline(chat string) bool { return strings.HasPrefix(chat, inlineChat) }

// inlineAnswer is the body of answerInlineQuery.
type inlineAnswer struct {
	Query    string    `json:"inline_query_id"`
	Results  []article `json:"results"`
	Cache    int       `json:"cache_time"`
	Personal bool      `json:"is_personal"`
	Button   struct {
		Text      string `json:"text"`
		Parameter string `json:"start_parameter"`
	} `json:"button"`
}

// article is a passage to choose; Content is what its choice sends.
type article struct {
	Type        string  `json:"type"`
	ID          string  `json:"id"`
	Title       string  `json:"title"`
	Description string  `json:"description"`
	Content     content `json:"input_message_content"`
}

type content struct {
	Text      string           `json:"message_text"`
	ParseMode models.ParseMode `json:"parse_mode,omitempty"`
	Preview   preview          `json:"link_preview_options"`
}

// renderInline makes every quotation of a reply a passage to choose. The notice
// that stands before quotations is shown with each of them.
func renderInline(reply bot.Reply) []bot.Part {
	answer := inlineAnswer{Query: reply.Address.Message, Results: []article{}, Cache: inlineCache}
	answer.Button.Text, answer.Button.Parameter = inlineButton, inlineParameter
	plain := answer
	plain.Results = []article{}
	notice := ""
	for _, b := range reply.Blocks {
		if b.Citation == nil {
			notice = own(b.Text)
			continue
		}
		page, fits := inlineText(notice, b)
		if !fits || len(answer.Results) == maxResults {
			continue
		}
		c := *b.Citation
		a := article{
			Type: "article", ID: strconv.Itoa(len(answer.Results) + 1),
			Title:       firstOf(own(c.Location), own(c.Title)),
			Description: shortened(strings.Join(strings.Fields(notice+" "+c.Words), " ")),
			Content:     content{Text: page.html(), ParseMode: models.ParseModeHTML, Preview: preview{IsDisabled: true}},
		}
		answer.Results = append(answer.Results, a)
		a.Content.Text, a.Content.ParseMode = page.plain(true), ""
		plain.Results = append(plain.Results, a)
	}
	return []bot.Part{{Address: reply.Address, Body: encode(answer), Plain: encode(plain)}}
}

// inlineText is the message that a passage becomes. What does not fit into one
// is left out, its lead-ins first: nobody could choose half of a quotation.
func inlineText(notice string, b bot.Block) (t text, fits bool) {
	cited := *b.Citation
	cited.N = 0 // it stands alone
	if notice != "" {
		t = text{{words: notice, mark: italic}, {words: "\n\n"}}
	}
	head := len(t)
	if t = append(t, quotation(cited)...); !t.fits() {
		cited.Context = nil
		t = append(t[:head:head], quotation(cited)...)
	}
	return t, t.fits()
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// shortened is the beginning of a text.
func shortened(s string) string {
	if textcut.Units(s) <= maxDescription {
		return s
	}
	return strings.TrimSpace(s[:textcut.At(s, textcut.Within(s, maxDescription-1))]) + "…"
}

// answerInline answers an inline query. One that is too old is as good as
// answered: its person has typed on, or gone.
func (c *Channel) answerInline(ctx context.Context, body []byte) error {
	if !json.Valid(body) {
		return errors.New("telegram answerInlineQuery: the part is not one of ours")
	}
	ctx, cancel := context.WithTimeout(ctx, c.opt.Timeout)
	defer cancel()
	err := called("answerInlineQuery", c.call(ctx, "answerInlineQuery", json.RawMessage(body), nil))
	var refused *refusedError
	if errors.As(err, &refused) && refused.says("query is too old") {
		return nil
	}
	return verdict(err, 0)
}
