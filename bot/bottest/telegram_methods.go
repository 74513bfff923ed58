package bottest

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// maxTelegramText is the longest text after its markup is parsed.
const maxTelegramText = 4096

// maxTelegramRaw is the longest text with its markup, in bytes.
const maxTelegramRaw = 1 << 15

var telegramSecret = regexp.MustCompile(`^[A-Za-z0-9_-]{0,256}$`)

func badRequest(description string) *telegramRefusal {
	return &telegramRefusal{Code: http.StatusBadRequest, Description: "Bad Request: " + description}
}

// TelegramName is the user name of the fake's bot.
const TelegramName = "thu_bot"

func (f *Telegram) getMe(*http.Request, map[string]string) (any, *telegramRefusal) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.mute {
		return nil, &telegramRefusal{Code: http.StatusInternalServerError, Description: "Internal Server Error"}
	}
	number, _, _ := strings.Cut(f.token, ":")
	return map[string]any{
		"id": integer(number), "is_bot": true, "first_name": "Thử", "username": TelegramName,
		"can_join_groups": true, "can_read_all_group_messages": false, "supports_inline_queries": true,
	}, nil
}

// Mute lets getMe fail, or no more.
func (f *Telegram) Mute(mute bool) { f.change(func() { f.mute = mute }) }

func (f *Telegram) sendChatAction(_ *http.Request, fields map[string]string) (any, *telegramRefusal) {
	chat := integer(fields["chat_id"])
	switch {
	case chat == 0:
		return nil, badRequest("chat_id is empty")
	case fields["action"] != "typing":
		return nil, badRequest("wrong parameter action in request")
	}
	f.change(func() { f.typed = append(f.typed, chat) })
	return true, nil
}

// Typed are the chats that were shown typing, in order.
func (f *Telegram) Typed() []int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.typed)
}

func (f *Telegram) answerCallbackQuery(_ *http.Request, fields map[string]string) (any, *telegramRefusal) {
	id := fields["callback_query_id"]
	if id == "" || strings.HasPrefix(id, "old") {
		return nil, badRequest("query is too old and response timeout expired or query ID is invalid")
	}
	f.change(func() { f.pressed = append(f.pressed, id) })
	return true, nil
}

func (f *Telegram) setWebhook(_ *http.Request, fields map[string]string) (any, *telegramRefusal) {
	hook := telegramWebhook{url: fields["url"], secret: fields["secret_token"]}
	switch {
	case hook.url != "" && !strings.HasPrefix(hook.url, "https://"):
		return nil, badRequest("bad webhook: An HTTPS URL must be provided for webhook")
	case !telegramSecret.MatchString(hook.secret):
		return nil, badRequest("secret token contains unallowed characters")
	case fields["allowed_updates"] != "" && json.Unmarshal([]byte(fields["allowed_updates"]), &hook.allowed) != nil:
		return nil, badRequest("can't parse allowed updates")
	}
	f.change(func() { f.webhook = hook })
	return true, nil
}

func (f *Telegram) deleteWebhook(_ *http.Request, fields map[string]string) (any, *telegramRefusal) {
	f.change(func() {
		f.webhook = telegramWebhook{}
		if fields["drop_pending_updates"] == "true" {
			f.updates = nil
		}
	})
	return true, nil
}

// Fault lets getWebhookInfo tell of a delivery that failed.
func (f *Telegram) Fault(description string) { f.change(func() { f.webhook.fault = description }) }

func (f *Telegram) getWebhookInfo(*http.Request, map[string]string) (any, *telegramRefusal) {
	f.mu.Lock()
	defer f.mu.Unlock()
	info := map[string]any{
		"url": f.webhook.url, "has_custom_certificate": false, "pending_update_count": len(f.updates), "allowed_updates": f.webhook.allowed,
	}
	if f.webhook.fault != "" {
		info["last_error_date"], info["last_error_message"] = 1795000000, f.webhook.fault
	}
	return info, nil
}

