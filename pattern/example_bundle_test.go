package pattern_test

import (
	"fmt"

	"github.com/podpattern/podpattern/pattern"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

// tracing is a bundle of one helper.
func tracing(image string) pattern.Injection {
	agent := pattern.Sidecar("agent", image).
		Port("otlp", 4317).
		Endpoint("otlp", "otlp").
		Requests("10m", "32Mi").Limits("", "64Mi").Restricted().RunAsUser(10001)
	return pattern.Bundle("tracing", agent)
}

// somebodys is a Deployment that somebody else wrote.
func somebodys() *appsv1.Deployment {
	d := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Name: "shop"}}
	d.Spec.Selector = &metav1.LabelSelector{MatchLabels: map[string]string{"app": "shop"}}
	d.Spec.Template.Labels = map[string]string{"app": "shop"}
	d.Spec.Template.Spec.Containers = []corev1.Container{{Name: "shop", Image: "shop:7", Env: []corev1.EnvVar{{Name: "MODE", Value: "fast"}}}}
	return d
}

// show prints what is of interest in a template.
func show(t corev1.PodTemplateSpec) {
	for _, c := range append(t.Spec.InitContainers, t.Spec.Containers...) {
		fmt.Print(c.Name, " ", c.Image)
		for _, e := range c.Env {
			fmt.Print(" ", e.Name, "=", e.Value)
		}
		fmt.Println()
	}
}

func ExampleBundle() {
	d := somebodys()
	if err := tracing("agent:1").ApplyTo(&d.Spec.Template); err != nil {
		fmt.Println(err)
	}
	show(d.Spec.Template)
	// Output:
	// agent agent:1
	// shop shop:7 OTLP_HOST=127.0.0.1 OTLP_PORT=4317 MODE=fast
}

func ExampleInjection_ApplyTo() {
	d := somebodys()
	for _, image := range []string{"agent:1", "agent:2", "agent:2"} {
		if err := tracing(image).ApplyTo(&d.Spec.Template); err != nil {
			fmt.Println(err)
		}
	}
	show(d.Spec.Template)
	// Output:
	// agent agent:2
	// shop shop:7 OTLP_HOST=127.0.0.1 OTLP_PORT=4317 MODE=fast
}

func ExampleInjection_RemoveFrom() {
	d := somebodys()
	_ = tracing("agent:1").ApplyTo(&d.Spec.Template)
	_ = tracing("agent:1").RemoveFrom(&d.Spec.Template)
	show(d.Spec.Template)
	fmt.Println(d.Spec.Template.Annotations)
	// Output:
	// shop shop:7 MODE=fast
	// map[]
}

func ExampleInjection_ApplyToPod() {
	p := &corev1.Pod{Spec: somebodys().Spec.Template.Spec}
	_ = tracing("agent:1").ApplyToPod(p)
	fmt.Println(p.Spec.InitContainers[0].Name)
	// Output: agent
}

func ExampleInjection_RemoveFromPod() {
	p := &corev1.Pod{Spec: somebodys().Spec.Template.Spec}
	_ = tracing("agent:1").ApplyToPod(p)
	_ = tracing("agent:1").RemoveFromPod(p)
	fmt.Println(len(p.Spec.InitContainers))
	// Output: 0
}

func ExampleInjection_ApplyToObject() {
	d := somebodys()
	if err := tracing("agent:1").ApplyToObject(d); err != nil {
		fmt.Println(err)
	}
	show(d.Spec.Template)
	// Output:
	// agent agent:1
	// shop shop:7 OTLP_HOST=127.0.0.1 OTLP_PORT=4317 MODE=fast
}

func ExampleInjection_RemoveFromObject() {
	d := somebodys()
	_ = tracing("agent:1").ApplyToObject(d)
	_ = tracing("agent:1").RemoveFromObject(d)
	show(d.Spec.Template)
	// Output: shop shop:7 MODE=fast
}

func ExampleInjection_JSONPatch() {
	pod := []byte(`{"apiVersion":"v1","kind":"Pod","metadata":{"name":"shop"},"spec":{"containers":[{"name":"shop","image":"shop:7"}]}}`)
	patch, err := pattern.Bundle("labels", pattern.Sidecar("idle", "pause:3").PodLabel("team", "shop")).JSONPatch(pod)
	fmt.Println(string(patch), err)
	// Output:
	// [{"op":"add","path":"/spec/initContainers","value":[{"image":"pause:3","name":"idle","restartPolicy":"Always"}]},{"op":"add","path":"/metadata/labels","value":{"team":"shop"}},{"op":"add","path":"/metadata/annotations","value":{"bundles.podpattern.dev/labels":"[\"daf008ba-84a3d825 initContainers/idle\",\"b7af0651 labels/team\"]"}}] <nil>
}

