package queue

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/hoinq/hoinq/internal/config"
	"github.com/hoinq/hoinq/internal/natstest"
)

// A version comes into force while a node is away, and one when it is back. Its
// watch may have lived on that node, or its connection ended there.
func TestAnObjectOutlivesTheLossOfANode(t *testing.T) {
	cluster := natstest.Start(t, natstest.Options{Nodes: 3})
	s, _ := connect(t, Remote{URL: config.Secret(cluster.URL())})
	other, _ := connect(t, Remote{URL: config.Secret(cluster.URL())})
	o, watched := objectOf(t, s), objectOf(t, other)
	told := make(chan Version)
	watching(t, watched, func(ctx context.Context, v Version) error {
		select {
		case told <- v:
		case <-ctx.Done():
		}
		return nil
	})
	<-told
	node := slices.IndexFunc(strings.Split(cluster.URL(), ","), func(address string) bool { return strings.HasSuffix(address, other.conn.ConnectedAddr()) })
	for i, change := range []func(){func() { cluster.Kill(t, node) }, func() { cluster.Start(t, node) }} {
		change()
		data := strings.Repeat(string(rune('a'+i)), 2*chunkSize)
		var next Version
		eventually(t, "a version is brought in", func() bool {
			old, err := o.Newest(t.Context())
			if err == nil {
				next, err = o.Replace(t.Context(), old, "", writes(data))
			}
			return err == nil
		})
		for v := range told {
			if v == next {
				break
			}
		}
		eventually(t, "the version is read", func() bool {
			got, err := read(t, watched, next)
			return err == nil && got == data
		})
	}
}
