package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/hoinq/hoinq/bot/bottest"
)

// A test cannot set the machine's clock, and a name space of Linux cannot shift
// it. But every wall clock time in a Go program, its libraries included, comes
// out of time.Now, which adds to the seconds of the system the distance between
// two epochs, a number of 32 bits that stands in the program's code once. Add
// to that number and the wall clock jumps as if the machine's had, while the
// monotonic clock and the timers go on. It can be done to a file before the
// start, and in the memory of a running process.

// epochs is that number with d added: the seconds from the year 1885 to 1970.
// It is calculated, so that it does not stand here as well.
func epochs(d time.Duration) []byte {
	distance := -time.Date(1885, time.January, 1, 0, 0, 0, 0, time.UTC).Add(-d).Unix()
	return binary.LittleEndian.AppendUint32(nil, uint32(distance))
}

// clock sets the wall clock of the program "hoinq".
type clock struct {
	program []byte
	at      int64 // where the number stands in the file
}

func newClock(t *testing.T) *clock {
	t.Helper()
	path, err := exec.LookPath("hoinq")
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	number := epochs(0)
	if n := bytes.Count(program, number); n != 1 {
		t.Fatalf("the number of time.Now stands %d times in the program; has Go changed?", n)
	}
	return &clock{program: program, at: int64(bytes.Index(program, number))}
}

// next makes the programs that are started from now on go wrong by d.
func (c *clock) next(t *testing.T, d time.Duration) {
	t.Helper()
	program := bytes.Clone(c.program)
	copy(program[c.at:], epochs(d))
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "hoinq"), program, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
}

