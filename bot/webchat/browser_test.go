package webchat

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/internal/requiretest"
)

// Pictures of every page, to be looked at:
//
//	go test ./bot/webchat -run Browser -args -screenshots /tmp/shots
var screenshots = flag.String("screenshots", "", "write pictures of the pages into this folder")

// patience is how long a page may take on a busy machine.
const patience = 30 * time.Second

// browser is a running Chromium and the site that it opens.
type browser struct {
	ctx  context.Context
	site string
	// fault is what goes wrong with questions.
	fault *atomic.Int32
	// long is a document with a passage that is longer than a window.
	long *corpus.Edition
}

// What may go wrong on the way to the site.
const (
	faultNone int32 = iota
	faultLost       // the connection is lost
	faultBusy       // a limit is reached
)

// lastWords end the long document.
const lastWords = "Đò ngừng chạy khi có bão."

// tab is one page of the browser.
type tab struct {
	*testing.T
	ctx  context.Context
	site string
	mu   sync.Mutex
	said []string // errors in the page's console
}

func TestBrowser(t *testing.T) {
	b := openBrowser(t)
	for name, check := range map[string]func(*tab){
		"a question is asked and its citation opened": askAndOpen,
		"a follow-up is understood":                   followUp,
		"suggestions are asked with a click":          askSuggestion,
		"the keyboard is enough":                      keyboardAlone,
		"the pages work without JavaScript":           withoutScript,
		"the policy is watched":                       policyIsWatched,
	} {
		t.Run(name, func(t *testing.T) { check(b.tab(t)) })
	}
	t.Run("what breaks on the way loses no question", func(t *testing.T) { breaksOnTheWay(b.tab(t), b.fault) })
	t.Run("words far down in a passage are shown", func(t *testing.T) { goesOn(b.tab(t), b.long) })
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{320, 1280} {
			t.Run(fmt.Sprintf("every page fits %d px and can be read in the %s", width, scheme), func(t *testing.T) {
				everyPage(b.tab(t), scheme, width)
			})
		}
	}
}

func openBrowser(t *testing.T) browser {
	ctx := chromium(t)
	table := readDocument(t, "quy-che.md", invented)
	long := readDocument(t, "dai.txt", "Quy định\nĐiều 1. Phạm vi\n"+strings.Repeat("Bến mở cửa từ sáng sớm đến khi tàu cuối cùng rời bến. ", 200)+lastWords+"\n")
	h := handlerOf(newAnswerer(t, append(bundledDocuments(t), table, long)...))
	fault := new(atomic.Int32)
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPost && fault.Load() == faultLost:
			panic(http.ErrAbortHandler)
		case r.Method == http.MethodPost && fault.Load() == faultBusy:
			http.Error(w, "busy", http.StatusTooManyRequests)
		default:
			h.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(site.Close)
	return browser{ctx: ctx, site: site.URL, fault: fault, long: long}
}

// chromium starts one, for as long as the test runs.
func chromium(t *testing.T) context.Context {
	path := requiretest.Program(t, "chromium", "chromium-browser", "google-chrome")
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.DisableGPU)
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// tab opens a tab of its own. At the end it must be without errors in its
// console, such as breaches of the policy.
func (b browser) tab(t *testing.T) *tab {
	p := &tab{T: t, site: b.site}
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithListener(p.listen))
	t.Cleanup(cancel)
	p.ctx, cancel = context.WithTimeout(ctx, patience)
	t.Cleanup(cancel)
	t.Cleanup(func() {
		for _, said := range p.console() {
			t.Error(said)
		}
	})
	p.look("light")
	return p
}

func (p *tab) listen(event any) {
	said := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		said = fmt.Sprintf("exception: %+v", *e.ExceptionDetails)
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			said = fmt.Sprintf("%s: %s", e.Entry.Source, e.Entry.Text)
		}
	}
	if said != "" {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.said = append(p.said, said)
	}
}

// console are the errors since it was last asked for.
func (p *tab) console() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	said := p.said
	p.said = nil
	return said
}

// look sets the reader's scheme of colours. Nothing moves: a click on what is
// just scrolling goes astray, for a test as for a person.
func (p *tab) look(scheme string) {
	p.Helper()
	p.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
		}})
		return err
	}))
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.Fatal(err)
	}
}

func (p *tab) open(address string) {
	p.Helper()
	p.do(chromedp.Navigate(p.site+address), chromedp.WaitVisible("main"))
}

