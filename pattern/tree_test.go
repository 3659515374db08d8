package pattern_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// tree is the least that an unstructured object is.
type tree struct{ content map[string]any }

func newTree(t *testing.T, text string) *tree {
	t.Helper()
	o := &tree{}
	require.NoError(t, json.Unmarshal([]byte(text), &o.content))
	return o
}

func (o *tree) UnstructuredContent() map[string]any                    { return o.content }
func (o *tree) SetUnstructuredContent(content map[string]any)          { o.content = content }
func (o *tree) NewEmptyInstance() runtime.Unstructured                 { return &tree{} }
func (o *tree) IsList() bool                                           { return false }
func (o *tree) EachListItem(func(runtime.Object) error) error          { return nil }
func (o *tree) EachListItemWithAlloc(func(runtime.Object) error) error { return nil }
func (o *tree) GetObjectKind() schema.ObjectKind                       { return schema.EmptyObjectKind }
func (o *tree) DeepCopyObject() runtime.Object                         { return &tree{runtime.DeepCopyJSON(o.content)} }
func (o *tree) MarshalJSON() ([]byte, error)                           { return json.Marshal(o.content) }

func jsonText(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return string(text)
}
