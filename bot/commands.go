package bot

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/hoinq/hoinq/corpus"
)

// commandSlash begins a command in every chat.
const commandSlash = "/"

// forgetCommand asks to delete what is held of the conversation.
const forgetCommand = "xoa"

// forgets reports whether a message asks to delete what is held of its
// conversation.
func (m Message) forgets() bool {
	word, _ := m.command()
	return m.Kind == KindWithdraw || m.Kind == KindCommand && word == forgetCommand
}

// command splits the text of a command into its word, without the slash, and
// the rest.
func (m Message) command() (word, rest string) {
	word, rest, _ = strings.Cut(strings.TrimSpace(m.Text), " ")
	return strings.ToLower(strings.TrimPrefix(word, commandSlash)), rest
}

// command answers "/trogiup" and its like.
func (c *Conversation) command(ctx context.Context, m Message) (Reply, error) {
	word, rest := m.command()
	switch word {
	case "start":
		return c.greeting(), nil
	case "trogiup", "help":
		return c.help(), nil
	case "hoi":
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
		return say(unknownCommandText, commandsText), nil
	}
}

// greeting welcomes a person who has just come.
func (c *Conversation) greeting() Reply {
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
	r := say(howToAskText, commandsText, c.whomToAsk())
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
