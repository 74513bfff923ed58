package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hoinq/hoinq/internal/config"
	"github.com/hoinq/hoinq/internal/natstest"
)

// connect opens the queue on a cluster and closes it at the end of t.
func connect(t *testing.T, remote Remote) (*Server, *logs) {
	t.Helper()
	var log logs
	s, err := Connect(t.Context(), slog.New(slog.NewTextHandler(&log, nil)), remote)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, &log
}

// eventually asks until done reports true.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(30 * time.Second); !done(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// signedInto is the address of a cluster with what stands before the "@".
func signedInto(c *natstest.Cluster, who string) config.Secret {
	return config.Secret(strings.ReplaceAll(c.URL(), "//", "//"+who+"@"))
}

func TestEachWayToSignInWorksAndARefusalSaysWhy(t *testing.T) {
	const secret = "s3cret"
	open := natstest.Start(t, natstest.Options{})
	password := natstest.Start(t, natstest.Options{User: "hoinq", Password: secret})
	token := natstest.Start(t, natstest.Options{Token: secret})
	encrypted := natstest.Start(t, natstest.Options{TLS: true})
	mutual := natstest.Start(t, natstest.Options{TLSVerify: true})
	holder := natstest.Start(t, natstest.Options{JWT: true})
	stranger := natstest.New(t, natstest.Options{JWT: true})
	bare := natstest.Start(t, natstest.Options{NoJetStream: true})
	garbage := filepath.Join(t.TempDir(), "garbage")
	if err := os.WriteFile(garbage, []byte(secret), 0o600); err != nil {
		t.Fatal(err)
	}
	url := func(c *natstest.Cluster) config.Secret { return config.Secret(c.URL()) }
	secured := func(c *natstest.Cluster) config.Secret {
		return config.Secret(strings.ReplaceAll(c.URL(), "nats://", "tls://"))
	}
	for _, tc := range []struct {
		name   string
		remote Remote
		want   error // nil when it must work
	}{
		{"nobody asks", Remote{URL: url(open)}, nil},
		{"the second server of the list is there", Remote{URL: "127.0.0.1:1," + url(open)}, nil},
		{"name and password", Remote{URL: url(password), User: "hoinq", Password: secret}, nil},
		{"the same in the address", Remote{URL: signedInto(password, "hoinq:"+secret)}, nil},
		{"a token", Remote{URL: url(token), Token: secret}, nil},
		{"the same in the address", Remote{URL: signedInto(token, secret)}, nil},
		{"encrypted", Remote{URL: url(encrypted), CA: encrypted.CA}, nil},
		{"encrypted by the scheme too", Remote{URL: secured(encrypted), CA: encrypted.CA}, nil},
		{"a certificate of our own", Remote{URL: url(mutual), CA: mutual.CA, Cert: mutual.Cert, Key: mutual.Key}, nil},
		{"credentials", Remote{URL: url(holder), Creds: holder.Creds}, nil},

		{"another password", Remote{URL: url(password), User: "hoinq", Password: "s3cret2"}, ErrSignIn},
		{"another in the address", Remote{URL: signedInto(password, "hoinq:s3cret2")}, ErrSignIn},
		{"another token in the address", Remote{URL: signedInto(token, "s3cret2")}, ErrSignIn},
		{"no sign-in at all", Remote{URL: url(token)}, ErrSignIn},
		{"another's credentials", Remote{URL: url(holder), Creds: stranger.Creds}, ErrSignIn},
		{"no credentials in the file", Remote{URL: url(holder), Creds: garbage}, ErrKeyFile},
		{"no such file of credentials", Remote{URL: url(holder), Creds: garbage + "x"}, ErrKeyFile},
		{"no certificate in the file", Remote{URL: url(encrypted), CA: garbage}, ErrKeyFile},
		{"no such file of certificates", Remote{URL: url(encrypted), CA: garbage + "x"}, ErrKeyFile},
		{"no key in the file", Remote{URL: url(mutual), CA: mutual.CA, Cert: mutual.Cert, Key: garbage}, ErrKeyFile},
		{"a server of another authority", Remote{URL: url(encrypted), CA: mutual.CA}, ErrTLS},
		{"an authority that nobody knows", Remote{URL: url(encrypted)}, ErrTLS},
		{"no certificate of our own", Remote{URL: url(mutual), CA: mutual.CA}, ErrTLS},
		{"a server that does not encrypt", Remote{URL: url(open), CA: encrypted.CA}, ErrTLS},
		{"the same by the scheme", Remote{URL: secured(open)}, ErrTLS},
		{"no JetStream", Remote{URL: url(bare)}, ErrNoJetStream},
		{"nobody there", Remote{URL: "nats://u:s3cret@127.0.0.1:1,nats://s3cret@127.0.0.1:2"}, ErrUnreachable},
		{"no such name", Remote{URL: "nats://s3cret@khong-co.invalid:4222"}, ErrUnreachable},
		{"no address", Remote{URL: " , "}, ErrUnreachable},
		{"not an address", Remote{URL: "nats://u:s3cret%zz@x"}, ErrUnreachable},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.remote.Replicas = 1
			s, err := Connect(t.Context(), slog.New(slog.DiscardHandler), tc.remote)
			if !errors.Is(err, tc.want) || err != nil && strings.Contains(err.Error(), secret) {
				t.Fatalf("error %v, want %v", err, tc.want)
			}
			if err == nil {
				b, err := s.Bucket(t.Context(), "b", time.Hour, OnDisk)
				if err != nil {
					t.Fatal(err)
				}
				if err := errors.Join(b.Put(t.Context(), "k", nil), s.Ready(t.Context()), s.Close()); err != nil {
					t.Error(err)
				}
			}
			if shown := fmt.Sprintf("%v %+v %#v", tc.remote, tc.remote, &tc.remote); strings.Contains(shown, secret) {
				t.Errorf("shown: %s", shown)
			}
		})
	}
}

