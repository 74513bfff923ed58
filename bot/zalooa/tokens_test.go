package zalooa

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hoinq/hoinq/bot/bottest"
)

// must sends a part.
func (b *bench) must(t *testing.T, c *Channel) {
	t.Helper()
	if _, err := c.Send(t.Context(), part(t, c)); err != nil {
		t.Fatal(err)
	}
}

// renewed fails the test unless so many renewals were made, none of them with
// a token that was used before.
func (b *bench) renewed(t *testing.T, want int) {
	t.Helper()
	if made, reused := b.vendor.Renewals(); made != want || reused != 0 {
		t.Errorf("%d renewals, %d with a used token; want %d and none", made, reused, want)
	}
}

// stored is what the store holds.
func (b *bench) stored(t *testing.T) (r record) {
	t.Helper()
	value, _, err := b.store.Read(t.Context(), tokensKey)
	if err == nil {
		err = json.Unmarshal(value, &r)
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestATokenIsRenewedWhenItEnds(t *testing.T) {
	b := newBench(t)
	b.must(t, b.Channel)
	b.must(t, b.Channel)
	b.renewed(t, 1)
	b.clock.turn(24 * time.Hour)
	b.must(t, b.Channel)
	b.renewed(t, 1)
	b.clock.turn(time.Hour)
	b.must(t, b.Channel)
	b.renewed(t, 2)
}

func TestTheVendorSaysHowLongATokenLives(t *testing.T) {
	for life, want := range map[string]time.Duration{
		`"90000"`: 25 * time.Hour, `90000`: 25 * time.Hour, `"3600"`: time.Hour,
		`""`: shortestLife, `null`: shortestLife, `"x"`: shortestLife, `-1`: shortestLife, `0`: shortestLife, `"99999999999999999999"`: shortestLife,
	} {
		b := newBench(t)
		b.vendor.Life(life)
		b.must(t, b.Channel)
		r := b.stored(t)
		if got := r.ExpiresAt.Sub(r.RenewedAt); got != want*98/100 || !r.RenewAt.Before(r.ExpiresAt) {
			t.Errorf("expires_in %s: used for %s, want nearly %s", life, got, want)
		}
	}
}

func TestATokenThatTheVendorForgotIsRenewedOnce(t *testing.T) {
	b := newBench(t)
	b.must(t, b.Channel)
	for i, remembered := range []bool{true, false} {
		b.clock.turn(2 * youngest)
		b.vendor.Expire(remembered)
		b.must(t, b.Channel)
		b.renewed(t, i+2)
	}
	if got := len(b.vendor.MessagesTo(testUser)); got != 3 {
		t.Errorf("%d messages, want 3", got)
	}
	// A new one that is refused as well is not thrown after it.
	b.vendor.Expire(true)
	_, err := b.Send(t.Context(), part(t, b.Channel))
	if got := kindOf(err); !errors.Is(got, errTransient) || !strings.Contains(err.Error(), "within the minute") {
		t.Errorf("%v", err)
	}
	keepsPrivate(t, b, err)
	b.renewed(t, 3)
}

// Many processes need a token at the same moment.
func TestARenewalNeverRunsTwiceAtOnce(t *testing.T) {
	b := newBench(t)
	refresh := b.vendor.Consent()
	processes := []*Channel{b.another(t, refresh, nil), b.another(t, refresh, nil), b.another(t, refresh, nil)}
	for round := 1; round <= 3; round++ {
		var all sync.WaitGroup
		for _, c := range processes {
			for range 4 {
				all.Go(func() {
					if _, err := c.tokens.token(t.Context(), ""); err != nil {
						t.Error(err)
					}
				})
			}
		}
		all.Wait()
		b.renewed(t, round)
		b.clock.turn(25 * time.Hour)
	}
}

func TestAnotherProcessGoesOnWithWhatIsStored(t *testing.T) {
	b := newBench(t)
	refresh := b.vendor.Consent()
	b.must(t, b.another(t, refresh, nil))
	b.must(t, b.another(t, refresh, nil))
	b.renewed(t, 1)
	b.clock.turn(25 * time.Hour)
	b.must(t, b.another(t, refresh, nil))
	b.must(t, b.another(t, refresh, nil))
	b.renewed(t, 2)
}

func TestATokenIsUsedOnlyOnceItsSuccessorIsStored(t *testing.T) {
	b := newBench(t)
	b.store.skip, b.store.fail = 1, 2 // the lease is noted, the tokens are not
	for range 2 {
		_, err := b.Send(t.Context(), part(t, b.Channel))
		if got := kindOf(err); !errors.Is(got, errTransient) || !strings.Contains(err.Error(), "disk full") {
			t.Errorf("%v", err)
		}
		if calls := b.vendor.Calls(sendCall); calls != 0 {
			t.Errorf("%d calls with a token whose successor is not stored", calls)
		}
		b.renewed(t, 1)
	}
	b.must(t, b.Channel) // the same tokens, stored at last
	b.renewed(t, 1)
	b.clock.turn(25 * time.Hour)
	b.must(t, b.another(t, b.stored(t).Refresh, nil))
}

func TestARenewalThatFailedIsTriedAgain(t *testing.T) {
	b := newBench(t)
	right := b.opt.OAuth
	b.tokens.opt.OAuth = "http://127.0.0.1:1"
	_, err := b.Send(t.Context(), part(t, b.Channel))
	if got := kindOf(err); !errors.Is(got, errTransient) {
		t.Errorf("%v", err)
	}
	keepsPrivate(t, b, err)
	if r := b.stored(t); r.Holder != "" {
		t.Error("the lease is kept")
	}
	b.tokens.opt.OAuth = right
	if _, again := b.Send(t.Context(), part(t, b.Channel)); again == nil || b.vendor.Calls(tokensPath) != 0 {
		t.Errorf("tried again at once: %v", again)
	}
	b.clock.turn(failedPause)
	b.must(t, b.Channel)
	b.renewed(t, 1)
}

// The vendor has taken the refresh token, and nobody knows what it gave: the
// one way to be locked out.
func TestALostAnswerIsMendedByANewTokenInTheSettings(t *testing.T) {
	b := newBench(t)
	b.must(t, b.Channel)
	b.clock.turn(25 * time.Hour)
	b.vendor.LoseRenewal()
	if _, err := b.Send(t.Context(), part(t, b.Channel)); err == nil {
		t.Fatal("sent without a token")
	}
	b.clock.turn(failedPause)
	_, err := b.Send(t.Context(), part(t, b.Channel))
	if err == nil || !strings.Contains(err.Error(), "set HOINQ_ZALO_OA_REFRESH_TOKEN") || !errors.Is(kindOf(err), errTransient) {
		t.Fatalf("%v, want the remedy", err)
	}
	keepsPrivate(t, b, err)
	before := b.vendor.Calls(tokensPath)
	if _, err := b.Send(t.Context(), part(t, b.Channel)); err == nil || b.vendor.Calls(tokensPath) != before {
		t.Errorf("the vendor is asked again at once: %v", err)
	}

	old := b.opt.RefreshToken
	b.must(t, b.another(t, b.vendor.Consent(), nil))
	made, _ := b.vendor.Renewals()
	// A process that still has the old setting goes on with the new chain.
	b.must(t, b.another(t, old, nil))
	b.clock.turn(25 * time.Hour)
	b.must(t, b.another(t, old, nil))
	if again, _ := b.vendor.Renewals(); again != made+1 {
		t.Errorf("%d renewals, want %d", again, made+1)
	}
}

func TestALeaseIsHonouredUntilItEnds(t *testing.T) {
	b := newBench(t)
	first := b.Channel
	r, _, revision, err := first.tokens.read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r.Holder, r.Until = "a process that was killed", b.clock.now().Add(leaseFor)
	if ok, err := first.tokens.write(t.Context(), r, revision); !ok || err != nil {
		t.Fatal(ok, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*leaseLook)
	defer cancel()
	if _, err := first.Send(ctx, part(t, first)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, want to wait for the other process", err)
	}
	b.renewed(t, 0)
	b.clock.turn(leaseFor)
	b.must(t, first)
	b.renewed(t, 1)
}

// Somebody was held up for longer than its lease, and another has got further.
func TestWhoComesTooLateTakesWhatIsThere(t *testing.T) {
	b := newBench(t)
	b.must(t, b.Channel)
	present := b.stored(t)
	b.tokens.unsaved = &unsaved{record: record{Access: "late", Refresh: "late", ExpiresAt: b.clock.now().Add(time.Hour)}, from: "older"}
	b.tokens.held = record{}
	b.must(t, b.Channel)
	if got := b.stored(t); got.Refresh != present.Refresh || b.tokens.unsaved != nil {
		t.Error("what came late took the place of what was there")
	}
}

func TestStoredRubbishIsSaidAndReplaced(t *testing.T) {
	b := newBench(t)
	if ok, err := b.store.Swap(t.Context(), tokensKey, []byte("{"), 0); !ok || err != nil {
		t.Fatal(ok, err)
	}
	b.must(t, b.Channel)
	if !strings.Contains(b.log.String(), "stored tokens cannot be read") {
		t.Errorf("nothing is said of it:\n%s", b.log)
	}
}

func TestWrongSecretsAreSaid(t *testing.T) {
	b := newBench(t)
	for _, wrong := range []func(*Options){
		func(o *Options) { o.AppSecret = "x" },
		func(o *Options) { o.AppID = "2" },
	} {
		c := b.another(t, b.vendor.Consent(), wrong)
		_, err := c.Send(t.Context(), part(t, c))
		if err == nil || !strings.Contains(err.Error(), "HOINQ_ZALO_OA_APP_SECRET") {
			t.Errorf("%v", err)
		}
		keepsPrivate(t, b, err)
	}
	b.renewed(t, 0)
}

func TestTokensAreRenewedAheadOfNeed(t *testing.T) {
	b := newBench(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	keep := func(c *Channel) { ended <- c.KeepTokens(ctx) }
	waitFor := func(n int) {
		t.Helper()
		bottest.Wait(t, b.vendor, "a renewal", func() bool { made, _ := b.vendor.Renewals(); return made == n })
	}
	go keep(b.Channel)
	waitFor(1)
	if _, err := b.tokens.token(t.Context(), ""); err != nil { // it is stored a moment after the vendor has answered
		t.Fatal(err)
	}
	b.clock.turn(21 * time.Hour) // still good, and to be renewed
	second := b.another(t, b.opt.RefreshToken, nil)
	go keep(second)
	waitFor(2)
	cancel()
	for range 2 {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	b.renewed(t, 2)
}

// A clerk pastes a token that was used before, and sets the right one again.
func TestASlipInTheSettingsEndsNoChain(t *testing.T) {
	b := newBench(t)
	if _, err := b.Send(t.Context(), part(t, b.Channel)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		slip := b.another(t, "used-before", nil)
		if _, err := slip.Send(t.Context(), part(t, slip)); err != nil {
			t.Errorf("with a slip in the settings: %v", err)
		}
		b.clock.turn(30 * time.Hour) // what there is must be renewed
	}
	back := b.another(t, b.opt.RefreshToken, nil)
	if _, err := back.Send(t.Context(), part(t, back)); err != nil {
		t.Errorf("with the right token again: %v", err)
	}
}
