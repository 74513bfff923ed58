package bottest

import (
	"testing"
	"time"
)

// Vendor is a messaging service as seen from outside of the program: it
// delivers what people do, gets what the program sends, and can be told to
// make trouble. Conversations are numbers from 1; each is another person in a
// private chat.
type Vendor interface {
	// Name is the channel's name, as in "/webhooks/telegram".
	Name() string
	// Settings are the environment, "NAME=value", that switches the channel
	// on in webhook mode and points it to the fake.
	Settings() []string
	// Deliver posts a message to the webhook of the program at publicURL and
	// returns the status. A message of one id is byte for byte the same.
	Deliver(t testing.TB, publicURL string, m Incoming) (status int)
	// Messages are those that the program sent to a conversation, in order.
	Messages(conversation int) []Sent
	// Attempts are the times at which the program tried to send to it.
	Attempts(conversation int) []time.Time
	// Changed returns a channel that is closed at the next attempt.
	Changed() <-chan struct{}
	// Trouble refuses the next attempt to send to a conversation.
	Trouble(conversation int, kind Trouble)
	// Private are the strings that may appear in no log: tokens, secrets and
	// the ids of the people and chats of the conversations from 1 to n.
	Private(n int) []string
	// MaxMessage is the longest message, in UTF-16 units.
	MaxMessage() int
	// Traits are what the suite must know of it.
	Traits() Traits
}

// Traits are in what vendors differ.
type Traits struct {
	// Accepted is the status of a delivery that was taken in: 200 or 202.
	Accepted int
	// Statuses are those of what is refused, or must be taken in all the same.
	Statuses map[Delivery]int
	// Chats says that people type commands and send pictures; a portal only
	// hands on questions.
	Chats bool
	// Buttons says that a choice is a button, to be pressed; else its number is
	// sent back.
	Buttons bool
	// Markup says that messages have markup, which may be refused.
	Markup bool
	// Replies says that a message shows which one it answers, as [Sent.Answers].
	Replies bool
	// LimitsAll says that a rate limit holds for all conversations at once.
	LimitsAll bool
}

// Incoming is something that a vendor delivers.
type Incoming struct {
	Kind         Delivery
	Conversation int
	// ID tells deliveries apart; the same ID again is a repeat.
	ID   int
	Text string
}

// Delivery says what is delivered, and how well.
type Delivery int

// The kinds of delivery.
const (
	Text      Delivery = iota // a person typed Text
	Press                     // a person pressed the button whose key is Text
	Textless                  // a person sent a picture without words
	Echo                      // a message of the bot's own
	Unknown                   // an update of a kind that nobody knows yet
	Forged                    // Text, signed wrongly
	Unsigned                  // Text, not signed at all
	Oversized                 // Text, signed, longer than 1 MiB
	Malformed                 // signed, and not JSON
)

// Trouble is how a vendor refuses a message.
type Trouble int

// The kinds of trouble.
const (
	RateLimit    Trouble = iota // wait [RateLimitPause], in this conversation or in all
	Block                       // the person has blocked the bot
	RefuseMarkup                // the markup cannot be parsed
	Fail                        // an internal error of the vendor
)

// RateLimitPause is how long a vendor that limits the rate wants to be left
// alone.
const RateLimitPause = 2 * time.Second

// Sent is a message that the vendor accepted, as its reader sees it.
type Sent struct {
	// Words is the text without markup.
	Words string
	// Quotations are the quoted passages, where the vendor marks them.
	Quotations []string
	// Plain says that the message had no markup.
	Plain bool
	// Buttons are the labels offered below it, and Keys what they send back.
	Buttons, Keys []string
	// Answers is the ID of the delivery that it visibly answers; 0 if none.
	Answers int
	At      time.Time
}
