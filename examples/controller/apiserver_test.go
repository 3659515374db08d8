package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/internal/catalogue"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
)

// bundled is a helper of the catalogue as a bundle, and a pod that has what it needs.
type bundled struct {
	name   string
	bundle pattern.Injection
	newer  pattern.Injection // of the same name
	pod    pattern.PodBuilder
}

func bundles() (out []bundled) {
	for i, u := range catalogue.One() {
		if u.Bundled == nil || u.Helper == "initc.Sysctl" { // it needs root, which these pods refuse
			continue
		}
		name := fmt.Sprint("bundle-", i)
		extra := pattern.Sidecar("extra", "registry.example.com/extra:1").AppEnv("EXTRA", "yes").PodLabel("extra", "yes").
			Requests("1m", "1Mi").Limits("", "1Mi").Restricted().RunAsUser(65532)
		pod := catalogue.Base(u).NodeSelector("kubernetes.io/hostname", "none").Allow("reader-without-writer", "the helper writes")
		out = append(out, bundled{u.Helper, pattern.Bundle(name, u.Bundled), pattern.Bundle(name, extra), pod})
	}
	return out
}

// carriers are workloads with the pod, none of which starts it.
func (b *bundled) carriers(t *testing.T) []client.Object {
	t.Helper()
	template, err := b.pod.Label("app", "web").Template()
	require.NoError(t, err)
	selector := &metav1.LabelSelector{MatchLabels: map[string]string{"app": "web"}}
	ends := *template.DeepCopy()
	ends.Spec.RestartPolicy = corev1.RestartPolicyOnFailure
	job := batchv1.JobSpec{Suspend: new(true), Template: ends}
	return []client.Object{
		&appsv1.Deployment{Spec: appsv1.DeploymentSpec{Replicas: new(int32(0)), Selector: selector, Template: *template}},
		&appsv1.StatefulSet{Spec: appsv1.StatefulSetSpec{Replicas: new(int32(0)), Selector: selector, Template: *template}},
		&appsv1.DaemonSet{Spec: appsv1.DaemonSetSpec{Selector: selector, Template: *template}},
		&batchv1.CronJob{Spec: batchv1.CronJobSpec{Schedule: "0 0 1 1 *", Suspend: new(true), JobTemplate: batchv1.JobTemplateSpec{Spec: job}}},
		&batchv1.Job{Spec: job},
	}
}

// What ApplyTo makes of what the API server stores, it takes, and reads back as it is to
// be; what is removed leaves what was stored before. A patch does the same.
func TestStoredWorkloads(t *testing.T) {
	n := inNamespace(t)
	for i, b := range bundles() {
		all := b.carriers(t)
		for _, o := range []client.Object{all[0], all[1+i%(len(all)-1)]} { // a Deployment, and another
			kind := strings.TrimPrefix(fmt.Sprintf("%T", o), "*")
			o.SetNamespace(n.name)
			o.SetName(b.bundle.Name())
			t.Run(b.name+" "+kind, func(t *testing.T) {
				if job, is := o.(*batchv1.Job); is { // its template can't be changed
					n.storedJob(t, b.bundle, job)
					return
				}
				n.storedWorkload(t, b.bundle, o)
			})
		}
	}
}

func (n *namespace) storedWorkload(t *testing.T, b pattern.Injection, o client.Object) {
	n.must(t, n.Create(t.Context(), o))
	before := n.stored(t, o)
	n.must(t, b.ApplyToObject(o))
	require.NotEqual(t, before, templates(t, o))
	n.update(t, o)
	applied := n.stored(t, o)
	require.NotEqual(t, before, applied)
	n.must(t, b.ApplyToObject(o))
	require.Equal(t, applied, templates(t, o), "a second call changes nothing")
	n.must(t, b.RemoveFromObject(o))
	require.Equal(t, before, templates(t, o), "removal restores")
	n.update(t, o)
	require.Equal(t, before, n.stored(t, o))

	patch, err := b.JSONPatch(n.raw(t, o))
	n.must(t, err)
	n.must(t, n.Patch(t.Context(), o, client.RawPatch(types.JSONPatchType, patch)))
	require.Equal(t, applied, n.stored(t, o), "the patch does what ApplyTo does")
	patch, err = b.JSONPatch(n.raw(t, o))
	n.must(t, err)
	require.Equal(t, "[]", string(patch))
	patch, err = b.RemovalJSONPatch(n.raw(t, o))
	n.must(t, err)
	n.must(t, n.Patch(t.Context(), o, client.RawPatch(types.JSONPatchType, patch)))
	require.Equal(t, before, n.stored(t, o), "the patch does what RemoveFrom does")
}

func (n *namespace) storedJob(t *testing.T, b pattern.Injection, o *batchv1.Job) {
	original := o.DeepCopy()
	n.must(t, n.Create(t.Context(), original, client.DryRunAll))
	n.must(t, b.ApplyToObject(o))
	n.must(t, n.Create(t.Context(), o))
	applied := n.stored(t, o)
	n.must(t, b.ApplyToObject(o))
	require.Equal(t, applied, templates(t, o), "a second call changes nothing")
	n.must(t, b.RemoveFromObject(o))
	for _, label := range []string{"batch.kubernetes.io/controller-uid", "controller-uid"} {
		delete(original.Spec.Template.Labels, label)
		delete(o.Spec.Template.Labels, label)
	}
	require.Equal(t, templates(t, original), templates(t, o), "removal restores")
}

// update writes an object, whatever its status has come to be.
func (n *namespace) update(t *testing.T, o client.Object) {
	t.Helper()
	o.SetResourceVersion("")
	require.NoError(t, n.Update(t.Context(), o))
}

