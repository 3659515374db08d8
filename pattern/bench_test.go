package pattern_test

import (
	"testing"

	"github.com/podpattern/podpattern/internal/measured/literal"
	"github.com/podpattern/podpattern/internal/measured/recorded"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"
)

// What these benchmarks measure is written twice, by the builder and as a struct literal;
// TestBenchmarksCompareTheSame holds the two to one another.
func TestBenchmarksCompareTheSame(t *testing.T) {
	got, err := recorded.Deployment("web").Build()
	require.NoError(t, err)
	want := literal.Deployment("web")
	gotYAML, err := yaml.Marshal(got)
	require.NoError(t, err)
	wantYAML, err := yaml.Marshal(want)
	require.NoError(t, err)
	require.Equal(t, string(wantYAML), string(gotYAML))
}

// Time is too noisy for a test; the allocations are what most of it goes to, and
// they are the same in every run.
func TestBuildAllocatesLittleMoreThanAStructLiteral(t *testing.T) {
	d := recorded.Deployment("web")
	plain := testing.AllocsPerRun(10, func() { _ = literal.Deployment("web") })
	build := testing.AllocsPerRun(10, func() { _, _ = d.Build() })
	both := testing.AllocsPerRun(10, func() { _, _ = recorded.Deployment("web").Build() })
	t.Logf("allocations: struct literal %.0f, Build %.0f, recording and Build %.0f", plain, build, both)
	require.Less(t, build, 2*plain)
	require.Less(t, both, 4*plain)
}

func BenchmarkStructLiteral(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_ = literal.Deployment("web")
	}
}

func BenchmarkDeepCopy(b *testing.B) {
	b.ReportAllocs()
	d := literal.Deployment("web")
	for b.Loop() {
		_ = d.DeepCopy()
	}
}

func BenchmarkRecordAndBuild(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := recorded.Deployment("web").Build(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBuild(b *testing.B) {
	b.ReportAllocs()
	d := recorded.Deployment("web")
	for b.Loop() {
		if _, err := d.Build(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkYAML(b *testing.B) {
	b.ReportAllocs()
	d := recorded.Deployment("web")
	for b.Loop() {
		if _, err := d.YAML(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSigsYAML(b *testing.B) {
	b.ReportAllocs()
	d := literal.Deployment("web")
	for b.Loop() {
		if _, err := yaml.Marshal(d); err != nil {
			b.Fatal(err)
		}
	}
}
