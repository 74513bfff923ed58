package main

import (
	"context"
	"net/http"
	"sync/atomic"
)

// door is what an address answers with: until it is opened only that the
// process lives, and 503 to everything else. Make one with [newDoor].
type door struct{ behind atomic.Pointer[http.Handler] }

func newDoor() *door {
	var d door
	mux := http.NewServeMux()
	probes(mux, func(context.Context) bool { return false })
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "10")
		http.Error(w, "Hệ thống đang khởi động, xin thử lại sau ít phút.", http.StatusServiceUnavailable)
	})
	d.open(mux)
	return &d
}

func (d *door) open(behind http.Handler) { d.behind.Store(&behind) }

// ServeHTTP hands a request to what is behind the door now.
func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) { (*d.behind.Load()).ServeHTTP(w, r) }

// probes adds the two questions that a supervisor asks.
func probes(mux *http.ServeMux, ready func(context.Context) bool) {
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { say(w, "ok\n") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if !ready(r.Context()) {
			http.Error(w, "not ready", http.StatusServiceUnavailable)
			return
		}
		say(w, "ok\n")
	})
}
