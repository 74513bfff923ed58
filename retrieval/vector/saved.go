package vector

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/philippgille/chromem-go"
)

// ErrSaved is returned, wrapped, for a saved index that does not hold the
// vectors that it is read for.
var ErrSaved = errors.New("saved vectors are not those of the texts")

// Export writes the vectors as an export of chromem-go: one file, not
// compressed, since vectors hardly shrink and unpacking takes longer than
// reading them. The order of the vectors in it is left to chance by chromem-go.
func (ix *Index) Export(w io.Writer) error {
	if err := ix.db.ExportToWriter(w, false, ""); err != nil {
		return fmt.Errorf("export vectors: %w", err)
	}
	return nil
}

// Import reads what [Index.Export] wrote. The embedder must be the one that made
// the vectors, and ids those of all texts. The error wraps [ErrSaved] when data
// holds others. Data from a source that cannot be trusted must be checked
// before, by a checksum: chromem-go decodes whatever lengths stand in it.
func Import(ctx context.Context, embedder Embedder, data []byte, ids []string) (*Index, error) {
	ix := &Index{embedder: embedder, db: chromem.NewDB()}
	if err := ix.db.ImportFromReader(bytes.NewReader(data), ""); err != nil {
		return nil, fmt.Errorf("import vectors: %w: %w", ErrSaved, err)
	}
	ix.collection = ix.db.GetCollection(collection, embedder.Embed)
	if ix.collection == nil || ix.collection.Count() != len(ids) {
		return nil, fmt.Errorf("import vectors: %w: another number of them", ErrSaved)
	}
	for _, id := range ids {
		doc, err := ix.collection.GetByID(ctx, id)
		if err != nil || len(doc.Embedding) != embedder.Dimension {
			return nil, fmt.Errorf("import vectors: %w: none for %s", ErrSaved, id)
		}
	}
	return ix, nil
}
