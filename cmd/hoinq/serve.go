package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/hoinq/hoinq/internal/datafolder"
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
	ZaloOAAppID      string `name:"zalo-oa-app-id" placeholder:"MÃ" help:"Mã ứng dụng Zalo; HOINQ_ZALO_OA_APP_ID."`
	ZaloOAAPI        string `name:"zalo-oa-api" placeholder:"URL" help:"Máy chủ OpenAPI của Zalo; HOINQ_ZALO_OA_API."`
	ZaloOAOAuth      string `name:"zalo-oa-oauth" placeholder:"URL" help:"Máy chủ cấp mã truy cập của Zalo; HOINQ_ZALO_OA_OAUTH."`
	ZaloOAPaid       string `name:"zalo-oa-paid" placeholder:"true|false" help:"Gửi cả tin mà Zalo tính tiền; HOINQ_ZALO_OA_PAID; mặc định false."`
	ZaloOARate       string `name:"zalo-oa-rate" placeholder:"SỐ" help:"Số tin gửi mỗi phút qua Zalo OA; HOINQ_ZALO_OA_RATE; mặc định 100."`
	ZaloBotAPI       string `name:"zalo-bot-api" placeholder:"URL" help:"Máy chủ Zalo Bot; HOINQ_ZALO_BOT_API."`
	ZaloBotMode      string `name:"zalo-bot-mode" placeholder:"CÁCH" help:"webhook hoặc polling; HOINQ_ZALO_BOT_MODE."`
	ZaloBotRate      string `name:"zalo-bot-rate" placeholder:"SỐ" help:"Số tin gửi mỗi giây qua Zalo Bot; HOINQ_ZALO_BOT_RATE; mặc định 5."`
	ZaloBotRegister  string `name:"zalo-bot-register" placeholder:"true|false" help:"Tự đăng ký webhook Zalo Bot; HOINQ_ZALO_BOT_REGISTER; mặc định true."`
	PortalClients    string `name:"portal-clients" placeholder:"TỆP" help:"Tệp JSON ghi các cổng thông tin được hỏi; HOINQ_PORTAL_CLIENTS."`
	NATSUser         string `name:"nats-user" placeholder:"TÊN" help:"Tên đăng nhập vào cụm NATS của HOINQ_NATS_URL; HOINQ_NATS_USER."`
	NATSCreds        string `name:"nats-creds" placeholder:"TỆP" help:"Tệp .creds để đăng nhập vào cụm NATS; HOINQ_NATS_CREDS."`
	NATSCA           string `name:"nats-ca" placeholder:"TỆP" help:"Chứng chỉ gốc của cụm NATS; HOINQ_NATS_CA."`
	NATSCert         string `name:"nats-cert" placeholder:"TỆP" help:"Chứng chỉ của máy này; HOINQ_NATS_CERT."`
	NATSKey          string `name:"nats-key" placeholder:"TỆP" help:"Khóa của chứng chỉ đó; HOINQ_NATS_KEY."`
	NATSReplicas     string `name:"nats-replicas" placeholder:"SỐ" help:"Số máy chủ NATS cùng giữ một bản; HOINQ_NATS_REPLICAS; mặc định 3."`
}

// The time that serve takes to end: the web server and the work under way have
// drainTime together, and the whole is cut off at endTime. What is not done by
// then is on disk.
const (
	drainTime = 7 * time.Second
	endTime   = 9500 * time.Millisecond
)

// Run serves until ctx ends. A queue that works no more is closed and opened
// anew.
func (serveCommand) Run(ctx context.Context, p *program) error {
	p.endIn(endTime)
	p.cores = useThreads()
	for {
		err := p.serveOnce(ctx)
		if !errors.Is(err, errStuck) || ctx.Err() != nil {
			return err
		}
		p.log.Warn("the queue is opened anew")
	}
}

// serveOnce opens the addresses and the queue and serves until ctx ends or the
// queue is stuck. Until the queue is open, the addresses answer 503.
func (p *program) serveOnce(ctx context.Context) error {
	if err := datafolder.Claim(p.Data); err != nil {
		return err
	}
	public, admin, err := p.listen(ctx)
	if err != nil {
		return err
	}
	// Should it be opened anew, then where it can be reached now.
	p.Listen, p.AdminListen = public.Addr().String(), admin.Addr().String()
	group, working := errgroup.WithContext(ctx)
	front, back := newDoor(), newDoor()
	group.Go(func() error { return p.serveHTTP(working, public, front) })
	group.Go(func() error { return p.serveHTTP(working, admin, back) })
	p.log.Info("listening", "public", public.Addr(), "admin", admin.Addr())
	site, err := p.openSite(working)
	if err != nil {
		if ctx.Err() == nil {
			group.Go(func() error { return err })
		}
		return group.Wait()
	}
	front.open(site.front)
	back.open(site.back)
	say(p.stdout, "Mở trang hỏi đáp: http://%s\n", shownAddress(public.Addr()))
	p.runSite(working, group, site)
	<-working.Done()
	p.log.Info("ending, work under way is finished first")
	err = group.Wait()
	if closed := site.server.Close(); err == nil && closed != nil {
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

// shownAddress is an address that a person on this machine can open.
func shownAddress(addr net.Addr) string {
	if tcp, ok := addr.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		return fmt.Sprintf("localhost:%d", tcp.Port)
	}
	return addr.String()
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
