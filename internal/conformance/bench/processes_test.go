package bench

import (
	"bytes"
	"fmt"
	"math"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// counts are how many Deployments are printed, and in how many rounds. Each round runs all
// programs, one right after the other.
var counts = []struct{ n, rounds int }{{1, 21}, {100, 5}, {1000, 5}, {10_000, 3}}

// A program that takes so long is run in the first round only: starting and noise are a
// small part of it.
const long = 2 * time.Second

// process is what one run of a program took.
type process struct {
	processor, wall time.Duration
	peak            int64 // bytes
}

// processes are the runs of the programs, by round.
type processes map[string]map[int][]process

func measureProcesses(t *testing.T) processes {
	all := make(processes)
	for _, p := range peers {
		all[p.name] = make(map[int][]process)
	}
	for _, c := range counts {
		commands := make(map[string][]string)
		for _, p := range peers {
			if c.n <= p.largest {
				commands[p.name] = p.command(t, c.n)
			}
		}
		for range c.rounds {
			for _, p := range peers {
				runs := all[p.name][c.n]
				if command := commands[p.name]; command != nil && (len(runs) == 0 || runs[0].processor < long) {
					all[p.name][c.n] = append(runs, measure(t, command))
				}
			}
		}
	}
	return all
}

func measure(t *testing.T, command []string) process {
	t.Helper()
	var errs bytes.Buffer
	cmd := exec.Command("measure", command...)
	cmd.Stderr = &errs
	out, err := cmd.Output()
	require.NoError(t, err, "%v: %s", command, errs.String())
	var processor, wall, kilobytes int64
	_, err = fmt.Sscan(string(out), &processor, &wall, &kilobytes)
	require.NoError(t, err)
	return process{time.Duration(processor), time.Duration(wall), kilobytes << 10}
}

// ratio is the processor's time of a program to that of another: the median of the
// rounds' ratios, so that it matters little what else the machine does.
func (p processes) ratio(a, b string, n int) float64 {
	x, y := p[a][n], p[b][n]
	ratios := make([]float64, min(len(x), len(y)))
	for i := range ratios {
		ratios[i] = float64(x[i].processor) / float64(y[i].processor)
	}
	return median(ratios)
}

// median of what the runs of a program took.
func (p processes) median(name string, n int, of func(process) float64) float64 {
	var list []float64
	for _, run := range p[name][n] {
		list = append(list, of(run))
	}
	return median(list)
}

func processorTime(p process) float64 { return p.processor.Seconds() }
func wallTime(p process) float64      { return p.wall.Seconds() }
func peakMemory(p process) float64    { return float64(p.peak) }

// growth is the exponent of a program's time: 1 if ten times the objects take ten times
// the time.
func (p processes) growth(name string, from, to int) float64 {
	return exponent(p.median(name, from, processorTime), p.median(name, to, processorTime), from, to)
}

func exponent(first, last float64, from, to int) float64 {
	return math.Log(last/first) / math.Log(float64(to)/float64(from))
}

// median is NaN for an empty list, which no goal holds for.
func median(list []float64) float64 {
	if len(list) == 0 {
		return math.NaN()
	}
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}

// The memory that a program is said to have is its own, not that of the test.
func TestMeasureTellsAChildsOwnMemory(t *testing.T) {
	held := bytes.Repeat([]byte("x"), 256<<20)
	got := measure(t, []string{"true"})
	require.Positive(t, got.peak)
	require.Less(t, got.peak, int64(8<<20))
	require.Len(t, held, 256<<20)
}
