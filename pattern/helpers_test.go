package pattern_test

import (
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// web is an app without a fault.
func web() pattern.AppContainer { return pattern.App("web", "web:1") }

// side is a sidecar without a fault.
func side(name string) pattern.SidecarContainer { return pattern.Sidecar(name, name+":1") }

// setup is an init container without a fault.
func setup(name string) pattern.InitContainer { return pattern.Init(name, name+":1") }

// with is a pod with an app and sidecars.
func with(app pattern.AppContainer, sidecars ...pattern.SidecarContainer) pattern.PodBuilder {
	p := pattern.Pod("web").WithApp(app)
	if len(sidecars) > 0 {
		p = p.WithSidecar(sidecars...)
	}
	return p
}

// build builds a pod that must have no findings, not even the builder's own
// warnings.
func build(t *testing.T, p pattern.PodBuilder) *corev1.Pod {
	t.Helper()
	require.Empty(t, own(p.Findings()))
	pod, err := p.Build()
	require.NoError(t, err)
	return pod
}

// container finds a container by its name.
func container(t *testing.T, spec *corev1.PodSpec, name string) *corev1.Container {
	t.Helper()
	for _, list := range [][]corev1.Container{spec.InitContainers, spec.Containers} {
		for i := range list {
			if list[i].Name == name {
				return &list[i]
			}
		}
	}
	require.Fail(t, "no container "+name)
	return nil
}

// volume finds a volume by its name.
func volume(t *testing.T, spec *corev1.PodSpec, name string) corev1.Volume {
	t.Helper()
	i := slices.IndexFunc(spec.Volumes, func(v corev1.Volume) bool { return v.Name == name })
	require.GreaterOrEqual(t, i, 0, "no volume %s", name)
	return spec.Volumes[i]
}

// containerNames are the names of containers, in their order.
func containerNames(list []corev1.Container) []string {
	out := make([]string, len(list))
	for i := range list {
		out[i] = list[i].Name
	}
	return out
}

// findingsOf takes a joined error apart.
func findingsOf(t *testing.T, err error) check.Findings {
	t.Helper()
	var out check.Findings
	switch e := err.(type) {
	case nil:
	case check.Finding:
		out = append(out, e)
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			out = append(out, findingsOf(t, inner)...)
		}
	default:
		require.Fail(t, "an error that is no finding", "%T: %v", err, err)
	}
	return out
}

// rules are the ids of findings, in their order.
func rules(fs check.Findings) []string {
	var out []string
	for _, f := range own(fs) {
		out = append(out, f.Rule)
	}
	return out
}

// own leaves out the warnings of the checks, which have tests of their own: the
// pods here are as short as can be, without resources, probes and the like.
func own(fs check.Findings) check.Findings {
	return slices.DeleteFunc(slices.Clone(fs), func(f check.Finding) bool {
		_, checks := check.Lookup(f.Rule)
		return checks && f.Level == check.Warning
	})
}

// quiet allows all warnings of the checks, for a test of something else.
func quiet(p pattern.PodBuilder) pattern.PodBuilder {
	for _, r := range check.Rules() {
		if r.Level == check.Warning {
			p = p.Allow(r.ID, "a test of something else")
		}
	}
	return p
}

// of gives the findings of one rule.
func of(fs check.Findings, rule string) check.Findings {
	return slices.DeleteFunc(slices.Clone(fs), func(f check.Finding) bool { return f.Rule != rule })
}

// only gives the finding of a pod that has one.
func only(t *testing.T, fs check.Findings, rule string) check.Finding {
	t.Helper()
	require.Equal(t, []string{rule}, rules(fs), "%v", own(fs))
	return own(fs)[0]
}

// lineAbove is so many lines above its caller, as a finding writes it.
func lineAbove(n int) string { return lineOf(2, -n) }

func lineOf(skip, offset int) string {
	_, file, n, _ := runtime.Caller(skip)
	return filepath.Base(file) + ":" + strconv.Itoa(n+offset)
}
