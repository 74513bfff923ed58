// Package plain lays replies out as plain text, for the vendors whose messages
// have no markup: quotations stand in “…”, their place before and their address
// behind them, and what would be a button is a number to send back. It knows no
// vendor; what else a vendor wants of a message is its channel's.
package plain

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/internal/textcut"
)

// chooseText tells how to choose where there are no buttons; see
// [bot.Reply.Choices].
const (
	chooseText    = "Gửi lại số thứ tự để chọn."
	chooseEnglish = "Send back a number to choose."
)

// Pages are the messages that a reply needs, each of at most so many UTF-16
// units: one wherever it fits. A block is only cut when it does not fit into a
// message of its own. There is none for a reply without words.
func Pages(reply bot.Reply, units int) []string {
	var blocks []string
	for _, b := range reply.Blocks {
		if s := block(b); strings.TrimSpace(s) != "" {
			blocks = append(blocks, s)
		}
	}
	if s := choices(reply); s != "" {
		blocks = append(blocks, s)
	}
	return paginate(blocks, units)
}

func block(b bot.Block) string {
	if b.Kind == bot.BlockQuotation && b.Citation != nil {
		return quotation(*b.Citation)
	}
	return own(b.Text)
}

// quotation is the place, the words with the lead-ins they need, and the way to
// the document.
func quotation(c corpus.Citation) string {
	var head []string
	for _, s := range []string{own(c.Location), own(c.Title), own(c.Label)} {
		if s != "" {
			head = append(head, s)
		}
	}
	lines := []string{strings.Join(head, " · ")}
	if c.N > 0 {
		lines[0] = fmt.Sprintf("[%d] %s", c.N, lines[0])
	}
	for _, lead := range c.Context {
		lines = append(lines, "“"+lead.Words+"”")
	}
	lines = append(lines, "“"+c.Words+"”")
	if c.URL != "" {
		lines = append(lines, c.URL)
	}
	return strings.Join(lines, "\n")
}

// choices are the buttons that no block lists.
func choices(reply bot.Reply) string {
	var lines []string
	for i, b := range reply.Choices() {
		if !b.Listed {
			lines = append(lines, fmt.Sprintf("%d. %s", i+1, own(b.Label)))
		}
	}
	if len(reply.Choices()) > 0 {
		if reply.Answer != nil && reply.Answer.InEnglish() {
			lines = append(lines, chooseEnglish)
		} else {
			lines = append(lines, chooseText)
		}
	}
	for _, b := range reply.Buttons {
		if b.URL != "" {
			lines = append(lines, own(b.Label)+": "+b.URL)
		}
	}
	return strings.Join(lines, "\n")
}

// own is text of ours without control characters. Quotations are never passed
// through it.
func own(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case unicode.IsControl(r):
			return ' '
		}
		return r
	}, s)
}

// paginate lays blocks out on as few messages as their limit needs.
func paginate(blocks []string, units int) []string {
	var pages []string
	page := ""
	turn := func() {
		if s := strings.TrimSpace(page); s != "" {
			pages = append(pages, s)
		}
		page = ""
	}
	for _, b := range blocks {
		if page != "" {
			if joined := page + "\n\n" + b; textcut.Units(joined) <= units {
				page = joined
				continue
			}
			turn()
		}
		for page = b; textcut.Units(page) > units; {
			rest := ""
			at := textcut.At(page, textcut.Within(page, units))
			page, rest = page[:at], page[at:]
			turn()
			page = rest
		}
	}
	turn()
	return pages
}
