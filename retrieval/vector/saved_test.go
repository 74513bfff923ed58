package vector

import (
	"bytes"
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func exported(t *testing.T, ix *Index) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := ix.Export(&out); err != nil {
		t.Fatalf("Export: %v", err)
	}
	return out.Bytes()
}

func TestAnIndexSurvivesItsExport(t *testing.T) {
	texts := []string{"Đại hội bầu Ban Chấp hành", "Trồng rừng ngập mặn", "Khám sức khỏe định kỳ", "Trồng rừng ngập mặn"}
	want := build(t, Local(), texts...)
	got, err := Import(Local(), exported(t, want), len(texts))
	if err != nil {
		t.Fatalf("Import: %v", err)
	}
	for _, question := range append(texts, "rừng", "") {
		if diff := cmp.Diff(search(t, got, question, 10), search(t, want, question, 10)); diff != "" {
			t.Errorf("%q (-got +want):\n%s", question, diff)
		}
		places := []string{"003", "000", "none", "001"}
		g, err1 := got.Compare(t.Context(), question, places)
		w, err2 := want.Compare(t.Context(), question, places)
		if err := errors.Join(err1, err2); err != nil || !cmp.Equal(g, w) {
			t.Errorf("%q: cosines %v, want %v, error %v", question, g, w, err)
		}
	}
	empty := build(t, Local())
	if got, err := Import(Local(), exported(t, empty), 0); err != nil || len(search(t, got, "rừng", 3)) != 0 {
		t.Errorf("an index without texts: %v", err)
	}
}

func TestWhatIsNoExportOfTheTextsIsRefused(t *testing.T) {
	whole := exported(t, build(t, Local(), "một", "hai", "ba"))
	for name, tc := range map[string]struct {
		data  []byte
		texts int
	}{
		"nothing":            {nil, 0},
		"a byte":             {whole[:1], 3},
		"cut off":            {whole[:len(whole)/2], 3},
		"something else":     {[]byte("Nghị quyết"), 3},
		"of fewer texts":     {whole, 4},
		"of more texts":      {whole, 2},
		"compressed rubbish": {[]byte{0x1f, 0x8b, 1, 2, 3}, 3},
		"another collection": {bytes.ReplaceAll(whole, []byte(collection), []byte("PASSAGES")), 3},
	} {
		if _, err := Import(Local(), tc.data, tc.texts); !errors.Is(err, ErrSaved) {
			t.Errorf("%s: %v, want %v", name, err, ErrSaved)
		}
	}
}

func TestVectorsOfAnotherLengthHaveNoCosine(t *testing.T) {
	data := exported(t, build(t, fake(2, map[string][]float32{"a": {1, 0}}), "a"))
	ix, err := Import(fake(3, map[string][]float32{"a": {1, 0, 0}}), data, 1)
	if err != nil {
		t.Fatalf("Import: %v", err)
	}
	if got, err := ix.Compare(t.Context(), "a", []string{"000"}); err != nil || got[0] != 0 || math.IsNaN(got[0]) {
		t.Errorf("cosines %v, error %v, want 0", got, err)
	}
}
