package yamlenc

import (
	"reflect"
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/jsonfields"
)

// structPlan are the fields of a struct in the two orders: sigs.k8s.io/yaml sorts as
// people do, encoding/json by bytes.
type structPlan struct {
	yaml, json []field
}

// field is one field of a struct.
type field struct {
	name       string
	yaml, json string // the name with its colon
	at         int
	within     []int // of a struct that is embedded
	plan       *plan
	left       func(reflect.Value) bool // whether it is left out; nil where never
}

// structPlanOf gives nil for a struct that can't be printed here.
func structPlanOf(t reflect.Type, leave bool) *structPlan {
	all, ok := jsonfields.Of(t)
	if !ok {
		return nil
	}
	slices.SortFunc(all, func(a, b jsonfields.Field) int { return strings.Compare(a.Name, b.Name) })
	p := &structPlan{json: make([]field, len(all))}
	for i := range all {
		p.json[i] = fieldOf(&all[i], leave)
	}
	p.yaml = p.json
	people := func(a, b field) int { return compareKeys(a.name, b.name) }
	if !slices.IsSortedFunc(p.json, people) { // few have digits in their names
		p.yaml = slices.SortedFunc(slices.Values(p.json), people)
	}
	return p
}

func fieldOf(f *jsonfields.Field, leave bool) field {
	yaml, json := encoder{yaml: true}, encoder{}
	yaml.key(f.Name)
	json.key(f.Name)
	out := field{name: f.Name, yaml: string(yaml.buf), json: string(json.buf), at: f.Index[0], plan: planOf(f.Type, leave)}
	if len(f.Index) > 1 {
		out.within = f.Index[1:]
	}
	if f.Has("omitempty") {
		out.left = either(out.left, emptyOf(f.Type))
	}
	if f.Has("omitzero") {
		out.left = either(out.left, zeroOf(f.Type))
	}
	if leave {
		out.left = either(out.left, nothingOf(f, out.plan))
	}
	return out
}

func either(a, b func(reflect.Value) bool) func(reflect.Value) bool {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return func(v reflect.Value) bool { return a(v) || b(v) }
}

func (f *field) of(v reflect.Value) reflect.Value {
	v = v.Field(f.at)
	if f.within != nil {
		v = v.FieldByIndex(f.within)
	}
	return v
}

func (p *plan) encodeStruct(e *encoder, v reflect.Value) {
	if fields := p.fields(); fields != nil {
		fields.encode(e, v)
	} else {
		encodeByJSON(e, v)
	}
}

func (p *structPlan) encode(e *encoder, v reflect.Value) {
	if !e.enter() {
		return
	}
	fields := p.json
	if e.yaml {
		fields = p.yaml
	}
	m := e.openMap()
	for i := range fields {
		f := &fields[i]
		value := f.of(v)
		if f.left != nil && f.left(value) {
			continue
		}
		e.next(&m)
		e.name(f)
		f.plan.encode(e, value)
	}
	e.closeMap(m)
	e.leave()
}