func TestAServerAloneCannotHoldThreeCopies(t *testing.T) {
	url := config.Secret(natstest.Start(t, natstest.Options{}).URL())
	if _, err := Connect(t.Context(), slog.New(slog.DiscardHandler), Remote{URL: url}); !errors.Is(err, ErrTooFewServers) {
		t.Errorf("three: %v", err)
	}
	if s, _ := connect(t, Remote{URL: url, Replicas: 1}); s.Copies() != 1 {
		t.Errorf("%d copies", s.Copies())
	}
}

// One of three servers is killed while items are published: each that was
// accepted is handed out. Then a second: nothing is accepted. Then both are
// back: so is everything.
func TestAClusterLosesNothingThatWasAccepted(t *testing.T) {
	cluster := natstest.Start(t, natstest.Options{Nodes: 3})
	s, _ := connect(t, Remote{URL: config.Secret(cluster.URL())})
	st := streamOf(t, s, StreamOptions{})
	if info, err := st.stream.Info(t.Context()); err != nil || info.Config.Replicas != 3 {
		t.Fatalf("%v, %v: want 3 copies", info, err)
	}
	accepted := map[string]bool{}
	offer := func(id string) bool {
		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer cancel()
		_, err := st.Publish(ctx, Item{ID: id, Group: id})
		accepted[id] = accepted[id] || err == nil
		return err == nil
	}
	for i := range 300 {
		if i == 100 {
			cluster.Kill(t, 0)
		}
		id := fmt.Sprint(i)
		eventually(t, "the item is accepted", func() bool { return offer(id) })
	}
	cluster.Kill(t, 1)
	if offer("alone") {
		t.Error("one of three accepts alone")
	}
	if s.Ready(t.Context()) == nil {
		t.Error("ready without a majority")
	}
	cluster.Start(t, 0, 1)
	eventually(t, "items are accepted again", func() bool { return offer("last") })
	if err := s.Ready(t.Context()); err != nil {
		t.Errorf("not ready: %v", err)
	}
	handle, got := collect(400)
	running(t, st, handle)
	for id, was := range accepted {
		if !was {
			delete(accepted, id)
		}
	}
	for len(accepted) > 0 {
		select {
		case d := <-got:
			delete(accepted, d.ID)
		case <-time.After(30 * time.Second):
			t.Fatalf("%d accepted items are lost", len(accepted))
		}
	}
}

