package bottest

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// What the suite asks, of the documents that the program carries with it, and
// words that a good answer quotes.
const (
	question = "Ba khâu đột phá của Nghị quyết là gì?"
	quoted   = "đô thị hóa đi cùng xây dựng nông thôn mới nâng cao"
	place    = "Phần II"
)

// StartFunc starts the program with settings ("NAME=value") on a new data
// folder; see [Start].
type StartFunc func(t testing.TB, settings []string) *Process

// Contract runs the suite that every channel passes against the real program,
// speaking to it as the vendor does.
func Contract(t *testing.T, start StartFunc, vendor Vendor) {
	traits := vendor.Traits()
	c := &contract{vendor: vendor, traits: traits, start: start}
	t.Run("while it runs", func(t *testing.T) {
		c.process = c.run(t)
		t.Run("a question is answered in one message, with its words and their place", c.answersWithQuotation)
		t.Run("what the vendor did not send, or cannot be read, is refused and never answered", c.refusesForgery)
		t.Run("what asks nothing is accepted in silence", c.keepsSilence)
		t.Run("a repeated delivery is answered once", c.answersRepeatOnce)
		t.Run("a conversation keeps its order and holds up no other", c.keepsOrder)
		t.Run("a rate limit is waited for, and holds up nothing else", c.waitsForRateLimit)
		t.Run("whoever blocked the bot is given up at once", c.givesUpTheGone)
		t.Run("what fails at the vendor is sent again", c.sendsAgain)
		if traits.Markup {
			t.Run("refused markup is sent as plain words", c.fallsBackToPlainWords)
		}
		if traits.Chats {
			t.Run("a picture is answered with a fixed line, once", c.answersTextlessOnce)
			t.Run("a command is answered and its choices work", c.answersCommand)
			t.Run("a flood is slowed with one polite message", c.slowsFlood)
		}
	})
	t.Run("a repeated delivery is answered once over restarts", c.answersRepeatOnceOverRestarts)
	t.Run("what was accepted before a termination is answered", c.losesNothingAtTermination)
	t.Run("what was accepted before a crash is answered", c.losesNothingAtCrash)
	t.Run("the log holds no secret and nothing of a person", c.keepsSecrets)
}

// contract is one run of the suite.
type contract struct {
	vendor  Vendor
	traits  Traits
	start   StartFunc
	process *Process // of the cases that share one

	mu           sync.Mutex
	logs         []func() string
	conversation int // the last that was used
	id           int // the last delivery
}

// run starts a program whose log is looked at in the end.
func (c *contract) run(t *testing.T) *Process {
	t.Helper()
	return c.watch(c.start(t, c.vendor.Settings()))
}

func (c *contract) watch(p *Process) *Process {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.logs = append(c.logs, p.Log)
	return p
}

// talk is a conversation that nobody else uses.
func (c *contract) talk() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conversation++
	return c.conversation
}

// says is a new delivery of a text.
func (c *contract) says(conversation int, text string) Incoming {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.id++
	return Incoming{Kind: Text, Conversation: conversation, ID: c.id, Text: text}
}

// asks is a new delivery of the question.
func (c *contract) asks(conversation int) Incoming { return c.says(conversation, question) }

// deliver delivers to the shared program, which must accept it.
func (c *contract) deliver(t *testing.T, m Incoming) {
	t.Helper()
	c.deliverTo(t, c.process, m)
}

func (c *contract) deliverTo(t *testing.T, p *Process, m Incoming) {
	t.Helper()
	if got := c.vendor.Deliver(t, p.PublicURL, m); got != c.traits.Accepted {
		t.Errorf("delivery %d: status %d, want %d", m.ID, got, c.traits.Accepted)
	}
}

// waits waits for n messages to a conversation.
func (c *contract) waits(t *testing.T, conversation, n int) []Sent {
	t.Helper()
	var got []Sent
	Wait(t, c.vendor, fmt.Sprintf("%d messages to a conversation", n), func() bool {
		got = c.vendor.Messages(conversation)
		return len(got) >= n
	})
	return got
}

// waitsForAttempts waits for n attempts to send to a conversation.
func (c *contract) waitsForAttempts(t *testing.T, conversation, n int) []time.Time {
	t.Helper()
	var got []time.Time
	Wait(t, c.vendor, fmt.Sprintf("%d attempts to send to a conversation", n), func() bool {
		got = c.vendor.Attempts(conversation)
		return len(got) >= n
	})
	return got
}

// What is asked where a vendor does not show which message is answered, and
// words of its answer, which no other has.
const (
	settling = "/riengtu"
	settled  = "Gõ /xoa để xóa ngay"
)

// settles makes sure that everything delivered to a conversation before has
// had its answer, by asking once more, and returns all messages but that last
// answer. A conversation is answered in order, so nothing can come after it.
func (c *contract) settles(t *testing.T, p *Process, conversation int) []Sent {
	t.Helper()
	last := c.asks(conversation)
	before := 0
	if !c.traits.Replies {
		last.Text = settling
		for _, s := range c.vendor.Messages(conversation) {
			if strings.Contains(s.Words, settled) {
				before++
			}
		}
	}
	c.deliverTo(t, p, last)
	var got []Sent
	at := -1
	Wait(t, c.vendor, "the answer to the last question", func() bool {
		got = c.vendor.Messages(conversation)
		seen := 0
		at = slices.IndexFunc(got, func(s Sent) bool {
			if c.traits.Replies {
				return s.Answers == last.ID
			}
			if strings.Contains(s.Words, settled) {
				seen++
			}
			return seen > before
		})
		return at >= 0
	})
	return slices.Delete(got, at, at+1)
}

// keepsSecrets looks through the logs of all that was run before.
func (c *contract) keepsSecrets(t *testing.T) {
	private := append(c.vendor.Private(c.conversation), question, quoted, "khâu đột phá")
	for _, log := range c.logs {
		text := log()
		if text == "" {
			t.Error("a program has logged nothing")
		}
		for line := range strings.Lines(text) {
			for _, p := range private {
				if strings.Contains(line, p) {
					t.Errorf("the log holds something private (%d characters): %s", len(p), strings.ReplaceAll(line, p, "***"))
				}
			}
		}
	}
}