// value runs an expression in the page.
func value[T any](p *tab, expression string, options ...chromedp.EvaluateOption) T {
	p.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, options...))
	if err != nil {
		p.Fatalf("%s: %v", expression, err)
	}
	return v
}

// until waits for an expression to be true. It looks from outside, because the
// policy of the pages forbids what a look from inside takes, and pages may be
// without script.
func (p *tab) until(expression string) {
	p.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !value[bool](p, "!!("+expression+")") {
		select {
		case <-tick.C:
		case <-p.ctx.Done():
			p.Fatalf("never true: %s", expression)
		}
	}
}

// keys presses keys on whatever has the focus.
func (p *tab) keys(keys string, options ...chromedp.KeyOption) {
	p.Helper()
	p.do(chromedp.KeyEvent(keys, options...))
}

// answers are the exchanges that are finished.
const answers = `document.querySelectorAll(".exchange:not(.pending)")`

// askAndOpen goes the way of most visits.
func askAndOpen(p *tab) {
	p.open("/")
	p.do(chromedp.SendKeys("#cau-hoi", answeredQuestion))
	// From the click to the answer in the document, by the page's own clock.
	elapsed := value[float64](p, `new Promise((done) => {
		const began = performance.now();
		const watch = new MutationObserver(() => {
			if (document.querySelector(".exchange:not(.pending) .words")) done(performance.now() - began);
		});
		watch.observe(document.getElementById("hoi-dap"), { childList: true });
		document.querySelector("#hoi button").click();
	})`, chromedp.EvalAwaitPromise)
	p.Logf("from click to answer: %.0f ms", elapsed)
	if typed := value[string](p, `document.getElementById("cau-hoi").value`); typed != "" {
		p.Errorf("%q is left in the box", typed)
	}
	if said := value[string](p, `document.getElementById("thong-bao").textContent`); !strings.HasSuffix(said, "Có 1 đoạn trích.") {
		p.Errorf("announced %q", said)
	}
	quote := value[string](p, `document.querySelector(".words").textContent`)
	p.do(chromedp.Click(".quotation .actions a"), chromedp.WaitVisible(".sheet mark.quoted"))
	opensAt(p, quote)
	// The way back leads to the answer.
	value[bool](p, "(history.back(), true)")
	p.until(answers + `.length === 1 && document.querySelector(".words").textContent === ` + strconv.Quote(quote))
}

// opensAt checks that the reading view is open and shows the words of a
// quotation, marked.
func opensAt(p *tab, quote string) {
	p.Helper()
	marked := value[string](p, `[...document.querySelectorAll(".sheet mark.quoted")].map((m) => m.textContent).join("")`)
	if solid(marked) != solid(quote) {
		p.Errorf("marked %q, want %q", marked, quote)
	}
	p.until(`(({ top, bottom }) => top >= 0 && Math.min(bottom, top + 40) <= innerHeight)(document.querySelector(".sheet mark.quoted").getBoundingClientRect())`)
}

func followUp(p *tab) {
	p.open("/")
	p.do(chromedp.SendKeys("#cau-hoi", firstQuestion+"\r"))
	p.until(answers + ".length === 1")
	p.do(chromedp.SendKeys("#cau-hoi", followUpQuestion+"\r"))
	p.until(answers + ".length === 2")
	if words := value[string](p, `document.querySelectorAll(".exchange")[1].textContent`); !strings.Contains(words, "tiếp câu: "+firstQuestion) {
		p.Errorf("answered: %s", words)
	}
	// The new answer is before the reader's eyes, and who typed goes on typing.
	p.until(`(({ top }) => top >= 0 && top < innerHeight / 2)(` + answers + `[1].getBoundingClientRect())`)
	if focus := value[string](p, "document.activeElement.id"); focus != "cau-hoi" {
		p.Errorf("focus on %q", focus)
	}
	if ids := value[bool](p, `(ids => new Set(ids).size === ids.length)([...document.querySelectorAll("[id]")].map((e) => e.id))`); !ids {
		p.Error("ids come twice")
	}
}

func askSuggestion(p *tab) {
	p.open("/")
	p.do(chromedp.Click("#goi-y button"))
	p.until(answers + ".length === 1")
	p.do(chromedp.WaitNotVisible("#goi-y"))
	if focus := value[string](p, "document.activeElement.className"); focus != "question" {
		p.Errorf("focus on %q", focus)
	}
	next := value[string](p, `document.querySelector(".next button").value`)
	p.do(chromedp.Click(".next button"))
	p.until(answers + ".length === 2")
	if got := value[string](p, answers+`[1].querySelector("bdi").textContent`); got != next {
		p.Errorf("asked %q, want %q", got, next)
	}
}

