package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hoinq/hoinq/bot/bottest"
)

func startOnNewFolder(t testing.TB, settings []string) *bottest.Process {
	t.Helper()
	return bottest.Start(t, t.TempDir(), settings)
}

func TestTelegramByWebhook(t *testing.T) {
	vendor := bottest.NewTelegram(t, "987654:Thu-Hop-Dong", "Bi-Mat-Thu-Hop-Dong")
	bottest.Contract(t, startOnNewFolder, vendor)
	url, secret, kinds := vendor.Webhook()
	if url != "https://hoi.example/webhooks/telegram" || secret != "Bi-Mat-Thu-Hop-Dong" || !slices.Contains(kinds, "callback_query") {
		t.Errorf("the webhook was registered at %s for %q", url, kinds)
	}
}

func TestTelegramByPolling(t *testing.T) {
	vendor := bottest.NewTelegram(t, "987654:Thu-Hop-Dong", "unused")
	ask := func(id int) {
		vendor.Queue(bottest.TelegramUpdate(bottest.Incoming{Conversation: id, ID: id, Text: "Ba khâu đột phá của Nghị quyết là gì?"}))
	}
	waits := func(t *testing.T, conversation int) {
		t.Helper()
		bottest.Wait(t, vendor, fmt.Sprintf("an answer to conversation %d", conversation), func() bool { return len(vendor.Messages(conversation)) > 0 })
	}
	ask(1)
	process := bottest.Start(t, t.TempDir(), vendor.PollingSettings())
	waits(t, 1)
	if got := vendor.Messages(1)[0]; !strings.Contains(got.Words, "Phần II") || len(got.Quotations) == 0 {
		t.Errorf("answered without a quotation and its place:\n%s", got.Words)
	}

	// The program is killed at the moment at which it gets an update.
	handed := vendor.Handed()
	ask(2)
	bottest.Wait(t, vendor, "the update was fetched", func() bool { return vendor.Handed() > handed })
	process.Kill(t)
	ask(3)
	process = process.Restart(t)
	for _, conversation := range []int{2, 3} {
		waits(t, conversation)
	}
	if code, _ := process.Terminate(t); code != 0 {
		t.Errorf("ended with code %d:\n%s", code, process.Log())
	}
}
