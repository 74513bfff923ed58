package webchat

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/corpus"
)

// The widget is tested where it will live: on a page of another origin, under
// a policy that allows our script and our API and nothing else.

// portalPage is a page of a portal; %s is what it puts into its body, and the
// service's address stands for SERVICE.
const portalPage = `<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Cổng thông tin</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>Cổng thông tin</h1><p><a href="#">Tin tức</a></p>%s</main></body></html>`

const portalTags = `<script src="SERVICE/widget.js" defer></script><hoi-nghi-quyet nhan="Hỏi nghị quyết" gon></hoi-nghi-quyet>`

// portal is a site that has taken the widget in.
type portal struct {
	ctx context.Context // of the browser
	url string
	// service is what stands behind the widget's address at the moment.
	service atomic.Pointer[http.Handler]
	address string // of the service
}

// openPortal starts both sites. The service lets only the portal ask.
func openPortal(t *testing.T) *portal {
	p := &portal{ctx: chromium(t)}
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*p.service.Load()).ServeHTTP(w, r) }))
	t.Cleanup(service.Close)
	p.address = service.URL
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		policy := "default-src 'none'; script-src " + service.URL + "; connect-src " + service.URL + "; style-src 'none'"
		body := portalTags
		switch r.URL.Path {
		case "/trusted": // no text becomes markup or script, whoever tries
			policy += "; require-trusted-types-for 'script'"
		case "/isolated":
			w.Header().Set("Cross-Origin-Embedder-Policy", "require-corp")
		case "/two":
			body = strings.Replace(portalTags, " gon", "", 1) + portalTags
		case "/inline":
			body = strings.Replace(portalTags, " gon", "", 1) + `<p><a id="after" href="#">Sau</a></p>`
		case "/long":
			body = portalTags + strings.Repeat(`<p>Tin</p>`, 80) + `<p dir="rtl"><a id="covered" href="#">Văn bản mới</a></p>` + strings.Repeat(`<p>Tin</p>`, 80)
		case "/favicon.ico":
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, portalPage, strings.ReplaceAll(body, "SERVICE", service.URL))
	}))
	t.Cleanup(site.Close)
	p.url = site.URL
	return p
}

// serve puts the widget's service in place. Its clock stands still, so that a
// limit that is reached stays reached.
func (p *portal) serve(asker Asker) *Site {
	now := time.Unix(1_000_000, 0)
	site := New(slog.New(slog.DiscardHandler), asker, SiteOptions{Origins: []string{p.url}, Now: func() time.Time { return now }})
	p.put(site)
	return site
}

func (p *portal) put(h http.Handler) { p.service.Store(&h) }

// at opens a page of the portal in a tab of its own.
func (p *portal) at(t *testing.T, path string) *tab {
	v := browser{ctx: p.ctx, site: p.url}.tab(t)
	v.open(path)
	v.until(shadow)
	return v
}

// Expressions for what is inside the widget, which is outside of the page.
const (
	shadow   = `document.querySelector("hoi-nghi-quyet").shadowRoot`
	launcher = shadow + `.querySelector(".launcher")`
	panel    = shadow + `.querySelector(".panel")`
	question = shadow + `.querySelector("textarea")`
	status   = shadow + `.querySelector("[role=status]")`
	talk     = shadow + `.querySelector("[role=log]")`
	focused  = shadow + `.activeElement`
)

// asks types a question into the widget that has the focus.
func (p *tab) asks(text string, answers int) {
	p.Helper()
	p.keys(text + "\r")
	p.until(fmt.Sprintf(talk+`.children.length === %d`, answers))
}

