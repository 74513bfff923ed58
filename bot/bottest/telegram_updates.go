package bottest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// telegramSecretHeader carries the secret of a webhook request.
const telegramSecretHeader = "X-Telegram-Bot-Api-Secret-Token"

// Queue lets an update wait to be polled. Updates keep the order of their ids.
func (f *Telegram) Queue(update string) {
	f.change(func() {
		f.updates = append(f.updates, json.RawMessage(update))
		slices.SortStableFunc(f.updates, func(a, b json.RawMessage) int { return int(telegramUpdateID(a) - telegramUpdateID(b)) })
	})
}

func telegramUpdateID(update json.RawMessage) int64 {
	var head struct {
		ID int64 `json:"update_id"`
	}
	_ = json.Unmarshal(update, &head) // 0 for what is no update
	return head.ID
}

// getUpdates answers at once when an update waits, else when one comes or the
// time is up. Asking for an offset confirms, and so forgets, all before it.
func (f *Telegram) getUpdates(r *http.Request, fields map[string]string) (any, *telegramRefusal) {
	offset := integer(fields["offset"])
	timeout := time.NewTimer(time.Duration(integer(fields["timeout"])) * time.Second)
	defer timeout.Stop()
	f.change(func() {
		f.updates = slices.DeleteFunc(f.updates, func(u json.RawMessage) bool { return telegramUpdateID(u) < offset })
	})
	for {
		f.mu.Lock()
		waiting, changed, hooked := slices.Clone(f.updates), f.changed, f.webhook.url != ""
		f.mu.Unlock()
		if hooked {
			return nil, &telegramRefusal{
				Code:        http.StatusConflict,
				Description: "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
			}
		}
		if len(waiting) > 0 {
			f.change(func() { f.handed += len(waiting) })
			return waiting, nil
		}
		select {
		case <-changed:
		case <-timeout.C:
			return []json.RawMessage{}, nil
		case <-r.Context().Done():
			return []json.RawMessage{}, nil
		case <-f.stop:
			return []json.RawMessage{}, nil
		}
	}
}

// Post delivers an update to a webhook, signed with secret, and returns the
// status. An empty secret leaves the header out.
func (f *Telegram) Post(t testing.TB, url, secret, update string) (status int) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(update))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if secret != "" {
		r.Header.Set(telegramSecretHeader, secret)
	}
	response, err := f.client.Do(r)
	if err != nil {
		t.Errorf("deliver an update: %v", err)
		return 0
	}
	defer response.Body.Close()
	if body, err := io.ReadAll(response.Body); err != nil || bytes.Contains(body, []byte(update)) {
		t.Errorf("the answer to an update cannot be read, or echoes it: %v", err)
	}
	return response.StatusCode
}
