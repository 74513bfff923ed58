package zalobot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/bot/plain"
)

// maxText is the longest text of a message, in UTF-16 units.
const maxText = 2000

// outgoing is the body of sendMessage. All ids are strings.
type outgoing struct {
	ChatID string `json:"chat_id"`
	Text   string `json:"text"`
}

// Render implements [bot.Channel]: plain text, which no vendor can refuse to
// parse and no rule of a markup can alter.
func (c *Channel) Render(reply bot.Reply) ([]bot.Part, error) {
	var parts []bot.Part
	for _, page := range plain.Pages(reply, maxText) {
		body, err := json.Marshal(outgoing{ChatID: reply.Address.Chat, Text: page})
		if err != nil {
			return nil, fmt.Errorf("render for zalo bot: %w", err) // unreachable: strings
		}
		parts = append(parts, bot.Part{Address: reply.Address, Body: body})
	}
	return parts, nil
}

// Send implements [bot.Channel]. It takes the chat from the part's address.
func (c *Channel) Send(ctx context.Context, part bot.Part) (bot.SentID, error) {
	var o outgoing
	if err := json.Unmarshal(part.Body, &o); err != nil {
		return "", errors.New("zalo bot sendMessage: the part is not one of ours")
	}
	if part.Address.Chat != "" {
		o.ChatID = part.Address.Chat
	}
	body, err := json.Marshal(o)
	if err != nil {
		return "", fmt.Errorf("zalo bot sendMessage: %w", err) // unreachable: strings
	}
	ctx, cancel := context.WithTimeout(ctx, c.opt.Timeout)
	defer cancel()
	result, err := c.post(ctx, "sendMessage", body)
	if err != nil {
		return "", c.verdict(err, o.ChatID)
	}
	c.pause.end(o.ChatID)
	var sent struct {
		ID id `json:"message_id"`
	}
	_ = json.Unmarshal(result, &sent) // it was taken: to send it again for the lack of an id would be worse
	return bot.SentID(sent.ID), nil
}

// verdict turns a refusal into the error that tells the caller what to do. What
// it does not know is transient, but for one kind: a request that is refused as
// such (400) will be refused again, and would hold its chat up for a day.
func (c *Channel) verdict(err error, chat string) error {
	r := refused(err)
	if r == nil {
		return err
	}
	var means error
	switch {
	case r.tooFast():
		means = &bot.RateLimitedError{After: c.pause.next(chat, r.retryAfter), Chat: chat}
	case r.code == http.StatusForbidden, r.noSuchChat() && (r.code == http.StatusBadRequest || r.code == http.StatusNotFound):
		means = bot.ErrGone
	case r.code == http.StatusBadRequest:
		means = bot.ErrRefused
	default:
		return err
	}
	return fmt.Errorf("%w: %w", err, means)
}

// The pauses of a chat for which the vendor wants to be left alone without
// saying how long: twice as long each time.
const (
	firstSendPause = time.Second
	lastSendPause  = time.Minute
	// maxPauses is how many chats are remembered: more than can be refused
	// within a minute.
	maxPauses = 10_000
)

// pauses are the last pauses of the chats that the vendor holds back.
type pauses struct {
	mu   sync.Mutex
	last map[string]time.Duration
}

// next is how long to leave a chat alone: as long as was told, else longer than
// the last time.
func (p *pauses) next(chat string, told time.Duration) time.Duration {
	if told > 0 {
		return told
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	pause := max(firstSendPause, min(2*p.last[chat], lastSendPause))
	if len(p.last) >= maxPauses {
		clear(p.last)
	}
	p.last[chat] = pause
	return pause
}

// end forgets the pauses of a chat, which was sent to.
func (p *pauses) end(chat string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.last, chat)
}
