package bottest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/corpus"
)

// LongReply sends a reply longer than any single message to a conversation,
// whose address is given, and checks that it arrives in several, nothing lost
// and nothing altered, its buttons on the last.
func LongReply(t *testing.T, channel bot.Channel, vendor Vendor, conversation int, address bot.Address) {
	t.Helper()
	reply := longReply(address)
	parts, err := channel.Render(reply)
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := channel.Render(reply); cmp.Diff(parts, again) != "" {
		t.Error("the same reply is rendered in two ways")
	}
	for i, part := range parts {
		if _, err := channel.Send(t.Context(), part); err != nil {
			t.Fatalf("part %d: %v", i+1, err)
		}
	}
	got := vendor.Messages(conversation)
	if len(got) < 2 {
		t.Fatalf("sent as %d messages, want several", len(got))
	}
	var all strings.Builder
	for i, s := range got {
		all.WriteString(s.Words + " ")
		if n := UTF16(s.Words); n > vendor.MaxMessage() {
			t.Errorf("message %d has %d units, want %d at most", i+1, n, vendor.MaxMessage())
		}
		last := i == len(got)-1
		if vendor.Traits().Buttons && last != (len(s.Buttons) > 0) {
			t.Errorf("message %d of %d has the buttons %q", i+1, len(got), s.Buttons)
		}
		if !vendor.Traits().Buttons && last != strings.Contains(s.Words, reply.Buttons[0].Label) {
			t.Errorf("message %d of %d lists the choice: %v", i+1, len(got), !last)
		}
	}
	words := strings.Join(strings.Fields(all.String()), " ")
	for _, b := range reply.Blocks {
		want := b.Text
		if b.Citation != nil {
			want = b.Citation.Words
		}
		want = strings.Join(strings.Fields(want), " ")
		at := strings.Index(words, want)
		if at < 0 {
			t.Fatalf("words are lost, altered or out of order: %.80s…", want)
		}
		words = words[at+len(want):]
	}
}

func longReply(address bot.Address) bot.Reply {
	reply := bot.Reply{Address: address, Buttons: []bot.Button{{Label: "Xem thêm", Key: "more"}}}
	add := func(b bot.Block) { reply.Blocks = append(reply.Blocks, b) }
	add(bot.Block{Kind: bot.BlockParagraph, Text: "Nghị quyết nêu như sau [1] [2] [3]."})
	for n := range 3 {
		var words strings.Builder
		for i := range 60 {
			fmt.Fprintf(&words, "%d. Khâu đột phá thứ %d: thu hút <nguồn lực> & khơi thông, phần %d.\n", i, i, n)
		}
		add(bot.Block{Kind: bot.BlockQuotation, Citation: &corpus.Citation{
			N: n + 1, Title: "Nghị quyết", Location: fmt.Sprintf("Phần %d", n),
			Quote: corpus.Quote{Words: strings.TrimSpace(words.String())},
		}})
	}
	add(bot.Block{Kind: bot.BlockNotice, Text: "Hết."})
	return reply
}
