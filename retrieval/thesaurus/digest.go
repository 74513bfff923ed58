package thesaurus

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"slices"
)

// Digest is a checksum of the fields in the program. What was found with one
// thesaurus does not hold for another.
func Digest() string {
	sum := sha256.New()
	names, _ := fs.Glob(fields, "fields/*.txt") // the pattern is well formed
	slices.Sort(names)
	for _, name := range names {
		text, _ := fs.ReadFile(fields, name) // it is in the program
		content := sha256.Sum256(text)
		sum.Write([]byte(name))
		sum.Write(content[:])
	}
	return hex.EncodeToString(sum.Sum(nil))
}
