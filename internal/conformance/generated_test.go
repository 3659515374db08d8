package conformance_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// odd are texts in which HCL, JSON or a template sees more than characters.
var odd = []string{
	`"`, `\`, `\"`, `\n`, "two\nlines", "a tab\t", "$", "${", "${a", "${a}", `${"a"}`, "$${a}", "%{ if }", "#", "//", "/* x", "<<EOF", "größe", "<&>", "\u2028", "{", "}", "'", "`", " ",
}

// configOf gives a generated file of a pod.
func configOf(t *testing.T, p pattern.PodBuilder, file string) string {
	t.Helper()
	objects, err := p.Objects()
	require.NoError(t, err)
	for _, o := range objects {
		if m, ok := o.(*corev1.ConfigMap); ok && m.Data[file] != "" {
			return m.Data[file]
		}
	}
	require.Fail(t, "no file "+file)
	return ""
}
