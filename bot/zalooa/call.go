package zalooa

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/internal/vendorhttp"
)

// maxAnswer bounds an answer of the vendor, in bytes. They have some hundreds.
const maxAnswer = 1 << 20

// The headers by which the vendor speaks of its limit.
const (
	limitHeader = "X-RateLimit-Remain" // calls that are left in this minute
	retryHeader = "Retry-After"        // not documented; what stands before the vendor may send it
)

// call makes a call with an access token. When the vendor does not know that
// any more, it is renewed once. The errors are those of package bot.
func (c *Channel) call(ctx context.Context, path string, body []byte) (data json.RawMessage, err error) {
	if wait := c.silence(); wait > 0 {
		return nil, &bot.RateLimitedError{After: wait}
	}
	token, err := c.tokens.token(ctx, "")
	if err != nil {
		return nil, err
	}
	data, err = c.post(ctx, path, token, body)
	var refused *refusedError
	if errors.As(err, &refused) && refused.staleToken() {
		again, renewed := c.tokens.token(ctx, token)
		if renewed != nil {
			return nil, fmt.Errorf("%w; %w", err, renewed)
		}
		data, err = c.post(ctx, path, again, body)
	}
	return data, err
}

// post makes one call.
func (c *Channel) post(ctx context.Context, path, token string, body []byte) (json.RawMessage, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.opt.API+path, bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("zalo-oa: the request cannot be built") // unreachable: the address was checked
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("access_token", token)
	answer, err := c.http.Do(r)
	if err != nil {
		return nil, fmt.Errorf("zalo-oa %s: %w", path, err)
	}
	data, err := c.read(answer)
	if err != nil {
		return nil, fmt.Errorf("zalo-oa %s: %w", path, err)
	}
	return data, nil
}

// read is the data in an answer of the API.
func (c *Channel) read(answer vendorhttp.Answer) (json.RawMessage, error) {
	var envelope struct {
		Error word            `json:"error"`
		Data  json.RawMessage `json:"data"`
	}
	bad := json.Unmarshal(answer.Body, &envelope)
	code, noCode := strconv.Atoi(string(envelope.Error))
	switch {
	case code == rateLimited, answer.Status == http.StatusTooManyRequests:
		wait := c.untilNextMinute()
		if seconds, err := strconv.ParseUint(answer.Header.Get(retryHeader), 10, 16); err == nil && seconds > 0 {
			wait = time.Duration(seconds) * time.Second
		}
		return nil, fmt.Errorf("%w: %w", &refusedError{code: rateLimited}, &bot.RateLimitedError{After: c.fallSilent(wait)})
	case bad != nil || noCode != nil:
		return nil, vendorhttp.Foreign(answer.Status)
	}
	if left, err := strconv.Atoi(answer.Header.Get(limitHeader)); err == nil && left <= 0 {
		c.fallSilent(c.untilNextMinute())
	}
	if code != 0 {
		refused := &refusedError{code: code}
		if means := meanings[code].means; means != nil {
			return nil, fmt.Errorf("%w: %w", refused, means)
		}
		return nil, refused
	}
	return envelope.Data, nil
}

// untilNextMinute is how long the vendor's limit lasts: its count begins anew
// with every minute, of a clock that may differ from ours by a second.
func (c *Channel) untilNextMinute() time.Duration {
	now := c.opt.Now()
	return now.Truncate(time.Minute).Add(time.Minute + time.Second).Sub(now)
}

// fallSilent makes no call for a while, which it returns.
func (c *Channel) fallSilent(wait time.Duration) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.silent = c.opt.Now().Add(wait)
	return wait
}

// silence is how long no call may be made; 0 or less for no time.
func (c *Channel) silence() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.silent.Sub(c.opt.Now())
}

// refusedError is an answer of the vendor that is not a success.
type refusedError struct{ code int }

func (e *refusedError) Error() string {
	words := meanings[e.code].words
	if words == "" {
		words = "for a reason not known here"
	}
	return fmt.Sprintf("answered %d: %s", e.code, words)
}

// StatusCode is the vendor's code, which is negative.
func (e *refusedError) StatusCode() int { return e.code }

// staleToken reports whether another access token may be taken.
func (e *refusedError) staleToken() bool { return e.code == -216 || e.code == -220 }

// Codes that decide more than the error.
const (
	rateLimited  = -32
	badParameter = -201
)

// meaning is what a code of the vendor says, and what the caller is to do; nil
// is to try again. The vendor's own words are not repeated: they may quote a
// person.
type meaning struct {
	words string
	means error
}

// meanings are those of the vendor's list of codes; read-only. What is not
// there is tried again.
var meanings = map[int]meaning{
	rateLimited:  {words: "too many calls in this minute"},
	-100:         {"the attachment has expired", bot.ErrRefused},
	-200:         {words: "sending failed"},
	badParameter: {"a parameter is wrong", bot.ErrRefused},
	-204:         {"the OA is disabled", bot.ErrRefused},
	-205:         {"the OA is not known", bot.ErrRefused},
	-209:         {"the app is not active: switch it on in the developer console", bot.ErrRefused},
	-210:         {"a parameter is too large", bot.ErrRefused},
	-211:         {"the OA's quota is used up", bot.ErrRefused},
	-212:         {"the app has not registered this API", bot.ErrRefused},
	-213:         {"the person does not follow the OA", bot.ErrGone},
	-214:         {"an article is being processed", bot.ErrRefused},
	-216:         {words: "the access token is not valid"},
	-217:         {"the person has blocked the OA", bot.ErrGone},
	-218:         {"the person gets no more messages for now", bot.ErrRefused},
	-219:         {"the app was removed", bot.ErrRefused},
	-220:         {words: "the access token has expired or was removed"},
	-221:         {"the OA is not verified", bot.ErrRefused},
	-223:         {"the OA has not granted this API to the app", bot.ErrRefused},
	-224:         {"the OA's package does not cover this API", bot.ErrRefused},
	-227:         {"the person is banned or inactive", bot.ErrGone},
	-230:         {"the person has not written for seven days", bot.ErrGone},
	-232:         {"the person has not written, or too long ago", bot.ErrGone},
	-233:         {"the kind of message is not supported", bot.ErrRefused},
	-234:         {"not at night", bot.ErrRefused},
	-240:         {"this version of the API is switched off", bot.ErrRefused},
	-242:         {"the proof of the app's secret is wrong", bot.ErrRefused},
	-244:         {"the person wants no messages of the OA", bot.ErrGone},
	-248:         {"against the vendor's policy", bot.ErrRefused},
	-320:         {"the app has no account to charge", bot.ErrRefused},
	-321:         {"the account to charge is empty", bot.ErrRefused},
}
