package webchat

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/corpus"
)

// call sends one request to a site, from an address of its own.
func call(t *testing.T, site http.Handler, method, path, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded") // what callers forget to set
	w := httptest.NewRecorder()
	site.ServeHTTP(w, r)
	return w
}

// decoded reads a JSON answer of the wanted status.
func decoded[T any](t *testing.T, w *httptest.ResponseRecorder, status int) T {
	t.Helper()
	var v T
	if w.Code != status {
		t.Fatalf("status %d, want %d: %s", w.Code, status, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	return v
}

func siteOf(t *testing.T, opt SiteOptions) *Site {
	t.Helper()
	return New(slog.New(slog.DiscardHandler), newAnswerer(t), opt)
}

// The quotation of an answer, the reading view it leads to and the text of the
// edition are the same words.
func TestTheAPIAnswersWithProof(t *testing.T) {
	site := siteOf(t, SiteOptions{})
	w := call(t, site, http.MethodPost, "/api/v1/ask", `{"question":"`+answeredQuestion+`","sau_nay":1}`)
	r := decoded[bot.Response](t, w, http.StatusOK)
	if !r.Answered || len(r.Citations) == 0 || r.ElapsedMS == nil || w.Header().Get("Cache-Control") != "no-store" {
		t.Fatalf("answer %+v", r)
	}
	for _, list := range []string{`"nearest":[]`, `"context":[`, `"suggestions":[`} {
		if !strings.Contains(w.Body.String(), list) {
			t.Errorf("the answer lacks %s: %s", list, w.Body)
		}
	}
	c := r.Citations[0]
	text := call(t, site, http.MethodGet, fmt.Sprintf("/api/v1/documents/%s/editions/%s/text", c.Document, c.Edition), "")
	if got := text.Body.String()[c.Start:c.End]; got != c.Words {
		t.Errorf("the text holds %q where the quotation is %q", got, c.Words)
	}
	if got := text.Header().Get("Content-Type"); got != "text/plain; charset=utf-8" {
		t.Errorf("content type of the text: %s", got)
	}
	page := call(t, site, http.MethodGet, strings.SplitN(c.URL, "#", 2)[0], "")
	if page.Code != http.StatusOK || !strings.Contains(page.Body.String(), "<mark") {
		t.Errorf("%s: %d, without marked words", c.URL, page.Code)
	}
}

func TestTheAPIKeepsAConversation(t *testing.T) {
	site := siteOf(t, SiteOptions{})
	ask := func(question, conversation string) bot.Response {
		body := fmt.Sprintf(`{"question":%q,"conversation":%q}`, question, conversation)
		return decoded[bot.Response](t, call(t, site, http.MethodPost, "/api/v1/ask", body), http.StatusOK)
	}
	ask(firstQuestion, "c1")
	if r := ask(followUpQuestion, "c1"); !r.Answered || !strings.Contains(r.UnderstoodAs, firstQuestion) {
		t.Errorf("the follow-up is understood as %q", r.UnderstoodAs)
	}
	if r := ask(followUpQuestion, "c2"); strings.Contains(r.UnderstoodAs, firstQuestion) {
		t.Errorf("another conversation is understood as %q", r.UnderstoodAs)
	}
}

func TestTheAPIShowsTheDocuments(t *testing.T) {
	site := siteOf(t, SiteOptions{})
	list := decoded[struct{ Documents []documentSummary }](t, call(t, site, http.MethodGet, "/api/v1/documents", ""), http.StatusOK)
	if len(list.Documents) != 3 {
		t.Fatalf("%d documents, want the three bundled", len(list.Documents))
	}
	for _, d := range list.Documents {
		detail := decoded[documentDetail](t, call(t, site, http.MethodGet, "/api/v1/documents/"+string(d.ID), ""), http.StatusOK)
		if detail.Digest != d.Digest || len(detail.Outline) == 0 || len(detail.Editions) != 1 {
			t.Errorf("%s: %+v", d.ID, detail)
		}
		w := call(t, site, http.MethodGet, fmt.Sprintf("/api/v1/documents/%s/editions/%s/text", d.ID, d.Edition), "")
		if digest, _ := corpus.DigestOf(w.Body.String()); digest != d.Digest {
			t.Errorf("%s: the text has digest %s, want %s", d.ID, digest, d.Digest)
		}
	}
}

func TestTheAPIRefusesInWordsThatHelpAndEchoNothing(t *testing.T) {
	site := siteOf(t, SiteOptions{})
	long := strings.Repeat("ế", bot.MaxQuestion+1)
	for _, tc := range []struct {
		name, method, path, body string
		status                   int
	}{
		{"no body", "POST", "/api/v1/ask", "", 400},
		{"no JSON", "POST", "/api/v1/ask", "xyzzy", 400},
		{"no UTF-8", "POST", "/api/v1/ask", "{\"question\":\"xyzzy \xff\"}", 400},
		{"a list", "POST", "/api/v1/ask", `["xyzzy"]`, 400},
		{"another type", "POST", "/api/v1/ask", `{"question":["xyzzy"]}`, 400},
		{"more after the object", "POST", "/api/v1/ask", `{"question":"xyzzy"} xyzzy`, 400},
		{"no question", "POST", "/api/v1/ask", `{"xyzzy":1}`, 422},
		{"white space alone", "POST", "/api/v1/ask", `{"question":" \n\t"}`, 422},
		{"too long", "POST", "/api/v1/ask", `{"question":"` + long + `"}`, 422},
		{"a long conversation", "POST", "/api/v1/ask", `{"question":"a","conversation":"` + long + `"}`, 422},
		{"too large", "POST", "/api/v1/ask", `{"question":"` + strings.Repeat("xyzzy", maxAskBody/5+1) + `"}`, 413},
		{"another method", "GET", "/api/v1/ask", "", 405},
		{"another method on the list", "DELETE", "/api/v1/documents", "", 405},
		{"another method on a text", "PUT", "/api/v1/documents/a/editions/b/text", "", 405},
		{"no such document", "GET", "/api/v1/documents/xyzzy", "", 404},
		{"no such edition", "GET", "/api/v1/documents/ke-hoach-hoc-tap/editions/xyzzy/text", "", 404},
		{"no such address", "GET", "/api/v2/xyzzy", "", 404},
	} {
		w := call(t, site, tc.method, tc.path, tc.body)
		p := decoded[problem](t, w, tc.status)
		if p.Status != tc.status || p.Detail == "" || strings.Contains(w.Body.String(), "xyzzy") || w.Header().Get("Content-Type") != problemType {
			t.Errorf("%s: %s: %s", tc.name, w.Header().Get("Content-Type"), w.Body)
		}
	}
}

func TestAQuestionOfTheGreatestLengthIsRead(t *testing.T) {
	body := `{"question":"` + strings.Repeat("ế", bot.MaxQuestion) + `"}`
	decoded[bot.Response](t, call(t, siteOf(t, SiteOptions{}), http.MethodPost, "/api/v1/ask", body), http.StatusOK)
}

func TestTheAPIDescribesItself(t *testing.T) {
	w := call(t, siteOf(t, SiteOptions{Version: "v1.2.3"}), http.MethodGet, "/openapi.json", "")
	spec := decoded[struct {
		OpenAPI string
		Info    struct{ Version string }
		Paths   map[string]map[string]struct {
			RequestBody struct{ Required bool }
			Responses   map[string]any
		}
	}](t, w, http.StatusOK)
	if !strings.HasPrefix(spec.OpenAPI, "3.1") || spec.Info.Version != "v1.2.3" {
		t.Errorf("OpenAPI %s of version %s", spec.OpenAPI, spec.Info.Version)
	}
	ask := spec.Paths["/api/v1/ask"]["post"]
	for _, status := range []string{"200", "400", "413", "422", "429", "503"} {
		if ask.Responses[status] == nil {
			t.Errorf("ask has no response %s", status)
		}
	}
	if !ask.RequestBody.Required || len(spec.Paths) != 4 || strings.Contains(w.Body.String(), `"additionalProperties":false`) {
		t.Errorf("the description: %s", w.Body)
	}
}

func TestAFloodFromOneAddressIsTurnedAway(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	var reasons []string
	site := siteOf(t, SiteOptions{Now: func() time.Time { return now }, Rejected: func(reason string) { reasons = append(reasons, reason) }})
	body := `{"question":"a"}`
	for i := range askBurst {
		if w := call(t, site, http.MethodPost, "/api/v1/ask", body); w.Code != http.StatusOK {
			t.Fatalf("question %d of the burst: %d", i, w.Code)
		}
	}
	w := call(t, site, http.MethodPost, "/api/v1/ask", body)
	if p := decoded[problem](t, w, http.StatusTooManyRequests); p.Detail == "" || w.Header().Get("Retry-After") != "1" {
		t.Errorf("the flood is answered %+v, again after %s", p, w.Header().Get("Retry-After"))
	}
	if w := call(t, site, http.MethodPost, "/hoi", "cau-hoi=a"); w.Code != http.StatusTooManyRequests || !strings.Contains(w.Body.String(), "chờ ít phút") {
		t.Errorf("on the page the flood gets %d", w.Code)
	}
	if w := call(t, site, http.MethodGet, "/", ""); w.Code != http.StatusOK {
		t.Errorf("reading is refused, too: %d", w.Code)
	}
	other := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/v1/ask", strings.NewReader(body))
	other.RemoteAddr = "198.51.100.9:1234"
	rec := httptest.NewRecorder()
	if site.ServeHTTP(rec, other); rec.Code != http.StatusOK {
		t.Errorf("another address is refused: %d", rec.Code)
	}
	now = now.Add(time.Second)
	if w := call(t, site, http.MethodPost, "/api/v1/ask", body); w.Code != http.StatusOK {
		t.Errorf("after Retry-After: %d", w.Code)
	}
	if !slices.Equal(reasons, []string{"flood", "flood"}) {
		t.Errorf("counted %v", reasons)
	}
}

func TestTheClientsAddress(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8:1::/48")}
	for _, tc := range []struct {
		name, peer string
		forwarded  []string
		want       string
	}{
		{"no proxy", "198.51.100.1:5", nil, "198.51.100.1"},
		{"a stranger's word does not count", "198.51.100.1:5", []string{"192.0.2.1"}, "198.51.100.1"},
		{"a proxy's does", "10.0.0.2:5", []string{"192.0.2.1"}, "192.0.2.1"},
		{"what the visitor wrote before it does not", "10.0.0.2:5", []string{"203.0.113.9, 192.0.2.1"}, "192.0.2.1"},
		{"through two proxies", "10.0.0.2:5", []string{"203.0.113.9, 192.0.2.1", "10.9.9.9"}, "192.0.2.1"},
		{"with a port", "10.0.0.2:5", []string{"192.0.2.1:4711"}, "192.0.2.1"},
		{"nonsense ends the chain", "10.0.0.2:5", []string{"192.0.2.1, <script>"}, "10.0.0.2"},
		{"an empty header", "10.0.0.2:5", []string{""}, "10.0.0.2"},
		{"all of it proxies", "10.0.0.2:5", []string{"10.1.1.1, 10.2.2.2"}, "10.1.1.1"},
		{"IPv4 in IPv6", "[::ffff:10.0.0.2]:5", []string{"::ffff:192.0.2.1"}, "192.0.2.1"},
		{"IPv6 counts by its network", "[2001:db8:2:3:4:5:6:7]:5", nil, "2001:db8:2:3::/64"},
		{"an IPv6 proxy", "[2001:db8:1::1]:5", []string{"[2001:db8:7:7::9]:80"}, "2001:db8:7:7::/64"},
		{"no TCP", "@", nil, "@"},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.RemoteAddr = tc.peer
		r.Header["X-Forwarded-For"] = tc.forwarded
		if got := clientAddress(r, trusted); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
}

func TestBeforeTheDocumentsAreThereNothingIsAnswered(t *testing.T) {
	site := New(slog.New(slog.DiscardHandler), bot.NewAnswerer(bot.Office{}, nil, nil, 2, time.Now), SiteOptions{})
	for _, request := range [][3]string{
		{"POST", "/api/v1/ask", `{"question":"a"}`}, {"GET", "/api/v1/documents", ""}, {"GET", "/api/v1/documents/a", ""},
		{"GET", "/api/v1/documents/a/editions/b/text", ""},
	} {
		decoded[problem](t, call(t, site, request[0], request[1], request[2]), http.StatusServiceUnavailable)
	}
}
