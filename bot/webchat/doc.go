// Package webchat is everything that a browser or another program gets over
// HTTP besides the vendors' webhooks: the chat page, the reading view of each
// document, the public API, and the page that shows how other sites take in
// the script of package widget.
//
// The pages are rendered on the server and work without JavaScript; a small
// script only spares the reload. They set no cookie and load nothing from
// anywhere else, under a Content-Security-Policy that allows neither. The API
// is described by /openapi.json.
//
// [New] joins both behind per-address limits:
//
//	site := webchat.New(log, answerer, webchat.SiteOptions{})
//	http.ListenAndServe(":8080", site)
//
// Pages of other sites may ask through the API if their origins are listed in
// the options; browsers keep the answers from all others.
//
// The package does not know how answers come about: it asks through bot. It
// signs nobody in and keeps nothing about visitors; the limits hold addresses
// in memory, for as long as it takes them to be forgotten.
package webchat
