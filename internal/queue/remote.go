package queue

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/hoinq/hoinq/internal/config"
)

// What keeps a process from working with a cluster; each is returned wrapped,
// by a text that names the servers or the file, and holds no secret.
var (
	// ErrUnreachable: no server of the cluster answers.
	ErrUnreachable = errors.New("the NATS cluster cannot be reached")
	// ErrSignIn: the cluster refuses the name, password, token or key.
	ErrSignIn = errors.New("the NATS cluster refuses the sign-in")
	// ErrKeyFile: a file of keys or certificates cannot be used.
	ErrKeyFile = errors.New("a file for the NATS cluster cannot be used")
	// ErrTLS: the two sides do not trust each other's certificates, or one
	// wants an encrypted connection and the other does not offer it.
	ErrTLS = errors.New("no trusted connection to the NATS cluster")
	// ErrNoJetStream: the cluster, or the account on it, is without JetStream.
	ErrNoJetStream = errors.New("the NATS account has no JetStream")
	// ErrTooFewServers: the cluster has not as many servers as copies are wanted.
	ErrTooFewServers = errors.New("the NATS cluster has too few servers for the copies wanted")
)

// Remote says how to reach a cluster. One way to sign in at most is given; it
// never shows its secrets.
type Remote struct {
	// URL is a list of servers, separated by commas, as NATS tools take it:
	// "nats://a:4222,nats://b:4222"; a name and password or a token may stand
	// before the "@". The scheme "tls" asks for an encrypted connection.
	URL      config.Secret
	User     string
	Password config.Secret
	Token    config.Secret
	// Creds is the path of a file of credentials (a JWT and its key).
	Creds string
	// CA is the path of the certificates to trust, Cert and Key are those of our
	// own certificate. Each of them asks for an encrypted connection.
	CA, Cert, Key string
	// Replicas is how many servers hold a copy of each stream; default 3.
	Replicas int
}

// DefaultReplicas is how many servers hold a copy of each stream: one may be
// lost.
const DefaultReplicas = 3

// Timing of a connection: what is gone is noticed within pingEvery times
// maxPings, and asked for again every reconnectWait.
const (
	connectTimeout = 2 * time.Second // each server
	reconnectWait  = time.Second
	pingEvery      = 5 * time.Second
	maxPings       = 2
)

// Connect opens the queue on a cluster and tries whether that can hold as many
// copies as wanted. It fails with one of the errors above
// when the cluster cannot be worked with now; once it was open, a lost
// connection comes back by itself, and until then whatever needs it fails at
// once.
func Connect(ctx context.Context, log *slog.Logger, remote Remote) (*Server, error) {
	s := &Server{log: log, copies: remote.Replicas}
	if s.copies == 0 {
		s.copies = DefaultReplicas
	}
	if err := s.connect(ctx, remote); err != nil {
		return nil, errors.Join(fmt.Errorf("open queue: %w", err), s.Close())
	}
	return s, nil
}

func (s *Server) connect(ctx context.Context, remote Remote) error {
	servers, hosts, err := remote.servers()
	if err != nil {
		return err
	}
	opts, err := remote.options(s.log)
	if err != nil {
		return err
	}
	opts.Servers = servers
	conn, err := opts.Connect()
	if err == nil {
		err = s.attach(ctx, conn)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", hosts, classified(err))
	}
	return nil
}

// servers are the addresses of the cluster as the library takes them, and as
// they may be shown.
func (r Remote) servers() (servers []string, shown string, err error) {
	var hosts []string
	for server := range strings.SplitSeq(string(r.URL), ",") {
		if server = strings.TrimSpace(server); server == "" {
			continue
		}
		if !strings.Contains(server, "://") {
			server = "nats://" + server
		}
		u, err := url.Parse(server)
		if err != nil || u.Hostname() == "" { // the error quotes what may hold a password
			return nil, "", fmt.Errorf("%w: its address cannot be read", ErrUnreachable)
		}
		servers = append(servers, server)
		hosts = append(hosts, u.Host)
	}
	if len(servers) == 0 {
		return nil, "", fmt.Errorf("%w: no address is given", ErrUnreachable)
	}
	return servers, strings.Join(hosts, ", "), nil
}

