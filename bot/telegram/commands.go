package telegram

import (
	"context"

	tgbot "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"github.com/hoinq/hoinq/bot"
)

// SetCommands tells Telegram which commands there are, for its menus in private
// chats and in groups. To do it again changes nothing.
func (c *Channel) SetCommands(ctx context.Context) error {
	var commands []models.BotCommand
	for _, command := range bot.Commands() {
		commands = append(commands, models.BotCommand{Command: command.Name, Description: command.Help})
	}
	for _, scope := range []models.BotCommandScope{&models.BotCommandScopeAllPrivateChats{}, &models.BotCommandScopeAllGroupChats{}} {
		ctx, cancel := context.WithTimeout(ctx, c.opt.Timeout)
		_, err := c.api.SetMyCommands(ctx, &tgbot.SetMyCommandsParams{Commands: commands, Scope: scope})
		cancel()
		if err != nil {
			return called("setMyCommands", err)
		}
	}
	return nil
}