func TestWidgetInTheBrowser(t *testing.T) {
	p := openPortal(t)
	answerer := newAnswerer(t)
	for name, check := range map[string]func(*testing.T, *portal){
		"it works under a policy that allows nothing else":  widgetUnderPolicy,
		"the keyboard opens, asks and closes":               widgetByKeyboard,
		"a refusal marks the nearest and suggests":          widgetRefusal,
		"an English question has English around its answer": widgetEnglish,
		"two on a page and a script loaded twice":           twoWidgets,
		"it stands in the page, too":                        widgetInline,
		"it gives way to what has the focus":                widgetUncovers,
		"it fits a window of 320 px and a low one":          widgetFits,
		"its attributes and colours can be set":             widgetAttributes,
		"it is as a reader of the screen is told":           widgetRoles,
		"a page of an origin that is not listed is refused": widgetUnlisted,
	} {
		t.Run(name, func(t *testing.T) {
			p.serve(answerer)
			check(t, p)
		})
	}
	t.Run("what breaks on the way keeps the question", func(t *testing.T) { widgetBreaks(t, p, answerer) })
	t.Run("words from outside stay words", func(t *testing.T) { widgetHostile(t, p) })
}

// widgetUnderPolicy: style, script and answers arrive; the tab reports any
// breach of the policy.
func widgetUnderPolicy(t *testing.T, p *portal) {
	for _, path := range []string{"/", "/trusted", "/isolated"} {
		v := p.at(t, path)
		if got := value[string](v, `getComputedStyle(`+launcher+`).backgroundColor`); got != "rgb(138, 31, 27)" {
			t.Errorf("%s: the button is %s: no style", path, got)
		}
		value[chromedp.Void](v, launcher+`.click()`)
		v.asks(answeredQuestion, 1)
		if n := value[int](v, talk+`.querySelectorAll(".words").length`); n != 1 {
			t.Errorf("%s: %d quotations", path, n)
		}
	}
}

func widgetByKeyboard(t *testing.T, p *portal) {
	v := p.at(t, "/")
	if closed := value[bool](v, panel+`.hidden && `+launcher+`.getAttribute("aria-expanded") === "false"`); !closed {
		t.Error("it is open from the start")
	}
	v.tabTo(`document.activeElement.matches("hoi-nghi-quyet")`)
	v.keys(kb.Enter)
	v.until(focused + ` === ` + question)
	if !value[bool](v, launcher+`.getAttribute("aria-expanded") === "true" && !`+panel+`.hidden`) {
		t.Error("the button does not say that it is open")
	}
	v.keys("\r")
	v.until(status + `.textContent.includes("chưa gõ câu hỏi")`)
	// What the reader of the screen is told: each change of log and status.
	value[chromedp.Void](v, `{
		window.told = [];
		new MutationObserver((all) => all.forEach((m) => told.push("log " + m.addedNodes.length))).observe(`+talk+`, { childList: true, subtree: true });
		new MutationObserver(() => told.push("status " + `+status+`.textContent)).observe(`+status+`, { childList: true });
	}`)
	v.asks(answeredQuestion, 1)
	if got := value[string](v, `told.join("; ")`); got != "status Đang tìm trong văn bản…; log 1; status " {
		t.Errorf("told: %s", got)
	}
	// The first words are read where they stand, and typing goes on.
	v.until(focused + ` === ` + question)
	v.asks(firstQuestion, 2)
	v.asks(followUpQuestion, 3)
	if got := value[string](v, talk+`.lastChild.querySelector(".understood").textContent`); !strings.Contains(got, firstQuestion) {
		t.Errorf("the follow-up: %s", got)
	}
	v.until(`(({ top, bottom }) => top >= 0 && bottom <= innerHeight)(` + talk + `.lastChild.querySelector(".question").getBoundingClientRect())`)

	link := value[map[string]string](v, `(({ href, target, rel, textContent }) => ({ href, target, rel, textContent }))(`+talk+`.querySelector("a"))`)
	if !strings.HasPrefix(link["href"], p.address+bot.ReadingRoot) || link["target"] != "_blank" || link["rel"] != "noopener" || !strings.Contains(link["textContent"], "thẻ mới") {
		t.Errorf("link %v", link)
	}
	quote := value[string](v, talk+`.querySelector(".words").textContent`)
	v.keys(kb.Escape)
	v.until(panel + `.hidden && ` + focused + ` === ` + launcher)
	v.keys(" ")
	v.until(focused + ` === ` + question)
	if n := value[int](v, talk+`.children.length`); n != 3 {
		t.Errorf("opened again it holds %d answers", n)
	}
	// The close button does the same.
	v.keys(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift))
	value[chromedp.Void](v, shadow+`.querySelector(".close").click()`)
	v.until(panel + `.hidden && ` + focused + ` === ` + launcher)

	v.do(chromedp.Navigate(link["href"]), chromedp.WaitVisible(".sheet mark.quoted"))
	opensAt(v, quote)
}

