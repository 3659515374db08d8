package catalogue

import (
	_ "embed"
	"strings"
)

//go:embed testdata/cluster.txt
var cluster string

// OnCluster says by helper how it was run in a namespace of a cluster that enforces Pod
// Security restricted: by its program, by a stand-in where that can't be had, and so on.
// The test that runs them, in internal/conformance/e2e, writes the file, and fails where
// it says something else.
func OnCluster() map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(cluster) {
		helper, how, _ := strings.Cut(strings.TrimSpace(line), ": ")
		out[helper] = how
	}
	return out
}
