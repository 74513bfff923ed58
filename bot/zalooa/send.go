package zalooa

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/hoinq/hoinq/bot"
)

// sendPath is that of consultation messages, the answers to people's own.
const sendPath = "/v3.0/oa/message/cs"

// sent is the data of the answer to a message that was taken.
type sent struct {
	ID    word   `json:"message_id"`
	Quota *taken `json:"quota"`
}

// Send implements [bot.Channel]. It takes the person from the part's address.
//
// A refusal of the parameters of a message that quotes another is the one that
// Send mends by itself, by leaving the quotation out: what is quoted may be gone
// meanwhile, and the words matter more.
func (c *Channel) Send(ctx context.Context, part bot.Part) (bot.SentID, error) {
	var o outgoing
	if err := json.Unmarshal(part.Body, &o); err != nil {
		return "", fmt.Errorf("zalo-oa message: the part is not one of ours: %w", bot.ErrRefused)
	}
	o.Recipient.User = part.Address.Chat
	ctx, cancel := context.WithTimeout(ctx, c.opt.Timeout)
	defer cancel()
	if err := c.affordable(ctx, part); err != nil {
		return "", err
	}
	data, err := c.call(ctx, sendPath, o.encode())
	var refused *refusedError
	if errors.As(err, &refused) && refused.code == badParameter && o.Message.Quoted != "" {
		o.Message.Quoted = ""
		data, err = c.call(ctx, sendPath, o.encode())
	}
	if err != nil {
		return "", err
	}
	var s sent
	_ = json.Unmarshal(data, &s) // it was sent, whatever is said of it
	c.learn(part.Address.Chat, s.Quota)
	return bot.SentID(s.ID), nil
}
