package config

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// The names of the settings of a NATS cluster.
const (
	nameNATSURL      = "HOINQ_NATS_URL"
	nameNATSUser     = "HOINQ_NATS_USER"
	nameNATSPassword = "HOINQ_NATS_PASSWORD"
	nameNATSToken    = "HOINQ_NATS_TOKEN"
	nameNATSCreds    = "HOINQ_NATS_CREDS"
	nameNATSCA       = "HOINQ_NATS_CA"
	nameNATSCert     = "HOINQ_NATS_CERT"
	nameNATSKey      = "HOINQ_NATS_KEY"
	nameNATSReplicas = "HOINQ_NATS_REPLICAS"
)

// NATS says how to reach the cluster that holds the queue. Without a URL the
// queue lies in the data folder.
type NATS struct {
	// URL is a list of servers, separated by commas. It may hold a password.
	URL             Secret
	User            string
	Password, Token Secret
	// Creds, CA, Cert and Key are paths of files.
	Creds, CA, Cert, Key string
	// Replicas is how many servers hold a copy.
	Replicas int
}

// DefaultNATSReplicas let one server be lost.
const DefaultNATSReplicas = 3

// nats reads the settings of a cluster; hashKey is the key of pseudonyms.
func (p *parser) nats(hashKey Secret) NATS {
	n := NATS{
		URL:      p.secret(nameNATSURL),
		User:     p.text(nameNATSUser, ""),
		Password: p.secret(nameNATSPassword),
		Token:    p.secret(nameNATSToken),
		Creds:    p.text(nameNATSCreds, ""),
		CA:       p.text(nameNATSCA, ""),
		Cert:     p.text(nameNATSCert, ""),
		Key:      p.text(nameNATSKey, ""),
		Replicas: p.replicas(nameNATSReplicas),
	}
	p.alone(n)
	p.together(nameNATSUser, nameNATSPassword, nameNATSToken+" nếu máy chủ dùng mã thay cho tên và mật khẩu")
	p.together(nameNATSCert, nameNATSKey, "hai tệp đi cùng nhau")
	p.oneSignIn(n)
	if n.URL != "" && hashKey == "" {
		p.problem(nameHashKey, "chưa đặt, mà nhiều máy dùng chung cụm NATS phải có cùng một khóa; hãy đặt cùng một chuỗi ngẫu nhiên từ %d ký tự trên mọi máy", minHashKey)
	}
	return n
}

// alone finds settings of a cluster that has no address, or one that cannot be
// read. The address is never repeated: it may hold a password.
func (p *parser) alone(n NATS) {
	const example = "nats://may-1:4222,nats://may-2:4222"
	if n.URL != "" {
		if servers, _ := serversOf(n.URL); len(servers) == 0 {
			p.problem(nameNATSURL, "không phải địa chỉ máy chủ NATS; hãy ghi như %s", example)
		}
		return
	}
	for _, name := range []string{nameNATSUser, nameNATSPassword, nameNATSToken, nameNATSCreds, nameNATSCA, nameNATSCert, nameNATSKey, nameNATSReplicas} {
		if p.text(name, "") != "" {
			p.problem(nameNATSURL, "chưa đặt, mà đã đặt %s; hãy ghi địa chỉ máy chủ như %s, hoặc bỏ %s", name, example, name)
			return
		}
	}
}

// serversOf are the servers of a list; none when one of them cannot be read.
func serversOf(list Secret) (servers []*url.URL, signedIn bool) {
	for server := range strings.SplitSeq(string(list), ",") {
		server = strings.TrimSpace(server)
		if server == "" {
			continue
		}
		if !strings.Contains(server, "://") {
			server = "nats://" + server
		}
		u, err := url.Parse(server)
		if err != nil || u.Hostname() == "" || !slices.Contains([]string{"nats", "tls", "ws", "wss"}, u.Scheme) {
			return nil, false
		}
		servers = append(servers, u)
		signedIn = signedIn || u.User != nil
	}
	return servers, signedIn
}

// together finds one of two settings without the other.
func (p *parser) together(a, b, hint string) {
	if p.text(a, "") == "" {
		a, b = b, a
	}
	if p.text(a, "") != "" && p.text(b, "") == "" {
		p.problem(b, "chưa đặt, mà đã đặt %s; hãy đặt cả hai hoặc bỏ cả hai (%s)", a, hint)
	}
}

// oneSignIn finds more than one way to sign in.
func (p *parser) oneSignIn(n NATS) {
	var ways []string
	if _, signedIn := serversOf(n.URL); signedIn {
		ways = append(ways, nameNATSURL+" (phần trước dấu @)")
	}
	for name, given := range map[string]bool{nameNATSUser: n.User != "", nameNATSToken: n.Token != "", nameNATSCreds: n.Creds != ""} {
		if given {
			ways = append(ways, name)
		}
	}
	if len(ways) > 1 {
		slices.Sort(ways)
		p.problem(ways[0], "có nhiều cách đăng nhập cùng lúc: %s; hãy chỉ giữ một", strings.Join(ways, ", "))
	}
}

func (p *parser) replicas(name string) int {
	value := p.text(name, "")
	if value == "" {
		return DefaultNATSReplicas
	}
	n, err := strconv.Atoi(value)
	if err != nil || n != 1 && n != 3 && n != 5 {
		p.problem(name, "%q không phải số bản sao; hãy ghi 1, 3 hoặc 5, không quá số máy chủ của cụm", value)
	}
	return n
}
