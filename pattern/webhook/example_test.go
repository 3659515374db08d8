package webhook_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/webhook"
	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
)

// bundle is what the examples add.
var bundle = pattern.Bundle("cache", pattern.Sidecar("cache", "memcached:1.6").
	Port("cache", 11211).Endpoint("cache", "cache").Requests("10m", "64Mi").Limits("", "64Mi"))

// newPod is a pod of a Deployment as the API server sends it.
func newPod(deployment, namespace string) *corev1.Pod {
	controls := true
	return &corev1.Pod{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
		ObjectMeta: metav1.ObjectMeta{
			GenerateName: deployment + "-77c9b-", Namespace: namespace,
			Labels:          map[string]string{"app": deployment, "pod-template-hash": "77c9b"},
			OwnerReferences: []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "ReplicaSet", Name: deployment + "-77c9b", Controller: &controls}},
		},
		Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: deployment, Image: deployment + ":1"}}},
	}
}

// create asks a handler as the API server does when a pod is created, and prints in a
// word or two what comes back.
func create(h http.Handler, pod *corev1.Pod) {
	raw, err := json.Marshal(pod)
	if err != nil {
		fmt.Println(err)
		return
	}
	body, err := json.Marshal(&admissionv1.AdmissionReview{
		TypeMeta: metav1.TypeMeta{APIVersion: "admission.k8s.io/v1", Kind: "AdmissionReview"},
		Request: &admissionv1.AdmissionRequest{
			UID: "705ab4f5", Kind: metav1.GroupVersionKind{Version: "v1", Kind: "Pod"}, Namespace: pod.Namespace,
			Operation: admissionv1.Create, Object: runtime.RawExtension{Raw: raw},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	r := httptest.NewRequest(http.MethodPost, "/mutate", strings.NewReader(string(body)))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var review admissionv1.AdmissionReview
	if err := json.Unmarshal(w.Body.Bytes(), &review); err != nil {
		fmt.Println(w.Code, w.Body)
		return
	}
	name := strings.TrimSuffix(pod.GenerateName, "-77c9b-")
	switch response := review.Response; {
	case !response.Allowed:
		fmt.Println(name, "denied:", response.Result.Message)
	case response.Patch == nil:
		fmt.Println(name, "as it is")
	default:
		fmt.Println(name, "patched")
	}
	for _, warning := range review.Response.Warnings {
		fmt.Println("Warning:", warning)
	}
}

func ExampleHandler() {
	h := webhook.Handler(bundle)
	create(h, newPod("web", "prod"))

	onHost := newPod("agent", "prod")
	onHost.Spec.HostNetwork = true
	create(h, onHost)
	// Output:
	// web patched
	// agent denied: bundle cache can't be added: spec.hostNetwork: Invalid value: true: the pod is on the node's network, where port 11211 of container cache would be the node's (container cache). Fix: leave such pods out, or Allow it where the port is known to be free on all nodes [E bundle-host-network]
}

func ExampleNamespaces() {
	h := webhook.Handler(bundle, webhook.Namespaces("prod", "stage"))
	create(h, newPod("web", "prod"))
	create(h, newPod("web", "test"))
	// Output:
	// web patched
	// web as it is
}

func ExampleExceptNamespaces() {
	h := webhook.Handler(bundle, webhook.ExceptNamespaces("kube-system", "caches"))
	create(h, newPod("web", "prod"))
	create(h, newPod("dns", "kube-system"))
	// Output:
	// web patched
	// dns as it is
}

func ExampleLabels() {
	selector, err := labels.Parse("app in (web, shop), !legacy")
	if err != nil {
		fmt.Println(err)
		return
	}
	h := webhook.Handler(bundle, webhook.Labels(selector))
	create(h, newPod("web", "prod"))
	create(h, newPod("db", "prod"))
	// Output:
	// web patched
	// db as it is
}

func ExampleOptOut() {
	h := webhook.Handler(bundle, webhook.OptOut("example.com/cache"))
	pod := newPod("web", "prod")
	create(h, pod)
	pod.Annotations = map[string]string{"example.com/cache": "false"}
	create(h, pod)
	// Output:
	// web patched
	// web as it is
}

func ExamplePercent() {
	for _, n := range []int{0, 30, 60, 100} {
		fmt.Println(n, "percent:")
		h := webhook.Handler(bundle, webhook.Percent(n))
		for _, deployment := range []string{"web", "shop", "search"} {
			create(h, newPod(deployment, "prod"))
		}
	}
	// Output:
	// 0 percent:
	// web as it is
	// shop as it is
	// search as it is
	// 30 percent:
	// web patched
	// shop as it is
	// search as it is
	// 60 percent:
	// web patched
	// shop patched
	// search patched
	// 100 percent:
	// web patched
	// shop patched
	// search patched
}

func ExampleAdmitUnfit() {
	h := webhook.Handler(bundle, webhook.AdmitUnfit())
	pod := newPod("agent", "prod")
	pod.Spec.HostNetwork = true
	create(h, pod)
	// Output:
	// agent as it is
	// Warning: bundle cache was not added: spec.hostNetwork: Invalid value: true: the pod is on the node's network, where port 11211 of container cache would be the node's (container cache). Fix: leave such pods out, or Allow it where the port is known to be free on a…
}

func ExampleMaxBody() {
	h := webhook.Handler(bundle, webhook.MaxBody(1<<10))
	pod := newPod("web", "prod")
	create(h, pod)
	pod.Annotations = map[string]string{"example.com/notes": strings.Repeat("long ", 1000)}
	create(h, pod)
	// Output:
	// web patched
	// 413 the body is larger than 1024 bytes
}

// A metrics library counts by the outcome, and observes the duration.
func ExampleObserve() {
	var mu sync.Mutex
	counts := map[string]int{} // with Prometheus a CounterVec
	count := func(e webhook.Event) {
		mu.Lock()
		defer mu.Unlock()
		counts[fmt.Sprintf("outcome=%s namespace=%s", e.Outcome, e.Namespace)]++
	}
	h := webhook.Handler(bundle, webhook.ExceptNamespaces("kube-system"), webhook.Observe(count))
	create(h, newPod("web", "prod"))
	create(h, newPod("shop", "prod"))
	create(h, newPod("dns", "kube-system"))
	for _, labels := range slices.Sorted(maps.Keys(counts)) {
		fmt.Println(labels, counts[labels])
	}
	// Output:
	// web patched
	// shop patched
	// dns as it is
	// outcome=injected namespace=prod 2
	// outcome=left_out namespace=kube-system 1
}

func ExampleOutcome_String() {
	fmt.Println(webhook.Injected, webhook.AdmittedUnfit)
	// Output: injected admitted_unfit
}
