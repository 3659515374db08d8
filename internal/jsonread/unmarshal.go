package jsonread

import (
	"reflect"

	utiljson "k8s.io/apimachinery/pkg/util/json"
)

// Unmarshal reads data into what v points to, whose zero value it must be. Names of fields
// are case-sensitive, as they are for the API server.
func Unmarshal(data []byte, v any) error { return unmarshal(&reader{data: data}, v) }

func unmarshal(r *reader, v any) error {
	into := reflect.ValueOf(v).Elem()
	if r.plain(into) {
		return nil
	}
	into.SetZero()
	return utiljson.Unmarshal(r.data, v)
}

// plain says whether it has read the data; if not, a part of it may be in v.
func (r *reader) plain(v reflect.Value) bool {
	if !planOf(v.Type())(r, v) {
		return false
	}
	r.space()
	return r.at == len(r.data)
}
