package plain_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/bot/plain"
	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/internal/textcut"
)

func citation(n int, words string) *corpus.Citation {
	return &corpus.Citation{
		N: n, Title: "Nghị quyết xã Cồn Sò", Label: "Tóm lược biên tập", Location: "Phần II, mục 3",
		Quote: corpus.Quote{Words: words}, URL: "https://hoi.example/van-ban/con-so",
		Context: []corpus.Quote{{Words: "Chỉ tiêu năm 2027:"}},
	}
}

func TestAnAnswerIsOneMessageToBeReadFromAboveToBelow(t *testing.T) {
	reply := bot.Reply{
		Blocks: []bot.Block{
			{Kind: bot.BlockParagraph, Text: "Xã trồng 12 ha đước [1]."},
			{Kind: bot.BlockQuotation, Citation: citation(1, "- trồng 12 ha đước;")},
			{Kind: bot.BlockNotice, Text: "Có thể hỏi tiếp:\n1. Ai trồng?"},
		},
		Buttons: []bot.Button{
			{Label: "1. Ai trồng?", Key: "q:1", Listed: true},
			{Label: "Xem cả\tmục", Key: "p:2"},
			{Label: "Đọc toàn văn", URL: "https://hoi.example/van-ban/con-so"},
		},
	}
	want := []string{`Xã trồng 12 ha đước [1].

[1] Phần II, mục 3 · Nghị quyết xã Cồn Sò · Tóm lược biên tập
“Chỉ tiêu năm 2027:”
“- trồng 12 ha đước;”
https://hoi.example/van-ban/con-so

Có thể hỏi tiếp:
1. Ai trồng?

2. Xem cả mục
Gửi lại số thứ tự để chọn.
Đọc toàn văn: https://hoi.example/van-ban/con-so`}
	if diff := cmp.Diff(want, plain.Pages(reply, 2000)); diff != "" {
		t.Error(diff)
	}
}

func TestWhatDoesNotFitIsCutAndNothingIsLost(t *testing.T) {
	words := strings.Repeat("Một dòng của đoạn dài 😀 có dấu.\n", 60)
	reply := bot.Reply{Blocks: []bot.Block{
		{Kind: bot.BlockParagraph, Text: "Mở đầu."}, {Kind: bot.BlockQuotation, Citation: citation(1, words)}, {Kind: bot.BlockNotice, Text: "Hết."},
	}}
	pages := plain.Pages(reply, 500)
	for i, page := range pages {
		if n := textcut.Units(page); n > 500 || n == 0 {
			t.Errorf("page %d has %d units", i+1, n)
		}
	}
	all := strings.Join(strings.Fields(strings.Join(pages, "\n")), " ")
	if want := strings.Join(strings.Fields(words), " "); !strings.Contains(all, want) || !strings.HasSuffix(all, "Hết.") {
		t.Errorf("words are lost:\n%s", all)
	}
}

func TestAReplyWithoutWordsIsNoMessage(t *testing.T) {
	if pages := plain.Pages(bot.Reply{Blocks: []bot.Block{{Kind: bot.BlockParagraph, Text: " \n"}}}, 2000); len(pages) > 0 {
		t.Errorf("pages: %q", pages)
	}
}

func TestChoosingIsExplainedInTheLanguageOfTheAnswer(t *testing.T) {
	reply := bot.Reply{Answer: &bot.Response{Language: "en"}, Buttons: []bot.Button{{Label: "Ai trồng?", Key: "q:1"}}}
	if got, want := strings.Join(plain.Pages(reply, 2000), ""), "1. Ai trồng?\nSend back a number to choose."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
