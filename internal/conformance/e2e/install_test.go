package e2e_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/yaml"
)

// manifests gives what runs an example in a cluster: its file manifests.yaml, without
// the objects of cert-manager, whose kinds a bare cluster doesn't have.
func manifests(s *space, example string) []*unstructured.Unstructured {
	s.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "examples", example, "manifests.yaml"))
	require.NoError(s, err)
	var out []*unstructured.Unstructured
	for _, document := range strings.Split(string(text), "\n---\n") {
		u := &unstructured.Unstructured{}
		require.NoError(s, yaml.Unmarshal([]byte(document), &u.Object))
		if u.GroupVersionKind().Group != "cert-manager.io" {
			out = append(out, u)
		}
	}
	require.Equal(s, "Namespace", out[0].GetKind())
	return out
}

// install applies objects, of which the first is the namespace of all, and gives that
// namespace. They go when the test ends, and what an earlier run left goes before.
func (s *space) install(objects []*unstructured.Unstructured) *space {
	s.Helper()
	in := *s
	in.name = objects[0].GetName()
	in.uninstall(s.ctx, objects)
	s.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
		defer cancel()
		if s.Failed() {
			in.dump(ctx)
		}
		in.uninstall(ctx, objects)
	})
	for _, o := range objects {
		in.applyObject(o)
	}
	return &in
}

// uninstall deletes what is in no namespace, and the namespace, and waits for its end.
func (s *space) uninstall(ctx context.Context, objects []*unstructured.Unstructured) {
	s.Helper()
	for _, o := range slices.Backward(objects) {
		mapping, err := s.mapper.RESTMapping(o.GroupVersionKind().GroupKind(), o.GroupVersionKind().Version)
		require.NoError(s, err)
		if mapping.Scope.Name() != meta.RESTScopeNameRoot {
			continue
		}
		err = s.dynamic.Resource(mapping.Resource).Delete(ctx, o.GetName(), metav1.DeleteOptions{})
		require.True(s, err == nil || apierrors.IsNotFound(err), "%v", err)
	}
	s.until("the namespace "+s.name+" to go", waitLong, func() (bool, string) {
		_, err := s.CoreV1().Namespaces().Get(ctx, s.name, metav1.GetOptions{})
		return apierrors.IsNotFound(err), fmt.Sprint("it is there: ", err)
	})
}

// into gives the typed form of an object.
func into[T any](s *space, u *unstructured.Unstructured) *T {
	s.Helper()
	out := new(T)
	require.NoError(s, runtime.DefaultUnstructuredConverter.FromUnstructured(u.Object, out))
	return out
}

// settled waits for a Deployment to be rolled out, and for its old pods to be gone. It
// gives the pods, all of which are Ready.
func (s *space) settled(deployment string) []corev1.Pod {
	s.Helper()
	var pods []corev1.Pod
	s.until(deployment+" to be rolled out", 2*waitLong, func() (bool, string) {
		d, err := s.AppsV1().Deployments(s.name).Get(s.ctx, deployment, metav1.GetOptions{})
		if err != nil {
			return false, err.Error()
		}
		pods = s.podsOf(d)
		replicas := *d.Spec.Replicas
		ready := !slices.ContainsFunc(pods, func(p corev1.Pod) bool { return p.DeletionTimestamp != nil || !isReady(&p) })
		is := d.Status.ObservedGeneration == d.Generation && d.Status.UpdatedReplicas == replicas && d.Status.AvailableReplicas == replicas &&
			ready && len(pods) == int(replicas)
		return is, fmt.Sprintf("%d pods, all ready: %t", len(pods), ready)
	})
	return pods
}

func (s *space) podsOf(d *appsv1.Deployment) []corev1.Pod {
	s.Helper()
	list, err := s.CoreV1().Pods(s.name).List(s.ctx, metav1.ListOptions{LabelSelector: metav1.FormatLabelSelector(d.Spec.Selector)})
	require.NoError(s, err)
	return list.Items
}

// patchDeployment changes one by a merge patch.
func (s *space) patchDeployment(name, patch string) *appsv1.Deployment {
	s.Helper()
	d, err := s.AppsV1().Deployments(s.name).Patch(s.ctx, name, types.MergePatchType, []byte(patch), metav1.PatchOptions{})
	require.NoError(s, err)
	return d
}

// crash ends the Go program of a container as a fault of its own would: at once, with
// nothing put in order, by the signal after which Go's runtime prints its goroutines.
func (s *space) crash(pod *corev1.Pod, container string) {
	s.Helper()
	restarts := status(pod, container).RestartCount
	no := false
	pod.Spec.EphemeralContainers = append(pod.Spec.EphemeralContainers, corev1.EphemeralContainer{
		TargetContainerName: container,
		EphemeralContainerCommon: corev1.EphemeralContainerCommon{
			Name: "crash", Image: "busybox:1.36", Command: []string{"kill", "-QUIT", "1"},
			SecurityContext: &corev1.SecurityContext{
				RunAsUser: new(int64(65532)), RunAsNonRoot: new(true), AllowPrivilegeEscalation: &no,
				Capabilities:   &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}},
				SeccompProfile: &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault},
			},
		},
	})
	_, err := s.CoreV1().Pods(s.name).UpdateEphemeralContainers(s.ctx, pod.Name, pod, metav1.UpdateOptions{})
	require.NoError(s, err)
	crashed := s.pod(pod.Name, "restarted", waitLong, func(p *corev1.Pod) bool { return status(p, container).RestartCount > restarts })
	require.Equal(s, int32(2), status(crashed, container).LastTerminationState.Terminated.ExitCode, "as after a panic")
}
