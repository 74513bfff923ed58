// Package pack writes plain values one after the other into bytes, and reads
// them back from bytes that cannot be trusted.
//
// Numbers are unsigned varints of encoding/binary, arrays of fixed width are
// little-endian, and whatever has a length begins with it. Nothing in the bytes
// says what a value is: writer and reader must name the same values in the same
// order, and keep a version beside them.
//
//	var w pack.Writer
//	w.Uint(3)
//	w.String("abc")
//	r := pack.NewReader(w.Bytes())
//	n, s := r.Uint(), r.String()
//	err := r.Close()
//
// A [Reader] never panics and never allocates more than a small multiple of the
// bytes that are there. It is no format for other programs, and has no
// checksum: damage that leaves the lengths alone is for the caller to notice.
package pack

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// ErrDamaged is returned, wrapped, for bytes that no [Writer] wrote in that
// order.
var ErrDamaged = errors.New("damaged")

// Writer appends values. The zero value is ready; it is not safe for concurrent
// use.
type Writer struct{ data []byte }

// Bytes are what was written so far; they belong to the writer until it is
// no longer used.
func (w *Writer) Bytes() []byte { return w.data }

// Uint writes a number that is not negative.
func (w *Writer) Uint(n int) { w.data = binary.AppendUvarint(w.data, uint64(n)) }

// String writes a string.
func (w *Writer) String(s string) {
	w.Uint(len(s))
	w.data = append(w.data, s...)
}

// Blob writes bytes.
func (w *Writer) Blob(b []byte) {
	w.Uint(len(b))
	w.data = append(w.data, b...)
}

// Uint32s writes an array.
func (w *Writer) Uint32s(list []uint32) {
	w.Uint(len(list))
	for _, n := range list {
		w.data = binary.LittleEndian.AppendUint32(w.data, n)
	}
}

// Float32s writes an array, bit by bit.
func (w *Writer) Float32s(list []float32) {
	w.Uint(len(list))
	for _, x := range list {
		w.data = binary.LittleEndian.AppendUint32(w.data, math.Float32bits(x))
	}
}

// Reader reads values in the order in which they were written. After the first
// value that is not there it gives zero values; [Reader.Close] has the error.
// It is not safe for concurrent use.
type Reader struct {
	data []byte
	at   int
	err  error
}

// NewReader reads data, which must not be changed any more: blobs are parts of
// it.
func NewReader(data []byte) *Reader { return &Reader{data: data} }

// Fail notes that what was read makes no sense; the first error counts.
func (r *Reader) Fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("%w at byte %d: %s", ErrDamaged, r.at, fmt.Sprintf(format, args...))
	}
}

// Err is the first error, nil when all was well so far.
func (r *Reader) Err() error { return r.err }

// Close returns the first error; bytes that are left over are one.
func (r *Reader) Close() error {
	if r.err == nil && r.at < len(r.data) {
		r.Fail("%d bytes too many", len(r.data)-r.at)
	}
	return r.err
}

// Uint reads a number.
func (r *Reader) Uint() int {
	if r.err != nil {
		return 0
	}
	n, size := binary.Uvarint(r.data[r.at:])
	if size <= 0 || n > math.MaxInt {
		r.Fail("no number")
		return 0
	}
	r.at += size
	return int(n)
}

// Below reads a number that must be less than limit.
func (r *Reader) Below(limit int) int {
	n := r.Uint()
	if r.err == nil && n >= limit {
		r.Fail("%d, want less than %d", n, limit)
		return 0
	}
	return n
}

// Count reads how many values of at least so many bytes each follow. It is
// never more than there is room for in what is left.
func (r *Reader) Count(each int) int {
	n := r.Uint()
	if r.err == nil && n > (len(r.data)-r.at)/each {
		r.Fail("%d values of %d bytes in the %d that are left", n, each, len(r.data)-r.at)
		return 0
	}
	return n
}

// Blob reads bytes; they are a part of what is read, not a copy.
func (r *Reader) Blob() []byte { return r.take(1) }

// String reads a string.
func (r *Reader) String() string { return string(r.Blob()) }

// Uint32s reads an array.
func (r *Reader) Uint32s() []uint32 {
	b := r.take(4)
	list := make([]uint32, len(b)/4)
	for i := range list {
		list[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	return list
}

// Float32s reads an array.
func (r *Reader) Float32s() []float32 {
	b := r.take(4)
	list := make([]float32, len(b)/4)
	for i := range list {
		list[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return list
}

// take reads a count and the bytes of so many values of width bytes.
func (r *Reader) take(width int) []byte {
	size := r.Count(width) * width
	b := r.data[r.at : r.at+size : r.at+size]
	r.at += size
	return b
}
