package webchat

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/hoinq/hoinq/bot"
)

// TestPassingOnInTheBrowser looks at what leaves the screen: a link that is
// copied, and paper.
func TestPassingOnInTheBrowser(t *testing.T) {
	b := openBrowser(t)
	t.Run("the link to a quotation is copied", func(t *testing.T) { copiesLink(b.tab(t)) })
	t.Run("a browser that copies nothing keeps the link", func(t *testing.T) { keepsLink(b.tab(t)) })
	t.Run("a document on paper", func(t *testing.T) { documentOnPaper(b.tab(t)) })
	t.Run("an answer on paper", func(t *testing.T) { answerOnPaper(b.tab(t)) })
}

func copiesLink(p *tab) {
	cited := citationPath(p)
	p.open(cited)
	p.until(`document.querySelector(".sheet button.copy")`)
	// It stands where the reader looks.
	p.until(`(({ top, bottom }) => top >= 0 && bottom <= innerHeight)(document.querySelector(".sheet button.copy").getBoundingClientRect())`)
	p.picture("share")
	value[chromedp.Void](p, `navigator.clipboard.writeText = async (text) => { window.copied = text; }`)
	p.do(chromedp.Click(".sheet button.copy"))
	p.until(`document.getElementById("thong-bao").textContent === "Đã chép liên kết"`)
	if got := value[string](p, "copied"); got != p.site+cited {
		p.Errorf("copied %q, want %q", got, p.site+cited)
	}
	quote := value[string](p, `document.querySelector(".sheet mark.quoted").textContent`)
	link := value[string](p, "copied")
	p.open("/khong-co")
	p.console()
	p.do(chromedp.Navigate(link), chromedp.WaitVisible(".sheet mark.quoted"))
	opensAt(p, quote)
}

func keepsLink(p *tab) {
	cited := citationPath(p)
	p.open(cited)
	p.until(`document.querySelector(".sheet button.copy")`)
	value[chromedp.Void](p, `navigator.clipboard.writeText = () => Promise.reject(new Error("not allowed"))`)
	p.do(chromedp.Click(".sheet button.copy"), chromedp.WaitVisible(".sheet a.share"))
	if got := value[string](p, `document.activeElement.getAttribute("href")`); got != cited {
		p.Errorf("the focus is on %q, want the link %q", got, cited)
	}
}

// onPaper lays the page out as for a printer.
func (p *tab) onPaper() {
	p.Helper()
	p.do(chromedp.EmulateViewport(794, 1123)) // A4 at 96 dots an inch
	p.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Media: "print", Features: []*emulation.MediaFeature{
				{Name: "prefers-color-scheme", Value: "dark"}, {Name: "prefers-reduced-motion", Value: "reduce"},
			},
		})
		return err
	}))
}

// seen are the words that are laid out, as a reader sees them.
func (p *tab) seen() string {
	p.Helper()
	for _, gone := range []string{"nav", ".skip", "button", "textarea", "summary", ".tools a", ".side"} {
		if value[bool](p, `[...document.querySelectorAll("`+gone+`")].some((e) => e.checkVisibility() && e.getClientRects().length)`) {
			p.Errorf("%s is on the paper", gone)
		}
	}
	if got := value[string](p, `((s) => s.color + " on " + s.backgroundColor)(getComputedStyle(document.body))`); got != "rgb(0, 0, 0) on rgb(255, 255, 255)" {
		p.Errorf("printed %s", got)
	}
	return value[string](p, "document.body.innerText")
}

func documentOnPaper(p *tab) {
	cited := citationPath(p)
	p.open(cited)
	p.onPaper()
	value[chromedp.Void](p, "scrollTo(0, 0)")
	p.picture("print-document")
	words := p.seen()
	path, rest, _ := strings.Cut(cited, "?")
	edition, _, _ := strings.Cut(strings.TrimPrefix(rest, bot.EditionParam+"="), "&")
	title := value[string](p, `document.querySelector("h1").textContent`)
	for _, want := range []string{title, "Bản " + edition, "SHA-256", path + "?" + bot.EditionParam + "=" + edition, "Tóm lược biên tập"} {
		if !strings.Contains(words, want) {
			p.Errorf("the paper lacks %q", want)
		}
	}
	if line := value[string](p, `getComputedStyle(document.querySelector("mark.quoted")).textDecorationLine`); line != "underline" {
		p.Errorf("the quoted words are marked by %q", line)
	}
}

func answerOnPaper(p *tab) {
	p.open("/")
	p.do(chromedp.SendKeys("#cau-hoi", answeredQuestion+"\r"))
	p.until(answers + ".length === 1")
	p.onPaper()
	p.picture("print-answer")
	words := p.seen()
	for _, want := range []string{
		answeredQuestion, value[string](p, `document.querySelector(".from").textContent`), "Bản ",
		value[string](p, `document.querySelector(".quotation .actions a").getAttribute("href")`), "Tóm lược biên tập",
	} {
		if !strings.Contains(words, want) {
			p.Errorf("the paper lacks %q", want)
		}
	}
	if marks := value[string](p, `["::before", "::after"].map((at) => getComputedStyle(document.querySelector(".words"), at).content).join("")`); marks != `"“""”"` {
		p.Errorf("the quotation stands in %s", marks)
	}
}
