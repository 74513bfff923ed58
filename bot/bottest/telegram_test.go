package bottest

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	testToken  = "42:TEST"
	testSecret = "bi-mat"
)

// call calls a method and returns the status and the answer.
func call(t *testing.T, f *Telegram, path, contentType, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, f.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", contentType)
	response, err := f.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, strings.TrimSpace(string(answer))
}

func send(t *testing.T, f *Telegram, body string) (int, string) {
	t.Helper()
	return call(t, f, "/bot42:TEST/sendMessage", "application/json", body)
}

const anArticle = `{"type":"article","id":"1","title":"a","input_message_content":{"message_text":"a"}}`

func TestTheFakeAnswersAsTheVendorDoes(t *testing.T) {
	f := NewTelegram(t, testToken, testSecret)
	const form, asJSON = "application/x-www-form-urlencoded", "application/json"
	for _, c := range []struct {
		name, path, kind, body string
		status                 int
		answer                 string
	}{
		{"a wrong token", "/bot42:OTHER/getMe", asJSON, "{}", 401, `"description":"Unauthorized","ok":false`},
		{"an unknown method", "/bot42:TEST/fly", asJSON, "{}", 404, `"error_code":404`},
		{"no method", "/", asJSON, "{}", 404, `"error_code":404`},
		{"a method in other letters", "/bot42:TEST/GETME", asJSON, "{}", 200, `"username":"thu_bot"`},
		{"multipart without a body", "/bot42:TEST/getMe", "multipart/form-data; boundary=x", "", 200, `"id":42`},
		{"multipart", "/bot42:TEST/sendMessage", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n7\r\n--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nchào\r\n--x--\r\n", 200, `"text":"chào"`},
		{"a form", "/bot42:TEST/sendMessage", form, "chat_id=7&text=ch%C3%A0o", 200, `"text":"chào"`},
		{"broken JSON", "/bot42:TEST/sendMessage", asJSON, "{", 400, "can't parse JSON object"},
		{"no chat", "/bot42:TEST/sendMessage", asJSON, `{"text":"a"}`, 400, "chat_id is empty"},
		{"no text", "/bot42:TEST/sendMessage", asJSON, `{"chat_id":7,"text":" "}`, 400, "message text is empty"},
		{"no text but tags", "/bot42:TEST/sendMessage", asJSON, `{"chat_id":7,"text":"<b></b>","parse_mode":"HTML"}`, 400, "message text is empty"},
		{"broken markup", "/bot42:TEST/sendMessage", asJSON, `{"chat_id":7,"text":"<b>a","parse_mode":"HTML"}`, 400, "can't parse entities: Can't find end tag"},
		{"an edit", "/bot42:TEST/editMessageText", asJSON, `{"chat_id":7,"message_id":3,"text":"a"}`, 200, `"message_id":3`},
		{"a wrong edit", "/bot42:TEST/editMessageText", asJSON, `{"chat_id":7,"message_id":3,"text":""}`, 400, "empty"},
		{"typing", "/bot42:TEST/sendChatAction", asJSON, `{"chat_id":7,"action":"typing"}`, 200, `"result":true`},
		{"typing nowhere", "/bot42:TEST/sendChatAction", asJSON, `{"action":"typing"}`, 400, "chat_id is empty"},
		{"another action", "/bot42:TEST/sendChatAction", asJSON, `{"chat_id":7,"action":"fly"}`, 400, "wrong parameter action"},
		{"an old press", "/bot42:TEST/answerCallbackQuery", asJSON, `{"callback_query_id":"old1"}`, 400, "query is too old"},
		{"a webhook without TLS", "/bot42:TEST/setWebhook", asJSON, `{"url":"http://a.example"}`, 400, "HTTPS"},
		{"a bad secret", "/bot42:TEST/setWebhook", asJSON, `{"url":"https://a.example","secret_token":"a b"}`, 400, "unallowed characters"},
		{"bad kinds", "/bot42:TEST/setWebhook", asJSON, `{"url":"https://a.example","allowed_updates":"x"}`, 400, "allowed updates"},
		{"a command with a capital", "/bot42:TEST/setMyCommands", asJSON, `{"commands":[{"command":"Hoi","description":"a"}]}`, 400, "BOT_COMMAND_INVALID"},
		{"a command without a description", "/bot42:TEST/setMyCommands", asJSON, `{"commands":[{"command":"hoi","description":""}]}`, 400, "BOT_COMMAND_DESCRIPTION_INVALID"},
		{"too many commands", "/bot42:TEST/setMyCommands", asJSON, `{"commands":[` + strings.Repeat(`{"command":"a","description":"a"},`, 100) + `{"command":"a","description":"a"}]}`, 400, "BOT_COMMANDS_TOO_MUCH"},
		{"commands for nobody", "/bot42:TEST/setMyCommands", asJSON, `{"commands":[],"scope":{"type":"all"}}`, 400, "BotCommandScope"},
		{"commands", "/bot42:TEST/setMyCommands", asJSON, `{"commands":[{"command":"hoi","description":"hỏi"}],"scope":{"type":"all_group_chats"}}`, 200, `"result":true`},
		{"an old inline query", "/bot42:TEST/answerInlineQuery", asJSON, `{"inline_query_id":"old1","results":[]}`, 400, "query is too old"},
		{"results that are no list", "/bot42:TEST/answerInlineQuery", asJSON, `{"inline_query_id":"q","results":{}}`, 400, "can't parse inline query results"},
		{"a result without a title", "/bot42:TEST/answerInlineQuery", asJSON, `{"inline_query_id":"q","results":[{"type":"article","id":"1","input_message_content":{"message_text":"a"}}]}`, 400, "ARTICLE_TITLE_EMPTY"},
		{"a result without a message", "/bot42:TEST/answerInlineQuery", asJSON, `{"inline_query_id":"q","results":[{"type":"article","id":"1","title":"a"}]}`, 400, "message content is not specified"},
		{"a result with an empty message", "/bot42:TEST/answerInlineQuery", asJSON, `{"inline_query_id":"q","results":[{"type":"article","id":"1","title":"a","input_message_content":{"message_text":" "}}]}`, 400, "message text is empty"},
		{"a result with broken markup", "/bot42:TEST/answerInlineQuery", asJSON, `{"inline_query_id":"q","results":[{"type":"article","id":"1","title":"a","input_message_content":{"message_text":"<b>","parse_mode":"HTML"}}]}`, 400, "can't parse entities"},
		{"two results of one id", "/bot42:TEST/answerInlineQuery", asJSON, `{"inline_query_id":"q","results":[` + anArticle + `,` + anArticle + `]}`, 400, "RESULT_ID_DUPLICATE"},
		{"too many results", "/bot42:TEST/answerInlineQuery", asJSON, `{"inline_query_id":"q","results":[` + strings.Repeat("{},", 50) + `{}]}`, 400, "RESULTS_TOO_MUCH"},
		{"a button without a parameter", "/bot42:TEST/answerInlineQuery", asJSON, `{"inline_query_id":"q","results":[],"button":{"text":"a"}}`, 400, "START_PARAM_INVALID"},
		{"results", "/bot42:TEST/answerInlineQuery", asJSON, `{"inline_query_id":"q","results":[` + anArticle + `],"cache_time":60,"button":{"text":"a","start_parameter":"b"}}`, 200, `"result":true`},
		{"the webhook", "/bot42:TEST/getWebhookInfo", asJSON, `{}`, 200, `"url":""`},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, answer := call(t, f, c.path, c.kind, c.body)
			if status != c.status || !strings.Contains(answer, c.answer) {
				t.Errorf("%d %s, want %d and %s", status, answer, c.status, c.answer)
			}
		})
	}
	if got := len(f.MessagesTo(7)); got != 2 {
		t.Errorf("%d messages accepted, want 2", got)
	}
}

