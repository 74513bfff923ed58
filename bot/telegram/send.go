package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	tgbot "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/internal/vendorhttp"
)

// Send implements [bot.Channel]. It takes the chat from the part's address, so
// that a part whose chat has moved needs only its address mended.
//
// A topic that was deleted since the question was asked is the one refusal
// that Send mends by itself, by sending to the chat outside of any topic: the
// caller has no error for it, and the words matter more than the place.
func (c *Channel) Send(ctx context.Context, part bot.Part) (bot.SentID, error) {
	if isInline(part.Address.Chat) {
		return "", c.answerInline(ctx, part.Body)
	}
	var o outgoing
	if err := json.Unmarshal(part.Body, &o); err != nil {
		return "", errors.New("telegram sendMessage: the part is not one of ours")
	}
	if chat, err := strconv.ParseInt(part.Address.Chat, 10, 64); err == nil {
		o.ChatID = chat
	}
	id, err := c.send(ctx, o)
	var refused *refusedError
	if errors.As(err, &refused) && refused.says("message thread not found") && o.ThreadID != 0 {
		o.ThreadID = 0
		id, err = c.send(ctx, o)
	}
	return id, verdict(err, o.ChatID)
}

func (c *Channel) send(ctx context.Context, o outgoing) (bot.SentID, error) {
	ctx, cancel := context.WithTimeout(ctx, c.opt.Timeout)
	defer cancel()
	sent, err := c.api.SendMessage(ctx, o.params())
	switch {
	case err == nil:
		return bot.SentID(strconv.Itoa(sent.ID)), nil
	case errors.As(err, new(*refusedError)), errors.As(err, new(*vendorhttp.UnreachedError)):
		return "", called("sendMessage", err)
	}
	// The vendor said "ok", and what it said besides is too new for the
	// library's types: the message was taken.
	return "", nil
}

// verdict turns a refusal into the error that tells the caller what to do.
// What it does not know is transient, but for one kind: a request that is
// refused as such (400) will be refused again, whatever the words of the
// refusal, so all that is left to try is the same without markup.
func verdict(err error, chat int64) error {
	var refused *refusedError
	if !errors.As(err, &refused) {
		return err
	}
	var means error
	switch {
	case refused.code == http.StatusBadRequest && refused.says("message is not modified"):
		return nil
	case refused.code == http.StatusTooManyRequests:
		// Without a time, as proxies answer, a second is the vendor's own pace.
		means = &bot.RateLimitedError{After: max(refused.retryAfter, time.Second), Chat: strconv.FormatInt(chat, 10)}
	case refused.migrateTo != 0:
		means = &bot.MovedError{To: strconv.FormatInt(refused.migrateTo, 10)}
	case refused.code == http.StatusForbidden, refused.code == http.StatusBadRequest && gone(refused):
		means = bot.ErrGone
	case refused.code == http.StatusBadRequest:
		means = bot.ErrMarkupRefused
	default:
		return err
	}
	return fmt.Errorf("%w: %w", err, means)
}

// gone reports whether a refusal says that nobody is there any more.
func gone(refused *refusedError) bool {
	return refused.says("chat not found", "user not found", "deactivated", "peer_id_invalid", "not enough rights to send")
}

// Typing implements [bot.Typist].
func (c *Channel) Typing(ctx context.Context, m bot.Message) error {
	chat, err := strconv.ParseInt(m.Address.Chat, 10, 64)
	if err != nil {
		return errors.New("telegram sendChatAction: the address has no chat id")
	}
	ctx, cancel := context.WithTimeout(ctx, c.opt.Timeout)
	defer cancel()
	_, err = c.api.SendChatAction(ctx, &tgbot.SendChatActionParams{
		ChatID: chat, MessageThreadID: number(m.Address.Topic), Action: models.ChatActionTyping,
	})
	return called("sendChatAction", err)
}

// Attend implements [bot.Attendant]: a pressed button stops glowing. A press
// that was answered before, or is too old, is as good as answered.
func (c *Channel) Attend(ctx context.Context, m bot.Message) error {
	if m.Press == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, c.opt.Timeout)
	defer cancel()
	_, err := c.api.AnswerCallbackQuery(ctx, &tgbot.AnswerCallbackQueryParams{CallbackQueryID: m.Press})
	err = called("answerCallbackQuery", err)
	var refused *refusedError
	if errors.As(err, &refused) && refused.says("query is too old") {
		return nil
	}
	return err
}
