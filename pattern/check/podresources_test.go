package check_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// together gives a pod that has resources of its own.
func together(requests, limits corev1.ResourceList, change ...func(*corev1.Pod)) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		p.Spec.Resources = &corev1.ResourceRequirements{Requests: requests, Limits: limits}
		for _, c := range change {
			c(p)
		}
	}
}

func TestPodResources(t *testing.T) {
	limit := func(c func(*corev1.Pod) *corev1.Container, limits corev1.ResourceList) func(*corev1.Pod) {
		return func(p *corev1.Pod) { c(p).Resources.Limits = limits }
	}
	try(t,
		example{"pod-level-resources", "Windows", together(amounts("cpu", "-1"), nil, func(p *corev1.Pod) { p.Spec.OS = &corev1.PodOS{Name: corev1.Windows} }),
			[]string{"A spec.resources: Forbidden: may not be set for a windows pod"}},
		example{"quantity", "Windows, and so nothing else", together(amounts("cpu", "-1"), nil, func(p *corev1.Pod) { p.Spec.OS = &corev1.PodOS{Name: corev1.Windows} }), nil},
		example{"pod-level-resources", "claims", together(nil, nil, func(p *corev1.Pod) { p.Spec.Resources.Claims = []corev1.ResourceClaim{{Name: "gpu"}} }),
			[]string{"A spec.resources.claims: Forbidden: claims may not be set for Resources at pod-level"}},
		example{"pod-level-resources", "neither", together(amounts("cpu", "1"), nil), nil},

		example{"pod-level-sum", "the app and the native sidecar", together(amounts("cpu", "1"), nil, asks(amounts("cpu", "600m"), nil), limit(sideOf, amounts("cpu", "500m"))),
			[]string{`A spec.resources.requests[cpu]: Invalid value: "1": must be greater than or equal to aggregate container requests of 1100m`}},
		example{"pod-level-sum", "exactly", together(amounts("cpu", "1100m"), nil, asks(amounts("cpu", "600m"), nil), limit(sideOf, amounts("cpu", "500m"))), nil},
		example{"pod-level-sum", "an init container runs by itself", together(amounts("cpu", "1"), nil, asks(amounts("cpu", "1"), nil), limit(initOf, amounts("cpu", "1"))), nil},
		example{"pod-level-sum", "the limit of one container", together(nil, amounts("memory", "1Gi"), asks(amounts("memory", "0"), amounts("memory", "2Gi"))),
			[]string{`A spec.containers[0].resources.limits[memory]: Invalid value: "2Gi": must be less than or equal to pod limits of 1Gi`}},
		example{"pod-level-sum", "huge pages together", together(amounts("cpu", "1"), amounts("hugepages-2Mi", "4Mi"), asks(nil, amounts("hugepages-2Mi", "4Mi")), limit(sideOf, amounts("hugepages-2Mi", "2Mi"))), []string{
			`A spec.resources.limits[hugepages-2Mi]: Invalid value: "4Mi": must be greater than or equal to aggregate container limits of 6Mi`,
			`A spec.resources.requests[hugepages-2Mi]: Invalid value: "4Mi": must be greater than or equal to aggregate container requests of 6Mi`}},
		example{"req-gt-limit", "what the containers request is above the limit of the pod", together(nil, amounts("cpu", "1"), asks(amounts("cpu", "2"), nil)),
			[]string{`A spec.resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1`}},

		example{"pod-level-limit-native", "a native sidecar", together(nil, amounts("cpu", "1"), func(p *corev1.Pod) {
			sideOf(p).Resources = corev1.ResourceRequirements{Requests: amounts("cpu", "0"), Limits: amounts("cpu", "2")}
		}), []string{`W spec.initContainers[1].resources.limits[cpu]: Invalid value: "2": the limit of the pod is lower, and is what holds: 1`}},
		example{"pod-level-limit-native", "equal", together(nil, amounts("cpu", "1"), limit(sideOf, amounts("cpu", "1000m"))), nil},
		example{"pod-level-limit-native", "no limit of the pod", together(amounts("cpu", "1"), nil, limit(sideOf, amounts("cpu", "2"))), nil},
	)
}

func TestPodResourcesNameWhoAsks(t *testing.T) {
	p := goodPod()
	together(amounts("cpu", "1"), nil, asks(amounts("cpu", "1"), nil))(p)
	sideOf(p).Resources.Limits = amounts("cpu", "1")
	found := of(check.Pod(p), "pod-level-sum")
	require.Len(t, found, 1)
	require.Equal(t, []check.Party{
		{Container: "side", Path: "spec.initContainers[1].resources.requests"},
		{Container: "web", Path: "spec.containers[0].resources.requests"}}, found[0].Parties)
}

// Before 1.34 the field is dropped, so nothing else is said about it.
func TestPodResourcesOfOldVersions(t *testing.T) {
	p := goodPod()
	together(amounts("cpu", "-1", "disk", "1"), amounts("cpu", "1"), asks(amounts("cpu", "2"), nil))(p)
	require.NotEmpty(t, check.Pod(p, check.Target("1.34"), check.AtLeast(check.Rejected)))
	require.Empty(t, of(check.Pod(p, check.Target("1.34")), "pod-level-version"))
	require.Empty(t, check.Pod(p, check.Target("1.33"), check.AtLeast(check.Rejected)))
	old := of(check.Pod(p, check.Target("1.33")), "pod-level-version")
	require.Len(t, old, 1)
	require.Equal(t, "Kubernetes 1.33 drops it: resources of the pod as a whole came with 1.34", old[0].Detail)
}

// A template has no requests of the pod that are taken from its containers.
func TestPodResourcesOfATemplate(t *testing.T) {
	p := goodPod()
	together(nil, amounts("cpu", "1"), asks(amounts("cpu", "2"), nil))(p)
	require.Len(t, of(check.Pod(p), "req-gt-limit"), 1)
	require.Empty(t, of(check.Template(&corev1.PodTemplateSpec{Spec: p.Spec}), "req-gt-limit"))
}
