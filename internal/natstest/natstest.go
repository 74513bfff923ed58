// Package natstest runs real nats-server processes for tests: one, or a
// cluster of three, with JetStream, on ports and folders of their own. They can
// be killed, stopped, frozen and started again. The program nats-server is
// found in PATH.
package natstest

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hoinq/hoinq/internal/requiretest"
)

// Options say what servers a test needs. The zero value is one server that
// lets everybody in.
type Options struct {
	// Nodes is how many servers; default 1, else 3 or more.
	Nodes int
	// User and Password, or Token, are what clients must show.
	User, Password, Token string
	// TLS makes certificates and encrypts; TLSVerify asks clients for one too.
	TLS, TLSVerify bool
	// JWT lets in who holds [Cluster.Creds].
	JWT bool
	// NoJetStream leaves JetStream off.
	NoJetStream bool
}

// Cluster are the servers of a test. Make it with [Start]; its methods are not
// safe for concurrent use.
type Cluster struct {
	// CA, Cert and Key are paths of certificates with [Options.TLS], Creds that
	// of credentials with [Options.JWT].
	CA, Cert, Key, Creds string

	path  string
	opt   Options
	nodes []*node
}

// node is one server.
type node struct {
	config                string
	client, peer, monitor int // ports
	command               *exec.Cmd
	wanted                bool          // started, and not ended by the test
	ended                 chan struct{} // closed when it has ended; nil before the first start
}

// patience is how long a test waits for what should take a moment.
const patience = 30 * time.Second

// Start runs the servers and waits until they can be worked with. They are
// killed at the end of t.
func Start(t testing.TB, opt Options) *Cluster {
	t.Helper()
	c := New(t, opt)
	for i := range c.nodes {
		c.start(t, i)
	}
	c.Await(t)
	return c
}

// New is [Start] without running anything yet: [Cluster.Start] does it.
func New(t testing.TB, opt Options) *Cluster {
	t.Helper()
	opt.Nodes = max(opt.Nodes, 1)
	c := &Cluster{path: requiretest.Program(t, "nats-server"), opt: opt}
	dir := t.TempDir()
	if opt.TLS || opt.TLSVerify {
		c.makeCertificates(t, dir)
	}
	signIn := c.signIn(t, dir)
	for range opt.Nodes {
		ports := freePorts(t, 3)
		c.nodes = append(c.nodes, &node{client: ports[0], peer: ports[1], monitor: ports[2]})
	}
	for i, n := range c.nodes {
		n.config = filepath.Join(dir, fmt.Sprintf("n%d.conf", i))
		if err := os.WriteFile(n.config, []byte(c.configuration(i, dir)+signIn), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		for i := range c.nodes {
			c.Kill(t, i)
		}
	})
	return c
}

// configuration is the file of settings of a server, but for the sign-in.
func (c *Cluster) configuration(i int, dir string) string {
	var b strings.Builder
	n := c.nodes[i]
	fmt.Fprintf(&b, "server_name: n%d\nlisten: 127.0.0.1:%d\nhttp: 127.0.0.1:%d\n", i, n.client, n.monitor)
	if !c.opt.NoJetStream {
		fmt.Fprintf(&b, "jetstream { store_dir: %q, max_file_store: 64G, max_memory_store: 1G, sync_interval: always }\n", filepath.Join(dir, fmt.Sprintf("n%d", i)))
	}
	if c.opt.TLS || c.opt.TLSVerify {
		fmt.Fprintf(&b, "tls { cert_file: %q, key_file: %q, ca_file: %q, verify: %t }\n", c.Cert, c.Key, c.CA, c.opt.TLSVerify)
	}
	if len(c.nodes) > 1 {
		var routes []string
		for _, other := range c.nodes {
			routes = append(routes, fmt.Sprintf("nats://127.0.0.1:%d", other.peer))
		}
		fmt.Fprintf(&b, "cluster { name: test, listen: 127.0.0.1:%d, routes: [%s] }\n", n.peer, strings.Join(routes, ", "))
	}
	return b.String()
}

// signIn is the part of the settings that says who is let in.
func (c *Cluster) signIn(t testing.TB, dir string) string {
	switch {
	case c.opt.User != "":
		return fmt.Sprintf("authorization { user: %q, password: %q }\n", c.opt.User, c.opt.Password)
	case c.opt.Token != "":
		return fmt.Sprintf("authorization { token: %q }\n", c.opt.Token)
	case c.opt.JWT:
		return c.makeAccounts(t, dir)
	}
	return ""
}

