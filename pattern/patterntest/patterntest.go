// Package patterntest tests helpers: what the helpers of the catalogue are held to,
// anybody's can be.
//
//	func TestCache(t testing.TB) {
//		pod := pattern.Pod("web").Hardened().WithApp(patterntest.App())
//		patterntest.Helper(t, "cache", pod, Cache("redis.prod.svc:6379"))
//		patterntest.Refuses(t, pod, Cache("redis"), "want host:port")
//	}
//
// It needs testify, and is the one package of the module that does.
package patterntest

import (
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/podpattern/podpattern/internal/attach"
	"github.com/podpattern/podpattern/internal/golden"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
)

// App is a well-written app, called web, that listens on port 8080: one that no
// check has anything against in a pod that is Hardened. The chain after it adds
// what a helper needs of it.
func App() pattern.AppContainer {
	return pattern.App("web", "web:1").Port("http", 8080).ReadinessProbe(pattern.HTTPGet("/", "http")).
		Requests("100m", "64Mi").Limits("", "64Mi").RunAsUser(10001)
}

// Manifest is a builder whose YAML can be compared with a file.
type Manifest interface {
	Findings() check.Findings
	YAML() ([]byte, error)
}

// Helper adds a helper to a pod and fails unless
//   - the pod has no finding at any level, so that it passes Pod Security restricted too,
//     alone, in a Deployment and in a Job, where it must not keep the Job from ending;
//   - nor has the classic form, but that it is up no sooner than the app;
//   - two Builds give the same bytes;
//   - its YAML is that of testdata/<name>.yaml; see [Golden].
func Helper[R pattern.Role](t testing.TB, name string, pod pattern.PodBuilder, c pattern.Container[R]) {
	t.Helper()
	native, classic := attach.To(pod, c), attach.To(pod, c.Classic())
	require.Empty(t, native.Deployment(2).Findings(), "in a Deployment")
	require.Empty(t, native.Job().Findings(), "in a Job")
	late := func(f check.Finding) bool { return f.Rule == "classic-order" }
	require.Empty(t, slices.DeleteFunc(classic.Deployment(2).Findings(), late), "as a classic container")
	Golden(t, name, native)
}

// Golden fails unless a manifest is without a finding, prints the same bytes
// twice, and prints those of testdata/<name>.yaml. Where the test program has a
// flag -update that is set, the file is written:
//
//	var _ = flag.Bool("update", false, "rewrite the golden files")
func Golden(t testing.TB, name string, m Manifest) {
	t.Helper()
	require.Empty(t, m.Findings())
	got, err := m.YAML()
	require.NoError(t, err)
	again, err := m.YAML()
	require.NoError(t, err)
	require.Equal(t, string(got), string(again), "two Builds of one value")
	golden.Equal(t, filepath.Join("testdata", name+".yaml"), string(got))
}

// Refuses adds a helper to a pod and fails unless Build refuses it, with a text
// that contains want and the file of the caller: an error must name the line that
// made the helper, not one of the helper's own.
func Refuses[R pattern.Role](t testing.TB, pod pattern.PodBuilder, c pattern.Container[R], want string) {
	t.Helper()
	_, caller, _, _ := runtime.Caller(1)
	_, err := attach.To(pod, c).Build()
	require.ErrorContains(t, err, want)
	require.ErrorContains(t, err, filepath.Base(caller)+":", "the caller's line, not the helper's")
}
