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
	if json.Unmarshal(update, &u) != nil {
		c.log.Warn("update does not fit the known types and is skipped", "channel", ID, "update_id", id)
		return nil
	}
	m, ok := read(&u)
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
func read(u *models.Update) (m bot.Message, ok bool) {
	switch {
	case u.Message != nil:
		return readMessage(u.Message)
	case u.EditedMessage != nil:
		m, ok = readMessage(u.EditedMessage)
		// Telegram reports as edits also changes that nobody typed.
		edited := ok && (m.Kind == bot.KindText || m.Kind == bot.KindCommand)
		m.Kind = bot.KindEdit
		return m, edited
	case u.CallbackQuery != nil:
		return readPress(u.CallbackQuery)
	case u.MyChatMember != nil:
		return readMembership(u.MyChatMember)
	}
	return bot.Message{}, false
}

func readMessage(in *models.Message) (m bot.Message, ok bool) {
	if in.From != nil && in.From.IsBot { // an echo
		return m, false
	}
	m, ok = at(in.Chat, in.From)
	m.Address.Message = strconv.Itoa(in.ID)
	if in.IsTopicMessage && in.MessageThreadID != 0 {
		m.Address.Topic = strconv.Itoa(in.MessageThreadID)
		m.Conversation += "/" + m.Address.Topic
	}
	m.Text = in.Text + in.Caption // never both
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

// at begins a message of a person in a private chat; ok is false for others.
func at(chat models.Chat, from *models.User) (m bot.Message, ok bool) {
	if chat.ID == 0 || chat.Type != models.ChatTypePrivate && chat.Type != "" {
		return m, false
	}
	id := strconv.FormatInt(chat.ID, 10)
	m.Conversation, m.Address.Chat = id, id
	m.User = id // in a private chat the two are the same person
	if from != nil && from.ID != 0 {
		m.User = strconv.FormatInt(from.ID, 10)
	}
	return m, true
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
	switch {
	case q.Message.Message != nil:
		below := *q.Message.Message
		below.From = nil // that is ourselves
		below.Text, below.Caption = q.Data, ""
		m, ok = readMessage(&below)
	case q.Message.InaccessibleMessage != nil:
		m, ok = at(q.Message.InaccessibleMessage.Chat, nil)
		m.Address.Message = strconv.Itoa(q.Message.InaccessibleMessage.MessageID)
	}
	m.Kind, m.Text, m.Press = bot.KindButton, q.Data, q.ID
	if q.From.ID != 0 {
		m.User = strconv.FormatInt(q.From.ID, 10)
	}
	return m, ok && q.Data != "" && !q.From.IsBot
}

// readMembership reads a change of the bot's own standing: blocking it in a
// private chat withdraws consent. That somebody comes back asks nothing of us.
func readMembership(c *models.ChatMemberUpdated) (m bot.Message, ok bool) {
	m, ok = at(c.Chat, &c.From)
	m.Kind = bot.KindWithdraw
	return m, ok && c.NewChatMember.Type == models.ChatMemberTypeBanned
}
