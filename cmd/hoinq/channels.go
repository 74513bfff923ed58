package main

import (
	"context"
	"time"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/bot/telegram"
	"github.com/hoinq/hoinq/internal/config"
)

const telegramID = telegram.ID

// telegram makes the channel; it is nil when no token is set, and when it would
// run unprotected, which off then explains.
func (p *program) telegram() (channel *telegram.Channel, off string, err error) {
	set := p.Telegram
	switch {
	case set.Token == "":
		return nil, "", nil
	case set.Mode == config.Webhook && set.Secret == "":
		return nil, "HOINQ_TELEGRAM_SECRET chưa đặt nên kênh không mở; hãy đặt một chuỗi ngẫu nhiên, chẳng hạn kết quả của lệnh: openssl rand -hex 32", nil
	}
	channel, err = telegram.New(p.log, telegram.Options{
		Token: string(set.Token), Secret: string(set.Secret), API: set.API, Rate: set.Rate,
	})
	if err != nil { // the vendor's own rules for its settings
		return nil, "", config.Problems{err.Error()}
	}
	return channel, "", nil
}

// The waits between attempts to register a webhook.
const (
	firstRegister = 2 * time.Second
	lastRegister  = 5 * time.Minute
)

// runTelegram keeps messages coming until ctx ends.
func (p *program) runTelegram(ctx context.Context, channel *telegram.Channel, service *bot.Service) error {
	if p.Telegram.Mode == config.Polling {
		p.log.Info("telegram asks for messages", "mode", config.Polling)
		return channel.Poll(ctx, service.Accept)
	}
	switch {
	case !p.Telegram.Register:
		p.log.Info("telegram webhook not registered, as told", "mode", config.Webhook)
		return nil
	case p.PublicURL == "":
		p.log.Warn("telegram webhook not registered: HOINQ_PUBLIC_URL is not set", "mode", config.Webhook)
		return nil
	}
	for wait := firstRegister; ctx.Err() == nil; wait = min(2*wait, lastRegister) {
		err := channel.Register(ctx, p.PublicURL)
		if err == nil {
			p.log.Info("telegram webhook registered", "mode", config.Webhook)
			break
		}
		p.log.Warn("telegram webhook not registered, will try again", "after", wait, "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
	return nil
}
