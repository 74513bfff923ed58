package archtest

import (
	"go/ast"
	"go/token"
	"strconv"
	"strings"
	"testing"
)

// A ban is a function that only a command may name.
type ban struct{ pkg, name, instead string }

// bans is the table of those functions.
func bans() []ban {
	const (
		end  = "return an error, the command makes an exit code of it"
		env  = "take the value as an argument, settings are read in one place"
		root = "take a ctx and pass it on"
	)
	return []ban{
		{"os", "Exit", end},
		{"log", "Fatal", end},
		{"log", "Fatalf", end},
		{"log", "Fatalln", end},
		{"os", "Getenv", env},
		{"os", "LookupEnv", env},
		{"context", "Background", root},
		{"context", "TODO", root},
	}
}

func inCommand(s source) bool { return strings.HasPrefix(s.path, "cmd/") }

func bannedCalls(m module) (findings []string) {
	for _, s := range m.sources {
		if !s.shipped() || inCommand(s) {
			continue
		}
		for _, b := range bans() {
			for _, use := range s.uses(b.pkg) {
				if use.Sel.Name == b.name {
					findings = append(findings, s.finding(use, "%s.%s outside of cmd: %s", b.pkg, b.name, b.instead))
				}
			}
		}
	}
	return findings
}

func initFunctions(m module) (findings []string) {
	for _, s := range m.sources {
		for _, d := range s.tree.Decls {
			f, ok := d.(*ast.FuncDecl)
			if ok && f.Recv == nil && f.Name.Name == "init" && s.shipped() && !inCommand(s) {
				findings = append(findings, s.finding(f, "func init: do it in a constructor that is called"))
			}
		}
	}
	return findings
}

// testCode: no program contains the machinery of tests, neither package
// testing nor a package of ours that supports tests.
func testCode(m module) (findings []string) {
	for _, s := range m.sources {
		for _, spec := range s.tree.Imports {
			importPath, _ := strconv.Unquote(spec.Path.Value)
			pkg, ours := m.inside(importPath)
			standard := importPath == "testing" || strings.HasPrefix(importPath, "testing/")
			if s.shipped() && (standard || ours && supportsTests(pkg)) {
				findings = append(findings, s.finding(spec, "imports %s in shipped code: move it to a _test file or to a package whose name ends in test", importPath))
			}
		}
	}
	return findings
}

// sleepingTests: a test waits for what it needs or holds the clock. In the
// bubble of synctest.Test sleeping is just that, and takes no time.
func sleepingTests(m module) (findings []string) {
	for _, s := range m.sources {
		if s.shipped() {
			continue
		}
		var bubbles []ast.Node
		ast.Inspect(s.tree, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				for _, use := range s.uses("testing/synctest") {
					if call.Fun == use && use.Sel.Name == "Test" {
						bubbles = append(bubbles, call)
					}
				}
			}
			return true
		})
		for _, use := range s.uses("time") {
			if use.Sel.Name == "Sleep" && !within(use, bubbles) {
				findings = append(findings, s.finding(use, "time.Sleep in a test: wait for the event, inject the clock, or write it inside of synctest.Test"))
			}
		}
	}
	return findings
}

func within(n ast.Node, outer []ast.Node) bool {
	for _, o := range outer {
		if o.Pos() <= n.Pos() && n.End() <= o.End() {
			return true
		}
	}
	return false
}

// packageVars: no state at package level. What a variable cannot hide behind:
// an error, a compiled expression, an embedded file, the assertion that a type
// has an interface, and a table of literals that says it is read-only.
func packageVars(m module) (findings []string) {
	for _, s := range m.sources {
		for _, d := range s.tree.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.VAR || !s.shipped() {
				continue
			}
			for _, spec := range g.Specs {
				if v := spec.(*ast.ValueSpec); !constant(s, g, v) {
					findings = append(findings, s.finding(v, "package-level variable %s: make it a function or a field. Allowed are errors, regexp.MustCompile, //go:embed, var _ I = T{}, and values made of literals and names alone whose comment says \"read-only\"", v.Names[0].Name))
				}
			}
		}
	}
	return findings
}

// constant reports whether a variable may stand at package level.
func constant(s source, g *ast.GenDecl, v *ast.ValueSpec) bool {
	comments := directives(g.Doc) + directives(v.Doc)
	if strings.Contains(comments, "//go:embed ") || v.Names[0].Name == "_" && v.Type != nil {
		return true
	}
	for _, value := range v.Values {
		made := madeBy(s, value, "errors", "New") || madeBy(s, value, "fmt", "Errorf") || madeBy(s, value, "regexp", "MustCompile")
		if !made && !(strings.Contains(comments, "read-only") && literal(value)) {
			return false
		}
	}
	return len(v.Values) > 0
}

// directives is the text of a comment with its directives, which Text omits.
func directives(group *ast.CommentGroup) string {
	var b strings.Builder
	if group != nil {
		for _, c := range group.List {
			b.WriteString(c.Text + "\n")
		}
	}
	return b.String()
}

// madeBy reports whether a value is the result of calling pkg.name.
func madeBy(s source, value ast.Expr, pkg, name string) bool {
	call, ok := value.(*ast.CallExpr)
	if !ok {
		return false
	}
	for _, use := range s.uses(pkg) {
		if call.Fun == use && use.Sel.Name == name {
			return true
		}
	}
	return false
}

// literal reports whether a value is made of literals and names alone: nothing
// is called, and no address is taken.
func literal(value ast.Expr) bool {
	is := true
	ast.Inspect(value, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr, *ast.FuncLit:
			is = false
		case *ast.UnaryExpr:
			is = is && n.Op != token.AND
		}
		return is
	})
	return is
}

