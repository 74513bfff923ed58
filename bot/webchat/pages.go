package webchat

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/bot/widget"
	"github.com/hoinq/hoinq/corpus"
)

// Asker is what the pages show: somebody who answers, and the documents that
// the answers are drawn from. It is safe for concurrent use.
type Asker interface {
	// Ask answers one question. An error means that there is no answer at
	// all; a refusal is an answer.
	Ask(ctx context.Context, q bot.Question) (bot.Response, error)
	// Library is the set of documents in force; nil until there is one.
	Library() *corpus.Library
	// Starters are questions offered to somebody who has not asked yet.
	Starters() []string
	// Office says who runs the service.
	Office() bot.Office
}

var _ Asker = (*bot.Answerer)(nil)

// Options adjust the pages. The zero value works.
type Options struct {
	// Timeout is the longest that one answer may take; 20 seconds when zero.
	Timeout time.Duration
}

const defaultTimeout = 20 * time.Second

// Pages are the chat page and the reading view, as a browser gets them. They
// work without JavaScript. Make them with [NewPages]; they are safe for
// concurrent use.
type Pages struct {
	log       *slog.Logger
	asker     Asker
	timeout   time.Duration
	assets    assets
	templates *template.Template
	// readings holds one token for each reading view under way.
	readings chan struct{}
}

// maxReadings is how many reading views are made at the same time. That of a
// large document takes a core for a tenth of a second and some megabytes, and
// questions must not wait behind a crowd of them.
const maxReadings = 2

//go:embed templates/*.html
var templateFiles embed.FS

// NewPages makes the pages for what asker answers.
func NewPages(log *slog.Logger, asker Asker, opt Options) *Pages {
	p := &Pages{
		log:     log,
		asker:   asker,
		timeout: cmp.Or(opt.Timeout, defaultTimeout),
		assets:  embeddedAssets(),

		readings: make(chan struct{}, maxReadings),
	}
	funcs := template.FuncMap{"asset": p.assets.path, "day": func(date string) string { return corpus.Day(date).Spoken() }}
	p.templates = template.Must(template.New("").Funcs(funcs).ParseFS(templateFiles, "templates/*.html"))
	return p
}

// Register adds the routes of the pages to mux. Every route answers a method
// that it does not have with a page, too; "/" is left to the caller.
func (p *Pages) Register(mux *http.ServeMux) {
	for _, route := range []struct {
		method, path string
		serve        http.HandlerFunc
	}{
		{http.MethodGet, "/{$}", p.chat},
		{http.MethodPost, askPath, p.ask},
		{http.MethodGet, strings.TrimSuffix(bot.ReadingRoot, "/"), p.documents},
		{http.MethodGet, bot.ReadingRoot + "{id}", p.reading},
		{http.MethodGet, assetRoot + "{name}", p.asset},
		{http.MethodGet, widget.Path, widget.Script().ServeHTTP},
		{http.MethodGet, embeddingPath, p.embedding},
	} {
		mux.HandleFunc(route.method+" "+route.path, route.serve)
		allow := route.method
		if allow == http.MethodGet {
			allow = "GET, HEAD"
		}
		mux.HandleFunc(route.path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Allow", allow)
			p.notice(w, r, http.StatusMethodNotAllowed, noticeMethod)
		})
	}
	mux.HandleFunc(bot.ReadingRoot, p.NotFound)
	mux.HandleFunc(assetRoot, p.NotFound)
}

// NotFound answers for an address that leads nowhere.
func (p *Pages) NotFound(w http.ResponseWriter, r *http.Request) {
	p.notice(w, r, http.StatusNotFound, noticeUnknown)
}

// frame is what every page has around its content.
type frame struct {
	// Title stands in the browser's tab, before the name of the service.
	Title string
	// Script is the asset that the page runs, if any.
	Script string
	Office bot.Office
}

// serviceName stands where no office has given its own.
const serviceName = "Hỏi nghị quyết"

// Name is the office's, or the service's.
func (f frame) Name() string { return cmp.Or(f.Office.Name, serviceName) }

