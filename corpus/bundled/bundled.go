// Package bundled holds the documents inside the binary, so that a fresh
// program has something true to answer from: editors' summaries of the Vĩnh
// Phúc congress of 2020, of its resolution as the press reports it, of the
// plan to study it, and of what became of the province.
//
// They are summaries in our own words with the address of each fact beside it,
// labelled as such in every answer. They serve until an office takes in
// documents of its own.
package bundled

import (
	"embed"
	"fmt"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/corpus/ingest"
)

//go:embed documents/*.md
var documents embed.FS

// Library reads the bundled documents.
func Library() (*corpus.Library, error) {
	files, err := documents.ReadDir("documents")
	if err != nil {
		return nil, fmt.Errorf("read bundled documents: %w", err) // unreachable: the documents are in the binary, and tested
	}
	var editions []*corpus.Edition
	for _, f := range files {
		file, err := documents.Open("documents/" + f.Name())
		if err != nil {
			return nil, fmt.Errorf("read bundled documents: %w", err) // unreachable: the documents are in the binary, and tested
		}
		e, err := ingest.Reader(f.Name(), file)
		if err != nil {
			return nil, fmt.Errorf("bundled documents: %w", err) // unreachable: the documents are in the binary, and tested
		}
		editions = append(editions, e)
	}
	return corpus.NewLibrary(editions...), nil
}
