package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/hoinq/hoinq/bot/bottest"
)

func newZaloOA(t *testing.T) *bottest.ZaloOA {
	t.Helper()
	return bottest.NewZaloOA(t, "1000000000000000001", "Bi-Mat-Ung-Dung", "Bi-Mat-OA")
}

func TestZaloOA(t *testing.T) {
	vendor := newZaloOA(t)
	bottest.Contract(t, startOnNewFolder, vendor)
	if _, reused := vendor.Renewals(); reused != 0 {
		t.Errorf("a refresh token was used again %d times", reused)
	}
}

// What the suite does not know of: people who follow and withdraw, a console
// that registers, tokens that outlive a process.
func TestZaloOAAsItsOwnersUseIt(t *testing.T) {
	vendor := newZaloOA(t)
	p := bottest.Start(t, t.TempDir(), vendor.Settings())
	id := 0
	tell := func(conversation int, text string) bottest.Sent {
		t.Helper()
		id++
		before := len(vendor.Messages(conversation))
		if got := vendor.Deliver(t, p.PublicURL, bottest.Incoming{Conversation: conversation, ID: id, Text: text}); got != 200 {
			t.Errorf("%s: status %d", text, got)
		}
		bottest.Wait(t, vendor, "an answer to "+text, func() bool { return len(vendor.Messages(conversation)) > before })
		return vendor.Messages(conversation)[before]
	}
	if got := vendor.Post(t, p.PublicURL+"/webhooks/zalo-oa", nil, "{}"); got != 200 {
		t.Errorf("registration: status %d", got)
	}

	const follow = `{"oa_id":"4620180917000000002","follower":{"id":"%s"},"event_name":"follow","source":"oa_profile","timestamp":"%s"}`
	for range 2 { // repeated
		if got := vendor.Notify(t, p.PublicURL, 1, follow); got != 200 {
			t.Errorf("follow: status %d", got)
		}
	}
	bottest.Wait(t, vendor, "a greeting", func() bool { return len(vendor.Messages(1)) > 0 })
	if got := vendor.Messages(1)[0]; !strings.Contains(got.Words, "Ví dụ:") || got.Answers != 0 {
		t.Errorf("greeted with:\n%s", got.Words)
	}
	if got := tell(1, "1"); len(got.Quotations) == 0 {
		t.Errorf("the first example is answered with:\n%s", got.Words)
	}
	if got := tell(1, "#hoi Ba khâu đột phá của Nghị quyết là gì?"); len(got.Quotations) == 0 || got.Answers != id {
		t.Errorf("a filtered question is answered with:\n%s", got.Words)
	}
	if got := len(vendor.Messages(1)); got != 3 {
		t.Errorf("%d messages, want the greeting once and two answers", got)
	}

	// Whoever has withdrawn is remembered no longer, and hears nothing of it.
	if got := tell(2, "/start"); !strings.Contains(got.Words, "Ví dụ:") {
		t.Errorf("greeted with:\n%s", got.Words)
	}
	const withdraw = `{"oa_id":"4620180917000000002","user_id":"%s","event_name":"user_withdraw","timestamp":"%s"}`
	if got := vendor.Notify(t, p.PublicURL, 2, withdraw); got != 200 {
		t.Errorf("withdrawal: status %d", got)
	}
	if got := tell(2, "1"); !strings.Contains(got.Words, "chưa tìm thấy") {
		t.Errorf("a choice is known after the withdrawal:\n%s", got.Words)
	}
	if got := len(vendor.Messages(2)); got != 2 {
		t.Errorf("%d messages, want 2", got)
	}

	made, _ := vendor.Renewals()
	p.Kill(t)
	p = p.Restart(t)
	tell(3, "/riengtu")
	if again, _ := vendor.Renewals(); again != made {
		t.Errorf("%d renewals after a start, want none", again-made)
	}
}

func TestTheDoctorNamesWhatAZaloOALacks(t *testing.T) {
	vendor := newZaloOA(t)
	all := vendor.Settings()
	folder := "HOINQ_DATA=" + t.TempDir()
	base := []string{folder, "HOINQ_LISTEN=127.0.0.1:0", "HOINQ_ADMIN_LISTEN=127.0.0.1:0"}
	const lacks = "CẦN SỬA  kênh Zalo OA: chưa đặt "
	for want, settings := range map[string][]string{
		lacks + "HOINQ_ZALO_OA_APP_ID nên": all[1:],
		lacks + "HOINQ_ZALO_OA_APP_SECRET, HOINQ_ZALO_OA_SECRET, HOINQ_ZALO_OA_REFRESH_TOKEN nên": slices.Delete(slices.Clone(all), 1, 4),
	} {
		if code, out := hoinq(t, append(slices.Clone(settings), base...), "doctor"); code != exitFailure || !strings.Contains(out, want) {
			t.Errorf("want %q: %d\n%s", want, code, out)
		}
	}
	if code, out := hoinq(t, append(slices.Clone(all), base...), "doctor"); code != 0 || !strings.Contains(out, "ổn       kênh Zalo OA: máy chủ của Zalo trả lời") {
		t.Errorf("with all: %d\n%s", code, out)
	}
	unreached := slices.DeleteFunc(slices.Clone(all), func(s string) bool { return strings.HasPrefix(s, "HOINQ_PUBLIC_URL=") })
	if code, out := hoinq(t, append(unreached, base...), "doctor"); code != exitFailure || !strings.Contains(out, "CẦN SỬA  kênh Zalo OA: chưa đặt HOINQ_PUBLIC_URL") {
		t.Errorf("without a public address: %d\n%s", code, out)
	}
	// What is wrong with one channel hides no other.
	if code, out := hoinq(t, append(slices.Clone(all), append(base, "HOINQ_ZALO_BOT_TOKEN=abc")...), "doctor"); code != exitFailure ||
		!strings.Contains(out, "ổn       kênh Zalo OA") || !strings.Contains(out, "CẦN SỬA  kênh Zalo Bot: HOINQ_ZALO_BOT_TOKEN") {
		t.Errorf("beside a channel with a wrong token: %d\n%s", code, out)
	}
	if code, out := hoinq(t, append(slices.Clone(all), base...), "webhook", "show", "--channel", "zalo-oa"); code != exitUsage ||
		!strings.Contains(out, "https://hoi.example/webhooks/zalo-oa") {
		t.Errorf("its webhook: %d\n%s", code, out)
	}
	wrong := append(slices.Clone(all), "HOINQ_ZALO_OA_API=http://127.0.0.1:1")
	if code, out := hoinq(t, append(wrong, base...), "doctor"); code != exitFailure || !strings.Contains(out, "CẦN SỬA  kênh Zalo OA") {
		t.Errorf("with a wrong address: %d\n%s", code, out)
	}
	if made, reused := vendor.Renewals(); made+reused != 0 {
		t.Errorf("the doctor used the refresh token")
	}
}
