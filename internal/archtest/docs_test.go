package archtest

import (
	"fmt"
	"path"
	"strings"
	"testing"
)

// packageComments: every package says what it is, in one file, in more than a
// single line or sentence.
func packageComments(m module) (findings []string) {
	dirs, files := m.packages()
	for _, dir := range dirs {
		var commented []source
		for _, s := range files[dir] {
			if s.tree.Doc != nil && strings.TrimSpace(s.tree.Doc.Text()) != "" {
				commented = append(commented, s)
			}
		}
		if len(commented) != 1 {
			findings = append(findings, fmt.Sprintf("%s: %d files carry a package comment, want exactly one: what the package is for, what it is not, an example", dir, len(commented)))
			continue
		}
		s := commented[0]
		begin := "Package " + s.tree.Name.Name + " "
		if s.tree.Name.Name == "main" {
			begin = "Command " + path.Base(dir) + " "
		}
		text := strings.TrimSpace(s.tree.Doc.Text())
		switch {
		case !strings.HasPrefix(text, begin):
			findings = append(findings, s.finding(s.tree.Doc, "the package comment must begin %q", begin))
		case strings.Count(text, "\n") == 0 && strings.Count(text, ". ") == 0:
			findings = append(findings, s.finding(s.tree.Doc, "the package comment is one sentence: say also what the package is not"))
		}
	}
	return findings
}

func TestPackageComments(t *testing.T) {
	keep(t, packageComments, []example{
		{
			name:  "none",
			files: "-- corpus/c.go --\npackage corpus\n",
			want:  "corpus: 0 files carry a package comment",
		},
		{
			name:  "in two files",
			files: "-- corpus/a.go --\n// Package corpus is.\n// It is not.\npackage corpus\n-- corpus/b.go --\n// Package corpus is.\n// It is not.\npackage corpus\n",
			want:  "corpus: 2 files carry a package comment",
		},
		{
			name:  "of another name",
			files: "-- corpus/c.go --\n// Package corpora is.\n// It is not.\npackage corpus\n",
			want:  `corpus/c.go:1: the package comment must begin "Package corpus "`,
		},
		{
			name:  "of a command, begun as of a package",
			files: "-- cmd/hoinq/main.go --\n// Package main is.\n// It is not.\npackage main\n",
			want:  `cmd/hoinq/main.go:1: the package comment must begin "Command hoinq "`,
		},
		{
			name:  "of one sentence",
			files: "-- corpus/c.go --\n// Package corpus is good.\npackage corpus\n",
			want:  "corpus/c.go:1: the package comment is one sentence",
		},
		{
			name:  "of two sentences, two lines, or a command",
			files: "-- corpus/c.go --\n// Package corpus is. It is not.\npackage corpus\n-- bot/b.go --\n// Package bot is\n// long.\npackage bot\n-- cmd/hoinq/main.go --\n// Command hoinq is. It is not.\npackage main\n",
		},
	})
}
