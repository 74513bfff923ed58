package bot

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
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
	log               *slog.Logger
	hashKey           []byte
	questions, notice *queue.Bucket
}

// OpenMemory opens the memory. hashKey makes the keys of conversations.
func OpenMemory(ctx context.Context, log *slog.Logger, server *queue.Server, hashKey []byte) (*Memory, error) {
	questions, err := server.Bucket(ctx, "context", KeepContext, queue.InMemory)
	if err != nil {
		return nil, fmt.Errorf("open memory: %w", err)
	}
	notice, err := server.Bucket(ctx, "notice", KeepNotice, queue.InMemory)
	if err != nil {
		return nil, fmt.Errorf("open memory: %w", err)
	}
	return &Memory{log: log, hashKey: hashKey, questions: questions, notice: notice}, nil
}

// previous is the question before in a conversation, or empty.
func (m *Memory) previous(ctx context.Context, channel ChannelID, conversation string) string {
	text, _, err := m.questions.Get(ctx, m.key(channel, conversation))
	if err != nil {
		m.log.Warn("conversation not recalled", "error", err)
	}
	return string(text)
}

// remember holds a question for the one that follows.
func (m *Memory) remember(ctx context.Context, channel ChannelID, conversation, question string) {
	if err := m.questions.Put(ctx, m.key(channel, conversation), []byte(question)); err != nil {
		m.log.Warn("conversation not remembered", "error", err)
	}
}

// mayNotice reports whether the notice may be given in a conversation, and
// notes that it was.
func (m *Memory) mayNotice(ctx context.Context, channel ChannelID, conversation string) bool {
	first, err := m.notice.Claim(ctx, m.key(channel, conversation), nil)
	if err != nil {
		m.log.Warn("notice not noted", "error", err)
	}
	return first
}

// forget deletes what is held of a conversation.
func (m *Memory) forget(ctx context.Context, channel ChannelID, conversation string) error {
	key := m.key(channel, conversation)
	if err := m.questions.Delete(ctx, key); err != nil {
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
