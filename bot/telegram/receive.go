package telegram

import (
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"unicode"

	"github.com/go-telegram/bot/models"

	"github.com/hoinq/hoinq/bot"
)

// secretHeader carries the secret that was given to setWebhook.
const secretHeader = "X-Telegram-Bot-Api-Secret-Token"

// Receive implements [bot.Channel] for webhook requests. The caller bounds the
// body; its *http.MaxBytesError comes back wrapped. An update that is sound
// but of no concern to us, or too new for our types, is no message and no
// error: refused, it would be repeated for 24 hours and hold up its chat.
func (c *Channel) Receive(r *http.Request) ([]bot.Message, error) {
	given := []byte(r.Header.Get(secretHeader))
	if c.opt.Secret == "" || subtle.ConstantTimeCompare(given, []byte(c.opt.Secret)) != 1 {
		return nil, fmt.Errorf("telegram webhook: %w", bot.ErrForged)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, fmt.Errorf("telegram webhook: read body: %w", err)
	}
	id, err := updateID(body)
	if err != nil {
		return nil, fmt.Errorf("telegram webhook: %w", err)
	}
	return c.messages(id, body), nil
}

// updateID is the id of an update; it fails with [bot.ErrMalformed].
func updateID(update []byte) (int64, error) {
	var head struct {
		ID int64 `json:"update_id"`
	}
	if json.Unmarshal(update, &head) != nil || head.ID <= 0 {
		return 0, fmt.Errorf("no update: %w", bot.ErrMalformed)
	}
	return head.ID, nil
}

// messages are the messages in an update, at most one.
func (c *Channel) messages(id int64, update []byte) []bot.Message {
	var u models.Update
	if json.Unmarshal(update, &u) != nil && json.Unmarshal(pruned(update), &u) != nil {
		c.log.Warn("update does not fit the known types and is skipped", "channel", ID, "update_id", id)
		return nil
	}
	m, ok := c.read(&u)
	if !ok {
		return nil
	}
	m.Channel, m.Address.Channel = ID, ID
	m.Bot, m.Address.Bot = c.botID, c.botID
	m.ID = strconv.FormatInt(id, 10)
	m.ReceivedAt = c.opt.Now().UTC()
	return []bot.Message{m}
}

// read maps an update to a message; ok is false for one that asks nothing.
func (c *Channel) read(u *models.Update) (m bot.Message, ok bool) {
	switch {
	case u.Message != nil:
		return c.readMessage(u.Message)
	case u.EditedMessage != nil:
		m, ok = c.readMessage(u.EditedMessage)
		// Telegram reports as edits also changes that nobody typed.
		edited := ok && (m.Kind == bot.KindText || m.Kind == bot.KindCommand)
		m.Kind = bot.KindEdit
		return m, edited
	case u.CallbackQuery != nil:
		return readPress(u.CallbackQuery)
	case u.MyChatMember != nil:
		return readMembership(u.MyChatMember)
	case u.InlineQuery != nil:
		return c.readInline(u.InlineQuery)
	}
	return bot.Message{}, false
}

func (c *Channel) readMessage(in *models.Message) (m bot.Message, ok bool) {
	if in.ViaBot != nil && in.ViaBot.ID == c.number { // words that we have found for somebody
		return m, false
	}
	who, ok := author(in)
	if !ok {
		return m, false
	}
	m, ok = at(in.Chat, topic(in), who)
	m.Address.Message = strconv.Itoa(in.ID)
	text, entities := in.Text, in.Entities
	if text == "" {
		text, entities = in.Caption, in.CaptionEntities
	}
	m.Text = text
	if m.Group {
		var called bool
		if m.Text, called = c.addressed(in, text, entities); !called {
			return m, false
		}
	}
	switch {
	// An entity bot_command at the beginning says the same as the stroke.
	case strings.HasPrefix(m.Text, "/"):
		m.Kind, m.Text = bot.KindCommand, withoutName(m.Text)
	case m.Text != "":
		m.Kind = bot.KindText
	case hasContent(in):
		m.Kind = bot.KindUnreadable
	default: // a service message: somebody pinned, joined, paid …
		ok = false
	}
	return m, ok
}