func (f *Telegram) sendMessage(r *http.Request, fields map[string]string) (any, *telegramRefusal) {
	chat := integer(fields["chat_id"])
	if chat == 0 {
		return nil, badRequest("chat_id is empty")
	}
	if refusal, ok := f.scripted(chat); ok {
		if refusal.hang {
			select {
			case <-r.Context().Done():
			case <-f.stop:
			}
			return nil, &telegramRefusal{Code: http.StatusInternalServerError, Description: "Internal Server Error"}
		}
		return nil, &refusal
	}
	m, refusal := telegramMessage(fields)
	if refusal != nil {
		return nil, refusal
	}
	m.Chat = chat
	f.change(func() {
		f.lastID++
		m.ID, m.At = f.lastID, time.Now()
		f.messages = append(f.messages, m)
	})
	return telegramResult(m), nil
}

// editMessageText checks a text as sendMessage does; what it edits is not kept.
func (f *Telegram) editMessageText(_ *http.Request, fields map[string]string) (any, *telegramRefusal) {
	m, refusal := telegramMessage(fields)
	if refusal != nil {
		return nil, refusal
	}
	m.ID, m.Chat, m.At = int(integer(fields["message_id"])), integer(fields["chat_id"]), time.Now()
	return telegramResult(m), nil
}

// telegramMessage reads and checks what a message says.
func telegramMessage(fields map[string]string) (TelegramMessage, *telegramRefusal) {
	m := TelegramMessage{Raw: fields["text"], Mode: fields["parse_mode"], Thread: int(integer(fields["message_thread_id"]))}
	m.Words = strings.TrimSpace(m.Raw)
	switch {
	case !utf8.ValidString(m.Raw):
		return m, badRequest("strings must be encoded in UTF-8")
	case len(m.Raw) > maxTelegramRaw:
		return m, badRequest("text is too long")
	case m.Mode == "HTML":
		parsed, err := ParseTelegramHTML(m.Raw)
		if err != nil {
			return m, &telegramRefusal{Code: http.StatusBadRequest, Description: err.Error()}
		}
		m.TelegramText = parsed
	case m.Mode != "":
		return m, badRequest("unsupported parse_mode")
	}
	switch {
	case m.Words == "":
		return m, badRequest("message text is empty")
	case UTF16(m.Words) > maxTelegramText:
		return m, badRequest("message is too long")
	}
	var reply struct {
		MessageID int `json:"message_id"`
	}
	if raw := fields["reply_parameters"]; raw != "" {
		if err := json.Unmarshal([]byte(raw), &reply); err != nil {
			return m, badRequest("can't parse reply parameters JSON object")
		}
		m.ReplyTo = reply.MessageID
	}
	buttons, refusal := telegramKeyboard(fields["reply_markup"])
	m.Buttons = buttons
	return m, refusal
}

// telegramKeyboard reads and checks an inline keyboard. An action is looked
// for in the order of the vendor's own code: address, data, text to copy.
func telegramKeyboard(raw string) ([]TelegramButton, *telegramRefusal) {
	if raw == "" {
		return nil, nil
	}
	var markup struct {
		Rows [][]TelegramButton `json:"inline_keyboard"`
	}
	if json.Unmarshal([]byte(raw), &markup) != nil {
		return nil, badRequest("can't parse reply keyboard markup JSON object")
	}
	var buttons []TelegramButton
	for _, row := range markup.Rows {
		for _, b := range row {
			switch {
			case b.Text == "":
				return nil, badRequest("BUTTON_TEXT_INVALID")
			case b.URL != "":
				if strings.Contains(b.URL, "//localhost") || !strings.HasPrefix(b.URL, "http") {
					return nil, badRequest("inline keyboard button URL is invalid: Wrong HTTP URL")
				}
			case len(b.Data) > 64:
				return nil, badRequest("BUTTON_DATA_INVALID")
			case b.Data == "" && b.CopyText != nil:
				return nil, badRequest("BUTTON_COPY_TEXT_INVALID")
			case b.Data == "":
				return nil, badRequest("Text buttons are unallowed in the inline keyboard")
			}
			buttons = append(buttons, b)
		}
	}
	return buttons, nil
}

// telegramResult is the Message that the vendor answers with.
func telegramResult(m TelegramMessage) any {
	return map[string]any{
		"message_id": m.ID,
		"date":       m.At.Unix(),
		"chat":       map[string]any{"id": m.Chat, "type": "private"},
		"text":       m.Words,
	}
}
