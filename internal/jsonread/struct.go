package jsonread

import (
	"reflect"

	"github.com/podpattern/podpattern/internal/jsonfields"
)

type field struct {
	index []int
	place int // among those of the struct
	read  plan
}

// most is how many fields of a struct are told apart; the largest of Kubernetes has 42.
const most = 64

func structPlan(t reflect.Type) plan {
	found, ok := jsonfields.Of(t)
	if !ok || len(found) > most {
		return notPlain
	}
	all := make(map[string]field, len(found))
	for i, f := range found {
		all[f.Name] = field{f.Index, i, planOf(f.Type)}
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
