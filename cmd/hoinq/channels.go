package main

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/internal/config"
	"github.com/hoinq/hoinq/internal/queue"
)

// channel is one channel as the settings want it. One that is on has a Channel.
type channel struct {
	bot.Channel
	id bot.ChannelID
	// name is what a clerk calls it.
	name string
	// unset is the setting that would switch it on, where that is missing; off
	// says why it does not open although it is set.
	unset, off string
	// route is where its webhook is, below the public address; empty for
	// "/webhooks/" and the id. accepted is the status for what was taken in; 0
	// for 200.
	route    string
	accepted int
	// origins are the sites whose pages may ask from a browser.
	origins []string
	// open gives it what it keeps in the queue; nil for nothing.
	open func(ctx context.Context, server *queue.Server) error
	// run keeps messages coming, on one replica at a time, until ctx ends; nil
	// for nothing to do.
	run func(ctx context.Context, service *bot.Service) error
	// learn asks the vendor for what every replica must know, until ctx ends;
	// nil for nothing. The channel works without it, not as well.
	learn func(ctx context.Context)
	// hook looks after the webhook at the vendor; nil where only its own pages
	// do, or the channel is not set. unsigned is the setting without which it
	// must not be registered, where that is missing; polls says that the
	// settings want no webhook.
	hook     hook
	unsigned string
	polls    bool
	// check asks the vendor whether it knows us, for the doctor. What is well
	// it says in a few words.
	check func(ctx context.Context) (well string, err error)
}

// hook is the vendor's side of a webhook.
type hook interface {
	Register(ctx context.Context, publicURL string) error
	Unregister(ctx context.Context) error
	Registration(ctx context.Context) (bot.Registration, error)
}

// webhookURL is where the webhook of a channel can be reached; empty without a
// public address.
func (p *program) webhookURL(c channel) string {
	if p.PublicURL == "" {
		return ""
	}
	return p.PublicURL + c.path()
}

// path is where the webhook is, below the public address.
func (c channel) path() string {
	if c.route != "" {
		return c.route
	}
	return "/webhooks/" + string(c.id)
}

// channels are all there are, in the order in which they are named to people,
// also when there is an error, which lists what is wrong with the settings of
// all of them.
func (p *program) channels() ([]channel, error) {
	var all []channel
	var problems config.Problems
	for _, make := range []func() (channel, error){p.telegram, p.zaloOA, p.zaloBot, p.portal} {
		c, err := make()
		if err != nil {
			problems = append(problems, err.Error())
			c.off = err.Error()
		}
		all = append(all, c)
	}
	if len(problems) > 0 {
		return all, problems
	}
	return all, nil
}

// mount puts the webhook of a channel on the public address.
func (c channel) mount(mux *http.ServeMux, service *bot.Service) {
	accepted := c.accepted
	if accepted == 0 {
		accepted = http.StatusOK
	}
	mux.Handle(c.path(), service.Webhook(c.id, accepted))
}

// checkChannels says of each channel what it lacks, and whether its vendor
// knows us.
func (p *program) checkChannels(ctx context.Context, check func(name string, err error, well string)) {
	all, _ := p.channels() // what is wrong with a channel stands in its off
	for _, c := range all {
		name := "kênh " + c.name
		switch {
		case c.off != "":
			check(name, errors.New(c.off), "")
		case c.Channel == nil:
			say(p.stdout, "tắt      %s: chưa đặt %s\n", name, c.unset)
		default:
			asking, cancel := context.WithTimeout(ctx, askTimeout)
			well, err := c.check(asking)
			cancel()
			check(name, err, well)
		}
	}
}

// missingSecret is why a channel stays shut.
func missingSecret(name string) string {
	return name + " chưa đặt nên kênh không mở; hãy đặt một chuỗi ngẫu nhiên, chẳng hạn kết quả của lệnh: openssl rand -hex 32"
}

// The waits between attempts to tell a vendor something.
const (
	firstTelling = 2 * time.Second
	lastTelling  = 5 * time.Minute
)

// register tells a vendor where to deliver, until it has taken it.
func (p *program) register(ctx context.Context, id bot.ChannelID, register func(ctx context.Context, publicURL string) error) error {
	if p.PublicURL == "" {
		p.log.Warn("webhook not registered: HOINQ_PUBLIC_URL is not set", "channel", id)
		return nil
	}
	p.insist(ctx, id, "webhook registered", func(ctx context.Context) error { return register(ctx, p.PublicURL) })
	return nil
}

// insist tells a vendor something, or asks it, until that is done or ctx ends.
func (p *program) insist(ctx context.Context, id bot.ChannelID, done string, do func(ctx context.Context) error) {
	for wait := firstTelling; ctx.Err() == nil; wait = min(2*wait, lastTelling) {
		err := do(ctx)
		if err == nil {
			p.log.Info(done, "channel", id)
			return
		}
		p.log.Warn("the vendor was not reached, will try again", "channel", id, "for", done, "after", wait, "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}
