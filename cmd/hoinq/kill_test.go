package main

import (
	"flag"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/hoinq/hoinq/bot/bottest"
)

// The long form is
//
//	go test ./cmd/hoinq -run Killed -v -timeout 30m -args -kills 20 -between 1000
//
// and -seed repeats the moments of a run, as far as processes can.
var (
	kills   = flag.Int("kills", 3, "how often the program is killed")
	between = flag.Int("between", 100, "answers and acknowledgements from one kill to the next: so many to three times as many")
	seed    = flag.Uint64("seed", 0, "seed of the moments of the kills; 0 for a new one")
)

// Answers given twice are a matter of the moment of a kill, not of the number
// of questions, so their share is told only by many questions.
const (
	shareFrom = 10_000 // questions
	onTheWay  = 8      // parts at the vendor at the same time, sendWorkers in package bot
)

// The program is killed under load, at any moment, again and again. What it had
// acknowledged is answered, hardly ever twice, and what the vendor then
// delivers once more is not answered again. The only answers given twice are
// those that the vendor had at the moment of a kill and that were not removed
// from the outbox yet.
func TestNothingAcknowledgedIsLostWhenTheProgramIsKilled(t *testing.T) {
	if *seed == 0 {
		*seed = rand.Uint64()
	}
	t.Logf("-kills %d -between %d -seed %d", *kills, *between, *seed)
	random := rand.New(rand.NewPCG(*seed, 0))
	s := besiege(t, newCrowd(t))
	for range *kills {
		<-s.after(*between + random.IntN(2**between))
		s.restart(t)
		asked, twice := s.count()
		t.Logf("killed: %d questions so far, %d answered twice", asked, twice)
	}
	asked := s.end()
	s.drain(t)
	for question := 1; question <= asked; question++ {
		if s.answers(question) == 0 {
			t.Errorf("question %d was acknowledged and never answered", question)
		}
	}
	_, twice := s.count()
	t.Logf("%d kills, %d questions, %d answered twice", *kills, asked, twice)
	limit := asked / 100
	if asked < shareFrom {
		limit = *kills * onTheWay
	}
	if twice > limit {
		t.Errorf("%d of %d questions were answered twice, want at most %d", twice, asked, limit)
	}
	for question := 1; question <= asked; question++ {
		if status := s.post(t, s.program, question); status != http.StatusOK {
			t.Errorf("delivered once more, question %d gets status %d", question, status)
		}
	}
	s.drain(t)
	if _, now := s.count(); now != twice {
		t.Errorf("%d questions were answered again when they were delivered once more", now-twice)
	}
}

// siege is a crowd that goes on asking while the program is killed and started
// again. Each question is delivered until it is acknowledged, as vendors do.
type siege struct {
	*crowd
	lines sync.WaitGroup
	over  chan struct{} // closed when no more is to be asked
	free  chan struct{} // has a value for each question that waits for its answer

	// The mutex of crowd guards what follows.
	program   *bottest.Process
	restarted chan struct{} // closed when another program has taken its place
	asked     int
	events    int // answers and acknowledgements until alarm is closed
	alarm     chan struct{}
}

// besiege starts the program and the siege.
func besiege(t *testing.T, c *crowd) *siege {
	t.Helper()
	s := &siege{crowd: c, over: make(chan struct{}), free: make(chan struct{}, crowdInFlight), restarted: make(chan struct{})}
	s.program = bottest.Start(t, t.TempDir(), c.settings)
	c.heard = func(question int) {
		if s.exchanges[question].answers == 1 {
			<-s.free
		}
		s.event()
	}
	for range crowdLines {
		s.lines.Go(func() {
			for question := s.next(); question > 0; question = s.next() {
				s.deliver(t, question)
			}
		})
	}
	return s
}

// next is the next question to ask, or 0 when it is over.
func (s *siege) next() int {
	select {
	case <-s.over:
		return 0
	case s.free <- struct{}{}:
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	s.exchanges[s.asked] = &exchange{}
	return s.asked
}

// deliver posts a question until it is acknowledged.
func (s *siege) deliver(t *testing.T, question int) {
	for t.Context().Err() == nil {
		s.mu.Lock()
		program, restarted := s.program, s.restarted
		s.mu.Unlock()
		switch status := s.post(t, program, question); status {
		case http.StatusOK:
			s.mu.Lock()
			s.event()
			s.mu.Unlock()
			return
		case 0, http.StatusServiceUnavailable: // killed, or about to be
			select {
			case <-restarted:
			case <-time.After(100 * time.Millisecond):
			}
		default:
			t.Errorf("question %d: status %d", question, status)
			return
		}
	}
}

// event counts an answer or an acknowledgement; the caller holds the mutex.
func (s *siege) event() {
	if s.events--; s.events == 0 {
		close(s.alarm)
	}
}

// after returns a channel that is closed after n more events.
func (s *siege) after(n int) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events, s.alarm = n, make(chan struct{})
	return s.alarm
}

// restart kills the program and starts it again.
func (s *siege) restart(t *testing.T) {
	t.Helper()
	s.program.Kill(t)
	program := s.program.Restart(t)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.program = program
	close(s.restarted)
	s.restarted = make(chan struct{})
}

// end asks no more, and returns how many questions were acknowledged: all.
func (s *siege) end() (asked int) {
	close(s.over)
	s.lines.Wait()
	return s.asked
}

// drain waits until everything that was acknowledged is done with. One more
// question in every chat comes after all the others in it.
func (s *siege) drain(t *testing.T) {
	t.Helper()
	s.mu.Lock()
	first := (max(s.asked, s.last)/crowdChats+1)*crowdChats + 1 // as question 1, in the first chat
	s.mu.Unlock()
	s.round(t, s.program, first, min(s.asked, crowdChats), pace{inFlight: crowdLines})
}

func (s *siege) answers(question int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.exchanges[question].answers
}

// count tells how many questions were asked so far, and how many answers were
// one too many.
func (s *siege) count() (asked, twice int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for question := 1; question <= s.asked; question++ {
		twice += max(s.exchanges[question].answers-1, 0)
	}
	return s.asked, twice
}
