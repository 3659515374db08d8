package attach_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
)

// A container of each role is added by its own method; and what is wrong with one has
// the line of the test, though that lies in an internal package as parts of helpers do.
func TestTo(t *testing.T) {
	pod := pattern.Pod("web").WithApp(patterntest.App())
	patterntest.Refuses(t, pod, pattern.App("b", ""), "spec.containers[1].image")
	patterntest.Refuses(t, pod, pattern.Sidecar("b", ""), "spec.initContainers[0].image")
	patterntest.Refuses(t, pod, pattern.Ambassador("b", ""), "spec.initContainers[0].image")
	patterntest.Refuses(t, pod, pattern.Adapter("b", ""), "spec.initContainers[0].image")
	patterntest.Refuses(t, pod, pattern.Init("b", ""), "spec.initContainers[0].image")
}
