package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hoinq/hoinq/bot/bottest"
)

// The origins in the file of portals are those whose pages may read answers.
func TestTheWidgetAsksFromThePagesOfPortals(t *testing.T) {
	f := bottest.NewPortal(t, "cong-tinh", portalSecret)
	p := bottest.Start(t, t.TempDir(), portals(t, fmt.Sprintf(`{"clients":[
		{"id":"cong-tinh","secret":%q,"callback":%q,"allow_private":true,"origins":["https://cong.example.vn"]}]}`, portalSecret, f.Callback)))
	send := func(method, path, origin, body string) *http.Response {
		r, err := http.NewRequestWithContext(t.Context(), method, p.PublicURL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Origin", origin)
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = response.Body.Close() })
		return response
	}
	if got := send(http.MethodGet, "/widget.js", "https://cong.example.vn", ""); got.StatusCode != http.StatusOK {
		t.Errorf("widget.js: %d", got.StatusCode)
	}
	for origin, want := range map[string]string{"https://cong.example.vn": "https://cong.example.vn", "https://khac.example.vn": ""} {
		got := send(http.MethodPost, "/api/v1/ask", origin, `{"question":"Ba khâu đột phá của Nghị quyết là gì?"}`)
		if allowed := got.Header.Get("Access-Control-Allow-Origin"); got.StatusCode != http.StatusOK || allowed != want {
			t.Errorf("%s: status %d, allowed %q", origin, got.StatusCode, allowed)
		}
	}
}
