package archtest

import (
	"fmt"
	"go/ast"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// topLevel: the root holds these names and dotfiles, and nothing else.
func topLevel(m module) (findings []string) {
	fixed := []string{
		"cmd", "bot", "retrieval", "corpus", "internal",
		"go.mod", "go.sum", "Dockerfile", "README.md", "LICENSE",
	}
	for _, name := range m.top {
		if !strings.HasPrefix(name, ".") && !slices.Contains(fixed, name) {
			findings = append(findings, name+": the top level is fixed: "+strings.Join(fixed, " ")+" and dotfiles; put it into the package that it belongs to")
		}
	}
	return findings
}

const (
	longestFile     = 600 // lines of a Go file that is no test
	longestFunction = 100 // lines of a function in one
)

func sizes(m module) (findings []string) {
	for _, s := range m.sources {
		if s.test() {
			continue
		}
		if lines := strings.Count(s.text, "\n"); lines > longestFile {
			findings = append(findings, fmt.Sprintf("%s: %d lines, want at most %d: a file is one concept", s.path, lines, longestFile))
		}
		for _, d := range s.tree.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if lines := s.fset.Position(f.End()).Line - s.fset.Position(f.Pos()).Line + 1; lines > longestFunction {
				findings = append(findings, s.finding(f, "func %s has %d lines, want at most %d", f.Name.Name, lines, longestFunction))
			}
		}
	}
	return findings
}

// secrets: recordings and examples hold no key that could be a real one. The
// finding does not repeat it.
func secrets(m module) (findings []string) {
	shapes := []struct {
		name  string
		shape *regexp.Regexp
	}{
		{"a Telegram token", regexp.MustCompile(`\d{8,10}:[A-Za-z0-9_-]{35}`)},
		{"a webhook secret", regexp.MustCompile(`whsec_[A-Za-z0-9+/=]{16,}`)},
		{"a model key", regexp.MustCompile(`\bsk-[A-Za-z0-9_-]{20,}`)},
		{"a private key", regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY-----`)},
	}
	for _, f := range m.testdata {
		for _, s := range shapes {
			if at := s.shape.FindStringIndex(f.text); at != nil {
				line := 1 + strings.Count(f.text[:at[0]], "\n")
				findings = append(findings, fmt.Sprintf("%s:%d: looks like %s: scrub the recording, make up a shorter one", f.path, line, s.name))
			}
		}
	}
	return findings
}

func TestTopLevel(t *testing.T) {
	keep(t, topLevel, []example{
		{
			name:  "a new folder",
			files: "-- util/u.go --\npackage util\n",
			want:  "util: the top level is fixed",
		},
		{
			name:  "a new file",
			files: "-- NOTES.md --\n",
			want:  "NOTES.md: the top level is fixed",
		},
		{
			name:  "what is fixed, dotfiles, and what git ignores",
			files: "-- README.md --\n-- .ci/run --\n-- bin/hoinq --\n-- data/VERSION --\n-- cover.out --\n-- hoinq --\n-- hoinq.exe --\n",
		},
	})
}

func TestSizes(t *testing.T) {
	body := func(lines int) string { return "func f() {\n" + strings.Repeat("\tg()\n", lines-2) + "}\n" }
	keep(t, sizes, []example{
		{
			name:  "a file too long",
			files: "-- bot/b.go --\npackage bot\n" + strings.Repeat("\n", longestFile),
			want:  "bot/b.go: 601 lines, want at most 600",
		},
		{
			name:  "a function too long",
			files: "-- bot/b.go --\npackage bot\n" + body(longestFunction+1),
			want:  "bot/b.go:2: func f has 101 lines, want at most 100",
		},
		{
			name:  "just not too long, and a test",
			files: "-- bot/b.go --\npackage bot\n" + body(longestFunction) + "-- bot/b_test.go --\npackage bot\n" + body(longestFile+1),
		},
	})
}

func TestSecrets(t *testing.T) {
	letters := strings.Repeat("aB3", 12)[:35]
	keep(t, secrets, []example{
		{
			name:  "a bot's token in an address",
			files: "-- bot/testdata/a.txt --\n\nGET /bot12345678:" + letters + "/getMe\n",
			want:  "bot/testdata/a.txt:2: looks like a Telegram token",
		},
		{
			name:  "a webhook's secret",
			files: "-- bot/portal/testdata/clients.json --\n{\"secret\":\"whsec_" + letters[:16] + "\"}\n",
			want:  "bot/portal/testdata/clients.json:1: looks like a webhook secret",
		},
		{
			name:  "a model's key",
			files: "-- internal/llm/testdata/deep/r.txt --\nBearer sk-" + letters[:20] + "\n",
			want:  "internal/llm/testdata/deep/r.txt:1: looks like a model key",
		},
		{
			name:  "a private key",
			files: "-- bot/testdata/k --\n-----BEGIN RSA " + "PRIVATE KEY-----\n",
			want:  "bot/testdata/k:1: looks like a private key",
		},
		{
			name:  "made up ones",
			files: "-- bot/testdata/a.txt --\n123:TOKEN whsec_dGVzdA== sk-test ask-" + letters + "\n",
		},
	})
}
