package pattern_test

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A generator is relinked at every `go run`, and an import of client-go or of a
// scheme doubles the time that takes: so what the library links is what the API's
// own types and the printing of YAML link.
func TestImportsStayLight(t *testing.T) {
	types := dependencies(t,
		"k8s.io/api/core/v1", "k8s.io/api/apps/v1", "k8s.io/api/batch/v1", "k8s.io/api/networking/v1", "k8s.io/api/rbac/v1", "k8s.io/api/autoscaling/v1", "k8s.io/api/autoscaling/v2", "k8s.io/api/admission/v1", "sigs.k8s.io/yaml")
	linked := dependencies(t, "../pattern", "../pattern/check", "../pattern/webhook", "../sidecar", "../ambassador", "../adapter", "../initc")
	own := slices.DeleteFunc(slices.Clone(linked), func(pkg string) bool {
		return slices.Contains(types, pkg) || strings.HasPrefix(pkg, "github.com/podpattern/podpattern/")
	})
	text, err := os.ReadFile("testdata/imports.txt")
	require.NoError(t, err)
	// Another version of the types may link more by itself, so fewer are fine.
	require.Subset(t, strings.Fields(string(text)), own, "a new import: is it worth its weight? then add it to testdata/imports.txt")

	for _, pkg := range own {
		for _, heavy := range []string{"k8s.io/client-go", "k8s.io/apiserver", "k8s.io/kubernetes", "/scheme", "/serializer", "/conversion", "/testify"} {
			require.NotContains(t, pkg, heavy)
		}
	}
}

// dependencies are the packages that others link, without the standard library.
func dependencies(t *testing.T, packages ...string) []string {
	args := append([]string{"list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}"}, packages...)
	out, err := exec.Command("go", args...).Output()
	require.NoError(t, err)
	deps := strings.Fields(string(out))
	slices.Sort(deps)
	require.NotEmpty(t, deps)
	return deps
}
