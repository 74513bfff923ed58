package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

// module is a source tree, read once.
type module struct {
	path     string   // import path, from go.mod
	top      []string // names at its root, without what git ignores
	sources  []source // Go files outside of testdata, by path
	testdata []file   // what lies in testdata folders, by path
}

// file is a file that is not parsed.
type file struct {
	path string // from the root, with slashes
	text string
}

// source is a parsed Go file.
type source struct {
	file
	fset *token.FileSet
	tree *ast.File
}

// dir is the package of s, as a folder from the module's root.
func (s source) dir() string { return path.Dir(s.path) }

// test reports whether s is compiled for tests only.
func (s source) test() bool { return strings.HasSuffix(s.path, "_test.go") }

// shipped reports whether s may end up in a program: it is no test file, nor
// part of a package that supports tests (bot/bottest).
func (s source) shipped() bool { return !s.test() && !supportsTests(s.dir()) }

// supportsTests tells a package for tests by its name, as httptest and iotest.
func supportsTests(pkg string) bool { return strings.HasSuffix(pkg, "test") }

// finding is a violation of a rule at n and what to do about it.
func (s source) finding(n ast.Node, format string, args ...any) string {
	return fmt.Sprintf("%s:%d: %s", s.path, s.fset.Position(n.Pos()).Line, fmt.Sprintf(format, args...))
}

// inside is the folder of an import path in this module.
func (m module) inside(importPath string) (dir string, ok bool) {
	return strings.CutPrefix(importPath, m.path+"/")
}

// packages groups the files that are not tests by folder, in order of path.
func (m module) packages() (dirs []string, files map[string][]source) {
	files = map[string][]source{}
	for _, s := range m.sources {
		if s.test() {
			continue
		}
		if files[s.dir()] == nil {
			dirs = append(dirs, s.dir())
		}
		files[s.dir()] = append(files[s.dir()], s)
	}
	return dirs, files
}

// read parses the module at the root of tree.
func read(t *testing.T, tree fs.FS) module {
	t.Helper()
	var m module
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || name == ".":
			return err
		case ignored(name):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case !strings.Contains(name, "/"):
			m.top = append(m.top, name)
		}
		if d.IsDir() {
			if strings.HasPrefix(d.Name(), ".") {
				return fs.SkipDir
			}
			return nil
		}
		return m.add(tree, name)
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// ignored reports whether git keeps no account of a path, by .gitignore.
func ignored(name string) bool {
	return slices.Contains([]string{".git", "data", "bin", "hoinq", "hoinq.exe"}, name) ||
		slices.Contains([]string{".test", ".out"}, path.Ext(name))
}

// add reads one file into the part of m where it belongs, if any.
func (m *module) add(tree fs.FS, name string) error {
	inTestdata := strings.Contains("/"+name, "/testdata/")
	if !inTestdata && path.Ext(name) != ".go" && name != "go.mod" {
		return nil
	}
	text, err := fs.ReadFile(tree, name)
	if err != nil {
		return err
	}
	f := file{path: name, text: string(text)}
	switch {
	case inTestdata:
		m.testdata = append(m.testdata, f)
	case name == "go.mod":
		for line := range strings.Lines(f.text) {
			if name, ok := strings.CutPrefix(line, "module "); ok {
				m.path = strings.TrimSpace(name)
			}
		}
	default:
		fset := token.NewFileSet()
		parsed, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		m.sources = append(m.sources, source{file: f, fset: fset, tree: parsed})
	}
	return nil
}

// uses are the selections of names from an imported package in s. A local
// variable of the package's name is taken for the package.
func (s source) uses(importPath string) []*ast.SelectorExpr {
	local := ""
	for _, spec := range s.tree.Imports {
		if quoted, _ := strconv.Unquote(spec.Path.Value); quoted == importPath {
			local = path.Base(importPath)
			if spec.Name != nil {
				local = spec.Name.Name
			}
		}
	}
	var found []*ast.SelectorExpr
	if local == "" {
		return nil
	}
	ast.Inspect(s.tree, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok && id.Name == local {
				found = append(found, sel)
			}
		}
		return true
	})
	return found
}

// A rule returns what it finds wrong in a module, one line for each.
type rule func(module) []string

// An example is a little module and the one finding it must give: the
// beginning of its line, or nothing. Its files stand in one text, each below
// a line "-- path --".
type example struct{ name, files, want string }

// keep tries a rule on examples, so that it is known to catch something, and
// then holds this module to it.
func keep(t *testing.T, r rule, examples []example) {
	t.Helper()
	for _, e := range examples {
		t.Run(e.name, func(t *testing.T) {
			got := r(read(t, unpack(e.files)))
			if e.want == "" && len(got) > 0 || e.want != "" && (len(got) != 1 || !strings.HasPrefix(got[0], e.want)) {
				t.Errorf("found:\n%s\nwant one line that begins: %q", strings.Join(got, "\n"), e.want)
			}
		})
	}
	t.Run("this module", func(t *testing.T) {
		m := read(t, os.DirFS("../.."))
		if len(m.sources) == 0 || m.path == "" {
			t.Fatal("no module at ../..")
		}
		for _, finding := range r(m) {
			t.Error(finding)
		}
	})
}

// unpack makes a tree of the files in text, of the module m.
func unpack(text string) fs.FS {
	tree := fstest.MapFS{"go.mod": {Data: []byte("module m\n")}}
	name := ""
	for line := range strings.Lines(text) {
		if head, ok := strings.CutPrefix(strings.TrimSpace(line), "-- "); ok {
			name = strings.TrimSuffix(head, " --")
			tree[name] = &fstest.MapFile{}
		} else if name != "" {
			tree[name].Data = append(tree[name].Data, line...)
		}
	}
	return tree
}
