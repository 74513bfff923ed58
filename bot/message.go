package bot

import "time"

// ChannelID names a channel: "telegram", "zalo-oa", "zalo-bot", "portal", "web".
type ChannelID string

// Kind says what a message is.
type Kind string

// The kinds of message. A channel maps whatever a vendor sends to one of them;
// what fits none (an echo of our own message, a receipt) is no message.
const (
	KindText       Kind = "text"       // a question, or small talk
	KindCommand    Kind = "command"    // "/trogiup"; Text holds it whole, without "@bot"
	KindButton     Kind = "button"     // a pressed button; Text holds its key
	KindEdit       Kind = "edit"       // an earlier text, changed
	KindFollow     Kind = "follow"     // the person opened or followed the account
	KindWithdraw   Kind = "withdraw"   // the person withdrew consent: purge what is held
	KindUnreadable Kind = "unreadable" // a picture, a voice, a protected text
	KindInline     Kind = "inline"     // what somebody has typed so far, to choose a passage for another chat
)

// Message is one thing a person did on a channel.
type Message struct {
	Channel ChannelID `json:"channel"`
	// Bot is the account that was addressed, where a channel has several.
	Bot string `json:"bot"`
	// ID is the vendor's id of the update. Channel, Bot and ID together are
	// the key against repeats and may never be empty.
	ID string `json:"id"`
	// Conversation is the unit of order: messages of one conversation are
	// answered one after the other.
	Conversation string `json:"conversation"`
	// User is the vendor's id of the person; never logged.
	User string `json:"user"`
	// Group says that the chat is a group: others read along.
	Group bool `json:"group"`
	Kind  Kind `json:"kind"`
	// Text is what the person typed, unchanged but for the bot's name where
	// that was typed to address it; never logged.
	Text string `json:"text"`
	// Press is the vendor's id of a button press, which an [Attendant] must
	// answer by itself; empty for anything else.
	Press string `json:"press"`
	// Address is where the reply goes.
	Address Address `json:"address"`
	// ReceivedAt is when we accepted the message, in UTC.
	ReceivedAt time.Time `json:"received_at"`
	// Until is how long somebody waits for the reply; after it there is none.
	// Zero means for as long as it takes.
	Until time.Time `json:"until"`
}

// late reports whether nobody waits for the reply any more.
func (m Message) late(now time.Time) bool { return !m.Until.IsZero() && now.After(m.Until) }

// Address is the place on a channel that a reply goes to. The ids are the
// vendor's and opaque; fields a channel has no use for stay empty.
type Address struct {
	Channel ChannelID `json:"channel"`
	Bot     string    `json:"bot"`
	Chat    string    `json:"chat"`
	Topic   string    `json:"topic"`
	// Message is the message that is answered, for a visible reply to it.
	Message string `json:"message"`
}
