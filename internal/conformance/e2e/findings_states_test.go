package e2e_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stretchr/testify/require"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// What is seen of a pod, as functions that wait for it.

type sight = func(s *space, name string)

// inTurn sees several things, one after the other.
func inTurn(sights ...sight) sight {
	return func(s *space, name string) {
		s.Helper()
		for _, see := range sights {
			see(s, name)
		}
	}
}

// seesReady: the pod is Ready.
func seesReady(s *space, name string) { s.Helper(); s.ready(name) }

// seesWaiting: a container isn't started, for a reason, with a message that has a part.
func seesWaiting(container, reason, part string) sight {
	return func(s *space, name string) {
		s.Helper()
		s.pod(name, container+" waiting with "+reason+" "+part, waitLong, func(p *corev1.Pod) bool {
			c := status(p, container)
			return c != nil && c.State.Waiting != nil && c.State.Waiting.Reason == reason && strings.Contains(c.State.Waiting.Message, part)
		})
	}
}

// seesNoVolume: the kubelet has tried several times to set a volume up, and no container has
// started.
func seesNoVolume(part string) sight {
	return func(s *space, name string) {
		s.Helper()
		s.recurs(name, part, 3)
		p := s.podNow(name)
		require.Equal(s, corev1.PodPending, p.Status.Phase, told(p))
		for _, c := range slices.Concat(p.Status.InitContainerStatuses, p.Status.ContainerStatuses) {
			require.NotNil(s, c.State.Waiting, told(p))
		}
	}
}

// seesFailures: a container has ended with an error, more than once.
func seesFailures(container string) sight {
	return func(s *space, name string) {
		s.Helper()
		s.pod(name, container+" failing again", waitLong, func(p *corev1.Pod) bool {
			c := status(p, container)
			return c != nil && c.RestartCount > 0 && c.LastTerminationState.Terminated != nil && c.LastTerminationState.Terminated.ExitCode != 0
		})
	}
}

// seesEnd: a container has ended with a code, or was restarted after it had.
func seesEnd(container string, code int32, reason string) sight {
	return func(s *space, name string) {
		s.Helper()
		s.pod(name, fmt.Sprintf("with %s ended with %d %s", container, code, reason), waitLong, func(p *corev1.Pod) bool {
			c := status(p, container)
			return c != nil && ended(c, func(t *corev1.ContainerStateTerminated) bool {
				return t.ExitCode == code && (reason == "" || t.Reason == reason)
			})
		})
	}
}

// ended says whether a container has ended so, or had before it was restarted.
func ended(c *corev1.ContainerStatus, so func(*corev1.ContainerStateTerminated) bool) bool {
	return c.State.Terminated != nil && so(c.State.Terminated) || c.LastTerminationState.Terminated != nil && so(c.LastTerminationState.Terminated)
}

// seesOutOfMemory: the kernel has killed a container, or its next start: what the first one
// wrote to memory is still there.
func seesOutOfMemory(container string) sight {
	return func(s *space, name string) {
		s.Helper()
		s.pod(name, "with "+container+" killed for its memory", waitLong, func(p *corev1.Pod) bool {
			c := status(p, container)
			if c == nil {
				return false
			}
			if ended(c, func(t *corev1.ContainerStateTerminated) bool { return t.Reason == "OOMKilled" }) {
				return true
			}
			return c.State.Waiting != nil && strings.Contains(c.State.Waiting.Message, "OOM-killed")
		})
	}
}

// seesNotStarted: a container still waits for those before it.
func seesNotStarted(container string) sight {
	return func(s *space, name string) {
		s.Helper()
		p := s.podNow(name)
		c := status(p, container)
		require.NotNil(s, c, told(p))
		require.NotNil(s, c.State.Waiting, told(p))
		require.Equal(s, "PodInitializing", c.State.Waiting.Reason, told(p))
	}
}

// seesLine: a container prints what an expression says.
func seesLine(container, expression string) sight {
	return func(s *space, name string) { s.Helper(); s.prints(name, container, expression) }
}

