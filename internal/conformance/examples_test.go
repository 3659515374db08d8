package conformance_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Every example prints what the API server takes without a word. The seeds are
// pods as people have them today: they are taken too, but perhaps not in silence.
func TestExamples(t *testing.T) {
	leftOut := map[string]string{
		"lint": "it prints what is wrong with the pods that it is given, and no manifest",
	}
	mains, err := filepath.Glob(filepath.Join(root, "examples", "*", "main.go"))
	require.NoError(t, err)
	require.NotEmpty(t, mains)

	programs := t.TempDir()
	goTool(t, "build", "-o", programs, "./examples/...")
	for _, main := range mains {
		name := filepath.Base(filepath.Dir(main))
		if _, err := os.Stat(filepath.Join(filepath.Dir(main), "go.mod")); leftOut[name] != "" || err == nil {
			continue // a module of its own is tried on a real API server, by its own tests
		}
		t.Run(name, func(t *testing.T) {
			for _, v := range judge(t, run(t, filepath.Join(programs, name))) {
				require.NoError(t, v.Err, v)
				if name == "seeds" {
					for _, w := range v.Warnings {
						t.Logf("%s/%s: %s", v.Kind, v.Name, w)
					}
					continue
				}
				require.Empty(t, v.Warnings, v)
			}
		})
	}
}

// The first pod that a reader of the README sees needs one word to run where Pod
// Security restricted is enforced.
func TestQuickstartHardened(t *testing.T) {
	file, err := filepath.Abs(filepath.Join(root, "examples", "quickstart", "main.go"))
	require.NoError(t, err)
	source, err := os.ReadFile(file)
	require.NoError(t, err)
	const carried = "web.Deployment("
	require.Equal(t, 1, strings.Count(string(source), carried))
	hardened := strings.Replace(string(source), carried, "web.Hardened().Deployment(", 1)

	dir := t.TempDir()
	replacement, overlay := filepath.Join(dir, "main.go"), filepath.Join(dir, "overlay.json")
	require.NoError(t, os.WriteFile(replacement, []byte(hardened), 0o600))
	text, err := json.Marshal(map[string]map[string]string{"Replace": {file: replacement}})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(overlay, text, 0o600))

	program := filepath.Join(dir, "quickstart")
	goTool(t, "build", "-overlay", overlay, "-o", program, "./examples/quickstart")
	requireRestricted(t, run(t, program))
}

// goTool runs the go command in the main module.
func goTool(t *testing.T, args ...string) {
	t.Helper()
	c := exec.Command("go", args...)
	c.Dir = root
	out, err := c.CombinedOutput()
	require.NoError(t, err, "go %s: %s", strings.Join(args, " "), out)
}

// run gives what a generator prints. A program that waits for input gets none, and
// one that serves is ended.
func run(t *testing.T, program string) []byte {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var out, errs bytes.Buffer
	c := exec.CommandContext(ctx, program)
	c.Stdout, c.Stderr = &out, &errs
	require.NoError(t, c.Run(), errs.String())
	return out.Bytes()
}
