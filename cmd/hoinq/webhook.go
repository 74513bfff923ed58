package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/hoinq/hoinq/bot"
)

// webhookCommand looks after the webhooks at the vendors: where they deliver
// messages to. serve registers them by itself at its start, unless it is told
// not to.
type webhookCommand struct {
	Show   webhookShowCommand   `cmd:"" help:"Cho biết webhook đang đăng ký ở đâu, còn bao nhiêu tin chờ, lỗi gần nhất."`
	Set    webhookSetCommand    `cmd:"" help:"Đăng ký webhook theo HOINQ_PUBLIC_URL."`
	Delete webhookDeleteCommand `cmd:"" help:"Gỡ webhook; tin đang chờ được giữ nguyên."`
}

// webhookChannel chooses the channel.
type webhookChannel struct {
	Channel string `placeholder:"KÊNH" help:"Kênh, như telegram; không cần khi chỉ có một kênh được đặt."`
}

type webhookShowCommand struct{ webhookChannel }

// Run prints what each vendor knows of our webhook.
func (c *webhookShowCommand) Run(ctx context.Context, p *program) error {
	hooked, err := p.hooked(c.Channel)
	if err != nil {
		return err
	}
	var problems []error
	for _, c := range hooked {
		asking, cancel := context.WithTimeout(ctx, askTimeout)
		registered, err := c.hook.Registration(asking)
		cancel()
		if err != nil { // the others are shown all the same
			problems = append(problems, fmt.Errorf("kênh %s: %w", c.name, err))
			continue
		}
		say(p.stdout, "Kênh %s\n%s", c.name, p.describe(c, registered))
	}
	return errors.Join(problems...)
}

// describe says what is registered, in lines.
func (p *program) describe(c channel, r bot.Registration) string {
	ours := p.webhookURL(c)
	where := shownHook(r.URL, ours)
	switch {
	case r.URL == "":
		where = "chưa đăng ký"
	case r.URL == ours:
		where += " (đúng với HOINQ_PUBLIC_URL)"
	case ours != "":
		where += " (KHÁC với HOINQ_PUBLIC_URL: " + ours + ")"
	}
	fault := "không có"
	if r.Fault != "" {
		fault = fmt.Sprintf("%s lúc %s", r.Fault, r.FaultAt.Local().Format(shownTime))
	}
	kinds := strings.Join(r.Kinds, ", ")
	if kinds == "" {
		kinds = "theo mặc định của kênh"
	}
	return printable(fmt.Sprintf("  Webhook: %s\n  Tin đang chờ: %d\n  Lỗi gần nhất: %s\n  Loại tin: %s\n", where, r.Pending, fault, kinds))
}

// shownHook is an address of a webhook to print: whole if it is ours, else the
// site alone, since others keep secrets in theirs.
func shownHook(address, ours string) string {
	if address == ours {
		return address
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "một địa chỉ khác"
	}
	return u.Scheme + "://" + u.Host + "/…"
}

type webhookSetCommand struct{ webhookChannel }

// Run registers the webhook of a channel.
func (c *webhookSetCommand) Run(ctx context.Context, p *program) error {
	chosen, err := p.hookedOne(c.Channel)
	switch {
	case err != nil:
		return err
	case p.PublicURL == "":
		return usageError("chưa đặt HOINQ_PUBLIC_URL nên không biết webhook ở đâu; hãy đặt địa chỉ mà người dân mở, như https://hoi.example.vn")
	case chosen.unsigned != "":
		return usageError(missingSecret(chosen.unsigned))
	}
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	if err := chosen.hook.Register(ctx, p.PublicURL); err != nil {
		return fmt.Errorf("kênh %s: %w", chosen.name, err)
	}
	say(p.stdout, "Đã đăng ký webhook của kênh %s: %s\n", chosen.name, p.webhookURL(chosen))
	if chosen.polls {
		say(p.stdout, "Lưu ý: cài đặt đang là polling, nên hoinq serve sẽ không nhận được tin cho đến khi đổi sang webhook.\n")
	}
	return nil
}

type webhookDeleteCommand struct{ webhookChannel }

// Run removes the webhook of a channel. What waits at the vendor's stays there.
func (c *webhookDeleteCommand) Run(ctx context.Context, p *program) error {
	chosen, err := p.hookedOne(c.Channel)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	if err := chosen.hook.Unregister(ctx); err != nil {
		return fmt.Errorf("kênh %s: %w", chosen.name, err)
	}
	say(p.stdout, "Đã gỡ webhook của kênh %s; tin đang chờ được giữ nguyên.\n", chosen.name)
	return nil
}

// hooked are the channels whose webhook can be looked after: the one of a name,
// or all.
func (p *program) hooked(name string) ([]channel, error) {
	all, err := p.channels()
	if err != nil {
		return nil, err
	}
	var hooked []channel
	for _, c := range all {
		if c.Channel != nil && c.hook == nil && name == string(c.id) {
			return nil, usageError(fmt.Sprintf("webhook của kênh %s không đăng ký bằng lệnh được; hãy ghi địa chỉ này ở trang của bên đó: %s", c.name, p.webhookURL(c)))
		}
		if c.hook != nil && (name == "" || name == string(c.id)) {
			hooked = append(hooked, c)
		}
	}
	if len(hooked) == 0 {
		return nil, usageError("không có kênh nào như vậy đang được đặt; xem các kênh bằng lệnh: hoinq doctor")
	}
	return hooked, nil
}

// hookedOne is the one channel whose webhook is to be changed.
func (p *program) hookedOne(name string) (channel, error) {
	hooked, err := p.hooked(name)
	if err != nil {
		return channel{}, err
	}
	if len(hooked) > 1 {
		var names []string
		for _, c := range hooked {
			names = append(names, string(c.id))
		}
		return channel{}, usageError("có nhiều kênh, hãy chọn một bằng --channel: " + strings.Join(names, ", "))
	}
	return hooked[0], nil
}

// arrives says why messages would not come in the way that is set, given what
// is registered. registers says that serve registers the webhook by itself.
func (p *program) arrives(c channel, registers bool, r bot.Registration) error {
	ours := p.webhookURL(c)
	switch {
	case c.polls && r.URL != "":
		setting := "HOINQ_" + strings.ReplaceAll(strings.ToUpper(string(c.id)), "-", "_") + "_MODE"
		return fmt.Errorf("cài đặt là polling nhưng bot đang có webhook (%s) nên không hỏi lấy tin được; hãy gỡ webhook bằng lệnh hoinq webhook delete --channel %s, hoặc đặt %s=webhook", shownHook(r.URL, ours), c.id, setting)
	case c.polls:
		return nil
	case ours == "":
		return errors.New("cài đặt là webhook nhưng chưa đặt HOINQ_PUBLIC_URL nên không biết webhook ở đâu; hãy đặt địa chỉ mà người dân mở")
	case r.URL == "" && !registers:
		return fmt.Errorf("webhook chưa đăng ký; hãy chạy lệnh hoinq webhook set --channel %s", c.id)
	case r.URL != "" && r.URL != ours:
		return fmt.Errorf("webhook của bot đang dẫn đến nơi khác (%s), không phải %s; hãy chạy lệnh hoinq webhook set --channel %s", shownHook(r.URL, ours), ours, c.id)
	}
	return nil
}

// notYet is what to add of a webhook that serve has not registered yet.
func (p *program) notYet(c channel, r bot.Registration) string {
	if c.polls || r.URL != "" {
		return ""
	}
	return ", webhook sẽ được đăng ký khi hoinq serve chạy"
}
