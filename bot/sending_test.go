package bot_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/hoinq/hoinq/bot"
)

// sends tells a vendor one message, which fails as many times as there are
// errors, and returns the log of a service that has ended.
func sends(t *testing.T, retries []time.Duration, failures ...error) (log string) {
	t.Helper()
	vendor := newSlips()
	vendor.limits.Retries = retries
	b := openWith(t, t.TempDir(), bot.Office{}, vendor, nil)
	tried := make(chan struct{}, len(failures))
	vendor.fail = func(bot.Part) error {
		if len(failures) == 0 {
			return nil
		}
		err := failures[0]
		failures = failures[1:]
		tried <- struct{}{}
		return err
	}
	if err := b.Accept(t.Context(), message("1", bot.KindCommand, "/riengtu")); err != nil {
		t.Fatal(err)
	}
	for range cap(tried) {
		<-tried
	}
	b.stop()
	return b.log.String()
}

func TestAChannelBringsItsOwnPauses(t *testing.T) {
	reset := errors.New("connection reset")
	log := sends(t, []time.Duration{time.Millisecond, time.Hour}, reset, reset)
	for _, want := range []string{"attempt=1 after=1", "attempt=2 after=1h"} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %q:\n%s", want, log)
		}
	}
}

func TestAVendorThatMakesUsWaitHasNotFailed(t *testing.T) {
	limited := &bot.RateLimitedError{After: time.Millisecond, Chat: "c7"}
	log := sends(t, []time.Duration{time.Minute, time.Hour}, limited, limited, limited, errors.New("connection reset"))
	if !strings.Contains(log, "attempt=1 after=1m") {
		t.Errorf("the pause after waiting:\n%s", log)
	}
}

// The next attempt would come when nothing is kept any more.
func TestAPartThatWouldBecomeTooOldIsGivenUpAtOnce(t *testing.T) {
	log := sends(t, []time.Duration{25 * time.Hour}, errors.New("connection reset"))
	if !strings.Contains(log, "kept among the dead letters") {
		t.Errorf("a pause of 25 hours:\n%s", log)
	}
}
