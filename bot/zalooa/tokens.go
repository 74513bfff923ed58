package zalooa

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/hoinq/hoinq/internal/vendorhttp"
)

// Tokens is where the tokens are kept, shared by all processes that serve the
// account and durable: what Swap has stored survives a power cut.
type Tokens interface {
	// Read returns the value under a key and its revision; 0 where there is
	// none.
	Read(ctx context.Context, key string) (value []byte, revision uint64, err error)
	// Swap stores a value under a key whose revision is still the given one; it
	// reports whether it did.
	Swap(ctx context.Context, key string, value []byte, revision uint64) (bool, error)
}

// tokensKey is the key of the one value.
const tokensKey = "tokens"

// tokensPath renews them.
const tokensPath = "/v4/oa/access_token"

const (
	// renewTimeout bounds a renewal, the storing included. It does not end when
	// whoever wanted the token gives up: the vendor may have taken the old one.
	renewTimeout = 8 * time.Second
	// leaseFor is how long a process that renews keeps others from it: longer
	// than a renewal takes by clocks that differ by some seconds.
	leaseFor = 30 * time.Second
	// leaseLook is the pause before another look whether it is done.
	leaseLook = 200 * time.Millisecond
	// youngest is the age from which a token is renewed that the vendor refuses.
	// One that is newer will not be mended by the next one.
	youngest = time.Minute
	// The pauses after a renewal that failed: for no reason of its own, and
	// because the vendor does not take the refresh token.
	failedPause  = 2 * time.Second
	refusedPause = time.Minute
	// shortestLife is assumed of a token of which the vendor does not say it.
	shortestLife = time.Hour
	// maxBegan is how many tokens of the settings are remembered.
	maxBegan = 10
)

// record is what is stored.
type record struct {
	// Access is the token of calls: good until ExpiresAt, to be renewed from
	// RenewAt on. RenewedAt is when the vendor gave it.
	Access    string    `json:"access"`
	RenewedAt time.Time `json:"renewed_at"`
	RenewAt   time.Time `json:"renew_at"`
	ExpiresAt time.Time `json:"expires_at"`
	// Refresh is good for the next renewal.
	Refresh string `json:"refresh"`
	// Began are the digests of the tokens of the settings that chains began
	// with, the present one last. A process that is started later with an older
	// setting goes on with the chain that there is.
	Began []string `json:"began"`
	// Holder renews, until Until.
	Holder string    `json:"holder"`
	Until  time.Time `json:"until"`
}

// need is what is asked of an access token: another than Not, and not yet due
// to be renewed when Ahead is set.
type need struct {
	not   string
	ahead bool
}

// serves reports whether the access token serves a need.
func (r record) serves(n need, now time.Time) bool {
	end := r.ExpiresAt
	if n.ahead {
		end = r.RenewAt
	}
	return r.Access != "" && r.Access != n.not && now.Before(end)
}

// keeper keeps the tokens of one account. Make one with newKeeper; it is safe
// for concurrent use.
type keeper struct {
	log   *slog.Logger
	store Tokens
	http  *vendorhttp.Client
	opt   Options
	name  string        // tells this keeper from others
	turn  chan struct{} // held by the one that reads and renews

	mu   sync.Mutex
	held record // the last that was seen in the store

	// The rest belongs to whoever has the turn.
	unsaved *unsaved  // what a store that failed did not take
	pause   time.Time // no renewal before
	failure error     // of the last renewal
	refused string    // a token of the settings that the vendor does not take
}

// unsaved is a record that is to take the place of one with the refresh token
// from.
type unsaved struct {
	record
	from string
}

func newKeeper(log *slog.Logger, store Tokens, client *vendorhttp.Client, opt Options) *keeper {
	return &keeper{log: log, store: store, http: client, opt: opt, name: rand.Text(), turn: make(chan struct{}, 1)}
}

// token is an access token other than one that the vendor has refused, if any.
func (k *keeper) token(ctx context.Context, refused string) (string, error) {
	return k.get(ctx, need{not: refused})
}

