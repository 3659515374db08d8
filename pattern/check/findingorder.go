package check

import (
	"slices"
	"strings"
)

// Sort orders findings by object, path and rule; findings that are equal in all
// keep their order.
func Sort(fs Findings) {
	slices.SortStableFunc(fs, func(a, b Finding) int {
		if c := strings.Compare(a.Object, b.Object); c != 0 {
			return c
		}
		if c := comparePaths(a.Path, b.Path); c != 0 {
			return c
		}
		return strings.Compare(a.Rule, b.Rule)
	})
}

// comparePaths compares numbers as numbers: containers[9] stands before
// containers[10].
func comparePaths(a, b string) int {
	for a != "" && b != "" {
		if digit(a[0]) && digit(b[0]) {
			na, nb := number(a), number(b)
			if c := len(na) - len(nb); c != 0 {
				return c
			}
			if c := strings.Compare(na, nb); c != 0 {
				return c
			}
			a, b = a[len(na):], b[len(nb):]
			continue
		}
		if a[0] != b[0] {
			return int(a[0]) - int(b[0])
		}
		a, b = a[1:], b[1:]
	}
	return len(a) - len(b)
}
