package bot

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/hoinq/hoinq/internal/queue"
)

// How long a conversation is remembered.
const (
	// KeepContext is how long the last question of a conversation is held, so
	// that a follow-up is understood.
	KeepContext = 30 * time.Minute
	// KeepNotice is how often at most a chat is told that only text is read.
	KeepNotice = 10 * time.Minute
)

// Memory is all that is held of a conversation: its last question for a while,
// and that a notice was given. It lies in memory, never on disk, under keys
// that lead back to nobody without the hash key. Open it with [OpenMemory]; it
// is safe for concurrent use. A failure of it costs a follow-up, not an
// answer, and is only logged.
type Memory struct {
	log             *slog.Logger
	hashKey         []byte
	context, notice *queue.Bucket
}

// memoryTimeout bounds a look into the memory: nobody waits longer for an answer
// because a cluster does not say what was asked before.
const memoryTimeout = 500 * time.Millisecond

// OpenMemory opens the memory. hashKey makes the keys of conversations.
func OpenMemory(ctx context.Context, log *slog.Logger, server *queue.Server, hashKey []byte) (*Memory, error) {
	held, err := server.Bucket(ctx, "context", KeepContext, queue.InMemory)
	if err != nil {
		return nil, fmt.Errorf("open memory: %w", err)
	}
	notice, err := server.Bucket(ctx, "notice", KeepNotice, queue.InMemory)
	if err != nil {
		return nil, fmt.Errorf("open memory: %w", err)
	}
	return &Memory{log: log, hashKey: hashKey, context: held, notice: notice}, nil
}

// past is what a message of a conversation may lean on.
type past struct {
	// Question is the one before.
	Question string `json:"question"`
	// Offered are the keys of the choices that were offered last, in order.
	Offered []string `json:"offered"`
}

// remembered is what is held of a conversation.
type remembered struct {
	// ID is the last message. Now is for the one that follows, Before is what
	// there was for it: a message whose work is done once more finds what it
	// found the first time.
	ID     string `json:"id"`
	Now    past   `json:"now"`
	Before past   `json:"before"`
}

// recall returns what the message with an id may lean on; the zero value where
// there is nothing.
func (m *Memory) recall(ctx context.Context, channel ChannelID, conversation, id string) past {
	ctx, cancel := context.WithTimeout(ctx, memoryTimeout)
	defer cancel()
	var last remembered
	data, ok, err := m.context.Get(ctx, m.key(channel, conversation))
	if err == nil && ok {
		err = json.Unmarshal(data, &last)
	}
	if err != nil {
		m.log.Warn("conversation not recalled", "error", err)
	}
	if id != "" && last.ID == id {
		return last.Before
	}
	return last.Now
}

// remember holds what the message with an id leaves for the one that follows.
func (m *Memory) remember(ctx context.Context, channel ChannelID, conversation string, r remembered) {
	ctx, cancel := context.WithTimeout(ctx, memoryTimeout)
	defer cancel()
	data, err := json.Marshal(r)
	if err == nil {
		err = m.context.Put(ctx, m.key(channel, conversation), data)
	}
	if err != nil {
		m.log.Warn("conversation not remembered", "error", err)
	}
}

// mayNotice reports whether the notice may be given in a conversation in reply
// to the message with an id, and notes that it was.
func (m *Memory) mayNotice(ctx context.Context, channel ChannelID, conversation, id string) bool {
	ctx, cancel := context.WithTimeout(ctx, memoryTimeout)
	defer cancel()
	key := m.key(channel, conversation)
	first, err := m.notice.Claim(ctx, key, []byte(id))
	if err == nil && !first {
		var given []byte
		given, first, err = m.notice.Get(ctx, key)
		first = first && string(given) == id // its work is done once more
	}
	if err != nil {
		m.log.Warn("notice not noted", "error", err)
	}
	return first
}

// forget deletes what is held of a conversation.
func (m *Memory) forget(ctx context.Context, channel ChannelID, conversation string) error {
	key := m.key(channel, conversation)
	if err := m.context.Delete(ctx, key); err != nil {
		return fmt.Errorf("forget conversation: %w", err)
	}
	if err := m.notice.Delete(ctx, key); err != nil {
		return fmt.Errorf("forget conversation: %w", err)
	}
	return nil
}

// key is the name of a conversation that leads back to nobody.
func (m *Memory) key(channel ChannelID, conversation string) string {
	mac := hmac.New(sha256.New, m.hashKey)
	_, _ = mac.Write([]byte(string(channel) + "\x00" + conversation)) // a hash takes everything
	return hex.EncodeToString(mac.Sum(nil))
}
