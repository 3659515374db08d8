package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/yaml"
)

// space is a namespace that one test has for itself. It goes with the test, and a test that
// fails prints what is in it.
type space struct {
	*testing.T
	*cluster
	name string
	ctx  context.Context
}

// newSpace makes a namespace, with labels as key and value in turn, and lets the test run
// beside others.
func newSpace(t *testing.T, labels ...string) *space {
	t.Helper()
	t.Parallel()
	c := connect(t)
	ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "e2e-", Labels: map[string]string{"e2e": "podpattern"}}}
	for i := 0; i+1 < len(labels); i += 2 {
		ns.Labels[labels[i]] = labels[i+1]
	}
	made, err := c.CoreV1().Namespaces().Create(t.Context(), ns, metav1.CreateOptions{})
	require.NoError(t, err)
	s := &space{t, c, made.Name, t.Context()}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if t.Failed() {
			s.dump(ctx)
		}
		_ = c.CoreV1().Namespaces().Delete(ctx, s.name, metav1.DeleteOptions{GracePeriodSeconds: new(int64(0))})
	})
	s.until("the service account default", 30*time.Second, func() (bool, string) {
		_, err := c.CoreV1().ServiceAccounts(s.name).Get(s.ctx, "default", metav1.GetOptions{})
		return err == nil, fmt.Sprint(err)
	})
	return s
}

// apply creates what the library makes, or changes it, by server-side apply.
func (s *space) apply(objects ...pattern.Object) {
	s.Helper()
	all, err := pattern.Objects(objects...)
	require.NoError(s, err)
	for _, o := range all {
		s.applyObject(o)
	}
}

// applyYAML applies a manifest as text.
func (s *space) applyYAML(text string) {
	s.Helper()
	for _, document := range strings.Split(text, "\n---\n") {
		u := &unstructured.Unstructured{}
		require.NoError(s, yaml.Unmarshal([]byte(document), &u.Object))
		if u.Object != nil {
			s.applyObject(u)
		}
	}
}

func (s *space) applyObject(o runtime.Object) {
	s.Helper()
	raw, err := json.Marshal(o)
	require.NoError(s, err)
	u := &unstructured.Unstructured{}
	require.NoError(s, u.UnmarshalJSON(raw))
	mapping, err := s.mapper.RESTMapping(u.GroupVersionKind().GroupKind(), u.GroupVersionKind().Version)
	require.NoError(s, err)
	client := s.dynamic.Resource(mapping.Resource)
	unstructured.RemoveNestedField(u.Object, "status")
	unstructured.RemoveNestedField(u.Object, "metadata", "creationTimestamp")
	options := metav1.ApplyOptions{FieldManager: "e2e", Force: true}
	if mapping.Scope.Name() == meta.RESTScopeNameNamespace {
		u.SetNamespace(s.name)
		_, err = client.Namespace(s.name).Apply(s.ctx, u.GetName(), u, options)
	} else {
		_, err = client.Apply(s.ctx, u.GetName(), u, options)
	}
	require.NoError(s, err, "%s %s", u.GetKind(), u.GetName())
}

// delete deletes a pod, which gets its grace period to stop.
func (s *space) delete(pod string) {
	s.Helper()
	require.NoError(s, s.CoreV1().Pods(s.name).Delete(s.ctx, pod, metav1.DeleteOptions{}))
}

// setData replaces a key of a ConfigMap or Secret.
func (s *space) setData(resource, name, key, value string) {
	s.Helper()
	patch := []byte(fmt.Sprintf(`{"data":{%q:%q}}`, key, value))
	if resource == "secrets" {
		patch = []byte(fmt.Sprintf(`{"stringData":{%q:%q}}`, key, value))
		_, err := s.CoreV1().Secrets(s.name).Patch(s.ctx, name, types.MergePatchType, patch, metav1.PatchOptions{})
		require.NoError(s, err)
		return
	}
	_, err := s.CoreV1().ConfigMaps(s.name).Patch(s.ctx, name, types.MergePatchType, patch, metav1.PatchOptions{})
	require.NoError(s, err)
}
