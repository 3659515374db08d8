// Package bench compares the library with what else makes Kubernetes objects, in one run.
package bench

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
)

// TestMain builds the programs of this module and puts them first in PATH. The others that
// are measured stand in PATH already: peers.sh installs them.
func TestMain(m *testing.M) {
	os.Exit(withPrograms(m.Run))
}

func withPrograms(run func() int) int {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	build := exec.Command("go", "build", "-o", dir, "./programs/...")
	build.Env = append(build.Environ(), "CGO_ENABLED=0") // as peers.sh builds the others
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%v\n%s", err, out)
		return 1
	}
	if err := os.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return run()
}
