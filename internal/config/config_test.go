package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// defaults are the settings when nothing is given, but for a change.
func defaults(change func(*Settings)) Settings {
	s := Settings{
		Data: DefaultData, Listen: DefaultListen, AdminListen: DefaultAdminListen,
		Telegram: Telegram{API: DefaultTelegramAPI, Mode: Polling, Rate: DefaultTelegramRate, Register: true},
		ZaloOA:   ZaloOA{API: DefaultZaloOAAPI, OAuth: DefaultZaloOAOAuth, Rate: DefaultZaloOARate},
		ZaloBot:  ZaloBot{API: DefaultZaloBotAPI, Mode: Polling, Rate: DefaultZaloBotRate, Register: true},
		NATS:     NATS{Replicas: DefaultNATSReplicas},
	}
	if change != nil {
		change(&s)
	}
	return s
}

func TestSettings(t *testing.T) {
	for _, tc := range []struct {
		name string
		raw  Raw
		want Settings
	}{
		{"nothing given is the defaults", Raw{}, defaults(nil)},
		{"white space alone is nothing", Raw{nameData: " \t", nameOffice: " ", nameContact: "\n", nameTrustedProxies: " , "}, defaults(nil)},
		{"everything given, without white space around it",
			Raw{
				nameData: " /srv/hoinq ", nameBundled: "true", nameOffice: " Ban Tuyên giáo ", nameContact: "0123 456 789",
				nameListen: "127.0.0.1:80", nameAdminListen: ":0", namePublicURL: "https://hoi.example/",
				nameTrustedProxies: "10.1.2.3/8, 192.0.2.7,2001:db8::/32", nameHashKey: "0123456789abcdef",
				nameTelegramToken: "1:a", nameTelegramSecret: "s", nameTelegramAPI: "http://127.0.0.1:8081", nameTelegramMode: "polling",
				nameTelegramRate: "25", nameTelegramRegister: "false",
				nameZaloOAAppID: "12", nameZaloOAAppSecret: "as", nameZaloOASecret: "os", nameZaloOARefreshToken: "rt",
				nameZaloOAAPI: "http://127.0.0.1:8082", nameZaloOAOAuth: "http://127.0.0.1:8083/", nameZaloOAPaid: "true", nameZaloOARate: "7",
				nameZaloBotToken: "2:b", nameZaloBotSecret: "bs", nameZaloBotAPI: "http://127.0.0.1:8084", nameZaloBotMode: "polling",
				nameZaloBotRate: "3", nameZaloBotRegister: "false", namePortalClients: "clients.json",
				nameNATSURL: " nats://a:4222, tls://b ", nameNATSUser: "u", nameNATSPassword: "p", nameNATSCA: "ca.pem", nameNATSCert: "c.pem", nameNATSKey: "k.pem",
				nameNATSReplicas: "5",
			},
			Settings{
				Data: "/srv/hoinq", Bundled: true, Office: "Ban Tuyên giáo", Contact: "0123 456 789",
				Listen: "127.0.0.1:80", AdminListen: ":0", PublicURL: "https://hoi.example",
				TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.0.2.7/32"), netip.MustParsePrefix("2001:db8::/32")},
				HashKey:        "0123456789abcdef",
				Telegram:       Telegram{Token: "1:a", Secret: "s", API: "http://127.0.0.1:8081", Mode: Polling, Rate: 25},
				ZaloOA: ZaloOA{
					AppID: "12", AppSecret: "as", Secret: "os", RefreshToken: "rt",
					API: "http://127.0.0.1:8082", OAuth: "http://127.0.0.1:8083", Paid: true, Rate: 7,
				},
				ZaloBot: ZaloBot{Token: "2:b", Secret: "bs", API: "http://127.0.0.1:8084", Mode: Polling, Rate: 3},
				Portal:  Portal{Clients: "clients.json"},
				NATS: NATS{
					URL: "nats://a:4222, tls://b", User: "u", Password: "p", CA: "ca.pem", Cert: "c.pem", Key: "k.pem", Replicas: 5,
				},
			}},
		{"false is a value", Raw{nameBundled: "false"}, defaults(nil)},
		{"as is 1", Raw{nameBundled: "1"}, defaults(func(s *Settings) { s.Bundled = true })},
		{"a public address means webhooks", Raw{namePublicURL: "https://hoi.example"},
			defaults(func(s *Settings) {
				s.PublicURL, s.Telegram.Mode, s.ZaloBot.Mode = "https://hoi.example", Webhook, Webhook
			})},
		{"the longest that is shown, in characters",
			Raw{nameOffice: strings.Repeat("ế", maxOffice), nameContact: strings.Repeat("ế", maxContact)},
			defaults(func(s *Settings) {
				s.Office, s.Contact = strings.Repeat("ế", maxOffice), strings.Repeat("ế", maxContact)
			})},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := Parse(tc.raw)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(got, tc.want, cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })); diff != "" {
				t.Errorf("settings (-got +want):\n%s", diff)
			}
		})
	}
}

