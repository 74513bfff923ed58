package retrieval

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/retrieval/bm25"
	"github.com/hoinq/hoinq/retrieval/fusion"
)

// Each part that can be left out changes something: the constants, how a
// question is understood, or the score of a document.
func TestEveryPartIsWorthSomething(t *testing.T) {
	library := corpus.NewLibrary(
		titled(t, "a", "Luật Đò ngang", "Đò ngang là phương tiện chở người qua sông.\n\nBiển báo đặt ở bến, gồm: biển tên bến; biển giờ chạy; biển giá vé 5.000 đồng.\n"),
		titled(t, "b", "Luật Bến bãi", "Bến có túi ni-lông thì phạt.\n\nNgười qua sông đi đò; đò ngang ngừng khi bão.\n"),
	)
	questions := []Query{{Text: "Đò ngang là gì?"}, {Text: "bien bao o ben gom nhung gi"}, {Text: "giá vé bao nhiêu?"}, {Text: "bịch ni lông"}, {Text: "ddof ngang"}, {Text: "đò ngangg"}, {Text: "đò ngang ngung khi nào"}}
	shown := func(without ...Part) (all []any) {
		opt := Options{Wholes: true, Without: without}
		ix, err := NewIndex(t.Context(), library, opt)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, opt.params(bm25.DefaultParams()), opt.weights())
		for _, q := range questions {
			hits, err := ix.Documents(t.Context(), q, 10)
			if err != nil {
				t.Fatal(err)
			}
			asked := ix.understand(q)
			all = append(all, hits, asked.terms, len(asked.meant), asked.outside)
		}
		return all
	}
	whole := shown()
	for _, part := range Parts() {
		if diff := cmp.Diff(whole, shown(part)); diff == "" {
			t.Errorf("nothing changes without %s", part)
		}
	}
	if diff := cmp.Diff(whole, shown()); diff != "" {
		t.Errorf("the same index twice differs:\n%s", diff)
	}
	if (Options{}).weights() != fusion.DefaultWeights() {
		t.Error("with every part the weights are not those in use")
	}
}
