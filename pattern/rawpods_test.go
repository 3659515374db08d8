package pattern_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// rawOf gives a typed object in JSON, with its kind, which the API machinery leaves out.
func rawOf(t *testing.T, o runtime.Object) []byte {
	t.Helper()
	text := jsonText(t, o)
	require.NotContains(t, text[:min(len(text), 8)], "kind")
	return []byte(`{"kind":"` + reflect.TypeOf(o).Elem().Name() + `",` + text[1:])
}

// One pod of a List that doesn't fit is an error of the whole, wherever it stands.
func TestAListInJSONIsAllOrNothing(t *testing.T) {
	fits := string(rawOf(t, somebodys()))
	clashes := string(rawOf(t, deployed(func(t *corev1.PodTemplateSpec) { t.Spec.Containers[0].Name = "agent" })))
	for at, items := range map[string][]string{"items[0]": {clashes, fits, fits}, "items[1]": {fits, clashes, fits}, "items[2]": {fits, fits, clashes}} {
		list := `{"kind":"List","items":[` + strings.Join(items, ",") + `]}`
		patch, err := tracing("agent:1").JSONPatch([]byte(list))
		require.ErrorContains(t, err, at+".spec.template.spec.initContainers[0].name")
		require.Nil(t, patch)
		require.Len(t, findingsOf(t, err), 1)
		object := newTree(t, list)
		require.Equal(t, err.Error(), tracing("agent:1").ApplyToObject(object).Error())
		require.JSONEq(t, list, jsonText(t, object))
	}
	warned := tracing("agent:latest")
	_, found := warned.Review([]byte(`{"kind":"List","items":[` + fits + "," + fits + `]}`))
	_, ofOne := warned.Review([]byte(fits))
	require.NotEmpty(t, ofOne)
	require.Len(t, found, 2*len(ofOne), "the warnings of all pods")
}

// A List may be empty, and one of other objects has nothing to change.
func TestAListInJSONWithoutAPod(t *testing.T) {
	for _, list := range []string{`{"kind":"List","items":[]}`, `{"kind":"List","items":[{"kind":"Service"}]}`} {
		patch, err := tracing("agent:1").JSONPatch([]byte(list))
		require.NoError(t, err, list)
		require.Equal(t, "[]", string(patch), list)
	}
	require.NoError(t, tracing("agent:1").ApplyToObject(&corev1.List{}), "as a typed one")
}

// The kind is what the JSON says, wherever and however it is written.
func TestTheKindInJSON(t *testing.T) {
	const spec = `"spec":{"containers":[{"name":"c","image":"c:1"}]}`
	want, err := tracing("agent:1").JSONPatch([]byte(`{"kind":"Pod",` + spec + `}`))
	require.NoError(t, err)
	for _, pod := range []string{
		`{"kind":"P\u006fd",` + spec + `}`,
		`{"\u006bind":"Pod",` + spec + `}`,
		` { "kind" : "Pod" , ` + spec + `}`,
		`{"metadata":null,` + spec + `,"kind":"Pod"}`,
		`{"status":{"kind":"Node"},"kind":"Pod",` + spec + `}`,
	} {
		patch, err := tracing("agent:1").JSONPatch([]byte(pod))
		require.NoError(t, err, pod)
		require.Equal(t, string(want), string(patch), pod)
	}
	for _, other := range []string{`{"kind":"Pod\\",` + spec + `}`, `{"kind":"pod",` + spec + `}`, `{"kind":"Pod`} {
		_, err := tracing("agent:1").JSONPatch([]byte(other))
		require.Equal(t, []string{"bundle-object"}, rules(findingsOf(t, err)), other)
	}
}