func widgetRefusal(t *testing.T, p *portal) {
	v := p.at(t, "/")
	value[chromedp.Void](v, launcher+`.click()`)
	v.asks(nearQuestion, 1)
	got := value[map[string]any](v, `((e) => ({ refused: e.matches(".refused"), near: e.querySelector(".nearest").textContent, quotes: e.querySelectorAll(":scope > .quotation").length,
		border: getComputedStyle(e.querySelector(".nearest .quotation")).borderTopStyle }))(`+talk+`.firstChild)`)
	if got["refused"] != true || !strings.HasPrefix(got["near"].(string), "Đoạn gần nhất (chưa phải câu trả lời)") || got["quotes"] != 0.0 || got["border"] != "dashed" {
		t.Errorf("the refusal: %v", got)
	}
	next := value[string](v, talk+`.querySelector(".next button").textContent`)
	value[chromedp.Void](v, `(b => (b.focus(), b.click()))(`+talk+`.querySelector(".next button"))`)
	v.until(talk + `.children.length === 2`)
	v.until(focused + `?.className === "question"`)
	if asked := value[string](v, focused+`.textContent`); asked != "Câu hỏi: "+next {
		t.Errorf("the focus is on %q, asked was %q", asked, next)
	}
}

func widgetEnglish(t *testing.T, p *portal) {
	v := p.at(t, "/")
	value[chromedp.Void](v, launcher+`.click()`)
	v.asks("What are the three breakthroughs of the Resolution?", 1)
	got := value[map[string]string](v, `((e) => ({ lang: e.querySelector(".said").lang, understood: e.querySelector(".understood").textContent,
		words: e.querySelector(".words").closest("[lang]").lang }))(`+talk+`.firstChild)`)
	if got["lang"] != "en" || got["words"] != "vi" || !strings.HasPrefix(got["understood"], "Understood as: ") {
		t.Errorf("around an English answer: %v", got)
	}
}

func twoWidgets(t *testing.T, p *portal) {
	v := p.at(t, "/two")
	value[chromedp.Void](v, `window.both = [...document.querySelectorAll("hoi-nghi-quyet")]`)
	for i := range 2 {
		value[chromedp.Void](v, fmt.Sprintf(`both[%d].shadowRoot.querySelector(".launcher").click()`, i))
		v.keys(firstQuestion + "\r")
		v.until(fmt.Sprintf(`both[%d].shadowRoot.querySelector("[role=log]").children.length === 1`, i))
		// The second has not heard what the first was asked.
		if i == 1 {
			v.keys(followUpQuestion + "\r")
			v.until(`both[1].shadowRoot.querySelector("[role=log]").children.length === 2`)
		}
	}
	if n := value[int](v, `both[0].shadowRoot.querySelector("[role=log]").children.length`); n != 1 {
		t.Errorf("the first holds %d answers", n)
	}
	if !value[bool](v, `both[0].constructor === both[1].constructor && both[0].constructor === customElements.get("hoi-nghi-quyet")`) {
		t.Error("two definitions")
	}
	// One that is taken out and put back is the same.
	if n := value[int](v, `(both[1].remove(), document.body.append(both[1]), both[1].shadowRoot.querySelector("[role=log]").children.length)`); n != 2 {
		t.Errorf("put back it holds %d answers", n)
	}
}

