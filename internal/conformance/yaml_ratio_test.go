package conformance_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/podpattern/podpattern/internal/catalogue"
	"github.com/podpattern/podpattern/internal/yamlenc"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	"sigs.k8s.io/yaml"
)

// printers are what prints one Deployment of four containers, into the room of the one
// before where they can, as a stream does.
func printers(tb testing.TB) map[string]func() error {
	d := fourContainers(tb)
	room := func(f func([]byte, any) ([]byte, error)) func() error {
		var text []byte
		return func() (err error) { text, err = f(text[:0], d); return err }
	}
	return map[string]func() error{
		"YAML":          room(yamlenc.AppendYAML),
		"JSON":          room(yamlenc.AppendJSON),
		"sigs/yaml":     func() error { _, err := yaml.Marshal(d); return err },
		"encoding/json": func() error { _, err := json.Marshal(d); return err },
	}
}

// fourContainers is an app with a log shipper, a reverse proxy and an ambassador.
func fourContainers(tb testing.TB) *appsv1.Deployment {
	tb.Helper()
	helpers := []string{"sidecar.LogShipper", "sidecar.ReverseProxy", "ambassador.TCP"}
	var uses []catalogue.Use
	for _, u := range catalogue.One() {
		if slices.Contains(helpers, u.Helper) {
			uses = append(uses, u)
		}
	}
	objects, err := pattern.Objects(catalogue.Pod(uses...).Deployment(2))
	require.NoError(tb, err)
	d := objects[len(objects)-1].(*appsv1.Deployment)
	require.Equal(tb, 4, len(d.Spec.Template.Spec.InitContainers)+len(d.Spec.Template.Spec.Containers))
	return d
}

// The printer of YAML takes a small part of the time of the usual one, and no more than
// that of JSON. The bounds leave room.
func TestYAMLIsFasterThanTheUsualWay(t *testing.T) {
	const rounds = 9
	all := printers(t)
	took := make(map[string][]float64)
	for range rounds {
		for name, f := range all {
			took[name] = append(took[name], processorTime(t, f))
		}
	}
	for _, tt := range []struct {
		fast, slow string
		atLeast    float64
	}{
		{"YAML", "sigs/yaml", 25},
		{"YAML", "encoding/json", 1},
		{"JSON", "encoding/json", 1},
	} {
		ratios := make([]float64, rounds)
		for i := range ratios {
			ratios[i] = took[tt.slow][i] / took[tt.fast][i]
		}
		t.Logf("%s takes %.1f µs and is %.2f times as fast as %s", tt.fast, median(took[tt.fast])/1000, median(ratios), tt.slow)
		require.GreaterOrEqual(t, median(ratios), tt.atLeast, "%s and %s", tt.fast, tt.slow)
	}
	print := all["YAML"]
	allocations := testing.AllocsPerRun(10, func() { require.NoError(t, print()) })
	t.Logf("%.0f allocations", allocations)
	require.LessOrEqual(t, allocations, 30.0)
}

func BenchmarkPrinters(b *testing.B) {
	for name, f := range printers(b) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := f(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
