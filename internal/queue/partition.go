package queue

import (
	"crypto/sha256"
	"encoding/hex"
	"hash/fnv"
	"strconv"
	"strings"
)

// partitions is the number of parts that the work of every stream is shared
// out in. Shards are spread over them by a hash, so that all items of a shard
// are worked on by one process.
const partitions = 64

// partition is the part that a shard belongs to.
func partition(shard string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(shard)) // a hash takes everything
	return int(h.Sum32() % partitions)
}

// The subject of an item is NAME.PARTITION.OWNER: by the second token the work
// is shared out, by the third everything of one owner is found.

func (st *Stream) subject(item Item) string {
	return st.name + "." + strconv.Itoa(partition(item.Shard)) + "." + token(item.Owner)
}

// filters are the subjects of the partitions that are set.
func (st *Stream) filters(owned [partitions]bool) []string {
	var subjects []string
	for p, mine := range owned {
		if mine {
			subjects = append(subjects, st.name+"."+strconv.Itoa(p)+".*")
		}
	}
	if len(subjects) == partitions {
		return []string{st.name + ".>"}
	}
	return subjects
}

// subjectPartition is the partition in a subject, as it was when the item was
// stored.
func subjectPartition(subject string) int {
	parts := strings.SplitN(subject, ".", 3)
	if len(parts) < 2 {
		return 0
	}
	p, err := strconv.Atoi(parts[1])
	if err != nil || p < 0 || p >= partitions {
		return 0
	}
	return p
}

// token makes any string a token of a subject, from which the string cannot be
// read.
func token(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:12])
}
