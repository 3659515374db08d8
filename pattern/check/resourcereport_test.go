package check_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// The order of init containers counts: a native sidecar that has started keeps what
// it has.
func TestResourcesInStartOrder(t *testing.T) {
	p := goodPod()
	budgeted(requests("cpu", "2"), requests("cpu", "500m"), requests("cpu", "1"))(p)
	got := check.Resources(p)
	require.Equal(t, "2", got.Requests.Cpu().String())
	require.Equal(t, map[corev1.ResourceName]string{"cpu": "init"}, got.RequestFrom)

	p.Spec.InitContainers[0], p.Spec.InitContainers[1] = p.Spec.InitContainers[1], p.Spec.InitContainers[0]
	got = check.Resources(p)
	require.Equal(t, "2500m", got.Requests.Cpu().String())

	webOf(p).Resources = requests("cpu", "2")
	got = check.Resources(p)
	require.Equal(t, "2500m", got.Requests.Cpu().String())
	require.Equal(t, check.RunningContainers, got.RequestFrom["cpu"], "as much as the init container, so that isn't what sets it")
}

func TestResourcesFillInWhatIsLeftOut(t *testing.T) {
	p := goodPod()
	budgeted(corev1.ResourceRequirements{}, limits("cpu", "1", "memory", "1Gi"), limits("cpu", "0.0001"))(p)
	got := check.Resources(p)
	require.Equal(t, "1001m", got.Requests.Cpu().String(), "a request is its limit, rounded")
	require.Equal(t, "1Gi", got.Limits.Memory().String(), "a partial sum")

	p.Spec.Resources = &corev1.ResourceRequirements{Limits: list("2", "2Gi")}
	got = check.Resources(p)
	require.Equal(t, map[corev1.ResourceName]string{"cpu": check.PodLevel, "memory": check.PodLevel}, got.RequestFrom)
	require.Equal(t, "1001m", got.Requests.Cpu().String(), "those of the containers together")
	require.Equal(t, "2Gi", got.Limits.Memory().String())

	p.Spec.Overhead = amounts("cpu", "100m", "ephemeral-storage", "1Gi")
	got = check.Resources(p)
	require.Equal(t, "1101m", got.Requests.Cpu().String())
	require.Equal(t, "2100m", got.Limits.Cpu().String())
	require.Equal(t, "1Gi", got.Requests.StorageEphemeral().String())
	require.NotContains(t, got.Limits, corev1.ResourceEphemeralStorage, "what is unlimited stays so")
}

func TestResourcesDoesNotWrite(t *testing.T) {
	p := goodPod()
	budgeted(limits("cpu", "0.1Gi"), limits("cpu", "0.1Gi"), limits("cpu", "0.1Gi"), together(nil, amounts("cpu", "0.2Gi")))(p)
	p.Spec.Overhead = amounts("cpu", "0.1Gi")
	before := p.DeepCopy()
	got := check.Resources(p)
	for _, list := range []corev1.ResourceList{got.Requests, got.Limits, got.Containers[0].Limits} {
		clear(list)
	}
	require.Equal(t, before, p)
}

func TestResourcesOfNothing(t *testing.T) {
	require.Equal(t, check.ResourceReport{}, check.Resources(nil))
	require.NotPanics(t, func() { _ = check.ResourceReport{}.String() })
	require.Equal(t, corev1.PodQOSBestEffort, check.Resources(&corev1.Pod{}).QoS)
	text, err := json.Marshal(check.Resources(goodPod()))
	require.NoError(t, err)
	require.JSONEq(t, `{"qosClass":"BestEffort","containers":[{"name":"init","init":true},{"name":"side","init":true,"native":true},{"name":"web"}]}`, string(text))
}

func TestResourcesPrintTheSameEachTime(t *testing.T) {
	p := goodPod()
	budgeted(requests("cpu", "2", "a.io/x", "1", "b.io/x", "1"), limits("memory", "1Gi", "c.io/x", "1"), requests("cpu", "1"))(p)
	want := check.Resources(p).String()
	for range 50 {
		require.Equal(t, want, check.Resources(p).String())
	}
}

func ExampleResources() {
	p := goodPod()
	initOf(p).Resources = requests("cpu", "2")
	sideOf(p).Resources = limits("cpu", "500m", "memory", "64Mi")
	webOf(p).Resources = corev1.ResourceRequirements{Requests: list("1", "128Mi"), Limits: amounts("memory", "256Mi")}
	fmt.Println(check.Resources(p))
	// Output:
	// CONTAINER  KIND            CPU          MEMORY
	// init       init            2 / -        -
	// side       native sidecar  500m / 500m  64Mi / 64Mi
	// web        regular         1 / -        128Mi / 256Mi
	// pod        Burstable       2 / 500m     192Mi / 320Mi
	//            set by          init         running containers
}
