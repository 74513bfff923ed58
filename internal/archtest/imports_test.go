package archtest

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

// An arrow says what the packages of a folder may import of this module.
// Folders are written as the go command writes patterns: "retrieval" is one
// package, "retrieval/..." it and all below. Of several rows that match a
// package the longest is its row, and `to` lists the rows of the packages
// that may be imported: "internal/..." is therefore the plumbing alone.
type arrow struct {
	from    string
	to      []string
	typesOf []string // of these only types and constants may be named
}

const (
	everything = "..."
	plumbing   = "internal/..."
)

// arrows is the folder table.
func arrows() []arrow {
	types := []string{"corpus"}
	return []arrow{
		{from: "cmd/...", to: []string{everything}},

		{from: "bot", to: []string{"retrieval/...", "corpus", "internal/answer/...", plumbing}},
		{from: "bot/plain", to: []string{"bot", plumbing}, typesOf: types},
		{from: "bot/telegram/...", to: []string{"bot/telegram/...", "bot", plumbing}, typesOf: types},
		{from: "bot/zalooa/...", to: []string{"bot/zalooa/...", "bot/plain", "bot", plumbing}, typesOf: types},
		{from: "bot/zalobot/...", to: []string{"bot/zalobot/...", "bot/plain", "bot", plumbing}, typesOf: types},
		{from: "bot/webchat/...", to: []string{"bot/webchat/...", "bot/widget", "bot", plumbing}, typesOf: types},
		{from: "bot/widget", to: []string{plumbing}},
		{from: "bot/portal/...", to: []string{"bot/portal/...", "bot", plumbing}, typesOf: types},
		{from: "bot/bottest", to: []string{"bot"}, typesOf: types}, // a reply holds citations

		{from: "retrieval/...", to: []string{"retrieval/...", "corpus", plumbing}},

		{from: "corpus", to: []string{plumbing}},
		{from: "corpus/ingest/...", to: []string{"corpus/ingest/...", "corpus", plumbing}},
		{from: "corpus/bundled/...", to: []string{"corpus/ingest/...", "corpus", plumbing}},

		{from: "internal/answer/...", to: []string{"internal/answer/...", "retrieval/...", "corpus", plumbing}},
		{from: "internal/evaluate/...", to: []string{"internal/evaluate/...", "internal/answer/...", "retrieval/...", "corpus", "corpus/ingest/...", plumbing}},
		{from: plumbing, to: []string{plumbing}},
	}
}

// rowOf is the row that governs a package.
func rowOf(pkg string) (row arrow, ok bool) {
	for _, a := range arrows() {
		folder, below := strings.CutSuffix(a.from, "/...")
		if (pkg == folder || below && strings.HasPrefix(pkg, folder+"/")) && len(a.from) > len(row.from) {
			row, ok = a, true
		}
	}
	return row, ok
}

func importArrows(m module) (findings []string) {
	dirs, files := m.packages()
	declared := declarations(m)
	for _, dir := range dirs {
		row, ok := rowOf(dir)
		if !ok {
			findings = append(findings, dir+": the package has no row: say in arrows (internal/archtest) and in the folder table what it may import")
			continue
		}
		for _, s := range files[dir] {
			findings = append(findings, row.check(m, s, declared)...)
		}
	}
	return findings
}

// check holds the imports of one file to its row.
func (row arrow) check(m module, s source, declared map[string]names) (findings []string) {
	may := strings.Join(row.to, ", ")
	if row.typesOf != nil {
		may += " and types of " + strings.Join(row.typesOf, ", ")
	}
	for _, spec := range s.tree.Imports {
		importPath, _ := strconv.Unquote(spec.Path.Value)
		pkg, ok := m.inside(importPath)
		if !ok {
			continue
		}
		to, _ := rowOf(pkg)
		switch {
		case slices.Contains(row.to, everything), slices.Contains(row.to, to.from):
		case slices.Contains(row.typesOf, pkg):
			for _, use := range s.uses(importPath) {
				if kind := declared[pkg][use.Sel.Name]; kind != aType && kind != aConstant {
					findings = append(findings, s.finding(use, "%s names %s.%s, but may only name its types and constants: ask through bot", row.from, pkg, use.Sel.Name))
				}
			}
		default:
			findings = append(findings, s.finding(spec, "imports %s, but %s may only import %s of this module", pkg, row.from, may))
		}
	}
	return findings
}

