package telegram

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/hoinq/hoinq/internal/vendorhttp"
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
	http  *vendorhttp.Client
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

// maxRetryAfter is the longest wait that is obeyed, in seconds: a day, after
// which a reply has expired.
const maxRetryAfter = 24 * 60 * 60

// Do implements the library's HttpClient. Its errors are of the types
// [refusedError] and [vendorhttp.UnreachedError].
func (c *client) Do(r *http.Request) (*http.Response, error) {
	r, err := whole(r)
	if err != nil {
		return nil, vendorhttp.Unreached(err)
	}
	got, err := c.http.Do(r)
	if err != nil {
		return nil, err
	}
	var a answer
	if json.Unmarshal(got.Body, &a) != nil {
		return nil, vendorhttp.Foreign(got.Status)
	}
	if !a.OK {
		if a.Code == 0 {
			a.Code = got.Status
		}
		return nil, &refusedError{
			code:        a.Code,
			description: reasons(a.Description),
			retryAfter:  time.Duration(min(max(a.Parameters.RetryAfter, 0), maxRetryAfter)) * time.Second,
			migrateTo:   a.Parameters.MigrateTo,
		}
	}
	return &http.Response{StatusCode: got.Status, Header: got.Header, Body: io.NopCloser(bytes.NewReader(got.Body))}, nil
}

// whole returns a request whose body is in memory. The library writes its form
// into a pipe, piece by piece, and each piece would be a chunk and a packet of
// its own. Of a known length, it can also be sent again over another connection
// when the vendor had closed the one before the first byte.
func whole(r *http.Request) (*http.Request, error) {
	if r.Body == nil || r.Body == http.NoBody || r.GetBody != nil {
		return r, nil
	}
	body, err := io.ReadAll(r.Body)
	if err := errors.Join(err, r.Body.Close()); err != nil {
		return nil, err
	}
	again, err := http.NewRequestWithContext(r.Context(), r.Method, r.URL.String(), bytes.NewReader(body))
	if err != nil {
		return nil, err // unreachable: the parts are those of a request
	}
	again.Header = r.Header
	return again, nil
}

// refusedError is an answer of the vendor that is not "ok".
type refusedError struct {
	code        int
	description string // of knownReasons, and so without anything of a person
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

// StatusCode is the vendor's.
func (e *refusedError) StatusCode() int { return e.code }

// says reports whether the description holds one of the phrases.
func (e *refusedError) says(phrases ...string) bool {
	for _, phrase := range phrases {
		if strings.Contains(strings.ToLower(e.description), phrase) {
			return true
		}
	}
	return false
}

// knownReasons are what the vendor is known to say, in lower case; read-only.
// They decide what a refusal means, and are all of it that is ever logged: the
// rest of a description may quote a person.
var knownReasons = []string{
	"can't parse entities", "can't parse message text", "message text is empty", "message is too long", "message is not modified",
	"chat not found", "user not found", "deactivated", "peer_id_invalid", "not enough rights to send", "bot was blocked by the user",
	"bot was kicked", "have no rights to send", "message thread not found", "query is too old", "group chat was upgraded", "retry after",
	"webhook is active", "an https url must be provided",
	"webhook can be set up only on ports", "failed to resolve host", "ip address", "unsupported start tag", "terminated by other getupdates", "bad webhook", "button_", "unauthorized", "not found", "internal server error",
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
