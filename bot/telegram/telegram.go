// Package telegram is the channel to Telegram's Bot API: it reads updates into
// messages, lays replies out in HTML and sends them.
//
// Types and calls come from github.com/go-telegram/bot; its webhook handler
// and its polling loop do not, because both acknowledge an update before it is
// safe. Updates reach a [Channel] either by webhook, through Receive, or by
// polling, through [Channel.Poll]; both read them in the same way:
//
//	channel, err := telegram.New(log, telegram.Options{Token: token, Secret: secret})
//	…
//	messages, err := channel.Receive(request) // 401, or store, then 200
//	parts, err := channel.Render(reply)
//	id, err := channel.Send(ctx, parts[0])
//
// The package neither stores nor retries: it tells by the errors of package
// bot what its caller should do. In groups it hears what is meant for it alone:
// a command, its name, a reply to a message of its own. Neither the token nor the secret, a chat's id or a
// person's words appear in its errors and its log.
package telegram

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	tgbot "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/internal/vendorhttp"
)

// ID is the channel's name in messages and addresses.
const ID bot.ChannelID = "telegram"

// DefaultAPI is the vendor's own server.
const DefaultAPI = "https://api.telegram.org"

// Defaults of [Options].
const (
	defaultRate        = 30 // messages a second over all chats: the vendor's FAQ
	defaultTimeout     = 20 * time.Second
	defaultPollTimeout = 30 * time.Second
)

// Options are a channel's settings. Only Token is required; other zero values
// mean the defaults.
type Options struct {
	// Token is the bot's token, "<number>:<letters>", as @BotFather gives it.
	Token string
	// Secret is echoed by Telegram in every webhook request. With an empty one
	// every webhook request is refused, so it is needed unless [Channel.Poll]
	// is used.
	Secret string
	// API is scheme, host and port of the server; default [DefaultAPI].
	API string
	// Polls says that [Channel.Poll] is used: what it brings cannot be handed
	// back without holding up everybody.
	Polls bool
	// Rate is the most messages sent in a second over all chats; default 30.
	Rate int
	// Timeout bounds one call; default 20 seconds.
	Timeout time.Duration
	// PollTimeout is how long the server may hold a poll without news, in
	// whole seconds; default 30, the vendor allows 50.
	PollTimeout time.Duration
	// Now is the clock of Message.ReceivedAt; default [time.Now].
	Now func() time.Time
}

// Channel is the bot's side of Telegram. Make one with [New]; it is safe for
// concurrent use.
type Channel struct {
	log    *slog.Logger
	opt    Options
	botID  string                 // the token's number, which is no secret
	number int64                  // the same
	name   atomic.Pointer[string] // our user name, once it is known
	client *client
	api    *tgbot.Bot
	wait   func(ctx context.Context, d time.Duration) // until d is over or ctx ends
}

var (
	_ bot.Channel   = (*Channel)(nil)
	_ bot.Attendant = (*Channel)(nil)
	_ bot.Typist    = (*Channel)(nil)
	_ bot.Linker    = (*Channel)(nil)
)

// wrongToken is said of a token that cannot be one.
const wrongToken = "HOINQ_TELEGRAM_TOKEN: không đúng dạng “số:chữ”; hãy chép lại nguyên token mà @BotFather đã cấp" //nolint:gosec // it is none

var (
	tokenShape  = regexp.MustCompile(`^[0-9]+:[A-Za-z0-9_-]+$`)
	secretShape = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)
)

