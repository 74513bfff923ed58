package ratelimit

import (
	"fmt"
	"testing"
	"time"
)

// clock is a time that stands until it is moved.
type clock struct{ t time.Time }

func (c *clock) now() time.Time { return c.t }

func TestAKeyHasItsBurstAndThenItsRate(t *testing.T) {
	c := &clock{t: time.Unix(1_000_000, 0)}
	l := New(2, 3, c.now)
	for i := range 3 {
		if ok, _ := l.Allow("a"); !ok {
			t.Fatalf("event %d of the burst is refused", i)
		}
	}
	ok, retry := l.Allow("a")
	if ok || retry != 500*time.Millisecond {
		t.Errorf("after the burst: %v, again in %s; want a refusal for 500ms", ok, retry)
	}
	if ok, _ := l.Allow("b"); !ok {
		t.Error("another key is refused")
	}
	c.t = c.t.Add(retry)
	if ok, _ := l.Allow("a"); !ok {
		t.Error("refused after the time that was told")
	}
	if ok, _ := l.Allow("a"); ok {
		t.Error("a refusal used nothing up, yet there is more than the rate")
	}
}

func TestTheWaitOfAKeyIsToldAndCostsNothing(t *testing.T) {
	c := &clock{t: time.Unix(1_000_000, 0)}
	l := New(2, 1, c.now)
	for range 3 {
		if wait := l.Wait("a"); wait != 0 {
			t.Fatalf("a new key waits %s", wait)
		}
	}
	l.Allow("a")
	for range 3 {
		if wait := l.Wait("a"); wait != 500*time.Millisecond {
			t.Errorf("waits %s, want 500ms", wait)
		}
	}
	c.t = c.t.Add(500 * time.Millisecond)
	if ok, _ := l.Allow("a"); !ok {
		t.Error("refused after the time that was told")
	}
}

func TestTheKeysAreBounded(t *testing.T) {
	c := &clock{t: time.Unix(1_000_000, 0)}
	l := New(1, 2, c.now)
	for i := range maxKeys + 10 {
		l.Allow(fmt.Sprint(i))
	}
	if len(l.keys) != maxKeys {
		t.Errorf("%d keys, want %d", len(l.keys), maxKeys)
	}
	l.Allow("new")
	if ok, _ := l.Allow("other"); ok {
		t.Error("keys beyond the bound are let through")
	}
	c.t = c.t.Add(time.Hour)
	if ok, _ := l.Allow("third"); !ok || len(l.keys) != 1 {
		t.Errorf("idle keys are kept: %d, allowed %v", len(l.keys), ok)
	}
}
