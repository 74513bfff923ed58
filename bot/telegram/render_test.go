package telegram

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/bot/bottest"
	"github.com/hoinq/hoinq/corpus"
)

var update = flag.Bool("update", false, "rewrite the expected messages in testdata/render")

func testAddress() bot.Address {
	return bot.Address{Channel: ID, Bot: "42", Chat: "700000001", Topic: "7", Message: "41"}
}

// citation is a citation of words, numbered from 1.
func citation(n int, words string, context ...string) *corpus.Citation {
	c := &corpus.Citation{
		N: n, Title: "Kế hoạch học tập", Location: "Phần I, mục 3", Quote: corpus.Quote{Words: words},
		Label: "Tóm lược biên tập, không phải toàn văn", URL: "https://hoi.example/van-ban/ke-hoach?ban=1a&tu=1#p-\"I\"",
	}
	for _, lead := range context {
		c.Context = append(c.Context, corpus.Quote{Words: lead})
	}
	return c
}

func paragraph(s string) bot.Block { return bot.Block{Kind: bot.BlockParagraph, Text: s} }
func notice(s string) bot.Block    { return bot.Block{Kind: bot.BlockNotice, Text: s} }
func quote(c *corpus.Citation) bot.Block {
	return bot.Block{Kind: bot.BlockQuotation, Citation: c}
}

// render renders a reply and decodes its parts.
func render(t testing.TB, reply bot.Reply) (marked, plain []outgoing) {
	t.Helper()
	parts, err := newChannel(t, "").Render(reply)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		if p.Address != reply.Address {
			t.Errorf("a part goes to %+v", p.Address)
		}
		var m, q outgoing
		if err := json.Unmarshal(p.Body, &m); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(p.Plain, &q); err != nil {
			t.Fatal(err)
		}
		marked, plain = append(marked, m), append(plain, q)
	}
	return marked, plain
}

