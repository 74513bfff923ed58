// Package config is every setting of the program, checked in one place.
//
// Settings come as strings, from flags or from the environment; [Parse] checks
// them all and reports every problem at once, so that a clerk mends a file of
// settings in one go. The package does no I/O and knows no other package of
// the program.
package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Prefix begins the name of every setting in the environment.
const Prefix = "HOINQ_"

// FileSuffix after the name of a secret names a file that holds it.
const FileSuffix = "_FILE"

// The names of the settings.
const (
	nameData           = "HOINQ_DATA"
	nameBundled        = "HOINQ_BUNDLED"
	nameOffice         = "HOINQ_OFFICE"
	nameContact        = "HOINQ_CONTACT"
	nameListen         = "HOINQ_LISTEN"
	nameAdminListen    = "HOINQ_ADMIN_LISTEN"
	namePublicURL      = "HOINQ_PUBLIC_URL"
	nameTrustedProxies = "HOINQ_TRUSTED_PROXIES"
	nameHashKey        = "HOINQ_HASH_KEY"
)

// Names lists the settings there are, as named in the environment.
func Names() []string {
	return append([]string{
		nameData, nameBundled, nameOffice, nameContact, nameListen, nameAdminListen, namePublicURL, nameTrustedProxies,
		nameNATSUser, nameNATSCreds, nameNATSCA, nameNATSCert, nameNATSKey, nameNATSReplicas,
	}, append(channelNames(), Secrets()...)...)
}

// Secrets lists the settings that have no flag, and may be given as a file
// instead, under their name with [FileSuffix].
func Secrets() []string {
	return append([]string{nameHashKey, nameNATSURL, nameNATSPassword, nameNATSToken}, channelSecrets()...)
}

// Raw are the settings as they were given, by name, unchecked; what is empty or
// missing was not given.
type Raw map[string]string

// Settings are the checked settings.
type Settings struct {
	// Data is the data folder; default "./data".
	Data string
	// Bundled lets the bundled documents serve beside those taken in.
	Bundled bool
	// Office and Contact say whom citizens can turn to; both may be empty.
	Office, Contact string
	// Listen is the public address, default ":8080"; AdminListen that of the
	// metrics, default "127.0.0.1:9090".
	Listen, AdminListen string
	// PublicURL is where citizens reach us, without a slash at the end; empty
	// when not known.
	PublicURL string
	// TrustedProxies are the networks whose word on a visitor's address counts.
	TrustedProxies []netip.Prefix
	// HashKey makes pseudonyms; empty means that one is made and kept. With a
	// cluster it is never empty.
	HashKey  Secret
	Telegram Telegram
	ZaloOA   ZaloOA
	ZaloBot  ZaloBot
	Portal   Portal
	NATS     NATS
}

// Mode says how messages reach us.
type Mode string

// The modes of a channel.
const (
	Webhook Mode = "webhook"
	Polling Mode = "polling"
)

// Defaults of what is not given.
const (
	DefaultData        = "./data"
	DefaultListen      = ":8080"
	DefaultAdminListen = "127.0.0.1:9090"
)

// Longest values, in characters: both are shown in chat messages.
const (
	maxOffice  = 200
	maxContact = 400
)

// minHashKey is the shortest key of pseudonyms, in bytes.
const minHashKey = 16

// Problems are all that is wrong with the settings, a Vietnamese sentence each
// that names the setting and the remedy.
type Problems []string

// Error lists the problems, one a line.
func (p Problems) Error() string { return strings.Join(p, "\n") }

// Parse checks the settings. The error, if any, is of type [Problems].
func Parse(raw Raw) (Settings, error) {
	p := &parser{raw: raw}
	s := Settings{
		Data:           p.text(nameData, DefaultData),
		Bundled:        p.truth(nameBundled, false),
		Office:         p.shown(nameOffice, maxOffice),
		Contact:        p.shown(nameContact, maxContact),
		Listen:         p.address(nameListen, DefaultListen),
		AdminListen:    p.address(nameAdminListen, DefaultAdminListen),
		PublicURL:      p.site(namePublicURL, "", "https://hoi.example.vn"),
		TrustedProxies: p.networks(nameTrustedProxies),
		HashKey:        p.secret(nameHashKey),
	}
	p.channels(&s)
	if strings.ContainsRune(s.Data, 0) {
		p.problem(nameData, "đường dẫn có ký tự không hợp lệ; hãy ghi lại đường dẫn thư mục dữ liệu")
	}
	if n := len(s.HashKey); n > 0 && n < minHashKey {
		p.problem(nameHashKey, "quá ngắn; hãy dùng ít nhất %d ký tự ngẫu nhiên, hoặc bỏ trống để chương trình tự tạo", minHashKey)
	}
	s.NATS = p.nats(s.HashKey)
	if len(p.problems) > 0 {
		return Settings{}, p.problems
	}
	return s, nil
}

