package webchat

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/corpus"
)

// Every page of the site with the bundled documents, and those that say that
// there is none.
func TestEveryPageIsSoundAndItsLinksLead(t *testing.T) {
	a := newAnswerer(t)
	h := handlerOf(a)
	pages := map[string]*html.Node{
		"the chat page":  get(t, h, "/", http.StatusOK),
		"an answer":      asked(t, h, answeredQuestion),
		"a near miss":    asked(t, h, nearQuestion),
		"a refusal":      asked(t, h, foreignQuestion),
		"in English":     asked(t, h, "What are the three breakthroughs of the 17th Congress?"),
		"no question":    asked(t, h, " "),
		"the list":       get(t, h, "/van-ban", http.StatusOK),
		"no such page":   get(t, h, "/van-ban/a/b", http.StatusNotFound),
		"a search":       get(t, h, "/van-ban/dai-hoi-va-nghi-quyet?tim=nhiem+vu", http.StatusOK),
		"a vain search":  get(t, h, "/van-ban/dai-hoi-va-nghi-quyet?tim=%3Cb%3E", http.StatusOK),
		"the wrong way":  page(t, serve(h, httptest.NewRequestWithContext(t.Context(), http.MethodGet, askPath, nil)), http.StatusMethodNotAllowed),
		"no such script": get(t, h, "/assets/chat.js", http.StatusNotFound),
	}
	for _, e := range a.Library().InForce() {
		pages[string(e.Document.ID)] = get(t, h, documentPath(e.Document.ID), http.StatusOK)
	}
	for name, root := range pages {
		t.Run(name, func(t *testing.T) {
			checkPage(t, root)
			checkLinks(t, h, root)
		})
	}
}

// checkPage holds what is true of every page.
func checkPage(t *testing.T, root *html.Node) {
	t.Helper()
	if lang := attr(one(t, root, tag("html")), "lang"); lang != "vi" {
		t.Errorf("lang %q", lang)
	}
	if n := len(all(root, tag("h1"))); n != 1 {
		t.Errorf("%d h1", n)
	}
	if title := textOf(one(t, root, tag("title"))); strings.TrimSpace(title) == "" {
		t.Error("no title")
	}
	ids := map[string]bool{}
	labelled := map[string]bool{}
	for _, n := range all(root, tag("label")) {
		labelled[attr(n, "for")] = true
	}
	level := 0
	for _, n := range all(root, func(*html.Node) bool { return true }) {
		if id := attr(n, "id"); id != "" && ids[id] {
			t.Errorf("id %q comes twice", id)
		} else {
			ids[id] = true
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" {
				t.Errorf("<%s %s=%q>: the policy forbids it", n.Data, a.Key, a.Val)
			}
		}
		switch n.Data {
		case "style":
			t.Error("a style element: the policy forbids it")
		case "script":
			if attr(n, "src") == "" || n.FirstChild != nil {
				t.Error("a script within the page: the policy forbids it")
			}
		case "textarea", "input":
			if attr(n, "type") != "hidden" && !labelled[attr(n, "id")] {
				t.Errorf("<%s name=%q> has no label", n.Data, attr(n, "name"))
			}
		case "button", "a":
			if strings.TrimSpace(textOf(n)) == "" && attr(n, "aria-label") == "" {
				t.Errorf("<%s> without a name", n.Data)
			}
		case "h1", "h2", "h3", "h4", "h5":
			now := int(n.Data[1] - '0')
			if now > level+1 {
				t.Errorf("<%s> %q follows a heading of level %d", n.Data, textOf(n), level)
			}
			level = now
		}
	}
}

