package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/bot/bottest"
)

const (
	groupSecret = "Bi-Mat-Nhom"
	groupChat   = -1002000000009
	an, binh    = 7_730_590_001, 7_730_590_002 // two people
)

// group is a running program and a group of which its bot is a member.
type group struct {
	vendor  *bottest.Telegram
	process *bottest.Process
	id      int // of the last update
}

func newGroup(t *testing.T) *group {
	t.Helper()
	vendor := bottest.NewTelegram(t, "42:Thu-Nhom", groupSecret)
	process := bottest.Start(t, t.TempDir(), vendor.Settings())
	process.WaitLog(t, "name of the bot learnt")
	return &group{vendor: vendor, process: process}
}

func (g *group) post(t *testing.T, update string) {
	t.Helper()
	if got := g.vendor.Post(t, g.process.PublicURL+"/webhooks/telegram", groupSecret, update); got != 200 {
		t.Fatalf("status %d:\n%s", got, g.process.Log())
	}
}

// says delivers what somebody says in the group, and returns its message id.
func (g *group) says(t *testing.T, m bottest.TelegramInGroup) int {
	t.Helper()
	g.id++
	m.ID = g.id
	m.Chat = chatOf(m.Chat)
	if m.User == 0 {
		m.User = an
	}
	g.post(t, bottest.TelegramGroupUpdate(m))
	return g.id
}

// hears says something and returns the answer to it.
func (g *group) hears(t *testing.T, m bottest.TelegramInGroup) bottest.TelegramMessage {
	t.Helper()
	return g.answer(t, chatOf(m.Chat), g.says(t, m))
}

// chatOf is the chat of a message: where none is named, the group.
func chatOf(chat int64) int64 {
	if chat == 0 {
		return groupChat
	}
	return chat
}

// answer waits for the answer to a message.
func (g *group) answer(t *testing.T, chat int64, message int) (got bottest.TelegramMessage) {
	t.Helper()
	bottest.Wait(t, g.vendor, fmt.Sprintf("an answer to message %d", message), func() bool {
		for _, m := range g.vendor.MessagesTo(chat) {
			if m.ReplyTo == message {
				got = m
				return true
			}
		}
		return false
	})
	return got
}

const asked = "Ba khâu đột phá của Nghị quyết là gì?"

func TestAGroupIsAnsweredWhereItCallsTheBot(t *testing.T) {
	g := newGroup(t)
	for name, m := range map[string]bottest.TelegramInGroup{
		"its name":                 {Text: "😀 @Thu_Bot, " + asked},
		"its name alone, at last":  {Text: asked + " @thu_bot"},
		"a reply":                  {Text: asked, ReplyTo: 42},
		"a command":                {Text: "/hoi " + asked},
		"a command with its name":  {Text: "/hoi@thu_bot " + asked},
		"a command over two lines": {Text: "/hoi@thu_bot\n" + asked},
		"its name in a topic":      {Text: "@thu_bot " + asked, Topic: 7},
	} {
		m.Chat = -100 - int64(g.id) // a group takes 20 messages a minute
		if got := g.hears(t, m); !strings.Contains(got.Words, "đô thị hóa") || len(got.Quotations) == 0 || got.Thread != m.Topic {
			t.Errorf("%s: in topic %d:\n%s", name, got.Thread, got.Words)
		}
	}
	if got := g.hears(t, bottest.TelegramInGroup{Text: "@thu_bot"}); !strings.Contains(got.Words, "hỏi gì") {
		t.Errorf("its name alone is answered with:\n%s", got.Words)
	}
	before := len(g.vendor.MessagesTo(groupChat))
	for _, m := range []bottest.TelegramInGroup{
		{Text: asked}, {Text: "/hoi@other_bot " + asked}, {Text: "/start"}, {Text: "/la"}, {Text: "@thu_bot_khac " + asked},
		{Text: asked, ReplyTo: 43}, {Text: "thu_bot " + asked}, {Text: asked + " a@thu_bot.vn", Edited: true},
	} {
		g.says(t, m)
	}
	g.hears(t, bottest.TelegramInGroup{Text: "/riengtu@thu_bot"}) // after all that was said before
	if got := len(g.vendor.MessagesTo(groupChat)) - before; got != 1 {
		t.Errorf("%d messages where others spoke with each other, want silence", got-1)
	}
	for line := range strings.Lines(g.process.Log()) {
		for _, private := range []string{"773059", "2000000009", groupSecret, "đột phá"} {
			if strings.Contains(line, private) {
				t.Errorf("the log holds %q: %s", private, line)
			}
		}
	}
}

