package check_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

func TestNilIsAFinding(t *testing.T) {
	for _, fs := range []check.Findings{check.Pod(nil), check.Template(nil), check.Pod(nil, check.Under("spec.template"), nil)} {
		require.Len(t, fs, 1)
		require.Equal(t, "no-app-container", fs[0].Rule)
		require.Equal(t, check.Rejected, fs[0].Level)
		require.Error(t, fs.Err())
	}
}

func TestNoFindings(t *testing.T) {
	fs := check.Pod(goodPod(), check.AtLeast(check.Broken))
	require.Empty(t, fs)
	require.NoError(t, fs.Err())
	require.Empty(t, fs.Errors())
	require.Empty(t, fs.Warnings())
	require.Empty(t, fs.String())
}

func TestAnEmptyPod(t *testing.T) {
	require.Equal(t, []string{"no-app-container"}, ids(check.Pod(&corev1.Pod{})))
	require.Equal(t, []string{"no-app-container"}, ids(check.Template(&corev1.PodTemplateSpec{})))
}

// messy is a pod with faults in many places.
func messy() *corev1.Pod {
	p := goodPod()
	for range 12 {
		p.Spec.Containers = append(p.Spec.Containers, corev1.Container{Ports: []corev1.ContainerPort{port("", 0), port("A", 80)}, VolumeMounts: []corev1.VolumeMount{mount("x", "")}})
	}
	return p
}

func TestFindingsAreSortedByPath(t *testing.T) {
	fs := check.Pod(messy())
	require.Greater(t, len(fs), 40)
	sorted := append(check.Findings(nil), fs...)
	check.Sort(sorted)
	require.Equal(t, fs, sorted)
	place := make(map[string]int)
	for i, f := range fs {
		if _, seen := place[f.Path]; !seen {
			place[f.Path] = i
		}
	}
	require.Less(t, place["spec.containers[9].image"], place["spec.containers[10].image"], "numbers are compared as numbers")
	require.Less(t, place["spec.containers[1].image"], place["spec.containers[1].name"])
}

func TestSortKeepsTheOrderOfEquals(t *testing.T) {
	fs := check.Findings{{Path: "b"}, {Path: "a[10]"}, {Path: "a[9]", Rule: "y"}, {Path: "a[9]", Rule: "x", At: "first"}, {Path: "a[9]", Rule: "x", At: "second"}, {Path: "a"}, {Path: ""}}
	check.Sort(fs)
	require.Equal(t, check.Findings{{Path: ""}, {Path: "a"}, {Path: "a[9]", Rule: "x", At: "first"}, {Path: "a[9]", Rule: "x", At: "second"}, {Path: "a[9]", Rule: "y"}, {Path: "a[10]"}, {Path: "b"}}, fs)
}

func TestOnePodAlwaysGivesTheSameFindings(t *testing.T) {
	want := check.Pod(messy())
	for range 100 {
		require.Equal(t, want, check.Pod(messy()))
	}
}

func TestUnder(t *testing.T) {
	p := goodPod()
	webOf(p).Image = ""
	template := &corev1.PodTemplateSpec{ObjectMeta: p.ObjectMeta, Spec: p.Spec}
	for under, want := range map[string]string{
		"spec.template":                  "spec.template.spec.containers[0].image",
		"spec.jobTemplate.spec.template": "spec.jobTemplate.spec.template.spec.containers[0].image",
		"":                               "spec.containers[0].image",
	} {
		fs := of(check.Template(template, check.Under(under)), "image-missing")
		require.Len(t, fs, 1)
		require.Equal(t, want, fs[0].Path)
		require.Equal(t, want, fs[0].Parties[0].Path)
	}
}

func TestClaims(t *testing.T) {
	p := goodPod()
	webOf(p).VolumeMounts = []corev1.VolumeMount{mount("claim", "/c"), mount("other", "/o")}
	undeclared := func(opts ...check.Option) check.Findings { return of(check.Pod(p, opts...), "mount-undeclared") }
	require.Len(t, undeclared(), 2)
	require.Len(t, undeclared(check.Claims("claim")), 1)
	require.Empty(t, undeclared(check.Claims("claim"), check.Claims("other")), "they append")
}

func TestFlows(t *testing.T) {
	p := goodPod()
	webOf(p).VolumeMounts = []corev1.VolumeMount{mount("data", "/d")}
	sideOf(p).VolumeMounts = []corev1.VolumeMount{mount("data", "/d")}
	find := func(flows ...check.Flow) check.Findings {
		return of(check.Pod(p, check.Intended(check.Intent{Flows: flows})), "reader-without-writer")
	}
	reads := func(container string) check.Flow { return check.Flow{Container: container, Volume: "data"} }
	writes := check.Flow{Container: "web", Volume: "data", Writes: true}
	require.Empty(t, find())
	require.Empty(t, find(reads("web")), "side may write")
	require.Len(t, find(reads("web"), reads("side")), 1)
	require.Empty(t, find(reads("web"), reads("side"), writes), "web does both")
	require.Empty(t, find(check.Flow{Container: "web", Volume: "nope"}, check.Flow{Container: "nope", Volume: "data"}))
	require.Len(t, find(reads("web"), reads("side"))[0].Parties, 2)
}

// The API server looks at the space in an image of a pod only: in a template it is
// the node that fails.
func TestATemplatesImageIsBrokenNotRejected(t *testing.T) {
	p := goodPod()
	webOf(p).Image = "web:1 "
	require.Equal(t, check.Rejected, of(check.Pod(p), "image-whitespace")[0].Level)
	require.Equal(t, check.Broken, of(check.Template(&corev1.PodTemplateSpec{Spec: p.Spec}), "image-whitespace")[0].Level)
}
