package check_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
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

// messy is a pod with faults in many places, those in maps too.
func messy() *corev1.Pod {
	p := goodPod()
	p.Spec.NodeSelector = map[string]string{"beta.kubernetes.io/os": "linux", "beta.kubernetes.io/arch": "amd64", "a b": "c", "d e": "f"}
	p.Labels, p.Annotations = map[string]string{"a b": "c", "d e": "f", "g": "h i"}, map[string]string{"a b": "c", "d e": "f"}
	p.Spec.Overhead = corev1.ResourceList{"x y": resource.MustParse("1"), "z y": resource.MustParse("-1")}
	webOf(p).Resources.Limits = corev1.ResourceList{"x y": resource.MustParse("1"), "z y": resource.MustParse("-1"), "cpu": resource.MustParse("-1")}
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
