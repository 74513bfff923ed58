package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Channel is one vendor's messaging service. Implementations are safe for
// concurrent use.
type Channel interface {
	// Receive verifies a vendor's request and reads the messages in it; none
	// for an update that asks nothing of us. It has no side effect but to count
	// the sender's requests: the caller answers the vendor once the messages
	// are stored. It fails with [ErrForged] before it reads anything else of an
	// unverified body, and with [TooFastError] before it reads anything else of
	// one that came too soon.
	Receive(r *http.Request) ([]Message, error)
	// Render lays a reply out in the vendor's format, cut into as many parts
	// as its limits need; none for a reply that has no place on this channel.
	// It is pure: the same reply gives the same parts.
	Render(reply Reply) ([]Part, error)
	// Send delivers one part to the chat of its Address. Its errors are those of this package, tested
	// with errors.Is and errors.As: [RateLimitedError], [MovedError],
	// [ErrGone], [ErrMarkupRefused], [ErrRefused]; anything else is transient
	// and may be tried again.
	Send(ctx context.Context, part Part) (SentID, error)
	// Limits are how many parts the vendor takes. They do not change, and are
	// kept by the caller: Send itself waits for nothing but the vendor.
	Limits() Limits
}

// Limits are how many messages a vendor takes from us. The zero value is no
// limit at all.
type Limits struct {
	// PerSecond is the most in a second over all chats, for all processes that
	// send under one account together; 0 is no limit.
	PerSecond float64
	// PerChat is the rate to a chat with one person, PerGroup that to a group.
	PerChat, PerGroup Rate
	// Group reports whether a chat is a group; nil means that none is.
	Group func(chat string) bool
	// Free reports whether what goes to a chat counts for none of these
	// limits; nil means that all does.
	Free func(chat string) bool
	// AtOnce is how many parts of one account (Address.Bot) may be on their way
	// at the same time, 0 for eight; Accounts is how many accounts there are, 0
	// for one.
	AtOnce, Accounts int
	// Redelivers says that the vendor delivers again what was answered with
	// 503. From one that does not, and may even switch us off for it, a flood
	// is taken in and dropped.
	Redelivers bool
	// Retries are the pauses after the first attempt to send a part that failed
	// for no reason of its own, after the second and so on; the last is
	// repeated. Each is made up to a tenth longer, by chance. A part whose next
	// attempt would come after [queue.KeepWork] is put among the dead letters.
	// nil is a second, doubled up to five minutes.
	Retries []time.Duration
}

// Rate is one event Every so often, after Burst events at once (at least one).
// The zero value is no limit. In a span of time t there are at most
// Burst + t/Every events.
type Rate struct {
	Every time.Duration
	Burst int
}

// Attendant is a channel that can show a person at once that a message has
// arrived: a button stops glowing, "is typing" appears. A failure is of no
// consequence, and nothing is sent twice for it.
type Attendant interface {
	Attend(ctx context.Context, m Message) error
}

// Typist is a channel that can show a person that an answer is being made. It
// is asked only while one takes long, again and again, and counts for none of
// the [Limits]. A failure is of no consequence.
type Typist interface {
	Typing(ctx context.Context, m Message) error
}

// Linker is a channel that can itself open a passage, for citations without a
// page of ours.
type Linker interface {
	// PassageLink is an address that brings the command "/start" with this
	// payload, of at most 64 of A-Z, a-z, 0-9, "_" and "-"; empty while there
	// is none.
	PassageLink(payload string) string
}

// Registration is what a vendor knows of our webhook.
type Registration struct {
	// URL is where it delivers; empty when it does not.
	URL string
	// Pending is how many updates wait at the vendor's.
	Pending int
	// Fault is the vendor's own word on the last delivery that failed, at
	// FaultAt; empty and zero when none did.
	Fault   string
	FaultAt time.Time
	// Kinds are the updates that it delivers; empty for its own choice.
	Kinds []string
}

// Part is one call to a vendor, ready to be stored and sent.
type Part struct {
	Address Address `json:"address"`
	// Body is the request body in the vendor's format.
	Body []byte `json:"body"`
	// Plain is the same content without markup, sent when the vendor refuses
	// the markup of Body.
	Plain []byte `json:"plain"`
	// AcceptedAt is when the message that it answers was accepted; zero where
	// nobody knows. It is told to Send and stored elsewhere.
	AcceptedAt time.Time `json:"-"`
}

// SentID is the vendor's id of a message that it accepted.
type SentID string

// Errors that a channel's methods return, wrapped.
var (
	// ErrForged: the request is not signed by the vendor.
	ErrForged = errors.New("request not signed by the vendor")
	// ErrMalformed: the vendor signed it and it cannot be read all the same.
	ErrMalformed = errors.New("malformed request")
	// ErrGone: the person blocked us or the chat is closed; do not try again.
	ErrGone = errors.New("recipient gone")
	// ErrMarkupRefused: the vendor could not parse the markup; send Plain.
	ErrMarkupRefused = errors.New("markup refused")
	// ErrRefused: this part will not be taken however often it is sent, and the
	// person is not why. It is kept among the dead letters: once somebody has
	// mended the cause, it can be sent from there.
	ErrRefused = errors.New("refused for good")
)

// RateLimitedError says that a vendor wants us to wait.
type RateLimitedError struct {
	// After is how long to wait from now.
	After time.Duration
	// Chat is the chat it holds for; empty means the whole channel.
	Chat string
}

func (e *RateLimitedError) Error() string { return fmt.Sprintf("rate limited for %s", e.After) }

// TooFastError says that somebody sends us requests faster than was agreed. The
// request was not looked at and is answered with 429.
type TooFastError struct {
	// After is when the next request is welcome, from now.
	After time.Duration
}

func (e *TooFastError) Error() string { return fmt.Sprintf("too many requests, next in %s", e.After) }

// MovedError says that a chat goes on under another id.
type MovedError struct{ To string }

func (e *MovedError) Error() string { return "chat moved" }
