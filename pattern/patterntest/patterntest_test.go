package patterntest_test

import (
	"flag"
	"fmt"
	"runtime"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// recorder is a test that may fail.
type recorder struct {
	testing.TB
	said string
}

func (r *recorder) Helper()                           {}
func (r *recorder) Errorf(format string, args ...any) { r.said += fmt.Sprintf(format, args...) }
func (r *recorder) FailNow()                          { runtime.Goexit() }

// try runs what may fail, and gives what it said.
func try(t *testing.T, f func(testing.TB)) string {
	r := &recorder{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		f(r)
	}()
	<-done
	return r.said
}

// good is a helper that has everything.
func good() pattern.SidecarContainer {
	return pattern.Sidecar("good", "registry.example.com/good:1").
		Requests("10m", "16Mi").Limits("", "32Mi").
		Restricted().RunAsUser(65532).ReadOnlyRootFilesystem(true)
}

func pod() pattern.PodBuilder { return pattern.Pod("web").Hardened().WithApp(patterntest.App()) }

func TestAGoodHelperPasses(t *testing.T) {
	patterntest.Helper(t, "good", pod(), good())
	patterntest.Refuses(t, pod(), good().Reject("Field", 1, "want two"), "want two")
}

func TestHelperFails(t *testing.T) {
	if *update {
		return // the golden file would be that of the last mistake
	}
	builds := 0
	tests := map[string]struct {
		c    pattern.SidecarContainer
		want string
	}{
		"no resources":                     {pattern.Sidecar("good", "registry.example.com/good:1").Restricted().RunAsUser(65532), "resources-missing"},
		"not restricted":                   {pattern.Sidecar("good", "registry.example.com/good:1").Requests("10m", "16Mi").Limits("", "32Mi").RunAsUser(0), "pss-restricted"},
		"another manifest than the file's": {good().Env("A", "b"), "differs"},
		"no file":                          {good(), "run the test with -update"},
		"two Builds that differ": {good().Late(func(_ pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer {
			builds++
			return c.Env("BUILD", fmt.Sprint(builds))
		}), "two Builds of one value"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			golden := "good"
			if name == "no file" {
				golden = "nowhere"
			}
			said := try(t, func(t testing.TB) { patterntest.Helper(t, golden, pod(), tt.c) })
			require.Contains(t, said, tt.want)
		})
	}
}

func TestRefusesFails(t *testing.T) {
	require.Contains(t, try(t, func(t testing.TB) { patterntest.Refuses(t, pod(), good(), "want") }), "An error is expected")
	require.Contains(t, try(t, func(t testing.TB) { patterntest.Refuses(t, pod(), good().Limits("", "a lot"), "want host:port") }), "does not contain")
}

// Every role can be tested.
func TestRoles(t *testing.T) {
	refused := func(t testing.TB) {
		patterntest.Refuses(t, pod(), pattern.App("b", ""), "image")
		patterntest.Refuses(t, pod(), pattern.Sidecar("b", ""), "image")
		patterntest.Refuses(t, pod(), pattern.Ambassador("b", ""), "image")
		patterntest.Refuses(t, pod(), pattern.Adapter("b", ""), "image")
		patterntest.Refuses(t, pod(), pattern.Init("b", ""), "image")
	}
	require.Empty(t, try(t, refused))
}
