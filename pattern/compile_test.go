package pattern_test

import (
	"fmt"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"
)

// The five kinds of containers are five types, so that a mistake in the role is
// found by the compiler, which names both.
func TestAContainerInAWrongRoleDoesNotCompile(t *testing.T) {
	out, err := exec.Command("go", "build", "-gcflags=-e", "-o", t.TempDir(), "./testdata/wrongrole").CombinedOutput()
	require.Error(t, err)
	for n, types := range map[int][2]string{
		9:  {"SidecarContainer", "AmbassadorContainer"},
		10: {"AmbassadorContainer", "SidecarContainer"},
		11: {"AdapterContainer", "SidecarContainer"},
		12: {"AppContainer", "AdapterContainer"},
		13: {"InitContainer", "AppContainer"},
		14: {"SidecarContainer", "InitContainer"},
		15: {"PodBuilder", "InitContainer"},
	} {
		require.Regexp(t, fmt.Sprintf(`main\.go:%d:\d+: cannot use .* \(value of .*pattern\.%s.*\) as pattern\.%s value in argument`, n, types[0], types[1]), string(out))
	}
	for n, what := range map[int]string{
		16: `cannot use func.* as func\(pattern\.View, pattern\.Container\[pattern\.AppRole\]\)`,
		17: `cannot use .*pattern\.AppContainer.* as pattern\.Object value`,
		18: `cannot use .*pattern\.Volume.* as pattern\.Hook value`,
	} {
		require.Regexp(t, fmt.Sprintf(`main\.go:%d:\d+: %s`, n, what), string(out))
	}
}
