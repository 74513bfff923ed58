// Package vendorhttp makes calls to the servers of vendors, whose secrets stand
// in the address or in a header: it follows no redirect, which would carry them
// to another host, reads no more than a bounded body, and returns errors that
// quote neither. It knows no vendor and no format, and tries nothing twice.
package vendorhttp

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// Client makes calls to one host. Make one with [New]; it is safe for
// concurrent use.
type Client struct {
	http *http.Client
	most int64
}

// New makes a client that keeps so many idle connections and takes answers of
// at most so many bytes.
func New(connections int, most int64) *Client {
	transport := http.DefaultTransport
	if t, ok := transport.(*http.Transport); ok {
		t = t.Clone()
		t.MaxIdleConnsPerHost = connections // there is one host
		transport = t
	}
	return &Client{most: most, http: &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Answer is what came back, its body whole and in memory.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Do makes a call, bounded by the context of r. Its errors are of the type
// [UnreachedError].
func (c *Client) Do(r *http.Request) (Answer, error) {
	response, err := c.http.Do(r)
	if err != nil {
		return Answer{}, Unreached(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, c.most+1))
	if err != nil {
		return Answer{}, Unreached(err)
	}
	if int64(len(body)) > c.most {
		return Answer{}, Foreign(response.StatusCode)
	}
	return Answer{Status: response.StatusCode, Header: response.Header, Body: body}, nil
}

// CloseIdleConnections closes the connections that nobody uses.
func (c *Client) CloseIdleConnections() { c.http.CloseIdleConnections() }

// UnreachedError is a call that got no answer of the vendor's.
type UnreachedError struct {
	cause  error
	status int
}

// Unreached is the error of a call that failed. Of its cause it keeps the
// innermost error that says why: those around it quote the address or a header.
func Unreached(cause error) *UnreachedError { return &UnreachedError{cause: harmless(cause)} }

// Foreign is the error of an answer that is not the vendor's: whoever wrote it
// is a proxy, and its 403 is not the vendor's.
func Foreign(status int) *UnreachedError {
	return &UnreachedError{cause: fmt.Errorf("status %d with a body that is not the vendor's", status), status: status}
}

func (e *UnreachedError) Error() string { return "no answer: " + e.cause.Error() }

// Unwrap is the cause.
func (e *UnreachedError) Unwrap() error { return e.cause }

// StatusCode is that of whoever answered in the vendor's place; 0 if nobody
// did.
func (e *UnreachedError) StatusCode() int { return e.status }

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

// Wait waits until d is over or ctx ends.
func Wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
