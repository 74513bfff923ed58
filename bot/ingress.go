package bot

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/hoinq/hoinq/internal/queue"
)

const (
	// MaxBody is the largest webhook body that is read, in bytes. Vendors send
	// some kilobytes.
	MaxBody = 1 << 20
	// acceptTimeout bounds storing a message: the most impatient vendor waits
	// two seconds.
	acceptTimeout = 1500 * time.Millisecond
	// busyRetry tells a vendor when to come back with what a flood kept out.
	busyRetry = 15 * time.Second
)

// Webhook takes in what a vendor posts: accepted, which is 200 or 202, once
// every message in it is stored, 401 for what the vendor did not sign, 413 for
// what is too large, 400 for what cannot be read, 429 for what comes too fast,
// 503 when it could not be stored, so that the vendor sends it again. Nothing of
// the request is echoed or logged.
func (s *Service) Webhook(id ChannelID, accepted int) http.Handler {
	channel := s.channels[id]
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			s.reject(w, id, "method", http.StatusMethodNotAllowed)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, MaxBody)
		messages, err := channel.Receive(r)
		var tooFast *TooFastError
		switch {
		case errors.As(err, &tooFast):
			comeBack(w, tooFast.After)
			s.reject(w, id, "rate", http.StatusTooManyRequests)
			return
		case errors.Is(err, ErrForged):
			s.reject(w, id, "forged", http.StatusUnauthorized)
			return
		case errors.As(err, new(*http.MaxBytesError)):
			s.reject(w, id, "oversized", http.StatusRequestEntityTooLarge)
			return
		case err != nil:
			s.reject(w, id, "malformed", http.StatusBadRequest)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), acceptTimeout)
		defer cancel()
		for _, m := range messages {
			switch err := s.Accept(ctx, m); {
			case errors.Is(err, queue.ErrOwnerFull):
				comeBack(w, busyRetry)
				s.reject(w, id, "flood", http.StatusServiceUnavailable)
				return
			case err != nil:
				s.log.Error("message not stored, the vendor was told to send it again", "channel", id, "error", err)
				s.reject(w, id, "store", http.StatusServiceUnavailable)
				return
			}
		}
		w.WriteHeader(accepted)
	})
}

// comeBack says when the same may be sent again, in whole seconds.
func comeBack(w http.ResponseWriter, after time.Duration) {
	w.Header().Set("Retry-After", strconv.Itoa(int((after+time.Second-1)/time.Second)))
}

func (s *Service) reject(w http.ResponseWriter, id ChannelID, reason string, status int) {
	s.metrics.Rejected(id, reason)
	http.Error(w, http.StatusText(status), status)
}