// jump makes the clock of a running program wrong by d.
func (c *clock) jump(t *testing.T, p *bottest.Process, d time.Duration) {
	t.Helper()
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", p.PID()))
	if err != nil {
		t.Fatal(err)
	}
	memory, err := os.OpenFile(fmt.Sprintf("/proc/%d/mem", p.PID()), os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer memory.Close() //nolint:errcheck // nothing is left to be written
	for line := range bytes.Lines(maps) {
		var from, to, offset int64
		var rights string
		if _, err := fmt.Sscanf(string(line), "%x-%x %s %x", &from, &to, &rights, &offset); err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(line, []byte("/hoinq")) && rights == "r-xp" && offset <= c.at && c.at < offset+to-from {
			if _, err := memory.WriteAt(epochs(d), from+c.at-offset); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatalf("the code is not in the memory:\n%s", maps)
}

// The clock of the machine jumps while questions wait in both streams, and is
// still wrong, or right again, after a restart. All that was accepted is answered
// once, and what is asked after a jump is answered as ever.
func TestAJumpOfTheClockLosesNothing(t *testing.T) {
	const (
		day = 24 * time.Hour
		// A machine without a battery begins in 1970, until it hears from NTP.
		in1970 = -1_795_000_000 * time.Second // since November 2026
	)
	for _, tc := range []struct {
		name                    string
		start, jump, then, last time.Duration
		// forgotten: so far ahead that what was seen is taken for expired, and
		// a repeat for a new question.
		forgotten bool
	}{
		{name: "a day ahead", jump: 26 * time.Hour, then: 26 * time.Hour, last: 27 * time.Hour, forgotten: true},
		{name: "a week ahead and back", jump: 8 * day, then: 8 * day, last: 0, forgotten: true},
		{name: "hours back and ahead", jump: -3 * time.Hour, then: -3 * time.Hour, last: 3 * time.Hour},
		{name: "begun in 1970", start: in1970, jump: 0, then: 0, last: time.Hour, forgotten: true},
		{name: "back to 1970", jump: in1970, then: in1970, last: 0, forgotten: true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := newClock(t)
			c.next(t, tc.start)
			w := &clockTest{vendor: bottest.NewTelegram(t, "987654:Thu-Dong-Ho", "Bi-Mat")}
			w.p = bottest.Start(t, t.TempDir(), w.vendor.Settings())
			w.askLater(t, 1, 2)       // sent after the jump, by the same process
			w.askLater(t, 2, 3600)    // by the next one
			for range partsHeld + 4 { // of these the last wait in the inbox
				w.askLater(t, 3, 3600)
			}
			w.ask(t, 4)
			w.wait(t, 4)
			for chat := 1; chat <= 3; chat++ {
				bottest.Wait(t, w.vendor, "the reply waits for its sending", func() bool { return len(w.vendor.Attempts(chat)) > 0 })
			}

			c.jump(t, w.p, tc.jump)
			w.works(t, 4)
			w.wait(t, 1)
			w.p.Terminate(t) // a kill right after a sending may repeat it
			c.next(t, tc.then)
			w.p = w.p.Restart(t)
			w.works(t, 4)
			for chat := 1; chat <= 3; chat++ {
				w.wait(t, chat)
			}
			c.jump(t, w.p, tc.last)
			w.works(t, 4)
			if !tc.forgotten {
				w.repeat(t, 4)
			}
			for chat := 1; chat <= 4; chat++ { // what comes after shows that nothing is sent twice
				w.ask(t, chat)
				w.wait(t, chat)
				if got := w.answered(chat); fmt.Sprint(got) != fmt.Sprint(w.asked[chat]) {
					t.Errorf("chat %d: answered %v, asked %v", chat, got, w.asked[chat])
				}
			}
		})
	}
}

// partsHeld is how many parts of one chat may wait for their sending.
const partsHeld = 10

// clockTest is a program, its vendor, and what was asked by chat.
type clockTest struct {
	vendor *bottest.Telegram
	p      *bottest.Process
	asked  [5][]int
	last   int
}

func (w *clockTest) deliver(t *testing.T, chat, id int) {
	t.Helper()
	if status := w.vendor.Deliver(t, w.p.PublicURL, bottest.Incoming{Conversation: chat, ID: id, Text: "Ba khâu đột phá là gì?"}); status != http.StatusOK {
		t.Fatalf("message %d: %d\n%s", id, status, w.p.Log())
	}
}

// ask asks a question that the vendor lets be answered.
func (w *clockTest) ask(t *testing.T, chat int) {
	t.Helper()
	w.last++
	w.deliver(t, chat, w.last)
	w.asked[chat] = append(w.asked[chat], w.last)
}

// askLater asks one; the vendor wants the chat's first answer after some seconds.
func (w *clockTest) askLater(t *testing.T, chat int, seconds int64) {
	t.Helper()
	if len(w.asked[chat]) == 0 {
		w.vendor.Refuse(bottest.TelegramChat(chat), http.StatusTooManyRequests, "Too Many Requests", seconds)
	}
	w.ask(t, chat)
}

// repeat delivers the first message of a chat once more.
func (w *clockTest) repeat(t *testing.T, chat int) {
	t.Helper()
	w.deliver(t, chat, w.asked[chat][0])
}

// wait waits until everything of a chat is answered.
func (w *clockTest) wait(t *testing.T, chat int) {
	t.Helper()
	bottest.Wait(t, w.vendor, fmt.Sprintf("chat %d has its answers; log:\n%s", chat, w.p.Log()), func() bool {
		return len(w.vendor.Messages(chat)) >= len(w.asked[chat])
	})
}

// works asks a question, the page and the probe.
func (w *clockTest) works(t *testing.T, chat int) {
	t.Helper()
	w.ask(t, chat)
	w.wait(t, chat)
	if r := askServed(t, w.p, "Ba khâu đột phá của Nghị quyết là gì?"); !r.Answered {
		t.Error("the page does not answer")
	}
	if status, _ := fetch(t, http.MethodGet, w.p.PublicURL+"/readyz", ""); status != http.StatusOK {
		t.Errorf("not ready: %d\n%s", status, w.p.Log())
	}
}

// answered are the messages that were answered, in order.
func (w *clockTest) answered(chat int) (ids []int) {
	for _, m := range w.vendor.Messages(chat) {
		ids = append(ids, m.Answers)
	}
	return ids
}