// URL are the addresses of all servers, separated by commas.
func (c *Cluster) URL() string {
	var urls []string
	for _, n := range c.nodes {
		urls = append(urls, fmt.Sprintf("nats://127.0.0.1:%d", n.client))
	}
	return strings.Join(urls, ",")
}

// Start starts servers that do not run, on their old ports and folders, and
// waits until enough servers work together, if enough run.
func (c *Cluster) Start(t testing.TB, servers ...int) {
	t.Helper()
	for _, i := range servers {
		c.start(t, i)
	}
	running := 0
	for _, n := range c.nodes {
		if n.running() {
			running++
		}
	}
	if running > len(c.nodes)/2 {
		c.Await(t)
	}
}

func (c *Cluster) start(t testing.TB, i int) {
	t.Helper()
	n := c.nodes[i]
	if n.running() {
		t.Fatalf("server %d runs already", i)
	}
	n.command = exec.Command(c.path, "-c", n.config) //nolint:noctx // ended by Kill or Stop, as an operator would
	log, err := os.OpenFile(n.config+".log", os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	n.command.Stderr = log
	if err := n.command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	n.ended, n.wanted = ended, true
	go func() {
		_ = n.command.Wait() // how it ended is of no interest
		_ = log.Close()
		close(ended)
	}()
}

func (n *node) running() bool {
	if n.ended == nil {
		return false
	}
	select {
	case <-n.ended:
		return false
	default:
		return true
	}
}

// Kill ends a server without asking.
func (c *Cluster) Kill(t testing.TB, i int) { c.end(t, i, syscall.SIGKILL) }

// Stop asks a server to end and waits until it has.
func (c *Cluster) Stop(t testing.TB, i int) { c.end(t, i, syscall.SIGTERM) }

// Wipe deletes what a server that does not run has stored.
func (c *Cluster) Wipe(t testing.TB, i int) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(filepath.Dir(c.nodes[i].config), fmt.Sprintf("n%d", i))); err != nil {
		t.Fatal(err)
	}
}

func (c *Cluster) signal(t testing.TB, i int, signal syscall.Signal) {
	t.Helper()
	if err := c.nodes[i].command.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
}

func (c *Cluster) end(t testing.TB, i int, signal syscall.Signal) {
	t.Helper()
	n := c.nodes[i]
	n.wanted = false
	if !n.running() {
		return
	}
	c.signal(t, i, signal)
	select {
	case <-n.ended:
	case <-time.After(patience):
		t.Fatalf("server %d did not end:\n%s", i, c.Log(t, i))
	}
}

// Log is what a server has written to its log so far.
func (c *Cluster) Log(t testing.TB, i int) string {
	t.Helper()
	text, err := os.ReadFile(c.nodes[i].config + ".log")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Await waits until every server that runs is healthy, and JetStream has a
// leader.
func (c *Cluster) Await(t testing.TB) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.Now().Add(patience)
	for i, n := range c.nodes {
		for n.wanted && !c.healthy(t, n) {
			if time.Now().After(deadline) || !n.running() {
				t.Fatalf("server %d is not healthy:\n%s", i, c.Log(t, i))
			}
			<-tick.C
		}
	}
}

// healthy asks a server how it is.
func (c *Cluster) healthy(t testing.TB, n *node) bool {
	var health struct {
		Status string `json:"status"`
	}
	if !ask(t, n, "healthz", &health) || health.Status != "ok" {
		return false
	}
	if c.opt.NoJetStream || len(c.nodes) == 1 {
		return true
	}
	var jetstream struct {
		Meta struct {
			Leader string `json:"leader"`
			Size   int    `json:"cluster_size"`
		} `json:"meta_cluster"`
	}
	return ask(t, n, "jsz", &jetstream) && jetstream.Meta.Leader != "" && jetstream.Meta.Size == len(c.nodes)
}

// ask puts a question to the monitoring of a server.
func ask(t testing.TB, n *node, question string, answer any) bool {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("http://127.0.0.1:%d/%s", n.monitor, question), nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Close = true
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	return json.NewDecoder(response.Body).Decode(answer) == nil
}

// freePorts are ports that nobody listens on.
func freePorts(t testing.TB, count int) []int {
	t.Helper()
	var ports []int
	for range count {
		l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // closed at once
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close() //nolint:errcheck // held until all are found, so that they differ
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports
}
