package ingest

import (
	"github.com/hoinq/hoinq/corpus"

	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPlainText(t *testing.T) {
	full := "Dòng này vừa đủ dài để được coi là ngắt ở bề rộng của trang giấy, và" // 68 characters
	page := strings.Repeat(full+"\n", 4)
	wrapped := "text" + strings.Repeat(" "+full, 4)
	for _, tc := range []struct{ name, source, want string }{
		{"short lines are paragraphs", "một\nhai\n\nba\n", "text một\ntext hai\ntext ba"},
		{"a full line goes on in the next", page + "Đảng bộ xã.\n", wrapped + " Đảng bộ xã."},
		{"a short line ends its paragraph", page + "hết.\nMới.\n", wrapped + " hết.\ntext Mới."},
		{"so does an empty line", page + "\nmới.\n", wrapped + "\ntext mới."},
		{"a mark begins a new paragraph", page + "a) điểm\n", wrapped + "\ntext a) điểm"},
		{"a weekday in a sentence does not", page + "Thứ hai, ngày 24.\n", wrapped + " Thứ hai, ngày 24."},
		{"furniture stands alone", page + "1.285 lượt xem\n", wrapped + "\ntext 1.285 lượt xem"},
		{"a line in capitals is no part of the sentence", page + "QUYẾT NGHỊ\n", wrapped + "\ntext QUYẾT NGHỊ"},
		{"a few lines are not wrapped", full + "\n" + full + "\n", "text " + full + "\ntext " + full},
		{"lines that end sentences are not wrapped", strings.Repeat(full+".\n", 4), strings.Repeat("text "+full+".\n", 3) + "text " + full + "."},
		{"very long lines are not wrapped", strings.Repeat(full+full+"\n", 4), strings.Repeat("text "+full+full+"\n", 3) + "text " + full + full},
		{"Markdown means nothing here", "# một\n**hai** &amp; [ba](http://a.example/)\n", "text # một\ntext **hai** &amp; [ba](http://a.example/)"},
		{"a byte order mark and form feeds", "\ufeffmột\fhai\r\nba\r\n", "text một hai\ntext ba"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d, err := PlainText([]byte(tc.source))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(blockLines(d), tc.want); diff != "" {
				t.Errorf("blocks (-got +want):\n%s", diff)
			}
			checkDraft(t, d)
		})
	}
}

func TestFurniture(t *testing.T) {
	for _, line := range []string{
		"Phản hồi", "PHẢN HỒI:", "» Các tin khác", "[In trang]", "Từ khóa: rừng, biển", "1.285 lượt xem", "Lượt truy cập: 1.285",
		"Cập nhật: 24/11/2025", "Thứ hai, 24/11/2025", "Chủ nhật ngày 2-3-2025 08:00", "(Ảnh: PV)", "Ảnh: Minh Hải", "[Ảnh Minh Hải]", "Ảnh minh họa", "Nguồn ảnh: TTXVN.",
	} {
		if !furniture(line) {
			t.Errorf("%q is taken for words of the text", line)
		}
	}
	for _, line := range []string{
		"Phản hồi của người dân được tiếp thu.", "1.285 hộ đã di dời", "- Zalo", "Ảnh hưởng của bão", "Ảnh hưởng đến 1.285 hộ",
		"Thứ hai, ngày 24 tháng 11, hội nghị khai mạc.", "Xem thêm Điều 5", "(ảnh hưởng của bão)", strings.Repeat("Ảnh: ", 20),
	} {
		if furniture(line) {
			t.Errorf("%q is taken for furniture", line)
		}
	}
}

func TestCaption(t *testing.T) {
	for line, want := range map[string]string{
		"Lớp học trên tàu (Ảnh: PV)":             "Lớp học trên tàu",
		"Lớp học trên tàu. (Ảnh Minh Hải).":      "Lớp học trên tàu.",
		"Lớp học trên tàu [ảnh: Minh Hải/TTXVN]": "Lớp học trên tàu",
		"Lớp học trên tàu - Ảnh: PV":             "Lớp học trên tàu",
		"Lớp học trên tàu. Ảnh: PV":              "Lớp học trên tàu",
		"Lớp học (Ảnh: A) và bến tàu (Ảnh: B)":   "Lớp học (Ảnh: A) và bến tàu",
		"(Ảnh: PV)": "",
		"Bão lớn (ảnh hưởng đến ba xã)":                    "",
		"Hình ảnh của bến":                                 "",
		strings.Repeat("Một đoạn dài. ", 60) + "(Ảnh: PV)": "",
	} {
		length, ok := caption(line)
		if got := line[:length]; got != want || ok != (want != "") {
			t.Errorf("caption of %.40q: %q, %v; want %q", line, got, ok, want)
		}
	}
}

func TestAPlainTextPaperIsNamedBelowItsLetterhead(t *testing.T) {
	e := read(t, "vb.txt", "ĐẢNG BỘ XÃ ĐỒI CHÈ\nSố 01-NQ/ĐH\nNGHỊ QUYẾT\nĐại hội Đảng bộ xã Đồi Chè lần thứ IV\nI. MỤC TIÊU\n1. Trồng chè.\n")
	if got, want := e.Document.Title, "NGHỊ QUYẾT Đại hội Đảng bộ xã Đồi Chè lần thứ IV"; got != want || e.Document.Kind != corpus.KindResolution {
		t.Errorf("title %q, kind %q; want %q, %q", got, e.Document.Kind, want, corpus.KindResolution)
	}
}

func TestPlainTextMayHaveFrontMatter(t *testing.T) {
	e := read(t, "vb.txt", "---\ntitle: Quy chế họp\nnumber: 5-QC/ĐU\n---\nHọp chi bộ ngày 3 hằng tháng.\n")
	if e.Document.Title != "Quy chế họp" || e.Document.Number != "5-QC/ĐU" || e.Text != "Họp chi bộ ngày 3 hằng tháng.\n" {
		t.Errorf("%+v, text %q", e.Document, e.Text)
	}
}