func (p *Pages) frame(title, script string) frame {
	return frame{Title: title, Script: script, Office: p.asker.Office()}
}

// notice is a page that says one thing.
type notice struct{ Head, Text string }

// noticeView is the page of a notice.
type noticeView struct {
	frame
	notice
}

// The notices, as read-only tables of what is said.
var (
	noticeUnknown  = notice{"Không có trang này", "Địa chỉ anh/chị mở không dẫn đến trang nào. Có thể địa chỉ bị thiếu hoặc thừa chữ."}            // read-only
	noticeDocument = notice{"Không có văn bản này", "Ở đây không có văn bản hoặc bản mà địa chỉ này nêu. Mời anh/chị tìm trong danh mục văn bản."} // read-only
	noticeMethod   = notice{"Trang này không mở theo cách đó", "Mời anh/chị đặt câu hỏi ở trang hỏi đáp, hoặc xem danh mục văn bản."}              // read-only
	noticeTooLarge = notice{"Nội dung gửi lên quá dài", "Câu hỏi chỉ nên dài tối đa 1.000 ký tự. Mời anh/chị quay lại và hỏi ngắn hơn."}           // read-only
	noticeUnread   = notice{"Chưa đọc được câu hỏi", "Nội dung gửi lên bị lỗi nên chưa đọc được. Mời anh/chị quay lại và gửi câu hỏi lần nữa."}    // read-only
	noticeTooFast  = notice{"Anh/chị hỏi hơi nhanh", "Xin chờ ít phút rồi thử lại."}                                                               // read-only
	noticeNotReady = notice{"Đang nạp văn bản", "Hệ thống đang nạp các văn bản, xin anh/chị chờ một lát rồi mở lại trang này."}                    // read-only
)

func (p *Pages) notice(w http.ResponseWriter, r *http.Request, status int, n notice) {
	p.render(w, r, status, "notice", noticeView{p.frame(n.Head, ""), n})
}

// render answers with a page that nobody may keep: it holds an answer, or
// says that something is amiss.
func (p *Pages) render(w http.ResponseWriter, r *http.Request, status int, name string, view any) {
	body, ok := p.execute(w, r, name, view)
	if !ok {
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	write(w, r, status, body)
}

// renderKept answers with a page that a browser may keep, as long as it asks
// each time whether the page is still the same.
func (p *Pages) renderKept(w http.ResponseWriter, r *http.Request, name string, view any) {
	if body, ok := p.execute(w, r, name, view); ok {
		keep(w, r, body)
	}
}

// keep answers with a page that a browser may keep.
func keep(w http.ResponseWriter, r *http.Request, body []byte) {
	sum := sha256.Sum256(body)
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:8])+`"`)
	serveBytes(w, r, body)
}

// serveBytes answers GET and HEAD, and with 304 whoever has the content of
// this ETag already.
func serveBytes(w http.ResponseWriter, r *http.Request, content []byte) {
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

// execute makes a page in memory, so that a fault gives no half page.
func (p *Pages) execute(w http.ResponseWriter, r *http.Request, name string, view any) ([]byte, bool) {
	securityHeaders(w.Header())
	var page bytes.Buffer
	if err := p.templates.ExecuteTemplate(&page, name, view); err != nil {
		// unreachable: the templates fit their views, and are tested
		p.log.ErrorContext(r.Context(), "page not made", "template", name, "error", err)
		http.Error(w, "Trang đang gặp lỗi, xin anh/chị thử lại sau.", http.StatusInternalServerError)
		return nil, false
	}
	return page.Bytes(), true
}

func write(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) //nolint:errcheck // the reader is gone, nobody is left to tell
	}
}

// securityHeaders lets a page load and do only what it needs. A page holds the
// words of documents and of askers: should any of them ever pass for markup,
// it could still run nothing and send nothing anywhere.
func securityHeaders(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "+
		"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	// Not "no-referrer", which makes browsers send "Origin: null" with our own
	// form, so that it could not be told from a foreign one.
	h.Set("Referrer-Policy", "same-origin")
}
