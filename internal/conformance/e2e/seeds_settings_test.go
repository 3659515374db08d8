package e2e_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// nginx ends in its preStop hook, and so does the hook. The shell of the sidecar doesn't
// listen to TERM, so the pod stays for its whole grace period.
func hooksRun(s *space, pod string) string {
	s.allRunning(pod)
	require.Equal(s, "Container started\n", s.run(pod, "main-app", "cat", "/usr/share/message"))
	start := time.Now()
	s.delete(pod)
	s.prints(pod, "main-app", `signal 3 \(SIGQUIT\) received`) // by the hook; the kubelet sends TERM
	p := s.pod(pod, "without its app", waitLong, func(p *corev1.Pod) bool { return status(p, "main-app").State.Terminated != nil })
	app, end := time.Since(start), status(p, "main-app").State.Terminated
	require.Zero(s, end.ExitCode)
	s.gone(pod)
	return fmt.Sprintf("the file of postStart was there; after the deletion nginx had quit, as the hook asked, after %.0f s, and the pod went after %.0f s", app.Seconds(), time.Since(start).Seconds())
}

func limitsAreSet(s *space, pod string) string {
	p := s.allRunning(pod)
	require.Equal(s, corev1.PodQOSBurstable, p.Status.QOSClass)
	const limit = "cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null || true"
	app, sidecar := s.run(pod, "main-app", "sh", "-c", limit), s.run(pod, "sidecar", "sh", "-c", limit)
	require.Equal(s, fmt.Sprintln(1<<30), app)
	require.Equal(s, fmt.Sprintln(256<<20), sidecar)
	return fmt.Sprintf("the containers' cgroups had limits of %s and %s bytes; the pod was Burstable", strings.TrimSpace(app), strings.TrimSpace(sidecar))
}

func probesAreAsked(s *space, pod string) string {
	p := s.allRunning(pod)
	s.prints(pod, "app", `GET /ready HTTP.* 200 .*kube-probe`)
	s.prints(pod, "app", `GET /health HTTP.* 200 .*kube-probe`)
	require.Zero(s, allRestarts(p))
	return "the kubelet asked /ready and /health, and had 200"
}
