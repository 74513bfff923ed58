package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/internal/datafolder"
	"github.com/hoinq/hoinq/internal/queue"
)

// The way of "hoinq queue" to a running serve, on its admin address:
//
//	GET  /queue/dead/{queue}?from=N          a list, without words of anybody
//	GET  /queue/dead/{queue}/{number}        one dead letter, with its words
//	POST /queue/dead/{queue}/{number}/retry  204
//
// Every request bears a pass, which only those can make who may read the key
// of pseudonyms of the very data folder. So neither another user of the
// machine, nor whoever can reach the address because Prometheus may, nor a page
// in a browser gets at the words, and a serve on another folder answers 403.

// passHeader bears the pass. Every answer of these routes has it too, empty.
const passHeader = "Hoinq-Pass"

func adminPass(key []byte) string {
	mac := hmac.New(sha256.New, key)
	_, _ = mac.Write([]byte("admin address")) // a hash takes everything
	return hex.EncodeToString(mac.Sum(nil))
}

// queueRoutes answers on the admin address.
func (p *program) queueRoutes(mux *http.ServeMux, queues *bot.Queues, key []byte) {
	pass := adminPass(key)
	handle := func(route string, answer func(r *http.Request, name bot.QueueName, number uint64) (any, error)) {
		mux.HandleFunc(route, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set(passHeader, "")
			w.Header().Set("Cache-Control", "no-store")
			if !hmac.Equal([]byte(r.Header.Get(passHeader)), []byte(pass)) {
				http.Error(w, "not for you", http.StatusForbidden)
				return
			}
			digits := r.PathValue("number")
			if digits == "" {
				digits = r.URL.Query().Get("from")
			}
			number, err := strconv.ParseUint(digits, 10, 64)
			if err != nil {
				http.Error(w, "not a number", http.StatusBadRequest)
				return
			}
			value, err := answer(r, bot.QueueName(r.PathValue("queue")), number)
			p.answerAdmin(w, value, err)
		})
	}
	handle("GET /queue/dead/{queue}", func(r *http.Request, name bot.QueueName, from uint64) (any, error) {
		return queues.DeadLetters(r.Context(), name, from)
	})
	handle("GET /queue/dead/{queue}/{number}", func(r *http.Request, name bot.QueueName, number uint64) (any, error) {
		return queues.DeadLetter(r.Context(), name, number)
	})
	handle("POST /queue/dead/{queue}/{number}/retry", func(r *http.Request, name bot.QueueName, number uint64) (any, error) {
		return nil, queues.Retry(r.Context(), name, number)
	})
}

// Statuses by which [adminClient] knows what went wrong.
const (
	statusNoLetter  = http.StatusNotFound
	statusOwnerFull = http.StatusConflict
)

func (p *program) answerAdmin(w http.ResponseWriter, value any, err error) {
	switch {
	case errors.Is(err, queue.ErrNoDeadLetter), errors.Is(err, bot.ErrNoQueue):
		w.WriteHeader(statusNoLetter)
	case errors.Is(err, queue.ErrOwnerFull):
		w.WriteHeader(statusOwnerFull)
	case err != nil:
		p.log.Error("dead letters not looked after", "error", err)
		w.WriteHeader(http.StatusInternalServerError)
	case value == nil:
		w.WriteHeader(http.StatusNoContent)
	default:
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(value) // the caller may be gone
	}
}

// adminClient asks a running serve.
type adminClient struct {
	http    *http.Client
	address string
	pass    string
}

const (
	// adminTimeout bounds one question to a running serve.
	adminTimeout = 10 * time.Second
	// maxAdminAnswer is the largest answer that is read: one item, as JSON
	// might blow it up.
	maxAdminAnswer = 8 * queue.MaxItem
)

func newAdminClient(listen string, key []byte) *adminClient {
	host, port, err := net.SplitHostPort(listen)
	if ip := net.ParseIP(host); err == nil && (host == "" || ip != nil && ip.IsUnspecified()) {
		listen = net.JoinHostPort("localhost", port)
	}
	return &adminClient{
		// A transport of its own uses no proxy.
		http: &http.Client{Transport: &http.Transport{}, Timeout: adminTimeout}, address: listen, pass: adminPass(key),
	}
}