func keyboardAlone(p *tab) {
	p.open("/")
	p.keys(kb.Tab)
	if got := value[string](p, "document.activeElement.className"); got != "skip" {
		p.Errorf("the first stop is %q", got)
	}
	p.tabTo(`document.activeElement.id === "cau-hoi"`)
	p.keys(answeredQuestion)
	p.keys(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierShift))
	if got := value[string](p, `document.getElementById("cau-hoi").value`); got != answeredQuestion+"\n" {
		p.Errorf("after Shift+Enter the box holds %q", got)
	}
	p.keys(kb.Escape)
	p.keys(kb.Enter)
	p.until(answers + ".length === 1")
	quote := value[string](p, `document.querySelector(".words").textContent`)
	p.tabTo(`document.activeElement.matches(".quotation .actions a")`, chromedp.KeyModifiers(chromedp.ModifierShift))
	p.keys(kb.Enter)
	p.until(`document.querySelector(".sheet mark.quoted")`)
	opensAt(p, quote)
}

// tabTo presses Tab until the expression holds; whatever has the focus on the
// way must be seen.
func (p *tab) tabTo(expression string, options ...chromedp.KeyOption) {
	p.Helper()
	for range 60 {
		if value[bool](p, expression) {
			return
		}
		p.keys(kb.Tab, options...)
		p.until(`(() => {
			let it = document.activeElement, root = document;
			for (; it.shadowRoot?.activeElement; it = root.activeElement) root = it.shadowRoot;
			const { left, top, width, height } = it.getBoundingClientRect();
			const there = root.elementFromPoint(left + Math.min(width / 2, 20), top + Math.min(height / 2, 20));
			return it === document.body || it.contains(there);
		})()`)
	}
	p.Fatalf("the keyboard does not lead to %s", expression)
}

// breaksOnTheWay loses the connection, meets a limit, and gets through at last.
func breaksOnTheWay(p *tab, fault *atomic.Int32) {
	p.Cleanup(func() { fault.Store(faultNone) })
	p.open("/")
	for n, test := range []struct {
		fault int32
		said  string
	}{{faultLost, "Chưa gửi được câu hỏi"}, {faultBusy, "hơi nhanh"}} {
		fault.Store(test.fault)
		if n == 0 {
			p.do(chromedp.SendKeys("#cau-hoi", firstQuestion))
		}
		p.do(chromedp.Click("#hoi button"))
		p.until(fmt.Sprintf(`document.querySelectorAll(".notice").length === %d`, n+1))
		if said := value[string](p, fmt.Sprintf(`document.querySelectorAll(".notice")[%d].textContent`, n)); !strings.Contains(said, test.said) {
			p.Errorf("said %q, want %q", said, test.said)
		}
		if got := value[string](p, `document.getElementById("cau-hoi").value`); got != firstQuestion {
			p.Errorf("the box holds %q", got)
		}
	}
	fault.Store(faultNone)
	p.do(chromedp.Click("#hoi button"), chromedp.WaitVisible(".words"))
	p.console() // the browser told of the failures
}

// goesOn opens a citation far down in a long passage.
func goesOn(p *tab, long *corpus.Edition) {
	i := len(long.Passages) - 1
	start := strings.Index(long.Text, lastWords)
	c := long.Cite(i, corpus.Span{Start: start, End: start + len(lastWords)})
	p.open(bot.ReadingPath(c))
	opensAt(p, lastWords)
}

// policyIsWatched shows that a breach would be noticed.
func policyIsWatched(p *tab) {
	p.open("/")
	value[chromedp.Void](p, `void document.body.append(Object.assign(document.createElement("script"), { textContent: "document.title = 'broken'" }))`)
	if title := value[string](p, "document.title"); title == "broken" {
		p.Error("a script within the page runs")
	}
	if said := strings.Join(p.console(), "\n"); !strings.Contains(said, "Content Security Policy") {
		p.Errorf("the console says %q", said)
	}
}

func withoutScript(p *tab) {
	p.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
	p.open("/")
	p.do(chromedp.SendKeys("#cau-hoi", firstQuestion), chromedp.Click("#hoi button"), chromedp.WaitVisible(".words"))
	p.do(chromedp.SendKeys("#cau-hoi", followUpQuestion), chromedp.Click("#hoi button"), chromedp.WaitVisible(".understood"))
	p.picture("no-script")
	quote := value[string](p, `document.querySelector(".words").textContent`)
	p.do(chromedp.Click(".quotation .actions a"), chromedp.WaitVisible(".sheet mark.quoted"))
	opensAt(p, quote)
}

