package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	nodev1 "k8s.io/api/node/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/rand"
)

// shapes are pods whose requests are not just the sum of their containers'.
func shapes() map[string]pattern.PodBuilder {
	app := func(cpu, memory string) pattern.AppContainer {
		return pattern.App("web", busybox).Requests(cpu, memory).Limits(cpu, memory)
	}
	native := func(name, cpu, memory string) pattern.SidecarContainer {
		return pattern.Sidecar(name, busybox).Requests(cpu, memory).Limits(cpu, memory)
	}
	setup := func(cpu, memory string) pattern.InitContainer {
		return pattern.Init("setup", busybox).Requests(cpu, memory).Limits(cpu, memory)
	}
	pod := pattern.Pod("web").TerminationGracePeriodSeconds(0)
	return map[string]pattern.PodBuilder{
		"app-alone":            pod.WithApp(app("137m", "33Mi")),
		"native-adds":          pod.WithApp(app("137m", "33Mi")).WithSidecar(native("log", "41m", "17Mi"), native("proxy", "3m", "5Mi")),
		"init-dominates":       pod.WithApp(app("137m", "33Mi")).WithInit(setup("701m", "20Mi")),
		"init-after-native":    pod.WithApp(app("137m", "33Mi")).WithSidecar(native("log", "41m", "17Mi")).WithInit(setup("701m", "20Mi").After("log")),
		"init-before-native":   pod.WithApp(app("137m", "33Mi")).WithInit(setup("701m", "20Mi")).WithSidecar(native("log", "41m", "17Mi")),
		"classic-and-native":   pod.WithApp(app("137m", "33Mi")).WithSidecar(native("log", "41m", "17Mi"), native("old", "9m", "7Mi").Classic()),
		"requests-from-limits": pod.WithApp(pattern.App("web", busybox).Limits("211m", "64Mi")).WithSidecar(native("log", "41m", "17Mi")),
		"fractions-round-up":   pod.WithApp(app("0.1005", "33Mi")).WithSidecar(native("log", "0.0105", "17Mi")),
		"the-pods-own-request": pod.WithApp(app("137m", "33Mi")).WithSidecar(native("log", "41m", "17Mi")).Requests("500m", "100Mi").Limits("900m", "200Mi"),
	}
}

// What check.Resources says is what the scheduler keeps: a pod goes to a node that has
// just that, and not to one that has a thousandth of a core or a byte less.
func TestTheSchedulerKeepsWhatResourcesSays(t *testing.T) {
	s, start := newSpace(t), time.Now()
	for name, pod := range shapes() {
		built, err := pod.Build()
		require.NoError(t, err)
		s.fitsExactly(name, pod, check.Resources(built).Requests)
	}
	s.observed(start, "%d pods with native helpers, init containers and requests of their own each fitted a node of exactly what check.Resources said, and neither one with 1m of cpu nor one with 1 byte of memory less", len(shapes()))
}

// The overhead of a RuntimeClass is in the pod that the API server gives back, and in
// what check.Resources makes of that.
func TestTheSchedulerAddsTheOverheadOfTheRuntimeClass(t *testing.T) {
	s, start := newSpace(t), time.Now()
	class := &nodev1.RuntimeClass{ObjectMeta: metav1.ObjectMeta{Name: s.name}, Handler: "runc", Overhead: &nodev1.Overhead{
		PodFixed: corev1.ResourceList{corev1.ResourceCPU: resource.MustParse("77m"), corev1.ResourceMemory: resource.MustParse("11Mi")},
	}}
	_, err := s.NodeV1().RuntimeClasses().Create(s.ctx, class, metav1.CreateOptions{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.NodeV1().RuntimeClasses().Delete(context.Background(), s.name, metav1.DeleteOptions{}) })
	pod := shapes()["native-adds"].RuntimeClass(s.name)
	s.apply(pod.SchedulingGate("e2e/never"))
	admitted, err := s.CoreV1().Pods(s.name).Get(s.ctx, "web", metav1.GetOptions{})
	require.NoError(t, err)
	want := check.Resources(admitted).Requests
	require.Equal(t, "258m", want.Cpu().String(), "137m + 41m + 3m and 77m of overhead")
	s.fitsExactly("overhead", pod, want)
	s.observed(start, "a pod of 181m with an overhead of 77m fitted a node of %s, and not one with 1m less", want.Cpu())
}

