package yamlenc

import (
	"reflect"
	"slices"
	"strings"
	"unicode"
)

// found is a field that encoding/json sees in a struct, or in one that it embeds.
type found struct {
	name   string
	tagged bool
	index  []int
	reflect.StructField
	options []string
}

// fieldsOf gives the fields by encoding/json's rules: of those with one name the
// shallowest wins, then one with a tag, and where two are left there is none. It isn't ok
// where a struct has what no object of Kubernetes has: an embedded pointer, an odd name,
// a number that is printed as a string.
func fieldsOf(t reflect.Type) (fields []found, ok bool) {
	all, ok := collect(nil, t, nil)
	byName := make(map[string][]found, len(all))
	for _, f := range all {
		byName[f.name] = append(byName[f.name], f)
	}
	for _, f := range all {
		if f.wins(byName[f.name]) {
			fields = append(fields, f)
		}
	}
	return fields, ok
}

func collect(all []found, t reflect.Type, index []int) ([]found, bool) {
	for i := range t.NumField() {
		sf := t.Field(i)
		tag := sf.Tag.Get("json")
		if tag == "-" || !sf.IsExported() && !sf.Anonymous {
			continue
		}
		name, options, _ := strings.Cut(tag, ",")
		at := append(slices.Clone(index), i)
		if sf.Anonymous && name == "" {
			switch sf.Type.Kind() {
			case reflect.Pointer:
				return all, false
			case reflect.Struct:
				var ok bool
				if all, ok = collect(all, sf.Type, at); !ok {
					return all, false
				}
				continue
			}
		}
		if !sf.IsExported() {
			if kind := sf.Type.Kind(); kind == reflect.Struct || kind == reflect.Pointer {
				return all, false
			}
			continue
		}
		f := found{name, name != "", at, sf, strings.Split(options, ",")}
		if !f.tagged {
			f.name = sf.Name
		}
		if f.has("string") || strings.ContainsFunc(f.name, odd) {
			return all, false
		}
		all = append(all, f)
	}
	return all, true
}

func odd(r rune) bool {
	return r != '_' && r != '-' && r != '.' && r != '/' && r != '$' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

func (f found) has(option string) bool { return slices.Contains(f.options, option) }

// wins says whether a field is the one of all with its name.
func (f found) wins(all []found) bool {
	for _, other := range all {
		deeper := len(f.index) - len(other.index)
		if deeper > 0 || deeper == 0 && other.tagged && !f.tagged {
			return false
		}
		if deeper == 0 && other.tagged == f.tagged && !slices.Equal(other.index, f.index) {
			return false
		}
	}
	return true
}
