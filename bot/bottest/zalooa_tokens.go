package bottest

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
)

const zaloOATokensPath = "/v4/oa/access_token"

// zaloOATokens are the tokens that the vendor gave.
type zaloOATokens struct {
	life     string          // expires_in, as JSON
	access   map[string]bool // whether it is good
	refresh  map[string]bool // whether it is unused
	renewals int
	reused   int // times that a used refresh token came again
	lose     bool
}

// Consent is a new refresh token, as the account's administrator gets it.
func (f *ZaloOA) Consent() (refresh string) {
	f.change(func() {
		refresh = fmt.Sprintf("Ma-Lam-Moi-%d", len(f.tokens.refresh)+1)
		f.tokens.refresh[refresh] = true
	})
	return refresh
}

// Expire ends all access tokens. Those that are not even remembered are unknown
// to the vendor, which it says with another code.
func (f *ZaloOA) Expire(remembered bool) {
	f.change(func() {
		for token := range f.tokens.access {
			f.tokens.access[token] = false
		}
		if !remembered {
			clear(f.tokens.access)
		}
	})
}

// Life sets the JSON value of expires_in.
func (f *ZaloOA) Life(expiresIn string) {
	f.change(func() { f.tokens.life = expiresIn })
}

// LoseRenewal renews the next time, and breaks the connection before it says
// so.
func (f *ZaloOA) LoseRenewal() {
	f.change(func() { f.tokens.lose = true })
}

// Renewals is how many were made, and how often a used refresh token came
// again.
func (f *ZaloOA) Renewals() (made, reused int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.tokens.renewals, f.tokens.reused
}

// renew gives new tokens for a refresh token, once for each.
func (f *ZaloOA) renew(w http.ResponseWriter, r *http.Request, body string) {
	form, err := url.ParseQuery(body)
	token := form.Get("refresh_token")
	refusal, lost, answer := "", false, ""
	f.change(func() {
		unused, given := f.tokens.refresh[token]
		switch {
		case err != nil, r.Header.Get("Content-Type") != "application/x-www-form-urlencoded", form.Get("grant_type") != "refresh_token":
			refusal = `{"error":-14003,"error_name":"Invalid parameter"}`
		case form.Get("app_id") != f.appID, r.Header.Get("secret_key") != f.appSecret:
			refusal = `{"error":-14004,"error_name":"Invalid app"}`
		case !unused:
			if given {
				f.tokens.reused++
			}
			refusal = `{"error":-14014,"error_name":"Invalid refresh token","error_description":"` + token + `"}`
		default:
			f.tokens.refresh[token] = false
			f.tokens.renewals++
			n := len(f.tokens.refresh) + 1
			access, refresh := fmt.Sprintf("Ma-Truy-Cap-%d", n), fmt.Sprintf("Ma-Lam-Moi-%d", n)
			f.tokens.access[access], f.tokens.refresh[refresh] = true, true
			answer = fmt.Sprintf(`{"access_token":%q,"refresh_token":%q,"expires_in":%s}`, access, refresh, f.tokens.life)
			lost, f.tokens.lose = f.tokens.lose, false
		}
	})
	if lost {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprint(w, answer+refusal)
}

// given are all tokens that were ever given.
func (f *ZaloOA) given() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Concat(slices.Collect(maps.Keys(f.tokens.access)), slices.Collect(maps.Keys(f.tokens.refresh)))
}
