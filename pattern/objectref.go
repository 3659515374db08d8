package pattern

import (
	"cmp"
	"strings"
	"unicode/utf8"

	"github.com/podpattern/podpattern/internal/names"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation"
)

// objectRef is what a ConfigMapBuilder and a SecretBuilder have in common.
type objectRef struct {
	kind, name, namespace string
	optional              bool
	data                  *keyValue
	flaws                 *flaw
	at                    stack
}

// keyValue is a persistent list: forked builders share their past.
type keyValue struct {
	prev       *keyValue
	key, value string
}

func newObjectRef(kind, name string) objectRef {
	r := objectRef{kind: kind, name: name, at: here(ofObject)}
	if names.IsLabel(name) {
		return r
	}
	if msgs := validation.IsDNS1123Subdomain(name); len(msgs) > 0 {
		r.flaws = invalid("reference-name", ".name", name, strings.Join(msgs, "; "), "name the "+kind)
	}
	return r
}

// faults are the flaws of the object; one that was never started has none of its
// own yet.
func (r objectRef) faults() *flaw {
	if r.kind == "" {
		return invalid("zero-builder", ".name", nil, "a ConfigMap or Secret was never started", "start it with pattern.ConfigMap or pattern.Secret")
	}
	return r.flaws
}

func (r objectRef) set(key, value string) objectRef {
	r.flaws = r.faults()
	r.kind = cmp.Or(r.kind, "object") // that it was never started is said now
	if !utf8.ValidString(value) || len(value) > maxObject {
		r.flaws = r.flaws.and(invalid("data-value", "data["+key+"]", len(value), "is no UTF-8, or has more bytes than the object holds", "at most 1 MiB of text"))
	}
	if msgs := validation.IsConfigMapKey(key); len(msgs) > 0 {
		r.flaws = r.flaws.and(invalid("data-key", "data["+key+"]", key, strings.Join(msgs, "; "), "letters, digits, -, _ and ."))
	}
	r.data = &keyValue{r.data, key, value}
	return r
}

func (r objectRef) ref() corev1.LocalObjectReference {
	return corev1.LocalObjectReference{Name: r.name}
}

func (r objectRef) optionally() *bool {
	if !r.optional {
		return nil
	}
	return &r.optional
}

// keyFlaws are the flaws of the reference to one key.
func (r objectRef) keyFlaws(path, key string) *flaw {
	var out *flaw
	for f := r.faults(); f != nil; f = f.prev {
		moved := f.under(path)
		moved.prev, out = out, &moved
	}
	if msgs := validation.IsConfigMapKey(key); len(msgs) > 0 {
		out = out.and(invalid("env-source", path+".key", key, strings.Join(msgs, "; "), "name a key of the "+r.kind))
	}
	return out
}

// values gives the data as a map of its own.
func (r objectRef) values() map[string]string {
	m := make(map[string]string)
	for e := r.data; e != nil; e = e.prev {
		if _, later := m[e.key]; !later {
			m[e.key] = e.value
		}
	}
	return m
}

// generated is an object that a pod carries, because something in it uses it; nil
// where there is nothing to print.
type generated struct {
	data      *keyValue
	namespace string // of its own; "" is that of the pod
	what      string
	at        stack
	make      func(namespace string) runtime.Object
	more      *generated // further objects, of a projected volume
}

func (g generated) and(other *generated) *generated {
	g.more = other
	return &g
}

// generated gives the object, where there is one to print.
func (r objectRef) generated(object func(map[string]string, metav1.ObjectMeta) runtime.Object) *generated {
	if r.data == nil {
		return nil
	}
	return &generated{data: r.data, namespace: r.namespace, what: r.kind + " " + r.name, at: r.at, make: func(namespace string) runtime.Object {
		if r.namespace != "" {
			namespace = r.namespace
		}
		return object(r.values(), metav1.ObjectMeta{Name: r.name, Namespace: namespace})
	}}
}

// badAll adds the flaws of what the volume was made from.
func (v Volume) badAll(f *flaw) Volume {
	for ; f != nil; f = f.prev {
		b := *f
		v = v.bad(&b)
	}
	return v
}

// in puts the object into a namespace.
func (r objectRef) in(namespace string) objectRef {
	if !names.IsLabel(namespace) {
		r.flaws = r.flaws.and(notLabel("metadata.namespace", namespace, "at most 63 of a-z, 0-9 and -"))
	}
	r.namespace = namespace
	return r
}
