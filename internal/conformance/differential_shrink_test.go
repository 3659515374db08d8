package conformance_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// shrink takes from a pod all that can go while it is still of interest.
func shrink(p *corev1.Pod, interesting func(*corev1.Pod) bool) *corev1.Pod {
	p = p.DeepCopy()
	for less := true; less; {
		still := func() bool { return interesting(p) }
		less = lessen(reflect.ValueOf(&p.Labels).Elem(), still)
		less = lessen(reflect.ValueOf(&p.Annotations).Elem(), still) || less
		less = lessen(reflect.ValueOf(&p.Spec).Elem(), still) || less
	}
	return p
}

// lessen removes what can go from v; it says whether anything went.
func lessen(v reflect.Value, still func() bool) bool {
	if v.IsZero() {
		return false
	}
	old := reflect.New(v.Type()).Elem()
	old.Set(v)
	if v.CanSet() {
		v.SetZero()
		if still() {
			return true
		}
		v.Set(old)
	}
	less := false
	switch v.Kind() {
	case reflect.Pointer:
		less = lessen(v.Elem(), still)
	case reflect.Slice:
		for i := v.Len() - 1; i >= 0; i-- {
			shorter := reflect.MakeSlice(v.Type(), 0, v.Len())
			v.Set(reflect.AppendSlice(reflect.AppendSlice(shorter, old.Slice(0, i)), old.Slice(i+1, old.Len())))
			if still() {
				less = true
				old.Set(v)
				continue
			}
			v.Set(old)
			less = lessen(v.Index(i), still) || less
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			value := v.MapIndex(k)
			v.SetMapIndex(k, reflect.Value{})
			if still() {
				less = true
				continue
			}
			v.SetMapIndex(k, value)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				less = lessen(v.Field(i), still) || less
			}
		}
	}
	return less
}

// What nobody asks for goes, also from a list.
func TestShrink(t *testing.T) {
	p := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"a": "b"}},
		Spec: corev1.PodSpec{
			RestartPolicy: corev1.RestartPolicyNever,
			Containers: []corev1.Container{
				{Name: "a", Image: "a:1"},
				{Name: "b", Image: "b:1", Ports: []corev1.ContainerPort{{ContainerPort: 1}, {ContainerPort: 2, HostPort: 3}, {ContainerPort: 4}}},
			},
		},
	}
	before := p.DeepCopy()
	small := shrink(p, func(p *corev1.Pod) bool {
		return slices.ContainsFunc(p.Spec.Containers, func(c corev1.Container) bool {
			return slices.ContainsFunc(c.Ports, func(q corev1.ContainerPort) bool { return q.HostPort == 3 })
		})
	})
	require.Equal(t, &corev1.Pod{Spec: corev1.PodSpec{Containers: []corev1.Container{{Ports: []corev1.ContainerPort{{HostPort: 3}}}}}}, small)
	require.Equal(t, before, p)
}
