package operation

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"text/template"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/internal/measured/literal"
	"github.com/podpattern/podpattern/pattern"
	"gomodules.xyz/jsonpatch/v2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"sigs.k8s.io/yaml"
)

const helper = "cache"

// injection are two ways to put the same helper into a pod: the library's, and that of
// injectors that render a template and merge it.
type injection struct {
	bundle  pattern.Injection
	overlay *template.Template
	pod     *corev1.Pod
	raw     []byte // the pod as an API server sends it
}

func newInjection() (*injection, error) {
	t := literal.Deployment("web").Spec.Template
	i := &injection{
		bundle: pattern.Bundle("caching", ambassador.TCP(helper, "redis.prod.svc:6379")),
		pod:    &corev1.Pod{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"}, ObjectMeta: t.ObjectMeta, Spec: t.Spec},
	}
	i.pod.Name = "web"
	var err error
	if i.raw, err = json.Marshal(i.pod); err != nil {
		return nil, err
	}
	with := i.pod.DeepCopy()
	if err := i.bundle.ApplyToPod(with); err != nil {
		return nil, err
	}
	i.overlay, err = overlayOf(i.pod, with)
	return i, err
}

// overlayOf gives a template of what a pod has more than another.
func overlayOf(without, with *corev1.Pod) (*template.Template, error) {
	var added corev1.Pod
	added.Annotations = with.Annotations
	old := without.Spec.DeepCopy()
	added.Spec.InitContainers = slices.DeleteFunc(with.DeepCopy().Spec.InitContainers, func(c corev1.Container) bool {
		return slices.ContainsFunc(old.InitContainers, func(o corev1.Container) bool { return o.Name == c.Name })
	})
	added.Spec.Volumes = slices.DeleteFunc(with.DeepCopy().Spec.Volumes, func(v corev1.Volume) bool {
		return slices.ContainsFunc(old.Volumes, func(o corev1.Volume) bool { return o.Name == v.Name })
	})
	if len(added.Spec.InitContainers) != 1 || len(with.Spec.Containers) != 1 {
		return nil, errors.New("the bundle adds one helper to a pod of one app")
	}
	added.Spec.Containers = []corev1.Container{{Name: "NAME", Env: slices.DeleteFunc(slices.Clone(with.Spec.Containers[0].Env), func(e corev1.EnvVar) bool {
		return slices.Contains(old.Containers[0].Env, e)
	})}}
	text, err := yaml.Marshal(map[string]any{"metadata": map[string]any{"annotations": added.Annotations}, "spec": map[string]any{
		"initContainers": added.Spec.InitContainers, "volumes": added.Spec.Volumes, "containers": added.Spec.Containers,
	}})
	if err != nil {
		return nil, err
	}
	return template.New("sidecar").Parse(strings.ReplaceAll(string(text), "NAME", "{{ (index .Spec.Containers 0).Name }}"))
}

// merged renders the template and merges it into the pod.
// upstream: istio/istio pkg/kube/inject/webhook.go, applyOverlayYAML and
// StrategicMergePatchYAML.
func (i *injection) merged(pod *corev1.Pod) (*corev1.Pod, error) {
	var overlay strings.Builder
	if err := i.overlay.Execute(&overlay, pod); err != nil {
		return nil, err
	}
	current, err := json.Marshal(pod)
	if err != nil {
		return nil, err
	}
	patch, err := yaml.YAMLToJSON([]byte(overlay.String()))
	if err != nil {
		return nil, err
	}
	text, err := strategicpatch.StrategicMergePatch(current, patch, corev1.Pod{})
	if err != nil {
		return nil, err
	}
	out := &corev1.Pod{}
	return out, json.Unmarshal(text, out)
}

// mergedPatch is the same for a webhook, which gets JSON and answers a patch.
// upstream: istio/istio pkg/kube/inject/webhook.go, injectPod and createPatch.
func (i *injection) mergedPatch() ([]byte, error) {
	var pod corev1.Pod
	if err := json.Unmarshal(i.raw, &pod); err != nil {
		return nil, err
	}
	merged, err := i.merged(&pod)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(merged)
	if err != nil {
		return nil, err
	}
	patch, err := jsonpatch.CreatePatch(i.raw, text)
	if err != nil {
		return nil, err
	}
	return json.Marshal(patch)
}

func patches() ([]Operation, error) {
	i, err := newInjection()
	if err != nil {
		return nil, err
	}
	return []Operation{
		{Name: TypedPatch, Run: func() (any, error) {
			// ApplyTo puts lists of its own in place of the pod's, so the pod stays as it is.
			t := corev1.PodTemplateSpec{ObjectMeta: i.pod.ObjectMeta, Spec: i.pod.Spec}
			return &t, i.bundle.ApplyTo(&t)
		}},
		{Name: TypedMerge, Run: func() (any, error) { return i.merged(i.pod) }},
		{Name: RawPatch, Run: text(func() ([]byte, error) { return i.bundle.JSONPatch(i.raw) })},
		{Name: RawMerge, Run: text(i.mergedPatch)},
	}, nil
}
