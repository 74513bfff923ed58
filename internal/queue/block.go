package queue

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"iter"

	"github.com/minio/highwayhash"
)

// The files in which the server keeps a stream, as far as they must be read to
// tell whether they are whole. All numbers are little endian; every checksum is
// HighwayHash-64 under the SHA-256 of the stream's name or, in a block, of the
// name, "-" and the block's number.
//
// A block, msgs/N.blk, is a row of records:
//
//	length 4 (high bit: has headers), sequence 8, time 8, subject length 2,
//	subject, [header length 4, headers,] data, checksum 8
//
// The checksum is over sequence, time, subject, headers and data. A bit of the
// sequence says that the record is what an erased item left, another that it
// tells of an item that was removed.
//
// The index, msgs/index.db, spares the server reading the blocks: magic 1,
// version 1, varints (items, bytes, first sequence, first time, last
// sequence …), the checksum of the last record, and its own checksum. It is
// right when the server has closed, and old after a crash.
const (
	recordHead    = 22
	checksumSize  = 8
	recordLeast   = recordHead + checksumSize
	hasHeaders    = 1 << 31
	recordErased  = 1 << 63
	recordRemoves = 1 << 62
	// recordMost and subjectMost are beyond what the server takes. They keep
	// the search for the next record in damaged bytes from hashing far and wide.
	recordMost  = 1<<20 + 64<<10
	subjectMost = 1024

	indexMagic  = 11
	indexLatest = 4 // the latest version whose first fields are known
	indexLeast  = 32
)

// layout reads files whose checksums are made under one key.
type layout struct{ hash hash.Hash64 }

func layoutOf(key string) layout {
	sum := sha256.Sum256([]byte(key))
	h, err := highwayhash.New64(sum[:])
	if err != nil {
		panic(err) // unreachable: the key has the right length
	}
	return layout{hash: h}
}

func (l layout) sum(parts ...[]byte) []byte {
	l.hash.Reset()
	for _, p := range parts {
		_, _ = l.hash.Write(p) // a hash takes everything
	}
	return l.hash.Sum(nil)
}

// record returns the length and the sequence, with its bits, of the record that
// data begins with; a length of 0 when that is no whole record.
func (l layout) record(data []byte) (length int, sequence uint64) {
	if len(data) < recordLeast {
		return 0, 0
	}
	size := binary.LittleEndian.Uint32(data)
	headers := size&hasHeaders != 0
	size &^= hasHeaders
	subject := int(binary.LittleEndian.Uint16(data[20:]))
	length, body := int(size), recordHead+subject
	if headers {
		body += 4
	}
	if subject > subjectMost || length > recordMost || length > len(data) || body+checksumSize > length {
		return 0, 0
	}
	end := length - checksumSize
	if !bytes.Equal(l.sum(data[4:20], data[recordHead:recordHead+subject], data[body:end]), data[end:length]) {
		return 0, 0
	}
	return length, binary.LittleEndian.Uint64(data[4:])
}

// heads is how many records data seems to begin with, whole or not: what a
// write that was cut off left has at most the beginning of one.
func heads(data []byte) (n uint64) {
	for len(data) >= recordLeast {
		length := int(binary.LittleEndian.Uint32(data) &^ hasHeaders)
		if length < recordLeast || length > len(data) {
			break
		}
		data = data[length:]
		n++
	}
	return n
}

// span is a part of a block: a record, or damaged bytes up to the next one.
type span struct {
	data     []byte
	sequence uint64 // with its bits; 0 when damaged
	damaged  bool
}

// spans are the parts of a block, in order.
func (l layout) spans(block []byte) iter.Seq[span] {
	return func(yield func(span) bool) {
		damaged := 0 // where the damaged bytes begin that end at i
		for i := 0; i < len(block); {
			length, sequence := l.record(block[i:])
			if length == 0 {
				i++
				continue
			}
			if damaged < i && !yield(span{data: block[damaged:i], damaged: true}) ||
				!yield(span{data: block[i : i+length], sequence: sequence}) {
				return
			}
			i += length
			damaged = i
		}
		if damaged < len(block) {
			yield(span{data: block[damaged:], damaged: true})
		}
	}
}

// index is what an index says of its stream.
type index struct {
	items, first, last uint64
	checksum           []byte // of the last record
}

// index reads an index; ok is false when it is damaged or of a kind that is not
// known here.
func (l layout) index(data []byte) (x index, ok bool) {
	end := len(data) - checksumSize
	if len(data) < indexLeast || !bytes.Equal(l.sum(data[:end]), data[end:]) || data[0] != indexMagic || data[1] > indexLatest {
		return index{}, false
	}
	x.checksum = data[end-checksumSize : end]
	var fields [5]uint64 // the fourth is signed, which does not matter here
	rest := data[2:end]
	for i := range fields {
		value, n := binary.Uvarint(rest)
		if n <= 0 {
			return index{}, false
		}
		fields[i], rest = value, rest[n:]
	}
	x.items, x.first, x.last = fields[0], fields[2], fields[4]
	return x, true
}
