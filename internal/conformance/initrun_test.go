package conformance_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern"
)

// runInit starts what an init container runs. folders says where the folders of
// its arguments are here; programs are those that its image has beside busybox.
func runInit(t *testing.T, c pattern.InitContainer, folders map[string]string, programs ...string) *process {
	t.Helper()
	ran := container(t, pattern.Pod("web").WithApp(pattern.App("web", "web:1")).WithInit(c.Name("ran")), "ran")
	ran.Command = slices.Clone(ran.Command)
	for i := range ran.Command {
		for there, here := range folders {
			ran.Command[i] = strings.ReplaceAll(ran.Command[i], there, here)
		}
	}
	return start(t, ran, nil, programs...)
}