// errNotServing: no serve on this data folder answers on the admin address.
var errNotServing = errors.New("no serve on this data folder answers on the admin address")

// call makes one request and reads the answer into value, if any.
func (c *adminClient) call(ctx context.Context, method, path string, value any) error {
	r, err := http.NewRequestWithContext(ctx, method, "http://"+c.address+"/queue/dead/"+path, nil)
	if err != nil {
		return fmt.Errorf("ask the running serve: %w", err)
	}
	r.Header.Set(passHeader, c.pass)
	response, err := c.http.Do(r)
	if err != nil {
		return fmt.Errorf("ask the running serve: %w: %w", errNotServing, err)
	}
	defer response.Body.Close()
	_, ours := response.Header[passHeader]
	switch {
	case !ours, response.StatusCode == http.StatusForbidden:
		return errNotServing
	case response.StatusCode == statusNoLetter:
		return queue.ErrNoDeadLetter
	case response.StatusCode == statusOwnerFull:
		return queue.ErrOwnerFull
	case response.StatusCode == http.StatusNoContent:
		return nil
	case response.StatusCode != http.StatusOK:
		return fmt.Errorf("the running serve answered %d, its log says why", response.StatusCode)
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, maxAdminAnswer)).Decode(value); err != nil {
		return fmt.Errorf("read the answer of the running serve: %w", err)
	}
	return nil
}

// DeadLetters implements [deadLetters].
func (c *adminClient) DeadLetters(ctx context.Context, name bot.QueueName, from uint64) (page []bot.DeadLetter, err error) {
	err = c.call(ctx, http.MethodGet, fmt.Sprintf("%s?from=%d", name, from), &page)
	return page, err
}

// DeadLetter implements [deadLetters].
func (c *adminClient) DeadLetter(ctx context.Context, name bot.QueueName, number uint64) (l bot.DeadLetter, err error) {
	err = c.call(ctx, http.MethodGet, fmt.Sprintf("%s/%d", name, number), &l)
	return l, err
}

// Retry implements [deadLetters].
func (c *adminClient) Retry(ctx context.Context, name bot.QueueName, number uint64) error {
	return c.call(ctx, http.MethodPost, fmt.Sprintf("%s/%d/retry", name, number), nil)
}

// errNoQueueYet: nothing was ever served from this data folder.
var errNoQueueYet = errors.New("the data folder has no queue")

// deadLetters finds the dead letters: on a cluster itself; else a running serve
// is asked, and where there is none the queue is opened, which done closes.
func (p *program) deadLetters(ctx context.Context) (letters deadLetters, done func(), err error) {
	if err := datafolder.Check(p.Data); err != nil {
		return nil, nil, err
	}
	if p.NATS.URL == "" {
		client, err := p.askServe(ctx)
		if !errors.Is(err, errNotServing) {
			return client, func() {}, err
		}
	}
	server, err := p.openQueue(ctx)
	if errors.Is(err, queue.ErrLocked) {
		return nil, nil, &silentError{address: p.AdminListen}
	}
	if err != nil {
		return nil, nil, err
	}
	queues, err := bot.OpenQueues(ctx, server, 0, nil)
	if err != nil {
		return nil, nil, errors.Join(err, server.Close())
	}
	return queues, func() {
		if err := server.Close(); err != nil {
			p.log.Error("queue not closed", "error", err)
		}
	}, nil
}

// askServe tries whether a serve on the data folder answers.
func (p *program) askServe(ctx context.Context) (*adminClient, error) {
	if _, err := os.Stat(filepath.Join(p.Data, "queue")); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", p.Data, errNoQueueYet)
	}
	key, err := p.hashKey()
	if err != nil {
		return nil, err
	}
	client := newAdminClient(p.AdminListen, key)
	_, err = client.DeadLetters(ctx, bot.Inbox, 0)
	return client, err
}

// silentError: a serve runs on the data folder, and cannot be asked.
type silentError struct{ address string }

func (e *silentError) Error() string {
	return fmt.Sprintf("một hoinq serve đang chạy trên thư mục dữ liệu này nhưng không trả lời ở %s; hãy đặt HOINQ_ADMIN_LISTEN (và HOINQ_HASH_KEY, nếu có đặt) như khi chạy serve", e.address)
}
