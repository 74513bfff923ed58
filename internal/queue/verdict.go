package queue

import (
	"fmt"
	"time"
)

// laterError asks for another delivery.
type laterError struct {
	after    time.Duration
	notBegun bool
	err      error
}

func (e *laterError) Error() string { return fmt.Sprintf("again in %s: %v", e.after, e.err) }
func (e *laterError) Unwrap() error { return e.err }

// Later makes the error that hands an item out again after a while; err says
// why.
func Later(after time.Duration, err error) error { return &laterError{after: after, err: err} }

// NotBegun is [Later] for an item whose work could not even begin: the delivery
// does not count as an attempt.
func NotBegun(after time.Duration, err error) error {
	return &laterError{after: after, notBegun: true, err: err}
}

// giveUpError asks for no other delivery.
type giveUpError struct{ err error }

func (e *giveUpError) Error() string { return e.err.Error() }
func (e *giveUpError) Unwrap() error { return e.err }

// GiveUp makes the error that puts an item among the dead letters at once: no
// repetition would help; err says why.
func GiveUp(err error) error { return &giveUpError{err: err} }