func TestTheFakeParsesMarkupAsTheVendorDoes(t *testing.T) {
	for _, c := range []struct{ name, source, words, refusal string }{
		{"words alone", "chào 😀", "chào 😀", ""},
		{"tags and entities", `<b>1 &lt; 2</b> &amp; <i>&quot;&#65;&#x1F600;</i>`, `1 < 2 & "A😀`, ""},
		{"what begins no entity stands for itself", "a & b > c &hoi; &#0; &;", "a & b > c &hoi; &#0; &;", ""},
		{"capitals", "<B>a</b>", "a", ""},
		{"a quotation and a link", `<blockquote expandable>a</blockquote><a href="https://a.example/?b&amp;c">d</a>`, "ad", ""},
		{"an unknown tag", "<p>a</p>", "", `Unsupported start tag "p" at byte offset 0`},
		{"a lone sign", "1 < 2", "", "Unclosed start tag at byte offset 2"},
		{"no end", "<b>a", "", `Can't find end tag corresponding to start tag "b"`},
		{"a crossed end", "<b><i>a</b></i>", "", `Unmatched end tag at byte offset 7, expected "</i>", found "</b>"`},
		{"an end too many", "a</b>", "", "Unexpected end tag at byte offset 1"},
		{"an open end", "<b>a</b", "", "Unclosed end tag at byte offset 4"},
		{"quotations do not nest", "<blockquote><blockquote>a</blockquote></blockquote>", "", "Nested blockquote at byte offset 12"},
		{"an open address", `<a href="x>a</a>`, "", "Unclosed start tag at byte offset 0"},
		{"an attribute", `<b class="x">a</b>`, "", `unexpected attributes of "b" at byte offset 0`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ParseTelegramHTML(c.source)
			refusal := ""
			if err != nil {
				refusal = strings.TrimPrefix(err.Error(), "Bad Request: can't parse entities: ")
			}
			if got.Words != c.words || refusal != c.refusal {
				t.Errorf("%q, refusal %q; want %q, refusal %q", got.Words, refusal, c.words, c.refusal)
			}
		})
	}
	got, err := ParseTelegramHTML(`<blockquote>a</blockquote> <a href="https://a.example/?b&amp;c">d</a>`)
	want := TelegramText{Words: "a d", Quotations: []string{"a"}, Links: []string{"https://a.example/?b&c"}}
	if diff := cmp.Diff(got, want); err != nil || diff != "" {
		t.Errorf("%v (-got +want):\n%s", err, diff)
	}
}

