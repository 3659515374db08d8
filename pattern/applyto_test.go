package pattern_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Two bundles in either order, on an object whose template has no metadata.
func TestAbsentMetadataInAnyOrder(t *testing.T) {
	a := pattern.Bundle("a", pattern.Init("a", "a:1").Command("true"))
	b := pattern.Bundle("b", pattern.Init("b", "b:1").Command("true"))
	before := `{"apiVersion":"example.com/v1","kind":"Rollout","spec":{"template":{"spec":{"containers":[{"name":"c","image":"c:1"}]}}}}`
	object := func() *tree { return newTree(t, before) }
	ab, ba := object(), object()
	require.NoError(t, a.ApplyToObject(ab))
	require.NoError(t, b.ApplyToObject(ab))
	require.NoError(t, b.ApplyToObject(ba))
	require.NoError(t, a.ApplyToObject(ba))
	require.Equal(t, ab, ba)
	require.NoError(t, a.RemoveFromObject(ab))
	require.NoError(t, b.RemoveFromObject(ab))
	require.Equal(t, object(), ab)
}

// Every object with a pod template takes a bundle and gives it back; in a List all do, or
// none, and what has no pod stays.
func TestAllKindsOfObjects(t *testing.T) {
	template := func() corev1.PodTemplateSpec { return somebodys().Spec.Template }
	spec := template().Spec
	service := &corev1.Service{}
	for _, o := range []runtime.Object{
		&corev1.Pod{Spec: spec},
		somebodys(),
		&appsv1.ReplicaSet{Spec: appsv1.ReplicaSetSpec{Template: template()}},
		&appsv1.StatefulSet{Spec: appsv1.StatefulSetSpec{Template: template()}},
		&appsv1.DaemonSet{Spec: appsv1.DaemonSetSpec{Template: template()}},
		&batchv1.Job{Spec: batchv1.JobSpec{Template: template()}},
		&batchv1.CronJob{Spec: batchv1.CronJobSpec{JobTemplate: batchv1.JobTemplateSpec{Spec: batchv1.JobSpec{Template: template()}}}},
		&corev1.ReplicationController{Spec: corev1.ReplicationControllerSpec{Template: new(template())}},
		&corev1.PodTemplate{Template: template()},
		&appsv1.DeploymentList{Items: []appsv1.Deployment{*named(somebodys(), "Deployment"), *named(somebodys(), "Deployment")}},
		&corev1.List{Items: []runtime.RawExtension{{Object: named(somebodys(), "Deployment")}, {Object: service}, {Raw: []byte(`{"kind":"Job","spec":{"template":{"spec":{"containers":[{"name":"c","image":"c:1"}]}}}}`)}}},
		newTree(t, `{"kind":"List","items":[{"kind":"Service"},{"kind":"CronJob","spec":{"jobTemplate":{"spec":{"template":{"spec":{"containers":[{"name":"c","image":"c:1"}]}}}}}}]}`),
	} {
		before := o.DeepCopyObject()
		require.NoError(t, tracing("agent:1").ApplyToObject(o), "%T", o)
		require.NotEqual(t, before, o, "%T", o)
		require.Contains(t, jsonText(t, o), `"image":"agent:1"`, "%T", o)
		plan, err := tracing("agent:1").Plan(o)
		require.NoError(t, err)
		require.Empty(t, plan, "%T", o)
		require.NoError(t, tracing("agent:1").RemoveFromObject(o), "%T", o)
		require.JSONEq(t, jsonText(t, before), jsonText(t, o), "%T", o)
	}
	taken := named(somebodys(), "Deployment")
	taken.Spec.Template.Spec.Containers[0].Name = "agent"
	list := &corev1.List{Items: []runtime.RawExtension{{Object: named(somebodys(), "Deployment")}, {Object: taken}}}
	before := list.DeepCopy()
	require.ErrorContains(t, tracing("agent:1").ApplyToObject(list), "items[1].spec.template.spec.initContainers[0].name")
	require.Equal(t, before, list)
}

func named(d *appsv1.Deployment, kind string) *appsv1.Deployment {
	d.APIVersion, d.Kind = "apps/v1", kind
	return d
}
