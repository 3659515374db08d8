// Package examples holds the YAML beside each example to what the example
// prints.
package examples

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/podpattern/podpattern/internal/golden"
	"github.com/stretchr/testify/require"
)

func TestEachExamplePrintsTheFileBesideIt(t *testing.T) {
	mains, err := filepath.Glob("*/main.go")
	require.NoError(t, err)
	require.NotEmpty(t, mains)
	bin := t.TempDir()
	build := exec.Command("go", "build", "-o", bin+"/", "./...")
	out, err := build.CombinedOutput()
	require.NoError(t, err, string(out))
	for _, file := range mains {
		name := filepath.Dir(file)
		if name == "lint" {
			continue // it reads manifests and prints none; it has tests of its own
		}
		if _, err := os.Stat(filepath.Join(name, "go.mod")); err == nil {
			continue // a module of its own, with tests of its own
		}
		t.Run(name, func(t *testing.T) {
			var yaml, errs bytes.Buffer
			run := exec.Command(filepath.Join(bin, name))
			run.Stdout, run.Stderr = &yaml, &errs
			require.NoError(t, run.Run(), errs.String())
			if name != "seeds" { // others' pods; their findings are in its testdata
				require.Empty(t, errs.String(), "an example has no findings")
			}
			golden.Equal(t, filepath.Join(name, name+".yaml"), yaml.String())
			info, err := os.Stat(filepath.Join(name, name+".yaml"))
			require.NoError(t, err)
			require.NotZero(t, info.Size())
		})
	}
}

// A check that well-written pods must silence is a bad check: so the examples and
// the catalogue allow next to nothing.
func TestHardlyAnythingIsAllowed(t *testing.T) {
	allowed := 0
	for _, folder := range []string{".", "../sidecar", "../ambassador", "../adapter", "../initc"} {
		require.NoError(t, filepath.WalkDir(folder, func(file string, entry fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(file) != ".go" {
				return err
			}
			text, err := os.ReadFile(file)
			allowed += bytes.Count(text, []byte(".Allow("))
			return err
		}))
	}
	require.LessOrEqual(t, allowed, 10)
}