func TestBannedCalls(t *testing.T) {
	keep(t, bannedCalls, []example{
		{
			name:  "os.Exit",
			files: "-- bot/b.go --\npackage bot\nimport \"os\"\nfunc f() { os.Exit(1) }\n",
			want:  "bot/b.go:3: os.Exit outside of cmd: return an error",
		},
		{
			name:  "log.Fatalf under another name",
			files: "-- bot/b.go --\npackage bot\nimport l \"log\"\nfunc f() { l.Fatalf(\"\") }\n",
			want:  "bot/b.go:3: log.Fatalf outside of cmd",
		},
		{
			name:  "os.Getenv as a value",
			files: "-- internal/config/c.go --\npackage config\nimport \"os\"\nfunc f() { g(os.Getenv) }\n",
			want:  "internal/config/c.go:3: os.Getenv outside of cmd",
		},
		{
			name:  "context.TODO",
			files: "-- bot/b.go --\npackage bot\nimport \"context\"\nfunc f() { g(context.TODO()) }\n",
			want:  "bot/b.go:3: context.TODO outside of cmd: take a ctx",
		},
		{
			name:  "in a command, in tests, and other names",
			files: "-- cmd/hoinq/main.go --\npackage main\nimport \"os\"\nfunc main() { os.Exit(1) }\n-- bot/b_test.go --\npackage bot\nimport \"context\"\nfunc f() { g(context.Background()) }\n-- bot/bottest/b.go --\npackage bottest\nimport \"context\"\nfunc f() { g(context.Background()) }\n-- bot/b.go --\npackage bot\nimport \"os\"\nfunc f() { os.Remove(\"x\") }\n",
		},
	})
}

func TestInitFunctions(t *testing.T) {
	keep(t, initFunctions, []example{
		{
			name:  "in a package",
			files: "-- bot/b.go --\npackage bot\nfunc init() {}\n",
			want:  "bot/b.go:2: func init",
		},
		{
			name:  "a method of that name",
			files: "-- bot/b.go --\npackage bot\ntype T int\nfunc (T) init() {}\n",
		},
	})
}

func TestTestCode(t *testing.T) {
	keep(t, testCode, []example{
		{
			name:  "package testing in shipped code",
			files: "-- bot/b.go --\npackage bot\nimport _ \"testing/fstest\"\n",
			want:  "bot/b.go:2: imports testing/fstest in shipped code",
		},
		{
			name:  "a suite for tests in shipped code",
			files: "-- bot/b.go --\npackage bot\nimport _ \"m/bot/bottest\"\n",
			want:  "bot/b.go:2: imports m/bot/bottest in shipped code",
		},
		{
			name:  "in tests and in the suite",
			files: "-- bot/b_test.go --\npackage bot\nimport _ \"m/bot/bottest\"\n-- bot/bottest/b.go --\npackage bottest\nimport _ \"testing\"\n",
		},
	})
}

func TestSleepingTests(t *testing.T) {
	keep(t, sleepingTests, []example{
		{
			name:  "in a test",
			files: "-- bot/b_test.go --\npackage bot\nimport \"time\"\nfunc f() { time.Sleep(1) }\n",
			want:  "bot/b_test.go:3: time.Sleep in a test",
		},
		{
			name:  "in a suite for tests",
			files: "-- bot/bottest/b.go --\npackage bottest\nimport \"time\"\nfunc f() { time.Sleep(1) }\n",
			want:  "bot/bottest/b.go:3: time.Sleep in a test",
		},
		{
			name:  "in a bubble, and in shipped code",
			files: "-- bot/b_test.go --\npackage bot\nimport (\n\"testing/synctest\"\n\"time\"\n)\nfunc f() { synctest.Test(t, func() { time.Sleep(1) }) }\n-- bot/b.go --\npackage bot\nimport \"time\"\nfunc f() { time.Sleep(1) }\n",
		},
	})
}

func TestPackageVars(t *testing.T) {
	keep(t, packageVars, []example{
		{
			name:  "without a value",
			files: "-- bot/b.go --\npackage bot\nvar cache map[string]int\n",
			want:  "bot/b.go:2: package-level variable cache",
		},
		{
			name:  "a table that does not say it is read-only",
			files: "-- bot/b.go --\npackage bot\n\n// names are names.\nvar names = []string{\"a\"}\n",
			want:  "bot/b.go:4: package-level variable names",
		},
		{
			name:  "a read-only table with a call in it",
			files: "-- bot/b.go --\npackage bot\n\n// names are read-only.\nvar names = []string{f()}\n",
			want:  "bot/b.go:4: package-level variable names",
		},
		{
			name:  "one of a group",
			files: "-- bot/b.go --\npackage bot\nimport \"errors\"\nvar (\nerrA = errors.New(\"a\")\nn = 1\n)\n",
			want:  "bot/b.go:5: package-level variable n",
		},
		{
			name:  "those that hold no state",
			files: "-- bot/b.go --\npackage bot\nimport (\n\"embed\"\n\"errors\"\n\"fmt\"\n\"regexp\"\n)\nvar errA = errors.New(\"a\")\nvar errB = fmt.Errorf(\"b: %w\", errA)\nvar re = regexp.MustCompile(\"a\")\nvar _ I = T{}\n//go:embed x\nvar files embed.FS\n\n// names is read-only.\nvar names = map[kind][]int{kindA: {1, -2}}\n",
		},
	})
}
