package check

import (
	"testing"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Nothing is allocated for what most pods ask for: the rules run at every build.
func TestUsualResourcesCostNothing(t *testing.T) {
	list := func(cpu, memory string) corev1.ResourceList {
		return corev1.ResourceList{"cpu": resource.MustParse(cpu), "memory": resource.MustParse(memory), "ephemeral-storage": resource.MustParse("1Gi")}
	}
	spec := &corev1.PodSpec{}
	for range 6 {
		c := corev1.Container{Resources: corev1.ResourceRequirements{Requests: list("100m", "64Mi"), Limits: list("1", "128Mi")}}
		spec.Containers = append(spec.Containers, c)
		spec.InitContainers = append(spec.InitContainers, c)
	}
	spec.InitContainers[3].RestartPolicy = new(corev1.ContainerRestartPolicyAlways)
	x := newIndex(&metav1.ObjectMeta{}, spec, newOptions(nil))
	run := func() {
		for _, group := range [...][]Rule{resourceRules, budgetRules} {
			for i := range group {
				group[i].pod(x, &group[i])
			}
		}
	}
	require.Zero(t, testing.AllocsPerRun(100, run))
	require.Empty(t, x.found)
	spec.Containers[5].Resources.Requests["cpu"] = resource.MustParse("2")
	x = newIndex(&metav1.ObjectMeta{}, spec, newOptions(nil)) // what it was asked once it keeps
	run()
	require.NotEmpty(t, x.found)
}

func BenchmarkResources(b *testing.B) {
	spec := &corev1.PodSpec{}
	for range 2 {
		c := corev1.Container{Resources: corev1.ResourceRequirements{
			Requests: corev1.ResourceList{"cpu": resource.MustParse("100m"), "memory": resource.MustParse("64Mi")},
			Limits:   corev1.ResourceList{"cpu": resource.MustParse("1"), "memory": resource.MustParse("64Mi")}}}
		spec.Containers = append(spec.Containers, c)
		spec.InitContainers = append(spec.InitContainers, c)
	}
	x := newIndex(&metav1.ObjectMeta{}, spec, newOptions(nil))
	for b.Loop() {
		for _, group := range [...][]Rule{resourceRules, budgetRules} {
			for i := range group {
				group[i].pod(x, &group[i])
			}
		}
	}
}
