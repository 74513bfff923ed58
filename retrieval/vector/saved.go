package vector

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/philippgille/chromem-go"
)

// ErrSaved is returned, wrapped, for bytes that [Index.Export] did not write, or
// not of so many texts.
var ErrSaved = errors.New("not the saved vectors")

// Export writes the vectors as an export of chromem-go: one file, not
// compressed, since vectors hardly shrink and unpacking takes longer than
// reading them. The order of the vectors in it is left to chance by chromem-go.
func (ix *Index) Export(w io.Writer) error {
	if err := ix.db.ExportToWriter(w, false, ""); err != nil {
		return fmt.Errorf("export vectors: %w", err)
	}
	return nil
}

// Import reads what [Index.Export] wrote of so many texts, by the same embedder.
// The error wraps [ErrSaved] when data is no such export. That the vectors are
// those of the texts the caller must know, by a checksum, also because chromem-go
// decodes whatever lengths stand in the data.
func Import(embedder Embedder, data []byte, texts int) (*Index, error) {
	ix := &Index{embedder: embedder, db: chromem.NewDB()}
	if err := ix.db.ImportFromReader(bytes.NewReader(data), ""); err != nil {
		return nil, fmt.Errorf("import vectors: %w: %w", ErrSaved, err)
	}
	ix.collection = ix.db.GetCollection(collection, embedder.Embed)
	if ix.collection == nil || ix.collection.Count() != texts {
		return nil, fmt.Errorf("import vectors: %w: another number of them", ErrSaved)
	}
	return ix, nil
}
