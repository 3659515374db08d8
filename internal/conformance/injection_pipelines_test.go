package conformance_test

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	texttemplate "text/template"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	"gomodules.xyz/jsonpatch/v2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"sigs.k8s.io/yaml"
)

// injectionPod is a Pod as the API server sends it to a webhook.
//
//go:embed injection_pod.json
var injectionPod []byte

const (
	ambassadorName = "postgres"
	ambassadorAddr = "127.0.0.1"
)

// postgresBundle is what all pipelines add: a proxy with a file, of which the apps know by
// two variables.
func postgresBundle() pattern.Injection {
	return pattern.Bundle("database", ambassador.TCP(ambassadorName, "postgres.prod.svc:5432"))
}

// sidecarTemplate is what injectors render: the container and all else that the bundle
// adds, as YAML of which a pod's own names are left open.
type sidecarTemplate struct {
	parsed *texttemplate.Template
	init   corev1.Container
	volume corev1.Volume
	config string // the key of the annotation that carries the file
	text   string
	env    []corev1.EnvVar
}

// newSidecarTemplate takes from a pod that has the bundle what it added.
func newSidecarTemplate(tb testing.TB, pod *corev1.Pod) *sidecarTemplate {
	tb.Helper()
	st := &sidecarTemplate{init: pod.Spec.InitContainers[0], volume: pod.Spec.Volumes[len(pod.Spec.Volumes)-1]}
	require.Equal(tb, ambassadorName, st.init.Name)
	require.NotNil(tb, st.volume.DownwardAPI)
	for key, text := range pod.Annotations {
		if strings.HasPrefix(key, "config.podpattern.dev/") {
			st.config, st.text = key, text
		}
	}
	require.NotEmpty(tb, st.text)
	for _, e := range pod.Spec.Containers[0].Env {
		if strings.HasPrefix(e.Name, strings.ToUpper(ambassadorName)) {
			st.env = append(st.env, e)
		}
	}
	require.Len(tb, st.env, 2)
	own := func(value any) string { // as YAML in one line of flow style, which JSON is
		text, err := json.Marshal(value)
		require.NoError(tb, err)
		require.NotContains(tb, string(text), "{{")
		return string(text)
	}
	text, err := yaml.Marshal(st.init)
	require.NoError(tb, err)
	st.parsed = texttemplate.Must(texttemplate.New("sidecar").Option("missingkey=error").Parse(`metadata:
  annotations:
    ` + own(st.config) + `: ` + own(st.text) + `
    sidecar.example.com/status: '{"initContainers":[{{ printf "%q" .Name }}],"volumes":["{{ .Name }}-config"]}'
spec:
  initContainers:
  - ` + strings.ReplaceAll(strings.TrimSuffix(string(text), "\n"), "\n", "\n    ") + `
  containers:
  {{- range .Pod.Spec.Containers }}
  - name: {{ .Name }}
    env:
    {{- range $.Env }}
    - name: {{ .Name }}
      value: {{ printf "%q" .Value }}
    {{- end }}
  {{- end }}
  volumes:
  - ` + own(st.volume) + `
`))
	return st
}

// overlaid renders the template and merges it into a pod.
// upstream: istio/istio pkg/kube/inject, RunTemplate, of which this leaves out what only
// Istio needs.
func (st *sidecarTemplate) overlaid(pod *corev1.Pod) (*corev1.Pod, error) {
	overlay, err := st.rendered(pod)
	if err != nil {
		return nil, err
	}
	return applyOverlay(pod, overlay)
}

func (st *sidecarTemplate) rendered(pod *corev1.Pod) ([]byte, error) {
	var overlay bytes.Buffer
	err := st.parsed.Execute(&overlay, map[string]any{"Name": ambassadorName, "Pod": pod, "Env": st.env})
	return overlay.Bytes(), err
}

