package main

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/hoinq/hoinq/bot/bottest"
)

// The disk runs full and is cleared again: what was accepted is answered, what
// was not was refused, and nobody has to restart anything.
func TestAFullDiskIsGotOver(t *testing.T) {
	folder := mounted(t)
	vendor := bottest.NewTelegram(t, "987654:Thu-Dia-Day", "Bi-Mat")
	p := bottest.Start(t, folder, vendor.Settings())
	filler := filepath.Join(folder, "filler")
	f, err := os.Create(filler)
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = f.Write(make([]byte, 4096))
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}

	id := 0
	deliver := func() int {
		id++
		return vendor.Deliver(t, p.PublicURL, bottest.Incoming{Conversation: id, ID: id, Text: "Ba khâu đột phá của Nghị quyết là gì?"})
	}
	var accepted []int
	for status := 0; status != http.StatusServiceUnavailable; {
		if status = deliver(); status == http.StatusOK {
			accepted = append(accepted, id)
		}
		if id > 200 {
			t.Fatal("a full disk takes everything in")
		}
	}
	if status, _ := fetch(t, http.MethodGet, p.PublicURL+"/readyz", ""); status != http.StatusServiceUnavailable {
		t.Errorf("ready on a full disk: %d", status)
	}
	if r := askServed(t, p, "Ba khâu đột phá của Nghị quyết là gì?"); !r.Answered {
		t.Error("the page does not answer any more, though it stores nothing")
	}

	p.WaitLog(t, "ổ đĩa đã hết chỗ; hãy")
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(time.Minute); ; <-tick.C {
		// While the queue is opened anew, nobody listens for a moment.
		if r, err := http.Get(p.PublicURL + "/readyz"); err == nil { //nolint:noctx // bounded by the loop
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				break
			}
		}
		if time.Now().After(deadline) {
			t.Fatalf("not ready again:\n%s", p.Log())
		}
	}
	if status := deliver(); status != http.StatusOK {
		t.Fatalf("with room again: %d", status)
	}
	for _, conversation := range append(accepted, id) {
		bottest.Wait(t, vendor, "what was accepted is answered", func() bool { return len(vendor.Messages(conversation)) > 0 })
	}
}
