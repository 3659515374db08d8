package pattern

import (
	"bytes"
	"io"

	"github.com/podpattern/podpattern/internal/yamlenc"
	"k8s.io/apimachinery/pkg/runtime"
)

// YAML gives the objects, and what they need, as one YAML stream. It leaves out
// what says nothing in the types of Kubernetes itself: a status without news,
// creationTimestamp: null, empty resources, strategies and metadata, the empty
// spec of a Namespace, and a divisor of 0.
func YAML(objects ...Object) ([]byte, error) {
	var b bytes.Buffer
	if err := WriteYAML(&b, objects...); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// WriteYAML writes what [YAML] gives, one object at a time. Where there are findings
// that make an object unusable it writes nothing and returns them. A raw object whose
// own MarshalJSON fails ends the stream where it stands.
func WriteYAML(w io.Writer, objects ...Object) error {
	out, err := Objects(objects...)
	if err != nil {
		return err
	}
	return writeYAML(w, out)
}

// writeYAML writes each object as soon as it is printed, and uses the room of one for all:
// so a stream of many takes no more memory than its longest object.
func writeYAML(w io.Writer, objects []runtime.Object) error {
	var text []byte
	for i, o := range objects {
		text = text[:0]
		if i > 0 {
			text = append(text, "---\n"...)
		}
		var err error
		if text, err = yamlenc.AppendYAML(text, o); err != nil {
			return err
		}
		if _, err := w.Write(text); err != nil {
			return err
		}
	}
	return nil
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
		return yamlenc.AppendJSON(nil, objects[0])
	}
	text := []byte(`{"apiVersion":"v1","items":[`)
	for i, o := range objects {
		if i > 0 {
			text = append(text, ',')
		}
		var err error
		if text, err = yamlenc.AppendJSON(text, o); err != nil {
			return nil, err
		}
	}
	return append(text, `],"kind":"List"}`...), nil
}

// YAML gives what [YAML] does for this pod alone.
func (p PodBuilder) YAML() ([]byte, error) { return YAML(p) }

// MarshalJSON gives the pod, or a List where it needs other objects.
func (p PodBuilder) MarshalJSON() ([]byte, error) { return marshalJSON(p) }

// MarshalJSON gives the ConfigMap.
func (c ConfigMapBuilder) MarshalJSON() ([]byte, error) { return marshalJSON(c) }

// MarshalJSON gives the Secret.
func (s SecretBuilder) MarshalJSON() ([]byte, error) { return marshalJSON(s) }
