package portal

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/internal/ratelimit"
)

// ID is the channel's name in messages and addresses.
const ID bot.ChannelID = "portal"

// Route is where portals post, as a pattern of [http.ServeMux].
const Route = "/webhooks/portal/{" + pathID + "}"

const pathID = "client"

// The types of event.
const (
	typeAsked    = "question.asked"
	typeAnswered = "question.answered"
)

// maxConversation is the longest name of a conversation, in characters, as in
// the public API.
const maxConversation = 128

// defaultTimeout bounds one callback: the standard says 15 to 30 seconds.
const defaultTimeout = 20 * time.Second

// Options are a channel's settings. The zero value means the defaults.
type Options struct {
	// Timeout bounds one callback; default 20 seconds.
	Timeout time.Duration
	// Now is the clock of timestamps, both ways; default [time.Now].
	Now func() time.Time
}

// Channel is our side of all portals. Make one with [New]; it is safe for
// concurrent use.
type Channel struct {
	clients Clients
	opt     Options
	limits  map[string]*ratelimit.Limiter // of requests, by client
	// guarded connects to public addresses only, open to all.
	guarded, open *http.Client
}

var _ bot.Channel = (*Channel)(nil)

// New makes a channel; it calls nobody.
func New(clients Clients, opt Options) *Channel {
	if opt.Timeout == 0 {
		opt.Timeout = defaultTimeout
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	c := &Channel{
		clients: clients, opt: opt, limits: map[string]*ratelimit.Limiter{},
		guarded: newHTTPClient(false), open: newHTTPClient(true),
	}
	for _, one := range clients.list {
		c.limits[one.id] = ratelimit.New(float64(one.perMinute)/60, one.perMinute, opt.Now)
	}
	return c
}

// Limits implements [bot.Channel]: a portal takes what it asked for, and the
// pauses are those that the standard gives as an example.
func (c *Channel) Limits() bot.Limits {
	return bot.Limits{
		Redelivers: true,
		AtOnce:     maxCalls,
		Accounts:   len(c.clients.list),
		Retries: []time.Duration{
			5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour,
		},
	}
}

// asked is the body of a request.
type asked struct {
	Type string `json:"type"`
	Data struct {
		Conversation string `json:"conversation"`
		Question     string `json:"question"`
	} `json:"data"`
}

// Receive implements [bot.Channel] for the requests to [Route]. The caller
// bounds the body; its *http.MaxBytesError comes back wrapped.
func (c *Channel) Receive(r *http.Request) ([]bot.Message, error) {
	client, known := c.clients.find(r.PathValue(pathID))
	signed, ok := readSigned(r.Header, c.opt.Now())
	if !ok {
		return nil, fmt.Errorf("portal webhook: %w", bot.ErrForged)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, fmt.Errorf("portal webhook: read body: %w", err)
	}
	if !signed.by(client.keys, body) || !known {
		return nil, fmt.Errorf("portal webhook: %w", bot.ErrForged)
	}
	if ok, wait := c.limits[client.id].Allow(""); !ok {
		return nil, fmt.Errorf("portal webhook: %w", &bot.TooFastError{After: wait})
	}
	return c.read(client.id, signed.id, body)
}

// read reads the body of a request that client has signed.
func (c *Channel) read(client, id string, body []byte) ([]bot.Message, error) {
	var head struct {
		Type string `json:"type"`
	}
	if !utf8.Valid(body) || json.Unmarshal(body, &head) != nil || head.Type == "" {
		return nil, fmt.Errorf("portal webhook: no event: %w", bot.ErrMalformed)
	}
	if head.Type != typeAsked {
		return nil, nil
	}
	var event asked
	if json.Unmarshal(body, &event) != nil {
		return nil, fmt.Errorf("portal webhook: no question: %w", bot.ErrMalformed)
	}
	conversation := event.Data.Conversation
	if strings.TrimSpace(conversation) == "" || utf8.RuneCountInString(conversation) > maxConversation {
		return nil, fmt.Errorf("portal webhook: no conversation: %w", bot.ErrMalformed)
	}
	return []bot.Message{{
		Channel: ID, Bot: client, ID: client + "/" + id,
		Conversation: client + "/" + conversation,
		Kind:         bot.KindText, Text: event.Data.Question,
		Address:    bot.Address{Channel: ID, Bot: client, Chat: conversation, Message: id},
		ReceivedAt: c.opt.Now().UTC(),
	}}, nil
}
