package config

// Telegram are the settings of the Telegram channel, which is off without a
// token.
type Telegram struct {
	Token, Secret Secret
	// API is scheme, host and port.
	API  string
	Mode Mode
	// Rate is messages a second over all chats.
	Rate int
	// Register lets serve register its webhook at start.
	Register bool
}

// ZaloOA are the settings of the Zalo Official Account, which is off without
// an app id.
type ZaloOA struct {
	AppID string
	// AppSecret is that of the app, for its tokens; Secret is the "OA Secret
	// Key" of the webhook's page.
	AppSecret, Secret Secret
	// RefreshToken is the first one, as the vendor's console gives it; each is
	// good for one refresh, and those that follow are kept by ourselves.
	RefreshToken Secret
	// API and OAuth are scheme, host and port.
	API, OAuth string
	// Paid lets replies go out for which the vendor charges.
	Paid bool
	// Rate is messages a minute over all chats.
	Rate int
}

// ZaloBot are the settings of the Zalo Bot Platform, which is off without a
// token.
type ZaloBot struct {
	Token, Secret Secret
	// API is scheme, host and port.
	API  string
	Mode Mode
	// Rate is messages a second over all chats.
	Rate int
	// Register lets serve register its webhook at start.
	Register bool
}

// Portal are the settings of the portals, which are off without clients.
type Portal struct {
	// Clients is the path of the JSON file that names them and holds their
	// secrets.
	Clients string
}

// The names of the settings of channels.
const (
	nameTelegramToken      = "HOINQ_TELEGRAM_TOKEN"
	nameTelegramSecret     = "HOINQ_TELEGRAM_SECRET"
	nameTelegramAPI        = "HOINQ_TELEGRAM_API"
	nameTelegramMode       = "HOINQ_TELEGRAM_MODE"
	nameTelegramRate       = "HOINQ_TELEGRAM_RATE"
	nameTelegramRegister   = "HOINQ_TELEGRAM_REGISTER"
	nameZaloOAAppID        = "HOINQ_ZALO_OA_APP_ID"
	nameZaloOAAppSecret    = "HOINQ_ZALO_OA_APP_SECRET"
	nameZaloOASecret       = "HOINQ_ZALO_OA_SECRET"
	nameZaloOARefreshToken = "HOINQ_ZALO_OA_REFRESH_TOKEN"
	nameZaloOAAPI          = "HOINQ_ZALO_OA_API"
	nameZaloOAOAuth        = "HOINQ_ZALO_OA_OAUTH"
	nameZaloOAPaid         = "HOINQ_ZALO_OA_PAID"
	nameZaloOARate         = "HOINQ_ZALO_OA_RATE"
	nameZaloBotToken       = "HOINQ_ZALO_BOT_TOKEN"
	nameZaloBotSecret      = "HOINQ_ZALO_BOT_SECRET"
	nameZaloBotAPI         = "HOINQ_ZALO_BOT_API"
	nameZaloBotMode        = "HOINQ_ZALO_BOT_MODE"
	nameZaloBotRate        = "HOINQ_ZALO_BOT_RATE"
	nameZaloBotRegister    = "HOINQ_ZALO_BOT_REGISTER"
	namePortalClients      = "HOINQ_PORTAL_CLIENTS"
)

// Defaults of channels.
const (
	DefaultTelegramAPI  = "https://api.telegram.org"
	DefaultTelegramRate = 30
	DefaultZaloOAAPI    = "https://openapi.zalo.me"
	DefaultZaloOAOAuth  = "https://oauth.zaloapp.com"
	DefaultZaloOARate   = 100 // a minute: the least that any package of the vendor's is said to allow
	DefaultZaloBotAPI   = "https://bot-api.zaloplatforms.com"
	DefaultZaloBotRate  = 5 // the vendor names no limit
)

// channelNames are the settings of channels that are no secrets.
func channelNames() []string {
	return []string{
		nameTelegramAPI, nameTelegramMode, nameTelegramRate, nameTelegramRegister,
		nameZaloOAAppID, nameZaloOAAPI, nameZaloOAOAuth, nameZaloOAPaid, nameZaloOARate,
		nameZaloBotAPI, nameZaloBotMode, nameZaloBotRate, nameZaloBotRegister,
		namePortalClients,
	}
}

// channelSecrets are those that are.
func channelSecrets() []string {
	return []string{
		nameTelegramToken, nameTelegramSecret,
		nameZaloOAAppSecret, nameZaloOASecret, nameZaloOARefreshToken,
		nameZaloBotToken, nameZaloBotSecret,
	}
}

// channels reads the settings of all channels.
func (p *parser) channels(s *Settings) {
	s.Telegram = Telegram{
		Token:    p.secret(nameTelegramToken),
		Secret:   p.secret(nameTelegramSecret),
		API:      p.site(nameTelegramAPI, DefaultTelegramAPI, DefaultTelegramAPI),
		Mode:     p.mode(nameTelegramMode, s.PublicURL),
		Rate:     p.rate(nameTelegramRate, DefaultTelegramRate),
		Register: p.truth(nameTelegramRegister, true),
	}
	s.ZaloOA = ZaloOA{
		AppID:        p.text(nameZaloOAAppID, ""),
		AppSecret:    p.secret(nameZaloOAAppSecret),
		Secret:       p.secret(nameZaloOASecret),
		RefreshToken: p.secret(nameZaloOARefreshToken),
		API:          p.site(nameZaloOAAPI, DefaultZaloOAAPI, DefaultZaloOAAPI),
		OAuth:        p.site(nameZaloOAOAuth, DefaultZaloOAOAuth, DefaultZaloOAOAuth),
		Paid:         p.truth(nameZaloOAPaid, false),
		Rate:         p.rate(nameZaloOARate, DefaultZaloOARate),
	}
	s.ZaloBot = ZaloBot{
		Token:    p.secret(nameZaloBotToken),
		Secret:   p.secret(nameZaloBotSecret),
		API:      p.site(nameZaloBotAPI, DefaultZaloBotAPI, DefaultZaloBotAPI),
		Mode:     p.mode(nameZaloBotMode, s.PublicURL),
		Rate:     p.rate(nameZaloBotRate, DefaultZaloBotRate),
		Register: p.truth(nameZaloBotRegister, true),
	}
	s.Portal = Portal{Clients: p.text(namePortalClients, "")}
}