func TestImportArrows(t *testing.T) {
	const corpus = "\n-- corpus/c.go --\npackage corpus\ntype ID string\nconst None ID = \"\"\nfunc Open() {}\n"
	keep(t, importArrows, []example{
		{
			name:  "a channel does not search",
			files: "-- bot/telegram/t.go --\npackage telegram\n\nimport _ \"m/retrieval\"\n",
			want:  "bot/telegram/t.go:3: imports retrieval, but bot/telegram/... may only import",
		},
		{
			name:  "a channel does not compose answers",
			files: "-- bot/webchat/w.go --\npackage webchat\nimport _ \"m/internal/answer\"\n",
			want:  "bot/webchat/w.go:2: imports internal/answer,",
		},
		{
			name:  "a channel does not know another",
			files: "-- bot/zalooa/z.go --\npackage zalooa\nimport _ \"m/bot/telegram\"\n",
			want:  "bot/zalooa/z.go:2: imports bot/telegram,",
		},
		{
			name:  "a channel knows the bot, types of the corpus and plumbing",
			files: "-- bot/portal/p.go --\npackage portal\nimport (\n\"m/bot\"\n\"m/corpus\"\n\"m/internal/queue\"\n\"net/http\"\n\"example.com/x\"\n)\nvar _ = corpus.None\ntype id = corpus.ID\n" + corpus,
		},
		{
			name:  "a channel opens no corpus",
			files: "-- bot/portal/p.go --\npackage portal\nimport docs \"m/corpus\"\nfunc f() { docs.Open() }\n" + corpus,
			want:  "bot/portal/p.go:3: bot/portal/... names corpus.Open,",
		},
		{
			name:  "retrieval knows no channel",
			files: "-- retrieval/bm25/b.go --\npackage bm25\nimport _ \"m/bot\"\n",
			want:  "retrieval/bm25/b.go:2: imports bot,",
		},
		{
			name:  "retrieval knows its parts and the corpus",
			files: "-- retrieval/r.go --\npackage retrieval\nimport (\n_ \"m/corpus\"\n_ \"m/retrieval/bm25\"\n)\n",
		},
		{
			name:  "the corpus does not know its readers",
			files: "-- corpus/c.go --\npackage corpus\nimport _ \"m/corpus/ingest\"\n",
			want:  "corpus/c.go:2: imports corpus/ingest,",
		},
		{
			name:  "plumbing knows no domain",
			files: "-- internal/queue/q.go --\npackage queue\nimport _ \"m/internal/answer\"\n",
			want:  "internal/queue/q.go:2: imports internal/answer, but internal/... may only",
		},
		{
			name:  "nothing imports a command",
			files: "-- internal/evaluate/e.go --\npackage evaluate\nimport _ \"m/cmd/hoinq\"\n",
			want:  "internal/evaluate/e.go:2: imports cmd/hoinq,",
		},
		{
			name:  "a command imports everything, a test what it likes",
			files: "-- cmd/hoinq/main.go --\npackage main\nimport _ \"m/internal/answer\"\n-- corpus/c_test.go --\npackage corpus_test\nimport _ \"m/corpus/bundled\"\n",
		},
		{
			name:  "a new channel needs a row",
			files: "-- bot/signal/s.go --\npackage signal\n",
			want:  "bot/signal: the package has no row: say in arrows",
		},
		{
			name:  "no Go file lies at the root",
			files: "-- main.go --\npackage main\n",
			want:  ".: the package has no row",
		},
	})
}
