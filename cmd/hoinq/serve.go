package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"golang.org/x/sync/errgroup"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/bot/webchat"
	"github.com/hoinq/hoinq/internal/queue"
)

// serveCommand opens the web pages and the channels. Its flags are settings,
// which rawSettings collects by their names.
type serveCommand struct {
	Listen           string `placeholder:"ĐỊA-CHỈ" help:"Nơi mở trang hỏi đáp; HOINQ_LISTEN; mặc định :8080."`
	AdminListen      string `placeholder:"ĐỊA-CHỈ" help:"Nơi xem số đo, chỉ cho người quản trị; HOINQ_ADMIN_LISTEN; mặc định 127.0.0.1:9090."`
	PublicURL        string `name:"public-url" placeholder:"URL" help:"Địa chỉ mà người dân mở, như https://hoi.example.vn; HOINQ_PUBLIC_URL."`
	TrustedProxies   string `placeholder:"DẢI,…" help:"Dải địa chỉ của máy chủ chuyển tiếp đứng trước; HOINQ_TRUSTED_PROXIES."`
	TelegramAPI      string `name:"telegram-api" placeholder:"URL" help:"Máy chủ Bot API; HOINQ_TELEGRAM_API."`
	TelegramMode     string `placeholder:"CÁCH" help:"webhook hoặc polling; HOINQ_TELEGRAM_MODE."`
	TelegramRate     string `placeholder:"SỐ" help:"Số tin gửi mỗi giây; HOINQ_TELEGRAM_RATE; mặc định 30."`
	TelegramRegister string `placeholder:"true|false" help:"Tự đăng ký webhook khi khởi động; HOINQ_TELEGRAM_REGISTER; mặc định true."`
}

// The time that serve takes to end: the web server and the work under way have
// drainTime together, and the whole is cut off at endTime. What is not done by
// then is on disk.
const (
	drainTime = 7 * time.Second
	endTime   = 9500 * time.Millisecond
)

// Run serves until ctx ends. A queue that is stuck after a full disk is closed
// and opened anew.
func (serveCommand) Run(ctx context.Context, p *program) error {
	p.endIn(endTime)
	for {
		err := p.serveOnce(ctx)
		if !errors.Is(err, errStuck) || ctx.Err() != nil {
			return err
		}
		p.log.Warn("the disk has room again, the queue is opened anew")
	}
}

// serveOnce opens the addresses and the queue and serves until ctx ends or the
// queue is stuck.
func (p *program) serveOnce(ctx context.Context) error {
	public, admin, err := p.listen(ctx)
	if err != nil {
		return err
	}
	defer public.Close() //nolint:errcheck // closed by the servers already, unless one was never started
	defer admin.Close()  //nolint:errcheck // the same
	// Should it be opened anew, then where it can be reached now.
	p.Listen, p.AdminListen = public.Addr().String(), admin.Addr().String()
	server, err := queue.Open(ctx, p.log, filepath.Join(p.Data, "queue"))
	if err != nil {
		return err
	}
	err = p.serve(ctx, server, public, admin)
	if closed := server.Close(); err == nil && closed != nil {
		err = fmt.Errorf("close queue: %w", closed)
	}
	return err
}

// listen opens both addresses.
func (p *program) listen(ctx context.Context) (public, admin net.Listener, err error) {
	var config net.ListenConfig
	if public, err = config.Listen(ctx, "tcp", p.Listen); err != nil {
		return nil, nil, &listenError{setting: "HOINQ_LISTEN", err: err}
	}
	if admin, err = config.Listen(ctx, "tcp", p.AdminListen); err != nil {
		return nil, nil, errors.Join(&listenError{setting: "HOINQ_ADMIN_LISTEN", err: err}, public.Close())
	}
	return public, admin, nil
}

// serve runs everything on an open queue.
func (p *program) serve(ctx context.Context, server *queue.Server, public, admin net.Listener) error {
	key, err := p.hashKey()
	if err != nil {
		return err
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "hoinq_build_info", Help: "1, for the version that runs.", ConstLabels: prometheus.Labels{"version": version()},
	}, func() float64 { return 1 }))
	metrics := bot.NewMetrics(registry)
	memory, err := bot.OpenMemory(ctx, p.log, server, key)
	if err != nil {
		return err
	}
	office := bot.Office{Name: p.Office, Contact: p.Contact, PublicURL: p.PublicURL}
	answerer := bot.NewAnswerer(office, memory, metrics, time.Now)
	telegram, off, err := p.telegram()
	if err != nil {
		return err
	}
	if off != "" {
		p.log.Error("telegram is off", "why", off)
	}
	channels := map[bot.ChannelID]bot.Channel{}
	if telegram != nil {
		channels[telegramID] = telegram
	}
	service, err := bot.NewService(ctx, p.log, server, bot.ServiceParts{
		Conversation: bot.NewConversation(answerer, memory), Metrics: metrics, Channels: channels,
	})
	if err != nil {
		return err
	}
	ready := func(ctx context.Context) bool { return answerer.Ready() && server.Ready(ctx) == nil }

	front := http.NewServeMux()
	probes(front, ready)
	for id := range channels {
		front.Handle("/webhooks/"+string(id), service.Webhook(id))
	}
	front.Handle("/", webchat.New(p.log, answerer, webchat.SiteOptions{
		Trusted: p.TrustedProxies, Version: version(), Rejected: func(reason string) { metrics.Rejected(webchat.WebChannel, reason) },
	}))
	back := http.NewServeMux()
	probes(back, ready)
	back.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))

	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return p.keepCurrent(ctx, answerer) })
	group.Go(func() error { return p.watchQueue(ctx, server, service) })
	group.Go(func() error { return service.Run(ctx) })
	group.Go(func() error { return p.serveHTTP(ctx, public, front) })
	group.Go(func() error { return p.serveHTTP(ctx, admin, back) })
	if telegram != nil {
		// Of several replicas one asks the vendor for messages, or tells it where to send them.
		group.Go(func() error {
			return server.Lead(ctx, string(telegramID), func(ctx context.Context) error { return p.runTelegram(ctx, telegram, service) })
		})
	}
	p.log.Info("listening", "public", public.Addr(), "admin", admin.Addr())
	say(p.stdout, "Mở trang hỏi đáp: http://%s\n", shownAddress(public.Addr()))
	<-ctx.Done()
	p.log.Info("ending, work under way is finished first")
	return group.Wait()
}

// shownAddress is an address that a person on this machine can open.
func shownAddress(addr net.Addr) string {
	if tcp, ok := addr.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		return fmt.Sprintf("localhost:%d", tcp.Port)
	}
	return addr.String()
}

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

// serveHTTP serves until ctx ends, and then lets the requests under way finish.
func (p *program) serveHTTP(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(p.log.Handler(), slog.LevelWarn),
	}
	ended := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
		defer cancel()
		ended <- server.Shutdown(ctx)
	})
	err := server.Serve(listener)
	if stop() { // nobody asked it to end
		return fmt.Errorf("serve on %s: %w", listener.Addr(), err)
	}
	if err := <-ended; err != nil {
		p.log.Warn("requests were cut off at the end", "error", err)
	}
	return nil
}
