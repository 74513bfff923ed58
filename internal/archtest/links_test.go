package archtest

import (
	"go/ast"
	"go/doc/comment"
	"path"
	"strconv"
	"strings"
	"testing"
)

// docLinks: a bracketed [Name], [Type.Member] or [pkg.Name] in a comment, that
// Go's documentation would make a link if it could, names something that is
// there. Links to packages outside of the module are not followed.
func docLinks(m module) (findings []string) {
	declared := declarations(m)
	dirs, files := m.packages()
	for _, dir := range dirs {
		known := knownPackages(m, dir, files)
		parser := comment.Parser{
			LookupPackage: func(name string) (string, bool) {
				if importPath, ok := known[name]; ok {
					return importPath, true
				}
				return comment.DefaultLookupPackage(name)
			},
			LookupSym: func(_, _ string) bool { return true },
		}
		for _, s := range files[dir] {
			for _, group := range docComments(s.tree) {
				for _, link := range linksIn(parser.Parse(group.Text()).Content) {
					if why := broken(m, dir, link, declared); why != "" {
						findings = append(findings, s.finding(lineOf(group, link), "[%s] %s: mend it, or write it without brackets", plain(link.Text), why))
					}
				}
			}
		}
	}
	return findings
}

// knownPackages maps the names by which comments of a package may speak of
// packages to import paths: its own (an empty path), those it imports, and,
// so that they are not overlooked, all others of the module.
func knownPackages(m module, dir string, files map[string][]source) map[string]string {
	known := map[string]string{}
	for other, sources := range files {
		if name := sources[0].tree.Name.Name; known[name] == "" {
			known[name] = notImported + m.path + "/" + other
		}
	}
	for _, s := range files[dir] {
		for _, spec := range s.tree.Imports {
			importPath, _ := strconv.Unquote(spec.Path.Value)
			name := path.Base(importPath)
			if spec.Name != nil {
				name = spec.Name.Name
			}
			known[name] = importPath
		}
	}
	known[files[dir][0].tree.Name.Name] = ""
	return known
}

// notImported marks the path of a package that a comment's package does not
// import, so that its short name is no link.
const notImported = "not imported: "

// broken says what is wrong with a link in a comment of the package in dir.
func broken(m module, dir string, link *comment.DocLink, declared map[string]names) string {
	if strings.HasPrefix(link.ImportPath, notImported) {
		return "names a package that is not imported here and needs its whole path"
	}
	target, name := dir, link.Name
	if link.ImportPath != "" {
		var ok bool
		if target, ok = m.inside(link.ImportPath); !ok {
			return ""
		}
	}
	if link.Recv != "" {
		name = link.Recv + "." + name
	}
	switch {
	case declared[target] == nil:
		return "names a package that does not exist"
	case name != "" && declared[target][name] == "":
		return "names nothing in " + target
	}
	return ""
}

// docComments are the comments that document something in a file.
func docComments(tree *ast.File) (groups []*ast.CommentGroup) {
	ast.Inspect(tree, func(n ast.Node) bool {
		var group *ast.CommentGroup
		switch n := n.(type) {
		case *ast.File:
			group = n.Doc
		case *ast.GenDecl:
			group = n.Doc
		case *ast.FuncDecl:
			group = n.Doc
		case *ast.TypeSpec:
			group = n.Doc
		case *ast.ValueSpec:
			group = n.Doc
		case *ast.Field:
			group = n.Doc
		}
		if group != nil {
			groups = append(groups, group)
		}
		return true
	})
	return groups
}

func linksIn(blocks []comment.Block) (links []*comment.DocLink) {
	for _, b := range blocks {
		var texts []comment.Text
		switch b := b.(type) {
		case *comment.Paragraph:
			texts = b.Text
		case *comment.Heading:
			texts = b.Text
		case *comment.List:
			for _, item := range b.Items {
				links = append(links, linksIn(item.Content)...)
			}
		}
		for _, t := range texts {
			if link, ok := t.(*comment.DocLink); ok {
				links = append(links, link)
			}
		}
	}
	return links
}

// lineOf is the line of a comment in which a link stands.
func lineOf(group *ast.CommentGroup, link *comment.DocLink) ast.Node {
	for _, line := range group.List {
		if strings.Contains(line.Text, "["+plain(link.Text)+"]") {
			return line
		}
	}
	return group
}

// plain is the text of a link as it was written.
func plain(texts []comment.Text) string {
	var b strings.Builder
	for _, t := range texts {
		if p, ok := t.(comment.Plain); ok {
			b.WriteString(string(p))
		}
	}
	return b.String()
}

func TestDocLinks(t *testing.T) {
	const corpus = "\n-- corpus/c.go --\npackage corpus\ntype Edition struct{ Text string }\nfunc (e *Edition) Cite() {}\n"
	keep(t, docLinks, []example{
		{
			name:  "to nothing in the package",
			files: "-- bot/b.go --\npackage bot\n\n// F is like [Gone].\nfunc F() {}\n",
			want:  "bot/b.go:3: [Gone] names nothing in bot",
		},
		{
			name:  "to nothing in an imported package",
			files: "-- bot/b.go --\n// Package bot uses [corpus.Gone].\npackage bot\nimport \"m/corpus\"\n" + corpus,
			want:  "bot/b.go:1: [corpus.Gone] names nothing in corpus",
		},
		{
			name:  "to a method that is gone, in a list in a field's comment",
			files: "-- bot/b.go --\npackage bot\nimport \"m/corpus\"\ntype T struct {\n// X is one of\n//   - [corpus.Edition.Gone]\nX corpus.Edition\n}\n" + corpus,
			want:  "bot/b.go:5: [corpus.Edition.Gone] names nothing in corpus",
		},
		{
			name:  "to a package that is not imported",
			files: "-- bot/b.go --\n// Package bot uses [corpus.Edition].\npackage bot\n" + corpus,
			want:  "bot/b.go:1: [corpus.Edition] names a package that is not imported here",
		},
		{
			name:  "to a package that does not exist",
			files: "-- bot/b.go --\n// Package bot uses [m/gone.Thing].\npackage bot\n",
			want:  "bot/b.go:1: [m/gone.Thing] names a package that does not exist",
		},
		{
			name:  "that resolve, or are none",
			files: "-- bot/b.go --\n// Package bot has [T], [*T], [T.M], [bot.T], [corpus.Edition.Text],\n// [corpus.Edition.Cite], [m/corpus.Edition], [context.Context], [0,n), a[I] and\n//\n//\tx[Gone]\npackage bot\nimport \"m/corpus\"\ntype T interface{ M() }\n" + corpus,
		},
	})
}
