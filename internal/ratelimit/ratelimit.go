// Package ratelimit limits how often something may happen for each of many
// keys. It holds its counts in memory and knows nothing of what a key is; it
// makes nobody wait, it only says when to come back.
package ratelimit

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxKeys is how many keys are counted at the same time. Beyond it the keys
// that have used nothing lately are dropped, and if there are none such, new
// keys share one count: memory stays bounded and nobody is let through for it.
const maxKeys = 50_000

// Limiter allows each key a burst and then a steady rate. Make one with [New];
// it is safe for concurrent use.
type Limiter struct {
	perSecond float64
	burst     int
	now       func() time.Time

	mu   sync.Mutex
	keys map[string]*rate.Limiter
	rest *rate.Limiter
}

// New makes a limiter of perSecond events for each key after a burst.
func New(perSecond float64, burst int, now func() time.Time) *Limiter {
	return &Limiter{
		perSecond: perSecond, burst: burst, now: now,
		keys: map[string]*rate.Limiter{}, rest: rate.NewLimiter(rate.Limit(perSecond), burst),
	}
}

// Allow reports whether the key may go on now, and if not, after how long.
func (l *Limiter) Allow(key string) (ok bool, retry time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	limiter := l.of(key, now)
	reservation := limiter.ReserveN(now, 1)
	if wait := reservation.DelayFrom(now); wait > 0 {
		reservation.CancelAt(now)
		return false, wait
	}
	return true, 0
}

// Wait is how long it takes until the key may go on; 0 when Allow would let it
// now. It counts nothing.
func (l *Limiter) Wait(key string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	reservation := l.of(key, now).ReserveN(now, 1)
	defer reservation.CancelAt(now)
	return reservation.DelayFrom(now)
}

// of is the count of a key.
func (l *Limiter) of(key string, now time.Time) *rate.Limiter {
	if limiter := l.keys[key]; limiter != nil {
		return limiter
	}
	if len(l.keys) >= maxKeys {
		for k, limiter := range l.keys {
			if limiter.TokensAt(now) >= float64(l.burst) {
				delete(l.keys, k)
			}
		}
	}
	if len(l.keys) >= maxKeys {
		return l.rest
	}
	limiter := rate.NewLimiter(rate.Limit(l.perSecond), l.burst)
	l.keys[key] = limiter
	return limiter
}
