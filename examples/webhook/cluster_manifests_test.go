package main

import (
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/restmapper"
)

// The API server accepts the manifests, and warns of nothing, in a namespace that is as
// strict as the webhook's own.
func TestClusterAcceptsTheManifests(t *testing.T) {
	c := newCluster(t)
	n, err := c.CoreV1().Namespaces().Get(t.Context(), c.namespace, metav1.GetOptions{})
	require.NoError(t, err)
	n.Labels["pod-security.kubernetes.io/enforce"] = "restricted"
	_, err = c.CoreV1().Namespaces().Update(t.Context(), n, metav1.UpdateOptions{})
	require.NoError(t, err)
	groups, err := restmapper.GetAPIGroupResources(c.Discovery())
	require.NoError(t, err)
	mapper := restmapper.NewDiscoveryRESTMapper(groups)
	client, err := dynamic.NewForConfig(c.config)
	require.NoError(t, err)

	objects, err := pattern.Objects(manifests()...)
	require.NoError(t, err)
	accepted := 0
	for _, o := range objects {
		kind := o.GetObjectKind().GroupVersionKind()
		if kind.Group == "cert-manager.io" {
			continue // its own kinds are not there
		}
		tree, err := runtime.DefaultUnstructuredConverter.ToUnstructured(o)
		require.NoError(t, err)
		u := &unstructured.Unstructured{Object: tree}
		m, err := mapper.RESTMapping(kind.GroupKind(), kind.Version)
		require.NoError(t, err)
		var to dynamic.ResourceInterface = client.Resource(m.Resource)
		if m.Scope.Name() == meta.RESTScopeNameNamespace {
			u.SetNamespace(c.namespace)
			to = client.Resource(m.Resource).Namespace(c.namespace)
		}
		_, err = to.Create(t.Context(), u, metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}, FieldValidation: metav1.FieldValidationStrict})
		require.NoError(t, err, "%s", kind.Kind)
		accepted++
	}
	require.Equal(t, 6, accepted)
	require.Empty(t, c.warnings)

	// What the Deployment's controller will make, too.
	p, err := pod().Build()
	require.NoError(t, err)
	p.Namespace, p.Spec.SchedulerName = c.namespace, "nobody"
	stored := c.create(t, p)
	require.Equal(t, corev1.PodPending, stored.Status.Phase)
}
