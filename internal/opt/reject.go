package opt

import "github.com/podpattern/podpattern/pattern"

// Rejections are options with values that can't be used, where they are found before
// there is a container, or apart from it.
type Rejections []Rejection

// Rejection is one of them, as [pattern.Container.Reject] takes it.
type Rejection struct {
	Field string
	Value any
	Why   string
}

// Add appends one.
func (r *Rejections) Add(field string, value any, why string) {
	*r = append(*r, Rejection{field, value, why})
}

// Reject lets a container refuse them.
func Reject[R pattern.Role](c pattern.Container[R], all Rejections) pattern.Container[R] {
	for _, r := range all {
		c = c.Reject(r.Field, r.Value, r.Why)
	}
	return c
}