func TestProblemsAreNamedAllAtOnce(t *testing.T) {
	for _, tc := range []struct {
		name string
		raw  Raw
		want []string // what the lines say, in order
	}{
		{"all of them", Raw{
			nameData: "a\x00b", nameBundled: "có", nameOffice: "\xff", nameContact: "một\nhai", nameListen: "8080", nameAdminListen: ":70000",
			namePublicURL: "hoi.example", nameTrustedProxies: "10.0.0.0/8, nhà", nameHashKey: "ngắn", nameTelegramAPI: "https://x/bot",
			nameTelegramMode: "đẩy", nameTelegramRate: "-1", nameTelegramRegister: "maybe",
		},
			[]string{
				`HOINQ_BUNDLED: "có"`, "HOINQ_OFFICE: không phải chữ mã UTF-8", "HOINQ_CONTACT: có ký tự xuống dòng", `HOINQ_LISTEN: "8080"`,
				`HOINQ_ADMIN_LISTEN: ":70000"`, "HOINQ_PUBLIC_URL: ", `HOINQ_TRUSTED_PROXIES: "nhà"`, "HOINQ_TELEGRAM_API: ",
				`HOINQ_TELEGRAM_MODE: "đẩy"`, `HOINQ_TELEGRAM_RATE: "-1"`, `HOINQ_TELEGRAM_REGISTER: "maybe"`, "HOINQ_DATA: ", "HOINQ_HASH_KEY: quá ngắn",
			}},
		{"too long, in characters", Raw{nameOffice: strings.Repeat("ế", maxOffice+1), nameContact: strings.Repeat("a", maxContact+7)},
			[]string{"HOINQ_OFFICE: dài 201 ký tự, nhiều nhất là 200", "HOINQ_CONTACT: dài 407 ký tự, nhiều nhất là 400"}},
		{"of a cluster, all of them", Raw{
			nameNATSURL: "nats://u:s3cret@a", nameNATSUser: "u", nameNATSToken: "s3cret", nameNATSCreds: "a.creds", nameNATSCert: "c.pem", nameNATSReplicas: "2",
		},
			[]string{
				`HOINQ_NATS_REPLICAS: "2"`, "HOINQ_NATS_PASSWORD: chưa đặt, mà đã đặt HOINQ_NATS_USER", "HOINQ_NATS_KEY: chưa đặt, mà đã đặt HOINQ_NATS_CERT",
				"HOINQ_NATS_CREDS: có nhiều cách đăng nhập cùng lúc: HOINQ_NATS_CREDS, HOINQ_NATS_TOKEN, HOINQ_NATS_URL (phần trước dấu @), HOINQ_NATS_USER",
				"HOINQ_HASH_KEY: chưa đặt",
			}},
		{"a cluster without an address", Raw{nameNATSPassword: "s3cret", nameNATSKey: "k.pem"},
			[]string{"HOINQ_NATS_URL: chưa đặt, mà đã đặt HOINQ_NATS_PASSWORD", "HOINQ_NATS_USER: chưa đặt", "HOINQ_NATS_CERT: chưa đặt"}},
		{"an address that is none", Raw{nameNATSURL: "nats://a,http://u:s3cret@b", nameHashKey: "0123456789abcdef"},
			[]string{"HOINQ_NATS_URL: không phải địa chỉ máy chủ NATS"}},
		{"an address that cannot be read", Raw{nameNATSURL: "nats://u:s3cret%zz@b", nameHashKey: "0123456789abcdef"},
			[]string{"HOINQ_NATS_URL: không phải địa chỉ máy chủ NATS"}},
		{"one value that is wrong in two ways is named once", Raw{nameOffice: strings.Repeat("a\x01", maxOffice)},
			[]string{"HOINQ_OFFICE: "}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			settings, err := Parse(tc.raw)
			var problems Problems
			if !errors.As(err, &problems) {
				t.Fatalf("error %v, want Problems", err)
			}
			if diff := cmp.Diff(settings, Settings{}); diff != "" {
				t.Errorf("settings beside the problems:\n%s", diff)
			}
			lines := strings.Split(err.Error(), "\n")
			if !slices.EqualFunc(lines, tc.want, strings.HasPrefix) {
				t.Errorf("problems %q, want them to begin %q", lines, tc.want)
			}
			for _, line := range lines {
				if strings.Contains(line, "s3cret") {
					t.Errorf("%q shows a secret", line)
				}
				if !strings.Contains(line, "; hãy ") {
					t.Errorf("%q does not say what to do", line)
				}
			}
		})
	}
}

