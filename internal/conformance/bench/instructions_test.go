package bench

import (
	"os/exec"
	"regexp"
	"strconv"
	"testing"

	"github.com/podpattern/podpattern/internal/conformance/bench/operation"
	"github.com/stretchr/testify/require"
)

// countInstructions counts those of one run of each operation: they hardly differ between
// two runs, however busy the machine is. No garbage is collected, so that only the
// operation is counted.
func countInstructions(t *testing.T, all operations, times map[string]int) {
	none := instructions(t, operation.Literal, 0)
	for name, f := range all {
		f.instructions = (instructions(t, name, times[name]) - none) / float64(times[name])
	}
}

var collected = regexp.MustCompile(`Collected : (\d+)`)

func instructions(t *testing.T, name string, times int) float64 {
	cmd := exec.Command("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "ops", name, strconv.Itoa(times))
	cmd.Env = append(cmd.Environ(), "GOGC=off", "GOMAXPROCS=1", "GODEBUG=asyncpreemptoff=1") // callgrind stumbles over signals
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	match := collected.FindSubmatch(out)
	require.NotNil(t, match, string(out))
	n, err := strconv.ParseFloat(string(match[1]), 64)
	require.NoError(t, err)
	return n
}
