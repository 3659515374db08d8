package pattern

import (
	"fmt"
	"reflect"

	"k8s.io/apimachinery/pkg/runtime"
)

// Raw wraps an object that this library doesn't make, as it is at this moment. A
// nil one, and one without apiVersion and kind, are errors.
func Raw(o runtime.Object) Object {
	if isNil(o) {
		return raw{bad: missing("nil-object", "", "give Raw an object")}
	}
	r := raw{o: o.DeepCopyObject()}
	if kind := o.GetObjectKind().GroupVersionKind(); kind.Kind == "" || kind.Version == "" {
		r.bad = missing("raw-kind", "kind", fmt.Sprintf("set apiVersion and kind in the TypeMeta of the %T", o))
	}
	return r
}

type raw struct {
	o   runtime.Object
	bad *flaw
}

func (r raw) about() *edit[podDraft] { return nil }

func (r raw) objects(s *session) []runtime.Object {
	if r.bad != nil {
		s.report(r.bad)
		return nil
	}
	return []runtime.Object{r.o.DeepCopyObject()}
}

// isNil says whether an interface holds nothing, or a pointer to nothing.
func isNil(v any) bool {
	return v == nil || reflect.ValueOf(v).Kind() == reflect.Pointer && reflect.ValueOf(v).IsNil()
}
