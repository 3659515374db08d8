package yamlenc

import (
	"maps"
	"reflect"
	"slices"
	"unicode/utf8"

	corev1 "k8s.io/api/core/v1"
)

// encodeStrings prints the map of most labels and annotations without reflection.
func encodeStrings(e *encoder, v reflect.Value) {
	m := v.Interface().(map[string]string)
	from := len(e.keys)
	for k := range m {
		e.keys = append(e.keys, k)
	}
	e.mapOf(m == nil, from, func(k string) { e.string(m[k]) })
}

func encodeQuantities(e *encoder, v reflect.Value) {
	m := v.Interface().(corev1.ResourceList)
	from := len(e.keys)
	for k := range m {
		e.keys = append(e.keys, string(k))
	}
	e.mapOf(m == nil, from, func(k string) {
		q := m[corev1.ResourceName(k)]
		e.quantity(&q)
	})
}

func (e *encoder) treeMap(m map[string]any) {
	from := len(e.keys)
	for k := range m {
		e.keys = append(e.keys, k)
	}
	e.mapOf(m == nil, from, func(k string) { e.tree(m[k]) })
}

func (p *plan) encodeMap(e *encoder, v reflect.Value) {
	from := len(e.keys)
	for i := v.MapRange(); i.Next(); {
		e.keys = append(e.keys, i.Key().String())
	}
	t := v.Type().Key()
	e.mapOf(v.IsNil(), from, func(k string) { p.elem.encode(e, v.MapIndex(reflect.ValueOf(k).Convert(t))) })
}

// mapOf prints a map whose keys are the last ones of e.keys, and takes them away.
func (e *encoder) mapOf(null bool, from int, value func(key string)) {
	if null {
		e.null()
		return
	}
	if !e.enter() {
		return
	}
	keys := e.keys[from:]
	original := spelled(keys)
	if original != nil {
		keys = slices.Collect(maps.Keys(original))
	}
	slices.Sort(keys)
	if e.yaml && !slices.IsSortedFunc(keys, compareKeys) {
		slices.SortFunc(keys, compareKeys) // from one order, as it has circles: 11, 1a, 2
	}
	m := e.openMap()
	for _, k := range keys {
		e.next(&m)
		e.key(k)
		if original != nil {
			k = original[k]
		}
		value(k)
	}
	e.closeMap(m)
	e.keys = e.keys[:from]
	e.leave()
}

// spelled gives the keys by what is printed of them, where that differs: nil for nearly
// all maps. Of keys that become the same the last one counts, as in what JSON decodes.
func spelled(keys []string) map[string]string {
	if !slices.ContainsFunc(keys, func(k string) bool { return !utf8.ValidString(k) }) {
		return nil
	}
	original := make(map[string]string, len(keys))
	for _, k := range keys {
		if s := valid(k); k >= original[s] {
			original[s] = k
		}
	}
	return original
}
