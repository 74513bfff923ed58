package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/bot/zalobot"
	"github.com/hoinq/hoinq/internal/config"
)

// zaloBot is the channel to the Zalo Bot Platform.
func (p *program) zaloBot() (channel, error) {
	set := p.ZaloBot
	c := channel{id: zalobot.ID, name: "Zalo Bot"}
	switch {
	case set.Token == "":
		c.unset = "HOINQ_ZALO_BOT_TOKEN"
		return c, nil
	case set.Mode == config.Webhook && set.Secret == "":
		c.off = missingSecret("HOINQ_ZALO_BOT_SECRET")
		return c, nil
	}
	vendor, err := zalobot.New(p.log, zalobot.Options{
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
		name, err := vendor.Check(ctx)
		switch {
		case errors.Is(err, zalobot.ErrUnknownBot):
			return "", errors.New("máy chủ Zalo không nhận ra HOINQ_ZALO_BOT_TOKEN; hãy chép lại nguyên token từ tin nhắn của Zalo Bot Manager, và kiểm tra HOINQ_ZALO_BOT_API nếu có đặt")
		case err != nil:
			return "", err
		}
		return fmt.Sprintf("%s, nhận tin bằng %s", name, set.Mode), p.zaloBotWebhook(ctx, vendor)
	}
	return c, nil
}

// zaloBotWebhook says whether the vendor delivers messages elsewhere than they
// are waited for. What serve mends by itself when it starts is no fault.
func (p *program) zaloBotWebhook(ctx context.Context, vendor *zalobot.Channel) error {
	address, err := vendor.Webhook(ctx)
	switch {
	case err != nil:
		return err
	case p.ZaloBot.Mode == config.Polling && address != "":
		return errors.New("đang có một webhook được đăng ký nên polling không nhận được tin nào; hãy gỡ webhook (lệnh deleteWebhook của Zalo Bot), hoặc đặt HOINQ_ZALO_BOT_MODE=webhook")
	case p.ZaloBot.Mode == config.Webhook && !p.ZaloBot.Register && address != p.PublicURL+zalobot.Route:
		return errors.New("máy chủ Zalo chưa được báo gửi tin về HOINQ_PUBLIC_URL + " + zalobot.Route + "; hãy đăng ký webhook, hoặc đặt HOINQ_ZALO_BOT_REGISTER=true")
	}
	return nil
}
