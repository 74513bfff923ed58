package telegram

import (
	"strings"
	"time"

	"github.com/hoinq/hoinq/bot"
)

// Limits implements [bot.Channel], with the figures of the vendor's FAQ: some
// 30 messages a second over all chats, one a second to a person with short
// bursts allowed, 20 a minute to a group.
//
// The burst to a person covers a long reply or a handful of pressed buttons:
// where the vendor takes less it says so, and is waited for. That to a group
// leaves room for the rate in the same minute, 5 and 15.
func (c *Channel) Limits() bot.Limits {
	return bot.Limits{
		PerSecond: float64(c.opt.Rate),
		PerChat:   bot.Rate{Every: time.Second, Burst: 10},
		PerGroup:  bot.Rate{Every: 4 * time.Second, Burst: 5},
		Group:     isGroup,
		Free:      isInline, // none of the vendor's figures is about them

		Redelivers: !c.opt.Polls,
	}
}

// isGroup reports whether a chat is a group, a supergroup or a channel: their
// ids are negative, those of persons are not.
func isGroup(chat string) bool { return strings.HasPrefix(chat, "-") }
