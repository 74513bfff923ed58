// Package queue keeps work on disk until it is done: streams of items and
// buckets of values that expire, in JetStream. The server is inside the process
// and opens no port ([Open]), or it is a cluster ([Connect]) whose work any
// number of processes share; all that follows is the same code. The package
// knows nothing of what an item means.
//
// An item that [Stream.Publish] accepted is on disk, synced (the server inside
// runs with SyncAlways: JetStream acknowledges before fsync unless told so; a
// cluster does as its operator has set it, on as many servers as there are
// copies), and is handed to the workers of [Stream.Run] until one of them has
// done it. Items of one group are handed out one after the other, in the order
// of acceptance; different groups side by side. A group that waits holds back
// only itself.
//
// # Who works on what
//
// Every item has a shard, and the shards are spread over 64 partitions, which
// are the second token of the subjects. [Server.Run] keeps this process's share
// of the partitions by a lease: one entry in a bucket says which replicas live
// and whose each partition is, and is changed by compare-and-set only. A replica
// works on an item only while its lease holds by its own monotonic clock; others
// take its partitions when its entry has not changed for as long by theirs. So
// no clock has to be right. Each replica has one consumer in each stream, over
// its partitions, and keeps a queue for each group in memory; what is done is
// removed in any order.
//
// An [Object] is one large value in versions, for replicas that share it: a
// version is in force whole or not at all, and takes the place only of the one
// that its maker knew.
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
// The consumer itself is made anew at every start and after every change of the
// share, and lives in memory, since the stream holds exactly what is left to do.
//
// # Dead letters
//
// An item that failed too often, that its handler gave up, or that nobody could
// do for [KeepWork], goes to a stream of dead letters ([Stream.Dead]) and can be
// put back ([Stream.Retry]). Nothing else removes an item that is not done but
// [Stream.Purge].
//
// # Damaged files
//
// The server cuts a file off at the first record that it cannot read, without a
// word, and what stood behind it is gone. So [Open] looks through the files
// first. What is damaged it copies beside the folder, to queue-damaged-1 and so
// on, and takes only the damaged bytes out: every item that can be read is handed
// out, in order. [Server.Damage] and a line of the log say what is lost.
//
// Two things leave no trace on disk after a crash: that a whole file was deleted,
// and that the end is lost, when it looks like a write that was cut off. And what
// is damaged while the server has it open is noticed at the next start only.
package queue
