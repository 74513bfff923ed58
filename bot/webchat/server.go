package webchat

import (
	"log/slog"
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/internal/ratelimit"
)

// Limits of one address. A person reads an answer for seconds; a school or an
// office behind one address has dozens of people. Asking costs some
// milliseconds of one core, so a single address cannot keep a machine busy.
const (
	askPerSecond  = 5
	askBurst      = 100
	pagePerSecond = 10
	pageBurst     = 200
)

// Site is all of the package behind its limits. Make it with [New]; it is safe
// for concurrent use.
type Site struct {
	mux        *http.ServeMux
	pages      *Pages
	trusted    []netip.Prefix
	origins    []string
	asks, rest *ratelimit.Limiter
	rejected   func(reason string)
}

// SiteOptions adjust a site. The zero value works.
type SiteOptions struct {
	// Trusted are the networks of our own proxies.
	Trusted []netip.Prefix
	// Origins are the other sites whose pages may ask and read the answers, each
	// as browsers write it: "https://xa.example.vn", with a port where it is not
	// the usual one. Empty for none.
	Origins []string
	// Version is shown by the API's description.
	Version string
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Rejected is told why a request was turned away; nil for nobody.
	Rejected func(reason string)
}

// New makes the site for what asker answers.
func New(log *slog.Logger, asker Asker, opt SiteOptions) *Site {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Rejected == nil {
		opt.Rejected = func(string) {}
	}
	s := &Site{
		mux:      http.NewServeMux(),
		pages:    NewPages(log, asker, Options{}),
		trusted:  opt.Trusted,
		origins:  opt.Origins,
		asks:     ratelimit.New(askPerSecond, askBurst, opt.Now),
		rest:     ratelimit.New(pagePerSecond, pageBurst, opt.Now),
		rejected: opt.Rejected,
	}
	s.pages.Register(s.mux)
	s.mux.HandleFunc("/", s.pages.NotFound)
	newAPI(log, asker, opt.Version).register(s.mux)
	return s
}

// ServeHTTP implements [http.Handler].
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	securityHeaders(w.Header())
	if s.crossOrigin(w, r) { // before the limits, so that whoever meets one can read so
		return
	}
	limiter := s.rest
	if r.Method == http.MethodPost {
		limiter = s.asks
	}
	if ok, retry := limiter.Allow(clientAddress(r, s.trusted)); !ok {
		s.rejected("flood")
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(retry.Seconds()))))
		if strings.HasPrefix(r.URL.Path, apiRoot) {
			writeProblem(w, problemOf(http.StatusTooManyRequests, "Anh/chị gửi yêu cầu nhanh quá; vui lòng chờ theo Retry-After rồi gửi lại."))
			return
		}
		s.pages.notice(w, r, http.StatusTooManyRequests, noticeTooFast)
		return
	}
	s.mux.ServeHTTP(w, r)
}

// WebChannel and APIChannel name where a question was asked.
const (
	WebChannel bot.ChannelID = "web"
	APIChannel bot.ChannelID = "api"
)
