package main

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hoinq/hoinq/bot/bottest"
)

// flipBefore changes a bit of the queue's files just before the last place
// where a text stands in a stream.
func flipBefore(t *testing.T, folder, stream, text string) (file string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "queue", "jetstream", "$G", "streams", stream, "msgs", "*.blk"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		block, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if i := bytes.LastIndex(block, []byte(text)); i > 0 {
			block[i-1] ^= 1
			if err := os.WriteFile(file, block, 0o600); err != nil {
				t.Fatal(err)
			}
			return file
		}
	}
	t.Fatalf("nothing of it in %s", files)
	return ""
}

// Bits turn over in the files of both streams while the program is down after
// a crash: it comes up, answers all the others in order, and says what is lost
// and where the damaged files are.
func TestDamagedFilesOfTheQueueAreGotOver(t *testing.T) {
	t.Parallel() // it waits most of the time
	const (
		chats   = 12
		damaged = 5   // its reply
		long    = 100 // a chat with more messages than may wait for their sending
		posted  = 12
		late    = 11 // the one of these whose question is damaged
	)
	folder := t.TempDir()
	vendor := bottest.NewTelegram(t, "987654:Thu-Hong-Dia", "Bi-Mat")
	p := bottest.Start(t, folder, vendor.Settings())
	deliver := func(conversation, id int) {
		t.Helper()
		text := fmt.Sprintf("Ba khâu đột phá là gì? (số %d)", id)
		if status := vendor.Deliver(t, p.PublicURL, bottest.Incoming{Conversation: conversation, ID: id, Text: text}); status != http.StatusOK {
			t.Fatalf("message %d: %d", id, status)
		}
	}
	refuse := func(conversation int) {
		vendor.Refuse(bottest.TelegramChat(conversation), http.StatusTooManyRequests, "Too Many Requests", 3600)
	}
	for conversation := 1; conversation <= chats; conversation++ {
		refuse(conversation)
		deliver(conversation, conversation)
	}
	refuse(long)
	for id := long + 1; id <= long+posted; id++ {
		deliver(long, id)
	}
	for conversation := 1; conversation <= chats; conversation++ {
		bottest.Wait(t, vendor, "the reply waits for its sending", func() bool { return len(vendor.Attempts(conversation)) > 0 })
	}
	bottest.Wait(t, vendor, "so does that of the long chat", func() bool { return len(vendor.Attempts(long)) > 0 })
	p.Kill(t)
	outbox := flipBefore(t, folder, "outbox", fmt.Sprintf(`"chat":"%d"`, bottest.TelegramChat(damaged)))
	flipBefore(t, folder, "inbox", fmt.Sprintf("số %d)", long+late))
	before, err := os.ReadFile(outbox)
	if err != nil {
		t.Fatal(err)
	}
	p = p.Restart(t)

	for conversation := 1; conversation <= chats; conversation++ {
		if conversation != damaged {
			bottest.Wait(t, vendor, "a question whose files are whole is answered", func() bool { return len(vendor.Messages(conversation)) == 1 })
		}
	}
	bottest.Wait(t, vendor, "so are those that waited", func() bool { return len(vendor.Messages(long)) == posted-1 })
	want := long
	for _, m := range vendor.Messages(long) {
		if want++; want == long+late {
			want++
		}
		if m.Answers != want {
			t.Errorf("message %d is answered before %d", m.Answers, want)
		}
	}
	if n := len(vendor.Messages(damaged)); n != 0 {
		t.Errorf("%d messages were made of damaged bytes", n)
	}
	if r := askServed(t, p, "Ba khâu đột phá của Nghị quyết là gì?"); !r.Answered {
		t.Error("the page does not answer")
	}
	for _, says := range []string{"stream=inbox", "stream=outbox", "at_most=1", "queue-damaged-1", "check the disk"} {
		if !strings.Contains(p.Log(), says) {
			t.Errorf("the log does not say %q:\n%s", says, p.Log())
		}
	}
	if _, metrics := fetch(t, http.MethodGet, p.AdminURL+"/metrics", ""); !strings.Contains(metrics, "hoinq_queue_lost_items 2") {
		t.Error("the metrics do not count what is lost")
	}
	copied, err := os.ReadFile(filepath.Join(folder, "queue-damaged-1", "outbox", "msgs", filepath.Base(outbox)))
	if err != nil || !bytes.Equal(copied, before) {
		t.Errorf("the copy of %s is not what was there (%v)", outbox, err)
	}
}