// A quota counts what check.Resources says, limits too.
func TestAQuotaCountsWhatResourcesSays(t *testing.T) {
	s, start := newSpace(t), time.Now()
	s.applyYAML("apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: all}\nspec: {hard: {requests.cpu: 100, requests.memory: 100Gi, limits.cpu: 100, limits.memory: 100Gi}}")
	s.until("the quota", waitLong, func() (bool, string) {
		q, err := s.CoreV1().ResourceQuotas(s.name).Get(s.ctx, "all", metav1.GetOptions{})
		return err == nil && len(q.Status.Used) == 4, fmt.Sprint(err)
	})
	want := corev1.ResourceList{}
	for name, pod := range shapes() {
		built, err := pod.SchedulingGate("e2e/never").Build()
		require.NoError(t, err)
		built.Name = name
		_, err = s.CoreV1().Pods(s.name).Create(s.ctx, built, metav1.CreateOptions{})
		require.NoError(t, err, name)
		r := check.Resources(built)
		for prefix, list := range map[corev1.ResourceName]corev1.ResourceList{"requests.": r.Requests, "limits.": r.Limits} {
			for resource, q := range list {
				sum := want[prefix+resource]
				sum.Add(q)
				want[prefix+resource] = sum
			}
		}
		q, err := s.CoreV1().ResourceQuotas(s.name).Get(s.ctx, "all", metav1.GetOptions{})
		require.NoError(t, err)
		for resource, sum := range want {
			used := q.Status.Used[resource]
			require.Zero(t, used.Cmp(sum), "%s: %s: the quota counts %s, check.Resources %s", name, resource, used.String(), sum.String())
		}
	}
	s.observed(start, "a quota counted requests and limits of %d pods as check.Resources does", len(shapes()))
}

// fitsExactly has the scheduler place a pod on a node of its own, which has just what is
// wanted, and then one that has a little less. The nodes are objects only: nothing runs
// there.
func (s *space) fitsExactly(name string, pod pattern.PodBuilder, want corev1.ResourceList) {
	s.Helper()
	require.NotZero(s, want.Cpu().MilliValue())
	for _, tt := range []struct {
		suffix       string
		milli, bytes int64
		fits, reason string
	}{
		{"just", 0, 0, "True", ""},
		{"cpu", 1, 0, "False", "Insufficient cpu"},
		{"memory", 0, 1, "False", "Insufficient memory"},
	} {
		node := s.name + "-" + rand.String(5)
		s.fakeNode(node, want.Cpu().MilliValue()-tt.milli, want.Memory().Value()-tt.bytes)
		podName := rand.String(5) + "-" + tt.suffix
		built, err := pod.Toleration(corev1.Toleration{Operator: corev1.TolerationOpExists}).NodeSelector("e2e", node).Build()
		require.NoError(s, err)
		built.Name = podName
		_, err = s.CoreV1().Pods(s.name).Create(s.ctx, built, metav1.CreateOptions{})
		require.NoError(s, err)
		var said corev1.PodCondition
		s.pod(podName, name+": scheduled or refused", waitLong, func(p *corev1.Pod) bool {
			for _, c := range p.Status.Conditions {
				if c.Type == corev1.PodScheduled {
					said = c
					return true
				}
			}
			return false
		})
		require.Equal(s, tt.fits, string(said.Status), "%s, %s: %s", name, tt.suffix, said.Message)
		require.Contains(s, said.Message, tt.reason, name)
		require.NoError(s, s.CoreV1().Pods(s.name).Delete(s.ctx, podName, metav1.DeleteOptions{GracePeriodSeconds: new(int64(0))}))
		require.NoError(s, s.CoreV1().Nodes().Delete(s.ctx, node, metav1.DeleteOptions{}))
	}
}

// fakeNode makes a node that no kubelet stands behind, and that nobody else's pod goes to.
func (s *space) fakeNode(name string, milli, bytes int64) {
	s.Helper()
	has := corev1.ResourceList{
		corev1.ResourceCPU:    *resource.NewMilliQuantity(milli, resource.DecimalSI),
		corev1.ResourceMemory: *resource.NewQuantity(bytes, resource.BinarySI),
		corev1.ResourcePods:   resource.MustParse("10"),
	}
	node := &corev1.Node{
		ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"e2e": name}},
		Spec:       corev1.NodeSpec{Taints: []corev1.Taint{{Key: "e2e", Effect: corev1.TaintEffectNoSchedule}}},
	}
	_, err := s.CoreV1().Nodes().Create(s.ctx, node, metav1.CreateOptions{})
	require.NoError(s, err)
	s.Cleanup(func() { _ = s.CoreV1().Nodes().Delete(context.Background(), name, metav1.DeleteOptions{}) })
	status, err := json.Marshal(map[string]corev1.NodeStatus{"status": {Capacity: has, Allocatable: has, Conditions: []corev1.NodeCondition{
		{Type: corev1.NodeReady, Status: corev1.ConditionTrue, LastHeartbeatTime: metav1.Now(), LastTransitionTime: metav1.Now()},
	}}})
	require.NoError(s, err)
	_, err = s.CoreV1().Nodes().Patch(s.ctx, name, types.StrategicMergePatchType, status, metav1.PatchOptions{}, "status")
	require.NoError(s, err)
}
