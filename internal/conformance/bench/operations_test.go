package bench

import (
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/podpattern/podpattern/internal/conformance/bench/operation"
	"github.com/stretchr/testify/require"
)

// operations are what was measured of each operation, by its name.
type operations map[string]*figures

type figures struct {
	nanoseconds  []float64 // of the processor, by round
	allocations  float64
	instructions float64
}

const (
	operationRounds = 15
	operationTime   = 30 * time.Millisecond
)

func measureOperations(t *testing.T) operations {
	list, err := operation.All()
	require.NoError(t, err)
	all := make(operations)
	times := make(map[string]int)
	for _, o := range list {
		all[o.Name] = &figures{allocations: testing.AllocsPerRun(20, func() { _, _ = o.Run() })}
		times[o.Name] = 1 + int(float64(operationTime)/nanoseconds(t, o, 20))
	}
	for range operationRounds {
		for _, o := range list {
			all[o.Name].nanoseconds = append(all[o.Name].nanoseconds, nanoseconds(t, o, times[o.Name]))
		}
	}
	countInstructions(t, all, times)
	return all
}

// nanoseconds is the processor's time of one run, that of collecting its garbage included.
func nanoseconds(t *testing.T, o operation.Operation, times int) float64 {
	runtime.GC() // the garbage of the one before
	start := processorTimeSoFar(t)
	for range times {
		if _, err := o.Run(); err != nil {
			require.NoError(t, err)
		}
	}
	return float64(processorTimeSoFar(t)-start) / float64(times)
}

// processorTimeSoFar is that of all threads of the process.
func processorTimeSoFar(t *testing.T) time.Duration {
	var u syscall.Rusage
	require.NoError(t, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// ratio is the time of an operation to that of another: the median of the rounds' ratios.
func (o operations) ratio(a, b string) float64 {
	ratios := make([]float64, operationRounds)
	for i := range ratios {
		ratios[i] = o[a].nanoseconds[i] / o[b].nanoseconds[i]
	}
	return median(ratios)
}
