package check_test

import (
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func annotated(key, value string) func(*corev1.Pod) {
	return func(p *corev1.Pod) { p.Annotations = map[string]string{key: value} }
}

func TestMetadata(t *testing.T) {
	const (
		key   = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
		value = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
		cost  = "controller.kubernetes.io/pod-deletion-cost"
	)
	try(t,
		example{"annotations-size", "more than 256 KiB", func(p *corev1.Pod) {
			p.Annotations = map[string]string{"a": strings.Repeat("x", 200<<10), "b": strings.Repeat("x", 60<<10)}
		}, []string{"A metadata.annotations: Too long: may not be more than 262144 bytes"}},
		example{"annotations-size", "256 KiB", func(p *corev1.Pod) { p.Annotations = map[string]string{"a": strings.Repeat("x", 256<<10-1)} }, nil},

		example{"label-shape", "keys and values", func(p *corev1.Pod) { p.Labels = map[string]string{"a b": "", "b": "-x", "a": "ok"} },
			[]string{`A metadata.labels: Invalid value: "a b": ` + key, `A metadata.labels: Invalid value: "-x": ` + value}},
		example{"label-shape", "a domain with capitals", func(p *corev1.Pod) { p.Labels = map[string]string{"example.com/A": "B"} }, nil},
		example{"annotation-shape", "a key", annotated("a b", ""), []string{`A metadata.annotations: Invalid value: "a b": ` + key}},
		example{"annotation-shape", "a domain with capitals", annotated("Example.com/A", "any text at all"), nil},
		example{"annotation-value", "a cost with a sign", annotated(cost, "+1"), []string{`A metadata.annotations[` + cost + `]: Invalid value: "+1": must be a 32bit integer`}},
		example{"annotation-value", "a cost that is too high", annotated(cost, "2147483648"), []string{`A metadata.annotations[` + cost + `]: Invalid value: "2147483648": must be a 32bit integer`}},
		example{"annotation-value", "a cost", annotated(cost, "-2147483648"), nil},
		example{"annotation-value", "a mirror of nothing", annotated("kubernetes.io/config.mirror", "x"), []string{`A metadata.annotations[kubernetes.io/config.mirror]: Invalid value: "x": must set spec.nodeName if mirror pod annotation is set`}},
		example{"annotation-value", "tolerations that can't be read", annotated("scheduler.alpha.kubernetes.io/tolerations", "{"), []string{`A metadata.annotations: Invalid value: "scheduler.alpha.kubernetes.io/tolerations": unexpected end of JSON input`}},
		example{"annotation-value", "tolerations that can't be", annotated("scheduler.alpha.kubernetes.io/tolerations", `[{"key":"a"},{"key":"a","operator":"Exists","value":"x"}]`), []string{`A metadata.annotations[scheduler.alpha.kubernetes.io/tolerations][1].operator: Invalid value: "x": value must be empty when ` + "`operator` is 'Exists'"}},
		example{"annotation-removed", "an old one", annotated("scheduler.alpha.kubernetes.io/critical-pod", ""), []string{`W metadata.annotations[scheduler.alpha.kubernetes.io/critical-pod]: Invalid value: "": Kubernetes doesn't read it any more`}},
		example{"annotation-removed", "another", annotated("example.com/critical-pod", ""), nil},
		example{"default-container-unknown", "nobody", annotated("kubectl.kubernetes.io/default-container", "app"), []string{`W metadata.annotations[kubectl.kubernetes.io/default-container]: Not found: "app"`}},
		example{"default-container-unknown", "an init container", annotated("kubectl.kubernetes.io/default-container", "side"), nil},
		example{"default-container-unknown", "one that will be added", func(p *corev1.Pod) {
			p.Annotations = map[string]string{"kubectl.kubernetes.io/default-container": "istio-proxy", "sidecar.istio.io/inject": "true"}
		}, nil},
		example{"object-name", "each of them", func(p *corev1.Pod) {
			p.Name, p.GenerateName, p.Namespace = strings.Repeat("a", 254), "A-b", strings.Repeat("a", 64)
		}, []string{
			`A metadata.generateName: Invalid value: "A-b": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
			`A metadata.name: Invalid value: "` + strings.Repeat("a", 254) + `": must be no more than 253 characters`,
			`A metadata.namespace: Invalid value: "` + strings.Repeat("a", 64) + `": must be no more than 63 characters`}},
		example{"object-name", "none yet", func(p *corev1.Pod) { p.Name = "" }, nil},
		example{"object-name", "the beginning of one", func(p *corev1.Pod) { p.GenerateName = "web-" }, nil},
		example{"owner-reference", "nothing said", func(p *corev1.Pod) { p.OwnerReferences = []metav1.OwnerReference{{}} }, []string{
			`A metadata.ownerReferences[0].apiVersion: Invalid value: "": version must not be empty`,
			`A metadata.ownerReferences[0].kind: Invalid value: "": must not be empty`,
			`A metadata.ownerReferences[0].name: Invalid value: "": must not be empty`,
			`A metadata.ownerReferences[0].uid: Invalid value: "": must not be empty`}},
		example{"owner-reference", "two controllers", func(p *corev1.Pod) {
			o := metav1.OwnerReference{APIVersion: "apps/v1", Kind: "ReplicaSet", Name: "a", UID: "u", Controller: new(true)}
			p.OwnerReferences = []metav1.OwnerReference{o, o}
		}, []string{`A metadata.ownerReferences: Invalid value: Only one reference can have Controller set to true. Found "true" in references for ReplicaSet/a and ReplicaSet/a`}},
		example{"finalizer-name", "without a domain", func(p *corev1.Pod) { p.Finalizers = []string{"example.com/a", "orphan", "mine"} }, []string{
			`A metadata.finalizers[2]: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified`}},
	)
}

// Of a template's metadata only labels and annotations are read.
func TestATemplateHasNoName(t *testing.T) {
	m := metav1.ObjectMeta{Name: "A", Namespace: "B", Finalizers: []string{"c"}, OwnerReferences: []metav1.OwnerReference{{}}, Labels: map[string]string{"a b": ""}}
	require.Equal(t, []string{"label-shape"}, idsAt(check.Template(&corev1.PodTemplateSpec{ObjectMeta: m, Spec: goodPod().Spec}), "metadata"))
}

// idsAt gives the rules of the findings under a path.
func idsAt(fs check.Findings, path string) (out []string) {
	for _, f := range fs {
		if strings.HasPrefix(f.Path, path) {
			out = append(out, f.Rule)
		}
	}
	return out
}

func TestKeysAreReportedInOrder(t *testing.T) {
	p := goodPod()
	p.Annotations = map[string]string{}
	for i := range 20 {
		p.Annotations[strings.Repeat("x", i+1)+" "] = ""
	}
	want := check.Pod(p)
	require.Len(t, of(want, "annotation-shape"), 20)
	for range 20 {
		require.Equal(t, want, check.Pod(p))
	}
}

func TestDefaultContainerUnset(t *testing.T) {
	p := goodPod()
	p.Spec.Containers = append([]corev1.Container{{Name: "proxy", Image: "proxy:1"}}, p.Spec.Containers...)
	find := func(helpers []string) check.Findings {
		return of(check.Pod(p, check.Intended(check.Intent{Helpers: helpers})), "default-container-unset")
	}
	found := find([]string{"proxy"})
	require.Len(t, found, 1)
	require.Contains(t, found[0].Fix, "default-container: web")
	require.Len(t, found[0].Parties, 2)
	require.Empty(t, find(nil), "nobody's role is known")
	require.Empty(t, find([]string{"web"}))
	require.Empty(t, find([]string{"web", "proxy"}), "there is no app")
	p.Annotations = map[string]string{"kubectl.kubernetes.io/default-container": "web"}
	require.Empty(t, find([]string{"proxy"}))
}
