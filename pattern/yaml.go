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
	out, err := Objects(objects...)
	if err != nil {
		return nil, err
	}
	return yamlOf(out)
}

func yamlOf(objects []runtime.Object) ([]byte, error) {
	pages, err := yamlPages(objects)
	if err != nil {
		return nil, err
	}
	if len(pages) == 1 {
		return pages[0], nil
	}
	return bytes.Join(pages, nil), nil
}

// yamlPages gives the text in pieces, for a text that grows is copied again and again. Each
// piece has twice the room of the one before, up to a limit.
func yamlPages(objects []runtime.Object) ([][]byte, error) {
	const least, most = 8 << 10, 1 << 20 // bytes
	var pages [][]byte
	var page []byte
	longest := 0
	for i, o := range objects {
		if i > 0 && cap(page)-len(page) < min(longest, most/8) {
			pages = append(pages, page)
			page = make([]byte, 0, min(max(least, 2*cap(page), 2*longest), most))
		}
		start := len(page)
		var err error
		if page, err = appendDocument(page, o, i > 0); err != nil {
			return nil, err
		}
		longest = max(longest, len(page)-start)
	}
	return append(pages, page), nil
}

// WriteYAML writes what [YAML] gives, one object at a time. Where there are findings
// that make an object unusable it writes nothing and returns them. A raw object whose
// own MarshalJSON fails ends the stream where it stands. For very many objects
// there is [Encoder].
func WriteYAML(w io.Writer, objects ...Object) error {
	return NewEncoder(w).Encode(objects...)
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
