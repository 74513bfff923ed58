package portal

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/internal/vendorhttp"
)

// maxAnswer bounds what is read of the answer to a callback, in bytes. It is
// read only so that the connection can be used again.
const maxAnswer = 64 << 10

// maxRetryAfter is the longest wait that is obeyed: the longest pause that we
// would make by ourselves.
const maxRetryAfter = 10 * time.Hour

// maxCalls is how many callbacks of one client are under way at a time.
const maxCalls = 3

// data is what Render makes: the data of an event.
type data struct {
	Conversation string       `json:"conversation"`
	QuestionID   string       `json:"question_id"`
	Answer       bot.Response `json:"answer"`
}

// answered is the body of a callback.
type answered struct {
	Type      string          `json:"type"`
	Timestamp string          `json:"timestamp"`
	Data      json.RawMessage `json:"data"`
}

// Render implements [bot.Channel]: one event for each question. A remark beside
// an answer has no place in it. Time and signature come with the sending.
func (c *Channel) Render(reply bot.Reply) ([]bot.Part, error) {
	if reply.Aside {
		return nil, nil
	}
	d := data{Conversation: reply.Address.Chat, QuestionID: reply.Address.Message, Answer: object(reply)}
	d.Answer.ID = d.QuestionID
	body, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("portal callback: %w", err) // unreachable: strings and numbers
	}
	return []bot.Part{{Address: reply.Address, Body: body}}, nil
}

// object is the answer object of a reply. Where a reply answers no question,
// its words are those of an object that says so.
func object(reply bot.Reply) bot.Response {
	if reply.Answer != nil {
		return *reply.Answer
	}
	var paragraphs []string
	for _, b := range reply.Blocks {
		if b.Text != "" {
			paragraphs = append(paragraphs, b.Text)
		}
	}
	return bot.Response{
		Reason: "no_match", Mode: "extractive", Text: strings.Join(paragraphs, "\n\n"),
		Citations: []corpus.Citation{}, Nearest: []corpus.Citation{}, Suggestions: []string{},
	}
}

// Send implements [bot.Channel].
func (c *Channel) Send(ctx context.Context, part bot.Part) (bot.SentID, error) {
	client, known := c.clients.find(part.Address.Bot)
	if !known {
		return "", errors.New("portal callback: its client is no longer in the file of HOINQ_PORTAL_CLIENTS; put it back, or drop the reply with hoinq queue dead")
	}
	id := part.Address.Message + "-answer"
	status, after, err := c.post(ctx, client, id, part.Body)
	if err != nil {
		return "", fmt.Errorf("portal callback of %s: %w", client.id, err)
	}
	if status >= 200 && status <= 299 {
		return bot.SentID(id), nil
	}
	return "", fmt.Errorf("portal callback of %s: %w", client.id, verdict(status, after, part.Address.Chat))
}

// post makes one attempt.
func (c *Channel) post(ctx context.Context, client client, id string, data []byte) (status int, after time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.opt.Timeout)
	defer cancel()
	now := c.opt.Now()
	body, err := json.Marshal(answered{Type: typeAnswered, Timestamp: now.UTC().Format(time.RFC3339), Data: data})
	if err != nil {
		return 0, 0, errors.New("the part is not one of ours")
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, client.callback.String(), bytes.NewReader(body))
	if err != nil {
		return 0, 0, errors.New("its address cannot be used") // unreachable: ParseClients checked it
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "hoinq")
	client.keys[0].sign(r.Header, id, now, body)
	sender := c.guarded
	if client.allowPrivate {
		sender = c.open
	}
	response, err := sender.Do(r)
	if err != nil {
		return 0, 0, unreached(err)
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, maxAnswer)) // the status says it all
	return response.StatusCode, retryAfter(response.Header, now), nil
}

// unreached is the error of a call that got no answer, without the address, in
// which a portal may have put a secret.
func unreached(cause error) error {
	err := error(vendorhttp.Unreached(cause))
	if errors.Is(err, errNotPublic) {
		err = fmt.Errorf("%w: mend the callback, or set allow_private where the portal stands in our own network", err)
	}
	return err
}

// statusError is an answer other than 2xx.
type statusError struct{ code int }

func (e *statusError) Error() string {
	text := fmt.Sprintf("answered %d", e.code)
	switch {
	case e.code >= 300 && e.code <= 399:
		text += " (redirects are not followed: set callback to the final address)"
	case e.code == http.StatusUnauthorized || e.code == http.StatusForbidden:
		text += " (the portal does not take our signature: compare the first secret and the clocks)"
	case e.code == http.StatusNotFound || e.code == http.StatusMethodNotAllowed:
		text += " (nothing takes answers there: check callback)"
	}
	return text
}

// StatusCode is the portal's.
func (e *statusError) StatusCode() int { return e.code }

// verdict is what an answer other than 2xx means. A refusal, 4xx, may be mended
// at the portal and is tried again like any failure.
func verdict(status int, after time.Duration, chat string) error {
	err := error(&statusError{code: status})
	switch status {
	case http.StatusGone:
		return fmt.Errorf("%w: %w", err, bot.ErrGone)
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		if after > 0 {
			return fmt.Errorf("%w: %w", err, &bot.RateLimitedError{After: after, Chat: chat})
		}
	}
	return err
}

// retryAfter is how long the portal wants us to wait, in seconds or until a
// date; 0 if it does not say.
func retryAfter(header http.Header, now time.Time) time.Duration {
	said := header.Get("Retry-After")
	after := time.Duration(0)
	if seconds, err := strconv.ParseUint(said, 10, 31); err == nil {
		after = time.Duration(seconds) * time.Second
	} else if at, err := http.ParseTime(said); err == nil {
		after = at.Sub(now)
	}
	return min(max(after, 0), maxRetryAfter)
}
