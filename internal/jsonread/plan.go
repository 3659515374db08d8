package jsonread

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strconv"
	"sync"
)

// plan reads a value of one type. It says no where that isn't plain.
type plan func(*reader, reflect.Value) bool

// plans are made once for each type: the types of a program don't change while it runs.
var plans sync.Map

func planOf(t reflect.Type) plan {
	if p, ok := plans.Load(t); ok {
		return p.(plan)
	}
	// A type may have itself in it: it then finds this one.
	var made plan
	var once sync.WaitGroup
	once.Add(1)
	p, there := plans.LoadOrStore(t, plan(func(r *reader, v reflect.Value) bool {
		once.Wait()
		return made(r, v)
	}))
	if there {
		return p.(plan)
	}
	made = newPlan(t)
	once.Done()
	plans.Store(t, made)
	return made
}

var (
	unmarshaler     = reflect.TypeFor[json.Unmarshaler]()
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
)

func newPlan(t reflect.Type) plan {
	switch pointer := reflect.PointerTo(t); {
	case t.Kind() == reflect.Pointer:
		return pointerPlan(t)
	case pointer.Implements(unmarshaler):
		return readsItself
	case pointer.Implements(textUnmarshaler):
		return notPlain
	}
	switch t.Kind() {
	case reflect.Struct:
		return structPlan(t)
	case reflect.Slice:
		return slicePlan(t)
	case reflect.Map:
		return mapPlan(t)
	case reflect.String:
		return readString
	case reflect.Bool:
		return readBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return readInt
	}
	return notPlain
}

func notPlain(*reader, reflect.Value) bool { return false }

// readsItself: a type that has its own UnmarshalJSON gets what is valid, null included.
func readsItself(r *reader, v reflect.Value) bool {
	raw, ok := r.skip()
	return ok && v.Addr().Interface().(json.Unmarshaler).UnmarshalJSON(raw) == nil
}

func readString(r *reader, v reflect.Value) bool {
	if r.null() {
		return true
	}
	s, ok := r.string()
	v.SetString(s)
	return ok
}

func readBool(r *reader, v reflect.Value) bool {
	if r.null() {
		return true
	}
	b, ok := r.bool()
	v.SetBool(b)
	return ok
}

func readInt(r *reader, v reflect.Value) bool {
	if r.null() {
		return true
	}
	text, whole, ok := r.number()
	if !ok || !whole {
		return false
	}
	n, err := strconv.ParseInt(string(text), 10, v.Type().Bits())
	v.SetInt(n)
	return err == nil
}

func pointerPlan(t reflect.Type) plan {
	elem := t.Elem()
	read := planOf(elem)
	return func(r *reader, v reflect.Value) bool {
		if r.null() {
			return true
		}
		var p reflect.Value
		if s := r.room.of(elem); s != nil {
			p = s.take(0).Addr()
		} else {
			p = reflect.New(elem)
		}
		v.Set(p)
		return read(r, p.Elem())
	}
}

func slicePlan(t reflect.Type) plan {
	read := planOf(t.Elem())
	return func(r *reader, v reflect.Value) bool {
		if r.null() {
			return true
		}
		if s := r.room.of(t.Elem()); s != nil {
			return s.readList(r, v, read)
		}
		n := 0
		ok := r.elements('[', ']', func() bool {
			if n == v.Cap() {
				v.Grow(1)
			}
			n++
			v.SetLen(n)
			return read(r, v.Index(n-1))
		})
		if n == 0 {
			v.Set(reflect.MakeSlice(t, 0, 0))
		}
		return ok
	}
}

func mapPlan(t reflect.Type) plan {
	if t.Key().Kind() != reflect.String || reflect.PointerTo(t.Key()).Implements(textUnmarshaler) {
		return notPlain
	}
	if t == reflect.TypeFor[map[string]string]() {
		return readStrings
	}
	read := planOf(t.Elem())
	return func(r *reader, v reflect.Value) bool {
		if r.null() {
			return true
		}
		v.Set(reflect.MakeMap(t))
		value := reflect.New(t.Elem()).Elem()
		return r.elements('{', '}', func() bool {
			key, ok := r.string()
			if !ok || !r.takes(':') {
				return false
			}
			value.SetZero()
			ok = read(r, value)
			v.SetMapIndex(reflect.ValueOf(key).Convert(t.Key()), value)
			return ok
		})
	}
}

// readStrings is for labels, annotations and selectors, which a pod has most of.
func readStrings(r *reader, v reflect.Value) bool {
	if r.null() {
		return true
	}
	m := make(map[string]string)
	v.Set(reflect.ValueOf(m))
	return r.elements('{', '}', func() bool {
		key, ok := r.string()
		if !ok || !r.takes(':') {
			return false
		}
		if r.null() {
			m[key] = ""
			return true
		}
		m[key], ok = r.string()
		return ok
	})
}
