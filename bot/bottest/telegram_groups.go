package bottest

import (
	"encoding/json"
	"regexp"
	"strings"
	"unicode/utf16"
)

// TelegramInGroup is a message of a person in a group.
type TelegramInGroup struct {
	// ID tells updates apart, Message the messages; 0 is the ID.
	ID, Message int
	Chat, User  int64
	Topic       int // 0 for none
	Text        string
	Edited      bool
	// ReplyTo is whose message it replies to; 0 for none.
	ReplyTo int64
}

// TelegramGroupUpdate is an update as Telegram sends it, with the mentions
// and the command of its text as entities.
func TelegramGroupUpdate(m TelegramInGroup) string {
	if m.Message == 0 {
		m.Message = m.ID
	}
	message := map[string]any{
		"message_id": m.Message, "date": 1795000000, "text": m.Text, "entities": telegramEntities(m.Text),
		"chat": telegramGroup(m.Chat),
		"from": map[string]any{"id": m.User, "is_bot": false, "first_name": "An"},
	}
	if m.Topic != 0 {
		message["message_thread_id"], message["is_topic_message"] = m.Topic, true
	}
	if m.ReplyTo != 0 {
		message["reply_to_message"] = map[string]any{
			"message_id": 1, "date": 1795000000, "chat": telegramGroup(m.Chat), "text": "…",
			"from": map[string]any{"id": m.ReplyTo, "is_bot": true, "first_name": "Bot"},
		}
	}
	kind := "message"
	if m.Edited {
		kind, message["edit_date"] = "edited_message", 1795000001
	}
	return telegramJSON(map[string]any{"update_id": 880_000_000 + m.ID, kind: message})
}

func telegramGroup(id int64) any {
	return map[string]any{"id": id, "type": "supergroup", "title": "Tổ dân phố"}
}

// telegramEntities are the entities of a text, in UTF-16 units.
func telegramEntities(text string) []any {
	entities := []any{}
	units := func(s string) int { return len(utf16.Encode([]rune(s))) }
	if strings.HasPrefix(text, "/") {
		word, _, _ := strings.Cut(text, " ")
		entities = append(entities, map[string]any{"type": "bot_command", "offset": 0, "length": units(word)})
	}
	for _, at := range telegramMention.FindAllStringSubmatchIndex(text, -1) {
		begin, end := at[2], at[3]
		entities = append(entities, map[string]any{"type": "mention", "offset": units(text[:begin]), "length": units(text[begin:end])})
	}
	return entities
}

// telegramMention is a user name that stands alone.
var telegramMention = regexp.MustCompile(`(?:^|[^A-Za-z0-9_/])(@[A-Za-z0-9_]{5,32})`)

// TelegramJoined is the update that tells the bot that user has added it to a
// group.
func TelegramJoined(id int, chat, user int64) string {
	member := func(status string) any {
		return map[string]any{"status": status, "user": map[string]any{"id": 42, "is_bot": true, "first_name": "Bot"}}
	}
	return telegramJSON(map[string]any{"update_id": 880_000_000 + id, "my_chat_member": map[string]any{
		"chat": telegramGroup(chat), "from": map[string]any{"id": user, "is_bot": false, "first_name": "An"}, "date": 1795000000,
		"old_chat_member": member("left"), "new_chat_member": member("member"),
	}})
}

// TelegramTyped is the update with an inline query, which has the same id.
func TelegramTyped(id int, query string, user int64, text string) string {
	return telegramJSON(map[string]any{"update_id": 880_000_000 + id, "inline_query": map[string]any{
		"id": query, "from": map[string]any{"id": user, "is_bot": false, "first_name": "An"}, "query": text, "offset": "", "chat_type": "supergroup",
	}})
}

func telegramJSON(update any) string {
	data, err := json.Marshal(update)
	if err != nil {
		panic(err) // unreachable: numbers and strings
	}
	return string(data)
}
