package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hoinq/hoinq/bot/bottest"
)

// The origins in the file of portals are those whose pages may read answers.
func TestTheWidgetAsksFromThePagesOfPortals(t *testing.T) {
	p := bottest.Start(t, t.TempDir(), portals(t, `{"clients":[{"id":"cong-xa","origins":["https://cong.example.vn"]}]}`))
	send := func(method, path, origin, body string) (status int, allowed string) {
		r, err := http.NewRequestWithContext(t.Context(), method, p.PublicURL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Origin", origin)
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		return response.StatusCode, response.Header.Get("Access-Control-Allow-Origin")
	}
	if status, _ := send(http.MethodGet, "/widget.js", "https://cong.example.vn", ""); status != http.StatusOK {
		t.Errorf("widget.js: %d", status)
	}
	for origin, want := range map[string]string{"https://cong.example.vn": "https://cong.example.vn", "https://khac.example.vn": ""} {
		status, allowed := send(http.MethodPost, "/api/v1/ask", origin, `{"question":"Ba khâu đột phá của Nghị quyết là gì?"}`)
		if status != http.StatusOK || allowed != want {
			t.Errorf("%s: status %d, allowed %q", origin, status, allowed)
		}
	}
}
