package zalobot

import (
	"bytes"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"unicode"

	"github.com/hoinq/hoinq/bot"
)

// secretHeader carries the secret that was given to setWebhook.
const secretHeader = "X-Bot-Api-Secret-Token"

// Receive implements [bot.Channel] for webhook requests. The caller bounds the
// body; its *http.MaxBytesError comes back wrapped. An event that is sound but
// of no concern to us, or too new for our types, is no message and no error.
func (c *Channel) Receive(r *http.Request) ([]bot.Message, error) {
	given := []byte(r.Header.Get(secretHeader))
	if c.opt.Secret == "" || subtle.ConstantTimeCompare(given, []byte(c.opt.Secret)) != 1 {
		return nil, fmt.Errorf("zalo bot webhook: %w", bot.ErrForged)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, fmt.Errorf("zalo bot webhook: read body: %w", err)
	}
	events, ok := split(body, maxDepth)
	if !ok {
		return nil, fmt.Errorf("zalo bot webhook: no event: %w", bot.ErrMalformed)
	}
	return c.messages(events), nil
}

// maxDepth is how many lists and envelopes stand around an event: a list of
// envelopes that hold lists is more than was ever seen.
const maxDepth = 4

// split are the events in what the vendor delivers: one or a list, each bare or
// in an envelope {"ok":true,"result":…}, whose result may be a list again. What
// holds no event is none; ok is false for what is neither object nor list.
func split(raw json.RawMessage, depth int) (events []json.RawMessage, ok bool) {
	switch raw = bytes.TrimSpace(raw); {
	case depth == 0:
	case bytes.HasPrefix(raw, []byte("[")):
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) != nil {
			return nil, false
		}
		for _, one := range list {
			inner, _ := split(one, depth-1) // an element that is no event hides no other
			events = append(events, inner...)
		}
		return events, true
	case bytes.HasPrefix(raw, []byte("{")):
		var envelope struct {
			Result json.RawMessage `json:"result"`
		}
		if json.Unmarshal(raw, &envelope) != nil {
			return nil, false
		}
		if len(envelope.Result) == 0 {
			return []json.RawMessage{raw}, true
		}
		events, _ = split(envelope.Result, depth-1)
		return events, true
	}
	return nil, false
}

// event is what happened. What we have no use for is left out, such as its
// date, in milliseconds.
type event struct {
	Name    string `json:"event_name"`
	Message struct {
		ID      id     `json:"message_id"`
		Text    string `json:"text"`
		Caption string `json:"caption"`
		From    struct {
			ID    id   `json:"id"`
			IsBot bool `json:"is_bot"`
		} `json:"from"`
		Chat struct {
			ID   id     `json:"id"`
			Type string `json:"chat_type"`
		} `json:"chat"`
	} `json:"message"`
}

// id is one of the vendor's opaque ids; a number is taken for its digits.
type id string

// UnmarshalJSON implements [json.Unmarshaler].
func (i *id) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) != nil {
		var n json.Number
		if err := json.Unmarshal(b, &n); err != nil {
			return err
		}
		s = n.String()
	}
	*i = id(s)
	return nil
}

// maxID is the longest id that is believed, in bytes. Those seen have some 20.
const maxID = 200

// sound reports whether an id can be one: words without spaces.
func (i id) sound() bool {
	odd := func(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) }
	return i != "" && len(i) <= maxID && strings.IndexFunc(string(i), odd) < 0
}

// messages are the messages in events.
func (c *Channel) messages(events []json.RawMessage) []bot.Message {
	var out []bot.Message
	for _, raw := range events {
		var e event
		if json.Unmarshal(raw, &e) != nil {
			c.log.Warn("event does not fit the known types and is skipped", "channel", ID)
			continue
		}
		if m, ok := c.read(&e); ok {
			out = append(out, m)
		}
	}
	return out
}

// read maps an event to a message; ok is false for one that asks nothing of us.
func (c *Channel) read(e *event) (m bot.Message, ok bool) {
	in := &e.Message
	if in.From.IsBot { // an echo
		return m, false
	}
	m.Kind, m.Text, ok = kindOf(e)
	if !ok {
		return m, false
	}
	if !in.ID.sound() || !in.Chat.ID.sound() {
		c.log.Warn("event without its ids is skipped", "channel", ID)
		return m, false
	}
	chat := string(in.Chat.ID)
	m.Channel, m.Bot, m.ID = ID, c.botID, string(in.ID)
	m.Conversation, m.User = chat, chat
	if in.From.ID.sound() {
		m.User = string(in.From.ID)
	}
	if strings.EqualFold(in.Chat.Type, "GROUP") {
		if m.Kind == bot.KindUnreadable { // a picture in a group is for the others
			return m, false
		}
		m.Group, m.Text = true, c.withoutMention(m.Text)
		m.Conversation += "/u" + m.User // nobody's question leans on that of somebody else
	}
	if strings.HasPrefix(m.Text, "/") {
		m.Kind = bot.KindCommand
	}
	m.Address = bot.Address{Channel: ID, Bot: c.botID, Chat: chat, Message: m.ID}
	m.ReceivedAt = c.opt.Now().UTC()
	return m, true
}

// kindOf tells words from what we cannot read; ok is false for events that ask
// nothing: a reaction, a membership, a kind that is not known yet.
func kindOf(e *event) (kind bot.Kind, text string, ok bool) {
	switch e.Name {
	case "message.text.received":
		text = e.Message.Text
	case "message.image.received":
		text = e.Message.Caption
	case "message.link.received":
		text = besideLinks(e.Message.Text)
	// What a protected person wrote is hidden: words in it are the vendor's.
	// Files come so too.
	case "message.unsupported.received", "message.sticker.received", "message.voice.received":
	default:
		return "", "", false
	}
	if strings.TrimSpace(text) == "" {
		return bot.KindUnreadable, "", true
	}
	return bot.KindText, text, true
}

// besideLinks is a text that says more than links; empty for one that does not.
func besideLinks(text string) string {
	for word := range strings.FieldsSeq(text) {
		if !strings.HasPrefix(word, "http://") && !strings.HasPrefix(word, "https://") {
			return text
		}
	}
	return ""
}

// askCommand is what the name of the bot means without any words: what may we
// do for you?
const askCommand = "/hoi"

// withoutMention takes the name of the bot from the beginning of a text, where
// the vendor puts it in a group. While the name, which has spaces, is not
// known, so much of it goes as the names of all bots have.
func (c *Channel) withoutMention(text string) string {
	text = strings.TrimSpace(text)
	names := []string{"Bot"}
	if known := c.names.Load(); known != nil {
		names = slices.Concat(*known, names)
	}
	for _, name := range names {
		rest, found := strings.CutPrefix(text, "@"+name)
		if !found || isWord(rest) {
			continue
		}
		rest = strings.TrimLeftFunc(rest, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",:;", r) })
		if rest == "" {
			return askCommand
		}
		return rest
	}
	return text
}

// isWord reports whether a text begins within a word.
func isWord(s string) bool {
	for _, r := range s {
		return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)
	}
	return false
}
