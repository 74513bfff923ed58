package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/bot/bottest"
	"github.com/hoinq/hoinq/internal/queue"
)

const deadQuestion = "Ba khâu đột phá của Nghị quyết là gì?"

// operator are the settings of somebody who looks after a running program.
func operator(p *bottest.Process, folder string) []string {
	return []string{"HOINQ_DATA=" + folder, "HOINQ_ADMIN_LISTEN=" + strings.TrimPrefix(p.AdminURL, "http://")}
}

// mustDo runs a command that must not fail and returns what it says.
func mustDo(t *testing.T, settings []string, args ...string) string {
	t.Helper()
	code, out := hoinq(t, settings, args...)
	if code != exitDone {
		t.Fatalf("hoinq %s: code %d:\n%s", strings.Join(args, " "), code, out)
	}
	return out
}

// letDie has a question of a conversation answered, by a vendor that does not
// take the answer in any form, and waits until it is given up.
func letDie(t *testing.T, p *bottest.Process, vendor *bottest.Telegram, conversation, id int) {
	t.Helper()
	before := strings.Count(p.Log(), "kept among the dead letters")
	vendor.Trouble(conversation, bottest.RefuseMarkup)
	vendor.Trouble(conversation, bottest.RefuseMarkup)
	ask(t, p, vendor, conversation, id, deadQuestion)
	bottest.Wait(t, p, "a dead letter", func() bool { return strings.Count(p.Log(), "kept among the dead letters") > before })
}

func ask(t *testing.T, p *bottest.Process, vendor *bottest.Telegram, conversation, id int, text string) {
	t.Helper()
	if status := vendor.Deliver(t, p.PublicURL, bottest.Incoming{Conversation: conversation, ID: id, Text: text}); status != http.StatusOK {
		t.Fatalf("delivered: %d", status)
	}
}

func waitFor(t *testing.T, vendor *bottest.Telegram, conversation, n int) []bottest.Sent {
	t.Helper()
	bottest.Wait(t, vendor, fmt.Sprintf("%d messages", n), func() bool { return len(vendor.Messages(conversation)) >= n })
	return vendor.Messages(conversation)
}

func TestADeadLetterIsShownAndRetriedOnce(t *testing.T) {
	folder := t.TempDir()
	vendor := bottest.NewTelegram(t, "987654:Thu-Tin-Chet", "Bi-Mat")
	p := bottest.Start(t, folder, vendor.Settings())
	settings := operator(p, folder)
	if out := mustDo(t, settings, "queue", "dead", "list"); !strings.Contains(out, "Không có tin nào") {
		t.Errorf("before anything happened:\n%s", out)
	}
	letDie(t, p, vendor, 1, 1)

	list := mustDo(t, settings, "queue", "dead", "list")
	if !strings.HasPrefix(list, "outbox/1\ttừ 20") || !strings.Contains(list, "\ttelegram\t") || !strings.Contains(list, "markup refused") || strings.Contains(list, "đột phá") {
		t.Errorf("listed as:\n%s", list)
	}
	var listed, shown bot.DeadLetter
	if err := json.Unmarshal([]byte(mustDo(t, settings, "queue", "dead", "list", "--json")), &listed); err != nil || listed.Words != "" {
		t.Errorf("listed as JSON: %+v, %v", listed, err)
	}
	if err := json.Unmarshal([]byte(mustDo(t, settings, "queue", "dead", "show", "--json", "outbox/1")), &shown); err != nil || !strings.Contains(shown.Words, "Phần II") {
		t.Errorf("shown as JSON: %+v, %v", shown, err)
	}
	if out := mustDo(t, settings, "queue", "dead", "show", "outbox/1"); !strings.Contains(out, "Lý do: ") || !strings.Contains(out, "Phần II") {
		t.Errorf("shown as:\n%s", out)
	}
	_, metrics := fetch(t, http.MethodGet, p.AdminURL+"/metrics", "")
	for _, want := range []string{
		`hoinq_dead_letters{queue="outbox"} 1`, `hoinq_dead_letters_total{queue="outbox"} 1`, `hoinq_dead_letters_total{queue="inbox"} 0`,
		`hoinq_send_failures_total{channel="telegram",code="400",kind="refused"} 1`, `hoinq_replicas 1`,
		`hoinq_stage_seconds_count{stage="store"} 1`,
	} {
		if !strings.Contains(metrics, want+"\n") {
			t.Errorf("the metrics lack %s", want)
		}
	}

	// The vendor takes messages again.
	mustDo(t, settings, "queue", "dead", "retry", "outbox/1")
	if got := waitFor(t, vendor, 1, 1); !strings.Contains(got[0].Words, "Phần II") {
		t.Errorf("the person got:\n%s", got[0].Words)
	}
	code, out := hoinq(t, settings, "queue", "dead", "retry", "outbox/1", "inbox/7")
	if code != exitFailure || !strings.Contains(out, "outbox/1: không có tin mang số này") || !strings.Contains(out, "inbox/7: ") {
		t.Errorf("retried again: code %d:\n%s", code, out)
	}
	ask(t, p, vendor, 1, 2, "/riengtu")
	if got := waitFor(t, vendor, 1, 2); !strings.Contains(got[1].Words, "30 phút") {
		t.Errorf("retried again, the person got it again:\n%s", got[1].Words)
	}
	if strings.Contains(p.Log(), "đột phá") {
		t.Errorf("the log:\n%s", p.Log())
	}
}

