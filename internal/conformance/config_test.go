package conformance_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// configMapKey gives the content of a file among generated ConfigMaps.
func configMapKey(t *testing.T, objects []runtime.Object, key string) string {
	t.Helper()
	for _, o := range objects {
		if m, ok := o.(*corev1.ConfigMap); ok && m.Data[key] != "" {
			return m.Data[key]
		}
	}
	require.Fail(t, "no ConfigMap has "+key)
	return ""
}
