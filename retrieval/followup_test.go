package retrieval

import (
	"testing"

	"github.com/hoinq/hoinq/corpus"
)

func TestAFollowUpIsAboutItsOwnSubjectAndTheYearSpokenOf(t *testing.T) {
	ix := index(t, corpus.NewLibrary(edition(t, "nq", `# Nghị quyết xã Đồi Chè

Bảo hiểm y tế năm 2030 bao phủ 97% dân số.

Nước sạch năm 2030 đến với 85% hộ dân.

Hộ nghèo năm 2025 còn 1,9%.

Bảo hiểm y tế năm 2027 bao phủ 96% dân số.
`)))
	const before = "Bảo hiểm y tế năm 2030 bao phủ bao nhiêu phần trăm?"
	for _, tc := range []struct{ question, want string }{
		{"Thế còn năm 2027?", "nq p4"},
		{"Thế còn nước sạch thì sao?", "nq p2"},
		{"Còn hộ nghèo?", ""}, // given for another year only
		{"Nói rõ hơn", "nq p1"},
		{"Cảm ơn em nhé", ""}, // no question at all
		{"ok", ""},
		{"Dạ vâng ạ", ""},
		{"Hộ nghèo năm 2025 còn bao nhiêu?", "nq p3"}, // stands alone
	} {
		r := find(t, ix, Query{Text: tc.question, Previous: before})
		got := ""
		if r.Decision.Answer {
			got = place(r.Hits[0].Passage)
		}
		if got != tc.want {
			t.Errorf("%q: answered from %q, want %q (%+v)", tc.question, got, tc.want, r.Decision)
		}
	}
}
