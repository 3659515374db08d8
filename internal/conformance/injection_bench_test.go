package conformance_test

import (
	"encoding/json"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// injectionRun are the pipelines over one pod.
type injectionRun struct {
	bundle   pattern.Injection
	template *sidecarTemplate
	raw      []byte // without the bundle
	injected []byte // with it
	pod      *corev1.Pod
	with     *corev1.Pod
}

func newInjectionRun(tb testing.TB) *injectionRun {
	tb.Helper()
	r := &injectionRun{bundle: postgresBundle(), raw: injectionPod, pod: &corev1.Pod{}}
	require.NoError(tb, json.Unmarshal(r.raw, r.pod))
	r.with = r.pod.DeepCopy()
	require.NoError(tb, r.bundle.ApplyToPod(r.with))
	var err error
	r.injected, err = json.Marshal(r.with)
	require.NoError(tb, err)
	r.template = newSidecarTemplate(tb, r.with)
	return r
}

// pipelines are what is measured, by name.
func (r *injectionRun) pipelines() map[string]func() error {
	patch := func(f func([]byte) ([]byte, error), raw []byte) func() error {
		return func() error { _, err := f(raw); return err }
	}
	apply := func(p *corev1.Pod) func() error {
		return func() error {
			t := corev1.PodTemplateSpec{ObjectMeta: p.ObjectMeta, Spec: p.Spec}
			return r.bundle.ApplyTo(&t)
		}
	}
	return map[string]func() error{
		"raw/JSONPatch":                    patch(r.bundle.JSONPatch, r.raw),
		"raw/JSONPatch-no-change":          patch(r.bundle.JSONPatch, r.injected),
		"raw/template-merge-diff":          patch(r.template.templated, r.raw),
		"raw/template-merge-diff-as-Istio": patch(r.template.templatedTwice, r.raw),
		"raw/typed-diff":                   patch(r.template.byHand, r.raw),
		"raw/decode-alone":                 func() error { return json.Unmarshal(r.raw, new(corev1.Pod)) },
		"typed/ApplyTo":                    apply(r.pod),
		"typed/ApplyTo-no-change":          apply(r.with),
		"typed/template-merge":             func() error { _, err := r.template.overlaid(r.pod); return err },
		"typed/append-without-look":        func() error { r.template.appended(r.pod); return nil },
	}
}

func BenchmarkInjection(b *testing.B) {
	r := newInjectionRun(b)
	for name, f := range r.pipelines() {
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