func TestUnknownVariablesAreSlipsOfThePen(t *testing.T) {
	got := Unknown([]string{
		"HOINQ_OFICE=Ban Tuyên giáo", "HOINQ_OFFICE=x", "HOINQ_TELEGRAM_TOKEN_FILE=/run/t", "HOINQ_DATA", "PATH=/bin", "HOINQ_", "HOINQ_A=b=c",
		"HOINQ_TEST_X=1", "XHOINQ_DATA=", "", "=",
	})
	if want := []string{"HOINQ_", "HOINQ_A", "HOINQ_OFICE"}; !slices.Equal(got, want) {
		t.Errorf("unknown %q, want %q", got, want)
	}
	if got := Unknown(nil); len(got) != 0 {
		t.Errorf("unknown of an empty environment: %q", got)
	}
}

func TestEverySettingHasAName(t *testing.T) {
	for _, name := range Names() {
		if !strings.HasPrefix(name, Prefix) {
			t.Errorf("%s does not begin with %s", name, Prefix)
		}
		if unknown := Unknown([]string{name + "=x"}); len(unknown) != 0 {
			t.Errorf("%s is unknown", name)
		}
	}
}

func TestASecretIsNeverShown(t *testing.T) {
	const secret = Secret("s3cret")
	inside := Settings{HashKey: secret, Telegram: Telegram{Token: secret}, NATS: NATS{URL: secret, Password: secret, Token: secret}}
	var logged strings.Builder
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("start", "secret", secret, "settings", inside)
	encoded, err := json.Marshal(inside)
	if err != nil {
		t.Fatal(err)
	}
	shown := logged.String() + string(encoded)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		shown += fmt.Sprintf(verb, secret) + fmt.Sprintf(verb, inside) + fmt.Sprintf(verb, &inside)
	}
	if strings.Contains(shown, string(secret)) || strings.Contains(shown, fmt.Sprintf("%x", string(secret))) {
		t.Errorf("shown: %s", shown)
	}
	if !strings.Contains(shown, redacted) || Secret("").String() != "" {
		t.Error("a secret that is set cannot be told from one that is not")
	}
}
