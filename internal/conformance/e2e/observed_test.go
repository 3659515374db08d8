package e2e_test

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// observation is a row of the table in README.md.
type observation struct {
	test, what string
	took       time.Duration
}

// observations are those of this run.
type observations struct {
	mu   sync.Mutex
	rows []observation
}

var seen observations

// observed notes what a test has seen, for the table in README.md: a sentence, in the past
// tense, with the figures that were measured. started is when the test began.
func (s *space) observed(started time.Time, format string, args ...any) {
	seen.mu.Lock()
	defer seen.mu.Unlock()
	seen.rows = append(seen.rows, observation{s.Name(), fmt.Sprintf(format, args...), time.Since(started)})
}

// table is the file that has what was seen, between two marks.
const (
	table      = "README.md"
	tableStart = "<!-- table -->\n"
	tableEnd   = "<!-- end -->\n"
)

func (o *observations) compare(update bool) error {
	slices.SortFunc(o.rows, func(a, b observation) int { return cmp.Or(cmp.Compare(a.test, b.test), cmp.Compare(a.what, b.what)) })
	var b strings.Builder
	b.WriteString("| test | what was observed | seconds |\n| --- | --- | --- |\n")
	for _, r := range o.rows {
		fmt.Fprintf(&b, "| `%s` | %s | %.0f |\n", r.test, strings.ReplaceAll(r.what, "|", `\|`), r.took.Seconds())
	}
	text, err := os.ReadFile(table)
	if err != nil {
		return err
	}
	before, rest, started := strings.Cut(string(text), tableStart)
	written, after, ended := strings.Cut(rest, tableEnd)
	if !started || !ended {
		return errors.New(table + " has no table")
	}
	if update {
		return os.WriteFile(table, []byte(before+tableStart+b.String()+tableEnd+after), 0o644)
	}
	if is, was := testsOf(b.String()), testsOf(written); !slices.Equal(is, was) {
		return fmt.Errorf("%s is stale: run with E2E_UPDATE=1\nseen:    %s\nwritten: %s", table, strings.Join(is, " "), strings.Join(was, " "))
	}
	return nil
}

// testsOf gives the tests of a table, in its order: the figures are another's at each run.
func testsOf(table string) []string {
	var out []string
	for line := range strings.Lines(table) {
		if name, _, ok := strings.Cut(strings.TrimPrefix(line, "| `"), "`"); ok && strings.HasPrefix(line, "| `") {
			out = append(out, name)
		}
	}
	return slices.Compact(out)
}