// checkLinks opens every address of ours that the page names, and looks for
// the place in the page that it leads to.
func checkLinks(t *testing.T, h http.Handler, root *html.Node) {
	t.Helper()
	opened := map[string]*html.Node{}
	for _, n := range all(root, func(n *html.Node) bool { return attr(n, "href") != "" || attr(n, "src") != "" }) {
		address, err := url.Parse(attr(n, "href") + attr(n, "src"))
		if err != nil {
			t.Errorf("address of <%s>: %v", n.Data, err)
			continue
		}
		if address.IsAbs() {
			if rel := attr(n, "rel"); address.Scheme != "http" && address.Scheme != "https" || !strings.Contains(rel, "noopener") {
				t.Errorf("foreign link %s, rel %q", address, rel)
			}
			continue
		}
		target := root
		if address.Path != "" {
			place := address.RequestURI()
			if opened[place] == nil {
				opened[place] = get(t, h, place, http.StatusOK)
			}
			target = opened[place]
		}
		if f := address.Fragment; f != "" && len(all(target, func(n *html.Node) bool { return attr(n, "id") == f })) != 1 {
			t.Errorf("%s leads to no place on its page", address)
		}
	}
}

func TestAQuotationIsShownAndMarkedWordForWord(t *testing.T) {
	a := newAnswerer(t)
	h := handlerOf(a)
	for _, question := range []string{answeredQuestion, nearQuestion, "Đại hội XVII có bao nhiêu đại biểu?", "muc tieu den nam 2025 cua tinh"} {
		t.Run(question, func(t *testing.T) {
			r, err := a.Ask(t.Context(), bot.Question{Text: question})
			if err != nil {
				t.Fatal(err)
			}
			citations := slices.Concat(r.Citations, r.Nearest)
			figures := all(asked(t, h, question), class("quotation"))
			if len(figures) != len(citations) || len(figures) == 0 {
				t.Fatalf("%d quotations on the page, want %d", len(figures), len(citations))
			}
			for i, c := range citations {
				figure := figures[i]
				if words := textOf(one(t, figure, class("words"))); words != c.Words {
					t.Errorf("words %q, want %q", words, c.Words)
				}
				for _, want := range []string{c.Location, c.Title, c.Label} {
					if !strings.Contains(textOf(figure), want) {
						t.Errorf("%q is not shown", want)
					}
				}
				link := attr(one(t, one(t, figure, class("actions")), tag("a")), "href")
				if link != bot.ReadingPath(c) {
					t.Errorf("link %q, want %q", link, bot.ReadingPath(c))
				}
				document := get(t, h, link, http.StatusOK)
				var marked strings.Builder
				for _, mark := range all(document, class("quoted")) {
					marked.WriteString(textOf(mark))
				}
				if strings.Contains(c.Words, "\n") {
					// Between passages there is no element for the empty lines.
					if got, want := solid(marked.String()), solid(c.Words); got != want {
						t.Errorf("marked %q, want %q", got, want)
					}
				} else if marked.String() != c.Words {
					t.Errorf("marked %q, want %q", marked.String(), c.Words)
				}
			}
		})
	}
}

func TestARefusalMarksTheNearestAsNoAnswer(t *testing.T) {
	h := handlerOf(newAnswerer(t))
	root := asked(t, h, nearQuestion)
	if len(all(root, class("refused"))) != 1 {
		t.Fatal("the refusal does not look like one")
	}
	near := one(t, root, class("nearest"))
	if head := textOf(one(t, near, tag("h3"))); head != "Đoạn gần nhất (chưa phải câu trả lời)" {
		t.Errorf("heading %q", head)
	}
	if len(all(root, class("quotation"))) != len(all(near, class("quotation"))) {
		t.Error("a refusal quotes outside of the nearest passages")
	}
	if len(all(root, class("ref"))) != 0 {
		t.Error("a refusal refers to citations")
	}
}

