package bottest

import (
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// TelegramInline is an accepted answer to an inline query.
type TelegramInline struct {
	Query    string
	Results  []TelegramArticle
	Cache    int64
	Personal bool
	// Button is what stands above the results, Parameter what it sends.
	Button, Parameter string
}

// TelegramArticle is one result of an inline query; its text is that of the
// message that it becomes.
type TelegramArticle struct {
	TelegramText
	ID, Title, Description, Mode string
}

// Limits of an answer to an inline query.
const (
	maxInlineResults = 50
	maxInlineID      = 64 // bytes
	maxInlineCache   = 86_400
)

// startParameter is what a deep link may carry.
var startParameter = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

func (f *Telegram) answerInlineQuery(_ *http.Request, fields map[string]string) (any, *telegramRefusal) {
	answer := TelegramInline{
		Query: fields["inline_query_id"], Cache: integer(fields["cache_time"]), Personal: fields["is_personal"] == "true",
	}
	if answer.Query == "" || strings.HasPrefix(answer.Query, "old") {
		return nil, badRequest("query is too old and response timeout expired or query ID is invalid")
	}
	var results []json.RawMessage
	var button struct {
		Text      string `json:"text"`
		Parameter string `json:"start_parameter"`
	}
	switch {
	case json.Unmarshal([]byte(fields["results"]), &results) != nil:
		return nil, badRequest("can't parse inline query results JSON object")
	case len(results) > maxInlineResults:
		return nil, badRequest("RESULTS_TOO_MUCH")
	case answer.Cache < 0 || answer.Cache > maxInlineCache:
		return nil, badRequest("wrong cache_time")
	case fields["button"] != "" && json.Unmarshal([]byte(fields["button"]), &button) != nil:
		return nil, badRequest("can't parse inline query results button JSON object")
	case fields["button"] != "" && (button.Text == "" || !startParameter.MatchString(button.Parameter)):
		return nil, badRequest("START_PARAM_INVALID")
	}
	answer.Button, answer.Parameter = button.Text, button.Parameter
	ids := map[string]bool{}
	for _, raw := range results {
		a, refusal := telegramArticle(raw)
		switch {
		case refusal != nil:
			return nil, refusal
		case ids[a.ID]:
			return nil, badRequest("RESULT_ID_DUPLICATE")
		}
		ids[a.ID] = true
		answer.Results = append(answer.Results, a)
	}
	f.change(func() { f.inline = append(f.inline, answer) })
	return true, nil
}

// telegramArticle reads and checks one result; it knows articles of text only.
func telegramArticle(raw []byte) (TelegramArticle, *telegramRefusal) {
	var in struct {
		Type, ID, Title, Description string
		Content                      *struct {
			Text string `json:"message_text"`
			Mode string `json:"parse_mode"`
		} `json:"input_message_content"`
	}
	if json.Unmarshal(raw, &in) != nil {
		return TelegramArticle{}, badRequest("can't parse inline query result")
	}
	a := TelegramArticle{ID: in.ID, Title: in.Title, Description: in.Description}
	switch {
	case in.Type != "article":
		return a, badRequest("unsupported inline query result type")
	case in.ID == "" || len(in.ID) > maxInlineID:
		return a, badRequest("RESULT_ID_INVALID")
	case in.Title == "":
		return a, badRequest("ARTICLE_TITLE_EMPTY")
	case in.Content == nil:
		return a, badRequest("message content is not specified")
	}
	m, refusal := telegramMessage(map[string]string{"text": in.Content.Text, "parse_mode": in.Content.Mode})
	a.TelegramText, a.Mode = m.TelegramText, in.Content.Mode
	return a, refusal
}

// Inline are the answers to inline queries that were accepted, in order.
func (f *Telegram) Inline() []TelegramInline {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.inline)
}

// WaitInline waits until an inline query was answered.
func (f *Telegram) WaitInline(t testing.TB, query string) TelegramInline {
	t.Helper()
	var got TelegramInline
	Wait(t, f, "an answer to an inline query", func() bool {
		for _, a := range f.Inline() {
			if a.Query == query {
				got = a
				return true
			}
		}
		return false
	})
	return got
}

// TelegramCommand is one command that the bot has told of.
type TelegramCommand struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

var telegramCommand = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)

// maxTelegramCommands and maxTelegramHelp are the vendor's, the latter in
// characters.
const (
	maxTelegramCommands = 100
	maxTelegramHelp     = 256
)

func (f *Telegram) setMyCommands(_ *http.Request, fields map[string]string) (any, *telegramRefusal) {
	var commands []TelegramCommand
	scope := struct{ Type string }{"default"}
	switch {
	case json.Unmarshal([]byte(fields["commands"]), &commands) != nil:
		return nil, badRequest("can't parse commands JSON object")
	case len(commands) > maxTelegramCommands:
		return nil, badRequest("BOT_COMMANDS_TOO_MUCH")
	case fields["scope"] != "" && json.Unmarshal([]byte(fields["scope"]), &scope) != nil:
		return nil, badRequest("can't parse BotCommandScope")
	case !slices.Contains([]string{"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}, scope.Type):
		return nil, badRequest("can't parse BotCommandScope: unsupported type specified")
	}
	for _, c := range commands {
		switch n := utf8.RuneCountInString(c.Description); {
		case !telegramCommand.MatchString(c.Command):
			return nil, badRequest("BOT_COMMAND_INVALID")
		case n < 1 || n > maxTelegramHelp:
			return nil, badRequest("BOT_COMMAND_DESCRIPTION_INVALID")
		}
	}
	f.change(func() { f.commands[scope.Type] = commands })
	return true, nil
}

// Commands are those that the bot has told of, by scope.
func (f *Telegram) Commands() map[string][]TelegramCommand {
	f.mu.Lock()
	defer f.mu.Unlock()
	return maps.Clone(f.commands)
}
