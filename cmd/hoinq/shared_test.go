package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/hoinq/hoinq/bot"
	"github.com/hoinq/hoinq/bot/bottest"
	"github.com/hoinq/hoinq/corpus"
	"github.com/hoinq/hoinq/corpus/ingest"
	"github.com/hoinq/hoinq/internal/config"
	"github.com/hoinq/hoinq/internal/natstest"
	"github.com/hoinq/hoinq/internal/queue"
)

// clerk is somebody with a data folder of her own on a machine of a cluster.
func clerk(t *testing.T, cluster *natstest.Cluster) (settings []string) {
	t.Helper()
	return append(onCluster(cluster, "1"), "HOINQ_DATA="+t.TempDir())
}

// planFile is a document that says how many hectares a commune plants.
func planFile(t *testing.T, name, commune string, hectares int) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name+".md")
	text := fmt.Sprintf("# Kế hoạch trồng đước xã %s\n\nXã %s trồng %d ha đước trong năm 2027.\n", commune, commune, hectares)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

const (
	askPlan    = "Xã Cồn Sò trồng bao nhiêu ha đước?"
	askBundled = "Ba khâu đột phá của Nghị quyết là gì?"
)

// says waits until a replica answers a question by words.
func says(t *testing.T, p *bottest.Process, question, words string) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(40 * time.Second); ; <-tick.C {
		r := askServed(t, p, question)
		if strings.Contains(r.Text, words) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("it answers %q, want %q; the log:\n%s", r.Text, words, p.Log())
		}
	}
}

// asking asks a replica without a pause until stop is called, which returns how
// often. Every request must be answered, from the documents before or after.
func asking(t *testing.T, p *bottest.Process, question string, allowed ...string) (stop func() int) {
	t.Helper()
	end, answered := make(chan struct{}), make(chan int)
	go func() {
		n := 0
		defer func() { answered <- n }()
		body, _ := json.Marshal(map[string]string{"question": question})
		for {
			select {
			case <-end:
				return
			default:
			}
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.PublicURL+"/api/v1/ask", bytes.NewReader(body))
			if err != nil {
				t.Error(err)
				return
			}
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("X-Forwarded-For", fmt.Sprintf("10.0.%d.%d", n/256%256, n%256)) // many people
			response, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Errorf("request %d: %v", n, err)
				return
			}
			var a bot.Response
			err = json.NewDecoder(response.Body).Decode(&a)
			response.Body.Close()
			known := slices.ContainsFunc(allowed, func(words string) bool { return strings.Contains(a.Text, words) })
			if response.StatusCode != http.StatusOK || err != nil || !known {
				t.Errorf("request %d: %d, %v, %q", n, response.StatusCode, err, a.Text)
				return
			}
			n++
		}
	}()
	return func() int {
		close(end)
		return <-answered
	}
}

func TestDocumentsReachEveryReplicaAndNoRequestFails(t *testing.T) {
	cluster := natstest.Start(t, natstest.Options{})
	her := clerk(t, cluster)
	mustHoinq(t, her, "ingest", planFile(t, "ke-hoach", "Cồn Sò", 12))
	// A replica begins with the set of the cluster, though its folder is empty.
	settings := append(onCluster(cluster, "1"), "HOINQ_TRUSTED_PROXIES=127.0.0.1")
	replicas := []*bottest.Process{bottest.Start(t, t.TempDir(), settings), bottest.Start(t, t.TempDir(), settings)}
	var stops []func() int
	for _, p := range replicas {
		if r := askServed(t, p, askPlan); !strings.Contains(r.Text, "12 ha") {
			t.Fatalf("a replica begins with the answer %q:\n%s", r.Text, p.Log())
		}
		stops = append(stops, asking(t, p, askPlan, "12 ha", "34 ha"))
	}
	// The same paper with another figure, from a machine that has no copy yet.
	if out := mustHoinq(t, clerk(t, cluster), "ingest", planFile(t, "ke-hoach", "Cồn Sò", 34)); !strings.Contains(out, "(bản mới)") || !strings.Contains(out, "lên cụm") {
		t.Errorf("ingest:\n%s", out)
	}
	for i, p := range replicas {
		says(t, p, askPlan, "34 ha")
		if n := stops[i](); n == 0 {
			t.Error("nobody has asked")
		}
	}
	// She sees it on her own machine, and takes it back there.
	if out := mustHoinq(t, her, "documents", "outline", "ke-hoach"); !strings.Contains(out, "34 ha") {
		t.Errorf("outline:\n%s", out)
	}
	mustHoinq(t, her, "documents", "remove", "ke-hoach")
	for _, p := range replicas {
		says(t, p, askBundled, "đột phá") // nothing of its own is left
	}
}

func TestTheFirstSetOfAClusterIsThatOfTheFolder(t *testing.T) {
	cluster := natstest.Start(t, natstest.Options{})
	folder := t.TempDir()
	mustHoinq(t, []string{"HOINQ_DATA=" + folder}, "ingest", planFile(t, "ke-hoach", "Cồn Sò", 12))
	p := bottest.Start(t, folder, onCluster(cluster, "1"))
	if r := askServed(t, p, askPlan); !strings.Contains(r.Text, "12 ha") {
		t.Errorf("without a set on the cluster it answers %q", r.Text)
	}
	mustHoinq(t, append(onCluster(cluster, "1"), "HOINQ_DATA="+folder), "ingest", planFile(t, "ke-hoach-2", "Bãi Sậy", 7))
	out := mustHoinq(t, clerk(t, cluster), "documents")
	if !strings.Contains(out, "Cồn Sò") || !strings.Contains(out, "Bãi Sậy") {
		t.Errorf("documents of the cluster:\n%s", out)
	}
}

