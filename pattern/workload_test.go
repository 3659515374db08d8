package pattern_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

func TestADeploymentSelectsByTheLabelApp(t *testing.T) {
	p := with(web()).Namespace("prod").Label("tier", "front").Annotation("a", "b")
	d, err := p.Deployment(3).Build()
	require.NoError(t, err)
	require.Equal(t, "apps/v1", d.APIVersion)
	require.Equal(t, "Deployment", d.Kind)
	require.Equal(t, "web", d.Name)
	require.Equal(t, "prod", d.Namespace)
	require.EqualValues(t, 3, *d.Spec.Replicas)
	require.Equal(t, map[string]string{"app": "web"}, d.Spec.Selector.MatchLabels)
	labels := map[string]string{"app": "web", "tier": "front"}
	require.Equal(t, labels, d.Spec.Template.Labels)
	require.Equal(t, labels, d.Labels)
	require.Empty(t, d.Spec.Template.Name, "a template has no name of its own")
	require.Empty(t, d.Spec.Template.Namespace)

	pod := build(t, p)
	require.Equal(t, map[string]string{"tier": "front"}, pod.Labels, "a bare pod gets nothing that wasn't asked for")
}

func TestALabelAppOfThePodsOwnStays(t *testing.T) {
	d, err := with(web()).Label("app", "shop").Deployment(1).Build()
	require.NoError(t, err)
	require.Equal(t, map[string]string{"app": "shop"}, d.Spec.Selector.MatchLabels)
	require.Equal(t, map[string]string{"app": "shop"}, d.Spec.Template.Labels)
}

func TestSelectorLabels(t *testing.T) {
	p := with(web().Port("http", 80)).Label("tier", "front").Label("version", "1").SelectorLabels("nope").SelectorLabels("tier", "app")
	want := map[string]string{"tier": "front", "app": "web"}
	d, err := p.Deployment(1).Build()
	require.NoError(t, err)
	require.Equal(t, want, d.Spec.Selector.MatchLabels)
	require.Equal(t, map[string]string{"app": "web", "tier": "front", "version": "1"}, d.Spec.Template.Labels)
	objects, err := pattern.Objects(p.Deployment(1), p.Service(), p.NetworkPolicy(), p.StatefulSet(1), p.DaemonSet())
	require.NoError(t, err)
	require.Equal(t, want, objects[1].(*corev1.Service).Spec.Selector)
	require.Equal(t, want, objects[3].(*appsv1.StatefulSet).Spec.Selector.MatchLabels)
	require.Equal(t, want, objects[4].(*appsv1.DaemonSet).Spec.Selector.MatchLabels)

	only(t, with(web()).SelectorLabels("team").Findings(), "selector-label")
}

func TestNoReplicas(t *testing.T) {
	d, err := with(web()).Deployment(3).NoReplicas().Build()
	require.NoError(t, err)
	require.Nil(t, d.Spec.Replicas)
}

func TestEditOfAWorkloadRunsOnTheFinishedObject(t *testing.T) {
	d, err := with(web()).Deployment(3).Edit(func(d *appsv1.Deployment) { d.Spec.RevisionHistoryLimit = d.Spec.Replicas }).Build()
	require.NoError(t, err)
	require.EqualValues(t, 3, *d.Spec.RevisionHistoryLimit)
}

func TestAStatefulSetHasItsClaims(t *testing.T) {
	data := pattern.ClaimTemplate("data", "10Gi").StorageClass("fast")
	p := with(web().Port("http", 80).Writes(data, "/data"), side("backup").Reads(data, "/data"))
	s, err := p.StatefulSet(2).Build()
	require.NoError(t, err)
	require.Equal(t, "web", s.Spec.ServiceName)
	require.Len(t, s.Spec.VolumeClaimTemplates, 1)
	claim := s.Spec.VolumeClaimTemplates[0]
	require.Equal(t, "data", claim.Name)
	require.Equal(t, []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce}, claim.Spec.AccessModes)
	require.Equal(t, "fast", *claim.Spec.StorageClassName)
	require.Equal(t, "10Gi", claim.Spec.Resources.Requests.Storage().String())
	require.Empty(t, s.Spec.Template.Spec.Volumes, "a claim template is no volume of the pod")
	require.Equal(t, "data", s.Spec.Template.Spec.Containers[0].VolumeMounts[0].Name)

	named, err := p.StatefulSet(2).ServiceName("peers").Build()
	require.NoError(t, err)
	require.Equal(t, "peers", named.Spec.ServiceName)

	_, err = p.Service().Build()
	require.NoError(t, err, "a Service asks nothing of the volumes")
	_, err = p.NetworkPolicy().Build()
	require.NoError(t, err)
}

