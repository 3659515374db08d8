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
	s := &session{leaves: true, text: &yamlText{}}
	if _, err := s.objects(objects); err != nil {
		return nil, err
	}
	pages, err := s.text.all()
	if err != nil {
		return nil, err
	}
	if len(pages) == 1 {
		return pages[0], nil
	}
	return bytes.Join(pages, nil), nil
}

// yamlText is a stream in pieces, for a text that grows is copied again and again. Each
// piece has twice the room of the one before, up to a limit.
type yamlText struct {
	pages   [][]byte // that are full
	page    []byte
	objects int
	longest int // bytes of one
	err     error
}

// add prints an object; a session does that while it is still at hand for the processor.
func (t *yamlText) add(o runtime.Object) {
	const least, most = 8 << 10, 1 << 20 // bytes
	if t.err != nil {
		return
	}
	if t.objects > 0 && cap(t.page)-len(t.page) < min(t.longest, most/8) {
		t.pages = append(t.pages, t.page)
		t.page = make([]byte, 0, min(max(least, 2*cap(t.page), 2*t.longest), most))
	}
	start := len(t.page)
	t.page, t.err = appendDocument(t.page, o, t.objects > 0)
	t.longest = max(t.longest, len(t.page)-start)
	t.objects++
}

// all gives the whole text, or nil and why an object can't be printed.
func (t *yamlText) all() ([][]byte, error) {
	if t.err != nil {
		return nil, t.err
	}
	return append(t.pages, t.page), nil
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
