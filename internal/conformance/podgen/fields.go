package podgen

import (
	"reflect"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// Fields names every field under a PodSpec, sorted, as errors of the API name
// them but without indexes: containers[*].ports[*].name. What is in an ephemeral
// container is left out: no new pod may have one.
func Fields() []string {
	var out []string
	for _, p := range specPaths {
		if name := pathName(p); name != "" && !strings.HasSuffix(name, "]") {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Count adds to counts the fields that a pod sets, once for each place.
func Count(p *corev1.Pod, counts map[string]int) { count(reflect.ValueOf(&p.Spec).Elem(), "", counts) }

func count(v reflect.Value, name string, counts map[string]int) {
	if v.IsZero() {
		return
	}
	switch {
	case v.Kind() == reflect.Pointer:
		count(v.Elem(), name, counts)
		return
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() != reflect.Uint8:
		for i := range v.Len() {
			count(v.Index(i), name+"[*]", counts)
		}
	case v.Kind() == reflect.Struct && !atom(v.Type()):
		for i := range v.NumField() {
			count(v.Field(i), join(name, v.Type().Field(i)), counts)
		}
	}
	counts[name]++
}

// join adds a field to a path.
func join(name string, f reflect.StructField) string {
	tag, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	switch {
	case tag == "" || tag == "-":
		return name
	case name == "":
		return tag
	}
	return name + "." + tag
}
