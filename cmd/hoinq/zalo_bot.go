package main

import (
	"context"
	"errors"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/bot/zalobot"
	"github.com/hoinq/hoinq/internal/config"
)

// zaloBot is the channel to the Zalo Bot Platform.
func (p *program) zaloBot() (channel, error) {
	set := p.ZaloBot
	c := channel{id: zalobot.ID, name: "Zalo Bot"}
	if set.Token == "" {
		c.unset = "HOINQ_ZALO_BOT_TOKEN"
		return c, nil
	}
	vendor, err := zalobot.New(p.log, zalobot.Options{
		Token: string(set.Token), Secret: string(set.Secret), API: set.API, Rate: set.Rate,
	})
	if err != nil { // the vendor's own rules for its settings
		return c, err
	}
	c.hook, c.polls = vendor, set.Mode == config.Polling
	if set.Secret == "" {
		c.unsigned = "HOINQ_ZALO_BOT_SECRET"
	}
	if c.unsigned != "" && !c.polls {
		c.off = missingSecret(c.unsigned)
		return c, nil
	}
	c.Channel = vendor
	c.run = func(ctx context.Context, service *bot.Service) error {
		switch {
		case c.polls:
			p.log.Info("channel asks for messages", "channel", c.id)
			return vendor.Poll(ctx, service.Accept)
		case !set.Register:
			p.log.Info("webhook not registered, as told", "channel", c.id)
			return nil
		}
		return p.register(ctx, c.id, vendor.Register)
	}
	c.learn = func(ctx context.Context) {
		p.insist(ctx, c.id, "name of the bot learnt", func(ctx context.Context) error {
			_, err := vendor.Check(ctx)
			return err
		})
	}
	c.check = func(ctx context.Context) (string, error) { return p.checkZaloBot(ctx, c, vendor) }
	return c, nil
}

// checkZaloBot asks who the bot is, and whether messages can come in the way
// that is set.
func (p *program) checkZaloBot(ctx context.Context, c channel, vendor *zalobot.Channel) (string, error) {
	name, err := vendor.Check(ctx)
	switch {
	case errors.Is(err, zalobot.ErrUnknownBot):
		return "", errors.New("máy chủ Zalo không nhận ra HOINQ_ZALO_BOT_TOKEN; hãy chép lại nguyên token từ tin nhắn của Zalo Bot Manager, và kiểm tra HOINQ_ZALO_BOT_API nếu có đặt")
	case err != nil:
		return "", err
	}
	registered, err := vendor.Registration(ctx)
	if err != nil {
		return "", err
	}
	return name + ", nhận tin bằng " + string(p.ZaloBot.Mode) + p.notYet(c, registered), p.arrives(c, p.ZaloBot.Register, registered)
}
