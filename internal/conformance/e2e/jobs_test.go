package e2e_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// report is a Job whose app writes a few lines into a file and ends at once.
func report(logs pattern.Volume, tail pattern.SidecarContainer) pattern.PodBuilder {
	return pattern.Pod("report").TerminationGracePeriodSeconds(10).Label("job", "report").
		WithApp(pattern.App("report", busybox).Shell(`for i in $(seq 5); do echo "line $i" >>/out/report.log; done; echo done >>/out/report.log`).Writes(logs, "/out")).
		WithSidecar(tail)
}

// notes are what tail itself says, on standard error.
var notes = regexp.MustCompile("(?m)^tail: .*\n")

// A Job with a native log tail completes, and the last line gets out, though the app
// ends right after it.
func TestAJobWithANativeLogTailCompletesAndHasTheLastLine(t *testing.T) {
	s, start := newSpace(t), time.Now()
	logs := pattern.EmptyDir("logs").SizeLimit("1Mi")
	job := report(logs, sidecar.LogTail("tail", logs, "report.log")).Job()
	require.NotContains(t, rules(job.Findings()), "job-classic-sidecar")
	s.apply(job)
	s.jobIs("report", batchv1.JobComplete)
	p := s.podOf("job=report", "Succeeded", waitLong, func(p *corev1.Pod) bool { return p.Status.Phase == corev1.PodSucceeded })
	require.Equal(t, "line 1\nline 2\nline 3\nline 4\nline 5\ndone\n", notes.ReplaceAllString(s.logs(p.Name, "tail"), ""))
	require.Zero(t, status(p, "tail").State.Terminated.ExitCode)
	app, tail := status(p, "report").State.Terminated, status(p, "tail").State.Terminated
	s.observed(start, "the Job completed; the app ran for %s, and LogTail ended %s after it with all six lines",
		app.FinishedAt.Sub(app.StartedAt.Time), tail.FinishedAt.Sub(app.FinishedAt.Time))
}

// The same Job with a classic log tail never completes, as check says.
func TestAJobWithAClassicLogTailHangs(t *testing.T) {
	s, start := newSpace(t), time.Now()
	logs := pattern.EmptyDir("logs").SizeLimit("1Mi")
	pod := report(logs, sidecar.LogTail("tail", logs, "report.log").Classic())
	require.Contains(t, rules(pod.Job().Findings()), "job-classic-sidecar")
	_, err := pod.Job().Build()
	require.ErrorContains(t, err, "job-classic-sidecar")

	s.apply(pod.Allow("job-classic-sidecar", "this is what the test is about").Job())
	p := s.podOf("job=report", "with an app that has ended", waitLong, func(p *corev1.Pod) bool {
		c := status(p, "report")
		return c != nil && c.State.Terminated != nil
	})
	require.Zero(t, status(p, "report").State.Terminated.ExitCode)
	s.until("10 seconds after the app", 30*time.Second, func() (bool, string) {
		return time.Since(status(p, "report").State.Terminated.FinishedAt.Time) > 10*time.Second, "too early"
	})
	job, err := s.BatchV1().Jobs(s.name).Get(s.ctx, "report", metav1.GetOptions{})
	require.NoError(t, err)
	require.EqualValues(t, 1, job.Status.Active)
	require.Empty(t, job.Status.Conditions)
	s.untouched(s.podOf("job=report", "Running", waitLong, func(p *corev1.Pod) bool { return p.Status.Phase == corev1.PodRunning }), "tail")
	s.observed(start, "check said job-classic-sidecar; 10 seconds after the app had succeeded the Job was still active, and the tail was running")
}

// An app of a Job that fails is tried again in its pod, beside the helper, which goes on.
func TestAJobTriesAgainBesideItsHelper(t *testing.T) {
	s, start := newSpace(t), time.Now()
	work := pattern.EmptyDir("work").SizeLimit("1Mi")
	s.apply(pattern.Pod("report").TerminationGracePeriodSeconds(10).Label("job", "report").
		WithApp(pattern.App("report", busybox).Mount(work, "/work").Shell(`[ -e /work/tried ] || { touch /work/tried; exit 1; }`)).
		WithSidecar(counting(pattern.Sidecar("helper", busybox))).Job())
	s.jobIs("report", batchv1.JobComplete)
	p := s.podOf("job=report", "Succeeded", waitLong, func(p *corev1.Pod) bool { return p.Status.Phase == corev1.PodSucceeded })
	require.EqualValues(t, 1, status(p, "report").RestartCount)
	require.Zero(t, status(p, "helper").RestartCount)
	s.observed(start, "the app failed once and was started again in its pod; the helper ran on, and the Job completed")
}

// jobIs waits for a Job to have a condition, such as Complete.
func (s *space) jobIs(name string, condition batchv1.JobConditionType) {
	s.Helper()
	s.until("Job "+name+" to be "+string(condition), waitLong, func() (bool, string) {
		job, err := s.BatchV1().Jobs(s.name).Get(s.ctx, name, metav1.GetOptions{})
		if err != nil {
			return false, err.Error()
		}
		for _, c := range job.Status.Conditions {
			if c.Type == condition && c.Status == corev1.ConditionTrue {
				return true, ""
			}
		}
		return false, job.Status.String()
	})
}