func TestInAGroupEverybodyHasAConversationOfTheirOwn(t *testing.T) {
	g := newGroup(t)
	first := g.hears(t, bottest.TelegramInGroup{Text: "@thu_bot " + asked})
	if !strings.Contains(first.Words, "1. ") {
		t.Fatalf("nothing is offered:\n%s", first.Words)
	}
	if got := g.hears(t, bottest.TelegramInGroup{Text: "1", User: binh, ReplyTo: 42}); strings.Contains(got.Words, "Câu hỏi: ") {
		t.Errorf("somebody else leans on it:\n%s", got.Words)
	}
	if got := g.hears(t, bottest.TelegramInGroup{Text: "1", Topic: 7, ReplyTo: 42}); strings.Contains(got.Words, "Câu hỏi: ") {
		t.Errorf("another topic leans on it:\n%s", got.Words)
	}
	if got := g.hears(t, bottest.TelegramInGroup{Text: "1", ReplyTo: 42}); !strings.Contains(got.Words, "Câu hỏi: ") {
		t.Errorf("the asker cannot choose:\n%s", got.Words)
	}
	// Somebody else presses the button below the answer.
	g.id++
	g.post(t, fmt.Sprintf(`{"update_id":%d,"callback_query":{"id":"nhan","from":{"id":%d,"is_bot":false},"data":%q,"message":{"message_id":900,"date":1,"chat":{"id":%d,"type":"supergroup"},"from":{"id":42,"is_bot":true},"text":"…"}}}`,
		g.id, binh, first.Buttons[0].Data, groupChat))
	if got := g.answer(t, groupChat, 900); !strings.Contains(got.Words, "Câu hỏi: ") {
		t.Errorf("a pressed button is answered with:\n%s", got.Words)
	}
	if got := g.vendor.Pressed(); !slices.Equal(got, []string{"nhan"}) {
		t.Errorf("buttons that stopped glowing: %q", got)
	}
}

func TestAnEditedQuestionInAGroupIsAnsweredAnew(t *testing.T) {
	g := newGroup(t)
	id := g.says(t, bottest.TelegramInGroup{Text: "/hoi@thu_bot " + asked, Topic: 7})
	g.answer(t, groupChat, id)
	before := len(g.vendor.MessagesTo(groupChat))
	g.says(t, bottest.TelegramInGroup{Text: "/hoi@thu_bot " + asked, Topic: 7, Message: id, Edited: true}) // no word of it
	g.says(t, bottest.TelegramInGroup{Text: "/hoi@thu_bot Giá vàng hôm nay?", Topic: 7, Message: id, Edited: true})
	bottest.Wait(t, g.vendor, "an answer to the edit", func() bool { return len(g.vendor.MessagesTo(groupChat)) > before })
	g.hears(t, bottest.TelegramInGroup{Text: "/riengtu@thu_bot", Topic: 7})
	got := g.vendor.MessagesTo(groupChat)[before:]
	if len(got) != 2 || got[0].ReplyTo != id || got[0].Thread != 7 || len(got[0].Quotations) != 0 {
		t.Errorf("%d messages, the first:\n%+v", len(got), got[0])
	}
}

func TestAGroupThatTheBotComesToIsGreetedInShort(t *testing.T) {
	g := newGroup(t)
	g.post(t, bottest.TelegramJoined(1, groupChat, an))
	got := g.vendor.WaitMessages(t, groupChat, 1)[0]
	if !strings.Contains(got.Words, "/hoi") || len(got.Words) > 400 || len(got.Buttons) != 0 {
		t.Errorf("greeted with:\n%s", got.Words)
	}
}

func TestAGroupThatBecameASupergroupIsFollowed(t *testing.T) {
	g := newGroup(t)
	g.vendor.Refuse(-17, 400, "Bad Request: group chat was upgraded to a supergroup chat", groupChat)
	g.says(t, bottest.TelegramInGroup{Chat: -17, Text: "@thu_bot " + asked})
	if got := g.vendor.WaitMessages(t, groupChat, 1)[0]; !strings.Contains(got.Words, "đô thị hóa") {
		t.Errorf("the answer:\n%s", got.Words)
	}
}