// topic is the topic of a forum that a message stands in; 0 for none. The
// thread of a reply is no topic.
func topic(in *models.Message) int {
	if in.IsTopicMessage {
		return in.MessageThreadID
	}
	return 0
}

// at begins a message of a person, by whose id a group tells its conversations
// apart: nobody's question leans on that of somebody else. ok is false in what
// is neither a private chat nor a group.
func at(chat models.Chat, topic int, who string) (m bot.Message, ok bool) {
	id := strconv.FormatInt(chat.ID, 10)
	m.Conversation, m.Address.Chat, m.User = id, id, who
	if topic != 0 {
		m.Address.Topic = strconv.Itoa(topic)
		m.Conversation += "/" + m.Address.Topic
	}
	switch chat.Type {
	case models.ChatTypePrivate, "":
		if m.User == "" { // the chat and the person have one id
			m.User = id
		}
		return m, chat.ID != 0
	case models.ChatTypeGroup, models.ChatTypeSupergroup:
		m.Group = true
		m.Conversation += "/u" + who
		return m, chat.ID != 0 && who != ""
	}
	return m, false
}

// withoutName takes "@some_bot" out of the word of a command.
func withoutName(command string) string {
	end := strings.IndexFunc(command, unicode.IsSpace)
	if end < 0 {
		end = len(command)
	}
	word, _, _ := strings.Cut(command[:end], "@")
	return word + command[end:]
}

// hasContent reports whether a person sent something that is not text.
func hasContent(m *models.Message) bool {
	return len(m.Photo) > 0 || m.Voice != nil || m.Audio != nil || m.Video != nil || m.VideoNote != nil ||
		m.Animation != nil || m.Document != nil || m.Sticker != nil || m.Story != nil || m.PaidMedia != nil ||
		m.Contact != nil || m.Location != nil || m.Venue != nil || m.Poll != nil || m.Dice != nil ||
		m.Game != nil || m.Checklist != nil
}

// readPress reads a pressed button. The message it stands below may have
// become inaccessible, and then only its chat and id are known.
func readPress(q *models.CallbackQuery) (m bot.Message, ok bool) {
	who := userID(q.From.ID)
	switch {
	case q.Message.Message != nil:
		below := q.Message.Message
		m, ok = at(below.Chat, topic(below), who)
		m.Address.Message = strconv.Itoa(below.ID)
	case q.Message.InaccessibleMessage != nil:
		m, ok = at(q.Message.InaccessibleMessage.Chat, 0, who)
		m.Address.Message = strconv.Itoa(q.Message.InaccessibleMessage.MessageID)
	}
	m.Kind, m.Text, m.Press = bot.KindButton, q.Data, q.ID
	return m, ok && q.Data != "" && !q.From.IsBot
}

// readMembership reads a change of the bot's own standing: blocking it in a
// private chat withdraws consent, and a group that it has come to is told what
// it is for. That a person comes back, or a group makes it an administrator,
// asks nothing of us.
func readMembership(c *models.ChatMemberUpdated) (m bot.Message, ok bool) {
	m, ok = at(c.Chat, 0, userID(c.From.ID))
	if m.Group {
		m.Kind = bot.KindFollow
		was, is := c.OldChatMember.Type, c.NewChatMember.Type
		came := (was == models.ChatMemberTypeLeft || was == models.ChatMemberTypeBanned) &&
			(is == models.ChatMemberTypeMember || is == models.ChatMemberTypeAdministrator)
		return m, ok && came
	}
	m.Kind = bot.KindWithdraw
	return m, ok && c.NewChatMember.Type == models.ChatMemberTypeBanned
}
