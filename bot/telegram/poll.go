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
const (
	conflictRemedy = "a webhook is set for this bot: remove it with \"hoinq webhook delete\", or set HOINQ_TELEGRAM_MODE=webhook; if none is, another program polls with the same token: end it"
	// hookedReason is Telegram's, when it is a webhook.
	hookedReason = "webhook is active"
)

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
	hooked := false // and was said
	for ctx.Err() == nil {
		err := p.once(ctx)
		if err == nil || ctx.Err() != nil {
			pause, hooked = 0, false
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
		if isRefused && refused.says(hookedReason) {
			level = c.log.Error
			if hooked {
				level = c.log.Debug
			}
			hooked = true
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
func (p *poller) fetch(ctx context.Context) (updates []json.RawMessage, err error) {
	opt := p.channel.opt
	ctx, cancel := context.WithTimeout(ctx, opt.PollTimeout+opt.Timeout)
	defer cancel()
	err = p.channel.call(ctx, "getUpdates", map[string]any{
		"offset":          p.next,
		"timeout":         int(opt.PollTimeout.Seconds()),
		"allowed_updates": Kinds(),
	}, &updates)
	return updates, err
}

// call calls a method with a body of our own. result may be nil.
func (c *Channel) call(ctx context.Context, method string, body, result any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.opt.API+"/bot"+c.opt.Token+"/"+method, bytes.NewReader(encode(body)))
	if err != nil {
		return err // unreachable: New checked the address
	}
	r.Header.Set("Content-Type", "application/json")
	response, err := c.client.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if result == nil {
		return nil
	}
	a := struct {
		Result any `json:"result"`
	}{result}
	return json.NewDecoder(response.Body).Decode(&a)
}