func TestPassagesAreFoundFromAnyChat(t *testing.T) {
	g := newGroup(t)
	types := func(query, text string) bottest.TelegramInline {
		t.Helper()
		g.id++
		g.post(t, bottest.TelegramTyped(g.id, query, an, text))
		return g.vendor.WaitInline(t, query)
	}
	got := types("q1", asked)
	if len(got.Results) == 0 || got.Personal || got.Cache == 0 || got.Parameter == "" {
		t.Fatalf("%+v", got)
	}
	first := got.Results[0]
	if len(first.Quotations) == 0 || !strings.Contains(first.Words, "Phần II") || !strings.Contains(first.Title, "Phần II") || first.Mode != "HTML" ||
		!strings.HasPrefix(first.Links[0], "https://hoi.example"+bot.ReadingRoot) || strings.Contains(first.Words, "[1]") {
		t.Errorf("a passage is sent as %+v", first)
	}
	if got := types("q2", " "); len(got.Results) == 0 || !strings.Contains(got.Results[0].Words, "Câu hỏi: ") {
		t.Errorf("who has typed nothing is offered %+v", got.Results)
	}
	if got := types("q3", "giá vàng hôm nay"); len(got.Results) != 0 && !strings.Contains(got.Results[0].Words, "chưa phải câu trả lời") {
		t.Errorf("what is not in the documents finds %+v", got.Results)
	}
	// Many letters: no word of it into any chat, and a number chooses nothing.
	for i := range 100 {
		g.id++
		g.post(t, bottest.TelegramTyped(g.id, fmt.Sprint("chu", i), an, asked[:10]))
	}
	g.post(t, strings.ReplaceAll(bottest.TelegramGroupUpdate(bottest.TelegramInGroup{ID: g.id + 1, Chat: an, User: an, Text: "1"}), "supergroup", "private"))
	if got := g.vendor.WaitMessages(t, an, 1); strings.Contains(got[0].Words, "Câu hỏi: ") || strings.Contains(got[0].Words, "nhanh quá") {
		t.Errorf("what was typed elsewhere is leant on:\n%s", got[0].Words)
	}
	if n := len(g.vendor.AttemptsTo(an)); n != 1 {
		t.Errorf("%d messages, want one", n)
	}
}

func TestACitationLeadsIntoTheChatWhereThereIsNoPage(t *testing.T) {
	vendor := bottest.NewTelegram(t, "42:Thu-Lien-Ket", "unused")
	process := bottest.Start(t, t.TempDir(), vendor.PollingSettings())
	process.WaitLog(t, "name of the bot learnt")
	ask := func(id int, text string) bottest.TelegramMessage {
		t.Helper()
		vendor.Queue(bottest.TelegramUpdate(bottest.Incoming{Conversation: 1, ID: id, Text: text}))
		return vendor.WaitMessages(t, bottest.TelegramChat(1), id)[id-1]
	}
	answer := ask(1, asked)
	if len(answer.Links) == 0 {
		t.Fatalf("no link in:\n%s", answer.Raw)
	}
	payload, ok := strings.CutPrefix(answer.Links[0], "https://t.me/thu_bot?start=")
	if !ok || len(payload) > 64 {
		t.Fatalf("the link %s", answer.Links[0])
	}
	opened := ask(2, "/start "+payload)
	if len(opened.Quotations) == 0 || !strings.Contains(opened.Quotations[0], answer.Quotations[0]) {
		t.Errorf("%q is opened as:\n%s", answer.Quotations[0], opened.Words)
	}
	if got := ask(3, "/start p-0000000000000000"); !strings.Contains(got.Words, "không còn ở đây") {
		t.Errorf("a link to what is gone opens:\n%s", got.Words)
	}
	if got := ask(4, "/start"); !strings.Contains(got.Words, "Chào anh/chị") {
		t.Errorf("without a payload:\n%s", got.Words)
	}
	bottest.Wait(t, vendor, "the commands are listed", func() bool { return len(vendor.Commands()) == 2 })
	for scope, commands := range vendor.Commands() {
		if !slices.Contains(commands, bottest.TelegramCommand{Command: "vanban", Description: "các văn bản và dàn ý"}) {
			t.Errorf("commands in %s: %+v", scope, commands)
		}
	}
}

