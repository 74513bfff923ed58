package webchat

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/net/html"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/corpus/bundled"
	"github.com/hoinq/hoinq/corpus/ingest"
	"github.com/hoinq/hoinq/internal/answer"
	"github.com/hoinq/hoinq/internal/queue"
	"github.com/hoinq/hoinq/retrieval"
)

// Questions to the bundled documents: one they answer with a list, one that
// they do not answer though they come near, one outside of them, and two of
// which the second is understood by the first.
const (
	answeredQuestion = "Bốn nhiệm vụ trọng tâm của Nghị quyết Đại hội XVII là gì?"
	nearQuestion     = "GRDP bình quân đầu người của Vĩnh Phúc năm 2035 là bao nhiêu?"
	foreignQuestion  = "Giá vàng hôm nay là bao nhiêu?"
	firstQuestion    = "Đại hội khai mạc khi nào?"
	followUpQuestion = "Còn bế mạc thì sao?"
)

// newAnswerer answers from the given editions, or from the bundled documents.
func newAnswerer(t *testing.T, editions ...*corpus.Edition) *bot.Answerer {
	t.Helper()
	if len(editions) == 0 {
		editions = bundledDocuments(t)
	}
	library := corpus.NewLibrary(editions...)
	log := slog.New(slog.DiscardHandler)
	server, err := queue.Open(t.Context(), log, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	memory, err := bot.OpenMemory(t.Context(), log, server, []byte("key"))
	if err != nil {
		t.Fatal(err)
	}
	index, err := retrieval.NewIndex(t.Context(), library, retrieval.Options{})
	if err != nil {
		t.Fatal(err)
	}
	office := bot.Office{Name: "Đảng ủy xã Cồn Sò", Contact: "0123 456 789, giờ hành chính"}
	a := bot.NewAnswerer(office, memory, bot.NewMetrics(prometheus.NewRegistry()), 2, time.Now)
	engine := answer.NewEngine(log, index, answer.NewExtractive(index, answer.Options{Office: office.Name, Contact: office.Contact}))
	a.Swap(bot.Serving{Engine: engine, Starters: []string{answeredQuestion, "Mục đích của kế hoạch học tập Nghị quyết Đại hội XVII ở Vĩnh Phúc là gì?"}})
	return a
}

func bundledDocuments(t *testing.T) []*corpus.Edition {
	t.Helper()
	library, err := bundled.Library()
	if err != nil {
		t.Fatal(err)
	}
	return library.InForce()
}

// fakeAsker answers as it is told.
type fakeAsker struct {
	library *corpus.Library
	answer  bot.Response
	err     error
	asked   []bot.Question
}

func (f *fakeAsker) Ask(_ context.Context, q bot.Question) (bot.Response, error) {
	f.asked = append(f.asked, q)
	return f.answer, f.err
}
func (f *fakeAsker) Library() *corpus.Library { return f.library }
func (f *fakeAsker) Starters() []string       { return nil }
func (f *fakeAsker) Office() bot.Office       { return bot.Office{} }

func handlerOf(asker Asker) http.Handler {
	mux := http.NewServeMux()
	p := NewPages(slog.New(slog.DiscardHandler), asker, Options{})
	p.Register(mux)
	mux.HandleFunc("/", p.NotFound)
	return mux
}

func readDocument(t testing.TB, name, text string) *corpus.Edition {
	t.Helper()
	e, err := ingest.Reader(name, strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// get opens a page, which must answer with this status.
func get(t *testing.T, h http.Handler, address string, status int) *html.Node {
	t.Helper()
	address, _, _ = strings.Cut(address, "#") // a browser keeps this part to itself
	return page(t, serve(h, httptest.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)), status)
}

// post sends a question by the page's form.
func post(t *testing.T, h http.Handler, fields url.Values, accept string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, askPath, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if accept != "" {
		r.Header.Set("Accept", accept)
	}
	return serve(h, r)
}

// asked is the page that answers a question.
func asked(t *testing.T, h http.Handler, question string) *html.Node {
	t.Helper()
	return page(t, post(t, h, url.Values{questionField: {question}}, ""), http.StatusOK)
}

func serve(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func page(t *testing.T, w *httptest.ResponseRecorder, status int) *html.Node {
	t.Helper()
	body, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	if w.Code != status {
		t.Fatalf("status %d, want %d: %s", w.Code, status, body)
	}
	root, err := html.Parse(strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// all are the elements below n that ok holds of, in order.
func all(n *html.Node, ok func(*html.Node) bool) []*html.Node {
	var found []*html.Node
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && ok(d) {
			found = append(found, d)
		}
	}
	return found
}

// one is the first element of all, which must exist.
func one(t *testing.T, n *html.Node, ok func(*html.Node) bool) *html.Node {
	t.Helper()
	found := all(n, ok)
	if len(found) == 0 {
		t.Fatal("no such element on the page")
	}
	return found[0]
}

func tag(names ...string) func(*html.Node) bool {
	return func(n *html.Node) bool {
		for _, name := range names {
			if n.Data == name {
				return true
			}
		}
		return false
	}
}

func class(name string) func(*html.Node) bool {
	return func(n *html.Node) bool {
		for _, c := range strings.Fields(attr(n, "class")) {
			if c == name {
				return true
			}
		}
		return false
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// solid is a text without its white space.
func solid(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}
