// Package zalobot is the channel to the Zalo Bot Platform: it reads events into
// messages, lays replies out as plain text and sends them. It is not the channel
// to Zalo's Official Accounts, which is bot/zalooa and shares no format with it.
//
// Events reach a [Channel] either by webhook, through Receive, or by polling,
// through [Channel.Poll]; both read them in the same way:
//
//	channel, err := zalobot.New(log, zalobot.Options{Token: token, Secret: secret})
//	…
//	name, err := channel.Check(ctx) // so that it knows when it is mentioned
//	messages, err := channel.Receive(request) // 401, or store, then 200
//	parts, err := channel.Render(reply)
//	id, err := channel.Send(ctx, parts[0])
//
// In a group the vendor delivers what mentions the bot or answers it, and
// everything that is delivered is taken to be meant for us.
//
// The vendor says little of how its platform behaves. Where it is silent, or
// where what it says is not what others have seen, both readings are accepted:
// an event may come in an envelope or bare, alone or in a list, an id may be a
// number. What nobody has said, such as how much may be sent, is a setting.
//
// The package neither stores nor retries: it tells by the errors of package bot
// what its caller should do. Neither the token nor the secret, a chat's id or a
// person's words appear in its errors and its log.
package zalobot

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/internal/vendorhttp"
)

// ID is the channel's name in messages and addresses.
const ID bot.ChannelID = "zalo-bot"

// DefaultAPI is the vendor's own server. An older one is
// https://bot-api.zapps.me.
const DefaultAPI = "https://bot-api.zaloplatforms.com"

// Defaults of [Options].
const (
	defaultRate    = 5 // messages a second over all chats; the vendor names no limit
	defaultTimeout = 15 * time.Second
	// defaultPollTimeout is shorter than the vendor's 30 seconds: the end of the
	// program waits for the poll under way, see [Channel.Poll].
	defaultPollTimeout = 5 * time.Second
)

// connections is how many calls are kept open for the next: as many as parts
// are sent at the same time.
const connections = 8

// Options are a channel's settings. Only Token is required; other zero values
// mean the defaults.
type Options struct {
	// Token is the bot's token, "<number>:<letters>", as the vendor sends it in
	// a message.
	Token string
	// Secret is echoed by the vendor in every webhook request: 8 to 256
	// characters. With an empty one every webhook request is refused, so it is
	// needed unless [Channel.Poll] is used.
	Secret string
	// API is scheme, host and port of the server; default [DefaultAPI].
	API string
	// Rate is the most messages sent in a second over all chats; default 5.
	Rate int
	// Timeout bounds one call; default 15 seconds.
	Timeout time.Duration
	// PollTimeout is how long the server may hold a poll without news, in
	// whole seconds; default 5.
	PollTimeout time.Duration
	// Now is the clock of Message.ReceivedAt and of the pauses; default
	// [time.Now].
	Now func() time.Time
}

// Channel is the bot's side of the platform. Make one with [New]; it is safe
// for concurrent use.
type Channel struct {
	log   *slog.Logger
	opt   Options
	botID string // the token's number, which is no secret
	http  *vendorhttp.Client
	wait  func(ctx context.Context, d time.Duration) // until d is over or ctx ends
	pause pauses

	// names are those of the bot, as people mention it; nil until Check has asked
	// for them.
	names atomic.Pointer[[]string]
}

var _ bot.Channel = (*Channel)(nil)

var (
	tokenShape  = regexp.MustCompile(`^[0-9]+:[A-Za-z0-9._~=+-]+$`)
	secretShape = regexp.MustCompile(`^[!-~]{8,256}$`) // what a header can carry
)

// New makes a channel; it calls nobody. The error lists, in Vietnamese and
// without their values, all settings that are wrong.
func New(log *slog.Logger, opt Options) (*Channel, error) {
	opt = opt.withDefaults()
	if err := opt.check(); err != nil {
		return nil, err
	}
	botID, _, _ := strings.Cut(opt.Token, ":")
	return &Channel{
		log:   log,
		opt:   opt,
		botID: botID,
		http:  vendorhttp.New(connections, maxResponse),
		wait:  vendorhttp.Wait,
		pause: pauses{last: map[string]time.Duration{}},
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
		problems = append(problems, errors.New("HOINQ_ZALO_BOT_TOKEN: không đúng dạng “số:chữ”; hãy chép lại nguyên token mà Zalo Bot Manager đã gửi qua tin nhắn Zalo"))
	}
	if o.Secret != "" && !secretShape.MatchString(o.Secret) {
		problems = append(problems, errors.New("HOINQ_ZALO_BOT_SECRET: phải gồm 8–256 ký tự không dấu, không có khoảng trắng; hãy tạo lại, ví dụ bằng lệnh “openssl rand -hex 32”"))
	}
	if u, err := url.Parse(o.API); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.User != nil {
		problems = append(problems, errors.New("HOINQ_ZALO_BOT_API: phải là giao thức, tên máy và cổng, không có đường dẫn, ví dụ "+DefaultAPI))
	}
	if o.Rate < 0 {
		problems = append(problems, errors.New("HOINQ_ZALO_BOT_RATE: phải là số nguyên dương (số tin nhắn mỗi giây)"))
	}
	return errors.Join(problems...)
}

// Limits implements [bot.Channel]. The vendor names no limit: the rate over all
// chats is a setting, and that to one chat is what a person can read.
//
// Whether it delivers again what was answered with 503 is not said either. Of
// the two readings the harmless one is taken: a flood is taken in and dropped,
// as a vendor that does not repeat would lose it anyway, and one that counts
// failures may switch the webhook off.
func (c *Channel) Limits() bot.Limits {
	return bot.Limits{
		PerSecond: float64(c.opt.Rate),
		PerChat:   bot.Rate{Every: time.Second, Burst: 10},

		Redelivers: false,
	}
}
