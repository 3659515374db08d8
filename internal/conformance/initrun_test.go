package conformance_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// runInit starts what an init container runs. folders says where the folders of
// its arguments are here; programs are those that its image has beside busybox.
func runInit(t *testing.T, c pattern.InitContainer, folders map[string]string, programs ...string) *process {
	t.Helper()
	ran := container(t, pattern.Pod("web").WithApp(pattern.App("web", "web:1")).WithInit(c.Name("ran")), "ran")
	bin := busybox(t)
	for _, name := range programs {
		install(t, bin, name)
	}
	ran.Env = append(slices.Clone(ran.Env), corev1.EnvVar{Name: "PATH", Value: bin})
	ran.Command = slices.Clone(ran.Command)
	for i := range ran.Command {
		for there, here := range folders {
			ran.Command[i] = strings.ReplaceAll(ran.Command[i], there, here)
		}
	}
	return start(t, ran, nil)
}

// install puts a program of this machine into a folder, in place of busybox' own.
func install(t *testing.T, bin, name string) {
	t.Helper()
	program, err := exec.LookPath(name)
	require.NoError(t, err, "these tests need %s", name)
	path := filepath.Join(bin, filepath.Base(name))
	_ = os.Remove(path)
	require.NoError(t, os.Symlink(program, path))
}
