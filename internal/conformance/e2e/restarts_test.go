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

// A helper that needs more memory than its limit is killed and restarted, and the app
// doesn't notice.
func TestAHelperOutOfMemoryLeavesTheAppAlone(t *testing.T) {
	s, start := newSpace(t), time.Now()
	s.apply(pattern.Pod("web").TerminationGracePeriodSeconds(5).
		WithApp(counting(pattern.App("web", busybox))).
		WithSidecar(pattern.Sidecar("helper", busybox).Limits("", "16Mi").
			Shell(`trap 'exec tail /dev/zero' USR1; echo up; while true; do sleep 1 & wait $!; done`)))
	before := s.ready("web")
	s.signal("web", "helper", "-USR1")
	after := s.pod("web", "back", waitLong, func(p *corev1.Pod) bool {
		h := status(p, "helper")
		return h.RestartCount >= 1 && h.State.Running != nil
	})
	last := status(after, "helper").LastTerminationState.Terminated
	require.Equal(t, "OOMKilled", last.Reason)
	s.untouched(before, "web")
	s.observed(start, "the helper asked for more than its 16Mi and was %s (%d), and was started again; the app ran on", last.Reason, last.ExitCode)
}

// Whether a helper that ends is started again: a classic one as the pod's restart policy
// says, a native one always. A classic one that stays down keeps the pod from being Ready,
// and the app goes on.
func TestWhichHelpersAreStartedAgain(t *testing.T) {
	s, start := newSpace(t), time.Now()
	const fails, ends = "-USR1", "-USR2"
	cases := []struct {
		name   string
		policy corev1.RestartPolicy
		native bool
		signal string
		again  bool
	}{
		{"classic-fails-under-always", corev1.RestartPolicyAlways, false, fails, true},
		{"classic-ends-under-always", corev1.RestartPolicyAlways, false, ends, true},
		{"classic-fails-under-onfailure", corev1.RestartPolicyOnFailure, false, fails, true},
		{"classic-ends-under-onfailure", corev1.RestartPolicyOnFailure, false, ends, false},
		{"classic-fails-under-never", corev1.RestartPolicyNever, false, fails, false},
		{"native-fails-under-never", corev1.RestartPolicyNever, true, fails, true},
		{"native-ends-under-onfailure", corev1.RestartPolicyOnFailure, true, ends, true},
	}
	for _, tt := range cases {
		helper := counting(pattern.Sidecar("helper", busybox))
		if !tt.native {
			helper = helper.Classic()
		}
		s.apply(pattern.Pod(tt.name).TerminationGracePeriodSeconds(1).RestartPolicy(tt.policy).
			WithApp(counting(pattern.App("web", busybox))).WithSidecar(helper))
	}
	before := map[string]*corev1.Pod{}
	for _, tt := range cases {
		before[tt.name] = s.ready(tt.name)
		s.signal(tt.name, "helper", tt.signal)
	}
	var again, down []string
	for _, tt := range cases {
		if tt.again {
			s.pod(tt.name, "with its helper again", waitLong, func(p *corev1.Pod) bool { return status(p, "helper").RestartCount == 1 && isReady(p) })
			again = append(again, tt.name)
		} else {
			s.staysDown(tt.name, "helper")
			down = append(down, tt.name)
		}
		s.untouched(before[tt.name], "web")
	}
	s.observed(start, "started again: %s; stayed down, and the pod was not Ready: %s; the app ran on in all", strings.Join(again, ", "), strings.Join(down, ", "))
}

// staysDown sees a container of a running pod end, and not come back for longer than the
// kubelet takes to start one for the second time.
func (s *space) staysDown(pod, container string) {
	s.Helper()
	down := s.pod(pod, "without "+container, waitLong, func(p *corev1.Pod) bool {
		return status(p, container).State.Terminated != nil && isNotReady(p)
	})
	ended := status(down, container).State.Terminated.FinishedAt
	s.until("five seconds", waitLong, func() (bool, string) { return time.Since(ended.Time) > 5*time.Second, "too early" })
	now, err := s.CoreV1().Pods(s.name).Get(s.ctx, pod, metav1.GetOptions{})
	require.NoError(s, err)
	require.NotNil(s, status(now, container).State.Terminated, told(now))
	require.Zero(s, status(now, container).RestartCount)
	require.False(s, isReady(now))
	require.Equal(s, corev1.PodRunning, now.Status.Phase)
}

// An app that ends is restarted alone: the helpers go on, and no init container runs again.
func TestAnAppThatFailsIsRestartedAlone(t *testing.T) {
	s, start := newSpace(t), time.Now()
	s.apply(pattern.Pod("web").TerminationGracePeriodSeconds(5).
		WithInit(pattern.Init("setup", busybox).Shell("date")).
		WithApp(counting(pattern.App("web", busybox))).
		WithSidecar(counting(pattern.Sidecar("helper", busybox)), counting(pattern.Sidecar("classic", busybox)).Classic()))
	before := s.ready("web")
	s.signal("web", "web", "-USR1")
	after := s.pod("web", "back", waitLong, func(p *corev1.Pod) bool { return status(p, "web").RestartCount == 1 && isReady(p) })
	s.untouched(before, "helper")
	s.untouched(before, "classic")
	require.Equal(t, status(before, "setup").ContainerID, status(after, "setup").ContainerID)
	require.Zero(t, status(after, "setup").RestartCount)
	s.observed(start, "the app failed and was started again; native helper, classic helper and init container were the same as before")
}

// An app that is restarted waits for a native helper that is down only where no other app
// runs: the kubelet takes a pod with a running app for one that has started.
func TestWhenARestartedAppWaitsForItsHelper(t *testing.T) {
	s, start := newSpace(t), time.Now()
	proxy := counting(pattern.Ambassador("proxy", busybox)).Command("sh", "-c", "sleep 6; touch /tmp/up; "+counts, "line").
		Port("db", 5432).Endpoint("db", "db").
		Health(pattern.Exec("test", "-e", "/tmp/up").PeriodSeconds(1))
	web, worker := counting(pattern.App("web", busybox)), counting(pattern.App("worker", busybox))
	s.apply(
		pattern.Pod("alone").TerminationGracePeriodSeconds(1).WithApp(web).WithAmbassador(proxy),
		pattern.Pod("beside").TerminationGracePeriodSeconds(1).WithApp(web, worker).WithAmbassador(proxy))
	for _, tt := range []struct {
		name, words string
		waits       bool
	}{{"alone", "no other app ran", true}, {"beside", "another app ran", false}} {
		before := s.ready(tt.name)
		require.GreaterOrEqual(t, status(before, "web").State.Running.StartedAt.Sub(status(before, "proxy").State.Running.StartedAt.Time), 6*time.Second)
		s.signal(tt.name, "proxy", "-USR1")
		s.signal(tt.name, "web", "-USR1")
		after := s.pod(tt.name, "back", waitLong, func(p *corev1.Pod) bool {
			return status(p, "web").RestartCount == 1 && status(p, "proxy").RestartCount == 1 && isReady(p)
		})
		gap := status(after, "web").State.Running.StartedAt.Sub(status(after, "proxy").State.Running.StartedAt.Time)
		require.Equal(t, tt.waits, gap >= 6*time.Second, "%s: %s", tt.name, gap)
		s.observed(start, "app and helper failed together, %s: the app started again %s after the helper, which takes 6 s to be up", tt.words, gap)
	}
}
