package vector

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync/atomic"

	"github.com/philippgille/chromem-go"

	"github.com/hoinq/hoinq/internal/parallel"
)

// Embedder turns text into vectors, which need not have length 1. One of length
// 0 counts as a fixed direction.
type Embedder struct {
	// Model names what makes the vectors, with its version.
	Model string
	// Dimension is the length of every vector it makes.
	Dimension int
	// Scan says that its vectors tell the meaning, so that passages are worth
	// finding by them alone ([Index.Search]); else they only help to order
	// what was found by words ([Index.Compare]).
	Scan bool
	// Embed is called by several goroutines at the same time.
	Embed chromem.EmbeddingFunc
}

// ErrDimension is returned, wrapped, when an embedder makes a vector of
// another length than it says.
var ErrDimension = errors.New("vector of unexpected length")

// ErrNumber is returned, wrapped, when an embedder makes a vector with an
// infinity or a NaN in it.
var ErrNumber = errors.New("vector with a number that is not finite")

// Text is one text to be found again by its id.
type Text struct {
	ID   string
	Text string
}

// Match is one text found. Cosine is from -1 to 1.
type Match struct {
	ID     string
	Cosine float64
}

// Index is immutable once built and safe for concurrent use.
type Index struct {
	embedder   Embedder
	db         *chromem.DB
	collection *chromem.Collection // the one in db
}

// collection is the name of the one collection in the store.
const collection = "passages"

// Build embeds the texts, several at the same time. Ids must be different from
// each other. Of several texts that cannot be embedded the error names the
// first.
func Build(ctx context.Context, embedder Embedder, texts []Text) (*Index, error) {
	ix := &Index{embedder: embedder, db: chromem.NewDB()}
	c, err := ix.db.CreateCollection(collection, nil, embedder.Embed)
	if err != nil {
		return nil, fmt.Errorf("create vector collection: %w", err)
	}
	ix.collection = c
	vectors, errs := make([][]float32, len(texts)), make([]error, len(texts))
	var failed atomic.Bool
	parallel.Each(len(texts), func(i int) {
		if failed.Load() {
			return // the texts are given out in order: the first error is known
		}
		if vectors[i], errs[i] = ix.embed(ctx, texts[i].Text); errs[i] != nil {
			failed.Store(true)
		}
	})
	for i, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("embed %s: %w", texts[i].ID, err)
		}
	}
	// One by one: that many at the same time only wait for the lock.
	for i, t := range texts {
		if err := c.AddDocument(ctx, chromem.Document{ID: t.ID, Embedding: vectors[i]}); err != nil {
			return nil, fmt.Errorf("add vectors: %w", err)
		}
	}
	return ix, nil
}

func (ix *Index) embed(ctx context.Context, text string) ([]float32, error) {
	v, err := ix.embedder.Embed(ctx, text)
	if err != nil {
		return nil, err
	}
	if len(v) == 0 || len(v) != ix.embedder.Dimension {
		return nil, fmt.Errorf("%s made %d numbers instead of %d: %w", ix.embedder.Model, len(v), ix.embedder.Dimension, ErrDimension)
	}
	switch length := norm(v); {
	case math.IsNaN(length) || math.IsInf(length, 0):
		return nil, fmt.Errorf("%s: %w", ix.embedder.Model, ErrNumber)
	case length == 0: // it has no cosine
		v = make([]float32, len(v))
		v[0] = 1
	}
	return v, nil
}

// Scans reports whether texts are worth finding by their vectors alone.
func (ix *Index) Scans() bool { return ix.embedder.Scan }

// norm is the length of v.
func norm(v []float32) float64 {
	square := 0.0
	for _, x := range v {
		square += float64(x) * float64(x)
	}
	return math.Sqrt(square)
}

// Compare returns the cosine of the given text with each of the texts that have
// the ids, in their order; 0 for an id that the index does not hold.
func (ix *Index) Compare(ctx context.Context, text string, ids []string) ([]float64, error) {
	v, err := ix.embed(ctx, text)
	if err != nil {
		return nil, fmt.Errorf("embed question: %w", err)
	}
	length := norm(v)
	cosines := make([]float64, len(ids))
	for i, id := range ids {
		doc, err := ix.collection.GetByID(ctx, id)
		if err != nil || len(doc.Embedding) != len(v) {
			continue // the only error is that there is none
		}
		cosines[i] = dot(v, doc.Embedding) / length // chromem-go keeps its vectors at length 1
	}
	return cosines, nil
}

func dot(a, b []float32) float64 {
	b = b[:len(a)]
	var sum float32
	for i := range a {
		sum += a[i] * b[i]
	}
	return float64(sum)
}

// Search returns the n texts most similar to the given one, best first and
// then by id; fewer when there are not so many.
func (ix *Index) Search(ctx context.Context, text string, n int) ([]Match, error) {
	n = min(n, ix.collection.Count())
	if n <= 0 {
		return nil, nil
	}
	v, err := ix.embed(ctx, text)
	if err != nil {
		return nil, fmt.Errorf("embed question: %w", err)
	}
	// chromem-go breaks ties by chance, so all that share the last place have
	// to be seen before the cut.
	for ask := min(2*n, ix.collection.Count()); ; ask = min(2*ask, ix.collection.Count()) {
		found, err := ix.collection.QueryEmbedding(ctx, v, ask, nil, nil)
		if err != nil {
			return nil, fmt.Errorf("query vectors: %w", err)
		}
		matches := make([]Match, len(found))
		for i, r := range found {
			matches[i] = Match{ID: r.ID, Cosine: float64(r.Similarity)}
		}
		slices.SortFunc(matches, func(a, b Match) int {
			return cmp.Or(cmp.Compare(b.Cosine, a.Cosine), cmp.Compare(a.ID, b.ID))
		})
		if ask == ix.collection.Count() || matches[n-1].Cosine > matches[len(matches)-1].Cosine {
			return matches[:n], nil
		}
	}
}