func TestWhatIsInEnglishIsMarkedSo(t *testing.T) {
	h := handlerOf(newAnswerer(t))
	root := asked(t, h, "How many delegates attended the 17th Party Congress?")
	said := one(t, root, class("said"))
	if attr(said, "lang") != "en" || !strings.Contains(textOf(said), "According to") {
		t.Errorf("lang %q: %q", attr(said, "lang"), textOf(said))
	}
	if understood := textOf(one(t, root, class("understood"))); !strings.HasPrefix(understood, "Understood as: Bao nhiêu đại biểu") {
		t.Errorf("understood: %q", understood)
	}
	next := one(t, root, class("next"))
	if hint := one(t, next, class("hint")); attr(hint, "lang") != "en" || !strings.HasPrefix(textOf(hint), "You may ask next") {
		t.Errorf("hint %q, lang %q", textOf(hint), attr(hint, "lang"))
	}
	near := one(t, asked(t, h, "What is the target for the poverty rate by 2025?"), class("nearest"))
	if head := one(t, near, tag("h3")); attr(head, "lang") != "en" || textOf(head) != "The nearest passages (not an answer yet)" {
		t.Errorf("heading %q, lang %q", textOf(head), attr(head, "lang"))
	}
	if lang := attr(one(t, asked(t, h, answeredQuestion), class("said")), "lang"); lang != "" {
		t.Errorf("a Vietnamese answer is marked as %q", lang)
	}
}

func TestAConversationGoesOnFromFormToForm(t *testing.T) {
	h := handlerOf(newAnswerer(t))
	id := func(root *html.Node) string {
		ids := map[string]bool{}
		for _, n := range all(root, func(n *html.Node) bool { return attr(n, "name") == conversationField }) {
			ids[attr(n, "value")] = true
		}
		if len(ids) != 1 {
			t.Fatalf("conversations %v on one page", ids)
		}
		for id := range ids {
			return id
		}
		return ""
	}
	begun := id(get(t, h, "/", http.StatusOK))
	fields := url.Values{questionField: {firstQuestion}, conversationField: {begun}}
	first := page(t, post(t, h, fields, ""), http.StatusOK)
	if id(first) != begun {
		t.Error("the conversation does not go on")
	}
	fields.Set(questionField, followUpQuestion)
	second := page(t, post(t, h, fields, ""), http.StatusOK)
	if got := textOf(one(t, second, class("words"))); !strings.Contains(got, "bế mạc ngày 15/10/2020") {
		t.Errorf("the follow-up is answered with %q", got)
	}
	if got := textOf(one(t, second, class("understood"))); !strings.Contains(got, "Đại hội") {
		t.Errorf("the page does not say how the follow-up was read: %q", got)
	}
	for _, malformed := range []string{"", "abc", strings.Repeat("A", 27), strings.ToLower(begun)} {
		fields.Set(conversationField, malformed)
		if got := id(page(t, post(t, h, fields, ""), http.StatusOK)); got == malformed || !conversationID.MatchString(got) {
			t.Errorf("conversation %q after %q came", got, malformed)
		}
	}
	if other := id(get(t, h, "/", http.StatusOK)); other == begun {
		t.Error("two visits are one conversation")
	}
}

func TestTheFragmentIsTheExchangeOfThePage(t *testing.T) {
	h := handlerOf(newAnswerer(t))
	w := post(t, h, url.Values{questionField: {answeredQuestion}}, fragmentType)
	for name, want := range map[string]string{
		"Content-Type":  fragmentType + "; charset=utf-8",
		"Cache-Control": "no-store",
		"Vary":          "Accept",
	} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	fragment := w.Body.String()
	if strings.Contains(fragment, "<html") || !strings.HasPrefix(fragment, "<article") {
		t.Errorf("fragment begins %.60q", fragment)
	}
	whole := one(t, asked(t, h, answeredQuestion), class("exchange"))
	alone := one(t, page(t, w, http.StatusOK), class("exchange"))
	if got, want := textOf(alone), textOf(whole); got != want {
		t.Errorf("fragment %q, page %q", got, want)
	}
}

