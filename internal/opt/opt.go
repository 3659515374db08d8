// Package opt reads the options that a helper's constructor takes at its end, and
// opens the ports that they set.
package opt

import "github.com/podpattern/podpattern/pattern"

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

// Port adds the port that an option sets, which stays there; where it sets none, the
// usual one, which moves where another container of the pod has it.
func Port[R pattern.Role](c pattern.Container[R], name string, set, usual int) pattern.Container[R] {
	if set != 0 {
		return c.Port(name, set)
	}
	return c.Port(name, usual).MovePorts(name)
}
