package bottest

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// A made-up secret, and the one of the standard's own example.
const (
	testPortalSecret = "whsec_QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="
	exampleSecret    = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
)

func TestTheFakePortalSignsAsTheStandardDoes(t *testing.T) {
	got := portalSum(exampleSecret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", `{"test": 2432232314}`)
	if want := "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("signed %s, want %s", got, want)
	}
}

// portalAnswer is a call of the callback as it should be.
const portalAnswer = `{"type":"question.answered","timestamp":"2026-11-22T08:30:00Z","data":{"conversation":"c","question_id":"q",` +
	`"answer":{"id":"q","answered":true,"text":"a [1]","citations":[{"n":1,"quote":"b","location":"Phần I"}],"nearest":[]}}}`

// callBack calls the callback of a fake that takes any time.
func callBack(t *testing.T, f *Portal, path string, a Asked) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, f.URL+path, strings.NewReader(a.Body))
	if err != nil {
		t.Fatal(err)
	}
	a.Sign(r.Header)
	r.Header.Set("Content-Type", "application/json")
	response, err := f.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response.StatusCode
}

func TestTheFakePortalTakesNothingThatAPortalWouldNot(t *testing.T) {
	at := time.Date(2026, 11, 22, 8, 30, 0, 0, time.UTC)
	good := Asked{ID: "q-answer", Body: portalAnswer, Secrets: []string{testPortalSecret}, At: at}
	const path = "/nhan?khoa=" + portalKey
	for _, tc := range []struct {
		name, path string
		change     func(a *Asked)
		status     int
	}{
		{"as it should be", path, func(*Asked) {}, 204},
		{"not at the callback", "/nhan", func(*Asked) {}, 400},
		{"signed by somebody else", path, func(a *Asked) { a.Secrets = []string{exampleSecret} }, 400},
		{"not signed", path, func(a *Asked) { a.Secrets = nil }, 400},
		{"without an id", path, func(a *Asked) { a.ID = "" }, 400},
		{"with a dot in the id", path, func(a *Asked) { a.ID = "q.1" }, 400},
		{"of another time than it says", path, func(a *Asked) { a.At = at.Add(time.Minute) }, 400},
		{"not JSON", path, func(a *Asked) { a.Body = "{" }, 400},
		{"of another type", path, func(a *Asked) { a.Body = strings.Replace(a.Body, "answered", "asked", 1) }, 400},
		{"a list that is null", path, func(a *Asked) { a.Body = strings.Replace(a.Body, "[]", "null", 1) }, 400},
		{"to no question", path, func(a *Asked) { a.Body = strings.ReplaceAll(a.Body, `"q"`, `""`) }, 400},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := NewPortal(t, "a", testPortalSecret)
			f.AcceptAnyTime()
			a := good
			tc.change(&a)
			if got := callBack(t, f, tc.path, a); got != tc.status {
				t.Errorf("status %d, want %d", got, tc.status)
			}
			taken := 0
			if tc.status == 204 {
				taken = 1
			}
			if got := len(f.AnswersTo("c")); got != taken || len(f.faults) != 1-taken {
				t.Errorf("%d answers taken, %d faults noted", got, len(f.faults))
			}
			f.faults = nil // they were meant
		})
	}
}

func TestTheFakePortalTakesNothingOfAnotherTime(t *testing.T) {
	f := NewPortal(t, "a", testPortalSecret)
	a := Asked{ID: "q-answer", Body: portalAnswer, Secrets: []string{testPortalSecret}, At: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	if got := callBack(t, f, "/nhan?khoa="+portalKey, a); got != http.StatusBadRequest {
		t.Errorf("status %d, want 400", got)
	}
	f.faults = nil // it was meant
}

func TestTheFakePortalMakesTheTroubleItIsTold(t *testing.T) {
	f := NewPortal(t, "a", testPortalSecret)
	f.AcceptAnyTime()
	conversation := PortalConversation(1)
	a := Asked{ID: "q-answer", Secrets: []string{testPortalSecret}, At: time.Date(2026, 11, 22, 8, 30, 0, 0, time.UTC)}
	a.Body = strings.Replace(portalAnswer, `"c"`, `"`+conversation+`"`, 1)
	for _, tc := range []struct {
		trouble Trouble
		status  int
	}{{RateLimit, 429}, {Block, 410}, {Fail, 502}} {
		f.Trouble(1, tc.trouble)
		if got := callBack(t, f, "/nhan?khoa="+portalKey, a); got != tc.status {
			t.Errorf("status %d, want %d", got, tc.status)
		}
		if got := callBack(t, f, "/nhan?khoa="+portalKey, a); got != 204 {
			t.Errorf("the second time: status %d", got)
		}
	}
	if got, taken := len(f.Attempts(1)), len(f.Messages(1)); got != 6 || taken != 3 {
		t.Errorf("%d attempts and %d messages, want 6 and 3", got, taken)
	}
}
