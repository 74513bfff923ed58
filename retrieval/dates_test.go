package retrieval

import (
	"testing"

	"github.com/hoinq/hoinq/corpus"
)

func TestWhoAsksForTheDayIsNotAnsweredWithAMonth(t *testing.T) {
	ix := index(t, corpus.NewLibrary(edition(t, "nq", `# Nghị quyết xã Đồi Chè

Năng suất chè tăng 8,5% một năm, số liệu nêu khi Đại hội họp tháng 6/2025.

Đại hội Đảng bộ xã họp từ ngày 13 đến ngày 15/6/2025 tại nhà văn hóa thôn Bản Lầu.

Hội chợ chè họp tháng 9/2026 ở sân vận động.
`)))
	for question, want := range map[string]string{
		"Đại hội họp ngày nào?":      "nq p2",
		"Đại hội họp ngày nào ạ":     "nq p2",
		"Hội chợ chè họp tháng nào?": "nq p3",
		"Hội chợ chè họp ngày nào?":  "", // only the month is given
	} {
		r := find(t, ix, Query{Text: question})
		got := ""
		if r.Decision.Answer {
			got = place(r.Hits[0].Passage)
		}
		if got != want {
			t.Errorf("%q: answered from %q, want %q (%+v)", question, got, want, r.Decision)
		}
	}
}
