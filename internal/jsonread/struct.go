package jsonread

import (
	"reflect"
	"strings"
)

// fields are those of a struct, and of the structs that it has inline, by their names.
type fields map[string]field

type field struct {
	index []int
	place int // in the order in which they were found
	read  plan
}

// most is how many fields of a struct are told apart; the largest of Kubernetes has 42.
const most = 64

func structPlan(t reflect.Type) plan {
	all := fields{}
	if !all.add(t, nil) || len(all) > most {
		return notPlain
	}
	return func(r *reader, v reflect.Value) bool {
		if r.null() {
			return true
		}
		var seen uint64
		return r.elements('{', '}', func() bool {
			key, ok := r.key()
			if !ok {
				return false
			}
			f, known := all[string(key)]
			if !known {
				return r.skipElement()
			}
			if seen&(1<<f.place) != 0 {
				return false
			}
			seen |= 1 << f.place
			if len(f.index) == 1 {
				return f.read(r, v.Field(f.index[0]))
			}
			return f.read(r, v.FieldByIndex(f.index))
		})
	}
}

// add says whether the fields are plain: none shadows another, and none is written as a
// string.
func (all fields) add(t reflect.Type, index []int) bool {
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("json")
		name, options, _ := strings.Cut(tag, ",")
		at := append(index[:len(index):len(index)], i)
		switch {
		case tag == "-":
			continue
		case f.Anonymous && name == "":
			if f.Type.Kind() != reflect.Struct || !all.add(f.Type, at) {
				return false
			}
			continue
		case !f.IsExported():
			continue
		case name == "":
			name = f.Name
		}
		if _, there := all[name]; there || strings.Contains(options, "string") {
			return false
		}
		all[name] = field{at, len(all), planOf(f.Type)}
	}
	return true
}
