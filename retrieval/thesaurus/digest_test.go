package thesaurus

import (
	"testing"
	"testing/fstest"
)

func TestEveryChangeOfTheFieldsGivesAnotherDigest(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	seen := map[string]string{Digest(): "the fields in the program"}
	for name, files := range map[string]fstest.MapFS{
		"none":           {},
		"one":            {"fields/a.txt": file("x -> y\n")},
		"another line":   {"fields/a.txt": file("x -> z\n")},
		"another name":   {"fields/b.txt": file("x -> y\n")},
		"one more":       {"fields/a.txt": file("x -> y\n"), "fields/b.txt": file("")},
		"told apart":     {"fields/a.txt": file("x -> "), "fields/b.txt": file("y\n")},
		"told otherwise": {"fields/a.txt": file("x"), "fields/b.txt": file(" -> y\n")},
	} {
		digest := digestOf(files)
		if other := seen[digest]; other != "" {
			t.Errorf("%s: the digest of %s, %s", name, other, digest)
		}
		if digest != digestOf(files) {
			t.Errorf("%s: another digest the second time", name)
		}
		seen[digest] = name
	}
}