func ExampleInjection_RemovalJSONPatch() {
	pod := []byte(`{"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"name":"shop","image":"shop:7"}]}}`)
	patch, err := tracing("agent:1").RemovalJSONPatch(pod) // which it is not in
	fmt.Println(string(patch), err)
	// Output: [] <nil>
}

func ExampleInjection_Review() {
	pod := []byte(`{"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"name":"agent","image":"shop:7"}]}}`)
	patch, found := tracing("agent:1").Review(pod)
	fmt.Println(len(patch), found.Err())
	// Output: 0 example_bundle_test.go:16: spec.initContainers[0].name: Duplicate value: "agent": the pod has a container of this name, which bundle tracing didn't add (container agent). Fix: give the helper another name with Name [A container-name-dup]
}

func ExampleInjection_Plan() {
	d := somebodys()
	plan, _ := tracing("agent:1").Plan(d)
	fmt.Print(plan)
	_ = tracing("agent:1").ApplyToObject(d)
	plan, _ = tracing("agent:2").Plan(d)
	fmt.Println("---")
	fmt.Print(plan)
	// Output:
	// + spec.template.spec.containers[0].env[0] OTLP_HOST=127.0.0.1
	// + spec.template.spec.containers[0].env[1] OTLP_PORT=4317
	// + spec.template.spec.initContainers[0] agent (agent:1)
	// + spec.template.metadata.annotations[bundles.podpattern.dev/tracing]
	// ---
	// ~ spec.template.spec.initContainers[0] agent (agent:2)
	// ~ spec.template.metadata.annotations[bundles.podpattern.dev/tracing]
}

func ExampleInjection_Findings() {
	for _, f := range tracing("agent:latest").Findings(&somebodys().Spec.Template) {
		fmt.Println(f.Level, f.Path)
	}
	// Output: W template.spec.initContainers[0].image
}

func ExampleInjection_Objects() {
	reloader := pattern.Sidecar("reloader", "reloader:1").
		NeedsAPI(rbacv1.PolicyRule{APIGroups: []string{""}, Resources: []string{"configmaps"}, Verbs: []string{"watch"}})
	objects, err := pattern.Bundle("reloading", reloader).Objects("prod", "shop", "default")
	for _, o := range objects {
		fmt.Println(o.GetObjectKind().GroupVersionKind().Kind)
	}
	text, _ := yaml.Marshal(objects[1].(*rbacv1.RoleBinding).Subjects)
	fmt.Print(string(text), err)
	// Output:
	// Role
	// RoleBinding
	// - kind: ServiceAccount
	//   name: shop
	//   namespace: prod
	// - kind: ServiceAccount
	//   name: default
	//   namespace: prod
	// <nil>
}

func ExampleInjection_ServerSideApply() {
	body, err := pattern.Bundle("tracing", pattern.Sidecar("agent", "agent:1").AppEnv("TRACE", "yes")).ServerSideApply(somebodys())
	text, _ := yaml.JSONToYAML(body)
	fmt.Print(string(text), err)
	// Output:
	// apiVersion: apps/v1
	// kind: Deployment
	// metadata:
	//   name: shop
	// spec:
	//   template:
	//     metadata:
	//       annotations:
	//         bundles.podpattern.dev/tracing: '["092f21ff env/shop/TRACE","4b2b3aa7-8c5ce680
	//           initContainers/agent"]'
	//     spec:
	//       containers:
	//       - env:
	//         - name: TRACE
	//           value: "yes"
	//         name: shop
	//       initContainers:
	//       - image: agent:1
	//         name: agent
	//         restartPolicy: Always
	// <nil>
}

func ExampleInjection_Target() {
	d := somebodys()
	_ = tracing("agent:1").Target("1.28").ApplyTo(&d.Spec.Template) // which has no native sidecars
	show(d.Spec.Template)
	// Output:
	// shop shop:7 OTLP_HOST=127.0.0.1 OTLP_PORT=4317 MODE=fast
	// agent agent:1
}

func ExampleInjection_Allow() {
	d := somebodys()
	d.Spec.Template.Spec.HostNetwork = true
	fmt.Println(tracing("agent:1").ApplyTo(&d.Spec.Template) != nil)
	fmt.Println(tracing("agent:1").Allow("bundle-host-network", "port 4317 is kept free on all nodes").ApplyTo(&d.Spec.Template))
	// Output:
	// true
	// <nil>
}

func ExampleInjection_Name() {
	fmt.Println(tracing("agent:1").Name())
	// Output: tracing
}