func (k *keeper) get(ctx context.Context, n need) (string, error) {
	k.mu.Lock()
	held := k.held
	k.mu.Unlock()
	if held.serves(n, k.opt.Now()) {
		return held.Access, nil
	}
	select {
	case k.turn <- struct{}{}:
		defer func() { <-k.turn }()
	case <-ctx.Done():
		return "", fmt.Errorf("zalo-oa token: %w", ctx.Err())
	}
	for {
		r, done, err := k.look(ctx, n)
		if err != nil {
			return "", fmt.Errorf("zalo-oa token: %w", err)
		}
		if done {
			k.mu.Lock()
			k.held = r
			k.mu.Unlock()
			return r.Access, nil
		}
		vendorhttp.Wait(ctx, leaseLook)
		if ctx.Err() != nil {
			return "", fmt.Errorf("zalo-oa token: another process renews it: %w", ctx.Err())
		}
	}
}

// look looks for a token that serves, and renews if there is none and nobody
// else does. done is false when it is worth another look.
func (k *keeper) look(ctx context.Context, n need) (r record, done bool, err error) {
	if k.unsaved != nil {
		if err := k.save(ctx); err != nil {
			return r, false, err
		}
	}
	r, begin, revision, err := k.read(ctx)
	if err != nil {
		return r, false, err
	}
	now := k.opt.Now()
	wait := now.Before(k.pause)
	switch {
	case r.serves(n, now) && (begin == "" || wait):
		return r, true, nil
	case n.not != "" && r.Access == n.not && now.Sub(r.RenewedAt) < youngest:
		return r, false, errors.New("the vendor refuses a token that it gave within the minute; it is not renewed again so soon")
	case wait:
		return r, false, k.failure
	case r.Holder != "" && r.Holder != k.name && now.Before(r.Until):
		return r, false, nil
	}
	r.Holder, r.Until = k.name, now.Add(leaseFor)
	if mine, err := k.write(ctx, r, revision); err != nil || !mine {
		return r, false, err
	}
	return r, false, k.renew(ctx, r, begin)
}

// renew renews the tokens under our lease and stores them, or begins a chain
// with a token of the settings, where one is given. It goes on when ctx ends. A
// chain that there is stays until the vendor has taken the token of another: a
// slip of the pen ends none.
func (k *keeper) renew(ctx context.Context, r record, begin string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), renewTimeout)
	defer cancel()
	fresh, err := k.ask(ctx, cmp.Or(begin, r.Refresh))
	isRefused := errors.As(err, new(*refusedError))
	switch {
	case isRefused && begin != "" && r.Refresh != "":
		k.refused = begin
		k.log.Error("the refresh token of the settings is not taken, the tokens that there are go on", "channel", ID, "error", err)
		k.release(ctx)
		return nil
	case err != nil:
		pause := failedPause
		if isRefused {
			pause = refusedPause
		}
		k.pause, k.failure = k.opt.Now().Add(pause), err
		k.release(ctx)
		return err
	}
	fresh.Began = r.Began
	if begin != "" {
		fresh.Began = append(slices.Clone(r.Began), digest(begin))
		fresh.Began = fresh.Began[max(0, len(fresh.Began)-maxBegan):]
	}
	k.unsaved = &unsaved{record: fresh, from: r.Refresh}
	return k.save(ctx)
}

// save stores what was renewed. Until it has, nothing is renewed by this
// process, and the access token is used by nobody.
func (k *keeper) save(ctx context.Context) error {
	for {
		stored, _, revision, err := k.read(ctx)
		if err != nil {
			return err
		}
		if revision != 0 && stored.Refresh != k.unsaved.from {
			// Our lease ran out, and somebody else has got further: by a new
			// setting, or because the vendor took the old token twice.
			k.unsaved = nil
			return nil
		}
		saved, err := k.write(ctx, k.unsaved.record, revision)
		if err != nil {
			return err
		}
		if saved {
			k.unsaved = nil
			k.log.Info("access token renewed", "channel", ID)
			return nil
		}
	}
}