// options are those of the connection, but for the addresses.
func (r Remote) options(log *slog.Logger) (nats.Options, error) {
	state := &link{log: log}
	list := []nats.Option{
		nats.Name(clientName), nats.Timeout(connectTimeout),
		nats.MaxReconnects(-1), nats.ReconnectWait(reconnectWait), nats.IgnoreAuthErrorAbort(),
		nats.PingInterval(pingEvery), nats.MaxPingsOutstanding(maxPings),
		// What cannot be sent fails at once: whoever offered it keeps it.
		nats.ReconnectBufSize(-1),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) { state.lost(err) }),
		nats.ReconnectErrHandler(func(_ *nats.Conn, err error) { state.lost(err) }),
		nats.ReconnectHandler(func(conn *nats.Conn) { state.back(conn.ConnectedAddr()) }),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { state.failed(err) }),
	}
	if r.User != "" {
		list = append(list, nats.UserInfo(r.User, string(r.Password)))
	}
	if r.Token != "" {
		list = append(list, nats.Token(string(r.Token)))
	}
	if r.Creds != "" {
		list = append(list, nats.UserCredentials(r.Creds))
	}
	if r.CA != "" {
		list = append(list, nats.RootCAs(r.CA))
	}
	if r.Cert != "" || r.Key != "" {
		list = append(list, nats.ClientCert(r.Cert, r.Key))
	}
	opts := nats.GetDefaultOptions()
	for _, option := range list {
		if err := option(&opts); err != nil {
			return opts, fmt.Errorf("%w: %w", ErrKeyFile, err)
		}
	}
	if opts.UserJWT != nil { // read only later: tried now, for a clear word on it
		_, missing := opts.UserJWT()
		_, unusable := opts.SignatureCB(nil)
		if err := errors.Join(missing, unusable); err != nil {
			return opts, fmt.Errorf("%w: %s: %w", ErrKeyFile, r.Creds, err)
		}
	}
	return opts, nil
}

// Codes of JetStream's answers that the library has no name for.
const (
	codeNoPeers    jetstream.ErrorCode = 10005 // no suitable peers for placement
	codeNoReplicas jetstream.ErrorCode = 10074 // replicas > 1 not supported in non-clustered mode
)

// classified wraps an error in the one of ours that says what to mend, where
// there is one.
func classified(err error) error {
	if kind := kindOf(err); kind != nil {
		return fmt.Errorf("%w: %w", kind, err)
	}
	return err
}

// kindOf is the error of ours that an error of the library means, or nil.
func kindOf(err error) error {
	var (
		untrusted *tls.CertificateVerificationError
		plain     tls.RecordHeaderError
		network   *net.OpError
		api       *jetstream.APIError
	)
	switch {
	case errors.Is(err, nats.ErrAuthorization), errors.Is(err, nats.ErrAuthExpired), errors.Is(err, nats.ErrAuthRevoked), errors.Is(err, nats.ErrAccountAuthExpired):
		return ErrSignIn
	case errors.As(err, &untrusted), errors.As(err, &plain), errors.Is(err, nats.ErrSecureConnWanted), errors.Is(err, nats.ErrSecureConnRequired), errors.Is(err, nats.ErrTLS),
		errors.As(err, &network) && network.Op == "remote error": // crypto/tls: the other side does not take our certificate
		return ErrTLS
	case errors.Is(err, jetstream.ErrJetStreamNotEnabled), errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount):
		return ErrNoJetStream
	case errors.As(err, &api) && (api.ErrorCode == codeNoPeers || api.ErrorCode == codeNoReplicas):
		return ErrTooFewServers
	case network != nil, errors.Is(err, nats.ErrNoServers), errors.Is(err, nats.ErrTimeout), errors.Is(err, context.DeadlineExceeded),
		errors.Is(err, io.EOF), errors.Is(err, nats.ErrStaleConnection), errors.Is(err, nats.ErrReconnectBufExceeded):
		return ErrUnreachable
	}
	return nil
}

// link logs when the connection is lost and when it is back, once each, and in
// between only news: that a server answers, but refuses us.
type link struct {
	log *slog.Logger

	mu  sync.Mutex
	why error // the kind; nil while connected
}

func (l *link) lost(err error) {
	if err == nil { // closed by ourselves
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	kind := cmp.Or(kindOf(err), ErrUnreachable)
	if !errors.Is(kind, l.why) {
		l.log.Warn("connection to the NATS cluster lost, tried again until it is back", "why", kind, "error", err)
	}
	l.why = kind
}

func (l *link) back(address string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.why = nil
	l.log.Info("connection to the NATS cluster is back", "server", address)
}

// failed is told of everything that is wrong with a connection and is not the
// loss of it.
func (l *link) failed(err error) {
	if errors.Is(kindOf(err), ErrSignIn) { // between the loss and the return
		l.lost(err)
		return
	}
	l.log.Warn("connection to the NATS cluster in trouble", "error", err)
}
