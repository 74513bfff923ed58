package bot

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/hoinq/hoinq/internal/queue"
)

// QueueName names one of the [Queues].
type QueueName string

// The queues.
const (
	Inbox  QueueName = "inbox"  // messages, until their replies are stored
	Outbox QueueName = "outbox" // parts of replies, until a vendor has them
)

// QueueNames are the queues in the order of the way of a question.
func QueueNames() []QueueName { return []QueueName{Inbox, Outbox} }

// ErrNoQueue is returned, wrapped, for a name that is none of [QueueNames].
var ErrNoQueue = errors.New("no such queue")

// Queues are the two streams of a [Service], for whoever looks after them.
// Open them with [OpenQueues]; they are safe for concurrent use.
type Queues struct {
	server        *queue.Server
	inbox, outbox *queue.Stream
}

// OpenQueues opens the streams without working on them, for so many parts on
// their way at the same time. metrics counts what
// becomes of items; it may be nil where no service works on them.
func OpenQueues(ctx context.Context, server *queue.Server, sends int, metrics *Metrics) (*Queues, error) {
	q := &Queues{server: server}
	died := func(name QueueName) func(queue.Item) {
		return func(queue.Item) { metrics.died.WithLabelValues(string(name)).Inc() }
	}
	repeated := func(item queue.Item) { metrics.repeated.WithLabelValues(string(channelOf(item))).Inc() }
	var err error
	if q.inbox, err = server.Stream(ctx, string(Inbox), queue.StreamOptions{
		Workers: answerWorkers, Drain: drain, PerOwner: chatLimit, Repeated: repeated, Died: died(Inbox),
	}); err != nil {
		return nil, err
	}
	if q.outbox, err = server.Stream(ctx, string(Outbox), queue.StreamOptions{
		Workers: min(max(1, sends), maxWorkers), Drain: drain, PerOwner: partLimit, Died: died(Outbox),
	}); err != nil {
		return nil, err
	}
	return q, nil
}

// DeadLetter is an item that could not be done: a message that was not
// answered, or a part of a reply that was not sent.
type DeadLetter struct {
	Queue QueueName `json:"queue"`
	// Number tells it from the others of its queue.
	Number uint64 `json:"number"`
	// Channel is empty for an item that cannot be read.
	Channel ChannelID `json:"channel"`
	// Reason is the error of the last try, without words of a person.
	Reason string `json:"reason"`
	// AcceptedAt is when the item was stored, DiedAt when it was given up.
	AcceptedAt time.Time `json:"accepted_at"`
	DiedAt     time.Time `json:"died_at"`
	// Words are the person's, or those of the reply in the vendor's format;
	// all that is stored, where that cannot be read. Only
	// [Queues.DeadLetter] tells them; never logged.
	Words string `json:"words,omitempty"`
}

// maxLetters is how many dead letters are listed at once.
const maxLetters = 100

// DeadLetters lists the first dead letters of a queue with a number of at least
// from, oldest first and without their words. An empty list is the end; the
// error wraps [ErrNoQueue] for a name of none.
func (q *Queues) DeadLetters(ctx context.Context, name QueueName, from uint64) ([]DeadLetter, error) {
	stream, err := q.stream(name)
	if err != nil {
		return nil, err
	}
	dead, err := stream.Dead(ctx, from, maxLetters)
	if err != nil {
		return nil, err
	}
	letters := make([]DeadLetter, len(dead))
	for i, d := range dead {
		letters[i] = deadLetter(name, d)
	}
	return letters, nil
}

// DeadLetter returns a dead letter with its words. The error wraps
// [queue.ErrNoDeadLetter] when there is none of that number, and [ErrNoQueue].
func (q *Queues) DeadLetter(ctx context.Context, name QueueName, number uint64) (DeadLetter, error) {
	stream, err := q.stream(name)
	if err != nil {
		return DeadLetter{}, err
	}
	d, err := stream.DeadLetter(ctx, number)
	if err != nil {
		return DeadLetter{}, err
	}
	letter := deadLetter(name, d)
	letter.Words = wordsOf(name, d.Item)
	return letter, nil
}

// Retry puts a dead letter back among the items to do, once however often it is
// called. The error wraps [queue.ErrNoDeadLetter], [ErrNoQueue], and
// [queue.ErrOwnerFull] while its chat has too much waiting.
func (q *Queues) Retry(ctx context.Context, name QueueName, number uint64) error {
	stream, err := q.stream(name)
	if err != nil {
		return err
	}
	return stream.Retry(ctx, number)
}

func (q *Queues) stream(name QueueName) (*queue.Stream, error) {
	switch name {
	case Inbox:
		return q.inbox, nil
	case Outbox:
		return q.outbox, nil
	}
	return nil, ErrNoQueue
}

func deadLetter(name QueueName, d queue.DeadLetter) DeadLetter {
	return DeadLetter{
		Queue: name, Number: d.Number, Channel: channelOf(d.Item), Reason: d.Reason, AcceptedAt: d.AcceptedAt, DiedAt: d.DiedAt,
	}
}

// channelOf is the channel of an item of either queue; empty for one that
// cannot be read.
func channelOf(item queue.Item) ChannelID {
	var has struct {
		Channel ChannelID `json:"channel"`
	}
	if err := json.Unmarshal(item.Data, &has); err != nil {
		return ""
	}
	return has.Channel
}

// wordsOf are the words in an item.
func wordsOf(name QueueName, item queue.Item) string {
	var m Message
	var out outgoing
	switch {
	case name == Inbox && json.Unmarshal(item.Data, &m) == nil:
		return m.Text
	case name == Outbox && json.Unmarshal(item.Data, &out) == nil && len(out.Part.Plain) > 0:
		return string(out.Part.Plain)
	case name == Outbox && json.Unmarshal(item.Data, &out) == nil:
		return string(out.Part.Body)
	}
	return string(item.Data)
}
