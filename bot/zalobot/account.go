package zalobot

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/hoinq/hoinq/bot"
)

// route is where the webhook is, below the public address.
const route = "/webhooks/" + string(ID)

// Register tells the vendor to deliver events to the webhook below publicURL,
// an https address without a slash at its end.
func (c *Channel) Register(ctx context.Context, publicURL string) error {
	ctx, cancel := context.WithTimeout(ctx, c.opt.Timeout)
	defer cancel()
	_, err := c.call(ctx, "setWebhook", map[string]string{"url": publicURL + route, "secret_token": c.opt.Secret})
	return err
}

// Unregister ends the delivery to a webhook, so that polling can begin.
func (c *Channel) Unregister(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, c.opt.Timeout)
	defer cancel()
	_, err := c.call(ctx, "deleteWebhook", map[string]string{})
	return err
}

// Registration asks the vendor where it delivers events. That is all it tells:
// not what waits, nor what failed.
func (c *Channel) Registration(ctx context.Context) (bot.Registration, error) {
	ctx, cancel := context.WithTimeout(ctx, c.opt.Timeout)
	defer cancel()
	result, err := c.call(ctx, "getWebhookInfo", map[string]string{})
	if r := refused(err); r != nil && (r.code == http.StatusNotFound || r.says("webhook")) {
		return bot.Registration{}, nil // "there is no webhook", in whatever words
	}
	if err != nil {
		return bot.Registration{}, err
	}
	var info struct {
		URL string `json:"url"`
	}
	if len(result) > 0 && json.Unmarshal(result, &info) != nil {
		return bot.Registration{}, errors.New("zalo bot getWebhookInfo: the answer does not fit the method")
	}
	return bot.Registration{URL: info.URL}, nil
}

// Check asks the vendor who the bot is, and returns its name. From then on the
// channel knows it in what people write in groups.
func (c *Channel) Check(ctx context.Context) (name string, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.opt.Timeout)
	defer cancel()
	names, err := c.getMe(ctx)
	if err != nil {
		return "", err
	}
	c.names.Store(&names)
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
