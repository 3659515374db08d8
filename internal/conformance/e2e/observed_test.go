package e2e_test

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
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

// TestMain writes the table where E2E_TABLE names a file for it.
func TestMain(m *testing.M) {
	code := m.Run()
	if file := os.Getenv("E2E_TABLE"); file != "" && code == 0 {
		if err := seen.write(file); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

func (o *observations) write(file string) error {
	slices.SortFunc(o.rows, func(a, b observation) int { return cmp.Or(cmp.Compare(a.test, b.test), cmp.Compare(a.what, b.what)) })
	var b strings.Builder
	b.WriteString("| test | what was observed | seconds |\n| --- | --- | --- |\n")
	for _, r := range o.rows {
		fmt.Fprintf(&b, "| `%s` | %s | %.0f |\n", r.test, strings.ReplaceAll(r.what, "|", `\|`), r.took.Seconds())
	}
	return os.WriteFile(filepath.Clean(file), []byte(b.String()), 0o644)
}