// New makes a channel; it calls nobody. The error lists, in Vietnamese and
// without their values, all settings that are wrong.
func New(log *slog.Logger, opt Options) (*Channel, error) {
	opt = opt.withDefaults()
	if err := opt.check(); err != nil {
		return nil, err
	}
	botID, _, _ := strings.Cut(opt.Token, ":")
	number, err := strconv.ParseInt(botID, 10, 64)
	if err != nil {
		return nil, errors.New(wrongToken)
	}
	// The library shall log nothing by itself: its handlers print whole updates.
	quiet := []tgbot.Option{
		tgbot.WithErrorsHandler(func(error) { log.Debug("telegram library error") }),
		tgbot.WithDefaultHandler(func(context.Context, *tgbot.Bot, *models.Update) {}),
	}
	client := &client{http: vendorhttp.New(maxConnections, maxResponse), token: opt.Token}
	api, err := tgbot.New(opt.Token, append(quiet,
		tgbot.WithSkipGetMe(),
		tgbot.WithServerURL(opt.API),
		tgbot.WithHTTPClient(opt.Timeout, client),
	)...)
	if err != nil {
		return nil, errors.New("telegram: the library refused its settings") // unreachable: it objects to an empty token alone
	}
	return &Channel{
		log:    log,
		opt:    opt,
		botID:  botID,
		number: number,
		client: client,
		api:    api,
		wait:   vendorhttp.Wait,
	}, nil
}

func (o Options) withDefaults() Options {
	if o.API == "" {
		o.API = DefaultAPI
	}
	if o.Rate == 0 {
		o.Rate = defaultRate
	}
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	if o.PollTimeout == 0 {
		o.PollTimeout = defaultPollTimeout
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.API = strings.TrimSuffix(o.API, "/")
	return o
}

// check says what is wrong, never what the wrong value is.
func (o Options) check() error {
	var problems []error
	if !tokenShape.MatchString(o.Token) {
		problems = append(problems, errors.New(wrongToken))
	}
	if o.Secret != "" && !secretShape.MatchString(o.Secret) {
		problems = append(problems, errors.New("HOINQ_TELEGRAM_SECRET: chỉ được gồm 1–256 ký tự A–Z, a–z, 0–9, _ và -; hãy tạo lại, ví dụ bằng lệnh “openssl rand -hex 32”"))
	}
	if u, err := url.Parse(o.API); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.User != nil {
		problems = append(problems, errors.New("HOINQ_TELEGRAM_API: phải là giao thức, tên máy và cổng, không có đường dẫn, ví dụ "+DefaultAPI))
	}
	if o.Rate < 0 {
		problems = append(problems, errors.New("HOINQ_TELEGRAM_RATE: phải là số nguyên dương (số tin nhắn mỗi giây)"))
	}
	return errors.Join(problems...)
}

// Profile is what Telegram says of the bot.
type Profile struct {
	// Username is its name without the "@".
	Username string
	// Inline says that the bot may be called in any chat; ReadsGroups that it
	// is shown all messages in groups and not only those that concern it. Both
	// are switched by @BotFather.
	Inline, ReadsGroups bool
}

// Check asks Telegram who the bot is. From then on the bot knows its name:
// before, nobody can call it in a group by that, and there are no links to
// passages.
func (c *Channel) Check(ctx context.Context) (Profile, error) {
	ctx, cancel := context.WithTimeout(ctx, c.opt.Timeout)
	defer cancel()
	var me struct { // the library's type has another name for "supports_inline_queries"
		Username string `json:"username"`
		Inline   bool   `json:"supports_inline_queries"`
		ReadsAll bool   `json:"can_read_all_group_messages"`
	}
	if err := c.call(ctx, "getMe", struct{}{}, &me); err != nil {
		return Profile{}, called("getMe", err)
	}
	c.name.Store(&me.Username)
	return Profile{Username: me.Username, Inline: me.Inline, ReadsGroups: me.ReadsAll}, nil
}

// username is the bot's own name; empty as long as it is not known.
func (c *Channel) username() string {
	if name := c.name.Load(); name != nil {
		return *name
	}
	return ""
}

// PassageLink implements [bot.Linker].
func (c *Channel) PassageLink(payload string) string {
	if c.username() == "" {
		return ""
	}
	return "https://t.me/" + c.username() + "?start=" + payload
}

// called wraps the error of a call, if any. What the library says itself is
// dropped: it may quote addresses and bodies.
func called(method string, err error) error {
	var refused *refusedError
	var unreached *vendorhttp.UnreachedError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused):
		err = refused
	case errors.As(err, &unreached):
		err = unreached
	default:
		err = errors.New("the answer does not fit the method")
	}
	return fmt.Errorf("telegram %s: %w", method, err)
}
