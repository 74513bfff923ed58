package bm25

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hoinq/hoinq/internal/pack"
)

func packed(ix *Index) []byte {
	var w pack.Writer
	ix.Pack(&w)
	return w.Bytes()
}

func unpacked(data []byte, documents int) (*Index, error) {
	r := pack.NewReader(data)
	ix := Unpack(r, documents, DefaultParams())
	return ix, r.Close()
}

func TestAnIndexSurvivesPacking(t *testing.T) {
	docs, queries := made(300)
	for _, docs := range [][]Document{nil, {{}}, docs[:1], docs, slices.Concat(docs, []Document{{}})} {
		want := Build(docs, DefaultParams())
		got, err := unpacked(packed(want), len(docs))
		if err != nil {
			t.Fatalf("%d documents: %v", len(docs), err)
		}
		if !bytes.Equal(packed(got), packed(want)) {
			t.Errorf("%d documents: packed again it has other bytes", len(docs))
		}
		for i, q := range queries {
			if diff := cmp.Diff(got.Search(q), want.Search(q)); diff != "" {
				t.Fatalf("%d documents, question %d (-got +want):\n%s", len(docs), i, diff)
			}
		}
	}
}

func TestAnyByteMayBeWrong(t *testing.T) {
	docs, queries := made(20)
	whole := packed(Build(docs, DefaultParams()))
	refused := 0
	for at := range whole {
		if at%3 != 0 && at > 100 {
			continue
		}
		for _, mask := range []byte{1, 0x80, 0xff} {
			damaged := slices.Clone(whole)
			damaged[at] ^= mask
			ix, err := unpacked(damaged, len(docs))
			switch {
			case err == nil:
				ix.Search(queries[at%len(queries)])
			case errors.Is(err, pack.ErrDamaged):
				refused++
			default:
				t.Fatalf("byte %d: %v, want %v", at, err, pack.ErrDamaged)
			}
		}
	}
	if refused < len(whole)/4 {
		t.Errorf("%d changes of %d bytes were refused, want most of those in lengths and orders", refused, len(whole))
	}
}

func TestAnotherNumberOfDocumentsIsRefused(t *testing.T) {
	docs, _ := made(20)
	for _, n := range []int{0, 19, 21} {
		if _, err := unpacked(packed(Build(docs, DefaultParams())), n); !errors.Is(err, pack.ErrDamaged) {
			t.Errorf("read for %d documents: %v, want %v", n, err, pack.ErrDamaged)
		}
	}
}

func FuzzUnpack(f *testing.F) {
	docs, queries := made(3)
	f.Add(packed(Build(docs, DefaultParams())))
	f.Fuzz(func(_ *testing.T, data []byte) {
		if ix, err := unpacked(data, len(docs)); err == nil {
			ix.Search(queries[0])
		}
	})
}
