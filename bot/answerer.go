package bot

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/internal/answer"
	"github.com/hoinq/hoinq/retrieval"
)

// MaxQuestion is the longest question that is read, in characters.
const MaxQuestion = retrieval.MaxQuestion

// Response is the public answer object, under a name that channels may use.
type Response = answer.Response

// Question is what somebody asks.
type Question struct {
	// ID is given back with the answer; it may be empty. The same ID asked again
	// in a conversation stands where it stood the first time.
	ID   string
	Text string
	// Channel and Conversation say where it is asked: a follow-up is understood
	// by the question before it in the same conversation. Empty for a question
	// that stands alone.
	Channel      ChannelID
	Conversation string
}

// Office says who runs the service; all of it may be empty.
type Office struct {
	// Name and Contact (telephone, hours, address) are shown to citizens.
	Name, Contact string
	// PublicURL is where citizens reach the web pages, without a slash at its
	// end; reading links in messages need it.
	PublicURL string
}

// ErrNotReady is returned while there are no documents to answer from yet.
var ErrNotReady = errors.New("the documents are not loaded yet")

// Answerer answers questions from the documents in force, which are swapped
// whole while it works: a question is answered from one set throughout. Make
// one with [NewAnswerer]; it is safe for concurrent use.
type Answerer struct {
	office  Office
	memory  *Memory
	metrics *Metrics
	now     func() time.Time
	serving atomic.Pointer[Serving]
	// turns has room for as many questions as are answered at the same time.
	turns chan struct{}
}

// Serving is one set of documents, ready to be asked.
type Serving struct {
	Engine *answer.Engine
	// Starters are offered to somebody who has not asked yet.
	Starters []string
	// Questions are all that may ever be offered; buttons name one by its key.
	Questions []string
}

// NewAnswerer makes an answerer that is not ready until the first
// [Answerer.Swap]. It answers on all of the cores but one, where there are
// several: answering is all computing, and what it would hold up waits for the
// disk and the network most of the time.
func NewAnswerer(office Office, memory *Memory, metrics *Metrics, cores int, now func() time.Time) *Answerer {
	return &Answerer{office: office, memory: memory, metrics: metrics, now: now, turns: make(chan struct{}, max(1, cores-1))}
}

// Swap puts another set of documents in force.
func (a *Answerer) Swap(s Serving) { a.serving.Store(&s) }

// Ready reports whether there are documents to answer from.
func (a *Answerer) Ready() bool { return a.serving.Load() != nil }

// Office says who runs the service.
func (a *Answerer) Office() Office { return a.office }

// Library is the set of documents in force; nil before the first Swap.
func (a *Answerer) Library() *corpus.Library {
	if s := a.serving.Load(); s != nil {
		return s.Engine.Library()
	}
	return nil
}

// Starters are questions to begin with, which the documents answer.
func (a *Answerer) Starters() []string {
	if s := a.serving.Load(); s != nil {
		return s.Starters
	}
	return nil
}

// Ask answers one question. A citation's URL is the address of its source; see
// [ReadAt] for the page of ours that shows it. It fails
// with [ErrNotReady], or when ctx ends.
func (a *Answerer) Ask(ctx context.Context, q Question) (Response, error) {
	r, before, err := a.ask(ctx, q)
	if err == nil {
		a.remember(ctx, q, r, before, nil)
	}
	return r, err
}

// ask answers one question and says what it leaned on. What the next one may
// lean on is left to [Answerer.remember].
func (a *Answerer) ask(ctx context.Context, q Question) (r Response, before past, err error) {
	s := a.serving.Load()
	if s == nil {
		return r, before, ErrNotReady
	}
	begin := a.now()
	if q.Conversation != "" {
		before = a.memory.recall(ctx, q.Channel, q.Conversation, q.ID)
	}
	query := retrieval.Query{Text: q.Text, Previous: before.Question}
	found, err := a.inTurn(ctx, s.Engine, query)
	if err != nil {
		return r, before, err
	}
	elapsed := a.now().Sub(begin)
	r = answer.NewResponse(q.ID, found, answer.Options{Office: a.office.Name, Contact: a.office.Contact}).Timed(elapsed)
	a.metrics.answered(r, elapsed)
	return r, before, nil
}

// inTurn asks the engine when fewer questions are being answered than may.
func (a *Answerer) inTurn(ctx context.Context, engine *answer.Engine, query retrieval.Query) (answer.Answer, error) {
	select {
	case a.turns <- struct{}{}:
	case <-ctx.Done():
		return answer.Answer{}, fmt.Errorf("wait for a turn: %w", ctx.Err())
	}
	defer func() { <-a.turns }()
	return engine.Ask(ctx, query)
}

// remember holds what the next question of a conversation may lean on, with the
// choices that the answer offers. A greeting or a slip does not take the place
// of the question before it.
func (a *Answerer) remember(ctx context.Context, q Question, r Response, before past, choices []Button) {
	if q.Conversation == "" {
		return
	}
	now := before
	memorable := r.Answered || r.Reason == string(retrieval.Insufficient) || r.Reason == string(retrieval.Ambiguous)
	if memorable {
		now = past{Question: q.Text}
	}
	if len(choices) > 0 {
		now.Offered = keysOf(choices)
	}
	if memorable || len(choices) > 0 {
		a.memory.remember(ctx, q.Channel, q.Conversation, remembered{ID: q.ID, Now: now, Before: before})
	}
}
