// Package goldentest compares what a test printed with a file in its testdata.
//
// A golden file is for output that a person reads, such as rankings and
// answers, where a change is to be looked at and not merely counted. The
// package is for tests alone and holds no expectations of its own.
//
//	var update = flag.Bool("update", false, "write the golden files anew")
//
//	goldentest.Equal(t, "testdata/answers.golden", got, *update)
package goldentest

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Equal fails the test when got is not what stands in file, and prints the
// difference. With update it writes got there first.
func Equal(t testing.TB, file, got string, update bool) {
	t.Helper()
	if update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s has changed; look at each line, then run this test with -update (-want +got):\n%s", file, diff)
	}
}
