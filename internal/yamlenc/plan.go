package yamlenc

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strings"
	"sync"

	corev1 "k8s.io/api/core/v1"
)

// plan says how the values of a type are printed.
type plan struct {
	encode  func(*encoder, reflect.Value)
	fields  func() *structPlan // of a struct; the first call makes them
	elem    *plan              // of a pointer and of a map
	foreign bool               // it is asked for its JSON, which may be anything
}

// use is a type, and whether what says nothing is left out of it.
type use struct {
	of    reflect.Type
	leave bool
}

// plans keeps the plans, *plan by use. A type never changes, so a plan is the same
// whoever makes it: this is a memory, not a state.
var plans sync.Map

func planOf(t reflect.Type, leave bool) *plan {
	if p, ok := plans.Load(use{t, leave}); ok {
		return p.(*plan)
	}
	made := planner{}
	p := made.plan(t, leave)
	for u, p := range made { // only now all are complete
		plans.LoadOrStore(u, p)
	}
	return p
}

// ofKubernetes says whether a type is a pointer to one of k8s.io/api. What an empty field
// says in another type isn't known.
func ofKubernetes(t reflect.Type) bool {
	return t.Kind() == reflect.Pointer && strings.HasPrefix(t.Elem().PkgPath(), "k8s.io/api/")
}

// planner are the plans of one call that may not be complete: a type may hold itself.
type planner map[use]*plan

func (made planner) plan(t reflect.Type, leave bool) *plan {
	u := use{t, leave}
	if p, ok := plans.Load(u); ok {
		return p.(*plan)
	}
	if p, ok := made[u]; ok {
		return p
	}
	p := &plan{}
	made[u] = p
	if known := knownTypes(t, leave); known != nil {
		p.encode = known
	} else if saysItself(t) || !made.byKind(p, t, leave) {
		p.encode, p.foreign = encodeByJSON, true
	}
	return p
}

// saysItself says whether a type has a method for its JSON. A pointer leaves that to what
// it points at, and an interface to what it holds.
func saysItself(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer || t.Kind() == reflect.Interface {
		return false
	}
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.Marshaler]()) || p.Implements(reflect.TypeFor[encoding.TextMarshaler]())
}

// byKind completes a plan, if the kind is one that can be printed here.
func (made planner) byKind(p *plan, t reflect.Type, leave bool) bool {
	switch t.Kind() {
	case reflect.Bool:
		p.encode = encodeBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		p.encode = encodeInt
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		p.encode = encodeUint
	case reflect.Float32, reflect.Float64:
		p.encode = encodeFloat
	case reflect.String:
		p.encode = encodeString
	case reflect.Interface:
		p.encode = encodeInterface
	case reflect.Pointer:
		p.elem = made.plan(t.Elem(), leave)
		p.encode = p.encodePointer
	case reflect.Struct:
		// Few of the structs that a pod may have are in it, so each is looked at when it
		// is met first.
		p.fields = sync.OnceValue(func() *structPlan { return structPlanOf(t, leave) })
		p.encode = p.encodeStruct
	case reflect.Map:
		return made.byKey(p, t, leave)
	case reflect.Slice, reflect.Array:
		p.elem = made.plan(t.Elem(), leave)
		p.encode = p.encodeList
		if isBytes(t) {
			p.encode = encodeBytes
		}
	default:
		return false
	}
	return true
}

func (made planner) byKey(p *plan, t reflect.Type, leave bool) bool {
	if t.Key().Kind() != reflect.String {
		return false
	}
	p.elem = made.plan(t.Elem(), leave)
	switch t {
	case reflect.TypeFor[map[string]string]():
		p.encode = encodeStrings
	case reflect.TypeFor[corev1.ResourceList]():
		p.encode = encodeQuantities
	default:
		p.encode = p.encodeMap
	}
	return true
}

// isBytes says whether a type is printed as base64.
func isBytes(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8 && !saysItself(t.Elem())
}
