package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hoinq/hoinq/bot/bottest"
)

func newZaloBot(t *testing.T) *bottest.ZaloBot {
	t.Helper()
	return bottest.NewZaloBot(t, "987654:thu-hop-dong", "bi-mat-thu-hop-dong")
}

func TestZaloBotByWebhook(t *testing.T) {
	vendor := newZaloBot(t)
	bottest.Contract(t, startOnNewFolder, vendor)
	if url, secret := vendor.Webhook(); url != "https://hoi.example/webhooks/zalo-bot" || secret != "bi-mat-thu-hop-dong" {
		t.Errorf("the webhook was registered at %s", url)
	}
}

func TestZaloBotByPolling(t *testing.T) {
	vendor := newZaloBot(t)
	ask := func(id int) {
		vendor.Queue(bottest.ZaloBotEvent(bottest.Incoming{Conversation: id, ID: id, Text: "Ba khâu đột phá của Nghị quyết là gì?"}))
	}
	waits := func(conversation int) {
		t.Helper()
		bottest.Wait(t, vendor, "an answer", func() bool { return len(vendor.Messages(conversation)) > 0 })
	}
	ask(1)
	process := bottest.Start(t, t.TempDir(), vendor.PollingSettings())
	waits(1)
	if got := vendor.Messages(1)[0]; !strings.Contains(got.Words, "Phần II") || len(got.Quotations) == 0 {
		t.Errorf("answered without a quotation and its place:\n%s", got.Words)
	}
	bottest.Wait(t, vendor, "a poll is held", func() bool { polls, _ := vendor.Waiting(); return polls == 1 })

	// An event comes while the program ends: the vendor hands it out to the poll
	// that is held, and never again.
	ended := make(chan int, 1)
	go func() {
		code, _ := process.Terminate(t)
		ended <- code
	}()
	process.WaitLog(t, "ending, work under way is finished first")
	ask(2)
	if code := <-ended; code != 0 {
		t.Errorf("ended with code %d:\n%s", code, process.Log())
	}
	if _, events := vendor.Waiting(); events != 0 {
		t.Log("the poll had ended before the event came") // then it waits at the vendor
	}
	process = process.Restart(t)
	waits(2)
	if code, _ := process.Terminate(t); code != 0 {
		t.Errorf("ended with code %d:\n%s", code, process.Log())
	}
	for _, private := range vendor.Private(2) {
		if strings.Contains(process.Log(), private) {
			t.Errorf("the log holds something private (%d characters)", len(private))
		}
	}
}

func TestDoctorSaysWhatZaloBotLacks(t *testing.T) {
	vendor := newZaloBot(t)
	webhook := slices.Clip(append(vendor.Settings(), "HOINQ_LISTEN=127.0.0.1:0", "HOINQ_ADMIN_LISTEN=127.0.0.1:0", "HOINQ_DATA="+t.TempDir()))
	polling := append(webhook, "HOINQ_ZALO_BOT_MODE=polling", "HOINQ_ZALO_BOT_SECRET=")
	for _, c := range []struct {
		name     string
		settings []string
		code     int
		want     string
	}{
		{"a webhook that serve will register", webhook, 0, "ổn       kênh Zalo Bot: Bot Hỏi Nghị quyết, nhận tin bằng webhook, webhook sẽ được đăng ký khi hoinq serve chạy"},
		{"a webhook that nobody registers", append(webhook, "HOINQ_ZALO_BOT_REGISTER=false"), exitFailure, "CẦN SỬA  kênh Zalo Bot: webhook chưa đăng ký; hãy chạy lệnh hoinq webhook set --channel zalo-bot"},
		{"polling", polling, 0, "ổn       kênh Zalo Bot: Bot Hỏi Nghị quyết, nhận tin bằng polling"},
		{"no secret", append(webhook, "HOINQ_ZALO_BOT_SECRET="), exitFailure, "HOINQ_ZALO_BOT_SECRET chưa đặt"},
		{"a secret too short", append(webhook, "HOINQ_ZALO_BOT_SECRET=ngan"), exitFailure, "HOINQ_ZALO_BOT_SECRET: phải gồm 8–256 ký tự"},
		{"another token", append(webhook, "HOINQ_ZALO_BOT_TOKEN=987654:khac"), exitFailure, "máy chủ Zalo không nhận ra HOINQ_ZALO_BOT_TOKEN"},
		{"no token", append(webhook, "HOINQ_ZALO_BOT_TOKEN="), 0, "tắt      kênh Zalo Bot: chưa đặt HOINQ_ZALO_BOT_TOKEN"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out := hoinq(t, c.settings, "doctor")
			if code != c.code || !strings.Contains(out, c.want) {
				t.Errorf("code %d, want %d and %q:\n%s", code, c.code, c.want, out)
			}
			for _, private := range vendor.Private(0) {
				if strings.Contains(out, private) {
					t.Errorf("it says something private (%d characters)", len(private))
				}
			}
		})
	}
	t.Run("a webhook keeps polling from its news", func(t *testing.T) {
		vendor.SetWebhook("https://hoi.example/webhooks/zalo-bot")
		if code, out := hoinq(t, append(webhook, "HOINQ_ZALO_BOT_REGISTER=false"), "doctor"); code != 0 {
			t.Errorf("the webhook that is ours: code %d\n%s", code, out)
		}
		if code, out := hoinq(t, polling, "doctor"); code != exitFailure || !strings.Contains(out, "hoinq webhook delete --channel zalo-bot, hoặc đặt HOINQ_ZALO_BOT_MODE=webhook") {
			t.Errorf("code %d\n%s", code, out)
		}
	})
}

