// Package widget puts the service into other sites' pages: it holds widget.js, a
// script that defines the element <hoi-nghi-quyet>, and the lines with which a
// webmaster takes it in. It knows nothing of questions, answers or who may ask;
// the script asks the public API of package webchat, which also decides what
// other origins may read. The portals' signed webhooks are package portal: a site
// may use either without the other, so they share nothing.
//
// # Taking it in
//
// Two lines in the page, with the address of the service in place of
// https://hoi.example.vn:
//
//	<script src="https://hoi.example.vn/widget.js" defer></script>
//	<hoi-nghi-quyet nhan="Hỏi văn bản" gon></hoi-nghi-quyet>
//
// and the origin of that page in the file of HOINQ_PORTAL_CLIENTS, without which
// browsers do not let the page read the answers:
//
//	{"clients":[{"id":"cong-xa","origins":["https://xa.example.vn"]}]}
//
// Attributes: nhan is the words on the button (by default "Hỏi văn bản"); gon
// puts the button into the lower right corner of the window instead of where the
// element stands (one such element a page); open has the panel open from the
// start; api is the address of the service, by default that of the script. As a
// property, open can be read and set.
//
// A page with a Content-Security-Policy needs the service in two places, and
// nothing for styles, images or frames, for there are none:
//
//	Content-Security-Policy: script-src 'self' https://hoi.example.vn; connect-src 'self' https://hoi.example.vn
//
// Custom properties set colours and shape, for the light and the dark scheme
// alike, so give those that stand on each other together: --hnq-paper, --hnq-ink,
// --hnq-soft (lesser words), --hnq-tint (grounds of notices), --hnq-line,
// --hnq-edge (of things to click, at least 3:1 on paper), --hnq-accent (links),
// --hnq-button and --hnq-on-button, --hnq-font, --hnq-quote-font, --hnq-radius,
// and in the corner --hnq-corner (distance from the edges), --hnq-width and
// --hnq-layer (z-index):
//
//	hoi-nghi-quyet { --hnq-button: #0b5394; --hnq-on-button: #fff; --hnq-accent: #0b5394; --hnq-paper: #fff; --hnq-ink: #222; --hnq-soft: #555 }
//
// WordPress: a file wp-content/plugins/hoi-nghi-quyet/hoi-nghi-quyet.php, then
// switch the plugin on:
//
//	<?php
//	/* Plugin Name: Hỏi nghị quyết */
//	add_action( 'wp_enqueue_scripts', function () {
//		wp_enqueue_script( 'hoi-nghi-quyet', 'https://hoi.example.vn/widget.js', array(), null, true );
//	} );
//	add_action( 'wp_footer', function () {
//		echo '<hoi-nghi-quyet nhan="Hỏi văn bản" gon></hoi-nghi-quyet>';
//	} );
//
// NukeViet: the two lines, before </body> in themes/THEME/layout/footer_only.tpl;
// in the policy of NukeViet (security settings, CSP) the service goes into
// script-src, and into connect-src where there is one:
//
//	script-src 'self' https://hoi.example.vn
//	connect-src 'self' https://hoi.example.vn
//
// Liferay 7.4 and later: a client extension of the type customElement, in
// client-extension.yaml; then put the widget on a page, or on the master page:
//
//	hoi-nghi-quyet:
//	    name: Hỏi nghị quyết
//	    type: customElement
//	    htmlElementName: hoi-nghi-quyet
//	    portletCategoryName: category.client-extensions
//	    properties:
//	        - api=https://hoi.example.vn
//	        - nhan=Hỏi văn bản
//	    urls:
//	        - https://hoi.example.vn/widget.js
//	    useESM: false
//
// SharePoint Online: in the onInit of an Application Customizer (SPFx), and the
// script's host among the trusted sources, once, by an administrator:
//
//	const script = document.createElement('script');
//	script.src = 'https://hoi.example.vn/widget.js';
//	document.head.appendChild(script);
//	const hoi = document.createElement('hoi-nghi-quyet');
//	hoi.setAttribute('nhan', 'Hỏi văn bản');
//	hoi.setAttribute('gon', '');
//	document.body.appendChild(hoi);
//
//	Add-SPOContentSecurityPolicy -Source https://hoi.example.vn
//
// [Guides] are the same lines for the demo page; a test keeps the two in step.
//
// # What it needs
//
// A browser of 2023 or later (constructed style sheets, private methods). It sets
// no cookie, stores nothing, sends the question and a random number that ends
// with the page, and loads nothing else.
package widget

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the script
	"encoding/hex"
	"net/http"
	"time"
)

// Path is where pages load the script from.
const Path = "/widget.js"

//go:embed widget.js
var script []byte // read-only

// maxAge is how long a browser uses the script without asking again, in
// seconds: a mended fault reaches everybody within minutes, and a visitor who
// goes from page to page loads it once.
const maxAge = "300"

// Script answers GET and HEAD with the script. Any site may load it: it holds
// no secret, and by itself it can read nothing. It is safe for concurrent use.
func Script() http.Handler {
	sum := sha256.Sum256(script)
	etag := `"` + hex.EncodeToString(sum[:8]) + `"`
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Type", "text/javascript; charset=utf-8")
		h.Set("Cache-Control", "public, max-age="+maxAge)
		h.Set("ETag", etag)
		h.Set("X-Content-Type-Options", "nosniff")
		// Pages that isolate themselves load nothing foreign that does not say so.
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(script))
	})
}
