// Package requiretest finds what a test needs beside Go: programs, packages of
// npm, and rights of the system. A test that lacks one says so in one line and
// is skipped; where HOINQ_TEST_REQUIRE
// is "all", as in .ci/run, it fails instead. It is no way to skip a test for
// any other reason.
package requiretest

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Program returns the path of the first of the named programs that is
// installed.
func Program(t testing.TB, names ...string) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	missing(t, "needs the program "+names[0]+", which is not here")
	return ""
}

// Node returns the path of Node.js, for a script that requires a package of npm,
// which is found where NODE_PATH says.
func Node(t testing.TB, requires string) string {
	t.Helper()
	NodeFile(t, requires, "package.json")
	return Program(t, "node")
}

// NodeFile returns the path of a file of a package of npm, which is found where
// NODE_PATH says.
func NodeFile(t testing.TB, of, file string) string {
	t.Helper()
	for _, folder := range filepath.SplitList(os.Getenv("NODE_PATH")) {
		path := filepath.Join(folder, of, file)
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	missing(t, "needs "+of+" of npm: npm install --prefix DIR "+of+", and NODE_PATH=DIR/node_modules")
	return ""
}

// Root says that a test needs the rights of root, on Linux.
func Root(t testing.TB) {
	t.Helper()
	if os.Geteuid() != 0 {
		missing(t, "needs to be run by root")
	}
}

// LoopDevice says that a test mounts a disk that is a file, which needs root and
// the loop devices of Linux.
func LoopDevice(t testing.TB) {
	t.Helper()
	Root(t)
	if _, err := os.Stat("/dev/loop-control"); err != nil {
		missing(t, "needs loop devices, which are not here")
	}
}

func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("HOINQ_TEST_REQUIRE") == "all" {
		t.Fatal(what)
	}
	t.Skip(what)
}
