package zalobot

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Route is where the webhook is, below the public address.
const Route = "/webhooks/" + string(ID)

// Register tells the vendor to deliver events to the webhook below publicURL,
// an https address without a slash at its end.
func (c *Channel) Register(ctx context.Context, publicURL string) error {
	ctx, cancel := context.WithTimeout(ctx, c.opt.Timeout)
	defer cancel()
	_, err := c.call(ctx, "setWebhook", map[string]string{"url": publicURL + Route, "secret_token": c.opt.Secret})
	return err
}

// Unregister ends the delivery to a webhook, so that polling can begin.
func (c *Channel) Unregister(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, c.opt.Timeout)
	defer cancel()
	_, err := c.call(ctx, "deleteWebhook", map[string]string{})
	return err
}

// Webhook asks the vendor where it delivers events; empty for nowhere.
func (c *Channel) Webhook(ctx context.Context) (address string, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.opt.Timeout)
	defer cancel()
	result, err := c.call(ctx, "getWebhookInfo", map[string]string{})
	if r := refused(err); r != nil && (r.code == http.StatusNotFound || r.says("webhook")) {
		return "", nil // "there is no webhook", in whatever words
	}
	if err != nil {
		return "", err
	}
	var info struct {
		URL string `json:"url"`
	}
	if len(result) > 0 && json.Unmarshal(result, &info) != nil {
		return "", errors.New("zalo bot getWebhookInfo: the answer does not fit the method")
	}
	return info.URL, nil
}

// Check asks the vendor who the bot is, and returns its name.
func (c *Channel) Check(ctx context.Context) (name string, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.opt.Timeout)
	defer cancel()
	names, err := c.getMe(ctx)
	if err != nil {
		return "", err
	}
	return names[0], nil
}

// getMe are the names of the bot, the longest first, at least one. Which of its
// fields is what people mention is not documented.
func (c *Channel) getMe(ctx context.Context) ([]string, error) {
	result, err := c.call(ctx, "getMe", map[string]string{})
	if err != nil {
		return nil, err
	}
	var me struct {
		Account string `json:"account_name"`
		Display string `json:"display_name"`
		Name    string `json:"name"`
	}
	if json.Unmarshal(result, &me) != nil {
		return nil, errors.New("zalo bot getMe: the answer does not fit the method")
	}
	names := slices.DeleteFunc([]string{me.Account, me.Display, me.Name}, func(s string) bool { return strings.TrimSpace(s) == "" })
	if len(names) == 0 {
		return nil, errors.New("zalo bot getMe: the answer does not fit the method")
	}
	slices.SortStableFunc(names, func(a, b string) int { return len(b) - len(a) })
	return names, nil
}

const (
	// nameTimeout bounds the question for the bot's name: the event that needs
	// it is to be stored within two seconds of its arrival.
	nameTimeout = 500 * time.Millisecond
	// nameAgain is the pause before the vendor is asked for it once more.
	nameAgain = time.Minute
)

// ownNames are the names of the bot, none while the vendor does not tell them.
// It is asked once, when somebody mentions the bot for the first time.
func (c *Channel) ownNames(ctx context.Context) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.opt.Now()
	if c.names != nil || !c.askedAt.IsZero() && now.Sub(c.askedAt) < nameAgain {
		return c.names
	}
	c.askedAt = now
	ctx, cancel := context.WithTimeout(ctx, nameTimeout)
	defer cancel()
	names, err := c.getMe(ctx)
	if err != nil {
		c.log.Warn("the bot's name is not known, mentions of it stay in questions", "channel", ID, "error", err)
	}
	c.names = names
	return names
}
