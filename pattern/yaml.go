package pattern

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"
)

// YAML gives the objects, and what they need, as one YAML stream. It leaves out
// what says nothing in the types of Kubernetes itself: a status without news,
// creationTimestamp: null, empty resources, strategies and metadata, the empty
// spec of a Namespace, and a divisor of 0.
func YAML(objects ...Object) ([]byte, error) {
	var b bytes.Buffer
	err := WriteYAML(&b, objects...)
	return b.Bytes(), err
}

// WriteYAML writes what [YAML] gives. Where there are findings that make an
// object unusable it writes nothing and returns them.
func WriteYAML(w io.Writer, objects ...Object) error {
	out, err := Objects(objects...)
	if err != nil {
		return err
	}
	text, err := encodeYAML(out)
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

func encodeYAML(objects []runtime.Object) ([]byte, error) {
	var b bytes.Buffer
	for i, o := range objects {
		if i > 0 {
			b.WriteString("---\n")
		}
		j, err := encodeJSON(o)
		if err != nil {
			return nil, err
		}
		y, err := yaml.JSONToYAML(escaped(j))
		if err != nil {
			return nil, err
		}
		b.Write(y)
	}
	return b.Bytes(), nil
}

// escaped writes the characters that JSON has as they are, and YAML refuses or folds, by
// their numbers. In JSON they stand in strings only.
func escaped(j []byte) []byte {
	refused := func(r rune) bool {
		return r >= 0x7f && r <= 0x9f || r == 0xfeff || r == 0xfffe || r == 0xffff
	}
	if !bytes.ContainsFunc(j, refused) {
		return j
	}
	var b bytes.Buffer
	for _, r := range string(j) {
		if refused(r) {
			fmt.Fprintf(&b, "\\u%04x", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.Bytes()
}

// encodeJSON gives an object without what says nothing.
func encodeJSON(o runtime.Object) ([]byte, error) {
	j, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(j))
	d.UseNumber() // a float64 would lose digits of an int64
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if t := reflect.TypeOf(o); t.Kind() == reflect.Pointer && strings.HasPrefix(t.Elem().PkgPath(), "k8s.io/api/") {
		prune(v, "") // what an empty field says in another type isn't known
	}
	return json.Marshal(v)
}

// saysNothing are the fields that are left out where they are empty.
var saysNothing = map[string]bool{"status": true, "resources": true, "strategy": true, "updateStrategy": true}

// usersKeys are the maps whose keys are the user's, not names of fields.
var usersKeys = map[string]bool{"data": true, "stringData": true, "annotations": true, "labels": true}

// prune takes away the fields that say nothing, but not from maps of the user.
func prune(v any, key string) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			prune(x, key)
		}
	case map[string]any:
		if usersKeys[key] {
			return
		}
		for k, x := range v {
			prune(x, k)
			m, ok := x.(map[string]any)
			if ok && (saysNothing[k] && empty(m) || (k == "spec" || k == "metadata") && len(m) == 0) || k == "creationTimestamp" && x == nil || key == "resourceFieldRef" && k == "divisor" && x == "0" {
				delete(v, k)
			}
		}
	}
}

// empty says whether a map holds nothing, or only what says nothing: the status
// of a Service holds an empty map, that of a DaemonSet zeros.
func empty(m map[string]any) bool {
	for _, x := range m {
		if inner, ok := x.(map[string]any); ok && empty(inner) || x == json.Number("0") {
			continue
		}
		return false
	}
	return true
}

// marshalJSON gives one object as it is, and more as a List.
func marshalJSON(objects ...Object) ([]byte, error) {
	out, err := Objects(objects...)
	if err != nil {
		return nil, err
	}
	return listJSON(out)
}

func listJSON(objects []runtime.Object) ([]byte, error) {
	if len(objects) == 1 {
		return encodeJSON(objects[0])
	}
	items := make([]json.RawMessage, len(objects))
	for i, o := range objects {
		j, err := encodeJSON(o)
		if err != nil {
			return nil, err
		}
		items[i] = j
	}
	return json.Marshal(map[string]any{"apiVersion": "v1", "kind": "List", "items": items})
}

// YAML gives what [YAML] does for this pod alone.
func (p PodBuilder) YAML() ([]byte, error) { return YAML(p) }

// MarshalJSON gives the pod, or a List where it needs other objects.
func (p PodBuilder) MarshalJSON() ([]byte, error) { return marshalJSON(p) }

// MarshalJSON gives the ConfigMap.
func (c ConfigMapBuilder) MarshalJSON() ([]byte, error) { return marshalJSON(c) }

// MarshalJSON gives the Secret.
func (s SecretBuilder) MarshalJSON() ([]byte, error) { return marshalJSON(s) }
