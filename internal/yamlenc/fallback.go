package yamlenc

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
)

var (
	errDeep  = errors.New("an object that holds itself")
	errValue = errors.New("a value that JSON doesn't have")
)

// byJSON prints what encoding/json makes of a value.
func (e *encoder) byJSON(x any) {
	text, err := json.Marshal(x)
	if err != nil {
		e.err = err
		return
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber() // a float64 would lose digits of an int64
	var tree any
	if err := d.Decode(&tree); err != nil {
		e.err = err
		return
	}
	e.tree(tree)
}

// encodeByJSON is for types that say themselves what their JSON is. Like encoding/json
// it offers a method with a pointer receiver the value itself, where that has an address.
func encodeByJSON(e *encoder, v reflect.Value) {
	if v.CanAddr() {
		v = v.Addr()
	}
	e.byJSON(v.Interface())
}
