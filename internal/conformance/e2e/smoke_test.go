package e2e_test

import (
	"testing"
	"time"

	"github.com/podpattern/podpattern/pattern"
)

// Two containers see the same lines through a volume.
func TestContainersShareAVolume(t *testing.T) {
	s, start := newSpace(t), time.Now()
	logs := pattern.EmptyDir("logs").SizeLimit("1Mi")
	s.apply(pattern.Pod("web").TerminationGracePeriodSeconds(1).
		WithApp(pattern.App("web", "busybox:1.36").Shell(`while true; do date >>/logs/web.log; sleep 1; done`).Writes(logs, "/logs")).
		WithSidecar(pattern.Sidecar("tail", "busybox:1.36").Shell(`touch /logs/web.log; exec tail -f /logs/web.log`).Mount(logs, "/logs")))
	s.ready("web")
	s.prints("web", "tail", `\d\d:\d\d:\d\d.*\n.*\d\d:\d\d:\d\d`)
	s.observed(start, "the sidecar printed the lines that the app wrote")
}