// The expected messages stand in testdata/render, one file a reply: the body,
// its text as it is, and the text without markup.
func TestRenderedReplies(t *testing.T) {
	other := citation(2, "Một < hai & ba > hai.")
	other.Label, other.URL = "", ""
	replies := map[string]bot.Reply{
		"answer": {
			Address: testAddress(),
			Blocks: []bot.Block{
				paragraph("Kế hoạch nêu như sau. [1] [2]"),
				quote(citation(1, "a) cây đước;\nb) cây sú.", "Trồng hai loài:", "Ở ven biển:")),
				quote(other),
				notice("Hỏi <tiếp> & hỏi nữa."),
			},
			Buttons: []bot.Button{
				{Label: "Mục đích?", Key: "q:1"},
				{Label: "Nguồn", URL: "https://a.example/?x=1&y=2"},
				{Label: "khóa quá dài", Key: strings.Repeat("k", 65)},
				{Label: "không địa chỉ", URL: "javascript:alert(1)"},
				{Label: "", Key: "q:2"},
				{Label: "không gì cả"},
			},
		},
		"notice": {
			Address: bot.Address{Channel: ID, Bot: "42", Chat: "4503599627370495"},
			Blocks:  []bot.Block{paragraph(" \n"), notice("Tab\tvà\x00ký tự \x1bđiều khiển."), paragraph("")},
		},
		"nearest": { // shown beside a refusal: no number, no place
			Address: testAddress(),
			Blocks:  []bot.Block{paragraph("Văn bản không nêu."), quote(&corpus.Citation{Title: "Kế hoạch", Quote: corpus.Quote{Words: "Mục đích."}})},
		},
	}
	for name, reply := range replies {
		t.Run(name, func(t *testing.T) {
			marked, plain := render(t, reply)
			var got strings.Builder
			for i := range marked {
				text, without := marked[i].Text, plain[i].Text
				if marked[i].ParseMode != "HTML" || plain[i].ParseMode != "" {
					t.Errorf("parse modes %q and %q", marked[i].ParseMode, plain[i].ParseMode)
				}
				marked[i].Text, plain[i].Text = "", ""
				fmt.Fprintf(&got, "-- body --\n%s\n-- text --\n%s\n-- plain body --\n%s\n-- plain text --\n%s\n", compact(t, marked[i]), text, compact(t, plain[i]), without)
			}
			file := filepath.Join("testdata", "render", name+".txt")
			if *update {
				if err := os.WriteFile(file, []byte(got.String()), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Error(err)
			}
			if diff := cmp.Diff(got.String(), string(want)); diff != "" {
				t.Errorf("(-got +want):\n%s\ngot:\n%s", diff, got.String())
			}
		})
	}
}

func compact(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestRenderRefusesWhatCannotBeSent(t *testing.T) {
	for name, reply := range map[string]bot.Reply{
		"no words":              {Address: testAddress(), Blocks: []bot.Block{paragraph(" "), {Kind: bot.BlockQuotation}}, Buttons: []bot.Button{{Label: "a", Key: "b"}}},
		"no blocks":             {Address: testAddress()},
		"a chat of other kinds": {Address: bot.Address{Chat: "@kenh"}, Blocks: []bot.Block{paragraph("a")}},
	} {
		if parts, err := newChannel(t, "").Render(reply); err == nil {
			t.Errorf("%s: %d parts, want an error", name, len(parts))
		}
	}
}

func TestAReplyIsCutAtItsBlocksFirst(t *testing.T) {
	long := strings.TrimSpace(strings.Repeat("Câu dài thêm. ", 200))
	marked, _ := render(t, bot.Reply{
		Address: testAddress(),
		Blocks:  []bot.Block{paragraph("Đầu."), quote(citation(1, long)), quote(citation(2, long)), notice("Cuối.")},
		Buttons: []bot.Button{{Label: "a", Key: "b"}},
	})
	var begins []string
	for _, m := range marked {
		begins = append(begins, strings.Fields(m.Text)[0])
	}
	if diff := cmp.Diff(begins, []string{"Đầu.", "[2]"}); diff != "" {
		t.Errorf("(-got +want):\n%s", diff)
	}
	if marked[0].ReplyTo == nil || marked[1].ReplyTo != nil {
		t.Error("the first part alone should visibly answer the message")
	}
	if marked[0].Keyboard != nil || marked[1].Keyboard == nil {
		t.Error("the last part alone should have the buttons")
	}
	if marked[0].ThreadID != 7 || marked[1].ThreadID != 7 {
		t.Error("every part belongs into the topic")
	}
}

func TestABlockIsCutWhereAReaderWould(t *testing.T) {
	for _, c := range []struct{ name, unit, end string }{
		{"after a line", "Câu một. Câu hai\n", "hai"},
		{"after a sentence", "Câu một dài; rồi hai. ", "."},
		{"between words", "từ ", "từ"},
		{"between letters with their marks", "e\u0323\u0302", "e\u0323\u0302"},
		{"between pairs of surrogates", "😀", "😀"},
		{"before an entity", "&", "&"},
		{"a letter too large is cut all the same", "\u0323", "\u0323"},
	} {
		t.Run(c.name, func(t *testing.T) {
			source := strings.Repeat(c.unit, 9000/len([]rune(c.unit)))
			marked, _ := render(t, bot.Reply{Address: testAddress(), Blocks: []bot.Block{paragraph(source)}})
			if len(marked) < 3 {
				t.Fatalf("%d parts, want 3 at least", len(marked))
			}
			var all strings.Builder
			for _, m := range marked {
				got, err := bottest.ParseTelegramHTML(m.Text)
				if err != nil || !strings.HasSuffix(got.Words, c.end) {
					t.Errorf("%v: a part ends with %q, want %q", err, got.Words[max(0, len(got.Words)-30):], c.end)
				}
				all.WriteString(got.Words)
			}
			if got, want := strings.Join(strings.Fields(all.String()), ""), strings.Join(strings.Fields(source), ""); got != want {
				t.Errorf("%d bytes arrive of %d", len(got), len(want))
			}
		})
	}
}

func TestAQuotationGoesOnInTheNextMessageAsOne(t *testing.T) {
	words := strings.TrimSpace(strings.Repeat("Một ý <nữa> & nữa. ", 500))
	marked, _ := render(t, bot.Reply{Address: testAddress(), Blocks: []bot.Block{quote(citation(1, words, "Các ý:"))}})
	var quoted []string
	for _, m := range marked {
		got, err := bottest.ParseTelegramHTML(m.Text)
		if err != nil || len(got.Quotations) != 1 {
			t.Fatalf("%v: quotations %q", err, got.Quotations)
		}
		quoted = append(quoted, got.Quotations[0])
	}
	if got, want := strings.Join(quoted, ""), "Các ý:\n"+words; got != want {
		t.Errorf("the quotation is altered: (-got +want):\n%s", cmp.Diff(got, want))
	}
}

func TestPlainTextDropsAddressesRatherThanWords(t *testing.T) {
	c := citation(1, strings.Repeat("ă", 3900))
	c.URL = "https://hoi.example/" + strings.Repeat("a", 500)
	button := bot.Button{Label: "Mở", URL: "https://hoi.example/b"}
	marked, plain := render(t, bot.Reply{Address: testAddress(), Blocks: []bot.Block{quote(c)}, Buttons: []bot.Button{button}})
	if len(marked) != 1 || !strings.Contains(marked[0].Text, c.URL) {
		t.Fatalf("%d parts", len(marked))
	}
	if got := plain[0].Text; !strings.Contains(got, c.Words) || strings.Contains(got, "https://") || bottest.UTF16(got) > 4096 {
		t.Errorf("plain text of %d units: %.80s…", bottest.UTF16(got), got)
	}
}

// genReply draws replies of any shape, long ones among them.
func genReply() *rapid.Generator[bot.Reply] {
	return rapid.Custom(func(t *rapid.T) bot.Reply {
		words := rapid.Custom(func(t *rapid.T) string {
			unit := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"từ ", "Câu. ", "dòng\n", "😀", "<b>&amp;\"", "e\u0323\u0302", "&", "\u200d👩\u200d🌾"})).Draw(t, "unit")
			return strings.Repeat(unit, rapid.SampledFrom([]int{1, 1, 1, 40, 1500}).Draw(t, "times"))
		})
		blocks := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) bot.Block {
			switch rapid.IntRange(0, 3).Draw(t, "kind") {
			case 0:
				return paragraph(words.Draw(t, "text"))
			case 1:
				return notice(words.Draw(t, "text"))
			}
			c := &corpus.Citation{
				N: rapid.IntRange(0, 9).Draw(t, "n"), Title: rapid.String().Draw(t, "title"), Location: rapid.String().Draw(t, "place"),
				Label: rapid.String().Draw(t, "label"), Quote: corpus.Quote{Words: words.Draw(t, "words")},
				URL: rapid.SampledFrom([]string{"", "x", "https://a.example/?a=\"<b>&c", "https://a.example/" + strings.Repeat("&", 2000)}).Draw(t, "url"),
			}
			for _, lead := range rapid.SliceOfN(words, 0, 2).Draw(t, "leads") {
				c.Context = append(c.Context, corpus.Quote{Words: lead})
			}
			return quote(c)
		}), 1, 5).Draw(t, "blocks")
		return bot.Reply{
			Address: testAddress(), Blocks: blocks,
			Buttons: []bot.Button{{Label: rapid.String().Draw(t, "label"), Key: rapid.StringN(0, 70, -1).Draw(t, "key")}},
		}
	})
}

