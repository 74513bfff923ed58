package telegram

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// maxResponse bounds an answer of the vendor. The largest are those to
// getUpdates: 100 messages of at most some 60 kB each, reply and entities
// included.
const maxResponse = 16 << 20

// client makes the calls of the library and of [Channel.Poll]. It returns an
// answer only if it says "ok"; everything else becomes an error that holds
// neither the address, in which the token stands, nor the body. The library
// would put both into its errors: the token when a request cannot be built,
// the body when it is not JSON.
type client struct {
	http  *http.Client
	token string
}

// answer is the envelope of every answer of the Bot API.
type answer struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

// Do implements the library's HttpClient. Its errors are of the types
// [refusedError] and [unreachedError].
func (c *client) Do(r *http.Request) (*http.Response, error) {
	response, err := c.http.Do(r)
	if err != nil {
		return nil, &unreachedError{cause: harmless(err)}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxResponse+1))
	if err != nil {
		return nil, &unreachedError{cause: harmless(err)}
	}
	var a answer
	if len(body) > maxResponse || json.Unmarshal(body, &a) != nil {
		return nil, &refusedError{code: response.StatusCode, description: "unreadable answer"}
	}
	if !a.OK {
		if a.Code == 0 {
			a.Code = response.StatusCode
		}
		return nil, &refusedError{
			code:        a.Code,
			description: c.harmless(a.Description),
			retryAfter:  time.Duration(a.Parameters.RetryAfter) * time.Second,
			migrateTo:   a.Parameters.MigrateTo,
		}
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, nil
}

// refusedError is an answer of the vendor that is not "ok".
type refusedError struct {
	code        int
	description string // without anything of a person, see [client.harmless]
	retryAfter  time.Duration
	migrateTo   int64
}

func (e *refusedError) Error() string {
	text := fmt.Sprintf("answered %d: %s", e.code, e.description)
	switch e.code {
	case http.StatusUnauthorized, http.StatusNotFound:
		// Telegram answers so to a token that it does not know.
		text += " (the token is not valid: set HOINQ_TELEGRAM_TOKEN to the present one of @BotFather, and HOINQ_TELEGRAM_API to the Bot API)"
	case http.StatusConflict:
		text += " (" + conflictRemedy + ")"
	}
	return text
}

// says reports whether the description holds one of the phrases.
func (e *refusedError) says(phrases ...string) bool {
	for _, phrase := range phrases {
		if strings.Contains(strings.ToLower(e.description), phrase) {
			return true
		}
	}
	return false
}

var (
	longNumber = regexp.MustCompile(`[0-9]{5,}`)
	plainWords = regexp.MustCompile(`^[A-Za-z0-9 :;,._'/()-]*`)
)

// harmless is the beginning of a description that can be shown in a log: up to
// the first quotation or foreign letter, which may be of a person's text, and
// without numbers as long as an id.
func (c *client) harmless(description string) string {
	_, secret, _ := strings.Cut(c.token, ":")
	if strings.Contains(description, secret) {
		return "description withheld"
	}
	return longNumber.ReplaceAllString(plainWords.FindString(description), "#")
}

// unreachedError is a call that got no answer.
type unreachedError struct{ cause error }

func (e *unreachedError) Error() string { return "no answer: " + e.cause.Error() }

func (e *unreachedError) Unwrap() error { return e.cause }

// harmless is the innermost error that says why there was no answer. Those
// around it quote the address or a header, in which the token may stand.
func harmless(err error) error {
	var operation *net.OpError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.Is(err, context.DeadlineExceeded):
		return context.DeadlineExceeded
	case errors.As(err, &operation):
		return operation
	case errors.As(err, &certificate):
		return certificate
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return io.ErrUnexpectedEOF
	}
	return errors.New("the connection failed")
}
