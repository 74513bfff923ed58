package zalooa

import (
	"encoding/json"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/bot/plain"
)

// maxUnits is the vendor's limit on a text. The vendor says "characters";
// whether it counts code points or UTF-16 units is not known, and units are the
// stricter of the two.
const maxUnits = 2000

// outgoing is the body of a consultation message.
type outgoing struct {
	Recipient recipient `json:"recipient"`
	Message   words     `json:"message"`
}

type recipient struct {
	User string `json:"user_id"`
}

type words struct {
	Text string `json:"text"`
	// Quoted is the message that is visibly answered.
	Quoted string `json:"quote_message_id,omitempty"`
}

// Render implements [bot.Channel]: plain text, of which the first message
// visibly answers the person's.
func (c *Channel) Render(reply bot.Reply) ([]bot.Part, error) {
	var parts []bot.Part
	for i, page := range plain.Pages(reply, maxUnits) {
		o := outgoing{Recipient: recipient{User: reply.Address.Chat}, Message: words{Text: page}}
		if i == 0 {
			o.Message.Quoted = reply.Address.Message
		}
		parts = append(parts, bot.Part{Address: reply.Address, Body: o.encode()})
	}
	return parts, nil
}

func (o outgoing) encode() []byte {
	data, err := json.Marshal(o)
	if err != nil {
		panic(err) // unreachable: strings
	}
	return data
}