func TestClerksAtTheSameTimeLoseNothing(t *testing.T) {
	cluster := natstest.Start(t, natstest.Options{})
	mustHoinq(t, clerk(t, cluster), "ingest", planFile(t, "ke-hoach", "Cồn Sò", 12))
	communes := []string{"Bãi Sậy", "Rạch Đước", "Hòn Khói"}
	var all sync.WaitGroup
	for i, commune := range communes {
		her, file := clerk(t, cluster), planFile(t, fmt.Sprintf("xa-%d", i), commune, 10+i)
		all.Go(func() {
			if code, out := hoinq(t, her, "ingest", file); code != exitDone {
				t.Errorf("%s: exit %d:\n%s", commune, code, out)
			}
		})
	}
	all.Wait()
	out := mustHoinq(t, clerk(t, cluster), "documents")
	for _, commune := range append(communes, "Cồn Sò") {
		if !strings.Contains(out, commune) {
			t.Errorf("%s is lost:\n%s", commune, out)
		}
	}
}

func TestAChangeThatComesSecondBeginsAnew(t *testing.T) {
	cluster := natstest.Start(t, natstest.Options{})
	other := clerk(t, cluster)
	for _, tc := range []struct {
		name  string
		late  int // how many tries another comes before
		tries int
		err   error
	}{
		{"never", 0, 1, nil},
		{"once", 1, 2, nil},
		{"always", maxTries, maxTries, queue.ErrReplaced},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var out bytes.Buffer
			p := &program{
				system:   system{stdin: strings.NewReader("typed"), stdout: &out, stderr: &out},
				Settings: config.Settings{Data: t.TempDir(), NATS: config.NATS{URL: config.Secret(cluster.URL()), Replicas: 1}},
				log:      slog.New(slog.DiscardHandler),
			}
			tries := 0
			err := p.changeDocuments(t.Context(), func(p *program, store *corpus.Store) error {
				if typed, err := io.ReadAll(p.stdin); string(typed) != "typed" {
					t.Errorf("standard input gives %q, %v", typed, err)
				}
				if tries++; tries <= tc.late {
					mustHoinq(t, other, "ingest", planFile(t, fmt.Sprintf("%s-%d", tc.name, tries), "Bãi Sậy "+tc.name, 100+tries))
				}
				e, err := ingest.Reader(tc.name, strings.NewReader("# Của mình "+tc.name+"\n\nMột đoạn."))
				if err != nil {
					return err
				}
				return store.Put(t.Context(), e)
			})
			if tries != tc.tries || !errors.Is(err, tc.err) {
				t.Errorf("%d tries and %v, want %d and %v", tries, err, tc.tries, tc.err)
			}
			list := mustHoinq(t, other, "documents")
			if strings.Contains(list, "Của mình "+tc.name) != (tc.err == nil) || strings.Count(list, "Bãi Sậy "+tc.name) != tc.late {
				t.Errorf("documents:\n%s", list)
			}
		})
	}
}

func TestADamagedSetDoesNotTakeTheOldOnesPlace(t *testing.T) {
	cluster := natstest.Start(t, natstest.Options{})
	her := clerk(t, cluster)
	mustHoinq(t, her, "ingest", planFile(t, "ke-hoach", "Cồn Sò", 12))
	p := bottest.Start(t, t.TempDir(), onCluster(cluster, "1"))

	conn, err := nats.Connect(cluster.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	pointers, err := js.KeyValue(t.Context(), sharedName)
	if err != nil {
		t.Fatal(err)
	}
	sound, err := pointers.Get(t.Context(), "current")
	if err != nil {
		t.Fatal(err)
	}
	// The same bytes under the name of another set.
	var pointer map[string]any
	if err := json.Unmarshal(sound.Value(), &pointer); err != nil {
		t.Fatal(err)
	}
	pointer["label"] = "0123456789abcdef.json"
	damaged, err := json.Marshal(pointer)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := pointers.Put(t.Context(), "current", damaged); err != nil {
			t.Fatal(err)
		}
		bottest.Wait(t, p, "the log says so", func() bool { return strings.Contains(p.Log(), "documents of the cluster not fetched") })
	}
	if r := askServed(t, p, askPlan); !strings.Contains(r.Text, "12 ha") {
		t.Errorf("answer %q", r.Text)
	}
	if code, out := hoinq(t, her, "ingest", planFile(t, "ke-hoach-2", "Bãi Sậy", 7)); code != exitFailure || strings.Contains(out, "Đã nạp") {
		t.Errorf("ingest over a damaged set: exit %d:\n%s", code, out)
	}
	if out := mustHoinq(t, her, "documents"); !strings.Contains(out, "Cồn Sò") || !strings.Contains(out, "chưa lấy được bộ văn bản của cụm") {
		t.Errorf("documents:\n%s", out)
	}

	// A replica without a copy waits for a sound one.
	late := bottest.Launch(t, t.TempDir(), onCluster(cluster, "1"))
	bottest.Wait(t, late, "it says what it waits for", func() bool { return strings.Contains(late.Log(), "documents of the cluster not fetched") })
	if status, _ := fetch(t, http.MethodGet, late.PublicURL+"/readyz", ""); status != http.StatusServiceUnavailable {
		t.Errorf("a replica without documents is ready: %d", status)
	}
	if _, err := pointers.Put(t.Context(), "current", sound.Value()); err != nil {
		t.Fatal(err)
	}
	late.WaitReady(t)
	says(t, late, askPlan, "12 ha")
	if n := strings.Count(p.Log(), "documents of the cluster not fetched"); n != 1 {
		t.Errorf("said %d times:\n%s", n, p.Log())
	}
}
