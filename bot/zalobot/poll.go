package zalobot

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/internal/vendorhttp"
)

const (
	// firstPause and maxPause are how long polling waits after a failure: twice
	// as long each time.
	firstPause = time.Second
	maxPause   = 30 * time.Second
	// idlePause is waited after a poll without news that was not held: the
	// vendor does not promise to hold it.
	idlePause = time.Second
	// webhookLook is how often it is looked whether somebody has set a webhook.
	webhookLook = 10 * time.Minute
	// farewell is how long the poll under way may take when polling is to end,
	// and then the storing of each message of it: less than the program has to
	// end.
	farewell = 6 * time.Second
	// storeTimeout bounds an attempt to store a message.
	storeTimeout = farewell
)

// clashRemedy is said when a webhook is set for a bot that is to be polled.
const clashRemedy = "the vendor hands out nothing to polls while a webhook is set: remove it with \"hoinq webhook delete --channel zalo-bot\", or set HOINQ_ZALO_BOT_MODE=webhook"

// Poll fetches events until ctx ends, and returns nil then; nothing else ends
// it. accept stores a message durably.
//
// The vendor forgets an event as it hands it out, and there is no way to ask
// for it again. So nothing more is fetched until accept has returned nil for
// every message that came, and when ctx ends, the poll under way is not cut off
// but finished, for [Options].PollTimeout at most, and what it brings is still
// accepted. What is lost is what was on its way when the process was killed.
//
// A webhook that is set is not removed, since it may belong to a service that
// is running; it is warned of, because the vendor does not tell.
func (c *Channel) Poll(ctx context.Context, accept func(ctx context.Context, m bot.Message) error) error {
	p := poller{channel: c, accept: accept}
	var pause time.Duration
	for ctx.Err() == nil {
		p.lookForWebhook(ctx)
		begin := c.opt.Now()
		messages, err := p.fetch(ctx)
		for _, m := range messages {
			p.keep(ctx, m)
		}
		switch {
		case ctx.Err() != nil:
		case err != nil:
			pause = max(firstPause, min(2*pause, maxPause))
			p.failed(ctx, err, pause)
			continue
		case len(messages) == 0 && c.opt.Now().Sub(begin) < idlePause:
			c.wait(ctx, idlePause)
		}
		pause = 0
	}
	return nil
}

// poller is one run of Poll.
type poller struct {
	channel *Channel
	accept  func(context.Context, bot.Message) error
	looked  time.Time // when it was last looked for a webhook
}

// fetch polls once. It goes on for a while when ctx ends, so that an event that
// is being handed out is not lost.
func (p *poller) fetch(ctx context.Context) ([]bot.Message, error) {
	c := p.channel
	asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.opt.PollTimeout+c.opt.Timeout)
	defer cancel()
	stop := context.AfterFunc(ctx, func() {
		vendorhttp.Wait(asking, farewell)
		cancel()
	})
	defer stop()
	// The vendor's table says that the number is a string.
	result, err := c.call(asking, "getUpdates", map[string]string{"timeout": strconv.Itoa(int(c.opt.PollTimeout.Seconds()))})
	if r := refused(err); r != nil && r.noNews() {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if len(result) == 0 || string(result) == "null" {
		return nil, nil
	}
	events, ok := split(result, maxDepth)
	if !ok {
		return nil, errors.New("zalo bot getUpdates: the answer does not fit the method")
	}
	return c.messages(events), nil
}

// keep stores a message, however often it takes. Only the end of ctx stops it,
// after a last attempt.
func (p *poller) keep(ctx context.Context, m bot.Message) {
	c := p.channel
	for pause := firstPause; ; pause = min(2*pause, maxPause) {
		last := ctx.Err() != nil
		err := p.store(ctx, m)
		switch {
		case err == nil:
			return
		case last:
			c.log.Error("a message could not be stored before the end and is lost", "channel", ID, "error", err)
			return
		}
		c.log.Warn("message not stored, will be tried again", "channel", ID, "error", err, "pause", pause)
		c.wait(ctx, pause)
	}
}

func (p *poller) store(ctx context.Context, m bot.Message) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	defer cancel()
	return p.accept(ctx, m)
}

// failed tells of a poll that failed, and waits.
func (p *poller) failed(ctx context.Context, err error, pause time.Duration) {
	c := p.channel
	level := c.log.Warn
	if r := refused(err); r != nil {
		if r.badToken() {
			level = c.log.Error // nothing mends it but a person
		}
		pause = max(pause, r.retryAfter)
	}
	level("polling failed and goes on", "channel", ID, "error", err, "pause", pause)
	p.looked = time.Time{} // a webhook may be why
	c.wait(ctx, pause)
}

// lookForWebhook warns of a webhook, now and then.
func (p *poller) lookForWebhook(ctx context.Context) {
	c := p.channel
	now := c.opt.Now()
	if !p.looked.IsZero() && now.Sub(p.looked) < webhookLook {
		return
	}
	p.looked = now
	// Should the vendor not answer, then the poll will say why.
	if r, err := c.Registration(ctx); err == nil && r.URL != "" {
		c.log.Warn("a webhook is set, polling will get nothing", "channel", ID, "remedy", clashRemedy)
	}
}
