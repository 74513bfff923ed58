// Package parallel spreads work over the cores.
//
// It is for computing, not for waiting: the work is cut into one piece a core,
// and nothing can be cancelled in the middle of a piece. What comes out must
// not depend on how many pieces there are; the callers' tests hold them to it.
//
//	squares := make([]int, n)
//	parallel.Each(n, func(i int) { squares[i] = i * i })
package parallel

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Parts is into how many pieces [Ranges] cuts the numbers below n: one for each
// core that the program may use, and never an empty one.
func Parts(n int) int { return max(0, min(runtime.GOMAXPROCS(0), n)) }

// Ranges cuts the numbers from 0 to n, without n, into parts of the same length,
// in order, and calls do for each of them at the same time. It returns when all
// are done. With n = 0 it calls nothing.
func Ranges(n, parts int, do func(part, from, to int)) {
	var all sync.WaitGroup
	for part := range parts {
		all.Go(func() { do(part, n*part/parts, n*(part+1)/parts) })
	}
	all.Wait()
}

// Each calls do for every number below n, on all cores, and returns when all
// are done. The numbers are given out one by one, for pieces of work that take
// more or less time.
func Each(n int, do func(i int)) {
	var all sync.WaitGroup
	var next atomic.Int64
	for range Parts(n) {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	all.Wait()
}
