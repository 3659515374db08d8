package pattern_test

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// What a bundle remembers of Late functions is of no consequence: each pod gets what its
// own View says, and so does each fork of a helper.
func TestABundleRemembersNothingOfAnotherPod(t *testing.T) {
	calls := 0
	tell := fitting("a").Port("http", 8080).MovePorts().Late(func(v pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer {
		calls++
		return c.Args(fmt.Sprint(v.Name(), v.Port("http") > 0, v.Native(), v.Kind(), v.PodName(), v.Namespace(), v.MemoryLimit(), v.GracePeriodSeconds()))
	})
	b := pattern.Bundle("tell", tell, tell.Name("b").Limits("", "64Mi"))
	require.Equal(t, 8, reflect.TypeFor[pattern.View]().NumMethod(), "lateKey must have all that a View says")
	for _, change := range []func(*corev1.PodTemplateSpec){
		func(*corev1.PodTemplateSpec) {},
		func(p *corev1.PodTemplateSpec) { p.Labels["app"] = "other" },
		func(p *corev1.PodTemplateSpec) { p.Namespace = "prod" },
		func(p *corev1.PodTemplateSpec) { p.Spec.TerminationGracePeriodSeconds = new(int64(7)) },
		func(p *corev1.PodTemplateSpec) { p.Spec.RestartPolicy = corev1.RestartPolicyNever },
	} {
		for _, bundle := range []pattern.Injection{b, b.Target("1.28")} {
			template := &somebodys().Spec.Template
			change(template)
			before := template.DeepCopy()
			require.NoError(t, bundle.Allow("job-classic-sidecar", "for the test").ApplyTo(template))
			fresh := pattern.Bundle("tell", tell, tell.Name("b").Limits("", "64Mi")) // which remembers nothing
			if names(template.Spec.InitContainers) == nil {
				fresh = fresh.Target("1.28")
			}
			require.NoError(t, fresh.Allow("job-classic-sidecar", "for the test").ApplyTo(before))
			require.Equal(t, before, template)
		}
	}
	calls = 0
	require.NoError(t, b.ApplyTo(&somebodys().Spec.Template))
	require.Zero(t, calls, "a pod like one before")
}

// A helper goes by the name of the pod that it is in, which may have none yet.
func TestLateSeesByWhatNameAPodGoes(t *testing.T) {
	b := pattern.Bundle("tell", fitting("a").Late(func(v pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer { return c.Args(v.PodName()) }))
	labels := map[string]string{"app.kubernetes.io/name": "label", "app": "short"}
	for want, meta := range map[string]metav1.ObjectMeta{
		"label":  {Labels: labels, Name: "name"},
		"short":  {Labels: map[string]string{"app": "short"}, Name: "name"},
		"name":   {Name: "name", GenerateName: "made-"},
		"made":   {GenerateName: "made-"},
		"first":  {},
		"made-a": {Labels: map[string]string{"app": ""}, GenerateName: "made-a-"},
	} {
		pod := &corev1.Pod{ObjectMeta: meta, Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "first", Image: "first:1"}, {Name: "second", Image: "second:1"}}}}
		require.NoError(t, b.ApplyToPod(pod))
		require.Equal(t, []string{want}, container(t, &pod.Spec, "a").Args)
	}
}
