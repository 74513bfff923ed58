package main

import "runtime/debug"

// version is the version that the build recorded, "(devel)" for one from a
// work tree.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
