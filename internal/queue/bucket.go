package queue

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Bucket holds values under keys for a while. Make one with [Server.Bucket];
// it is safe for concurrent use.
type Bucket struct {
	js     jetstream.JetStream
	config jetstream.StreamConfig
	kv     jetstream.KeyValue
}

// Storage says where a bucket lies.
type Storage int

// The storages of a bucket.
const (
	InMemory Storage = iota // gone with the process, never on disk
	OnDisk                  // survives a crash of the process; not synced at every write
	Synced                  // survives a power cut: a write that returns is on the disk, as items of a stream are
)

// bucketPrefix begins the names of the streams of buckets, as key-value clients
// expect.
const bucketPrefix = "KV_"

// Bucket opens a bucket, which it makes if need be. A value expires ttl after
// it was put.
func (s *Server) Bucket(ctx context.Context, name string, ttl time.Duration, storage Storage) (*Bucket, error) {
	config := jetstream.StreamConfig{
		Name:              bucketPrefix + name,
		Subjects:          []string{"$KV." + name + ".>"},
		MaxMsgsPerSubject: 1,
		MaxAge:            ttl,
		Discard:           jetstream.DiscardNew,
		AllowRollup:       true,
		AllowDirect:       true,
		DenyDelete:        false,
		MaxMsgs:           -1,
		MaxBytes:          -1,
		Storage:           jetstream.MemoryStorage,
		Replicas:          s.copies,
	}
	if storage != InMemory {
		config.Storage = jetstream.FileStorage
	}
	if storage == OnDisk && s.copies == 1 { // JetStream refuses it with more
		config.PersistMode = jetstream.AsyncPersistMode
	}
	if _, err := makeStream(ctx, s.js, config); err != nil {
		return nil, fmt.Errorf("open bucket %s with %d copies: %w", name, s.copies, classified(err))
	}
	kv, err := s.js.KeyValue(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("open bucket %s: %w", name, classified(err))
	}
	return &Bucket{js: s.js, config: config, kv: kv}, nil
}

// restored makes a bucket anew that is gone since the servers that held it were
// started again: in memory, or without their disks. It reports whether what failed with
// err is worth another try.
func (b *Bucket) restored(ctx context.Context, err error) bool {
	gone := errors.Is(err, nats.ErrNoResponders) || errors.Is(err, jetstream.ErrNoStreamResponse)
	if !gone {
		return false
	}
	_, err = makeStream(ctx, b.js, b.config)
	return err == nil
}

// Get returns the value under a key; ok is false when there is none.
func (b *Bucket) Get(ctx context.Context, key string) (value []byte, ok bool, err error) {
	value, revision, err := b.Read(ctx, key)
	return value, revision > 0, err
}

// Read returns the value under a key and its revision, for [Bucket.Swap]; 0 and
// no value when there is none.
func (b *Bucket) Read(ctx context.Context, key string) (value []byte, revision uint64, err error) {
	entry, err := b.kv.Get(ctx, keyName(key))
	if b.restored(ctx, err) {
		entry, err = b.kv.Get(ctx, keyName(key))
	}
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, fmt.Errorf("read from bucket %s: %w", b.kv.Bucket(), err)
	}
	return entry.Value(), entry.Revision(), nil
}

// Swap sets the value under a key whose revision is still the one that
// [Bucket.Read] returned; it reports whether it did.
func (b *Bucket) Swap(ctx context.Context, key string, value []byte, revision uint64) (bool, error) {
	if revision == 0 {
		return b.Claim(ctx, key, value)
	}
	_, err := b.kv.Update(ctx, keyName(key), value, revision)
	var api *jetstream.APIError
	switch {
	case errors.As(err, &api) && (api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence || api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequenceConstant):
		return false, nil
	case b.restored(ctx, err): // what it held is gone
		return false, nil
	case err != nil:
		return false, fmt.Errorf("write to bucket %s: %w", b.kv.Bucket(), err)
	}
	return true, nil
}

// Put sets the value under a key.
func (b *Bucket) Put(ctx context.Context, key string, value []byte) error {
	_, err := b.kv.Put(ctx, keyName(key), value)
	if b.restored(ctx, err) {
		_, err = b.kv.Put(ctx, keyName(key), value)
	}
	if err != nil {
		return fmt.Errorf("write to bucket %s: %w", b.kv.Bucket(), err)
	}
	return nil
}

// Claim sets the value under a key that has none; it reports whether it did.
func (b *Bucket) Claim(ctx context.Context, key string, value []byte) (bool, error) {
	_, err := b.kv.Create(ctx, keyName(key), value)
	if b.restored(ctx, err) {
		_, err = b.kv.Create(ctx, keyName(key), value)
	}
	if errors.Is(err, jetstream.ErrKeyExists) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("write to bucket %s: %w", b.kv.Bucket(), err)
	}
	return true, nil
}

// Delete removes the value under a key, and every trace of it.
func (b *Bucket) Delete(ctx context.Context, key string) error {
	err := b.kv.Purge(ctx, keyName(key))
	if b.restored(ctx, err) {
		err = nil // a bucket made anew holds nothing
	}
	if err != nil {
		return fmt.Errorf("delete from bucket %s: %w", b.kv.Bucket(), err)
	}
	return nil
}

// keyName makes any string a key that a bucket takes.
func keyName(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:16])
}
