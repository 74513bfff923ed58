package pack

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
)

func written() []byte {
	var w Writer
	w.Uint(0)
	w.Uint(math.MaxInt)
	w.String("văn bản")
	w.Blob([]byte{1, 2})
	w.Uint32s([]uint32{7, math.MaxUint32})
	w.Float32s([]float32{-1.5, float32(math.Inf(1))})
	w.String("")
	return w.Bytes()
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	r := NewReader(written())
	if got := []int{r.Uint(), r.Uint()}; !slices.Equal(got, []int{0, math.MaxInt}) {
		t.Errorf("numbers %v", got)
	}
	if got := r.String(); got != "văn bản" {
		t.Errorf("string %q", got)
	}
	if got := r.Blob(); !slices.Equal(got, []byte{1, 2}) || cap(got) != 2 {
		t.Errorf("blob %v with room for %d, want its own bytes alone", got, cap(got))
	}
	if got := r.Uint32s(); !slices.Equal(got, []uint32{7, math.MaxUint32}) {
		t.Errorf("array %v", got)
	}
	if got := r.Float32s(); !slices.Equal(got, []float32{-1.5, float32(math.Inf(1))}) {
		t.Errorf("array %v", got)
	}
	if got := r.String(); got != "" || r.Close() != nil {
		t.Errorf("string %q, error %v, want the end", got, r.Close())
	}
}

func readAll(data []byte) error {
	r := NewReader(data)
	r.Uint()
	r.Uint()
	_ = r.String()
	r.Blob()
	r.Uint32s()
	r.Float32s()
	_ = r.String()
	return r.Close()
}

func TestBytesCutOffAnywhereAreDamaged(t *testing.T) {
	whole := written()
	for n := range whole {
		if err := readAll(whole[:n]); !errors.Is(err, ErrDamaged) {
			t.Errorf("the first %d bytes: %v, want %v", n, err, ErrDamaged)
		}
	}
	if err := readAll(append(whole, 0)); !errors.Is(err, ErrDamaged) {
		t.Errorf("a byte too many: %v, want %v", err, ErrDamaged)
	}
}

func TestLengthsThatPromiseTooMuchAllocateNothing(t *testing.T) {
	var w Writer
	w.Uint(math.MaxInt)
	for name, read := range map[string]func(*Reader){
		"string": func(r *Reader) { _ = r.String() },
		"blob":   func(r *Reader) { r.Blob() },
		"array":  func(r *Reader) { r.Uint32s() },
		"floats": func(r *Reader) { r.Float32s() },
		"count":  func(r *Reader) { _ = make([]int, r.Count(1)) },
	} {
		r := NewReader(w.Bytes())
		read(r)
		if !errors.Is(r.Close(), ErrDamaged) {
			t.Errorf("%s: %v, want %v", name, r.Close(), ErrDamaged)
		}
	}
}

func TestTheFirstErrorStays(t *testing.T) {
	r := NewReader([]byte{5})
	if n := r.Below(5); n != 0 || r.Err() == nil {
		t.Errorf("read %d, error %v, want 5 to be refused", n, r.Err())
	}
	r.Fail("another")
	if err := r.Close(); err == nil || strings.Contains(err.Error(), "another") {
		t.Errorf("error %v, want the first one", err)
	}
	if r.Uint() != 0 || r.String() != "" {
		t.Error("read on after an error")
	}
}

func FuzzReader(f *testing.F) {
	f.Add(written())
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := readAll(data); err != nil && !errors.Is(err, ErrDamaged) {
			t.Errorf("error %v, want %v", err, ErrDamaged)
		}
	})
}
