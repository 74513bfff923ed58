package parallel

import (
	"runtime"
	"slices"
	"testing"
)

func TestEveryNumberComesOnce(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, cores := range []int{1, 2, 7} {
		runtime.GOMAXPROCS(cores)
		for _, n := range []int{0, 1, 2, 6, 7, 8, 1000} {
			each := make([]int, n)
			Each(n, func(i int) { each[i]++ })
			ranges := make([]int, n)
			parts := Parts(n)
			begins := make([]int, parts)
			Ranges(n, parts, func(part, from, to int) {
				begins[part] = from
				if from >= to {
					t.Errorf("%d numbers, %d cores: part %d is empty", n, cores, part)
				}
				for i := from; i < to; i++ {
					ranges[i]++
				}
			})
			want := slices.Repeat([]int{1}, n)
			if !slices.Equal(each, want) || !slices.Equal(ranges, want) {
				t.Errorf("%d numbers, %d cores: Each %v, Ranges %v, want every number once", n, cores, each, ranges)
			}
			if !slices.IsSorted(begins) || parts > cores {
				t.Errorf("%d numbers, %d cores: parts begin at %v, want them in order and no more than cores", n, cores, begins)
			}
		}
	}
}