func TestWhateverIsTypedIsShownAndIsNoMarkup(t *testing.T) {
	h := handlerOf(newAnswerer(t))
	for _, typed := range []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`, `</h2></article><h1>x`,
		"javascript:alert(1)", "{{.Name}}", "</textarea><b>", "a\u202eb\u2066c", "một\r\nhai\tba", "&lt;b&gt;",
	} {
		t.Run(typed, func(t *testing.T) {
			root := asked(t, h, typed)
			checkPage(t, root)
			if got, want := textOf(one(t, root, tag("bdi"))), readable(typed); got != want {
				t.Errorf("shown %q, want %q", got, want)
			}
			if n := len(all(root, tag("script"))); n != 1 {
				t.Errorf("%d scripts", n)
			}
		})
	}
	for typed, want := range map[string]string{"a\x00b\x1b[1m": "a\uFFFDb\uFFFD[1m", "hỏi\xff": "hỏi\uFFFD", "\r\n": ""} {
		if got := readable(typed); got != want {
			t.Errorf("%q is read as %q, want %q", typed, got, want)
		}
	}
}

func TestQuestionsThatAreNotPutToTheDocuments(t *testing.T) {
	long := strings.Repeat("ạ", bot.MaxQuestion+1)
	for name, test := range map[string]struct{ typed, notice, kept string }{
		"empty":      {"", emptyText, ""},
		"blank":      {" \n\t ", emptyText, ""},
		"too long":   {long, tooLongText, long},
		"just short": {long[len("ạ"):], "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			asker := &fakeAsker{library: corpus.NewLibrary()}
			root := asked(t, handlerOf(asker), test.typed)
			notices := all(root, class("notice"))
			if test.notice == "" {
				if len(notices) != 0 || len(asker.asked) != 1 {
					t.Errorf("%d notices, asked %d times", len(notices), len(asker.asked))
				}
				return
			}
			if len(notices) != 1 || textOf(notices[0]) != test.notice || len(asker.asked) != 0 {
				t.Errorf("%d notices, asked %d times", len(notices), len(asker.asked))
			}
			if got := textOf(one(t, root, tag("textarea"))); got != test.kept {
				t.Errorf("%d bytes are left in the box, want %d", len(got), len(test.kept))
			}
		})
	}
}

func TestAFailureIsToldPolitelyAndLoggedWithoutTheQuestion(t *testing.T) {
	for _, test := range []struct {
		err  error
		text string
		logs bool
	}{
		{http.ErrServerClosed, failureText, true},
		{bot.ErrNotReady, notReadyText, false},
	} {
		var log strings.Builder
		mux := http.NewServeMux()
		NewPages(textLogger(&log), &fakeAsker{err: test.err}, Options{}).Register(mux)
		const question = "Bí mật của tôi là gì?"
		root := page(t, post(t, mux, url.Values{questionField: {question}}, ""), http.StatusServiceUnavailable)
		if got := textOf(one(t, root, class("notice"))); got != test.text {
			t.Errorf("said %q, want %q", got, test.text)
		}
		if got := textOf(one(t, root, tag("textarea"))); got != question {
			t.Errorf("%q is left in the box", got)
		}
		if strings.Contains(textOf(root), test.err.Error()) {
			t.Error("the page shows the error")
		}
		if strings.Contains(log.String(), test.err.Error()) != test.logs || strings.Contains(log.String(), "Bí mật") {
			t.Errorf("log %q", log.String())
		}
	}
}

func TestWithoutDocumentsThePagesSayThatTheyAreBeingLoaded(t *testing.T) {
	h := handlerOf(&fakeAsker{})
	checkPage(t, get(t, h, "/", http.StatusOK))
	for _, address := range []string{"/van-ban", "/van-ban/x"} {
		checkPage(t, get(t, h, address, http.StatusServiceUnavailable))
	}
}

func TestBadRequests(t *testing.T) {
	h := handlerOf(&fakeAsker{library: corpus.NewLibrary()})
	for name, test := range map[string]struct {
		method, address, body string
		status                int
		allow                 string
	}{
		"a flood of a form":    {http.MethodPost, "/hoi", questionField + "=" + strings.Repeat("a", maxForm), http.StatusRequestEntityTooLarge, ""},
		"a form that is none":  {http.MethodPost, "/hoi", "%zz", http.StatusBadRequest, ""},
		"asking by GET":        {http.MethodGet, "/hoi", "", http.StatusMethodNotAllowed, "POST"},
		"posting to a page":    {http.MethodPost, "/", "", http.StatusMethodNotAllowed, "GET, HEAD"},
		"deleting a document":  {http.MethodDelete, "/van-ban/x", "", http.StatusMethodNotAllowed, "GET, HEAD"},
		"posting to a script":  {http.MethodPost, "/assets/x", "", http.StatusMethodNotAllowed, "GET, HEAD"},
		"a page that is none":  {http.MethodGet, "/khong-co", "", http.StatusNotFound, ""},
		"no such document":     {http.MethodGet, "/van-ban/khong-co", "", http.StatusNotFound, ""},
		"the list with a bar":  {http.MethodGet, "/van-ban/", "", http.StatusNotFound, ""},
		"a folder of a script": {http.MethodGet, "/assets/", "", http.StatusNotFound, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), test.method, test.address, strings.NewReader(test.body))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			w := serve(h, r)
			if got := w.Header().Get("Allow"); got != test.allow {
				t.Errorf("Allow %q, want %q", got, test.allow)
			}
			checkPage(t, page(t, w, test.status))
		})
	}
}

func TestHeaders(t *testing.T) {
	h := handlerOf(newAnswerer(t))
	list := serve(h, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/van-ban", nil))
	again := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/van-ban", nil)
	again.Header.Set("If-None-Match", list.Header().Get("ETag"))
	if w := serve(h, again); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
		t.Errorf("asked for again: %d, %d bytes", w.Code, w.Body.Len())
	}
	for address, cache := range map[string]string{"/": "no-cache", "/van-ban": "no-cache", "/van-ban/ke-hoach-hoc-tap": "no-cache", "/khong-co": "no-store"} {
		w := serve(h, httptest.NewRequestWithContext(t.Context(), http.MethodHead, address, nil))
		if w.Body.Len() != 0 {
			t.Errorf("HEAD %s has a body", address)
		}
		for name, want := range map[string]string{
			"Cache-Control":          cache,
			"Content-Type":           "text/html; charset=utf-8",
			"X-Content-Type-Options": "nosniff",
			"Set-Cookie":             "",
		} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s: %s %q, want %q", address, name, got, want)
			}
		}
		if policy := w.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %q", address, policy)
		}
	}
}

func TestAssetsAreKeptForGood(t *testing.T) {
	h := handlerOf(&fakeAsker{})
	p := NewPages(textLogger(&strings.Builder{}), &fakeAsker{}, Options{})
	for name, contentType := range map[string]string{
		"style.css": "text/css; charset=utf-8", "chat.js": "text/javascript; charset=utf-8",
		"reading.js": "text/javascript; charset=utf-8", "icon.svg": "image/svg+xml",
	} {
		address, err := p.assets.path(name)
		if err != nil {
			t.Fatal(err)
		}
		w := serve(h, httptest.NewRequestWithContext(t.Context(), http.MethodGet, address, nil))
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != contentType || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d, %v", address, w.Code, w.Header())
		}
		if strings.HasSuffix(name, ".js") && w.Body.Len() > 6<<10 {
			t.Errorf("%s has %d bytes, want at most 6 kB", name, w.Body.Len())
		}
		head := serve(h, httptest.NewRequestWithContext(t.Context(), http.MethodHead, address, nil))
		if head.Code != http.StatusOK || head.Body.Len() != 0 || head.Header().Get("Content-Length") != strconv.Itoa(w.Body.Len()) {
			t.Errorf("HEAD %s: %d, %v", address, head.Code, head.Header())
		}
	}
	if address, err := p.assets.path("gone.js"); err == nil {
		t.Errorf("gone.js is at %s", address)
	}
}

func TestReferencesAreLinksOnlyToCitations(t *testing.T) {
	for line, want := range map[string][]phrase{
		"Nêu rõ. [1][2] Hết": {{Words: "Nêu rõ. "}, {Words: "[1]", Ref: 1}, {Words: "[2]", Ref: 2}, {Words: " Hết"}},
		"[3] và [0], [x]":    {{Words: "[3] và [0], [x]"}},
		"":                   nil,
	} {
		if got := phrases(line, 2); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", line, got, want)
		}
	}
}
