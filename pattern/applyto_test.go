package pattern_test

import (
	"encoding/json"
	"strings"
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

// A patch makes the metadata that isn't there, and the last removal takes it out again,
// unless somebody else has put something into it.
func TestAbsentMetadataInAPatch(t *testing.T) {
	a := pattern.Bundle("a", pattern.Init("a", "a:1").Command("true"))
	b := pattern.Bundle("b", pattern.Init("b", "b:1").Command("true"))
	const added, removed = `{"op":"add","path":"/spec/template/metadata","value":{}}`, `{"op":"remove","path":"/spec/template/metadata"}`
	object := newTree(t, `{"apiVersion":"example.com/v1","kind":"Rollout","spec":{"template":{"spec":{"containers":[{"name":"c","image":"c:1"}]}}}}`)
	patch, err := a.JSONPatch([]byte(jsonText(t, object)))
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(string(patch), "["+added+","), "%s", patch)
	require.NoError(t, a.ApplyToObject(object))
	removal, err := a.RemovalJSONPatch([]byte(jsonText(t, object)))
	require.NoError(t, err)
	require.Equal(t, `[{"op":"remove","path":"/spec/template/spec/initContainers"},{"op":"remove","path":"/spec/template/metadata/annotations"},`+removed+"]", string(removal))

	labelled := &tree{runtime.DeepCopyJSON(object.content)}
	branch(labelled.content, "spec", "template", "metadata")["labels"] = map[string]any{"app": "c"}
	second := &tree{runtime.DeepCopyJSON(object.content)}
	require.NoError(t, b.ApplyToObject(second))
	for reason, more := range map[string]*tree{"a label": labelled, "another bundle": second} {
		patch, err := a.JSONPatch([]byte(jsonText(t, more)))
		require.NoError(t, err)
		require.Equal(t, "[]", string(patch), reason)
		removal, err := a.RemovalJSONPatch([]byte(jsonText(t, more)))
		require.NoError(t, err)
		require.NotContains(t, string(removal), removed, reason)
	}
}

// branch gives the map at a path of a tree.
func branch(at map[string]any, path ...string) map[string]any {
	for _, p := range path {
		at = at[p].(map[string]any)
	}
	return at
}

// What is for one app of a tree goes to that one, wherever it stands.
func TestOneAppOfATree(t *testing.T) {
	b := pattern.Bundle("b", fitting("a").For("second").AppEnv("A", "b"))
	for _, names := range []string{`{"name":"first"},{"name":"second"}`, `{"name":"second"},{"name":"first"}`} {
		text := `{"kind":"Deployment","spec":{"template":{"metadata":{},"spec":{"containers":[` + names + `]}}}}`
		object := newTree(t, text)
		require.NoError(t, b.ApplyToObject(object))
		for _, c := range branch(object.content, "spec", "template", "spec")["containers"].([]any) {
			if c := c.(map[string]any); c["name"] == "second" {
				require.Equal(t, []any{map[string]any{"name": "A", "value": "b"}}, c["env"])
			} else {
				require.NotContains(t, c, "env")
			}
		}
		require.NoError(t, b.RemoveFromObject(object))
		require.JSONEq(t, text, jsonText(t, object))
	}
}

// In the body of a server-side apply the apps, which get something, stand before the
// helpers: kubectl takes the first container.
func TestServerSideApplyNamesAppsFirst(t *testing.T) {
	d := somebodys()
	d.Spec.Template.Spec.Containers = append(d.Spec.Template.Spec.Containers, corev1.Container{Name: "cart", Image: "cart:1"})
	raw, err := pattern.Bundle("b", fitting("a").Classic().AppEnv("A", "b"), fitting("c").Classic()).ServerSideApply(d)
	require.NoError(t, err)
	var body appsv1.Deployment
	require.NoError(t, json.Unmarshal(raw, &body))
	require.Equal(t, []string{"shop", "cart", "a", "c"}, names(body.Spec.Template.Spec.Containers))
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
