package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/hoinq/hoinq/bot"
)

// How long polling waits after a failure: twice as long each time.
const (
	firstPause = time.Second
	maxPause   = 30 * time.Second
)

// conflictRemedy is said when Telegram refuses to be polled.
const conflictRemedy = "either a webhook is set for this bot: remove it with deleteWebhook or set HOINQ_TELEGRAM_MODE=webhook; or another program polls with the same token: end it"

// Poll fetches updates until ctx ends, and returns nil then; nothing else ends
// it. accept stores a message durably: only when it has returned nil for an
// update is Telegram told, by the next poll, that it may forget it. After an
// error the same update comes again.
//
// A webhook that is set is not removed: it may belong to a service that is
// running.
func (c *Channel) Poll(ctx context.Context, accept func(ctx context.Context, m bot.Message) error) error {
	p := poller{channel: c, accept: accept}
	var pause time.Duration
	for ctx.Err() == nil {
		err := p.once(ctx)
		if err == nil || ctx.Err() != nil {
			pause = 0
			continue
		}
		pause = max(firstPause, min(2*pause, maxPause))
		var refused *refusedError
		level, isRefused := c.log.Warn, errors.As(err, &refused)
		if isRefused && (refused.code == http.StatusUnauthorized || refused.code == http.StatusNotFound) {
			level = c.log.Error // nothing mends it but a person
		}
		if isRefused {
			pause = max(pause, refused.retryAfter)
		}
		level("polling failed and goes on", "channel", ID, "error", err, "pause", pause)
		c.wait(ctx, pause)
	}
	return nil
}

// poller is one run of Poll.
type poller struct {
	channel *Channel
	accept  func(context.Context, bot.Message) error
	// next is the first update that is not accepted yet. Telegram forgets all
	// before it. It starts at 0, the oldest that Telegram still has.
	next int64
}

// once polls once and accepts what comes.
func (p *poller) once(ctx context.Context) error {
	updates, err := p.fetch(ctx)
	if err != nil {
		return called("getUpdates", err)
	}
	var unsound error
	for _, update := range updates {
		id, err := updateID(update)
		if err != nil { // those after it take us past it
			unsound = err
			continue
		}
		for _, m := range p.channel.messages(id, update) {
			if err := p.accept(ctx, m); err != nil {
				return err
			}
		}
		p.next = id + 1
	}
	return unsound
}

// fetch calls getUpdates, which the library does not export.
func (p *poller) fetch(ctx context.Context) ([]json.RawMessage, error) {
	opt := p.channel.opt
	ctx, cancel := context.WithTimeout(ctx, opt.PollTimeout+opt.Timeout)
	defer cancel()
	body, err := json.Marshal(map[string]any{
		"offset":          p.next,
		"timeout":         int(opt.PollTimeout.Seconds()),
		"allowed_updates": kindsOfUpdate(),
	})
	if err != nil {
		return nil, err // unreachable: numbers and strings
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, opt.API+"/bot"+opt.Token+"/getUpdates", bytes.NewReader(body))
	if err != nil {
		return nil, err // unreachable: New checked the address
	}
	r.Header.Set("Content-Type", "application/json")
	response, err := p.channel.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	var a struct {
		Result []json.RawMessage `json:"result"`
	}
	err = json.NewDecoder(response.Body).Decode(&a)
	return a.Result, err
}
