// Package zalooa is the channel to a Zalo Official Account: it verifies and
// reads the events of its webhook, lays replies out as plain text and sends
// them as consultation messages, with tokens that it renews by itself.
//
//	channel, err := zalooa.New(log, tokens, zalooa.Options{AppID: …, Secret: …})
//	…
//	messages, err := channel.Receive(request) // 401, or store, then 200
//	parts, err := channel.Render(reply)
//	id, err := channel.Send(ctx, parts[0])
//
// # What a reply costs
//
// A reply to a message is free for 48 hours after the person's last one. Of
// whether that holds for eight messages only (the vendor's price list of 2025)
// or for all (2026) the sources disagree, so the channel learns from what the
// vendor says: an answer to a sent message names the quota that it was taken
// from, and none when it was charged. As soon as a person's free messages are
// used up, or may be, or a reply has waited for nearly 48 hours, the vendor is
// asked before the next one is sent. One that would be charged is refused
// ([bot.ErrRefused]) unless [Options.Paid] allows it. What was learnt of a
// person is held in memory, under a number that leads back to nobody: after a
// start, one message to each whose free ones were used up may be charged before
// that is known again.
//
// # The tokens
//
// An access token is good for a day or an hour, as the vendor says; the refresh
// token that comes with it is good for three months and for one renewal. So the
// chain that begins with [Options.RefreshToken] is kept in [Tokens], and every
// new refresh token is stored there, durably, before the access token beside it
// is used. A renewal never runs twice at once, in one process or in several:
// whoever renews notes that first, for [leaseFor].
//
// One thing ends the chain all the same: a process that is killed, or loses the
// vendor's answer, after the vendor has taken the old refresh token and before
// the new one is stored. The remedy is the same as for a token that was revoked:
// the OA's administrator consents once more, and HOINQ_ZALO_OA_REFRESH_TOKEN is
// set to the new token. A token in the settings that the chain did not begin
// with wins over what is stored.
//
// # What it is not
//
// The package stores nothing but the tokens and retries nothing but a renewed
// token; it tells by the errors of package bot what its caller should do. It
// serves people who wrote to the account under their name: how an anonymous
// person is answered is not documented, and such messages are left alone, as
// are group chats. Neither a token nor a secret, an id or a person's words
// appear in its errors and its log.
package zalooa

import (
	"context"
	"errors"
	"hash/maphash"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/internal/vendorhttp"
)

// ID is the channel's name in messages and addresses.
const ID bot.ChannelID = "zalo-oa"

// The vendor's own servers.
const (
	DefaultAPI   = "https://openapi.zalo.me"
	DefaultOAuth = "https://oauth.zaloapp.com"
)

// Defaults of [Options].
const (
	defaultRate    = 100 // messages a minute: the least that any package of the vendor's is said to allow
	defaultTimeout = 15 * time.Second
)

// Options are a channel's settings. AppID, AppSecret, Secret and RefreshToken
// are required; other zero values mean the defaults.
type Options struct {
	// AppID is the number of the app in the vendor's developer console.
	AppID string
	// AppSecret is the app's, for its tokens; Secret is the "OA Secret Key" of
	// the webhook's page, with which events are signed.
	AppSecret, Secret string
	// RefreshToken is the one that the chain of tokens begins with.
	RefreshToken string
	// API and OAuth are scheme, host and port of the servers; default
	// [DefaultAPI] and [DefaultOAuth].
	API, OAuth string
	// Paid lets replies go out for which the vendor charges.
	Paid bool
	// Rate is the most messages sent in a minute over all chats; default 100.
	Rate int
	// Timeout bounds one call; default 15 seconds.
	Timeout time.Duration
	// Now is the clock; default [time.Now].
	Now func() time.Time
}

// Channel is our side of the account. Make one with [New]; it is safe for
// concurrent use.
type Channel struct {
	log    *slog.Logger
	opt    Options
	http   *vendorhttp.Client
	tokens *keeper
	quota  *quotas

	mu     sync.Mutex
	silent time.Time // until when the vendor takes no calls
}

