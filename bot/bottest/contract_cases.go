package bottest

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func (c *contract) answersWithQuotation(t *testing.T) {
	talk := c.talk()
	m := c.asks(talk)
	c.deliver(t, m)
	got := c.waits(t, talk, 1)
	if others := c.settles(t, c.process, talk); len(others) != 1 {
		t.Errorf("answered by %d messages, want 1", len(others))
	}
	checkAnswer(t, got[0])
	if c.traits.Replies && got[0].Answers != m.ID {
		t.Errorf("the message answers %d, want %d", got[0].Answers, m.ID)
	}
}

// checkAnswer checks that a message answers the question.
func checkAnswer(t *testing.T, got Sent) {
	t.Helper()
	for _, want := range []string{quoted, place, "[1]"} {
		if !strings.Contains(got.Words, want) {
			t.Errorf("the answer lacks %q:\n%s", want, got.Words)
		}
	}
	if !got.Plain && !slices.ContainsFunc(got.Quotations, func(q string) bool { return strings.Contains(q, quoted) }) {
		t.Errorf("the words are not marked as a quotation:\n%s", got.Words)
	}
}

func (c *contract) refusesForgery(t *testing.T) {
	talk := c.talk()
	for _, kind := range []Delivery{Forged, Unsigned, Oversized, Malformed} {
		m := c.asks(talk)
		m.Kind = kind
		if got, want := c.vendor.Deliver(t, c.process.PublicURL, m), c.traits.Statuses[kind]; got != want {
			t.Errorf("delivery of kind %d: status %d, want %d", kind, got, want)
		}
	}
	if got := c.settles(t, c.process, talk); len(got) != 0 {
		t.Errorf("answered by %d messages, want silence", len(got))
	}
}

func (c *contract) keepsSilence(t *testing.T) {
	talk := c.talk()
	for _, kind := range []Delivery{Unknown, Echo} {
		m := c.asks(talk)
		m.Kind = kind
		c.deliver(t, m)
	}
	if got := c.settles(t, c.process, talk); len(got) != 0 {
		t.Errorf("answered by %d messages, want silence", len(got))
	}
}

func (c *contract) answersRepeatOnce(t *testing.T) {
	talk := c.talk()
	m := c.asks(talk)
	for range 3 {
		c.deliver(t, m)
	}
	c.waits(t, talk, 1)
	c.deliver(t, m)
	if got := c.settles(t, c.process, talk); len(got) != 1 {
		t.Errorf("answered by %d messages, want 1", len(got))
	}
}