func TestOnlyAStatefulSetMakesClaims(t *testing.T) {
	p := with(web().Writes(pattern.ClaimTemplate("data", "10Gi"), "/data"))
	for name, o := range map[string]pattern.Object{"Pod": p, "Deployment": p.Deployment(1), "DaemonSet": p.DaemonSet(), "Job": p.Job(), "CronJob": p.CronJob("@daily")} {
		t.Run(name, func(t *testing.T) {
			_, err := pattern.Objects(o)
			only(t, findingsOf(t, err), "claim-template")
		})
	}
}

func TestADaemonSet(t *testing.T) {
	d, err := with(web()).DaemonSet().Build()
	require.NoError(t, err)
	require.Equal(t, map[string]string{"app": "web"}, d.Spec.Selector.MatchLabels)
	require.Equal(t, map[string]string{"app": "web"}, d.Spec.Template.Labels)
}

func TestAJobsRestartPolicy(t *testing.T) {
	p := with(web())
	job, err := p.Job().Build()
	require.NoError(t, err)
	require.Equal(t, corev1.RestartPolicyOnFailure, job.Spec.Template.Spec.RestartPolicy)
	require.Empty(t, job.Spec.Template.Labels, "a Job needs no selector")
	never, err := p.RestartPolicy(corev1.RestartPolicyNever).Job().Build()
	require.NoError(t, err)
	require.Equal(t, corev1.RestartPolicyNever, never.Spec.Template.Spec.RestartPolicy)
	cron, err := p.CronJob("@daily").Build()
	require.NoError(t, err)
	require.Equal(t, corev1.RestartPolicyOnFailure, cron.Spec.JobTemplate.Spec.Template.Spec.RestartPolicy)
	require.Empty(t, build(t, p).Spec.RestartPolicy)
	d, err := p.Deployment(1).Build()
	require.NoError(t, err)
	require.Empty(t, d.Spec.Template.Spec.RestartPolicy)
}

func TestSettingsOfAJob(t *testing.T) {
	job, err := with(web()).Job().BackoffLimit(2).Completions(10, 3).TTLSecondsAfterFinished(60).Build()
	require.NoError(t, err)
	require.EqualValues(t, 2, *job.Spec.BackoffLimit)
	require.EqualValues(t, 10, *job.Spec.Completions)
	require.EqualValues(t, 3, *job.Spec.Parallelism)
	require.EqualValues(t, 60, *job.Spec.TTLSecondsAfterFinished)
}

func TestACronJob(t *testing.T) {
	for _, schedule := range []string{"0 3 * * *", "*/5 1-4,6 * JAN mon", "@hourly", "@daily", "@every 1h30m"} {
		c, err := with(web()).CronJob(schedule).TimeZone("Europe/Berlin").ConcurrencyPolicy(batchv1.ForbidConcurrent).Build()
		require.NoError(t, err, schedule)
		require.Equal(t, schedule, c.Spec.Schedule)
		require.Equal(t, "Europe/Berlin", *c.Spec.TimeZone)
		require.Equal(t, batchv1.ForbidConcurrent, c.Spec.ConcurrencyPolicy)
	}
}

func TestACronJobsNameLeavesRoomForItsJobs(t *testing.T) {
	named := func(n int) pattern.CronJobBuilder { return pattern.Pod(long(n)).WithApp(web()).CronJob("@daily") }
	_, err := named(52).Build()
	require.NoError(t, err)
	f := only(t, named(53).Findings(), "object-name")
	require.Equal(t, "metadata.name", f.Path)
	_, err = pattern.Pod(long(53)).WithApp(web()).Job().Build()
	require.NoError(t, err)
}