// applyOverlay merges a patch in YAML into a pod.
// upstream: istio/istio pkg/kube/inject/webhook.go, applyOverlayYAML and
// StrategicMergePatchYAML.
func applyOverlay(pod *corev1.Pod, overlay []byte) (*corev1.Pod, error) {
	current, err := json.Marshal(pod)
	if err != nil {
		return nil, err
	}
	schema, err := strategicpatch.NewPatchMetaFromStruct(corev1.Pod{})
	if err != nil {
		return nil, err
	}
	var original, patch map[string]any
	if err := json.Unmarshal(current, &original); err != nil {
		return nil, err
	}
	if err := yaml.Unmarshal(overlay, &patch); err != nil {
		return nil, err
	}
	merged, err := strategicpatch.StrategicMergeMapPatchUsingLookupPatchMeta(original, patch, schema)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(merged)
	if err != nil {
		return nil, err
	}
	out := &corev1.Pod{}
	return out, json.Unmarshal(text, out)
}

// templated is the pipeline of an injector with a template: decode, render, merge, compare.
// upstream: istio/istio pkg/kube/inject/webhook.go, inject, injectPod and createPatch.
func (st *sidecarTemplate) templated(raw []byte) ([]byte, error) {
	pod, original, err := reprinted(raw)
	if err != nil {
		return nil, err
	}
	merged, err := st.overlaid(&pod)
	if err != nil {
		return nil, err
	}
	return difference(original, merged)
}

// reprinted decodes a pod and prints it without what a patch must not touch.
func reprinted(raw []byte) (pod corev1.Pod, original []byte, err error) {
	if err := json.Unmarshal(raw, &pod); err != nil {
		return pod, nil, err
	}
	pod.ManagedFields = nil
	original, err = json.Marshal(&pod)
	return pod, original, err
}

// templatedTwice is what Istio does: it merges the rendered template into an empty pod too,
// to know what it has added.
func (st *sidecarTemplate) templatedTwice(raw []byte) ([]byte, error) {
	pod, original, err := reprinted(raw)
	if err != nil {
		return nil, err
	}
	overlay, err := st.rendered(pod.DeepCopy()) // upstream: reinsertOverrides copies it
	if err != nil {
		return nil, err
	}
	if _, err := applyOverlay(&corev1.Pod{}, overlay); err != nil {
		return nil, err
	}
	merged, err := applyOverlay(&pod, overlay)
	if err != nil {
		return nil, err
	}
	return difference(original, merged)
}

// byHand is the pipeline of a webhook that has its container in Go: decode, copy, append,
// compare.
// upstream: kubernetes-sigs/controller-runtime pkg/webhook/admission,
// PatchResponseFromRaw.
func (st *sidecarTemplate) byHand(raw []byte) ([]byte, error) {
	var pod corev1.Pod
	if err := json.Unmarshal(raw, &pod); err != nil {
		return nil, err
	}
	return difference(raw, st.appended(&pod))
}

// appended is a copy of a pod with the sidecar, without a look at what is there.
func (st *sidecarTemplate) appended(pod *corev1.Pod) *corev1.Pod {
	out := pod.DeepCopy()
	if out.Annotations == nil {
		out.Annotations = map[string]string{}
	}
	out.Annotations[st.config] = st.text
	out.Spec.InitContainers = slices.Insert(out.Spec.InitContainers, 0, *st.init.DeepCopy())
	out.Spec.Volumes = append(out.Spec.Volumes, *st.volume.DeepCopy())
	for i := range out.Spec.Containers {
		out.Spec.Containers[i].Env = append(slices.Clone(st.env), out.Spec.Containers[i].Env...)
	}
	return out
}

// difference gives the patch between a pod in JSON and another.
func difference(original []byte, pod *corev1.Pod) ([]byte, error) {
	text, err := json.Marshal(pod)
	if err != nil {
		return nil, err
	}
	patch, err := jsonpatch.CreatePatch(original, text)
	if err != nil {
		return nil, err
	}
	return json.Marshal(patch)
}