func TestWithoutAServeTheQueueItselfIsAsked(t *testing.T) {
	folder := t.TempDir()
	vendor := bottest.NewTelegram(t, "987654:Thu-Tin-Chet", "Bi-Mat")
	p := bottest.Start(t, folder, vendor.Settings())
	for conversation := 1; conversation <= 3; conversation++ {
		letDie(t, p, vendor, conversation, conversation)
	}
	settings := operator(p, folder)
	p.Terminate(t)
	if out := mustDo(t, settings, "queue", "dead", "list"); strings.Count(out, "outbox/") != 3 {
		t.Errorf("listed as:\n%s", out)
	}
	if code, out := hoinq(t, settings, "queue", "dead", "show", "outbox/9"); code != exitFailure || !strings.Contains(out, "outbox/9: không có tin") {
		t.Errorf("an unknown one: code %d:\n%s", code, out)
	}
	if out := mustDo(t, settings, "queue", "dead", "retry", "--all"); !strings.Contains(out, "Đã đưa lại 3 tin") {
		t.Errorf("retried:\n%s", out)
	}
	p = p.Restart(t)
	for conversation := 1; conversation <= 3; conversation++ {
		waitFor(t, vendor, conversation, 1)
	}
	if out := mustDo(t, operator(p, folder), "queue", "dead", "list"); strings.Contains(out, "outbox/") {
		t.Errorf("still listed:\n%s", out)
	}
}

func TestOnlyWhoMayReadTheFolderGetsAtDeadLetters(t *testing.T) {
	folder := t.TempDir()
	vendor := bottest.NewTelegram(t, "987654:Thu-Tin-Chet", "Bi-Mat")
	p := bottest.Start(t, folder, vendor.Settings())
	letDie(t, p, vendor, 1, 1)
	for _, url := range []string{p.AdminURL + "/queue/dead/outbox?from=0", p.AdminURL + "/queue/dead/outbox/1"} {
		if status, body := fetch(t, http.MethodGet, url, ""); status != http.StatusForbidden || strings.Contains(body, "Phần") {
			t.Errorf("%s without the pass: %d %s", url, status, body)
		}
	}
	if status, _ := fetch(t, http.MethodPost, p.AdminURL+"/queue/dead/outbox/1/retry", ""); status != http.StatusForbidden {
		t.Errorf("retried without the pass: %d", status)
	}
	if status, _ := fetch(t, http.MethodGet, p.PublicURL+"/queue/dead/outbox?from=0", ""); status != http.StatusNotFound {
		t.Errorf("on the public address: %d", status)
	}
	// Another folder's serve, and none at all, on the address.
	other := bottest.Start(t, t.TempDir(), nil)
	for _, settings := range [][]string{operator(other, folder), {"HOINQ_DATA=" + folder, "HOINQ_ADMIN_LISTEN=127.0.0.1:1"}} {
		code, out := hoinq(t, settings, "queue", "dead", "list")
		if code != exitFailure || !strings.Contains(out, "HOINQ_ADMIN_LISTEN") || strings.Contains(out, "outbox/1") {
			t.Errorf("%s: code %d:\n%s", settings[1], code, out)
		}
	}
	if len(vendor.Messages(1)) != 0 {
		t.Error("something was retried")
	}
}

