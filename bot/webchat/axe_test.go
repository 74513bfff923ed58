package webchat

import (
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/hoinq/hoinq/internal/requiretest"
)

// TestAxe has axe-core look at every page, in both schemes of colours and both
// widths, for what keeps people from using it: nothing serious or critical.
//
//	npm install --prefix /tmp/axe axe-core
//	NODE_PATH=/tmp/axe/node_modules go test ./bot/webchat -run Axe
func TestAxe(t *testing.T) {
	library, err := os.ReadFile(requiretest.NodeFile(t, "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	site := httptest.NewServer(New(slog.New(slog.DiscardHandler), newAnswerer(t), SiteOptions{}))
	t.Cleanup(site.Close)
	b := browser{ctx: chromium(t), site: site.URL}
	t.Run("a fault is found", func(t *testing.T) {
		p := b.tab(t)
		p.open("/widget")
		p.openWidget(false, answeredQuestion)
		value[chromedp.Void](p, `void `+panel+`.append(document.createElement("button"))`)
		if found := p.axe(string(library)); len(found) != 1 || !strings.HasPrefix(found[0], "critical button-name") {
			t.Errorf("found %q", found)
		}
	})
	// Layout does not depend on the colours, nor colours on the width.
	for _, look := range []struct {
		scheme string
		width  int64
	}{{"light", 320}, {"dark", 1280}} {
		t.Run(fmt.Sprintf("every page at %d px in the %s", look.width, look.scheme), func(t *testing.T) {
			cited := citationPath(b.tab(t))
			for _, page := range []struct{ name, address, widget, question string }{
				{"chat", "/", "", ""},
				{"chat with an answer", "/", "", answeredQuestion},
				{"chat with a refusal", "/", "", nearQuestion},
				{"reading view", "/van-ban/dai-hoi-va-nghi-quyet", "", ""},
				{"reading view at a citation", cited, "", ""},
				{"search", "/van-ban/dai-hoi-va-nghi-quyet?tim=nhiem+vu", "", ""},
				{"list of documents", "/van-ban", "", ""},
				{"widget", "/widget", "", ""},
				{"widget with an answer", "/widget", answeredQuestion, ""},
				{"widget with a refusal", "/widget", nearQuestion, ""},
				{"widget in the corner", "/widget?gon", answeredQuestion, ""},
			} {
				t.Run(page.name, func(t *testing.T) {
					p := b.tab(t)
					p.look(look.scheme)
					p.do(chromedp.EmulateViewport(look.width, 800))
					p.open(page.address)
					if page.question != "" {
						p.do(chromedp.SendKeys("#cau-hoi", page.question+"\r"))
						p.until(answers + ".length === 1")
					}
					if page.widget != "" {
						p.openWidget(strings.HasSuffix(page.address, "gon"), page.widget)
					}
					for _, fault := range p.axe(string(library)) {
						t.Error(fault)
					}
				})
			}
		})
	}
}

// openWidget opens the widget of the demo page and asks.
func (p *tab) openWidget(corner bool, question string) {
	p.Helper()
	p.until(shadow)
	value[chromedp.Void](p, fmt.Sprintf(`(document.querySelector("hoi-nghi-quyet").toggleAttribute("gon", %v), %s.click())`, corner, launcher))
	p.asks(question, 1)
}

// axe are the serious and critical faults of the page that is open.
func (p *tab) axe(library string) []string {
	p.Helper()
	value[chromedp.Void](p, library+";undefined")
	return value[[]string](p, `axe.run(document, { resultTypes: ["violations"], rules: { "target-size": { enabled: true } } }).then(({ violations }) => violations
		.filter(({ impact }) => ["serious", "critical"].includes(impact))
		.flatMap(({ impact, id, nodes }) => nodes.map((n) => impact + " " + id + ": " + n.target.flat().join(" ") + ": " + n.failureSummary)))`, chromedp.EvalAwaitPromise)
}
