package widget

import (
	"bytes"
	"compress/gzip"
	"go/parser"
	"go/token"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// maxSize is the most that the script may weigh on the way, in bytes: half a
// second on a slow mobile line.
const maxSize = 15_000

func TestTheScriptIsLight(t *testing.T) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(script); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("widget.js: %d bytes, %d gzipped", len(script), packed.Len())
	if packed.Len() > maxSize {
		t.Errorf("%d bytes gzipped, want at most %d", packed.Len(), maxSize)
	}
}

// What a strict policy forbids, or what could make markup of a document's
// words, is not in the script at all.
func TestTheScriptMakesNoMarkupAndNoInlineStyle(t *testing.T) {
	for _, forbidden := range []string{
		"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function",
		".cssText", `"style"`, "localStorage", "sessionStorage", "document.cookie", "setTimeout(\"",
	} {
		if bytes.Contains(script, []byte(forbidden)) {
			t.Errorf("the script has %s", forbidden)
		}
	}
}

func TestTheScriptIsServedToEverySite(t *testing.T) {
	h := Script()
	get := func(method, etag string) *http.Response {
		r := httptest.NewRequestWithContext(t.Context(), method, Path, nil)
		if etag != "" {
			r.Header.Set("If-None-Match", etag)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Result()
	}
	first := get(http.MethodGet, "")
	defer first.Body.Close()
	for name, want := range map[string]string{
		"Content-Type":                 "text/javascript; charset=utf-8",
		"Cache-Control":                "public, max-age=300",
		"Cross-Origin-Resource-Policy": "cross-origin",
		"X-Content-Type-Options":       "nosniff",
	} {
		if got := first.Header.Get(name); got != want {
			t.Errorf("%s %q, want %q", name, got, want)
		}
	}
	if first.StatusCode != http.StatusOK || first.ContentLength != int64(len(script)) {
		t.Errorf("status %d, %d bytes", first.StatusCode, first.ContentLength)
	}
	again := get(http.MethodGet, first.Header.Get("ETag"))
	defer again.Body.Close()
	if again.StatusCode != http.StatusNotModified {
		t.Errorf("asked for again: %d", again.StatusCode)
	}
}

// The package doc and the demo page give webmasters the same lines.
func TestTheGuidesAreThoseOfThePackageDoc(t *testing.T) {
	tree, err := parser.ParseFile(token.NewFileSet(), "widget.go", nil, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil {
		t.Fatal(err)
	}
	// The doc sets code in by one tab.
	doc := strings.ReplaceAll(tree.Doc.Text(), "\n\t", "\n")
	for _, guide := range Guides("https://hoi.example.vn") {
		if len(guide.Steps) == 0 {
			t.Errorf("%s: nothing to do", guide.Head)
		}
		for _, step := range guide.Steps {
			if !strings.Contains(doc, step.Lines+"\n") {
				t.Errorf("%s: the package doc lacks\n%s", guide.Head, step.Lines)
			}
		}
	}
}

// Every custom property that the script reads is documented, and none more.
func TestEveryCustomPropertyIsDocumented(t *testing.T) {
	tree, err := parser.ParseFile(token.NewFileSet(), "widget.go", nil, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil {
		t.Fatal(err)
	}
	property := regexp.MustCompile(`--hnq-[a-z-]*[a-z]`)
	read, documented := map[string]bool{}, map[string]bool{}
	for _, name := range property.FindAllString(string(script), -1) {
		read[name] = true
	}
	for _, name := range property.FindAllString(tree.Doc.Text(), -1) {
		documented[name] = true
		if !read[name] {
			t.Errorf("%s is documented but does nothing", name)
		}
	}
	for name := range read {
		if !documented[name] {
			t.Errorf("%s is not documented", name)
		}
	}
}
