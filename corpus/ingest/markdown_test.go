package ingest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMarkdown(t *testing.T) {
	for _, tc := range []struct {
		name, source string
		want         string // blocks as blockLines writes them
	}{
		{"headings in both ways, emphasis stripped", "# Kế *hoạch*\n\nMục **tiêu**\n---\n\n### `Ba` ___cấp___\n",
			"heading1 Kế hoạch\nheading2 Mục tiêu\nheading3 Ba cấp"},
		{"links give their words, and their address beside them", "Theo [báo](https://a.example/?x=1&amp;y=2 \"tên\"), <https://b.example/> và [c].\n\n[c]: http://c.example/\n",
			"text Theo báo, https://b.example/ và c. <https://a.example/?x=1&y=2> <https://b.example/> <http://c.example/>"},
		{"addresses that no reader can open are left out", "[a](javascript:alert(1)) [b](#muc) [c](tep.md) <thu@d.example>\n",
			"text a b c thu@d.example"},
		{"each line has the links of its own words", "a) [bến](http://a.example/)\nb) [bãi](http://b.example/)\n",
			"text a) bến <http://a.example/>\ntext b) bãi <http://b.example/>"},
		{"a picture gives its words", "![Bản đồ](ban-do.png)\n", "text Bản đồ"},
		{"escapes and references are resolved once", "\\*không\\* 5 &lt; 6 &#273;&#x111; \\&amp; &#38;amp; &khongco;\n",
			"text *không* 5 < 6 đđ &amp; &amp; &khongco;"},
		{"code is taken as it stands", "`a\\*b &amp;`\n\n    1. mã\n    hai\n\n```go\n# ba\n```\n",
			"text a\\*b &amp;\ntext 1. mã\ntext hai\ntext # ba"},
		{"a soft break is a space", "Hội nghị\nhọp ở bến.\n", "text Hội nghị họp ở bến."},
		{"a soft break before a mark begins a new line", "Gồm:\na) *bến*;\n**b)** bãi\nĐiều 2. Tên\n",
			"text Gồm:\ntext a) bến;\ntext b) bãi\ntext Điều 2. Tên"},
		{"a weekday in a sentence begins no new line", "Hội nghị họp vào\nThứ hai, ngày 24.\nThứ ba, ngày 25.\n",
			"text Hội nghị họp vào Thứ hai, ngày 24.\ntext Thứ ba, ngày 25."},
		{"a hard break begins a new line", "một  \nhai\\\nba<br>bốn<BR />năm\n", "text một\ntext hai\ntext ba\ntext bốn\ntext năm"},
		{"the numbers of a list stay as typed", "2. hai\n4. bốn\n\nxen giữa\n\n7) bảy\n", "item1 2. hai\nitem1 4. bốn\ntext xen giữa\nitem1 7) bảy"},
		{"nested lists keep their marks and depth", "- một\n  + hai\n    1. ba\n\n       thêm\n* bốn\n- - năm\n",
			"item1 - một\nitem2 + hai\nitem3 1. ba\nitem3 thêm\nitem1 * bốn\nitem2 - năm"},
		{"whatever stands in a block quote is a note", "> # Bản nháp\n> một\n>\n> - hai\n>\n> | ba |\n> |---|\n\n- > bốn\n\nnăm\n",
			"note Bản nháp\nnote một\nnote - hai\nnote ba\nnote bốn\ntext năm"},
		{"a table is its rows, a cell may be empty", "| Xã | Ha |\n|:--|--:|\n| [Cồn Sò](http://a.example/) | **40** |\n| `a` \\| b | |\n",
			"header Xã | Ha\nrow Cồn Sò | 40 <http://a.example/>\nrow a | b |"},
		{"of HTML only the words are left", "<div class=\"a\">\nMột&nbsp;hai <b>ba</b>\n</div>\n\nbốn <i>năm</i> <!-- sáu -->bảy\n",
			"text Một hai ba\ntext bốn năm bảy"},
		{"what HTML hides stays hidden", "<!-- một\nhai -->\n\n<script>\nba()\n</script>\n\n<style>p {}</style> bốn\n\n<?php\nnăm ?>\n",
			"text bốn"},
		{"a ruler is nothing", "một\n\n* * *\n\nhai\n", "text một\ntext hai"},
		{"white space and what cannot be seen is cleaned away", "Hội\u00a0\u200bnghị\u00ad \tho\u0323p\u202e.\x07\n", "text Hội nghị họp."},
		{"line ends of other systems", "# Một\r\n\r\nhai\rba\u2028bốn\n", "heading1 Một\ntext hai ba bốn"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d, err := Markdown([]byte(tc.source))
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

// blockLines writes the blocks of a draft, one a line: kind with level, words,
// links in angle brackets.
func blockLines(d Draft) string {
	kinds := map[BlockKind]string{BlockText: "text", BlockHeading: "heading", BlockHeader: "header", BlockRow: "row", BlockNote: "note"}
	var lines []string
	for _, b := range d.Blocks {
		kind := kinds[b.Kind]
		if b.listDepth() > 0 {
			kind = "item"
		}
		if kind == "item" || b.Kind == BlockHeading {
			kind += fmt.Sprint(b.Level)
		}
		line := kind + " " + d.Text[b.Start:b.End]
		for _, link := range b.Links {
			line += " <" + link + ">"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func TestTheCanonicalTextOfMarkdown(t *testing.T) {
	d, err := Markdown([]byte("# Chỉ tiêu\n> bản nháp\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\nHết.\n"))
	if err != nil {
		t.Fatal(err)
	}
	// One empty line between blocks, a line end between the rows of a table.
	if want := "Chỉ tiêu\n\nbản nháp\n\nA | B\n1 | 2\n\nHết.\n"; d.Text != want {
		t.Errorf("text %q, want %q", d.Text, want)
	}
}

func TestMarkdownThatNobodyWroteIsReadAsText(t *testing.T) {
	for name, line := range map[string]string{
		"brackets":  strings.Repeat("![a](", 500),
		"lists":     strings.Repeat("- ", 500) + "a",
		"quotes":    strings.Repeat("> ", 500) + "a",
		"stars":     strings.Repeat("*a **", 500),
		"backticks": strings.Repeat("`a``b", 500),
	} {
		if e := read(t, "a.md", line+"\n"); e.Source.Reader != plainTextReader {
			t.Errorf("%s: read by %s", name, e.Source.Reader)
		}
	}
	if e := read(t, "a.md", "# Tên\n\n"+strings.Repeat("[x](http://a.example/) ", 40)+"\n\n"+strings.Repeat("-", 200)+"\n\n"+strings.Repeat(" ", 300)+"- sâu\n"); e.Source.Reader != markdownReader {
		t.Errorf("an ordinary text is read by %s", e.Source.Reader)
	}
}
