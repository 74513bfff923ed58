package bottest

import (
	"testing"
	"time"
)

// patience is how long a test waits for what should take a moment: long, since
// it is only used up when the test fails.
const patience = 60 * time.Second

// changer is what can be waited for.
type changer interface{ Changed() <-chan struct{} }

// Wait waits until done reports true, asking again at every change, and fails
// the test when that takes too long.
func Wait(t testing.TB, c changer, what string, done func() bool) {
	t.Helper()
	tooLong := time.NewTimer(patience)
	defer tooLong.Stop()
	for {
		changed := c.Changed() // taken before asking, so that no change is missed
		if done() {
			return
		}
		select {
		case <-changed:
		case <-tooLong.C:
			t.Fatalf("waited %s in vain: %s", patience, what)
		case <-t.Context().Done():
			t.Fatalf("the test ended before: %s", what)
		}
	}
}
