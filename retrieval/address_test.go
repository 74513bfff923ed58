package retrieval

import (
	"fmt"
	"testing"

	"github.com/hoinq/hoinq/corpus"
)

func TestAddressIn(t *testing.T) {
	for _, tc := range []struct{ question, want string }{
		{"Phần III mục 3 của Nghị quyết nói gì?", "[{phan 3} {muc 3}]"},
		{"Điểm đ tiểu mục 6.2 phần II ghi gì?", "[{diem đ} {tieu muc 6.2} {phan 2}]"},
		{"phan iv, muc 1 noi gi", "[{phan 4} {muc 1}]"},
		{"Phần thứ hai nói gì?", "[{phan 2}]"},
		{"Điều 12 khoản 3?", "[{dieu 12} {khoan 3}]"},
		{"Phần II, mục 1, đoạn 2", "[{phan 2} {muc 1} {doan 2}]"},
		{"Khoản 20 triệu đồng lấy từ đâu?", "[]"},
		{"Mục tiêu và phần trăm hộ nghèo, điều này, chương trình nào?", "[]"},
		{"Chỉ tiêu thứ 6 là gì?", "[]"},
	} {
		var parts []string
		for _, p := range addressIn(tc.question) {
			parts = append(parts, fmt.Sprintf("{%s %s}", p.unit, p.label))
		}
		if got := fmt.Sprint(parts); got != tc.want {
			t.Errorf("%q: %s, want %s", tc.question, got, tc.want)
		}
	}
}

func TestAQuestionForAPlaceIsAnsweredFromThere(t *testing.T) {
	library := corpus.NewLibrary(
		edition(t, "nq", "---\nkind: nghi-quyet\n---\n\n# Nghị quyết xã Đồi Chè\n\n## I. MỤC TIÊU\n\n1. Trồng chè.\n\n2. Làm đường.\n\na) Đường thôn.\n\nb) Đường đồi.\n"),
		edition(t, "kh", "---\nkind: ke-hoach\n---\n\n# Kế hoạch học tập Nghị quyết xã Đồi Chè\n\n## I. MỤC ĐÍCH\n\n1. Nắm vững.\n\n2. Học đủ.\n"),
	)
	ix := index(t, library)
	for _, tc := range []struct{ question, want string }{
		{"Phần I mục 2 của Nghị quyết nói gì?", "nq I.2"},
		{"Phần I mục 2 của Kế hoạch học tập Nghị quyết nói gì?", "kh I.2"},
		{"phan 1 muc 1 nghi quyet", "nq I.1"},
		{"Điểm b mục 2 nói gì?", "nq I.2.b"},
		{"Phần I của kế hoạch?", "kh I"},
		{"Mục 7 phần I nói gì?", ""},
		{"Điều 2 nói gì?", ""},
	} {
		r := find(t, ix, Query{Text: tc.question})
		got := ""
		if r.Decision.Answer {
			got = place(r.Hits[0].Passage)
		} else if r.Decision.Reason != Insufficient || len(r.Decision.Missing) == 0 {
			t.Errorf("%q: %+v, want insufficient with what is missing", tc.question, r.Decision)
		}
		if got != tc.want {
			t.Errorf("%q: answered from %q, want %q", tc.question, got, tc.want)
		}
	}
}
