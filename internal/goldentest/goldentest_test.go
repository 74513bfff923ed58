package goldentest

import (
	"path/filepath"
	"testing"
)

// recorder is a test that notes that it failed instead of failing.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Helper()               {}
func (r *recorder) Errorf(string, ...any) { r.failed = true }

func TestEqualFailsOnAnyDifferenceAndUpdateMendsIt(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.golden")
	Equal(t, file, "một\n", true)
	for _, tc := range []struct {
		got    string
		failed bool
	}{{"một\n", false}, {"một", true}, {"hai\n", true}} {
		r := &recorder{TB: t}
		Equal(r, file, tc.got, false)
		if r.failed != tc.failed {
			t.Errorf("%q against the file: failed %v, want %v", tc.got, r.failed, tc.failed)
		}
	}
}
