package portal

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"syscall"
	"time"
)

// errNotPublic is found when a guarded client would connect to an address that
// is not public.
var errNotPublic = errors.New("not a public address")

// special are the addresses that are not of the public Internet, after the
// registries of IANA: of IPv4 (RFC 6890 and those that came later), and of what
// IPv6 gives to machines, 2000::/3; read-only. All of IPv6 outside of it, and so
// loopback, link-local, ULA, multicast and NAT64, is not public either.
var special = []string{
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
	"192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
}

// public reports whether an address is of the public Internet. An IPv4 address
// that is written as one of IPv6 is judged as the former, to which the system
// connects.
func public(addr netip.Addr) bool {
	addr = addr.Unmap()
	if !addr.Is4() && !netip.MustParsePrefix("2000::/3").Contains(addr) {
		return false
	}
	for _, s := range special {
		if netip.MustParsePrefix(s).Contains(addr) {
			return false
		}
	}
	return true
}

// guard refuses to connect to what is not public. It is asked for the address
// itself, after every name was resolved: no name can promise one address and
// lead to another.
func guard(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !public(at.Addr()) {
		return errNotPublic
	}
	return nil
}

// maxAnswerHeader bounds the header of an answer to a callback, in bytes.
const maxAnswerHeader = 64 << 10

// newHTTPClient follows no redirect, which could lead anywhere, and uses no
// proxy, which would connect in our place.
func newHTTPClient(allowPrivate bool) *http.Client {
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	if !allowPrivate {
		dialer.Control = guard
	}
	return &http.Client{
		Transport: &http.Transport{
			DialContext:            dialer.DialContext,
			ForceAttemptHTTP2:      true,
			TLSHandshakeTimeout:    10 * time.Second,
			IdleConnTimeout:        90 * time.Second,
			MaxIdleConns:           100,
			MaxIdleConnsPerHost:    8, // as many parts are on their way at once
			MaxResponseHeaderBytes: maxAnswerHeader,
			DisableCompression:     true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Check resolves the name of a client's callback and says, in Vietnamese, where
// it leads; it sends nothing. The error says what to mend.
func (c Clients) Check(ctx context.Context, id string) (where string, err error) {
	one, ok := c.find(id)
	if !ok && slices.Contains(c.IDs(), id) {
		return id + " (chỉ đặt khung hỏi trên trang)", nil
	}
	if !ok {
		return "", fmt.Errorf("không có cổng %s trong tệp", shortened(id))
	}
	host := one.callback.Hostname()
	found, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil || len(found) == 0 {
		return "", fmt.Errorf("cổng %s: không tra được địa chỉ của %s; hãy kiểm tra callback và máy chủ tên miền", id, host)
	}
	for _, addr := range found {
		if one.allowPrivate || public(addr) {
			return fmt.Sprintf("%s (%s → %s)", id, host, addr.Unmap()), nil
		}
	}
	return "", fmt.Errorf("cổng %s: %s dẫn đến %s, không phải địa chỉ trên Internet nên câu trả lời sẽ không được gửi; hãy sửa callback, hoặc đặt allow_private là true nếu cổng ở mạng nội bộ", id, host, found[0].Unmap())
}
