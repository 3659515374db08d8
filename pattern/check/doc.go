// Package check finds what is wrong with a multi-container pod: what the API
// server would reject, and what it would accept and the node would then break
// on. It reads typed objects and knows nothing of the builders; what only a
// builder can know, such as who writes a volume, is passed in as an [Option].
//
//	for _, f := range check.Pod(pod) {
//		fmt.Println(f)
//	}
//
// Findings come all at once, sorted by path, and the same pod always gives the
// same findings. No input makes this package panic, and it never writes to the
// pod.
package check
