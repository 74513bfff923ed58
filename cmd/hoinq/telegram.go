package main

import (
	"context"
	"fmt"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/bot/telegram"
	"github.com/hoinq/hoinq/internal/config"
)

// telegram is the channel to Telegram.
func (p *program) telegram() (channel, error) {
	set := p.Telegram
	c := channel{id: telegram.ID, name: "Telegram"}
	switch {
	case set.Token == "":
		c.unset = "HOINQ_TELEGRAM_TOKEN"
		return c, nil
	case set.Mode == config.Webhook && set.Secret == "":
		c.off = missingSecret("HOINQ_TELEGRAM_SECRET")
		return c, nil
	}
	vendor, err := telegram.New(p.log, telegram.Options{
		Token: string(set.Token), Secret: string(set.Secret), API: set.API, Rate: set.Rate,
	})
	if err != nil { // the vendor's own rules for its settings
		return c, err
	}
	c.Channel = vendor
	c.run = func(ctx context.Context, service *bot.Service) error {
		switch {
		case set.Mode == config.Polling:
			p.log.Info("channel asks for messages", "channel", c.id)
			return vendor.Poll(ctx, service.Accept)
		case !set.Register:
			p.log.Info("webhook not registered, as told", "channel", c.id)
			return nil
		}
		return p.register(ctx, c.id, vendor.Register)
	}
	c.check = func(ctx context.Context) (string, error) {
		username, err := vendor.Check(ctx)
		return fmt.Sprintf("@%s, nhận tin bằng %s", username, set.Mode), err
	}
	return c, nil
}