func TestTheFakeChecksButtons(t *testing.T) {
	for _, c := range []struct{ name, buttons, refusal string }{
		{"a key", `[[{"text":"a","callback_data":"b"}]]`, ""},
		{"a key beside an empty text to copy", `[[{"text":"a","callback_data":"b","copy_text":{"text":""}}]]`, ""},
		{"an address", `[[{"text":"a","url":"https://a.example"}]]`, ""},
		{"a long key", `[[{"text":"a","callback_data":"` + strings.Repeat("đ", 33) + `"}]]`, "BUTTON_DATA_INVALID"},
		{"no words", `[[{"callback_data":"b"}]]`, "BUTTON_TEXT_INVALID"},
		{"no action", `[[{"text":"a"}]]`, "Text buttons are unallowed"},
		{"no action but an empty text to copy", `[[{"text":"a","copy_text":{"text":""}}]]`, "BUTTON_COPY_TEXT_INVALID"},
		{"an address within", `[[{"text":"a","url":"http://localhost/"}]]`, "Wrong HTTP URL"},
		{"no keyboard", `7`, "can't parse reply keyboard"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := NewTelegram(t, testToken, testSecret)
			status, answer := send(t, f, `{"chat_id":7,"text":"a","reply_markup":{"inline_keyboard":`+c.buttons+`}}`)
			if c.refusal == "" && status != 200 || !strings.Contains(answer, c.refusal) {
				t.Errorf("%d %s, want %q", status, answer, c.refusal)
			}
		})
	}
}

