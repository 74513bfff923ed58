package main

import (
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

func TestDoctorLooksAtZaloBot(t *testing.T) {
}
