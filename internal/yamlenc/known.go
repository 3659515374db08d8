package yamlenc

import (
	"reflect"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// knownTypes gives how the types are printed whose MarshalJSON is known.
func knownTypes(t reflect.Type, leave bool) func(*encoder, reflect.Value) {
	switch t {
	case reflect.TypeFor[resource.Quantity]():
		return func(e *encoder, v reflect.Value) { e.quantity(pointer[resource.Quantity](v)) }
	case reflect.TypeFor[intstr.IntOrString]():
		return encodeIntOrString
	case reflect.TypeFor[metav1.Time]():
		return func(e *encoder, v reflect.Value) { e.time(pointer[metav1.Time](v).Time, time.RFC3339) }
	case reflect.TypeFor[metav1.MicroTime]():
		return func(e *encoder, v reflect.Value) { e.time(pointer[metav1.MicroTime](v).Time, metav1.RFC3339Micro) }
	case reflect.TypeFor[runtime.RawExtension]():
		if leave {
			return encodeObjectWithin
		}
	}
	if isUnstructured(t) {
		return encodeUnstructured
	}
	return nil
}

// pointer gives the address of a value, or of a copy where it has none. What it points at
// is the caller's: it is only read.
func pointer[T any](v reflect.Value) *T {
	if v.CanAddr() {
		return v.Addr().Interface().(*T)
	}
	x := v.Interface().(T)
	return &x
}

func encodeIntOrString(e *encoder, v reflect.Value) {
	switch x := pointer[intstr.IntOrString](v); x.Type {
	case intstr.Int:
		e.int(int64(x.IntVal))
	case intstr.String:
		e.string(x.StrVal)
	default:
		e.err = errValue
	}
}

func (e *encoder) time(t time.Time, layout string) {
	if t.IsZero() {
		e.null()
		return
	}
	var room [64]byte
	e.string(string(t.UTC().AppendFormat(room[:0], layout)))
}

// encodeObjectWithin prints an object within another, such as one of a List, as it is
// printed alone; and JSON as it is.
func encodeObjectWithin(e *encoder, v reflect.Value) {
	x := pointer[runtime.RawExtension](v)
	if x.Raw != nil || x.Object == nil {
		e.byJSON(x)
		return
	}
	if !e.enter() {
		return
	}
	e.value(x.Object, true)
	e.leave()
}

// isUnstructured says whether a type is Unstructured, whose package is too heavy to be
// linked for its name. All that it says is in the tree that is its only field.
func isUnstructured(t reflect.Type) bool {
	return t.Name() == "Unstructured" && t.PkgPath() == "k8s.io/apimachinery/pkg/apis/meta/v1/unstructured" &&
		t.NumField() == 1 && t.Field(0).Type == reflect.TypeFor[map[string]any]()
}

func encodeUnstructured(e *encoder, v reflect.Value) {
	if !v.CanAddr() {
		encodeByJSON(e, v) // its method has a pointer receiver
		return
	}
	e.tree(v.Field(0).Interface())
}
