package bottest

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestTheFakeOfZaloBotRefusesWhatTheVendorDoes(t *testing.T) {
	f := NewZaloBot(t, "42:TEST", "bi-mat-1")
	form, plainJSON := "application/x-www-form-urlencoded", "application/json"
	for _, c := range []struct {
		name, path, kind, body string
		code                   int // 0 is "ok"
		says                   string
	}{
		{"who it is", "/bot42:TEST/getMe", form, "", 0, "Bot Hỏi Nghị quyết"},
		{"another token", "/bot42:OTHER/getMe", form, "", 401, "Unauthorized"},
		{"a method in another case", "/bot42:TEST/getme", form, "", 404, "Method not found"},
		{"no JSON", "/bot42:TEST/sendMessage", plainJSON, "{", 400, "Bad Request"},
		{"a message by form", "/bot42:TEST/sendMessage", form, "chat_id=c1&text=ch%C3%A0o", 0, "message_id"},
		{"a message by query", "/bot42:TEST/sendMessage?chat_id=c1&text=xin", "", "", 0, "message_id"},
		{"a message by JSON", "/bot42:TEST/sendMessage", plainJSON, `{"chat_id":"c1","text":"` + strings.Repeat("😀", 1000) + `"}`, 0, "message_id"},
		{"a message too long", "/bot42:TEST/sendMessage", plainJSON, `{"chat_id":"c1","text":"` + strings.Repeat("😀", 1000) + `."}`, 400, "too long"},
		{"a message without words", "/bot42:TEST/sendMessage", plainJSON, `{"chat_id":"c1","text":"  "}`, 400, "text is empty"},
		{"a message to nobody", "/bot42:TEST/sendMessage", plainJSON, `{"text":"chào"}`, 400, "chat not found"},
		{"a webhook that is not safe", "/bot42:TEST/setWebhook", plainJSON, `{"url":"http://a.example","secret_token":"12345678"}`, 400, "invalid url"},
		{"a webhook with a short secret", "/bot42:TEST/setWebhook", plainJSON, `{"url":"https://a.example","secret_token":"1234567"}`, 400, "secret_token"},
		{"no news", "/bot42:TEST/getUpdates", plainJSON, `{"timeout":"0"}`, 408, "timeout"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, f.URL+c.path, strings.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", c.kind)
			response, err := f.client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			if err != nil {
				t.Fatal(err)
			}
			var got struct {
				OK   bool `json:"ok"`
				Code int  `json:"error_code"`
			}
			if err := json.Unmarshal(body, &got); err != nil {
				t.Fatal(err)
			}
			if response.StatusCode != http.StatusOK || got.OK != (c.code == 0) || got.Code != c.code || !strings.Contains(string(body), c.says) {
				t.Errorf("status %d: %s, want the code %d and %q", response.StatusCode, body, c.code, c.says)
			}
		})
	}
	if got := f.MessagesTo("c1"); len(got) != 3 || got[0].Text != "chào" {
		t.Errorf("%d messages", len(got))
	}
	if got := f.AttemptsTo("c1"); len(got) != 5 {
		t.Errorf("%d attempts", len(got))
	}
}
