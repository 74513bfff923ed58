package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/bot/zalooa"
	"github.com/hoinq/hoinq/internal/config"
	"github.com/hoinq/hoinq/internal/queue"
)

// keepTokens is how long tokens are kept that nobody renews: longer than the
// vendor takes them, which is three months.
const keepTokens = 100 * 24 * time.Hour

// tokenBucket is where the tokens lie, once the queue is open.
type tokenBucket struct{ *queue.Bucket }

// zaloOA is the channel to Zalo OA.
func (p *program) zaloOA() (channel, error) {
	set := p.ZaloOA
	c := channel{id: zalooa.ID, name: "Zalo OA"}
	switch missing := missingZaloOA(set); {
	case set == (config.ZaloOA{API: set.API, OAuth: set.OAuth, Paid: set.Paid, Rate: set.Rate}):
		c.unset = "HOINQ_ZALO_OA_APP_ID"
		return c, nil
	case len(missing) > 0:
		c.off = "chưa đặt " + strings.Join(missing, ", ") + " nên kênh không mở; hãy chép từ trang ứng dụng và trang webhook của OA trên developers.zalo.me"
		return c, nil
	}
	tokens := &tokenBucket{}
	vendor, err := zalooa.New(p.log, tokens, zalooa.Options{
		AppID: set.AppID, AppSecret: string(set.AppSecret), Secret: string(set.Secret), RefreshToken: string(set.RefreshToken),
		API: set.API, OAuth: set.OAuth, Paid: set.Paid, Rate: set.Rate,
	})
	if err != nil { // the vendor's own rules for its settings
		return c, err
	}
	c.Channel = vendor
	c.open = func(ctx context.Context, server *queue.Server) (err error) {
		tokens.Bucket, err = server.Bucket(ctx, "zalo-oa-tokens", keepTokens, queue.Synced)
		return err
	}
	c.run = func(ctx context.Context, _ *bot.Service) error { return vendor.KeepTokens(ctx) }
	c.check = func(ctx context.Context) (string, error) {
		if p.PublicURL == "" {
			return "", errors.New("chưa đặt HOINQ_PUBLIC_URL nên Zalo không gửi được tin đến; hãy đặt địa chỉ mà người dân mở")
		}
		return "máy chủ của Zalo trả lời, webhook phải ghi ở trang của OA là " + p.webhookURL(c) +
			"; mã truy cập thì chưa thử: hoinq serve giữ và làm mới, nếu hỏng thì nhật ký của serve nói rõ", vendor.Check(ctx)
	}
	return c, nil
}

// missingZaloOA are the settings that the channel lacks.
func missingZaloOA(set config.ZaloOA) []string {
	var missing []string
	for _, s := range []struct {
		name string
		set  bool
	}{
		{"HOINQ_ZALO_OA_APP_ID", set.AppID != ""},
		{"HOINQ_ZALO_OA_APP_SECRET", set.AppSecret != ""},
		{"HOINQ_ZALO_OA_SECRET", set.Secret != ""},
		{"HOINQ_ZALO_OA_REFRESH_TOKEN", set.RefreshToken != ""},
	} {
		if !s.set {
			missing = append(missing, s.name)
		}
	}
	return missing
}