func TestTheWebhookIsShownSetAndRemoved(t *testing.T) {
	vendor := bottest.NewTelegram(t, "42:Thu-Webhook", groupSecret)
	settings := append(vendor.Settings(), "HOINQ_DATA="+t.TempDir())
	run := func(code int, settings []string, args ...string) string {
		t.Helper()
		got, out := hoinq(t, settings, append([]string{"webhook"}, args...)...)
		if got != code || strings.Contains(out, groupSecret) || strings.Contains(out, "Thu-Webhook") {
			t.Errorf("%q: exit %d, want %d:\n%s", args, got, code, out)
		}
		return out
	}
	if out := run(exitDone, settings, "show"); !strings.Contains(out, "chưa đăng ký") {
		t.Errorf("before:\n%s", out)
	}
	run(exitDone, settings, "set")
	if url, secret, kinds := vendor.Webhook(); url != "https://hoi.example/webhooks/telegram" || secret != groupSecret || !slices.Contains(kinds, "inline_query") {
		t.Errorf("registered %s for %q", url, kinds)
	}
	vendor.Queue(`{"update_id":1}`)
	vendor.Fault("Wrong response from the webhook: 503 Service Unavailable\x1b[2J")
	out := run(exitDone, settings, "show", "--channel", "telegram")
	for _, want := range []string{"https://hoi.example/webhooks/telegram (đúng", "Tin đang chờ: 1", "503 Service Unavailable�", "2026-", "inline_query"} {
		if !strings.Contains(out, want) {
			t.Errorf("it does not show %q:\n%s", want, out)
		}
	}
	if out := run(exitDone, append(settings, "HOINQ_PUBLIC_URL=https://khac.example"), "show"); !strings.Contains(out, "https://hoi.example/… (KHÁC") {
		t.Errorf("somebody else's:\n%s", out)
	}
	run(exitDone, settings, "delete")
	if url, _, _ := vendor.Webhook(); url != "" {
		t.Errorf("still registered: %s", url)
	}
	if out := run(exitDone, settings, "show"); !strings.Contains(out, "Tin đang chờ: 1") {
		t.Errorf("what waits is gone:\n%s", out)
	}
	run(exitUsage, append(settings, "HOINQ_PUBLIC_URL="), "set")
	run(exitUsage, append(settings, "HOINQ_TELEGRAM_SECRET="), "set")
	run(exitUsage, settings, "delete", "--channel", "zalo")
	run(exitUsage, []string{"HOINQ_DATA=" + t.TempDir()}, "show")
	file := filepath.Join(t.TempDir(), "bi-mat")
	if err := os.WriteFile(file, []byte(groupSecret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	run(exitDone, append(settings, "HOINQ_TELEGRAM_SECRET=", "HOINQ_TELEGRAM_SECRET_FILE="+file), "set")
}

func TestAWebhookThatKeepsPollingFromWorkingIsTold(t *testing.T) {
	vendor := bottest.NewTelegram(t, "42:Thu-Xung-Dot", groupSecret)
	here := []string{"HOINQ_DATA=" + t.TempDir(), "HOINQ_LISTEN=127.0.0.1:0", "HOINQ_ADMIN_LISTEN=127.0.0.1:0"}
	webhook, polling := append(vendor.Settings(), here...), append(vendor.PollingSettings(), here...)
	doctor := func(settings []string, code int, want string) {
		t.Helper()
		if got, out := hoinq(t, settings, "doctor"); got != code || !strings.Contains(out, want) {
			t.Errorf("exit %d, want %d and %q:\n%s", got, code, want, out)
		}
	}
	doctor(webhook, exitDone, "webhook sẽ được đăng ký")
	doctor(append(webhook, "HOINQ_TELEGRAM_REGISTER=false"), exitFailure, "webhook chưa đăng ký")
	doctor(append(webhook, "HOINQ_PUBLIC_URL="), exitFailure, "chưa đặt HOINQ_PUBLIC_URL")
	if code, out := hoinq(t, webhook, "webhook", "set"); code != exitDone {
		t.Fatalf("exit %d:\n%s", code, out)
	}
	doctor(webhook, exitDone, "@thu_bot, nhận tin bằng webhook, trong nhóm")
	doctor(append(webhook, "HOINQ_PUBLIC_URL=https://khac.example"), exitFailure, "đang dẫn đến nơi khác (https://hoi.example/…)")
	doctor(polling, exitFailure, "hoinq webhook delete")

	process := bottest.Start(t, t.TempDir(), vendor.PollingSettings())
	process.WaitLog(t, "hoinq webhook delete")
	if code, out := hoinq(t, polling, "webhook", "delete"); code != exitDone {
		t.Fatalf("exit %d:\n%s", code, out)
	}
	vendor.Queue(bottest.TelegramUpdate(bottest.Incoming{Conversation: 1, ID: 1, Text: asked}))
	vendor.WaitMessages(t, bottest.TelegramChat(1), 1)
	if n := strings.Count(process.Log(), "hoinq webhook delete"); n != 1 {
		t.Errorf("told %d times:\n%s", n, process.Log())
	}
}
