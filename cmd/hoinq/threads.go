package main

import (
	"os"
	"runtime"
)

// threadsPerCore is how many threads run Go code for each core while serve
// runs. A thread that waits for an fsync keeps others from its place for a
// while, and with one place a core the disk waits for the cores and the cores
// for the disk. Set by BenchmarkLoad on two cores: with 1 some 410 questions a
// second and 1.4 cores busy, with 2 some 430, with 4 or 6 some 500 to 600 and 1.7.
const threadsPerCore = 4

// useThreads lets more threads run than there are cores, unless GOMAXPROCS says
// how many. It returns how many cores there are for us.
func useThreads() (cores int) {
	cores = runtime.GOMAXPROCS(0)
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(threadsPerCore * cores)
	}
	return cores
}