func widgetInline(t *testing.T, p *portal) {
	v := p.at(t, "/inline")
	v.do(chromedp.EmulateViewport(320, 640))
	value[chromedp.Void](v, launcher+`.click()`)
	v.asks(answeredQuestion, 1)
	if wide := value[int](v, `document.documentElement.scrollWidth`); wide > 320 {
		t.Errorf("the page is %d px wide", wide)
	}
	if !value[bool](v, panel+`.getBoundingClientRect().bottom <= document.getElementById("after").getBoundingClientRect().top`) {
		t.Error("it covers what comes after it")
	}
	// Tab leads out of it: nobody is kept inside.
	v.tabTo(`document.activeElement.id === "after"`)
}

// widgetUncovers: whoever goes on in the page by keyboard sees where he is.
func widgetUncovers(t *testing.T, p *portal) {
	v := p.at(t, "/long")
	hidden := `(({ left, top, width, height }) => document.elementFromPoint(left + width / 2, top + height / 2)?.matches("hoi-nghi-quyet"))(document.getElementById("covered").getBoundingClientRect())`
	for _, open := range []bool{false, true} {
		value[chromedp.Void](v, fmt.Sprintf(`{
			const w = document.querySelector("hoi-nghi-quyet"), link = document.getElementById("covered");
			w.open = %v;
			scrollTo(0, 0);
			const box = (w.open ? w.shadowRoot.querySelector(".panel") : w.shadowRoot.querySelector(".launcher")).getBoundingClientRect();
			scrollTo(0, link.getBoundingClientRect().top - box.top - box.height / 2);
		}`, open))
		if !value[bool](v, hidden) {
			t.Fatal("the link is not covered to begin with")
		}
		value[chromedp.Void](v, `document.getElementById("covered").focus({ preventScroll: true })`)
		v.until(`!(` + hidden + `)`)
		value[chromedp.Void](v, `document.activeElement.blur()`)
	}
}

func widgetFits(t *testing.T, p *portal) {
	schemes := []string{"light"}
	if *screenshots != "" {
		schemes = append(schemes, "dark")
	}
	for _, scheme := range schemes {
		for _, size := range [][2]int64{{320, 640}, {320, 256}, {1280, 800}} {
			v := p.at(t, "/")
			v.look(scheme)
			v.do(chromedp.EmulateViewport(size[0], size[1]))
			picture := func(state string) { v.picture(fmt.Sprintf("widget-%s-%dx%d-%s", state, size[0], size[1], scheme)) }
			picture("closed")
			value[chromedp.Void](v, launcher+`.click()`)
			picture("open")
			v.asks(answeredQuestion, 1)
			v.until(`(({ top, bottom }) => top >= 0 && bottom <= innerHeight)(` + talk + `.lastChild.querySelector(".question").getBoundingClientRect())`)
			picture("answered")
			v.asks(nearQuestion, 2)
			picture("refused")
			for _, fault := range value[[]string](v, widgetFaults) {
				t.Errorf("%d by %d: %s", size[0], size[1], fault)
			}
		}
	}
}

// widgetFaults are parts outside of the window, parts wider than the panel, and
// places to click that are too small.
const widgetFaults = `(() => {
	const found = [], root = ` + shadow + `, panel = root.querySelector(".panel").getBoundingClientRect();
	if (document.documentElement.scrollWidth > innerWidth) found.push("the page is wider than the window");
	if (panel.left < 0 || panel.top < 0 || panel.right > innerWidth || panel.bottom > innerHeight) found.push("the panel is outside: " + JSON.stringify(panel));
	for (const e of root.querySelectorAll("*")) {
		const { left, right, width, height } = e.getBoundingClientRect();
		if (!width || e.closest(".unseen")) continue;
		if (e.matches(".panel *") && (left < panel.left || right > panel.right)) found.push(e.className + " sticks out");
		if (e.matches("a, button, textarea") && (width < 24 || height < 24)) found.push(width + " by " + height + ": " + e.textContent);
	}
	return found;
})()`

