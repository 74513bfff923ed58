package main

import (
	"flag"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hoinq/hoinq/bot/bottest"
	"github.com/hoinq/hoinq/internal/natstest"
)

// The long form is
//
//	go test ./cmd/hoinq -run ReplicasLose -v -timeout 30m -args -questions 20000
var clusterQuestions = flag.Int("questions", 600, "questions while replicas and servers of the cluster are killed")

// replicas are several programs on one cluster, each with a data folder of its
// own, and what stands before them: whoever does not take a question is passed
// over.
type replicas struct {
	*crowd

	mu       sync.Mutex
	programs []*bottest.Process
}

func startReplicas(t testing.TB, c *crowd, cluster *natstest.Cluster, n int) *replicas {
	t.Helper()
	r := &replicas{crowd: c}
	for range n {
		r.programs = append(r.programs, bottest.Launch(t, t.TempDir(), append(onCluster(cluster, "3"), c.settings...)))
	}
	for _, p := range r.programs {
		p.WaitReady(t)
	}
	return r
}

// deliver posts a question to one replica after the other until one has
// acknowledged it.
func (r *replicas) deliver(t testing.TB, question int) {
	t.Helper()
	deadline := time.Now().Add(crowdPatience)
	for i := question; t.Context().Err() == nil; i++ {
		r.mu.Lock()
		p := r.programs[i%len(r.programs)]
		r.mu.Unlock()
		switch status := r.post(t, p, question); status {
		case http.StatusOK:
			return
		case 0, http.StatusServiceUnavailable:
			if time.Now().After(deadline) {
				t.Errorf("question %d is taken in by nobody", question)
				return
			}
			<-time.After(20 * time.Millisecond)
		default:
			t.Errorf("question %d: status %d", question, status)
			return
		}
	}
}

// ask delivers the questions from first to last, as many at the same time as may
// wait for their answer, and returns when all are answered. at is called before
// each.
func (r *replicas) ask(t testing.TB, first, last int, at func(question int)) {
	t.Helper()
	free := make(chan struct{}, crowdInFlight)
	r.crowd.mu.Lock()
	r.heard = func(question int) {
		if question >= first && question <= last && r.exchanges[question].answers == 1 {
			<-free
		}
	}
	r.crowd.mu.Unlock()
	var lines sync.WaitGroup
	for question := first; question <= last; question++ {
		at(question)
		r.take(t, free)
		r.crowd.mu.Lock()
		r.exchanges[question] = &exchange{}
		r.crowd.mu.Unlock()
		lines.Go(func() { r.deliver(t, question) })
	}
	lines.Wait()
	for range crowdInFlight { // all are free when all are answered
		r.take(t, free)
	}
}

// take waits until fewer questions wait for their answer than may.
func (r *replicas) take(t testing.TB, free chan<- struct{}) {
	t.Helper()
	select {
	case free <- struct{}{}:
	case <-time.After(crowdPatience):
		t.Fatal("what was acknowledged is not answered")
	}
}

func unchanged(int) {}

// A replica and then a server of the cluster are killed under load. What was
// acknowledged is answered by those that are left, hardly ever twice.
func TestReplicasLoseNothingWithAReplicaAndAServer(t *testing.T) {
	t.Parallel() // it waits most of the time
	cluster := natstest.Start(t, natstest.Options{Nodes: 3})
	c := newCrowd(t)
	r := startReplicas(t, c, cluster, 3)
	n := *clusterQuestions
	begin := time.Now()
	r.ask(t, 1, n, func(question int) {
		switch question {
		case n / 3:
			r.programs[0].Kill(t)
		case 2 * n / 3:
			cluster.Kill(t, 0)
		}
	})
	t.Logf("%d questions in %s", n, time.Since(begin).Round(time.Millisecond))
	twice := 0
	for question := 1; question <= n; question++ {
		c.mu.Lock()
		switch answers := c.exchanges[question].answers; {
		case answers == 0:
			t.Errorf("question %d was acknowledged and never answered", question)
		case answers > 1:
			twice++
		}
		c.mu.Unlock()
	}
	// On a busy machine a replica may stand still for so long that the others
	// take its work over: what it had on its way comes twice then, too.
	takenOver := 0
	for _, p := range r.programs {
		takenOver += strings.Count(p.Log(), "its work is taken over")
	}
	t.Logf("%d of %d answered twice, work taken over %d times", twice, n, takenOver)
	if limit := max(n/100, (1+takenOver)*onTheWay); twice > limit {
		t.Errorf("%d of %d questions were answered twice, want at most %d", twice, n, limit)
	}
	for i, p := range r.programs[1:] {
		if code, took := p.Terminate(t); code != 0 || took > endTime {
			t.Errorf("replica %d ended with code %d after %s:\n%s", i+2, code, took, p.Log())
		}
	}
}

// BenchmarkReplicas is the rate of one replica and of three on a cluster of
// three servers, all on the same cores.
func BenchmarkReplicas(b *testing.B) {
	built(b)
	for _, n := range []int{1, 3} {
		b.Run(fmt.Sprintf("replicas=%d", n), func(b *testing.B) {
			cluster := natstest.Start(b, natstest.Options{Nodes: 3})
			r := startReplicas(b, newCrowd(b), cluster, n)
			const warm = 2 * crowdLines
			r.ask(b, 1, warm, unchanged)
			b.ResetTimer()
			r.ask(b, warm+1, warm+b.N, unchanged)
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "questions/s")
		})
	}
}
