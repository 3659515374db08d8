package check_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

func TestQoSBroken(t *testing.T) {
	none, full := corev1.ResourceRequirements{}, limits("cpu", "1", "memory", "1Gi")
	less := corev1.ResourceRequirements{Requests: amounts("cpu", "100m"), Limits: list("1", "1Gi")}
	further := func(all ...corev1.ResourceRequirements) func(*corev1.Pod) {
		return func(p *corev1.Pod) {
			for _, r := range all {
				p.Spec.Containers = append(p.Spec.Containers, corev1.Container{Name: "more", Resources: r})
			}
		}
	}
	const text = "Invalid value: the pod would be Guaranteed, as container web is by itself, but "
	try(t,
		example{"qos-broken", "a native sidecar", budgeted(full, none, full), []string{"W spec.initContainers[1].resources: " + text + "side has no limit of cpu"}},
		example{"qos-broken", "an init container without a limit of memory", budgeted(limits("cpu", "1"), full, full), []string{"W spec.initContainers[0].resources: " + text + "init has no limit of memory"}},
		example{"qos-broken", "a second container that requests less", budgeted(full, full, full, further(less)), []string{"W spec.containers[1].resources: " + text + "more requests less cpu than its limit"}},
		example{"qos-broken", "two of five", budgeted(less, less, full, further(full, full)), []string{"W spec.initContainers[0].resources: " + text + "init requests less cpu than its limit"}},
		example{"qos-broken", "half of them", budgeted(less, less, full, further(full)), nil},
		example{"qos-broken", "the app", budgeted(full, full, less), nil},
		example{"qos-broken", "none", budgeted(full, full, full), nil},
		example{"qos-broken", "all", budgeted(less, less, less), nil},
		example{"qos-broken", "resources of the pod", budgeted(full, none, full, together(list("4", "4Gi"), list("4", "4Gi"))), nil},
	)
}

func TestQoSBrokenAsksWhoIsAHelper(t *testing.T) {
	p := goodPod()
	budgeted(limits("cpu", "1", "memory", "1Gi"), limits("cpu", "1", "memory", "1Gi"), limits("cpu", "1", "memory", "1Gi"))(p)
	p.Spec.Containers = append(p.Spec.Containers, corev1.Container{Name: "api"})
	find := func(helpers []string) check.Findings {
		return of(check.Pod(p, check.Intended(check.Intent{Helpers: helpers})), "qos-broken")
	}
	require.Len(t, find(nil), 1)
	require.Empty(t, find([]string{"side"}), "api is an app")
	found := find([]string{"side", "api"})
	require.Len(t, found, 1)
	require.Equal(t, []check.Party{{Container: "api", Path: "spec.containers[1].resources"}, {Container: "web", Path: "spec.containers[0].resources"}}, found[0].Parties)
}

func TestQoSClass(t *testing.T) {
	none, full := corev1.ResourceRequirements{}, limits("cpu", "1", "memory", "1Gi")
	for name, tt := range map[string]struct {
		change func(*corev1.Pod)
		want   corev1.PodQOSClass
	}{
		"nothing":                           {budgeted(none, none, none), corev1.PodQOSBestEffort},
		"zero":                              {budgeted(none, none, requests("cpu", "0")), corev1.PodQOSBestEffort},
		"another resource":                  {budgeted(none, none, limits("ephemeral-storage", "1Gi")), corev1.PodQOSBestEffort},
		"one request":                       {budgeted(none, none, requests("cpu", "1")), corev1.PodQOSBurstable},
		"limits":                            {budgeted(full, full, full), corev1.PodQOSGuaranteed},
		"an init container has none":        {budgeted(none, full, full), corev1.PodQOSBurstable},
		"resources of the pod":              {budgeted(none, none, none, together(nil, list("1", "1Gi"))), corev1.PodQOSGuaranteed},
		"the pod requests less":             {budgeted(none, none, full, together(amounts("cpu", "1"), list("2", "1Gi"))), corev1.PodQOSBurstable},
		"resources of the pod that are nil": {budgeted(full, full, full, together(nil, nil)), corev1.PodQOSBestEffort},
	} {
		t.Run(name, func(t *testing.T) {
			p := goodPod()
			tt.change(p)
			require.Equal(t, tt.want, check.Resources(p).QoS)
		})
	}
}
