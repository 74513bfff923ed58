package webchat

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hoinq/hoinq/bot/widget"
)

const portalOrigin = "https://cong.example.vn"

// crossCall sends a request as a browser does for a page of another origin.
func crossCall(t *testing.T, site http.Handler, method, path, origin string, preflight bool) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(`{"question":"`+firstQuestion+`"}`))
	if origin != "" {
		r.Header.Set("Origin", origin)
	}
	if preflight {
		r.Header.Set("Access-Control-Request-Method", http.MethodPost)
		r.Header.Set("Access-Control-Request-Headers", "content-type")
	}
	return serve(site, r)
}

func TestOnlyListedOriginsMayReadAnswers(t *testing.T) {
	site := siteOf(t, SiteOptions{Origins: []string{portalOrigin, "null", "*"}})
	for _, test := range []struct {
		name, method, path, origin string
		preflight                  bool
		status                     int
		allowed                    bool
	}{
		{"a listed origin asks whether it may", http.MethodOptions, askAPIPath, portalOrigin, true, http.StatusNoContent, true},
		{"and asks", http.MethodPost, askAPIPath, portalOrigin, false, http.StatusOK, true},
		{"and loads the script", http.MethodGet, widget.Path, portalOrigin, false, http.StatusOK, true},
		{"another may not ask", http.MethodOptions, askAPIPath, "https://khac.example.vn", true, http.StatusMethodNotAllowed, false},
		{"nor read the answer", http.MethodPost, askAPIPath, "https://khac.example.vn", false, http.StatusOK, false},
		{"but any page loads the script", http.MethodGet, widget.Path, "https://khac.example.vn", false, http.StatusOK, false},
		{"another scheme is another origin", http.MethodPost, askAPIPath, "http://cong.example.vn", false, http.StatusOK, false},
		{"another port, too", http.MethodPost, askAPIPath, portalOrigin + ":8443", false, http.StatusOK, false},
		{"a longer name, too", http.MethodPost, askAPIPath, portalOrigin + ".ke-gian.vn", false, http.StatusOK, false},
		{"null names nobody, even on the list", http.MethodOptions, askAPIPath, "null", true, http.StatusMethodNotAllowed, false},
		{"a star on the list is no origin", http.MethodPost, askAPIPath, "https://bat-ky.example.vn", false, http.StatusOK, false},
		{"without an origin nothing is said", http.MethodPost, askAPIPath, "", false, http.StatusOK, false},
		{"the pages are nobody else's to read", http.MethodGet, "/", portalOrigin, false, http.StatusOK, false},
		{"nor are the documents", http.MethodGet, "/api/v1/documents", portalOrigin, false, http.StatusOK, false},
		{"options without a question are no preflight", http.MethodOptions, askAPIPath, portalOrigin, false, http.StatusMethodNotAllowed, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := crossCall(t, site, test.method, test.path, test.origin, test.preflight)
			h := w.Result().Header
			if w.Code != test.status {
				t.Errorf("status %d, want %d", w.Code, test.status)
			}
			want := ""
			if test.allowed {
				want = test.origin
			}
			if got := h.Get("Access-Control-Allow-Origin"); got != want {
				t.Errorf("Access-Control-Allow-Origin %q, want %q", got, want)
			}
			if test.path != "/" && test.path != "/api/v1/documents" && !strings.Contains(strings.Join(h.Values("Vary"), ","), "Origin") {
				t.Errorf("Vary %q", h.Values("Vary"))
			}
			if h.Get("Access-Control-Allow-Credentials") != "" {
				t.Error("credentials are allowed")
			}
			if w.Code == http.StatusNoContent && (h.Get("Access-Control-Allow-Methods") != "POST" || h.Get("Access-Control-Allow-Headers") != "Content-Type") {
				t.Errorf("the preflight is answered %v", h)
			}
		})
	}
}

// A page that is turned away is told so in a form that it may read, else it
// would tell its visitor of a broken line.
func TestAListedOriginCanReadThatItIsTooFast(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	site := siteOf(t, SiteOptions{Origins: []string{portalOrigin}, Now: func() time.Time { return now }})
	for range askBurst {
		if w := crossCall(t, site, http.MethodPost, askAPIPath, portalOrigin, false); w.Code != http.StatusOK {
			t.Fatalf("status %d", w.Code)
		}
	}
	w := crossCall(t, site, http.MethodPost, askAPIPath, portalOrigin, false)
	h := w.Result().Header
	if w.Code != http.StatusTooManyRequests || h.Get("Access-Control-Allow-Origin") != portalOrigin ||
		h.Get("Access-Control-Expose-Headers") != "Retry-After" || h.Get("Retry-After") == "" {
		t.Errorf("status %d, %v", w.Code, h)
	}
}