func TestALostClusterIsNoticedAndComesBack(t *testing.T) {
	cluster := natstest.Start(t, natstest.Options{User: "hoinq", Password: "s3cret"})
	s, log := connect(t, Remote{URL: signedInto(cluster, "hoinq:s3cret"), Replicas: 1})
	st := streamOf(t, s, StreamOptions{})
	publish(t, st, "1", "a")
	memory, err := s.Bucket(t.Context(), "memory", time.Hour, InMemory)
	if err != nil {
		t.Fatal(err)
	}
	cluster.Kill(t, 0)
	eventually(t, "the loss is noticed", func() bool { return s.Ready(t.Context()) != nil })
	if _, err := st.Publish(t.Context(), Item{ID: "2", Group: "a"}); err == nil {
		t.Error("accepted without a server")
	}
	cluster.Start(t, 0)
	eventually(t, "items are accepted again", func() bool {
		_, err := st.Publish(t.Context(), Item{ID: "2", Group: "a"})
		return err == nil
	})
	eventually(t, "it is ready again", func() bool { return s.Ready(t.Context()) == nil })
	if claimed, err := memory.Claim(t.Context(), "k", []byte("v")); err != nil || !claimed {
		t.Errorf("a bucket in memory after the loss: %t, %v", claimed, err)
	}
	if value, ok, err := memory.Get(t.Context(), "k"); err != nil || !ok || string(value) != "v" {
		t.Errorf("got %q, %t, %v", value, ok, err)
	}
	handle, got := collect(10)
	running(t, st, handle)
	for _, want := range []string{"1", "2"} {
		if d := <-got; d.ID != want {
			t.Errorf("got %s, want %s", d.ID, want)
		}
	}
	if text := log.String(); strings.Count(text, "cluster lost") != 1 || strings.Count(text, "cluster is back") != 1 || strings.Contains(text, "s3cret") {
		t.Errorf("the log:\n%s", text)
	}
}

// workOnOneServer has done the work of a first item on a cluster of one server.
func workOnOneServer(t *testing.T) (cluster *natstest.Cluster, st *Stream, got <-chan Delivery, log *logs) {
	t.Helper()
	cluster = natstest.Start(t, natstest.Options{})
	s, log := connect(t, Remote{URL: config.Secret(cluster.URL()), Replicas: 1})
	st = streamOf(t, s, StreamOptions{})
	handle, got := collect(10)
	running(t, st, handle)
	publish(t, st, "before", "g")
	<-got
	return cluster, st, got, log
}

// A server that stands still for a while is no server that is lost.
func TestAServerThatStoodStillGoesOn(t *testing.T) {
	cluster, st, got, _ := workOnOneServer(t)
	cluster.Freeze(t, 0)
	for range 3 { // each waits for the answer; a heartbeat is missed in the meantime
		ctx, cancel := context.WithTimeout(t.Context(), heartbeat)
		if _, err := st.Publish(ctx, Item{ID: "meanwhile", Group: "g", Shard: "g", Owner: "g"}); err == nil {
			t.Error("a server that stands still accepts")
		}
		cancel()
	}
	cluster.Thaw(t, 0)
	eventually(t, "an item is accepted", func() bool {
		_, err := st.Publish(t.Context(), Item{ID: "after", Group: "g", Shard: "g", Owner: "g"})
		return err == nil
	})
	for d := range got {
		if d.ID == "after" {
			break
		}
	}
}

// A server comes back without its disk: what it held is gone, and the queue
// goes on.
func TestTheQueueIsMadeAnewWhereTheServersLostIt(t *testing.T) {
	cluster, st, got, log := workOnOneServer(t)
	cluster.Kill(t, 0)
	cluster.Wipe(t, 0)
	cluster.Start(t, 0)
	eventually(t, "an item is accepted", func() bool {
		ctx, cancel := context.WithTimeout(t.Context(), heartbeat)
		defer cancel()
		_, err := st.Publish(ctx, Item{ID: "after", Group: "g", Shard: "g", Owner: "g"})
		return err == nil
	})
	select {
	case d := <-got:
		if d.ID != "after" {
			t.Errorf("handed out %s", d.ID)
		}
	case <-time.After(30 * time.Second):
		t.Errorf("nothing is handed out:\n%s", log)
	}
	if !strings.Contains(log.String(), "have lost what they held") {
		t.Errorf("the log does not say it:\n%s", log)
	}
}
