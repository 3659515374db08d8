package webhook_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

func unstructuredOf(t testing.TB, object string) *unstructured.Unstructured {
	t.Helper()
	u := &unstructured.Unstructured{}
	require.NoError(t, u.UnmarshalJSON([]byte(object)))
	return u
}

// with gives an object with another value in one place.
func with(t testing.TB, object string, value any, path ...string) string {
	t.Helper()
	var tree map[string]any
	require.NoError(t, json.Unmarshal([]byte(object), &tree))
	at := tree
	for _, p := range path[:len(path)-1] {
		if _, there := at[p]; !there {
			at[p] = map[string]any{}
		}
		at = at[p].(map[string]any)
	}
	at[path[len(path)-1]] = value
	raw, err := json.Marshal(tree)
	require.NoError(t, err)
	return string(raw)
}

// without gives an object without a field.
func without(t testing.TB, object, field string) string {
	t.Helper()
	var tree map[string]any
	require.NoError(t, json.Unmarshal([]byte(object), &tree))
	require.Contains(t, tree, field)
	delete(tree, field)
	raw, err := json.Marshal(tree)
	require.NoError(t, err)
	return string(raw)
}