func TestForgettingRemovesTheDeadLettersOfOnePerson(t *testing.T) {
	folder := t.TempDir()
	vendor := bottest.NewTelegram(t, "987654:Thu-Tin-Chet", "Bi-Mat")
	p := bottest.Start(t, folder, vendor.Settings())
	letDie(t, p, vendor, 1, 1)
	letDie(t, p, vendor, 2, 2)
	ask(t, p, vendor, 1, 3, "/xoa")
	waitFor(t, vendor, 1, 1)
	if out := mustDo(t, operator(p, folder), "queue", "dead", "list"); !strings.HasPrefix(out, "outbox/2\t") || strings.Count(out, "\n") != 1 {
		t.Errorf("left over:\n%s", out)
	}
}

// Messages that nobody can answer: what is stored is damaged, or of another
// version of the program, or leads nowhere.
func TestAPoisonousMessageHoldsUpNobody(t *testing.T) {
	folder := t.TempDir()
	poison(t, folder, "damaged", "\x1b[2J\x00{")
	poison(t, folder, "later", `{"channel":"telegram","kind":{"of":"later"},"text":"lời"}`)
	poison(t, folder, "nowhere", `{"channel":"telegram","bot":"1","id":"9","kind":"command","text":"/riengtu","address":{"chat":"x"}}`)
	vendor := bottest.NewTelegram(t, "987654:Thu-Tin-Chet", "Bi-Mat")
	p := bottest.Start(t, folder, vendor.Settings())
	ask(t, p, vendor, 1, 1, deadQuestion)
	waitFor(t, vendor, 1, 1)
	dead := func(n int) func() bool {
		return func() bool { return strings.Count(p.Log(), "kept among the dead letters") == n }
	}
	bottest.Wait(t, p, "both that cannot be read are given up", dead(2))
	bottest.Wait(t, p, "the other one is tried", func() bool { return strings.Contains(p.Log(), "queue item failed") })
	settings := operator(p, folder)
	list := mustDo(t, settings, "queue", "dead", "list")
	if strings.Count(list, "stored message cannot be read") != 2 || strings.Contains(list, "lời") {
		t.Errorf("listed as:\n%s", list)
	}
	for _, n := range []string{"1", "2"} {
		out := mustDo(t, settings, "queue", "dead", "show", "inbox/"+n)
		if strings.ContainsAny(out, "\x1b\x00") || !strings.Contains(out, "[2J") && !strings.Contains(out, "lời") {
			t.Errorf("shown as %q", out)
		}
	}
	if out := mustDo(t, settings, "queue", "dead", "retry", "--all"); !strings.Contains(out, "Đã đưa lại 2 tin") {
		t.Errorf("retried:\n%s", out)
	}
	bottest.Wait(t, p, "both are given up again", dead(4))
}

// poison stores an item in the inbox of a folder that nobody serves.
func poison(t *testing.T, folder, id, data string) {
	t.Helper()
	server, err := queue.Open(t.Context(), slog.New(slog.DiscardHandler), filepath.Join(folder, "queue"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	}()
	inbox, err := server.Stream(t.Context(), string(bot.Inbox), queue.StreamOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := inbox.Publish(t.Context(), queue.Item{ID: id, Group: id, Shard: id, Owner: id, Data: []byte(data)}); err != nil {
		t.Fatal(err)
	}
}