// everyPage looks at all pages in one scheme and width.
func everyPage(p *tab, scheme string, width int64) {
	height := int64(800)
	if width < 600 {
		height = 640
	}
	p.look(scheme)
	p.do(chromedp.EmulateViewport(width, height))
	cited := citationPath(p)
	for _, page := range []struct{ name, address, question string }{
		{"chat", "/", ""},
		{"answer", "/", answeredQuestion},
		{"item", "/", "Nhiệm vụ trọng tâm thứ ba theo vinhphuctv.vn là gì?"},
		{"several", "/", "Đại hội XVII có bao nhiêu đại biểu?"},
		{"refusal", "/", nearQuestion},
		{"list", "/van-ban", ""},
		{"reading", "/van-ban/dai-hoi-va-nghi-quyet", ""},
		{"citation", cited, ""},
		{"search", "/van-ban/dai-hoi-va-nghi-quyet?tim=nhiem+vu", ""},
		{"document", "/van-ban/quy-che", ""},
		{"table", "/van-ban/quy-che?tim=thu+ngan+sach#p-quy-che/6b06faee/I.t1-r1", ""},
		{"embedding", "/widget", ""},
		{"missing", "/van-ban/khong-co", ""},
	} {
		p.open("/khong-co") // an address with the same path but another place in it would not be loaded anew
		p.console()         // the browser told of the status
		p.open(page.address)
		if page.question != "" {
			value[chromedp.Void](p, fmt.Sprintf(`void (document.getElementById("cau-hoi").value = %q, document.getElementById("hoi").requestSubmit())`, page.question))
			p.until(answers + ".length === 1")
		}
		if page.address == cited {
			p.until(`document.readyState === "complete"`)
		}
		p.picture(fmt.Sprintf("%s-%d-%s", page.name, width, scheme))
		for _, fault := range value[[]string](p, faults) {
			p.Errorf("%s: %s", page.name, fault)
		}
	}
	p.console()
}

// citationPath is the address of a citation of a passage, not of a list.
func citationPath(p *tab) string {
	p.open("/")
	p.do(chromedp.SendKeys("#cau-hoi", "Thu nhập bình quân đầu người đến năm 2025 đặt mức bao nhiêu?\r"), chromedp.WaitVisible(".words"))
	return value[string](p, `document.querySelector(".quotation .actions a").getAttribute("href")`)
}

// picture writes what is seen, when pictures are asked for.
func (p *tab) picture(name string) {
	p.Helper()
	if *screenshots == "" {
		return
	}
	png, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.Fatal(err)
	}
	if err := os.MkdirAll(*screenshots, 0o755); err != nil {
		p.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*screenshots, name+".png"), png, 0o600); err != nil {
		p.Fatal(err)
	}
}

// faults are what hinders reading: a page wider than the window, letters too
// pale for their ground (WCAG 1.4.3), and places to click that are too small
// (2.5.8, which leaves out links within a sentence).
const faults = `(() => {
	const found = [];
	const root = document.documentElement;
	if (root.scrollWidth > innerWidth) found.push("the page is " + root.scrollWidth + " px wide");
	const parse = (color) => color.match(/[\d.]+/g).map(Number);
	const light = ([r, g, b]) => [r, g, b].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
		.reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
	const ground = (e) => {
		for (; e; e = e.parentElement) {
			const color = parse(getComputedStyle(e).backgroundColor);
			if (color.length < 4 || color[3] === 1) return color;
		}
		return [255, 255, 255];
	};
	for (const e of document.body.querySelectorAll("*")) {
		if (e.closest(".unseen, .skip, template, [hidden]") || !e.checkVisibility()) continue;
		if ([...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) {
			const [a, b] = [light(parse(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
			const ratio = (a + 0.05) / (b + 0.05);
			if (ratio < 4.5) found.push("contrast " + ratio.toFixed(2) + ": " + e.tagName + " " + e.textContent.slice(0, 40));
		}
		if (e.matches("a, button, summary, textarea, input:not([type=hidden])") && !e.matches(".ref, .quoted-note a, .warning a, .facts a")) {
			const { width, height } = e.getBoundingClientRect();
			if (width < 24 || height < 24) found.push("target of " + width.toFixed() + " by " + height.toFixed() + ": " + (e.textContent || e.getAttribute("aria-label")).slice(0, 40));
		}
	}
	return [...new Set(found)];
})()`
