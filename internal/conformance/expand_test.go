package conformance_test

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// expanded gives a container's command line as the kubelet makes it: $(NAME) is a
// variable of the container, and stays if there is none of that name; $$ is $.
// upstream: kubernetes/kubernetes third_party/forked/golang/expansion/expand.go.
func expanded(words []string, env []corev1.EnvVar) []string {
	replace := []string{"$$", "$"}
	for _, e := range env {
		replace = append(replace, "$("+e.Name+")", e.Value)
	}
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = strings.NewReplacer(replace...).Replace(w)
	}
	return out
}
