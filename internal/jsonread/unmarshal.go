package jsonread

import (
	"reflect"

	utiljson "k8s.io/apimachinery/pkg/util/json"
)

// Unmarshal reads data into what v points to, whose zero value it must be. Names of fields
// are case-sensitive, as they are for the API server.
func Unmarshal(data []byte, v any) error {
	into := reflect.ValueOf(v).Elem()
	if plain(data, into) {
		return nil
	}
	into.SetZero()
	return utiljson.Unmarshal(data, v)
}

// plain says whether it has read data; if not, a part of it may be in v.
func plain(data []byte, v reflect.Value) bool {
	r := reader{data: data}
	if !planOf(v.Type())(&r, v) {
		return false
	}
	r.space()
	return r.at == len(data)
}
