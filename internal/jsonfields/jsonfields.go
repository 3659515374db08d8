// Package jsonfields has the rules by which encoding/json finds the fields of a struct, for
// what prints objects and what reads them.
package jsonfields

import (
	"reflect"
	"slices"
	"strings"
	"unicode"
)

// Field is one that encoding/json sees in a struct, or in one that it embeds.
type Field struct {
	Name   string
	Index  []int // as reflect.Value.FieldByIndex takes it
	tagged bool
	reflect.StructField
	options []string
}

// Of gives the fields by encoding/json's rules: of those with one name the
// shallowest wins, then one with a tag, and where two are left there is none. It isn't ok
// where a struct has what no object of Kubernetes has: an embedded pointer, an odd name,
// a number that is printed as a string.
func Of(t reflect.Type) (fields []Field, ok bool) {
	all, ok := collect(nil, t, nil)
	byName := make(map[string][]Field)
	for _, f := range all {
		byName[f.Name] = append(byName[f.Name], f)
	}
	return slices.DeleteFunc(all, func(f Field) bool { return !f.wins(byName[f.Name]) }), ok
}

func collect(all []Field, t reflect.Type, index []int) ([]Field, bool) {
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
		f := Field{name, at, name != "", sf, strings.Split(options, ",")}
		if !f.tagged {
			f.Name = sf.Name
		}
		if f.Has("string") || strings.ContainsFunc(f.Name, odd) {
			return all, false
		}
		all = append(all, f)
	}
	return all, true
}

func odd(r rune) bool {
	return r != '_' && r != '-' && r != '.' && r != '/' && r != '$' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

// Has says whether the tag has an option, such as omitempty.
func (f Field) Has(option string) bool { return slices.Contains(f.options, option) }

// wins says whether a field is the one of all with its name.
func (f Field) wins(all []Field) bool {
	for _, other := range all {
		deeper := len(f.Index) - len(other.Index)
		if deeper > 0 || deeper == 0 && other.tagged && !f.tagged {
			return false
		}
		if deeper == 0 && other.tagged == f.tagged && !slices.Equal(other.Index, f.Index) {
			return false
		}
	}
	return true
}
