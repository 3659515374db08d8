package e2e_test

import (
	"testing"
	"time"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

func isNotReady(p *corev1.Pod) bool { return !isReady(p) }

// asked is a helper that is well while /tmp/well is there, and is asked every second.
func asked(name string) pattern.SidecarContainer {
	return counting(pattern.Sidecar(name, busybox)).
		Apply(func(c pattern.SidecarContainer) pattern.SidecarContainer {
			return c.Command("sh", "-c", "touch /tmp/well; "+counts, "line")
		}).
		Health(pattern.Exec("test", "-e", "/tmp/well").PeriodSeconds(1).FailureThreshold(2))
}

// A pod is Ready when its ambassador is, however fast the app is, and no longer when the
// ambassador isn't: that is WhenDown(NotReady).
func TestAPodIsReadyOnlyWithItsHelper(t *testing.T) {
	s, start := newSpace(t), time.Now()
	s.apply(pattern.Pod("web").TerminationGracePeriodSeconds(1).
		WithApp(counting(pattern.App("web", busybox))).
		WithSidecar(asked("helper").WhenDown(pattern.NotReady).NoLivenessProbe()))
	before := s.ready("web")
	s.run("web", "helper", "rm", "/tmp/well")
	broken := time.Now()
	down := s.pod("web", "not Ready", waitLong, isNotReady)
	took := time.Since(broken)
	require.True(t, status(down, "web").Ready, "the app itself is well")
	s.untouched(before, "helper")
	s.run("web", "helper", "touch", "/tmp/well")
	s.ready("web")
	s.untouched(before, "web")
	s.observed(start, "the pod stopped being Ready %s after its helper did, and was Ready again with it; the app was Ready all the time", took.Round(100*time.Millisecond))
}

// KeepServing: the pod stays Ready while the helper is down, which is restarted alone.
func TestKeepServingLeavesThePodReady(t *testing.T) {
	s, start := newSpace(t), time.Now()
	s.apply(pattern.Pod("web").TerminationGracePeriodSeconds(1).
		WithApp(counting(pattern.App("web", busybox))).
		WithSidecar(asked("helper").WhenDown(pattern.KeepServing)))
	before := s.ready("web")
	s.run("web", "helper", "rm", "/tmp/well")
	broken, wasReady := time.Now(), true
	s.pod("web", "with a new helper", waitLong, func(p *corev1.Pod) bool {
		wasReady = wasReady && isReady(p)
		h := status(p, "helper")
		return h.RestartCount == 1 && h.State.Running != nil
	})
	require.True(t, wasReady, "the pod left its Services")
	s.untouched(before, "web")
	s.observed(start, "the helper was not well, and the kubelet restarted it after %s; the pod was Ready all the time", time.Since(broken).Round(time.Second))
}

// RestartPod: when the helper ends with an error, all containers start again, the init
// containers first.
func TestRestartPodRestartsAllOfIt(t *testing.T) {
	s, start := newSpace(t), time.Now()
	s.apply(pattern.Pod("web").Target("1.36").TerminationGracePeriodSeconds(5).
		WithInit(pattern.Init("setup", busybox).Shell("date")).
		WithApp(counting(pattern.App("web", busybox))).
		WithSidecar(counting(pattern.Sidecar("helper", busybox)).WhenDown(pattern.RestartPod)))
	before := s.ready("web")
	s.signal("web", "helper", "-USR1")
	killed := time.Now()
	after := s.pod("web", "all new", waitLong, func(p *corev1.Pod) bool {
		return status(p, "web").ContainerID != status(before, "web").ContainerID && isReady(p)
	})
	for _, c := range []string{"setup", "helper", "web"} {
		require.NotEqual(t, status(before, c).ContainerID, status(after, c).ContainerID, c)
	}
	require.Equal(t, before.UID, after.UID)
	require.False(t, status(after, "web").State.Running.StartedAt.Time.Before(status(after, "setup").State.Terminated.FinishedAt.Time), "the init container comes first")
	s.observed(start, "the helper ended with 3; the init container, the helper and the app of the same pod were new, and the pod Ready, %s later", time.Since(killed).Round(100*time.Millisecond))
}

// ReadyFile keeps the pod from being Ready until the file is there.
func TestReadyFileKeepsThePodFromReady(t *testing.T) {
	s, start := newSpace(t), time.Now()
	data := pattern.EmptyDir("data").SizeLimit("1Mi")
	s.apply(pattern.Pod("web").TerminationGracePeriodSeconds(1).
		WithApp(counting(pattern.App("web", busybox)).Reads(data, "/data")).
		WithSidecar(counting(pattern.Sidecar("filler", busybox)).Writes(data, "/data").ReadyFile(data, "filled/ready")))
	s.hasEvent("web", "Readiness probe failed")
	up := s.pod("web", "up but for its readiness", waitLong, func(p *corev1.Pod) bool { return runs(p, "web") && status(p, "web").Ready })
	require.False(t, isReady(up))
	require.False(t, status(up, "filler").Ready)
	s.run("web", "filler", "sh", "-c", "mkdir /data/filled; touch /data/filled/ready")
	made := time.Now()
	s.ready("web")
	s.observed(start, "the app was Ready and the pod was not; %s after the file was made the pod was Ready", time.Since(made).Round(100*time.Millisecond))
}

// What comes after a native helper waits for its postStart hook too.
func TestTheAppWaitsForTheHelpersPostStart(t *testing.T) {
	s, start := newSpace(t), time.Now()
	s.apply(pattern.Pod("web").TerminationGracePeriodSeconds(1).
		WithApp(counting(pattern.App("web", busybox)).PostStart(hookPrints("echo hook of the app"))).
		WithSidecar(counting(pattern.Sidecar("helper", busybox)).PostStart(hookPrints("sleep 4; echo hook"))))
	up := s.ready("web")
	gap := status(up, "web").State.Running.StartedAt.Sub(status(up, "helper").State.Running.StartedAt.Time)
	require.GreaterOrEqual(t, gap, 4*time.Second)
	s.prints("web", "helper", "^hook$")
	s.prints("web", "web", "^hook of the app$")
	s.observed(start, "the helper's postStart took 4 s, and the app started %s after the helper", gap)
}
