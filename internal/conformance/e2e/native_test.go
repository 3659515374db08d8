package e2e_test

import (
	"strings"
	"testing"
	"time"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// busybox is the image of the tests' own containers.
const busybox = "busybox:1.36"

// counts is a program that goes on, stops when it is told to, and can be made to end by
// USR1, as a crash would, and by USR2, as success would.
const counts = `trap 'exit 0' TERM; trap 'exit 3' USR1; trap 'exit 0' USR2
n=0; while true; do n=$((n+1)); echo "$0 $n"; sleep 1 & wait $!; done`

func counting[R pattern.Role](c pattern.Container[R]) pattern.Container[R] {
	return c.Command("sh", "-c", counts, "line")
}

// A native helper runs before the app starts, is restarted alone, and outlives the app.
func TestANativeHelperIsUpBeforeTheAppAndRestartedAlone(t *testing.T) {
	s, start := newSpace(t), time.Now()
	s.apply(pattern.Pod("web").TerminationGracePeriodSeconds(10).
		WithApp(counting(pattern.App("web", busybox))).
		WithSidecar(counting(pattern.Sidecar("helper", busybox))))
	before := s.ready("web")
	require.Equal(t, []string{"helper", "web"}, names(before.Spec.InitContainers, before.Spec.Containers))
	require.Less(t, s.firstLine("web", "helper"), s.firstLine("web", "web"), "the app's first line comes after the helper's")

	s.signal("web", "helper", "-USR1")
	after := s.pod("web", "back", waitLong, func(p *corev1.Pod) bool {
		h := status(p, "helper")
		return h.RestartCount == 1 && h.State.Running != nil
	})
	require.EqualValues(t, 3, status(after, "helper").LastTerminationState.Terminated.ExitCode)
	require.NotEqual(t, status(before, "helper").ContainerID, status(after, "helper").ContainerID)
	s.untouched(before, "web")
	gap := status(after, "helper").State.Running.StartedAt.Sub(status(after, "helper").LastTerminationState.Terminated.FinishedAt.Time)
	s.observed(start, "the helper printed before the app did, was killed and started again after %s, and the app went on in the same container", gap)
}

// Without restartPolicy: Always a helper in initContainers is waited for, and never ends:
// the app doesn't start. check tells it from the port.
func TestAnInitContainerThatNeverEndsKeepsTheAppFromStarting(t *testing.T) {
	s, start := newSpace(t), time.Now()
	proxy := pattern.Init("proxy", busybox).Port("db", 5432).Shell(`trap 'exit 0' TERM; echo up; while true; do sleep 1 & wait $!; done`)
	pod := pattern.Pod("web").TerminationGracePeriodSeconds(1).
		WithApp(pattern.App("web", busybox).Shell("exec sleep 1000").Env("DB", "127.0.0.1:5432")).WithInit(proxy)
	require.Contains(t, rules(pod.Findings()), "init-never-ends")

	s.apply(pod)
	s.prints("web", "proxy", "^up")
	begun := s.pod("web", "in its init container", waitLong, func(p *corev1.Pod) bool { return runs(p, "proxy") }).
		Status.InitContainerStatuses[0].State.Running.StartedAt
	s.until("8 seconds of it", waitLong, func() (bool, string) {
		return time.Since(begun.Time) > 8*time.Second, "too early"
	})
	stuck, err := s.CoreV1().Pods(s.name).Get(s.ctx, "web", metav1.GetOptions{})
	require.NoError(t, err)
	require.NotNil(t, status(stuck, "proxy").State.Running)
	require.Equal(t, "PodInitializing", status(stuck, "web").State.Waiting.Reason)
	require.Equal(t, corev1.PodPending, stuck.Status.Phase)
	s.observed(start, "check said init-never-ends; 8 seconds after the init container was up, the app was still %s", status(stuck, "web").State.Waiting.Reason)
}

// The same container as a native sidecar lets the app start.
func TestTheSameContainerAsANativeHelperLetsTheAppStart(t *testing.T) {
	s, start := newSpace(t), time.Now()
	s.apply(pattern.Pod("web").TerminationGracePeriodSeconds(1).
		WithApp(counting(pattern.App("web", busybox))).
		WithAmbassador(pattern.Ambassador("proxy", busybox).Port("db", 5432).Endpoint("db", "db").
			Shell(`sleep 3; echo serving; exec nc -ll -p 5432 -e echo served`).
			Health(pattern.TCPSocket("db"))))
	up := s.ready("web")
	require.Less(t, s.firstLine("web", "proxy"), s.firstLine("web", "web"), "the startup probe holds the app back until the helper serves")
	proxy, app := status(up, "proxy").State.Running.StartedAt, status(up, "web").State.Running.StartedAt
	require.Equal(t, "served", strings.TrimSpace(s.run("web", "web", "sh", "-c", `nc $DB_HOST $DB_PORT </dev/null`)))
	s.observed(start, "the helper took 3 s to listen, and the app started %s after it", app.Sub(proxy.Time))
}