var _ bot.Channel = (*Channel)(nil)

// connections is how many calls run at once: as many as the outbox has workers.
const connections = 8

// New makes a channel over the store of its tokens; it calls nobody and reads
// nothing. The error lists, in Vietnamese and without their values, all
// settings that are wrong.
func New(log *slog.Logger, store Tokens, opt Options) (*Channel, error) {
	opt = opt.withDefaults()
	if err := opt.check(); err != nil {
		return nil, err
	}
	client := vendorhttp.New(connections, maxAnswer)
	return &Channel{
		log: log, opt: opt, http: client,
		tokens: newKeeper(log, store, client, opt),
		quota:  &quotas{seed: maphash.MakeSeed(), chats: map[uint64]standing{}},
	}, nil
}

func (o Options) withDefaults() Options {
	if o.API == "" {
		o.API = DefaultAPI
	}
	if o.OAuth == "" {
		o.OAuth = DefaultOAuth
	}
	if o.Rate == 0 {
		o.Rate = defaultRate
	}
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.API, o.OAuth = strings.TrimSuffix(o.API, "/"), strings.TrimSuffix(o.OAuth, "/")
	return o
}

// check says what is wrong, never what the wrong value is.
func (o Options) check() error {
	var problems []error
	add := func(text string) { problems = append(problems, errors.New(text)) }
	if o.AppID == "" || strings.Trim(o.AppID, "0123456789") != "" {
		add("HOINQ_ZALO_OA_APP_ID: phải là dãy chữ số ở trang ứng dụng trên developers.zalo.me")
	}
	for _, secret := range []struct{ name, value string }{
		{"HOINQ_ZALO_OA_APP_SECRET", o.AppSecret}, {"HOINQ_ZALO_OA_SECRET", o.Secret}, {"HOINQ_ZALO_OA_REFRESH_TOKEN", o.RefreshToken},
	} {
		if !printable(secret.value) {
			add(secret.name + ": đang trống hoặc có ký tự lạ; hãy chép lại nguyên chuỗi từ developers.zalo.me")
		}
	}
	for _, site := range []struct{ name, value, example string }{
		{"HOINQ_ZALO_OA_API", o.API, DefaultAPI}, {"HOINQ_ZALO_OA_OAUTH", o.OAuth, DefaultOAuth},
	} {
		if u, err := url.Parse(site.value); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.User != nil {
			add(site.name + ": phải là giao thức, tên máy và cổng, không có đường dẫn, ví dụ " + site.example)
		}
	}
	if o.Rate < 0 {
		add("HOINQ_ZALO_OA_RATE: phải là số nguyên dương (số tin nhắn mỗi phút)")
	}
	return errors.Join(problems...)
}

// printable reports whether a secret can stand in a header.
func printable(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

// Limits implements [bot.Channel]. The vendor limits calls a minute over all
// chats, not those to one. It repeats what it could not deliver, and not what
// was answered with 503; after too many of these it switches the webhook off.
func (c *Channel) Limits() bot.Limits {
	return bot.Limits{PerSecond: float64(c.opt.Rate) / time.Minute.Seconds()}
}

// KeepTokens renews the access token ahead of its end until ctx ends, so that
// no reply waits for it and the refresh token does not grow too old where
// nobody writes for months. One process at a time needs to run it.
func (c *Channel) KeepTokens(ctx context.Context) error {
	c.tokens.keep(ctx)
	return nil
}

// Check asks both servers whether they are the vendor's. It gives them no
// token: those are the business of the process that serves.
func (c *Channel) Check(ctx context.Context) error {
	var refused *refusedError
	if _, err := c.post(ctx, quotaPath, "", []byte("{}")); err != nil && !errors.As(err, &refused) {
		return err
	}
	if _, err := c.tokens.ask(ctx, ""); err != nil && !errors.As(err, &refused) {
		return err
	}
	return nil
}
