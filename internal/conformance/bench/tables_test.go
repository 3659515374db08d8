package bench

import (
	"cmp"
	"fmt"
	"math"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/internal/conformance/bench/operation"
	"github.com/stretchr/testify/require"
)

// parts are the tables of README.md; each stands between <!-- name --> and <!-- end -->.
var parts = []struct {
	name string
	of   func(run) string
}{
	{"table", timeTable},
	{"memory", memoryTable},
	{"operations", operationTable},
	{"goals", goalTable},
}

// heads are the columns by number of objects.
func heads(what string) []string {
	out := []string{what}
	for _, c := range counts {
		text := fmt.Sprint(c.n)
		if len(text) > 3 {
			text = text[:len(text)-3] + "," + text[len(text)-3:]
		}
		out = append(out, "N = "+text)
	}
	return out
}

// byProgram is a table with a row for each program and a column for each number of objects.
func byProgram(r run, cell func(name string, n int) string) string {
	rows := [][]string{heads("program")}
	for _, p := range peers {
		row := []string{p.name}
		for _, c := range counts {
			if c.n > p.largest {
				row = append(row, "-")
			} else {
				row = append(row, cell(p.name, c.n))
			}
		}
		rows = append(rows, row)
	}
	return markdown(rows)
}

// timeTable is the processor's time, and how many times the library's that is.
func timeTable(r run) string {
	return byProgram(r, func(name string, n int) string {
		text := rounded(1000*r.processes.median(name, n, processorTime)) + " ms"
		if name == library {
			return text
		}
		return fmt.Sprintf("%s (%sx)", text, rounded(r.processes.ratio(name, library, n)))
	})
}

// memoryTable is the peak of memory, and the time by the clock.
func memoryTable(r run) string {
	return byProgram(r, func(name string, n int) string {
		return rounded(r.processes.median(name, n, peakMemory)/1e6) + " MB, " + rounded(1000*r.processes.median(name, n, wallTime)) + " ms"
	})
}

func operationTable(r run) string {
	rows := [][]string{{"operation", "µs of CPU", "to a struct literal", "allocations", "thousand instructions"}}
	list, err := operation.All()
	if err != nil {
		return err.Error()
	}
	for _, o := range list {
		f := r.operations[o.Name]
		rows = append(rows, []string{o.Name, rounded(median(f.nanoseconds) / 1000), rounded(r.operations.ratio(o.Name, operation.Literal)) + "x",
			fmt.Sprintf("%.0f", f.allocations), rounded(f.instructions / 1000)})
	}
	return markdown(rows)
}

func goalTable(r run) string {
	rows := [][]string{{"figure", "goal", "measured", "held to"}}
	for _, g := range goals {
		rows = append(rows, []string{g.what, fmt.Sprintf("%s %g", g.bound, g.limit), rounded(g.measured(r)), fmt.Sprint(cmp.Or(g.held, g.limit))})
	}
	return markdown(rows)
}

// rounded is a figure of three digits that count: what is behind them is noise.
func rounded(figure float64) string {
	if figure == 0 || math.IsNaN(figure) || math.IsInf(figure, 0) {
		return fmt.Sprint(figure)
	}
	decimals := 2 - int(math.Floor(math.Log10(math.Abs(figure))))
	unit := math.Pow10(-decimals)
	return fmt.Sprintf("%.*f", max(0, decimals), math.Round(figure/unit)*unit)
}

// markdown makes a table of rows, of which the first is the head.
func markdown(rows [][]string) string {
	var b strings.Builder
	for i, row := range rows {
		b.WriteString("| " + strings.Join(row, " | ") + " |\n")
		if i == 0 {
			b.WriteString(strings.Repeat("| --- ", len(row)) + "|\n")
		}
	}
	return b.String()
}

const readme = "README.md"

// requireReadme writes the tables to README.md with BENCH_UPDATE=1. Any other run holds
// README.md to the same tables, whatever the figures are: they are the machine's.
func requireReadme(t *testing.T, r run) {
	text, err := os.ReadFile(readme)
	require.NoError(t, err)
	want := string(text)
	for _, part := range parts {
		start := "<!-- " + part.name + " -->\n"
		before, rest, started := strings.Cut(want, start)
		_, after, ended := strings.Cut(rest, "<!-- end -->\n")
		require.True(t, started && ended, "%s has a part %s", readme, part.name)
		want = before + start + part.of(r) + "<!-- end -->\n" + after
	}
	if os.Getenv("BENCH_UPDATE") == "1" {
		require.NoError(t, os.WriteFile(readme, []byte(want), 0o644))
		return
	}
	require.Equal(t, withoutFigures(want), withoutFigures(string(text)), "%s is stale; run with BENCH_UPDATE=1", readme)
}

func withoutFigures(text string) string {
	return regexp.MustCompile(`-?\d[\d.]*`).ReplaceAllString(text, "#")
}
