package conformance_test

import (
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// stands says whether a path leads somewhere in a pod: its fields are those of the
// API, though the last ones may not be set, and its indexes are not too high. It
// holds where the API server's own path is too short to compare with.
func stands(p *corev1.Pod, path string) bool { return leads(reflect.ValueOf(p).Elem(), path) }

func leads(v reflect.Value, path string) bool {
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			v = reflect.New(v.Type().Elem())
		}
		v = v.Elem()
	}
	switch {
	case path == "":
		return true
	case v.Kind() == reflect.Map:
		return path[0] == '[' && path[len(path)-1] == ']'
	case v.Kind() == reflect.Slice:
		number, rest, closed := strings.Cut(strings.TrimPrefix(path, "["), "]")
		i, err := strconv.Atoi(number)
		return closed && err == nil && i >= 0 && i < v.Len() && leads(v.Index(i), rest)
	case v.Kind() != reflect.Struct:
		return false
	}
	path = strings.TrimPrefix(path, ".")
	end := strings.IndexAny(path, ".[")
	if end < 0 {
		end = len(path)
	}
	f, known := named(v, path[:end])
	return known && leads(f, path[end:])
}

// named gives the field of a struct that manifests call so.
func named(v reflect.Value, name string) (reflect.Value, bool) {
	for i := range v.NumField() {
		switch tag, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ","); {
		case tag == name:
			return v.Field(i), true
		case tag == "":
			if f, known := named(v.Field(i), name); known {
				return f, true
			}
		}
	}
	return reflect.Value{}, false
}

func TestPathStands(t *testing.T) {
	p := &corev1.Pod{Spec: corev1.PodSpec{
		OS:         &corev1.PodOS{},
		Containers: []corev1.Container{{Ports: []corev1.ContainerPort{{}}}},
		Volumes:    []corev1.Volume{{VolumeSource: corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{Optional: new(true)}}}},
	}}
	tests := map[string]bool{
		"":                                         true,
		"spec.containers":                          true,
		"spec.containers[0].ports[0].hostPort":     true,
		"spec.containers[0].ports[1].hostPort":     false,
		"spec.containers[1]":                       false,
		"spec.containers[0].port":                  false,
		"spec.containers.name":                     false,
		"spec.os.name":                             true,
		"spec.dnsConfig.nameservers":               true,
		"spec.dnsConfig.nameservers[0]":            false,
		"spec.volumes[0].configMap.name":           true,
		"spec.volumes[0].configMap.localObject":    false,
		"spec.volumes[0].configMap.optional.x":     false,
		"spec.nodeSelector[example.com/tier]":      true,
		"metadata.annotations[a[b]]":               true,
		"spec.containers[0].resources.limits[cpu]": true,
	}
	for path, want := range tests {
		require.Equal(t, want, stands(p, path), path)
	}
}
