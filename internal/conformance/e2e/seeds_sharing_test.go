package e2e_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

func seesItsNeighbour(s *space, pod string) string {
	s.allRunning(pod)
	s.prints(pod, "log-agent", "Welcome to nginx!")
	return "the agent printed the page that nginx serves on localhost"
}

func bothSeeTheVolume(s *space, pod string) string {
	s.allRunning(pod)
	s.prints(pod, "reader", `UTC.*\n.*UTC`)
	var writer, reader string
	s.until("both to see the same", waitLong, func() (bool, string) { // the writer may write between the two
		writer, reader = s.run(pod, "writer", "cat", "/data/log.txt"), s.run(pod, "reader", "cat", "/data/log.txt")
		return writer == reader, writer + reader
	})
	s.until("the reader to print what the file has", waitLong, func() (bool, string) {
		printed := s.logs(pod, "reader")
		return strings.HasPrefix(printed, writer), printed
	})
	return fmt.Sprintf("both containers read the same %d lines, and the reader printed them", strings.Count(writer, "\n"))
}

func sidecarEndsAtOnce(s *space, pod string) string {
	p := s.pod(pod, "without its sidecar", waitLong, func(p *corev1.Pod) bool {
		c := status(p, "sidecar")
		return c != nil && c.RestartCount > 0 && c.State.Running == nil && c.LastTerminationState.Terminated != nil
	})
	s.hasEvent(pod, "BackOff: Back-off restarting failed container sidecar")
	end := status(p, "sidecar").LastTerminationState.Terminated
	require.Zero(s, end.ExitCode)
	require.NotNil(s, status(p, "app").State.Running)
	require.False(s, isReady(p))
	require.Equal(s, "80\n", s.run(pod, "app", "sh", "-c", "echo $APP_PORT"))
	return fmt.Sprintf("the app had APP_PORT=80; the sidecar ended with 0 within %s of each start", end.FinishedAt.Sub(end.StartedAt.Time))
}

// A variable of the pod reaches all its containers: the same pod with something to do.
func TestAVariableOfThePodReachesEveryContainer(t *testing.T) {
	s, start := newSpace(t), time.Now()
	s.apply(pattern.Pod("env-pod").Env("APP_PORT", "80").TerminationGracePeriodSeconds(1).
		WithInit(pattern.Init("init", "busybox:1.36").Shell(`echo "the port is $APP_PORT"`)).
		WithApp(pattern.App("app", "nginx:1.25")).
		WithSidecar(pattern.Sidecar("sidecar", "busybox:1.36").Classic().
			Shell(`until wget -q -O- "http://localhost:$APP_PORT"; do sleep 1; done; exec sleep 3600`)))
	s.ready("env-pod")
	s.prints("env-pod", "init", "the port is 80")
	s.prints("env-pod", "sidecar", "Welcome to nginx!")
	s.observed(start, "the init container, the app and the sidecar had the pod's variable, and the sidecar found the app by it")
}
