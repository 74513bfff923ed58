// Package archtest keeps the conventions of this module by tests instead of by
// prose: which folder may import which, what every package says of itself,
// which calls only a command may make, and what may lie in the tree.
//
// Each rule is a function from the parsed module to a list of findings, and
// each is tried on small examples that break it before it is held against the
// module itself:
//
//	go test ./internal/archtest
//
// A finding says where it stands and what to do. To move a boundary, change
// the table it stands in (arrows, bans, topLevel …) in the same commit as the
// code and the folder table of the README.
//
// The package does not judge what a compiler, go vet or a general linter
// judges already, it runs no other program, and it holds nothing to import:
// everything is in its tests.
package archtest
