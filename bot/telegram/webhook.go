package telegram

import (
	"context"
	"strings"
	"time"

	tgbot "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"github.com/hoinq/hoinq/bot"
)

// Kinds are the updates that [Channel.Receive] reads; Telegram is asked for no
// others.
func Kinds() []string {
	return []string{
		models.AllowedUpdateMessage,
		models.AllowedUpdateEditedMessage,
		models.AllowedUpdateCallbackQuery,
		models.AllowedUpdateMyChatMember,
		models.AllowedUpdateInlineQuery,
	}
}

// maxConnections is how many webhook requests Telegram may have open at once.
// Updates of one chat come one after the other anyway.
const maxConnections = 40

// Register tells Telegram to deliver updates to the webhook below publicURL,
// an https address without a slash at its end. Updates that are waiting stay.
func (c *Channel) Register(ctx context.Context, publicURL string) error {
	ctx, cancel := context.WithTimeout(ctx, c.opt.Timeout)
	defer cancel()
	_, err := c.api.SetWebhook(ctx, &tgbot.SetWebhookParams{
		URL:            publicURL + "/webhooks/" + string(ID),
		MaxConnections: maxConnections,
		AllowedUpdates: Kinds(),
		SecretToken:    c.opt.Secret,
	})
	return called("setWebhook", err)
}

// Unregister tells Telegram to deliver updates nowhere. Those that are waiting
// stay, for the next webhook or [Channel.Poll].
func (c *Channel) Unregister(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, c.opt.Timeout)
	defer cancel()
	_, err := c.api.DeleteWebhook(ctx, &tgbot.DeleteWebhookParams{})
	return called("deleteWebhook", err)
}

// Registration asks Telegram where it delivers updates.
func (c *Channel) Registration(ctx context.Context) (bot.Registration, error) {
	ctx, cancel := context.WithTimeout(ctx, c.opt.Timeout)
	defer cancel()
	info, err := c.api.GetWebhookInfo(ctx)
	if err != nil {
		return bot.Registration{}, called("getWebhookInfo", err)
	}
	r := bot.Registration{URL: info.URL, Pending: info.PendingUpdateCount, Kinds: info.AllowedUpdates}
	if info.LastErrorDate != 0 {
		// The vendor may quote the address, and with it what others keep there.
		r.Fault = strings.ReplaceAll(info.LastErrorMessage, c.opt.Token, "***")
		r.FaultAt = time.Unix(int64(info.LastErrorDate), 0).UTC()
	}
	return r, nil
}