func TestTheFakeCountsUTF16AfterParsing(t *testing.T) {
	f := NewTelegram(t, testToken, testSecret)
	for text, want := range map[string]int{
		strings.Repeat("ă", 4096):                      200,
		strings.Repeat("ă", 4097):                      400,
		strings.Repeat("😀", 2048):                      200,
		strings.Repeat("😀", 2048) + "a":                400,
		"<b>" + strings.Repeat("&amp;", 4096) + "</b>": 200,
		strings.Repeat("a", 1<<15+1):                   400,
	} {
		if got, answer := send(t, f, `{"chat_id":7,"parse_mode":"HTML","text":"`+text+`"}`); got != want {
			t.Errorf("%.40s…: %d %s, want %d", text, got, answer, want)
		}
	}
}

func TestTheFakeMakesTroubleOnce(t *testing.T) {
	f := NewTelegram(t, testToken, testSecret)
	chat := TelegramChat(1)
	for _, c := range []struct {
		trouble Trouble
		status  int
		answer  string
	}{
		{RateLimit, 429, `"parameters":{"retry_after":2}`},
		{Block, 403, "blocked by the user"},
		{RefuseMarkup, 400, "can't parse entities"},
		{Fail, 502, "<html>Bad Gateway</html>"},
	} {
		f.Trouble(1, c.trouble)
		body := `{"chat_id":` + f.Private(1)[2] + `,"text":"a"}`
		if status, answer := send(t, f, body); status != c.status || !strings.Contains(answer, c.answer) {
			t.Errorf("%d %s, want %d %s", status, answer, c.status, c.answer)
		}
		if status, answer := send(t, f, body); status != 200 {
			t.Errorf("the second time: %d %s", status, answer)
		}
	}
	if got := len(f.Attempts(1)); got != 8 {
		t.Errorf("%d attempts, want 8", got)
	}
	if got := len(f.WaitMessages(t, chat, 4)); got != 4 {
		t.Errorf("%d messages, want 4", got)
	}
}

func TestTheFakeHangsUntilTheCallerGivesUp(t *testing.T) {
	f := NewTelegram(t, testToken, testSecret)
	f.Hang(7)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, f.URL+"/bot42:TEST/sendMessage?chat_id=7&text=a", nil)
	if err != nil {
		t.Fatal(err)
	}
	if response, err := f.client.Do(r); err == nil {
		response.Body.Close()
		t.Error("answered")
	}
}

func TestTheFakeIsPolled(t *testing.T) {
	f := NewTelegram(t, testToken, testSecret)
	poll := func(offset string) string {
		t.Helper()
		_, answer := call(t, f, "/bot42:TEST/getUpdates", "application/json", `{"timeout":0,"offset":`+offset+`}`)
		return answer
	}
	if got, want := poll("0"), `{"ok":true,"result":[]}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	f.Queue(`{"update_id":2}`)
	f.Queue(`{"update_id":1}`)
	for _, offset := range []string{"0", "1"} { // nothing is forgotten before it is confirmed
		if got, want := poll(offset), `{"ok":true,"result":[{"update_id":1},{"update_id":2}]}`; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if got, want := poll("2"), `{"ok":true,"result":[{"update_id":2}]}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	call(t, f, "/bot42:TEST/setWebhook", "application/json", `{"url":"https://a.example/","secret_token":"s","allowed_updates":["message"]}`)
	if got := poll("3"); !strings.Contains(got, "Conflict") {
		t.Errorf("polled beside a webhook: %s", got)
	}
	if url, secret, allowed := f.Webhook(); url != "https://a.example/" || secret != "s" || len(allowed) != 1 {
		t.Errorf("webhook %q %q %q", url, secret, allowed)
	}
	call(t, f, "/bot42:TEST/deleteWebhook", "application/json", `{}`)
	if got, want := poll("3"), `{"ok":true,"result":[]}`; got != want || f.Handed() != 5 {
		t.Errorf("%s after %d updates, want %s after 5", got, f.Handed(), want)
	}
}