func (n *namespace) must(t *testing.T, err error) {
	t.Helper()
	require.NoError(t, err)
}

// stored reads an object again, and gives its template.
func (n *namespace) stored(t *testing.T, o client.Object) string {
	t.Helper()
	require.NoError(t, n.Client.Get(t.Context(), client.ObjectKeyFromObject(o), o))
	return templates(t, o)
}

// raw reads an object as JSON.
func (n *namespace) raw(t *testing.T, o client.Object) []byte {
	t.Helper()
	tree := &unstructured.Unstructured{}
	kind, err := n.GroupVersionKindFor(o)
	require.NoError(t, err)
	tree.SetGroupVersionKind(kind)
	require.NoError(t, n.Client.Get(t.Context(), client.ObjectKeyFromObject(o), tree))
	raw, err := tree.MarshalJSON()
	require.NoError(t, err)
	return raw
}

// templates gives what carries the pod, as JSON.
func templates(t *testing.T, o client.Object) string {
	t.Helper()
	switch o := o.(type) {
	case *appsv1.Deployment:
		return text(t, o.Spec)
	case *appsv1.StatefulSet:
		return text(t, o.Spec)
	case *appsv1.DaemonSet:
		return text(t, o.Spec)
	case *batchv1.CronJob:
		return text(t, o.Spec)
	}
	return text(t, o.(*batchv1.Job).Spec.Template)
}

// By server-side apply a field manager owns the bundle's parts and nothing else; a later
// body replaces an earlier one, and an empty bundle leaves what was there.
func TestServerSideApply(t *testing.T) {
	n := inNamespace(t)
	for i, b := range bundles() {
		carriers := b.carriers(t)
		carriers = carriers[:len(carriers)-1] // the template of a Job can't be changed
		if i%8 != 0 {
			carriers = carriers[:1]
		}
		for _, o := range carriers {
			o.SetNamespace(n.name)
			o.SetName(b.bundle.Name())
			t.Run(b.name+" "+fmt.Sprintf("%T", o), func(t *testing.T) { n.appliedByServer(t, b, o) })
		}
	}
}

func (n *namespace) appliedByServer(t *testing.T, b bundled, o client.Object) {
	n.must(t, n.Create(t.Context(), o, client.FieldOwner("author")))
	before, authors := n.stored(t, o), n.owned(t, o, "author")
	first := n.serverSideApply(t, b.bundle, o)
	require.NotEqual(t, before, first)
	require.True(t, authors.Equals(n.owned(t, o, "author")), "the author has what he had")
	n.owned(t, o, "bundle").Intersection(authors).Leaves().Iterate(func(p fieldpath.Path) {
		require.Regexp(t, `template\.spec\.containers\[name="[a-z]+"\]\.name$`, p.String(), "it owns the author's")
	})
	generation := o.GetGeneration()
	require.Equal(t, first, n.serverSideApply(t, b.bundle, o))
	require.Equal(t, generation, o.GetGeneration(), "the same body changes nothing")
	rid := o.DeepCopyObject().(client.Object)
	n.must(t, b.bundle.RemoveFromObject(rid))
	require.Equal(t, before, templates(t, rid), "the object's own parts are as they were")

	n.serverSideApply(t, b.newer, o)
	newer := o.DeepCopyObject().(client.Object)
	n.must(t, b.newer.RemoveFromObject(newer))
	require.Equal(t, before, templates(t, newer), "nothing of the older is left")
	require.Equal(t, before, n.serverSideApply(t, pattern.Bundle(b.bundle.Name()), o), "an empty bundle leaves what was there")
	require.True(t, n.owned(t, o, "bundle").Empty())
}

// A container that the bundle gave something can't be removed by who applies the rest,
// for what is the bundle's would be left of it; the bundle has to be applied first, for
// the object as it is to be.
func TestServerSideApplyHoldsContainers(t *testing.T) {
	n := inNamespace(t)
	b := shipping("holds", "shipper:1")
	d := web(t)
	d.Namespace = n.name
	d.SetGroupVersionKind(deployment().GroupVersionKind())
	now := d.DeepCopy()
	now.Spec.Template.Spec.Containers = append(now.Spec.Template.Spec.Containers, corev1.Container{Name: "worker", Image: "worker:1"})
	apply := func(o client.Object) error {
		body := client.RawPatch(types.ApplyPatchType, []byte(text(t, o)))
		return n.Patch(t.Context(), o.DeepCopyObject().(client.Object), body, client.FieldOwner("author"))
	}
	n.must(t, apply(now))
	n.serverSideApply(t, b, now.DeepCopy())
	require.True(t, apierrors.IsInvalid(apply(d)))
	n.serverSideApply(t, b, d.DeepCopy())
	n.must(t, apply(d))
	n.stored(t, d)
	require.Len(t, d.Spec.Template.Spec.Containers, 1)
}

// serverSideApply applies a bundle, and gives the template that comes of it.
func (n *namespace) serverSideApply(t *testing.T, b pattern.Injection, o client.Object) string {
	t.Helper()
	body, err := b.ServerSideApply(o)
	require.NoError(t, err)
	require.NoError(t, n.Patch(t.Context(), o, client.RawPatch(types.ApplyPatchType, body), client.FieldOwner("bundle")))
	return n.stored(t, o)
}

// owned gives what a field manager owns.
func (n *namespace) owned(t *testing.T, o client.Object, manager string) *fieldpath.Set {
	t.Helper()
	all := &fieldpath.Set{}
	for _, entry := range o.GetManagedFields() {
		if entry.Manager == manager && entry.Subresource == "" {
			set := &fieldpath.Set{}
			require.NoError(t, set.FromJSON(entry.FieldsV1.GetRawReader()))
			all = all.Union(set)
		}
	}
	return all
}
