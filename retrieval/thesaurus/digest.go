package thesaurus

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"slices"
)

// Digest is a checksum of the fields in the program. What was found with one
// thesaurus does not hold for another.
func Digest() string { return digestOf(fields) }

func digestOf(files fs.FS) string {
	sum := sha256.New()
	names, _ := fs.Glob(files, "fields/*.txt") // the pattern is well formed
	slices.Sort(names)
	for _, name := range names {
		text, _ := fs.ReadFile(files, name) // it is in the program
		content := sha256.Sum256(text)
		sum.Write([]byte(name))
		sum.Write(content[:])
	}
	return hex.EncodeToString(sum.Sum(nil))
}
