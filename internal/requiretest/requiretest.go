// Package requiretest finds what a test needs beside Go: programs, packages of
// npm, and rights of the system. A test that lacks one says so in one line and is skipped; where HOINQ_TEST_REQUIRE
// is "all", as in .ci/run, it fails instead. It is no way to skip a test for
// any other reason.
package requiretest

import (
	"os"
	"os/exec"
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

// NodePackages returns the path of Node.js, for a script that requires packages
// of npm. They are found where NODE_PATH says.
func NodePackages(t testing.TB, names ...string) string {
	t.Helper()
	node := Program(t, "node")
	path := "NODE_PATH=" + os.Getenv("NODE_PATH") // asked for, so that a result is not cached for another one
	for _, name := range names {
		command := exec.CommandContext(t.Context(), node, "-e", "require.resolve(process.argv[1])", name)
		command.Env = append(os.Environ(), path)
		if command.Run() != nil {
			missing(t, "needs "+name+" of npm: npm install --prefix DIR "+name+", and NODE_PATH=DIR/node_modules")
		}
	}
	return node
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
