package main

// zaloBot is the channel to Zalo Bot.
func (p *program) zaloBot() (channel, error) {
	return channel{id: "zalo-bot", name: "Zalo Bot", unset: "HOINQ_ZALO_BOT_TOKEN"}, nil
}
