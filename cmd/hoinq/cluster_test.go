package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hoinq/hoinq/bot/bottest"
	"github.com/hoinq/hoinq/internal/natstest"
)

// onCluster are the settings that put the queue on a cluster.
func onCluster(c *natstest.Cluster, replicas string) []string {
	return []string{"HOINQ_NATS_URL=" + c.URL(), "HOINQ_NATS_REPLICAS=" + replicas, "HOINQ_HASH_KEY=0123456789abcdef"}
}

// becomes waits until an address answers with a status.
func becomes(t *testing.T, p *bottest.Process, url string, want int) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(40 * time.Second); ; <-tick.C {
		status, _ := fetch(t, http.MethodGet, url, "")
		if status == want {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: %d, want %d; the log:\n%s", url, status, want, p.Log())
		}
	}
}

func TestServeWaitsForAClusterThatIsNotThereYet(t *testing.T) {
	t.Parallel() // it waits most of the time
	cluster := natstest.New(t, natstest.Options{User: "hoinq", Password: "s3cret"})
	vendor := bottest.NewTelegram(t, "987654:Thu-Cho-Cum", "Bi-Mat")
	settings := append(onCluster(cluster, "1"), vendor.Settings()...)
	settings = append(settings, "HOINQ_NATS_USER=hoinq", "HOINQ_NATS_PASSWORD=s3cret")
	p := bottest.Launch(t, t.TempDir(), settings)
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 503, "/": 503, "/webhooks/telegram": 503} {
		if status, _ := fetch(t, http.MethodGet, p.PublicURL+path, ""); status != want {
			t.Errorf("%s: %d, want %d", path, status, want)
		}
	}
	const says = "HOINQ_NATS_URL"
	bottest.Wait(t, p, "the log says why", func() bool { return strings.Contains(p.Log(), says) })
	cluster.Start(t, 0)
	p.WaitReady(t)
	if status := vendor.Deliver(t, p.PublicURL, bottest.Incoming{Conversation: 1, ID: 1, Text: "Ba khâu đột phá của Nghị quyết là gì?"}); status != http.StatusOK {
		t.Fatalf("webhook: %d", status)
	}
	bottest.Wait(t, vendor, "the message is answered", func() bool { return len(vendor.Messages(1)) > 0 })
	if n := strings.Count(p.Log(), says); n != 1 || strings.Contains(p.Log(), "s3cret") {
		t.Errorf("said %d times:\n%s", n, p.Log())
	}
	if code, took := p.Terminate(t); code != 0 || took > endTime {
		t.Errorf("ended with code %d after %s", code, took)
	}
}

func TestServeEndsWhileItWaitsForACluster(t *testing.T) {
	p := bottest.Launch(t, t.TempDir(), onCluster(natstest.New(t, natstest.Options{}), "1"))
	bottest.Wait(t, p, "it waits", func() bool { return strings.Contains(p.Log(), "HOINQ_NATS_URL") })
	if code, took := p.Terminate(t); code != 0 || took > endTime {
		t.Errorf("ended with code %d after %s:\n%s", code, took, p.Log())
	}
}

// A cluster is lost and comes back: what was accepted is answered, what was not
// was refused, and nobody has to restart anything.
func TestServeGetsOverTheLossOfTheCluster(t *testing.T) {
	t.Parallel() // it waits most of the time
	cluster := natstest.Start(t, natstest.Options{})
	vendor := bottest.NewTelegram(t, "987654:Thu-Mat-Cum", "Bi-Mat")
	p := bottest.Start(t, t.TempDir(), append(onCluster(cluster, "1"), vendor.Settings()...))
	id := 0
	var accepted []int
	deliver := func() int {
		id++
		status := vendor.Deliver(t, p.PublicURL, bottest.Incoming{Conversation: id, ID: id, Text: "Ba khâu đột phá của Nghị quyết là gì?"})
		if status == http.StatusOK {
			accepted = append(accepted, id)
		}
		return status
	}
	for range 20 {
		if status := deliver(); status != http.StatusOK {
			t.Fatalf("webhook: %d", status)
		}
	}
	cluster.Kill(t, 0)
	if status := deliver(); status != http.StatusServiceUnavailable {
		t.Errorf("webhook without a cluster: %d", status)
	}
	becomes(t, p, p.PublicURL+"/readyz", http.StatusServiceUnavailable)
	if status, _ := fetch(t, http.MethodGet, p.PublicURL+"/healthz", ""); status != http.StatusOK {
		t.Errorf("healthz: %d", status)
	}
	if r := askServed(t, p, "Ba khâu đột phá của Nghị quyết là gì?"); !r.Answered {
		t.Error("the page does not answer any more")
	}
	cluster.Start(t, 0)
	becomes(t, p, p.PublicURL+"/readyz", http.StatusOK)
	if status := deliver(); status != http.StatusOK {
		t.Errorf("webhook with the cluster back: %d", status)
	}
	for _, conversation := range accepted {
		bottest.Wait(t, vendor, "what was accepted is answered", func() bool { return len(vendor.Messages(conversation)) > 0 })
	}
}

func TestDoctorSaysWhatAClusterLacks(t *testing.T) {
	cluster := natstest.Start(t, natstest.Options{User: "hoinq", Password: "s3cret"})
	doctor := func(settings ...string) (int, string) {
		settings = append(settings, "HOINQ_DATA="+t.TempDir(), "HOINQ_LISTEN=127.0.0.1:0", "HOINQ_ADMIN_LISTEN=127.0.0.1:0")
		return hoinq(t, append(onCluster(cluster, "1"), settings...), "doctor")
	}
	for _, tc := range []struct {
		name     string
		settings []string
		code     int
		want     string
	}{
		{"well", []string{"HOINQ_NATS_USER=hoinq", "HOINQ_NATS_PASSWORD=s3cret"}, exitDone, "ổn       cụm NATS: biết 1 máy chủ, JetStream đã bật, giữ được 1 bản sao"},
		{"refused", []string{"HOINQ_NATS_USER=hoinq", "HOINQ_NATS_PASSWORD=s3cret2"}, exitFailure, "CẦN SỬA  cụm NATS: cụm NATS không cho đăng nhập"},
		{"too few", []string{"HOINQ_NATS_USER=hoinq", "HOINQ_NATS_PASSWORD=s3cret", "HOINQ_NATS_REPLICAS=3"}, exitFailure, "hãy thêm máy chủ, hoặc đặt HOINQ_NATS_REPLICAS=1"},
		{"nobody there", []string{"HOINQ_NATS_URL=nats://u:s3cret@127.0.0.1:1"}, exitFailure, "hãy kiểm tra HOINQ_NATS_URL"},
		{"no such file", []string{"HOINQ_NATS_CREDS=/khong/co.creds"}, exitFailure, "/khong/co.creds"},
		{"no key of pseudonyms", []string{"HOINQ_HASH_KEY="}, exitUsage, "HOINQ_HASH_KEY: chưa đặt"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if code, out := doctor(tc.settings...); code != tc.code || !strings.Contains(out, tc.want) || strings.Contains(out, "s3cret") {
				t.Errorf("code %d:\n%s", code, out)
			}
		})
	}
}
