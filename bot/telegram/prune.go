package telegram

import (
	"encoding/json"
	"slices"
)

// The fields that we read, read-only. Of a message that is replied to only its
// sender matters.
var (
	readOfMessage = []string{
		"message_id", "date", "from", "sender_chat", "chat", "message_thread_id", "is_topic_message", "via_bot", "text", "caption", "entities", "caption_entities",
		"photo", "voice", "audio", "video", "document", "sticker",
	}
	readOfReply = []string{"message_id", "date", "from", "sender_chat", "chat", "via_bot"}
	readOfPress = []string{"id", "from", "chat_instance", "data", "inline_message_id"}
)

// pruned is an update without all that we do not read. The library refuses an
// update whole for one thing in it that is newer than its types, and what people
// type stands beside such things: a forwarded post, a quoted payment.
func pruned(update []byte) []byte {
	fields := object(update)
	for _, kind := range []string{"message", "edited_message"} {
		if fields[kind] != nil {
			fields[kind] = prunedMessage(fields[kind])
		}
	}
	if press := object(fields["callback_query"]); press != nil {
		kept := only(press, readOfPress)
		if press["message"] != nil {
			kept["message"] = prunedMessage(press["message"])
		}
		fields["callback_query"] = encoded(kept)
	}
	return encoded(fields)
}

func prunedMessage(raw json.RawMessage) json.RawMessage {
	message := object(raw)
	kept := only(message, readOfMessage)
	if reply := object(message["reply_to_message"]); reply != nil {
		kept["reply_to_message"] = encoded(only(reply, readOfReply))
	}
	return encoded(kept)
}

func only(fields map[string]json.RawMessage, names []string) map[string]json.RawMessage {
	kept := map[string]json.RawMessage{}
	for name, value := range fields {
		if slices.Contains(names, name) {
			kept[name] = value
		}
	}
	return kept
}

// object is a JSON object by field; nil for anything else.
func object(raw json.RawMessage) (fields map[string]json.RawMessage) {
	if json.Unmarshal(raw, &fields) != nil {
		return nil
	}
	return fields
}

func encoded(fields map[string]json.RawMessage) json.RawMessage {
	data, err := json.Marshal(fields)
	if err != nil {
		panic(err) // unreachable: they were read as JSON
	}
	return data
}
