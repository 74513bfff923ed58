package telegram

import (
	"strings"
	"testing"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/bot/bottest"
)

// typedReply is the reply to an inline query.
func typedReply(query string, blocks ...bot.Block) bot.Reply {
	return bot.Reply{Address: bot.Address{Channel: ID, Bot: "42", Chat: "inline/700000002", Message: query}, Blocks: blocks}
}

// sendInline renders a reply, sends it and returns what the vendor accepted.
func sendInline(t *testing.T, f *bottest.Telegram, c *Channel, reply bot.Reply, plain bool) bottest.TelegramInline {
	t.Helper()
	parts, err := c.Render(reply)
	if err != nil || len(parts) != 1 {
		t.Fatalf("%d parts, %v", len(parts), err)
	}
	if plain {
		parts[0].Body = parts[0].Plain
	}
	if _, err := c.Send(t.Context(), parts[0]); err != nil {
		t.Fatal(err)
	}
	answers := f.Inline()
	return answers[len(answers)-1]
}

func TestEveryQuotationIsAPassageToChoose(t *testing.T) {
	f, c := newFake(t)
	long := citation(3, strings.Repeat("Rất dài. ", 100))
	long.Context, long.Location = citation(1, "", strings.Repeat("dẫn ", 1100)).Context, ""
	endless := citation(4, strings.Repeat("dài ", 2000))
	reply := typedReply("q1",
		bot.Block{Kind: bot.BlockQuotation, Citation: citation(1, "a) cây đước <1 ha>;", "Trồng hai loài:")},
		notice("Đoạn gần nhất:"), bot.Block{Kind: bot.BlockQuotation, Citation: long},
		bot.Block{Kind: bot.BlockQuotation, Citation: endless})
	got := sendInline(t, f, c, reply, false)
	if got.Query != "q1" || got.Cache != inlineCache || got.Personal || got.Button == "" || len(got.Results) != 2 {
		t.Fatalf("%+v", got)
	}
	first, second := got.Results[0], got.Results[1]
	if first.Title != "Phần I, mục 3" || first.Description != "a) cây đước <1 ha>;" || strings.Contains(first.Words, "[1]") ||
		!strings.Contains(first.Quotations[0], "Trồng hai loài:\na) cây đước <1 ha>;") || !strings.Contains(first.Words, "Tóm lược biên tập") || len(first.Links) != 1 {
		t.Errorf("the first is %+v", first)
	}
	if second.Title != "Kế hoạch học tập" || !strings.HasPrefix(second.Words, "Đoạn gần nhất:\n\n") || strings.Contains(second.Words, "dẫn dẫn") ||
		bottest.UTF16(second.Description) > maxDescription || !strings.HasSuffix(second.Description, "…") {
		t.Errorf("the second is %+v", second)
	}
	if got := sendInline(t, f, c, reply, true); len(got.Results) != 2 || got.Results[0].Mode != "" {
		t.Errorf("without markup: %+v", got)
	}
	if got := sendInline(t, f, c, typedReply("q2"), false); len(got.Results) != 0 {
		t.Errorf("nothing becomes %+v", got)
	}
}

func TestNoMorePassagesThanTelegramTakes(t *testing.T) {
	f, c := newFake(t)
	var blocks []bot.Block
	for range maxResults + 10 {
		blocks = append(blocks, bot.Block{Kind: bot.BlockQuotation, Citation: citation(1, "chè")})
	}
	if got := sendInline(t, f, c, typedReply("q1", blocks...), false); len(got.Results) != maxResults {
		t.Errorf("%d results, want %d", len(got.Results), maxResults)
	}
}

func TestAnInlineQueryThatIsTooOldIsLeft(t *testing.T) {
	_, c := newFake(t)
	parts, err := c.Render(typedReply("old1"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Send(t.Context(), parts[0]); err != nil {
		t.Errorf("%v, want nothing to be done", err)
	}
	parts[0].Body = []byte("{")
	if _, err := c.Send(t.Context(), parts[0]); err == nil {
		t.Error("a part that is not ours was sent")
	}
}

func TestWhatIsTypedCountsForNoLimit(t *testing.T) {
	free := newChannel(t, "").Limits().Free
	for chat, want := range map[string]bool{"inline/700000002": true, "700000002": false, "-100": false} {
		if free(chat) != want {
			t.Errorf("%s is free: %v", chat, !want)
		}
	}
}
