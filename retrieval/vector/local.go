package vector

import (
	"context"
	"hash/fnv"
	"math"

	"github.com/hoinq/hoinq/retrieval/vietnamese"
)

// LocalDimension is the length of the local vectors.
const LocalDimension = 128

// Weights of the features of a local vector. Three-letter pieces of syllables
// make a word with a slip in it similar to the word that was meant.
const (
	syllableWeight = 1.0
	pairWeight     = 0.7
	pieceWeight    = 0.35
)

// Local returns the embedder that works without a model: the folded syllables
// of a text, their pairs and their three-letter pieces, hashed with a sign
// into a vector of fixed length (Weinberger et al., "Feature hashing for
// large scale multitask learning", 2009). The same text always gives the same
// vector.
func Local() Embedder {
	return Embedder{Model: "local-hash/1", Dimension: LocalDimension, Embed: embedLocally}
}

func embedLocally(_ context.Context, text string) ([]float32, error) {
	v := make([]float64, LocalDimension)
	previous := ""
	for _, t := range vietnamese.Tokenize(text) {
		addFeature(v, "s:"+t.Folded, syllableWeight)
		if previous != "" {
			addFeature(v, "p:"+previous+" "+t.Folded, pairWeight)
		}
		previous = t.Folded
		letters := []rune("^" + t.Folded + "$")
		for i := 0; i+3 <= len(letters); i++ {
			addFeature(v, "c:"+string(letters[i:i+3]), pieceWeight)
		}
	}
	return normalized(v), nil
}

func addFeature(v []float64, feature string, weight float64) {
	h := fnv.New64a()
	_, _ = h.Write([]byte(feature)) // a hash never fails
	sum := h.Sum64()
	if sum>>63 == 1 {
		weight = -weight
	}
	v[sum%uint64(len(v))] += weight
}

// normalized scales v to length 1. A text without words gets a fixed
// direction, because a zero vector has no cosine.
func normalized(v []float64) []float32 {
	var square float64
	for _, x := range v {
		square += x * x
	}
	out := make([]float32, len(v))
	if square == 0 {
		out[0] = 1
		return out
	}
	length := math.Sqrt(square)
	for i, x := range v {
		out[i] = float32(x / length)
	}
	return out
}
