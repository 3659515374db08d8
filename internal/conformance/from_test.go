package conformance_test

import (
	"testing"

	"github.com/podpattern/podpattern/internal/conformance/apiserver"
	"github.com/podpattern/podpattern/internal/conformance/podgen"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// A builder gives anybody's pod back as it was, whatever is wrong with it, and tells
// what that is.
func TestFromGivesAnyPodBack(t *testing.T) {
	const pods = 10000
	g := podgen.New(3)
	for range pods {
		p := g.Pod()
		before := p.DeepCopy()
		b := pattern.From(p)
		got, err := b.Build()
		require.NoError(t, err)
		require.Equal(t, before.ObjectMeta, got.ObjectMeta)
		require.Equal(t, before.Spec, got.Spec)
		require.Equal(t, before, p)
		for _, f := range b.Findings() {
			require.True(t, f.Brought, "%v", f)
		}
		require.Len(t, b.Findings(), len(check.Pod(p)))
	}
}

// Where the API server takes a pod, it takes what a builder makes of it with one more
// helper, or the builder says why not.
func TestFromWithAHelper(t *testing.T) {
	const pods = 3000
	g := podgen.New(4)
	scratch := pattern.EmptyDir("helper-scratch").SizeLimit("1Mi")
	helper := pattern.Sidecar("helper", "registry.example.com/helper:1").Port("helper", 15999).MovePorts().
		Writes(scratch, "/scratch").AppReads(scratch, "/from-helper").AppEnv("HELPER", "yes").
		Requests("1m", "1Mi").Limits("", "1Mi").Restricted().RunAsUser(65532)
	added, refused := 0, 0
	for range pods {
		p := g.Pod()
		if !taken(t, p) {
			continue
		}
		got, err := pattern.From(p).WithSidecar(helper).Build()
		if err != nil {
			refused++
			continue
		}
		added++
		require.True(t, taken(t, got), "%s", manifest(got))
		require.Equal(t, len(p.Spec.Containers), len(got.Spec.Containers))
	}
	t.Logf("%d pods with a helper are taken, of %d the builder said why not", added, refused)
	require.Greater(t, added, 100)
}

// taken says whether the API server takes a pod.
func taken(t *testing.T, p *corev1.Pod) bool {
	t.Helper()
	p = p.DeepCopy()
	p.APIVersion, p.Kind = "v1", "Pod"
	errs, err := apiserver.Errors(p)
	require.NoError(t, err)
	return len(errs) == 0
}