func TestAnyReplyIsRenderedWellFormedWithinLimitsAndWhole(t *testing.T) {
	c := newChannel(t, "")
	rapid.Check(t, func(t *rapid.T) {
		reply := genReply().Draw(t, "reply")
		parts, err := c.Render(reply)
		if err != nil {
			if len(parts) > 0 || visible(reply) != "" {
				t.Fatal(err)
			}
			return
		}
		checkParts(t, reply, parts)
	})
}

// visible are the letters of a reply's own blocks, without white space.
func visible(reply bot.Reply) string {
	var b strings.Builder
	for _, block := range reply.Blocks {
		b.WriteString(own(block.Text))
		if c := block.Citation; c != nil {
			b.WriteString(own(c.Title + c.Location + c.Label))
			for _, lead := range c.Context {
				b.WriteString(lead.Words)
			}
			b.WriteString(c.Words)
		}
	}
	return strings.Join(strings.Fields(b.String()), "")
}

// failer is what testing.T and rapid.T have in common.
type failer interface {
	Fatalf(format string, args ...any)
}

// checkParts checks what holds for the parts of any reply.
func checkParts(t failer, reply bot.Reply, parts []bot.Part) {
	var quoted, words, plain strings.Builder
	for i, part := range parts {
		var o, p outgoing
		if err := json.Unmarshal(part.Body, &o); err != nil {
			t.Fatalf("part %d: %v", i, err)
		}
		if err := json.Unmarshal(part.Plain, &p); err != nil {
			t.Fatalf("part %d: %v", i, err)
		}
		got, err := bottest.ParseTelegramHTML(o.Text)
		if err != nil {
			t.Fatalf("part %d: %v in %q", i, err, o.Text)
		}
		if n := bottest.UTF16(got.Words); n > 4096 || n == 0 || len(o.Text) > maxBytes {
			t.Fatalf("part %d: %d units, %d bytes", i, n, len(o.Text))
		}
		if n := bottest.UTF16(p.Text); n > 4096 || n == 0 {
			t.Fatalf("plain part %d: %d units", i, n)
		}
		if o.Keyboard != nil && i < len(parts)-1 {
			t.Fatalf("part %d has the buttons", i)
		}
		quoted.WriteString(strings.Join(got.Quotations, ""))
		words.WriteString(got.Words)
		plain.WriteString(p.Text)
	}
	var want strings.Builder
	for _, b := range reply.Blocks {
		if c := b.Citation; c != nil {
			for _, lead := range c.Context {
				want.WriteString(lead.Words)
			}
			want.WriteString(c.Words)
		}
	}
	if got, want := letters(quoted.String()), letters(want.String()); got != want {
		t.Fatalf("quotations arrive as %.200q, want %.200q", got, want)
	}
	for _, b := range reply.Blocks {
		if want := letters(own(b.Text)); !strings.Contains(letters(words.String()), want) || !strings.Contains(letters(plain.String()), want) {
			t.Fatalf("%.200q does not arrive", want)
		}
	}
}

// letters is a text without white space.
func letters(s string) string { return strings.Join(strings.Fields(s), "") }

func FuzzRender(f *testing.F) {
	f.Add("Trả lời. [1]", "a) cây đước;", "Trồng:", "Phần I", "https://a.example/", 1)
	f.Add("<b>&\"\x00", "\xff\xfe😀", " \n", "", "javascript:", 3000)
	c := newChannel(f, "")
	f.Fuzz(func(t *testing.T, answer, words, lead, place, address string, times int) {
		times = min(max(times, 0), 5000/max(1, len(words)))
		cited := citation(1, strings.ToValidUTF8(strings.Repeat(words, times), "\uFFFD"), strings.ToValidUTF8(lead, "\uFFFD"))
		cited.Location, cited.URL = place, address
		reply := bot.Reply{Address: testAddress(), Blocks: []bot.Block{paragraph(strings.ToValidUTF8(answer, "\uFFFD")), quote(cited)}}
		parts, err := c.Render(reply)
		if err != nil {
			t.Fatal(err)
		}
		checkParts(t, reply, parts)
	})
}
