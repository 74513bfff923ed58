package bot

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/hoinq/hoinq/corpus"
)

// commandSlash begins a command in every chat.
const commandSlash = "/"

// Commands that are spoken of elsewhere: forgetCommand asks to delete what is
// held of the conversation, askCommand to answer the words behind it.
const (
	forgetCommand = "xoa"
	askCommand    = "hoi"
)

// Command is something that can be asked for by its name.
type Command struct {
	// Name stands behind the slash: at most 32 of a-z, 0-9 and "_".
	Name string
	// Help says what it does, in some words of Vietnamese.
	Help string
}

// Commands are those that people are told of. Vendors may list them.
func Commands() []Command {
	return []Command{
		{askCommand, "hỏi về văn bản, câu hỏi viết ngay sau lệnh"},
		{"vanban", "các văn bản và dàn ý"},
		{"nguon", "nguồn của tài liệu"},
		{"trogiup", "cách hỏi"},
		{"riengtu", "thông tin nào được giữ"},
		{forgetCommand, "xóa những gì còn giữ của cuộc trò chuyện"},
	}
}

// commandsText lists the commands for somebody who is in doubt.
func commandsText() string {
	var lines []string
	for _, c := range Commands() {
		lines = append(lines, commandSlash+c.Name+" – "+c.Help)
	}
	return strings.Join(lines, "\n")
}

// forgets reports whether a message asks to delete what is held of its
// conversation.
func (m Message) forgets() bool {
	word, _ := m.command()
	return m.Kind == KindWithdraw || m.Kind == KindCommand && word == forgetCommand
}

// command splits the text of a command into its word, without the slash, and
// the rest.
func (m Message) command() (word, rest string) {
	word = strings.TrimSpace(m.Text)
	if end := strings.IndexFunc(word, unicode.IsSpace); end >= 0 {
		word, rest = word[:end], word[end:]
	}
	return strings.ToLower(strings.TrimPrefix(word, commandSlash)), rest
}

// command answers "/trogiup" and its like.
func (c *Conversation) command(ctx context.Context, m Message) (Reply, error) {
	word, rest := m.command()
	switch word {
	case "start":
		if payload := strings.TrimSpace(rest); strings.HasPrefix(payload, passagePayload) {
			return c.linkedTo(payload)
		}
		return c.greeting(m), nil
	case "trogiup", "help":
		return c.help(), nil
	case askCommand:
		if rest = strings.TrimSpace(rest); rest == "" {
			return say(askSomethingText), nil
		}
		return c.ask(ctx, m, rest)
	case "vanban":
		return c.documents()
	case "nguon":
		return c.sources()
	case "riengtu", "privacy":
		return say(PrivacyText()), nil
	case forgetCommand:
		if err := c.memory.forget(ctx, m.Channel, m.Conversation); err != nil {
			return Reply{}, err
		}
		return say(forgottenText), nil
	default:
		return say(unknownCommandText, commandsText()), nil
	}
}

// greeting welcomes a person who has just come, or a group that we have come
// to, in short.
func (c *Conversation) greeting(m Message) Reply {
	if m.Group {
		return say(groupGreetingText)
	}
	office := c.answerer.office
	who := ""
	if office.Name != "" {
		who = "Dịch vụ của " + office.Name + "."
	}
	r := say(greetingText, who, c.known(), howToAskText, c.whomToAsk())
	r.offer("Ví dụ:", c.answerer.Starters())
	return r
}

func (c *Conversation) help() Reply {
	r := say(howToAskText, commandsText(), c.whomToAsk())
	r.offer("Ví dụ:", c.answerer.Starters())
	return r
}

// maxKnown is how many titles a greeting names.
const maxKnown = 3

// known says what may be asked about.
func (c *Conversation) known() string {
	library := c.answerer.Library()
	if library == nil || len(library.InForce()) == 0 {
		return noDocumentsText
	}
	editions := library.InForce()
	lines := []string{"Tôi đang có:"}
	for _, e := range editions[:min(len(editions), maxKnown)] {
		lines = append(lines, "• "+e.Document.Title)
	}
	if more := len(editions) - maxKnown; more > 0 {
		lines = append(lines, fmt.Sprintf("• và %d văn bản khác (xem /vanban)", more))
	}
	return strings.Join(lines, "\n")
}

// whomToAsk names the office's contact, if it is set.
func (c *Conversation) whomToAsk() string {
	office := c.answerer.office
	who := strings.Join(nonEmpty(office.Name, office.Contact), ", ")
	if who == "" {
		return ""
	}
	return "Cần hỏi trực tiếp, anh/chị liên hệ: " + strings.TrimRight(who, ". ") + "."
}

// sources says where the words come from.
func (c *Conversation) sources() (Reply, error) {
	library := c.answerer.Library()
	if library == nil {
		return Reply{}, ErrNotReady
	}
	r := say(sourcesText)
	for _, e := range library.InForce() {
		lines := []string{e.Document.Title, about(e)}
		switch names := sourceNames(e.Document); {
		case len(names) > 0:
			lines = append(lines, "Nguồn: "+strings.Join(names, ", "))
		case e.Source.File != "":
			lines = append(lines, "Tệp: "+e.Source.File)
		}
		lines = append(lines, "Bản: "+string(e.ID))
		if base := c.answerer.office.PublicURL; base != "" {
			lines = append(lines, base+ReadingRoot+string(e.Document.ID))
		}
		r.Blocks = append(r.Blocks, Block{Kind: BlockParagraph, Text: strings.Join(nonEmpty(lines...), "\n")})
	}
	return r, nil
}

// sourceNames are the sources of a document as a reader knows them: the name
// of a site once, not every address on it.
func sourceNames(d corpus.Document) []string {
	var names []string
	for _, source := range d.Sources {
		if u, err := url.Parse(source); err == nil && u.Host != "" {
			source = strings.TrimPrefix(u.Hostname(), "www.")
		}
		if !slices.Contains(names, source) {
			names = append(names, source)
		}
	}
	return names
}

func nonEmpty(list ...string) []string {
	var out []string
	for _, s := range list {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}