func widgetAttributes(t *testing.T, p *portal) {
	v := p.at(t, "/inline")
	name := func() string {
		return value[string](v, `[`+launcher+`.textContent, `+panel+`.getAttribute("aria-label")].join("|")`)
	}
	if got := name(); got != "Hỏi nghị quyết|Hỏi nghị quyết" {
		t.Errorf("named %q", got)
	}
	value[chromedp.Void](v, `document.querySelector("hoi-nghi-quyet").removeAttribute("nhan")`)
	if got := name(); got != "Hỏi văn bản|Hỏi văn bản" {
		t.Errorf("without a name: %q", got)
	}
	value[chromedp.Void](v, `document.querySelector("hoi-nghi-quyet").setAttribute("open", "")`)
	if !value[bool](v, `!`+panel+`.hidden && document.activeElement === document.body`) {
		t.Error("open shows the panel and leaves the focus where it is")
	}
	value[chromedp.Void](v, `{
		const sheet = new CSSStyleSheet();
		sheet.replaceSync("hoi-nghi-quyet { --hnq-button: rgb(1, 2, 3) } html { font-size: 40px } * { color: rgb(9, 9, 9); text-transform: uppercase }");
		document.adoptedStyleSheets = [sheet];
	}`)
	if got := value[string](v, `((s) => [s.backgroundColor, s.color, s.fontSize, s.textTransform].join("|"))(getComputedStyle(`+launcher+`))`); got != "rgb(1, 2, 3)|rgb(255, 250, 240)|16px|none" {
		t.Errorf("the button is %s", got)
	}
	// The service may be elsewhere than the script; where it is nowhere, it is said.
	value[chromedp.Void](v, `document.querySelector("hoi-nghi-quyet").setAttribute("api", "`+p.address+`/khong-co/")`)
	value[chromedp.Void](v, question+`.focus()`)
	v.asks(firstQuestion, 1)
	value[chromedp.Void](v, `document.querySelector("hoi-nghi-quyet").setAttribute("api", "http://[")`)
	v.keys(firstQuestion + "\r")
	v.until(status + `.textContent.startsWith("Chưa gửi được câu hỏi")`)
}

// widgetRoles: the log is there, empty, before anything is said in it.
func widgetRoles(t *testing.T, p *portal) {
	v := p.at(t, "/")
	got := value[string](v, `[`+shadow+`.mode, `+talk+`.children.length, `+talk+`.getAttribute("aria-label"), `+launcher+`.tagName, `+launcher+`.type,
		`+shadow+`.querySelector(".box").lang, `+shadow+`.querySelector("label").control === `+question+`, `+shadow+`.querySelectorAll("[aria-live], [role=alert]").length].join("|")`)
	if got != "open|0|Câu hỏi và trả lời|BUTTON|button|vi|true|0" {
		t.Errorf("it is %s", got)
	}
}

func widgetUnlisted(t *testing.T, p *portal) {
	v := browser{ctx: p.ctx, site: strings.Replace(p.url, "127.0.0.1", "localhost", 1)}.tab(t)
	v.open("/")
	value[chromedp.Void](v, `window.warned = []; console.warn = (words) => window.warned.push(words)`)
	value[chromedp.Void](v, launcher+`.click()`)
	v.keys(firstQuestion + "\r")
	v.until(status + `.textContent.startsWith("Chưa gửi được câu hỏi")`)
	if warned := value[[]string](v, `window.warned`); len(warned) != 1 || !strings.Contains(warned[0], "HOINQ_PORTAL_CLIENTS") {
		t.Errorf("the webmaster is told %q", warned)
	}
	if said := strings.Join(v.console(), "\n"); !strings.Contains(said, "CORS") && !strings.Contains(said, "ERR_FAILED") {
		t.Errorf("the console says %q", said)
	}
}