// sawLine: a container that was restarted had printed what an expression says.
func sawLine(container, expression string) sight {
	return func(s *space, name string) {
		s.Helper()
		s.until(container+" to have printed "+expression, waitLong, func() (bool, string) {
			text, err := s.logsOf(s.ctx, name, container, true)
			return err == nil && hasLine(expression, text), text
		})
	}
}

// seesOutput: a command in a container prints what an expression says.
func seesOutput(container, expression string, command ...string) sight {
	return func(s *space, name string) { s.Helper(); s.yields(name, container, expression, command...) }
}

// seesNoOutput: a command in a container succeeds and prints nothing.
func seesNoOutput(container string, command ...string) sight {
	return func(s *space, name string) { s.Helper(); require.Empty(s, s.run(name, container, command...)) }
}

// told of an event: its text has a part.
func seesEvent(part string) sight {
	return func(s *space, name string) { s.Helper(); s.recurs(name, part, 1) }
}

// seesEvents: an event with a part has come several times.
func seesEvents(part string, times int) sight {
	return func(s *space, name string) { s.Helper(); s.recurs(name, part, times) }
}

// recurs waits for an event to have come so often; events that differ a little count
// together.
func (s *space) recurs(object, part string, times int) {
	s.Helper()
	s.until(fmt.Sprintf("%d events with %s", times, part), waitLong, func() (bool, string) {
		list, err := s.CoreV1().Events(s.name).List(s.ctx, metav1.ListOptions{FieldSelector: "involvedObject.name=" + object})
		if err != nil {
			return false, err.Error()
		}
		count, text := 0, ""
		for _, e := range list.Items {
			text += e.Reason + ": " + e.Message + "\n"
			if strings.Contains(e.Reason+": "+e.Message, part) {
				count += max(int(e.Count), 1)
			}
		}
		return count >= times, text
	})
}

// seesRestarts gives how often a container was.
func seesRestarts(container string, times int32) sight {
	return func(s *space, name string) {
		s.Helper()
		s.pod(name, container+" restarted", waitLong, func(p *corev1.Pod) bool {
			c := status(p, container)
			return c != nil && c.RestartCount >= times
		})
	}
}

// seesNotReady, notRestarted: it is so now, after what was waited for before.
func seesNotReady(s *space, name string) {
	s.Helper()
	p := s.podNow(name)
	require.False(s, isReady(p), told(p))
}

func seesNoRestart(container string) sight {
	return func(s *space, name string) {
		s.Helper()
		p := s.podNow(name)
		require.Zero(s, status(p, container).RestartCount, told(p))
	}
}

func (s *space) podNow(pod string) *corev1.Pod {
	s.Helper()
	p, err := s.CoreV1().Pods(s.name).Get(s.ctx, pod, metav1.GetOptions{})
	require.NoError(s, err)
	return p
}

// ofJob sees something of the pod of a Job.
func ofJob(see sight) sight {
	return func(s *space, name string) {
		s.Helper()
		p := s.podOf("job-name="+name, "there", waitLong, func(*corev1.Pod) bool { return true })
		see(s, p.Name)
	}
}

// job gives a Job's condition, or "" while it goes on.
func (s *space) job(name string) batchv1.JobConditionType {
	s.Helper()
	j, err := s.BatchV1().Jobs(s.name).Get(s.ctx, name, metav1.GetOptions{})
	require.NoError(s, err)
	for _, c := range j.Status.Conditions {
		if (c.Type == batchv1.JobComplete || c.Type == batchv1.JobFailed) && c.Status == corev1.ConditionTrue {
			return c.Type
		}
	}
	return ""
}

// seesJob: a Job completes, or fails.
func seesJob(condition batchv1.JobConditionType) sight {
	return func(s *space, name string) {
		s.Helper()
		s.until("job "+name+" to be "+string(condition), waitLong, func() (bool, string) {
			got := s.job(name)
			return got == condition, string(got)
		})
	}
}

// seesJobGoOn: the Job has neither completed nor failed.
func seesJobGoOn(s *space, name string) {
	s.Helper()
	require.Empty(s, s.job(name))
}
