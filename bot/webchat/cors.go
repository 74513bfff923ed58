package webchat

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/hoinq/hoinq/bot/widget"
)

// preflightAge is how long a browser need not ask again whether it may ask, in
// seconds: an origin taken off the list is refused after that, and a reader
// who asks on costs one request a question.
const preflightAge = 600

// crossOrigin lets the pages of other sites ask, if they are on the list, and
// reports whether the request is answered with that: it was the question
// whether one may ask. Every other site gets no word of it, and its visitors'
// browsers keep the answers from it. That is a courtesy of browsers and signs
// nobody in; the limits by address hold for all.
func (s *Site) crossOrigin(w http.ResponseWriter, r *http.Request) (answered bool) {
	if r.URL.Path != askAPIPath && r.URL.Path != widget.Path {
		return false
	}
	h := w.Header()
	h.Add("Vary", "Origin") // also where none came: a cache must not mix them up
	origin := r.Header.Get("Origin")
	// "null" is any page in a sandbox, or a file: it names nobody.
	if origin == "" || origin == "null" || !slices.Contains(s.origins, origin) {
		return false
	}
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Expose-Headers", "Retry-After")
	if r.URL.Path != askAPIPath || r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" {
		return false
	}
	h.Set("Access-Control-Allow-Methods", http.MethodPost)
	h.Set("Access-Control-Allow-Headers", "Content-Type")
	h.Set("Access-Control-Max-Age", strconv.Itoa(preflightAge))
	w.WriteHeader(http.StatusNoContent)
	return true
}