func (c *contract) keepsOrder(t *testing.T) {
	const quick = 12 // more than a vendor takes at once from one conversation
	talk, other := c.talk(), c.talk()
	var want, got []int
	for i := range quick {
		m := c.asks(talk)
		switch {
		case c.traits.Replies:
			want = append(want, m.ID)
		case i*i%3 == 0: // told apart by what is answered
			m.Text = settling
			want = append(want, 1)
		default:
			want = append(want, 0)
		}
		c.deliver(t, m)
		if i == quick/2 {
			c.deliver(t, c.asks(other))
		}
	}
	for _, s := range c.waits(t, talk, quick) {
		switch {
		case c.traits.Replies:
			got = append(got, s.Answers)
		case strings.Contains(s.Words, settled):
			got = append(got, 1)
		default:
			got = append(got, 0)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("answered in the order %v, want %v", got, want)
	}
	c.waits(t, other, 1)
}

func (c *contract) waitsForRateLimit(t *testing.T) {
	limited, other := c.talk(), c.talk()
	c.vendor.Trouble(limited, RateLimit)
	c.deliver(t, c.asks(limited))
	first := c.waitsForAttempts(t, limited, 1)[0]
	c.deliver(t, c.asks(other))
	held, free := c.waits(t, limited, 1)[0], c.waits(t, other, 1)[0]
	checkAnswer(t, held)
	if !c.traits.LimitsAll && !free.At.Before(held.At) {
		t.Error("another conversation was held up")
	}
	for _, at := range c.vendor.Attempts(limited)[1:] {
		if waited := at.Sub(first); waited < RateLimitPause {
			t.Errorf("tried again after %s, want %s at least", waited, RateLimitPause)
		}
	}
}

func (c *contract) givesUpTheGone(t *testing.T) {
	talk, other := c.talk(), c.talk()
	c.vendor.Trouble(talk, Block)
	c.deliver(t, c.asks(talk))
	c.waitsForAttempts(t, talk, 1)
	c.deliver(t, c.asks(other))
	c.waits(t, other, 1)
	// Somebody who comes back is answered, and only what is asked then.
	if got := c.settles(t, c.process, talk); len(got) != 0 {
		t.Errorf("%d messages were sent after all", len(got))
	}
	if got := len(c.vendor.Attempts(talk)); got != 2 {
		t.Errorf("%d attempts, want one for each question", got)
	}
}

func (c *contract) sendsAgain(t *testing.T) {
	talk := c.talk()
	c.vendor.Trouble(talk, Fail)
	c.deliver(t, c.asks(talk))
	checkAnswer(t, c.waits(t, talk, 1)[0])
}

func (c *contract) fallsBackToPlainWords(t *testing.T) {
	talk, other := c.talk(), c.talk()
	c.vendor.Trouble(talk, RefuseMarkup)
	c.deliver(t, c.asks(talk))
	c.deliver(t, c.asks(other))
	plain, marked := c.waits(t, talk, 1)[0], c.waits(t, other, 1)[0]
	checkAnswer(t, plain)
	if !plain.Plain {
		t.Error("the message has markup")
	}
	for line := range strings.Lines(marked.Words) {
		if !strings.Contains(plain.Words, strings.TrimSpace(line)) {
			t.Errorf("the plain message lacks %q:\n%s", line, plain.Words)
		}
	}
}

func (c *contract) answersTextlessOnce(t *testing.T) {
	talk := c.talk()
	for range 3 {
		m := c.says(talk, "")
		m.Kind = Textless
		c.deliver(t, m)
	}
	got := c.settles(t, c.process, talk)
	if len(got) != 1 || !strings.Contains(got[0].Words, "bằng chữ") {
		t.Errorf("answered by %d messages, want one that asks for text", len(got))
	}
}

func (c *contract) answersCommand(t *testing.T) {
	talk := c.talk()
	c.deliver(t, c.says(talk, "/start"))
	got := c.waits(t, talk, 1)[0]
	choose := c.says(talk, "1")
	if c.traits.Buttons {
		if len(got.Keys) == 0 {
			t.Fatalf("the greeting offers no button:\n%s", got.Words)
		}
		for i, key := range got.Keys {
			if len(key) == 0 || len(key) > 64 || got.Buttons[i] == "" {
				t.Errorf("button %q has the key %q", got.Buttons[i], key)
			}
		}
		choose.Kind, choose.Text = Press, got.Keys[0]
	}
	c.deliver(t, choose)
	if answer := c.waits(t, talk, 2)[1]; len(answer.Quotations) == 0 {
		t.Errorf("the first choice of\n%s\nis answered without a quotation:\n%s", got.Words, answer.Words)
	}
}

// slowsFlood sends more than a person does. What was taken in is answered, the
// first of it at once, and only once is said that the rest must wait.
func (c *contract) slowsFlood(t *testing.T) {
	const many = 25
	talk, other := c.talk(), c.talk()
	for range many {
		c.deliver(t, c.asks(talk))
	}
	c.deliver(t, c.asks(other))
	c.waits(t, other, 1)
	got := c.waits(t, talk, many-3) // those that are left take seconds each
	notices := 0
	for _, s := range got {
		if strings.Contains(s.Words, "gửi nhanh quá") {
			notices++
		}
	}
	if notices != 1 {
		t.Errorf("told to slow down %d times, want once", notices)
	}
}

func (c *contract) answersRepeatOnceOverRestarts(t *testing.T) {
	p := c.run(t)
	talk := c.talk()
	m := c.asks(talk)
	c.deliverTo(t, p, m)
	c.waits(t, talk, 1)
	// Once somebody else's answer is there too, the program has surely noted
	// that the first was sent.
	c.settles(t, p, c.talk())
	end := map[string]func(){
		"terminated": func() { p.Terminate(t) },
		"killed":     func() { p.Kill(t) },
	}
	want := 1
	for _, how := range []string{"terminated", "killed"} {
		end[how]()
		p = c.watch(p.Restart(t))
		c.deliverTo(t, p, m)
		if got := c.settles(t, p, talk); len(got) != want {
			t.Errorf("%s: %d messages, want %d", how, len(got), want)
		}
		want++ // the question by which it settled
		c.settles(t, p, c.talk())
	}
}

func (c *contract) losesNothingAtTermination(t *testing.T) {
	p := c.run(t)
	accepted := c.flood(t, p)
	code, took := p.Terminate(t)
	if code != 0 || took > 10*time.Second {
		t.Errorf("ended with code %d after %s, want 0 within 10s", code, took)
	}
	c.answersAll(t, p, accepted, 1)
}

func (c *contract) losesNothingAtCrash(t *testing.T) {
	p := c.run(t)
	accepted := c.flood(t, p)
	p.Kill(t)
	// What was sent and not yet noted as sent is sent again, once.
	c.answersAll(t, p, accepted, 2)
}

// perTalk is how many messages of a flood are of one conversation.
const perTalk = 5

// flood delivers messages of several conversations and returns those that were
// accepted.
func (c *contract) flood(t *testing.T, p *Process) []Incoming {
	t.Helper()
	var accepted []Incoming
	talks := []int{c.talk(), c.talk(), c.talk(), c.talk()}
	for range perTalk {
		for _, talk := range talks {
			m := c.asks(talk)
			c.deliverTo(t, p, m)
			accepted = append(accepted, m)
		}
	}
	return accepted
}

// answersAll starts the program again and waits until every message has its
// answer, at most so many times.
func (c *contract) answersAll(t *testing.T, p *Process, accepted []Incoming, most int) {
	t.Helper()
	p = c.watch(p.Restart(t))
	count := func(m Incoming) (n int) {
		for _, s := range c.vendor.Messages(m.Conversation) {
			if s.Answers == m.ID {
				n++
			}
		}
		return n
	}
	if !c.traits.Replies { // each of a conversation's messages stands for all
		count = func(m Incoming) int {
			return len(c.vendor.Messages(m.Conversation)) / perTalk
		}
	}
	Wait(t, c.vendor, "an answer to every accepted message", func() bool {
		return !slices.ContainsFunc(accepted, func(m Incoming) bool { return count(m) == 0 })
	})
	for _, m := range accepted {
		if c.traits.Replies {
			c.settles(t, p, m.Conversation)
		}
		if got := count(m); got > most {
			t.Errorf("message %d is answered %d times, want %d at most", m.ID, got, most)
		}
	}
}
