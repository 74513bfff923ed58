package zalobot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/hoinq/hoinq/internal/vendorhttp"
)

// maxResponse bounds an answer of the vendor. The largest are those to
// getUpdates, which hold one message.
const maxResponse = 1 << 20

// maxRetryAfter is the longest wait that is obeyed, in seconds: a day, after
// which a reply has expired.
const maxRetryAfter = 24 * 60 * 60

// answer is the envelope of every answer. Its status may be 200 where it is not
// "ok".
type answer struct {
	OK          *bool           `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        number          `json:"error_code"`
	Description string          `json:"description"`
	// Where the vendor would say how long to wait is not documented.
	RetryAfter number `json:"retry_after"`
	Parameters struct {
		RetryAfter number `json:"retry_after"`
	} `json:"parameters"`
}

// number is an integer that may come as a string; 0 for anything else.
type number int64

// UnmarshalJSON implements [json.Unmarshaler].
func (n *number) UnmarshalJSON(b []byte) error {
	v, err := strconv.ParseInt(strings.Trim(string(b), `"`), 10, 64)
	if err == nil {
		*n = number(v)
	}
	return nil
}

// call calls a method with parameters, all of them strings, and returns its
// result. Its errors hold neither the address, in which the token stands, nor
// the body: they are of the types [refusedError] and
// [vendorhttp.UnreachedError].
func (c *Channel) call(ctx context.Context, method string, parameters map[string]string) (json.RawMessage, error) {
	body, err := json.Marshal(parameters)
	if err != nil {
		return nil, fmt.Errorf("zalo bot %s: %w", method, err) // unreachable: strings
	}
	return c.post(ctx, method, body)
}

// post is [Channel.call] with parameters that are JSON already.
func (c *Channel) post(ctx context.Context, method string, body []byte) (json.RawMessage, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.opt.API+"/bot"+c.opt.Token+"/"+method, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("zalo bot %s: %w", method, vendorhttp.Unreached(err)) // unreachable: New checked the address
	}
	r.Header.Set("Content-Type", "application/json")
	got, err := c.http.Do(r)
	if err != nil {
		return nil, fmt.Errorf("zalo bot %s: %w", method, err)
	}
	var a answer
	if json.Unmarshal(got.Body, &a) != nil || a.OK == nil {
		return nil, fmt.Errorf("zalo bot %s: %w", method, vendorhttp.Foreign(got.Status))
	}
	if *a.OK {
		return a.Result, nil
	}
	return nil, fmt.Errorf("zalo bot %s: %w", method, refusal(a, got))
}

// refusal is what an answer that is not "ok" says.
func refusal(a answer, got vendorhttp.Answer) *refusedError {
	if a.Code == 0 {
		a.Code = number(got.Status)
	}
	seconds := max(a.RetryAfter, a.Parameters.RetryAfter)
	if seconds == 0 {
		_ = seconds.UnmarshalJSON([]byte(got.Header.Get("Retry-After"))) // it has no error
	}
	return &refusedError{
		code:       int(a.Code),
		reason:     reasons(a.Description),
		retryAfter: time.Duration(min(max(seconds, 0), maxRetryAfter)) * time.Second,
	}
}

// ErrUnknownBot says that the vendor knows no bot with this token; tested with
// errors.Is.
var ErrUnknownBot = errors.New("the vendor does not know the token")

// refusedError is an answer of the vendor that is not "ok".
type refusedError struct {
	code       int
	reason     string // of knownReasons, and so without anything of a person
	retryAfter time.Duration
}

func (e *refusedError) Error() string {
	text := fmt.Sprintf("answered %d: %s", e.code, e.reason)
	if e.badToken() {
		text += " (the token is not valid: set HOINQ_ZALO_BOT_TOKEN to that of Zalo Bot Manager's message, and HOINQ_ZALO_BOT_API to the vendor's server)"
	}
	return text
}

// Is reports whether the refusal is [ErrUnknownBot].
func (e *refusedError) Is(target error) bool { return target == ErrUnknownBot && e.badToken() } //nolint:errorlint // errors.Is asks for this

// StatusCode is the vendor's.
func (e *refusedError) StatusCode() int { return e.code }

// badToken reports whether the vendor does not know the bot.
func (e *refusedError) badToken() bool {
	return e.code == http.StatusUnauthorized || e.code == http.StatusNotFound && !e.noSuchChat()
}

// noNews reports whether a poll was answered without an event.
func (e *refusedError) noNews() bool { return e.code == http.StatusRequestTimeout }

func (e *refusedError) noSuchChat() bool { return e.says("chat not found", "user not found") }

func (e *refusedError) tooFast() bool {
	return e.code == http.StatusTooManyRequests || e.says("too many requests", "rate limit")
}

// says reports whether the reason holds one of the phrases.
func (e *refusedError) says(phrases ...string) bool {
	for _, phrase := range phrases {
		if strings.Contains(e.reason, phrase) {
			return true
		}
	}
	return false
}

// knownReasons are what the vendor may say, in lower case; read-only. They
// decide what a refusal means, and are all of it that is ever logged: the rest
// of a description may quote a person.
var knownReasons = []string{
	"chat not found", "user not found", "too many requests", "rate limit", "unauthorized", "forbidden", "bad request",
	"message is too long", "text is empty", "timeout", "webhook", "invalid url", "secret_token", "method not found", "not found", "internal server error",
}

// reasons are the known reasons in a description.
func reasons(description string) string {
	var known []string
	description = strings.ToLower(description)
	for _, reason := range knownReasons {
		if strings.Contains(description, reason) {
			known = append(known, reason)
		}
	}
	if len(known) == 0 {
		return "for a reason not known here"
	}
	return strings.Join(known, ", ")
}

// refused is the vendor's refusal in an error; nil if there is none.
func refused(err error) *refusedError {
	var r *refusedError
	errors.As(err, &r)
	return r
}
