package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/bot/telegram"
	"github.com/hoinq/hoinq/internal/config"
)

// telegram is the channel to Telegram.
func (p *program) telegram() (channel, error) {
	set := p.Telegram
	c := channel{id: telegram.ID, name: "Telegram"}
	if set.Token == "" {
		c.unset = "HOINQ_TELEGRAM_TOKEN"
		return c, nil
	}
	vendor, err := telegram.New(p.log, telegram.Options{
		Token: string(set.Token), Secret: string(set.Secret), API: set.API, Rate: set.Rate, Polls: set.Mode == config.Polling,
	})
	if err != nil { // the vendor's own rules for its settings
		return c, err
	}
	c.hook, c.polls = vendor, set.Mode == config.Polling
	if set.Secret == "" {
		c.unsigned = "HOINQ_TELEGRAM_SECRET"
	}
	if c.unsigned != "" && !c.polls {
		c.off = missingSecret(c.unsigned)
		return c, nil
	}
	c.Channel = vendor
	c.run = func(ctx context.Context, service *bot.Service) error {
		return p.runTelegram(ctx, c.id, vendor, service)
	}
	c.learn = func(ctx context.Context) {
		p.insist(ctx, c.id, "name of the bot learnt", func(ctx context.Context) error {
			_, err := vendor.Check(ctx)
			return err
		})
	}
	c.check = func(ctx context.Context) (string, error) { return p.checkTelegram(ctx, c, vendor) }
	return c, nil
}

// runTelegram gets messages to come, and tells Telegram of the commands.
func (p *program) runTelegram(ctx context.Context, id bot.ChannelID, vendor *telegram.Channel, service *bot.Service) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		p.insist(ctx, id, "commands listed", vendor.SetCommands)
		return nil
	})
	switch {
	case p.Telegram.Mode == config.Polling:
		p.log.Info("channel asks for messages", "channel", id)
		group.Go(func() error { return vendor.Poll(ctx, service.Accept) })
	case !p.Telegram.Register:
		p.log.Info("webhook not registered, as told", "channel", id)
	default:
		group.Go(func() error { return p.register(ctx, id, vendor.Register) })
	}
	return group.Wait()
}

// checkTelegram asks who the bot is, and whether messages can come in the way
// that is set.
func (p *program) checkTelegram(ctx context.Context, c channel, vendor *telegram.Channel) (string, error) {
	profile, err := vendor.Check(ctx)
	if err != nil {
		return "", err
	}
	registered, err := vendor.Registration(ctx)
	if err != nil {
		return "", err
	}
	if err := p.telegramArrives(c, registered); err != nil {
		return "", err
	}
	well := []string{"@" + profile.Username, "nhận tin bằng " + string(p.Telegram.Mode) + p.notYet(c, registered)}
	if !profile.Inline {
		well = append(well, "chưa bật inline (bật bằng /setinline ở @BotFather)")
	}
	if !profile.ReadsGroups {
		well = append(well, "trong nhóm chỉ thấy lệnh và tin trả lời bot (nhắc tên không thấy thì tắt bằng /setprivacy ở @BotFather)")
	}
	return strings.Join(well, ", "), nil
}

// telegramArrives says why messages would not come, given what is registered.
func (p *program) telegramArrives(c channel, registered bot.Registration) error {
	if err := p.arrives(c, p.Telegram.Register, registered); err != nil {
		return err
	}
	if lacks := missing(telegram.Kinds(), registered.Kinds); !c.polls && registered.URL != "" && len(registered.Kinds) > 0 && len(lacks) > 0 {
		return fmt.Errorf("webhook không nhận đủ loại tin (thiếu %s); hãy chạy lệnh hoinq webhook set --channel telegram", strings.Join(lacks, ", "))
	}
	return nil
}

// missing are those of a list that another one lacks.
func missing(wanted, has []string) []string {
	return slices.DeleteFunc(slices.Clone(wanted), func(s string) bool { return slices.Contains(has, s) })
}
