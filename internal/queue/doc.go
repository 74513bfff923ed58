// Package queue keeps work on disk until it is done: streams of items and
// buckets of values that expire, in a JetStream server inside the process that
// opens no port. It knows nothing of what an item means.
//
// An item that [Stream.Publish] accepted is on disk, synced (the server runs
// with SyncAlways: JetStream acknowledges before fsync unless told so), and is
// handed to the workers of [Stream.Run] until one of them has done it. Items of
// one group are handed out one after the other, in the order of acceptance;
// different groups side by side. A group that waits holds back only itself.
//
// # What a crash leads to
//
// A stream has work-queue retention: an item is removed, synced, when it is
// done. With limits retention only a consumer's notes would tell what is done,
// and these are flushed late. But a work queue forgets the ids of removed items
// at a restart. So beside each stream stands a bucket of what was seen: id →
// sequence number of the item that was accepted under it. It is flushed
// without fsync, so it survives a crash of the process; a power cut may lose
// its last moment. The steps, and what a crash right after each one means:
//
//  1. Publish has stored the item: whoever sent it saw no acceptance and sends
//     it again; the stream still holds the id, so that is a repeat.
//  2. A worker has noted id → sequence in seen: the item is handed out again
//     under its own sequence, which is no repeat, and work begins anew.
//  3. The work is done, the item not removed yet: it is done a second time.
//     This is the only way to do something twice.
//  4. The item is removed: sent again, it is accepted under a new sequence,
//     found in seen under another one, and dropped.
//
// The consumer itself is made anew at every start and lives in memory, since
// the stream holds exactly what is left to do.
package queue