// parser reads settings and collects what is wrong with them.
type parser struct {
	raw      Raw
	problems Problems
}

func (p *parser) problem(name, format string, v ...any) {
	p.problems = append(p.problems, name+": "+fmt.Sprintf(format, v...))
}

func (p *parser) text(name, otherwise string) string {
	if value := strings.TrimSpace(p.raw[name]); value != "" {
		return value
	}
	return otherwise
}

func (p *parser) secret(name string) Secret { return Secret(p.text(name, "")) }

func (p *parser) truth(name string, otherwise bool) bool {
	value := p.text(name, "")
	if value == "" {
		return otherwise
	}
	on, err := strconv.ParseBool(value)
	if err != nil {
		p.problem(name, "%q không phải true hay false; hãy dùng một trong hai giá trị đó", value)
	}
	return on
}

// shown reads a value that people will see.
func (p *parser) shown(name string, longest int) string {
	value := p.text(name, "")
	switch {
	case !utf8.ValidString(value):
		p.problem(name, "không phải chữ mã UTF-8; hãy lưu lại bằng UTF-8")
	case strings.ContainsFunc(value, unicode.IsControl):
		p.problem(name, "có ký tự xuống dòng hoặc ký tự điều khiển; hãy ghi trên một dòng")
	case utf8.RuneCountInString(value) > longest:
		p.problem(name, "dài %d ký tự, nhiều nhất là %d; hãy rút gọn", utf8.RuneCountInString(value), longest)
	}
	return value
}

// address reads where to listen.
func (p *parser) address(name, otherwise string) string {
	value := p.text(name, otherwise)
	_, port, err := net.SplitHostPort(value)
	if n, notNumber := strconv.Atoi(port); err != nil || notNumber != nil || n < 0 || n > 65535 {
		p.problem(name, "%q không phải địa chỉ và cổng; hãy ghi như :8080 hoặc 127.0.0.1:8080", value)
	}
	return value
}

// site reads scheme, host and port, without a path.
func (p *parser) site(name, otherwise, example string) string {
	value := strings.TrimRight(p.text(name, otherwise), "/")
	if value == "" {
		return ""
	}
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		p.problem(name, "phải là địa chỉ trang không kèm đường dẫn; hãy ghi như %s", example)
	}
	return value
}

func (p *parser) networks(name string) []netip.Prefix {
	var networks []netip.Prefix
	for part := range strings.SplitSeq(p.raw[name], ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		prefix, err := netip.ParsePrefix(part)
		if addr, single := netip.ParseAddr(part); single == nil {
			prefix, err = addr.Prefix(addr.BitLen())
		}
		if err != nil {
			p.problem(name, "%q không phải dải địa chỉ; hãy ghi như 10.0.0.0/8, cách nhau bằng dấu phẩy", part)
			continue
		}
		networks = append(networks, prefix.Masked())
	}
	return networks
}

func (p *parser) rate(name string, otherwise int) int {
	value := p.text(name, "")
	if value == "" {
		return otherwise
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > 10_000 {
		p.problem(name, "%q không phải số tin mỗi giây; hãy ghi một số từ 1 đến 10.000", value)
	}
	return n
}

func (p *parser) mode(name, publicURL string) Mode {
	switch mode := Mode(p.text(name, "")); {
	case mode == Webhook || mode == Polling:
		return mode
	case mode != "":
		p.problem(name, "%q không phải webhook hay polling; hãy dùng một trong hai giá trị đó", mode)
		return ""
	case publicURL != "":
		return Webhook
	}
	return Polling
}

// Unknown returns the variables of an environment ("NAME=value") that begin
// like a setting and are none: slips of the pen, most likely.
func Unknown(environment []string) []string {
	known := Names()
	for _, name := range Secrets() {
		known = append(known, name+FileSuffix)
	}
	var out []string
	for _, variable := range environment {
		name, _, _ := strings.Cut(variable, "=")
		if strings.HasPrefix(name, Prefix) && !strings.HasPrefix(name, Prefix+"TEST_") && !slices.Contains(known, name) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}
