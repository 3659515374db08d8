package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	yaml "sigs.k8s.io/yaml/goyaml.v2"
)

// document is an object of the stream; a List has others in it.
type document struct {
	*unstructured.Unstructured
	items []*unstructured.Unstructured
}

// read reads a stream of objects in YAML or JSON, as kubectl does.
func read(in io.Reader) ([]document, error) {
	var out []document
	d := utilyaml.NewYAMLOrJSONDecoder(in, 4096)
	for {
		var raw runtime.RawExtension
		err := d.Decode(&raw)
		switch {
		case errors.Is(err, io.EOF):
			return out, nil
		case err != nil:
			return nil, err
		case len(raw.Raw) == 0 || bytes.Equal(raw.Raw, []byte("null")):
			continue // only comments
		}
		o := &unstructured.Unstructured{}
		if err := o.UnmarshalJSON(raw.Raw); err != nil {
			return nil, fmt.Errorf("document %d: %w", len(out)+1, err)
		}
		items, _ := o.Object["items"].([]any)
		next := document{Unstructured: o}
		for i, item := range items {
			tree, ok := item.(map[string]any)
			if !ok {
				return nil, fmt.Errorf("document %d: items[%d] is no object", len(out)+1, i)
			}
			next.items = append(next.items, &unstructured.Unstructured{Object: tree})
		}
		out = append(out, next)
	}
}

// podPaths are where objects have the spec of a pod; a Pod is one itself.
var podPaths = [...][]string{
	{"spec", "template", "spec"},
	{"spec", "jobTemplate", "spec", "template", "spec"},
	{"template", "spec"},
}

// pods gives the objects of a document that have a pod.
func (d document) pods() []*unstructured.Unstructured {
	all := d.items
	if !d.IsList() {
		all = []*unstructured.Unstructured{d.Unstructured}
	}
	var out []*unstructured.Unstructured
	for _, o := range all {
		has := o.GetKind() == "Pod"
		for _, path := range podPaths {
			_, found, _ := unstructured.NestedFieldNoCopy(o.Object, path...)
			has = has || found
		}
		if has {
			out = append(out, o)
		}
	}
	return out
}

// print writes the documents in YAML. They don't take the way over JSON, which writes
// some characters in a form that YAML doesn't take.
func print(documents []document) ([]byte, error) {
	var b bytes.Buffer
	for i, d := range documents {
		if i > 0 {
			b.WriteString("---\n")
		}
		for k, item := range d.items {
			d.Object["items"].([]any)[k] = item.Object
		}
		text, err := yaml.Marshal(d.Object)
		if err != nil {
			return nil, err
		}
		b.Write(text)
	}
	return b.Bytes(), nil
}
