package check_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// ending has a deadline of a minute, and an init container with such words.
func ending(words ...string) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		p.Spec.ActiveDeadlineSeconds = new(int64(60))
		initOf(p).Command = words
	}
}

func TestInitDeadline(t *testing.T) {
	late := func(seconds string) []string {
		return []string{"W spec.activeDeadlineSeconds: Invalid value: 60: what starts before the app may take " + seconds + " seconds, and the deadline of the pod is 60"}
	}
	env := func(name string) func(*corev1.Pod) {
		return func(p *corev1.Pod) {
			ending()(p)
			initOf(p).Env = []corev1.EnvVar{{Name: name, Value: "61"}}
		}
	}
	startup := func(probe corev1.Probe) func(*corev1.Pod) {
		return func(p *corev1.Pod) {
			ending("wait", "--timeout=30")(p)
			sideOf(p).StartupProbe = &probe
		}
	}
	try(t, []example{
		{"init-deadline", "an argument", ending("wait", "--timeout=61s"), late("61")},
		{"init-deadline", "two arguments", ending("wait", "--timeout", "2m"), late("120")},
		{"init-deadline", "a single dash", ending("dockerize", "-timeout", "61"), late("61")},
		{"init-deadline", "a program", ending("/usr/bin/timeout", "90", "sh"), late("90")},
		{"init-deadline", "a script with two waits", ending("sh", "-c", "kubectl wait --timeout=31s pod/a\nkubectl wait --timeout=30s pod/b"), late("61")},
		{"init-deadline", "its wait for HTTP", ending("sh", "-c", "…", "wait-for-http", "http://search/", "2xx", "120", "8", "-L"), late("120")},
		{"init-deadline", "its wait for DNS", ending("sh", "-c", "…", "wait-for-dns", "db", "search", "120", "8"), late("120")},
		{"init-deadline", "its gate", ending("sh", "-c", "…", "gate", "120", "scan", "/app"), late("120")},
		{"init-deadline", "the wait of this library", ending("sh", "-c", "…", "wait-for-tcp", "db", "5432", "120", "8"), late("120")},
		{"init-deadline", "a variable", env("TIMEOUT_SECONDS"), late("61")},
		{"init-deadline", "a native sidecar's start and a wait", startup(corev1.Probe{InitialDelaySeconds: 1}), late("61")},
		{"init-deadline", "a native sidecar's slow start", startup(corev1.Probe{PeriodSeconds: 2, FailureThreshold: 30}), late("90")},

		{"init-deadline", "as long as it may", ending("wait", "--timeout=60s"), nil},
		{"init-deadline", "no time-outs", ending("wait"), nil},
		{"init-deadline", "time-outs of something else", ending("curl", "--connect-timeout=90", "--timeout=forever", "--timeout=-1s"), nil},
		{"init-deadline", "a variable of something else", env("IDLE_TIMEOUT_SECONDS"), nil},
		{"init-deadline", "no deadline", func(p *corev1.Pod) {
			ending("wait", "--timeout=61s")(p)
			p.Spec.ActiveDeadlineSeconds = nil
		}, nil},
		{"init-deadline", "the app's own time", func(p *corev1.Pod) {
			ending()(p)
			webOf(p).Command = []string{"work", "--timeout=1h"}
		}, nil},
	}...)
}

func TestInitDeadlineOfWorkloads(t *testing.T) {
	template := corev1.PodTemplateSpec{Spec: goodPod().Spec}
	template.Spec.InitContainers[0].Command = []string{"wait", "--timeout=10m"}
	template.Spec.InitContainers[1].StartupProbe = &corev1.Probe{}
	deployment := &appsv1.Deployment{Spec: appsv1.DeploymentSpec{Template: template}}
	job := &batchv1.Job{Spec: batchv1.JobSpec{Template: template, ActiveDeadlineSeconds: new(int64(629))}}
	cron := &batchv1.CronJob{Spec: batchv1.CronJobSpec{JobTemplate: batchv1.JobTemplateSpec{Spec: job.Spec}}}
	path := func(o runtime.Object) string {
		found := of(check.Objects([]runtime.Object{o}), "init-deadline")
		if len(found) == 0 {
			return ""
		}
		require.Len(t, found, 1)
		require.Len(t, found[0].Parties, 2)
		return found[0].Path
	}
	require.Equal(t, "spec.progressDeadlineSeconds", path(deployment))
	require.Equal(t, "spec.activeDeadlineSeconds", path(job))
	require.Equal(t, "spec.jobTemplate.spec.activeDeadlineSeconds", path(cron))

	deployment.Spec.ProgressDeadlineSeconds = new(int32(630))
	job.Spec.ActiveDeadlineSeconds = new(int64(630))
	require.Empty(t, path(deployment))
	require.Empty(t, path(job))
	job.Spec.Template.Spec.ActiveDeadlineSeconds = new(int64(60))
	require.Equal(t, "spec.template.spec.activeDeadlineSeconds", path(job))
	require.Empty(t, path(&appsv1.DaemonSet{Spec: appsv1.DaemonSetSpec{Template: template}}))
}
