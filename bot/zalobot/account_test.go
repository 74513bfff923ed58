package zalobot

import (
	"strings"
	"testing"

	"github.com/hoinq/hoinq/bot/bottest"
)

func TestAWebhookIsRegisteredShownAndRemoved(t *testing.T) {
	f, c := newFake(t)
	if got, err := c.Registration(t.Context()); err != nil || got.URL != "" {
		t.Errorf("before: %+v, %v", got, err)
	}
	if err := c.Register(t.Context(), "https://hoi.example"); err != nil {
		t.Fatal(err)
	}
	if url, secret := f.Webhook(); url != "https://hoi.example/webhooks/zalo-bot" || secret != testSecret {
		t.Errorf("registered at %s with %q", url, secret)
	}
	if got, err := c.Registration(t.Context()); err != nil || got.URL != "https://hoi.example/webhooks/zalo-bot" {
		t.Errorf("after: %+v, %v", got, err)
	}
	err := c.Register(t.Context(), "http://hoi.example")
	if keepsPrivate(t, err); err == nil || !strings.Contains(err.Error(), "invalid url") {
		t.Errorf("%v does not name the reason", err)
	}
	if err := c.Unregister(t.Context()); err != nil {
		t.Fatal(err)
	}
	if url, _ := f.Webhook(); url != "" {
		t.Errorf("not removed: %s", url)
	}
}

// How the vendor says that there is none is not documented.
func TestNoWebhookIsNoErrorInWhateverWords(t *testing.T) {
	for _, r := range []bottest.ZaloBotRefusal{
		{Page: `{"ok":true}`}, {Page: `{"ok":true,"result":null}`}, {Page: `{"ok":true,"result":{}}`},
		{Code: 404, Description: "Not found"}, {Code: 400, Description: "Webhook is not set"},
	} {
		f, c := newFake(t)
		f.Refuse("getWebhookInfo", r)
		if got, err := c.Registration(t.Context()); err != nil || got.URL != "" {
			t.Errorf("%+v: %+v, %v", r, got, err)
		}
	}
	f, c := newFake(t)
	f.Refuse("getWebhookInfo", bottest.ZaloBotRefusal{Page: `{"ok":true,"result":"html"}`})
	if _, err := c.Registration(t.Context()); err == nil {
		t.Error("a word is taken for an answer")
	} else {
		keepsPrivate(t, err)
	}
}

func TestCheckNamesTheBot(t *testing.T) {
	f, c := newFake(t)
	if name, err := c.Check(t.Context()); err != nil || name != "Bot Hỏi Nghị quyết" {
		t.Errorf("%q, %v", name, err)
	}
	f.Refuse("getMe", bottest.ZaloBotRefusal{Page: `{"ok":true,"result":{"id":"42","account_name":"Bot A"}}`})
	if name, err := c.Check(t.Context()); err != nil || name != "Bot A" {
		t.Errorf("%q, %v", name, err)
	}
	for _, page := range []string{`{"ok":true,"result":{"account_name":" "}}`, `{"ok":true,"result":"html"}`} {
		f.Refuse("getMe", bottest.ZaloBotRefusal{Page: page})
		if name, err := c.Check(t.Context()); err == nil {
			t.Errorf("%s: %q", page, name)
		}
	}
}

func TestNewListsWhatIsWrongWithoutShowingIt(t *testing.T) {
	_, err := New(nil, Options{Token: "TEST-token_1", Secret: "bi mat " + testSecret, API: "ftp://" + testSecret, Rate: -1})
	if keepsPrivate(t, err); err == nil || strings.Count(err.Error(), "\n") != 3 {
		t.Errorf("%v", err)
	}
	for _, name := range []string{"HOINQ_ZALO_BOT_TOKEN", "HOINQ_ZALO_BOT_SECRET", "HOINQ_ZALO_BOT_API", "HOINQ_ZALO_BOT_RATE"} {
		if !strings.Contains(err.Error(), name+": ") {
			t.Errorf("%s is not named", name)
		}
	}
	for secret, good := range map[string]bool{"1234567": false, "12345678": true, strings.Repeat("x", 256): true, strings.Repeat("x", 257): false, "mật khẩu": false, "1234567\n": false} {
		if _, err := New(nil, Options{Token: testToken, Secret: secret}); (err == nil) != good {
			t.Errorf("a secret of %d characters: %v", len(secret), err)
		}
	}
	c, err := New(nil, Options{Token: testToken})
	if err != nil || c.opt.API != DefaultAPI || c.opt.Now == nil || c.Limits().PerSecond != 5 || c.Limits().Redelivers {
		t.Errorf("%v: %+v", err, c)
	}
}