func TestTheWebhookOfZaloBotIsShownSetAndRemoved(t *testing.T) {
	vendor := newZaloBot(t)
	settings := append(vendor.Settings(), "HOINQ_DATA="+t.TempDir())
	for _, step := range []struct{ command, want, registered string }{
		{"set", "Đã đăng ký webhook của kênh Zalo Bot", "https://hoi.example/webhooks/zalo-bot"},
		{"show", "https://hoi.example/webhooks/zalo-bot (đúng với HOINQ_PUBLIC_URL)", "https://hoi.example/webhooks/zalo-bot"},
		{"delete", "Đã gỡ webhook của kênh Zalo Bot", ""},
		{"show", "chưa đăng ký", ""},
	} {
		if out := mustHoinq(t, settings, "webhook", step.command); !strings.Contains(out, step.want) {
			t.Errorf("%s says %q, want %q", step.command, out, step.want)
		}
		if url, _ := vendor.Webhook(); url != step.registered {
			t.Errorf("after %s: %q", step.command, url)
		}
	}
}

// A group where the bot is called by its name, and by two people.
func TestZaloBotAnswersInGroups(t *testing.T) {
	vendor := newZaloBot(t)
	process := bottest.Start(t, t.TempDir(), vendor.Settings())
	process.WaitLog(t, "name of the bot learnt")
	const body = `{"event_name":"message.text.received","message":{"message_id":"m%d","text":%q,"from":{"id":"u%d","is_bot":false},"chat":{"id":"nhom1","chat_type":"GROUP"}}}`
	for i, said := range []struct {
		who  int
		text string
		want string
	}{
		{1, "@Bot Hỏi Nghị quyết Ba khâu đột phá của Nghị quyết là gì?", "[1]"},
		{2, "@Bot Hỏi Nghị quyết", "/hoi"},
		{2, "@Bot Hỏi Nghị quyết /start", "nhóm"},
	} {
		if got := vendor.Post(t, process.PublicURL+"/webhooks/zalo-bot", "bi-mat-thu-hop-dong", fmt.Sprintf(body, i, said.text, said.who)); got != http.StatusOK {
			t.Fatalf("status %d", got)
		}
		bottest.Wait(t, vendor, "an answer", func() bool { return len(vendor.MessagesTo("nhom1")) > i })
		if got := vendor.MessagesTo("nhom1")[i]; !strings.Contains(got.Text, said.want) {
			t.Errorf("%q is answered without %q:\n%s", said.text, said.want, got.Text)
		}
	}
}
