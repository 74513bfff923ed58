package queue

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// ErrNoDeadLetter is returned, wrapped, for a number that no dead letter has.
var ErrNoDeadLetter = errors.New("no such dead letter")

// DeadLetter is an item that could not be done.
type DeadLetter struct {
	Item
	// Number tells it from the others of its stream.
	Number uint64
	// Reason is the error of the last try, without words of a person.
	Reason string
	// AcceptedAt is when the item was published, DiedAt when it was given up.
	AcceptedAt, DiedAt time.Time
}

// Headers of a dead letter, beside those of its item. The id is not the
// message's own, which would be checked against repeats.
const (
	idHeader       = "Hoinq-Id"
	reasonHeader   = "Hoinq-Reason"
	acceptedHeader = "Hoinq-Accepted"
)

func (st *Stream) deadName() string { return st.name + "-dead" }

// bury stores an item among the dead letters.
func (st *Stream) bury(ctx context.Context, d Delivery, why error) error {
	msg := nats.NewMsg(st.deadName() + "." + token(d.Owner))
	msg.Header.Set(idHeader, d.ID)
	msg.Header.Set(groupHeader, d.Group)
	msg.Header.Set(shardHeader, d.Shard)
	msg.Header.Set(ownerHeader, d.Owner)
	msg.Header.Set(reasonHeader, why.Error())
	msg.Header.Set(acceptedHeader, d.AcceptedAt.UTC().Format(time.RFC3339))
	msg.Data = d.Data
	// The sequence makes a second burial of the same item a repeat.
	_, err := st.js.PublishMsg(ctx, msg, jetstream.WithMsgID(d.ID+"/"+strconv.FormatUint(d.sequence, 10)))
	return err
}

// Dead returns the dead letters with a number of at least from, oldest first,
// at most limit.
func (st *Stream) Dead(ctx context.Context, from uint64, limit int) ([]DeadLetter, error) {
	var letters []DeadLetter
	for len(letters) < limit {
		msg, err := st.dead.GetMsg(ctx, max(from, 1), jetstream.WithGetMsgSubject(st.deadName()+".*"))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read dead letters of %s: %w", st.name, err)
		}
		letters = append(letters, deadLetter(msg))
		from = msg.Sequence + 1
	}
	return letters, nil
}

// DeadLetter returns the dead letter with a number. The error wraps
// [ErrNoDeadLetter] when there is none.
func (st *Stream) DeadLetter(ctx context.Context, number uint64) (DeadLetter, error) {
	if number == 0 {
		return DeadLetter{}, fmt.Errorf("read dead letter 0 of %s: %w", st.name, ErrNoDeadLetter)
	}
	msg, err := st.dead.GetMsg(ctx, number)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		err = ErrNoDeadLetter
	}
	if err != nil {
		return DeadLetter{}, fmt.Errorf("read dead letter %d of %s: %w", number, st.name, err)
	}
	return deadLetter(msg), nil
}

func deadLetter(msg *jetstream.RawStreamMsg) DeadLetter {
	letter := DeadLetter{
		Item: itemOf(msg.Header, msg.Data), Number: msg.Sequence, Reason: msg.Header.Get(reasonHeader), DiedAt: msg.Time,
	}
	letter.ID = msg.Header.Get(idHeader)
	letter.AcceptedAt, _ = time.Parse(time.RFC3339, msg.Header.Get(acceptedHeader)) // zero where it is missing
	return letter
}

// Retry puts a dead letter back among the items to do and removes it from the
// dead. The item has a new id, since the old one was seen; doing it twice to
// one letter puts it back once.
func (st *Stream) Retry(ctx context.Context, number uint64) error {
	letter, err := st.DeadLetter(ctx, number)
	if err != nil {
		return err
	}
	letter.ID += "/again-" + strconv.FormatUint(number, 10)
	if _, err := st.Publish(ctx, letter.Item); err != nil {
		return fmt.Errorf("retry dead letter %d: %w", number, err)
	}
	err = st.dead.DeleteMsg(ctx, number)
	if err == nil {
		return nil
	}
	if _, still := st.DeadLetter(ctx, number); !errors.Is(still, ErrNoDeadLetter) { // else somebody was quicker
		return fmt.Errorf("remove dead letter %d of %s: %w", number, st.name, err)
	}
	return nil
}
