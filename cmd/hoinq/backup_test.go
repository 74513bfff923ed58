package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/hoinq/hoinq/bot/bottest"
)

// The README's way to back up and restore: what waits when the program is
// stopped is answered by the one that starts on the copy, once.
func TestACopyOfAStoppedFolderAnswersWhatWaited(t *testing.T) {
	const token, secret = "987654:Thu-Sao-Luu", "Bi-Mat"
	const conversations, each = 4, 3
	folder := t.TempDir()
	refusing := bottest.NewTelegram(t, token, secret)
	p := bottest.Start(t, folder, refusing.Settings())
	id := 0
	ask := func(vendor *bottest.Telegram, p *bottest.Process, conversation int) bottest.Incoming {
		id++
		m := bottest.Incoming{Conversation: conversation, ID: id, Text: "Ba khâu đột phá của Nghị quyết là gì?"}
		if status := vendor.Deliver(t, p.PublicURL, m); status != 200 {
			t.Fatalf("delivery %d: status %d", id, status)
		}
		return m
	}
	var accepted []bottest.Incoming
	for range each {
		for c := 1; c <= conversations; c++ {
			for range 10 { // more than it can try again in the time of this test
				refusing.Trouble(c, bottest.Fail)
			}
			accepted = append(accepted, ask(refusing, p, c))
		}
	}
	if code, _ := p.Terminate(t); code != 0 {
		t.Fatalf("ended with code %d:\n%s", code, p.Log())
	}

	restored := filepath.Join(t.TempDir(), "elsewhere")
	if err := os.CopyFS(restored, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(restored, "index")); err != nil { // may be left out
		t.Fatal(err)
	}
	vendor := bottest.NewTelegram(t, token, secret)
	p = bottest.Start(t, restored, vendor.Settings())
	for _, m := range accepted {
		// What was taken in before the backup is a repeat after it, too.
		if status := vendor.Deliver(t, p.PublicURL, m); status != 200 {
			t.Errorf("delivery %d again: status %d", m.ID, status)
		}
	}
	for c := 1; c <= conversations; c++ {
		last := ask(vendor, p, c)
		var got []bottest.Sent
		bottest.Wait(t, vendor, "the answer to the last question", func() bool {
			got = vendor.Messages(c)
			return len(got) > 0 && got[len(got)-1].Answers == last.ID
		})
		for i, s := range got[:len(got)-1] {
			if want := accepted[i*conversations+c-1].ID; len(got) != each+1 || s.Answers != want {
				t.Errorf("conversation %d: %d messages, number %d answers %d, want %d", c, len(got), i+1, s.Answers, want)
			}
		}
		if n := len(refusing.Messages(c)); n != 0 {
			t.Errorf("conversation %d: %d messages before the backup, though the vendor refused", c, n)
		}
	}
}
