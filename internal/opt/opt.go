// Package opt reads the options that a helper's constructor takes at its end.
package opt

// Last gives the last of the options, which wins as a whole; without one it gives
// the zero value, which is the default.
func Last[T any](opts []T) T {
	var o T
	if len(opts) > 0 {
		o = opts[len(opts)-1]
	}
	return o
}

// Or gives value, or the default where value is the zero value.
func Or[T comparable](value, byDefault T) T {
	var zero T
	if value == zero {
		return byDefault
	}
	return value
}