func widgetBreaks(t *testing.T, p *portal, answerer Asker) {
	v := p.at(t, "/")
	value[chromedp.Void](v, launcher+`.click()`)
	v.keys(firstQuestion)
	limited := p.serve(answerer)
	for range askBurst {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, askAPIPath, strings.NewReader(`{"question":"a"}`))
		r.RemoteAddr = "127.0.0.1:1"
		serve(limited, r)
	}
	loading := New(slog.New(slog.DiscardHandler), &fakeAsker{err: bot.ErrNotReady}, SiteOptions{Origins: []string{p.url}})
	listed := func(status int, body string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Access-Control-Allow-Origin", p.url)
			w.Header().Set("Access-Control-Allow-Headers", "Content-Type")
			if r.Method != http.MethodOptions {
				w.WriteHeader(status)
			}
			fmt.Fprint(w, body)
		})
	}
	for _, test := range []struct {
		name    string
		service http.Handler
		said    string
	}{
		{"the line is cut", http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), "Chưa gửi được câu hỏi"},
		{"a limit is reached", limited, "Xin chờ 1 giây"},
		{"documents are loading", loading, "đang nạp văn bản"},
		{"the question is refused", listed(http.StatusUnprocessableEntity, `{"detail":"<b>x</b>"}`), "dài quá 1.000 ký tự"},
		{"a café's network answers", listed(http.StatusOK, `<html>Xin chào`), "Chưa gửi được câu hỏi"},
		{"something else answers", listed(http.StatusOK, `{"xin":"chào"}`), "Chưa gửi được câu hỏi"},
		{"nothing answers", listed(http.StatusOK, `null`), "Chưa gửi được câu hỏi"},
	} {
		p.put(test.service)
		v.keys("\r")
		v.until(status + `.textContent.includes("` + test.said + `")`)
		if kept := value[string](v, question+`.value`); kept != firstQuestion {
			t.Errorf("%s: the box holds %q", test.name, kept)
		}
		if n := value[int](v, talk+`.children.length`); n != 0 {
			t.Errorf("%s: the log holds %d answers", test.name, n)
		}
		v.until(shadow + `.querySelector(".pending, .exchange").hidden`)
	}
	v.console() // the browser told of the failures
	p.serve(answerer)
	v.asks("", 1)
	if said := value[string](v, status+`.textContent`); said != "" {
		t.Errorf("after the answer it still says %q", said)
	}
}

// hostileAsker answers with markup in every place, and bad addresses.
type hostileAsker struct{ fakeAsker }

func (h *hostileAsker) Office() bot.Office { return bot.Office{PublicURL: "javascript:alert(1)//"} }

func widgetHostile(t *testing.T, p *portal) {
	const markup = `<img src=x onerror="document.title='broken'"><script>document.title='broken'</script>`
	citation := corpus.Citation{Title: markup, Location: markup, Label: markup, Date: markup, Context: []corpus.Quote{{Words: markup}}}
	citation.Words = markup
	p.serve(&hostileAsker{fakeAsker{answer: bot.Response{
		UnderstoodAs: markup + "?", Text: markup + "\n" + markup, Answered: true,
		Citations: []corpus.Citation{citation}, Nearest: []corpus.Citation{citation}, Suggestions: []string{markup},
	}}})
	v := p.at(t, "/")
	value[chromedp.Void](v, `document.querySelector("hoi-nghi-quyet").setAttribute("nhan", '`+strings.NewReplacer(`'`, `"`).Replace(markup)+`')`)
	value[chromedp.Void](v, launcher+`.click()`)
	v.asks(markup, 1)
	got := value[string](v, `[document.title, `+shadow+`.querySelectorAll("img, script").length, `+shadow+`.querySelectorAll("a").length, `+talk+`.textContent.split("onerror").length - 1].join("|")`)
	// Question, understood, two paragraphs, the suggestion, and two citations
	// with six places each.
	if got != "Cổng thông tin|0|0|17" {
		t.Errorf("title | elements | links | places: %s", got)
	}
}
