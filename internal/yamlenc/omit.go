package yamlenc

import (
	"reflect"

	"github.com/podpattern/podpattern/internal/jsonfields"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// emptyOf is what omitempty means for a type; nil where it means nothing.
func emptyOf(t reflect.Type) func(reflect.Value) bool {
	switch t.Kind() {
	case reflect.String:
		return func(v reflect.Value) bool { return v.String() == "" }
	case reflect.Slice, reflect.Map, reflect.Array:
		return func(v reflect.Value) bool { return v.Len() == 0 }
	case reflect.Pointer, reflect.Interface:
		return reflect.Value.IsNil
	case reflect.Struct:
		return nil
	}
	return reflect.Value.IsZero
}

// zeroer is a type that says what its zero is.
type zeroer interface{ IsZero() bool }

// zeroOf is what omitzero means for a type.
func zeroOf(t reflect.Type) func(reflect.Value) bool {
	isZeroer := reflect.TypeFor[zeroer]()
	switch {
	case t.Implements(isZeroer):
		return func(v reflect.Value) bool {
			if k := v.Kind(); (k == reflect.Pointer || k == reflect.Interface) && v.IsNil() {
				return true
			}
			return v.Interface().(zeroer).IsZero()
		}
	case reflect.PointerTo(t).Implements(isZeroer):
		return func(v reflect.Value) bool {
			if !v.CanAddr() {
				boxed := reflect.New(v.Type()).Elem()
				boxed.Set(v)
				v = boxed
			}
			return v.Addr().Interface().(zeroer).IsZero()
		}
	}
	return reflect.Value.IsZero
}

// nothing is what a mapping may hold that says nothing.
type nothing int

const (
	noField   nothing = iota // it is empty
	noValue                  // or holds only such mappings
	onlyZeros                // or zeros too
)

// nothingOf is the rule by which a field of k8s.io/api is left out though its tag keeps
// it; nil where there is none. A status that only counts to 0 is no news, but a strategy
// that asks for 0 is one.
func nothingOf(f *jsonfields.Field, p *plan) func(reflect.Value) bool {
	empty := func(of nothing) func(reflect.Value) bool {
		return func(v reflect.Value) bool { return p.holds(v, of) }
	}
	switch f.Name {
	case "status":
		return empty(onlyZeros)
	case "resources", "strategy", "updateStrategy":
		return empty(noValue)
	case "spec", "metadata":
		return empty(noField)
	case "creationTimestamp":
		if f.Type == reflect.TypeFor[metav1.Time]() {
			return func(v reflect.Value) bool { return pointer[metav1.Time](v).IsZero() }
		}
	case "divisor":
		if f.Type == reflect.TypeFor[resource.Quantity]() {
			return func(v reflect.Value) bool { return isZeroQuantity(pointer[resource.Quantity](v)) }
		}
	}
	return nil
}

// holds says whether a value is printed as a mapping that holds only that.
func (p *plan) holds(v reflect.Value, only nothing) bool {
	switch {
	case p.fields != nil:
		fields := p.fields()
		if fields == nil {
			return false
		}
		for i := range fields.json {
			f := &fields.json[i]
			if value := f.of(v); !(f.left != nil && f.left(value)) && !f.plan.isNothing(value, only) {
				return false
			}
		}
		return true
	case p.foreign:
		return false
	case v.Kind() == reflect.Map:
		return v.Len() == 0 && !v.IsNil() // its keys say something
	case v.Kind() == reflect.Pointer && !v.IsNil():
		return p.elem.holds(v.Elem(), only)
	}
	return false
}

// isNothing says whether a mapping may hold a value and still say nothing.
func (p *plan) isNothing(v reflect.Value, only nothing) bool {
	return only >= noValue && p.holds(v, only) || only == onlyZeros && isZero(v)
}

// isZero says whether a value is printed as 0.
func isZero(v reflect.Value) bool {
	if v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	return (v.CanInt() || v.CanUint() || v.CanFloat()) && v.IsZero()
}