// release gives the lease back after a failure. If that fails too, it runs out.
func (k *keeper) release(ctx context.Context) {
	r, _, revision, err := k.read(ctx)
	if err == nil && r.Holder == k.name {
		r.Holder, r.Until = "", time.Time{}
		_, err = k.write(ctx, r, revision)
	}
	if err != nil {
		k.log.Warn("lease on the tokens not given back", "channel", ID, "error", err)
	}
}

// read is what is stored, and the token of the settings where no chain began
// with it.
func (k *keeper) read(ctx context.Context) (r record, begin string, revision uint64, err error) {
	value, revision, err := k.store.Read(ctx, tokensKey)
	if err != nil {
		return r, "", 0, err
	}
	if revision != 0 && json.Unmarshal(value, &r) != nil {
		k.log.Error("stored tokens cannot be read, the one of the settings is taken", "channel", ID)
		r = record{}
	}
	if set := k.opt.RefreshToken; set != k.refused && !slices.Contains(r.Began, digest(set)) {
		begin = set
	}
	return r, begin, revision, nil
}

// digest stands for a token that is remembered and must not be known.
func digest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

func (k *keeper) write(ctx context.Context, r record, revision uint64) (bool, error) {
	value, err := json.Marshal(r)
	if err != nil {
		return false, err // unreachable: strings and times
	}
	return k.store.Swap(ctx, tokensKey, value, revision)
}

// ask asks the vendor for new tokens. That it takes none is a *refusedError.
func (k *keeper) ask(ctx context.Context, refresh string) (record, error) {
	form := url.Values{"refresh_token": {refresh}, "app_id": {k.opt.AppID}, "grant_type": {"refresh_token"}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, k.opt.OAuth+tokensPath, strings.NewReader(form.Encode()))
	if err != nil {
		return record{}, errors.New("the request cannot be built") // unreachable: the address was checked
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if refresh != "" {
		r.Header.Set("secret_key", k.opt.AppSecret)
	}
	answer, err := k.http.Do(r)
	if err != nil {
		return record{}, fmt.Errorf("%s: %w", tokensPath, err)
	}
	var tokens struct {
		Access    word `json:"access_token"`
		Refresh   word `json:"refresh_token"`
		ExpiresIn word `json:"expires_in"`
		Error     word `json:"error"`
	}
	if json.Unmarshal(answer.Body, &tokens) != nil || tokens.Access == "" && tokens.Error == "" {
		return record{}, fmt.Errorf("%s: %w", tokensPath, vendorhttp.Foreign(answer.Status))
	}
	if !printable(string(tokens.Access)) {
		code, _ := strconv.Atoi(string(tokens.Error)) // 0 for one that is no number
		return record{}, fmt.Errorf("%s: the vendor gives no token: %w (if it stays so: HOINQ_ZALO_OA_APP_ID or HOINQ_ZALO_OA_APP_SECRET is wrong, or the refresh token was used or is too old: "+
			"let the OA's administrator consent once more and set HOINQ_ZALO_OA_REFRESH_TOKEN to the new one)", tokensPath, &refusedError{code: code})
	}
	if tokens.Refresh == "" {
		tokens.Refresh = word(refresh) // not documented: good for another time, then
	}
	life := shortestLife
	if seconds, err := strconv.ParseUint(string(tokens.ExpiresIn), 10, 31); err == nil && seconds > 0 {
		life = time.Duration(seconds) * time.Second
	}
	now := k.opt.Now().UTC()
	return record{
		Access: string(tokens.Access), Refresh: string(tokens.Refresh),
		RenewedAt: now, RenewAt: now.Add(life * 8 / 10), ExpiresAt: now.Add(life * 98 / 100),
	}, nil
}

// keep renews the token ahead of its end until ctx ends.
func (k *keeper) keep(ctx context.Context) {
	for ctx.Err() == nil {
		wait := refusedPause
		if _, err := k.get(ctx, need{ahead: true}); err != nil && ctx.Err() == nil {
			k.log.Error("no access token ahead of need, tried again", "channel", ID, "after", wait, "error", err)
		} else {
			k.mu.Lock()
			wait = max(wait, k.held.RenewAt.Sub(k.opt.Now()))
			k.mu.Unlock()
		}
		vendorhttp.Wait(ctx, wait)
	}
}
