package podgen

import (
	"reflect"

	corev1 "k8s.io/api/core/v1"
)

// step is a field of a struct, or any element of a list.
type step struct {
	field   int
	element bool
}

// specPaths are the ways to every value under a PodSpec but what is in an
// ephemeral container.
var specPaths = paths(reflect.TypeFor[corev1.PodSpec](), nil)

func paths(t reflect.Type, to []step) [][]step {
	switch t.Kind() {
	case reflect.Pointer:
		return paths(t.Elem(), to)
	case reflect.Slice:
		if t.Elem().Kind() != reflect.Uint8 {
			return append(paths(t.Elem(), append(to[:len(to):len(to)], step{element: true})), to)
		}
	case reflect.Struct:
		if atom(t) {
			break
		}
		out := [][]step{to}
		for i := range t.NumField() {
			if t.Field(i).Type == reflect.TypeFor[[]corev1.EphemeralContainer]() {
				out = append(out, append(to[:len(to):len(to)], step{field: i})) // no new pod may have one
				continue
			}
			out = append(out, paths(t.Field(i).Type, append(to[:len(to):len(to)], step{field: i}))...)
		}
		return out
	}
	return [][]step{to}
}

// Mutate changes some fields of a pod, mostly for the worse.
func (g *Generator) Mutate(p *corev1.Pod, times int) {
	v := reflect.ValueOf(&p.Spec).Elem()
	for range times {
		if g.chance(0.7) {
			g.force(v, pick(g, g.paths))
		} else {
			g.wander(v, "Pod.Spec")
		}
	}
}

// force goes to a value, making what isn't there, and sets it.
func (g *Generator) force(v reflect.Value, path []step) {
	at := "Pod.Spec"
	for _, s := range path {
		v = g.solid(v, at)
		if s.element {
			if v.Len() == 0 {
				v.Set(reflect.MakeSlice(v.Type(), 1, 1))
				g.bad = 0
				g.fill(v.Index(0), at)
			}
			v = v.Index(g.r.IntN(v.Len()))
			continue
		}
		f := v.Type().Field(s.field)
		if oneOf(v.Type()) && v.Field(s.field).IsZero() && g.chance(0.85) {
			v.SetZero()
		}
		at = v.Type().Name() + "." + f.Name
		v = v.Field(s.field)
	}
	g.change(v, at)
}

// solid gives what a pointer points at, making it.
func (g *Generator) solid(v reflect.Value, at string) reflect.Value {
	if v.Kind() != reflect.Pointer {
		return v
	}
	if v.IsNil() {
		g.bad = 0
		g.fill(v, at)
	}
	return v.Elem()
}

// change sets a value to another one.
func (g *Generator) change(v reflect.Value, at string) {
	switch {
	case g.chance(0.1):
		v.SetZero()
	case v.Kind() == reflect.Map && g.chance(0.7):
		g.bad = 0.5
		if v.IsNil() {
			v.Set(reflect.MakeMap(v.Type()))
		}
		g.addEntry(v, at)
	default:
		g.bad = pick(g, []float64{0, 0.3, 0.9, 0.9})
		if v.Kind() == reflect.Slice || v.Kind() == reflect.Struct {
			g.bad = pick(g, []float64{0, 0.1, 0.3})
		}
		g.fill(v, at)
	}
}

// wander goes down from v to a value that is there and changes it.
func (g *Generator) wander(v reflect.Value, at string) {
	switch {
	case v.Kind() == reflect.Pointer && !v.IsNil():
		if g.chance(0.1) {
			g.change(v, at)
			return
		}
		g.wander(v.Elem(), at)
	case v.Kind() == reflect.Struct && !atom(v.Type()):
		g.wander(g.field(v))
	case v.Kind() == reflect.Slice && v.Len() > 0:
		g.list(v, at)
	default:
		g.change(v, at)
	}
}

// field picks a field of a struct: more often one that is set.
func (g *Generator) field(v reflect.Value) (reflect.Value, string) {
	i := g.r.IntN(v.NumField())
	for range 6 {
		if !v.Field(i).IsZero() {
			break
		}
		i = g.r.IntN(v.NumField())
	}
	return v.Field(i), v.Type().Name() + "." + v.Type().Field(i).Name
}

// list changes a list or one of its elements.
func (g *Generator) list(v reflect.Value, at string) {
	i, j := g.r.IntN(v.Len()), g.r.IntN(v.Len())
	element := v.Index(i)
	switch n := g.r.IntN(20); {
	case n == 0: // once more
		v.Set(reflect.Append(v, deepCopy(element)))
	case n == 1: // one less
		v.Set(reflect.AppendSlice(v.Slice(0, i), v.Slice(i+1, v.Len())))
	case n == 2: // a new one
		g.bad = 0.2
		e := reflect.New(v.Type().Elem()).Elem()
		g.fill(e, at)
		v.Set(reflect.Append(v, e))
	case n == 3: // another order
		a, b := deepCopy(element), deepCopy(v.Index(j))
		element.Set(b)
		v.Index(j).Set(a)
	case n < 9 && i != j && element.Kind() == reflect.Struct && !atom(element.Type()): // a field as in another one
		f, _ := g.field(element)
		for k := range element.NumField() {
			if element.Field(k).Addr() == f.Addr() {
				f.Set(deepCopy(v.Index(j).Field(k)))
			}
		}
	default:
		g.wander(element, at)
	}
}

// atom says whether a struct is a value rather than a list of fields.
func atom(t reflect.Type) bool {
	switch t.String() {
	case "resource.Quantity", "intstr.IntOrString", "v1.Time", "v1.FieldsV1":
		return true
	}
	return false
}

// deepCopy gives a copy that shares nothing with v.
func deepCopy(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(reflect.New(v.Type().Elem()))
			out.Elem().Set(deepCopy(v.Elem()))
		}
	case reflect.Slice:
		if !v.IsNil() {
			out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			for i := range v.Len() {
				out.Index(i).Set(deepCopy(v.Index(i)))
			}
		}
	case reflect.Map:
		if !v.IsNil() {
			out.Set(reflect.MakeMap(v.Type()))
			for _, k := range v.MapKeys() {
				out.SetMapIndex(k, v.MapIndex(k))
			}
		}
	case reflect.Struct:
		out.Set(v)
		if !atom(v.Type()) {
			for i := range v.NumField() {
				out.Field(i).Set(deepCopy(v.Field(i)))
			}
		}
	default:
		out.Set(v)
	}
	return out
}

// pathName gives a path as manifests write it, without indexes.
func pathName(path []step) string {
	t, name := reflect.TypeFor[corev1.PodSpec](), ""
	for _, s := range path {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if s.element {
			name, t = name+"[*]", t.Elem()
			continue
		}
		f := t.Field(s.field)
		name, t = join(name, f), f.Type
	}
	return name
}
