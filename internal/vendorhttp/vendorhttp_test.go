package vendorhttp

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// secret stands in the address of every call.
const secret = "42:TEST-token_1"

// call makes a call to a server that answers by handler; nil for none at all.
func call(t *testing.T, handler http.HandlerFunc, most int64) (Answer, error) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	if handler == nil {
		server.Close()
	}
	c := New(1, most)
	t.Cleanup(c.CloseIdleConnections)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/bot"+secret, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c.Do(r)
}

func TestAnAnswerIsWhole(t *testing.T) {
	got, err := call(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = w.Write([]byte("chờ"))
	}, int64(len("chờ")))
	if err != nil || got.Status != http.StatusTooManyRequests || got.Header.Get("Retry-After") != "7" || string(got.Body) != "chờ" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestARedirectIsAnAnswerAndNotFollowed(t *testing.T) {
	calls := 0
	got, err := call(t, func(w http.ResponseWriter, r *http.Request) {
		calls++
		http.Redirect(w, r, r.URL.Path+"/more", http.StatusPermanentRedirect)
	}, 100)
	if err != nil || got.Status != http.StatusPermanentRedirect || calls != 1 {
		t.Errorf("%d after %d calls, %v", got.Status, calls, err)
	}
}

func TestWhatFailsIsToldWithoutTheAddress(t *testing.T) {
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		status  int
	}{
		"nobody there": {nil, 0},
		"a broken connection": {func(w http.ResponseWriter, _ *http.Request) {
			connection, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				panic(err)
			}
			if err := connection.Close(); err != nil {
				panic(err)
			}
		}, 0},
		"a truncated answer": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "50")
			_, _ = w.Write([]byte("x"))
		}, 0},
		"an answer too long": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			_, _ = w.Write([]byte(strings.Repeat("x", 101)))
		}, http.StatusForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := call(t, c.handler, 100)
			var unreached *UnreachedError
			if !errors.As(err, &unreached) || unreached.StatusCode() != c.status || unreached.Unwrap() == nil {
				t.Fatalf("%v, want an UnreachedError with the status %d", err, c.status)
			}
			if strings.Contains(err.Error(), "TEST") {
				t.Errorf("the error holds the secret: %v", err)
			}
		})
	}
}

func TestTheContextThatEndedIsTheReason(t *testing.T) {
	for _, cause := range []error{context.Canceled, context.DeadlineExceeded} {
		if err := Unreached(errors.Join(errors.New("to "+secret), cause)); !errors.Is(err, cause) || strings.Contains(err.Error(), "TEST") {
			t.Errorf("%v, want %v", err, cause)
		}
	}
	if err := Unreached(errors.New("to " + secret)); strings.Contains(err.Error(), "TEST") {
		t.Errorf("the error holds the secret: %v", err)
	}
}

func TestWaitEndsWithItsTimeOrItsContext(t *testing.T) {
	Wait(t.Context(), time.Nanosecond)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	Wait(ctx, time.Hour)
}
