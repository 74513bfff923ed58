package telegram

import (
	"slices"
	"strconv"
	"strings"

	"github.com/go-telegram/bot/models"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/internal/textcut"
)

// askCommand is the command whose words are a question. It is also what a name
// that is called without any words means: what may we do for you?
const askCommand = "hoi"

// author is who wrote a message; ok is false for a bot, and so for an echo of
// ours. An administrator who hides behind the group, and a channel that speaks
// in it, are shown as bots of Telegram's: they are known by that chat and by
// the message, so that two who hide there do not share a conversation.
func author(in *models.Message) (who string, ok bool) {
	switch {
	case in.IsAutomaticForward: // a channel's post in its group asks nobody
		return "", false
	case in.SenderChat != nil && in.Chat.Type != models.ChatTypePrivate:
		return strconv.FormatInt(in.SenderChat.ID, 10) + "/m" + strconv.Itoa(in.ID), true
	case in.From == nil:
		return "", true
	}
	return userID(in.From.ID), !in.From.IsBot
}

// userID is the id of a person; empty when there is none.
func userID(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

// addressed reports whether a message in a group is meant for us, and returns
// its words without our name. It is when it begins with a command of ours,
// calls our name or answers a message of ours; everything else is between
// others. Until Telegram has told our name, that and commands to it are not
// recognised, but for the one to ask, which hardly another bot has.
func (c *Channel) addressed(in *models.Message, text string, entities []models.MessageEntity) (words string, ok bool) {
	if word, name, is := command(text); is {
		switch {
		case name == "":
			return text, slices.ContainsFunc(bot.Commands(), func(c bot.Command) bool { return c.Name == word })
		case c.username() == "":
			return text, word == askCommand
		}
		return text, strings.EqualFold(name, c.username())
	}
	words, called := c.withoutMentions(text, entities)
	switch {
	case called && words == "":
		return "/" + askCommand, true
	case called:
		return words, true
	}
	return text, text != "" && c.answersUs(in)
}

// command splits the word that begins a command, in small letters, from the
// name of the bot that it is for, which may be empty.
func command(text string) (word, name string, ok bool) {
	word, ok = strings.CutPrefix(text, "/")
	if fields := strings.Fields(word); ok && len(fields) > 0 {
		word, name, _ = strings.Cut(fields[0], "@")
	}
	return strings.ToLower(word), name, ok
}

// answersUs reports whether a message is a reply to one of ours. Within a topic
// every message seems to reply to the one that opened it.
func (c *Channel) answersUs(in *models.Message) bool {
	to := in.ReplyToMessage
	return to != nil && to.From != nil && to.From.ID == c.number && to.ForumTopicCreated == nil
}

// withoutMentions returns a text without our name, wherever it was called.
func (c *Channel) withoutMentions(text string, entities []models.MessageEntity) (words string, called bool) {
	for _, e := range slices.Backward(entities) {
		begin, end := textcut.Within(text, e.Offset), textcut.Within(text, e.Offset+e.Length)
		if e.Offset < 0 || end <= begin || !c.isMention(e, text[begin:end]) {
			continue
		}
		before, after := strings.TrimSpace(text[:begin]), strings.TrimSpace(text[end:])
		if before == "" {
			after = strings.TrimLeft(after, ",:;– ") // "@bot, …"
		}
		text, called = strings.TrimSpace(before+" "+after), true
	}
	return text, called
}

func (c *Channel) isMention(e models.MessageEntity, words string) bool {
	switch e.Type {
	case models.MessageEntityTypeMention:
		return c.username() != "" && strings.EqualFold(words, "@"+c.username())
	case models.MessageEntityTypeTextMention:
		return e.User != nil && e.User.ID == c.number
	}
	return false
}
