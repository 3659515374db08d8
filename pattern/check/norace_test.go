//go:build !race

package check_test

// raced says whether the race detector is on, which makes all slow.
const raced = false
