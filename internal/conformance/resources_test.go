package conformance_test

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation/field"
	resourcehelper "k8s.io/component-helpers/resource"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	podutil "k8s.io/kubernetes/pkg/api/pod"
	"k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	"k8s.io/kubernetes/pkg/apis/core/v1/helper/qos"
	corevalidation "k8s.io/kubernetes/pkg/apis/core/validation"
)

// resourcePods gives pods that differ in what they ask for, in all ways that the
// API server takes or refuses. One seed always gives the same pods.
func resourcePods(seed uint64, n int) iter.Seq[*corev1.Pod] {
	g := resourceMaker{rand.New(rand.NewPCG(seed, 0))}
	return func(yield func(*corev1.Pod) bool) {
		for range n {
			if !yield(g.pod()) {
				return
			}
		}
	}
}

type resourceMaker struct{ *rand.Rand }

func (g resourceMaker) oneIn(n int) bool { return g.IntN(n) == 0 }

func oneOf[T any](g resourceMaker, from ...T) T { return from[g.IntN(len(from))] }

func (g resourceMaker) pod() *corev1.Pod {
	p := &corev1.Pod{}
	p.Name, p.Namespace = "web", "default"
	// Most pods are plain, or else none would be accepted.
	odd := g.oneIn(2)
	for i := range 1 + g.IntN(3) {
		p.Spec.Containers = append(p.Spec.Containers, g.container(fmt.Sprintf("app%d", i), odd))
	}
	for i := range g.IntN(4) {
		c := g.container(fmt.Sprintf("init%d", i), odd)
		if g.oneIn(2) {
			c.RestartPolicy = new(corev1.ContainerRestartPolicyAlways)
		}
		p.Spec.InitContainers = append(p.Spec.InitContainers, c)
	}
	p.Spec.RestartPolicy = oneOf(g, "", corev1.RestartPolicyAlways, corev1.RestartPolicyNever, corev1.RestartPolicyOnFailure)
	if g.oneIn(3) {
		p.Spec.Resources = &corev1.ResourceRequirements{}
		if !g.oneIn(3) {
			p.Spec.Resources.Requests = g.list(odd, true)
		}
		if !g.oneIn(3) {
			p.Spec.Resources.Limits = g.list(odd, true)
		}
		if odd && g.oneIn(8) {
			p.Spec.Resources.Claims = g.claims()
		}
		if g.oneIn(2) {
			p.Spec.Resources.Limits = raisedLimits(p.Spec.Resources.Limits)
		}
	}
	if g.oneIn(5) {
		p.Spec.Overhead = g.list(odd, false)
	}
	if odd && g.oneIn(12) {
		p.Spec.OS = &corev1.PodOS{Name: corev1.Windows}
	}
	if odd && g.oneIn(2) {
		g.podClaims(p)
	}
	return p
}

func (g resourceMaker) container(name string, odd bool) corev1.Container {
	c := corev1.Container{Name: name, Image: "web:1"}
	if !g.oneIn(4) {
		c.Resources.Requests = g.list(odd, false)
	}
	if !g.oneIn(4) {
		c.Resources.Limits = g.list(odd, false)
	}
	if !odd && g.oneIn(2) {
		c.Resources.Limits = raisedLimits(c.Resources.Limits)
	}
	if g.oneIn(4) { // as a Guaranteed container
		c.Resources.Requests = c.Resources.Limits.DeepCopy()
	}
	if odd && g.oneIn(4) {
		c.Resources.Claims = g.claims()
	}
	for g.oneIn(5) {
		p := corev1.ContainerResizePolicy{ResourceName: oneOf(g, corev1.ResourceCPU, corev1.ResourceMemory), RestartPolicy: oneOf(g, corev1.NotRequired, corev1.RestartContainer)}
		if odd && g.oneIn(2) {
			p.ResourceName, p.RestartPolicy = oneOf[corev1.ResourceName](g, "", "cpu", "disk"), oneOf[corev1.ResourceResizeRestartPolicy](g, "", "Never", corev1.RestartContainer)
		}
		c.ResizePolicy = append(c.ResizePolicy, p)
	}
	return c
}

// raisedLimits gives a list that no request is above.
func raisedLimits(list corev1.ResourceList) corev1.ResourceList {
	for name := range list {
		if !strings.Contains(string(name), "/") && !strings.HasPrefix(string(name), "hugepages") {
			list[name] = resource.MustParse("64Gi")
		}
	}
	return list
}

func (g resourceMaker) list(odd, pod bool) corev1.ResourceList {
	if g.oneIn(8) {
		return oneOf(g, nil, corev1.ResourceList{})
	}
	names := []corev1.ResourceName{"cpu", "memory", "ephemeral-storage", "hugepages-2Mi", "hugepages-1Gi", "nvidia.com/gpu"}
	if pod && !odd {
		names = []corev1.ResourceName{"cpu", "memory", "hugepages-2Mi", "hugepages-1Gi"}
	}
	out := corev1.ResourceList{}
	for _, name := range names {
		if usual := name == "cpu" || name == "memory"; usual != g.oneIn(6) {
			out[name] = g.amount(name, odd)
		}
	}
	for odd && g.oneIn(4) {
		name := oneOf[corev1.ResourceName](g, "gpu", "pods", "storage", "requests.cpu", "limits.memory", "requests.hugepages-2Mi", "hugepages-", "hugepages-3", "hugepages-1n",
			"", "a b", "-x", "kubernetes.io/x", "a.kubernetes.io/y", "requests.example.com/z", "example.com/a/b", "example.com/", "/x", "Example.com/x", "example.com/dev",
			corev1.ResourceName(strings.Repeat("l", 64)), corev1.ResourceName("example.com/"+strings.Repeat("L", 70)+"-"), corev1.ResourceName(strings.Repeat("d", 245)+".io/x"))
		out[name] = g.amount(name, odd)
	}
	return out
}

func (g resourceMaker) amount(name corev1.ResourceName, odd bool) resource.Quantity {
	switch {
	case odd && g.oneIn(6):
		return resource.MustParse(oneOf(g, "-1", "-1n", "-1Gi", "0", "1n", "1u", "100u", "1500u", "0.5", "1.0001", "1e3", "3Mi", "2097153", "100m", "1E", "9E", "1e18", "1e19", "1e30", "1e40", "0.1Gi", "1.5Ki"))
	case name == "cpu":
		return resource.MustParse(oneOf(g, "0", "1m", "100m", "250m", "0.5", "1", "1500m", "2", "0.0001"))
	case strings.HasPrefix(string(name), "hugepages"):
		return resource.MustParse(oneOf(g, "0", "1Gi", "2Gi", "4Gi"))
	case strings.Contains(string(name), "/"):
		return resource.MustParse(oneOf(g, "0", "1", "2"))
	}
	return resource.MustParse(oneOf(g, "0", "32Mi", "64Mi", "128Mi", "1Gi", "1G", "100M", "134217728", "1.5Gi", "100m"))
}

func (g resourceMaker) claims() []corev1.ResourceClaim {
	var out []corev1.ResourceClaim // an empty list isn't sent
	for range g.IntN(4) {
		out = append(out, corev1.ResourceClaim{Name: oneOf(g, "", "gpu", "gpu", "nic", "Nic", "a/b", "a"), Request: oneOf(g, "", "", "one", "One_", "b")})
	}
	return out
}

func (g resourceMaker) podClaims(p *corev1.Pod) {
	if g.oneIn(10) {
		p.Annotations = map[string]string{corev1.MirrorPodAnnotationKey: "x"}
	}
	for range g.IntN(4) {
		c := corev1.PodResourceClaim{Name: oneOf(g, "", "gpu", "nic", "Nic", "a", strings.Repeat("N", 64))}
		if !g.oneIn(4) {
			c.ResourceClaimName = new(oneOf(g, "gpu", "a.b", "A", ""))
		}
		if g.oneIn(3) {
			c.ResourceClaimTemplateName = new(oneOf(g, "gpu", "a.b", "-", ""))
		}
		p.Spec.ResourceClaims = append(p.Spec.ResourceClaims, c)
	}
}

// What a pod requests and may use, and its class, are those that the scheduler and
// the API server find once they have filled in what the pod leaves out.
func TestResourcesOfAPod(t *testing.T) {
	classes, from := map[corev1.PodQOSClass]int{}, map[string]int{}
	for p := range resourcePods(1, 20000) {
		before := p.DeepCopy()
		got := check.Resources(p)
		require.Equal(t, before, p, "the pod is written to")
		_ = got.String()
		legacyscheme.Scheme.Default(p)
		// They add the overhead to quantities of the pod itself.
		requireResources(t, resourcehelper.PodRequests(p.DeepCopy(), resourcehelper.PodResourcesOptions{}), got.Requests, p)
		requireResources(t, resourcehelper.PodLimits(p.DeepCopy(), resourcehelper.PodResourcesOptions{}), got.Limits, p)
		require.Equal(t, qos.ComputePodQOS(p), got.QoS, "%v", p.Spec)
		for i, c := range slices.Concat(p.Spec.InitContainers, p.Spec.Containers) {
			require.Equal(t, c.Name, got.Containers[i].Name)
			requireResources(t, c.Resources.Requests, got.Containers[i].Requests, p)
			requireResources(t, c.Resources.Limits, got.Containers[i].Limits, p)
		}
		classes[got.QoS]++
		for _, f := range got.RequestFrom {
			from[f]++
		}
	}
	for _, class := range []corev1.PodQOSClass{corev1.PodQOSGuaranteed, corev1.PodQOSBurstable, corev1.PodQOSBestEffort} {
		require.Greater(t, classes[class], 50, class)
	}
	for _, f := range []string{check.RunningContainers, check.PodLevel, "init0", "init2"} {
		require.Greater(t, from[f], 100, f)
	}
}

func requireResources(t *testing.T, want, got corev1.ResourceList, p *corev1.Pod) {
	t.Helper()
	require.Len(t, got, len(want), "%v: %v is not %v", p.Spec, got, want)
	for name, q := range want {
		have, ok := got[name]
		require.True(t, ok && q.Cmp(have) == 0 && q.String() == have.String(), "%s: %s is not %s in %v", name, have.String(), q.String(), p.Spec)
	}
}

// resourceRules are those of level A about what pods ask for.
var resourceRules = []string{"quantity", "req-gt-limit", "hugepages-alone", "resource-name", "pod-level-resources", "pod-level-sum", "resize-policy", "resource-claim"}

// The rules about what pods ask for say what the API server says, of pods and of
// templates.
func TestResourcesThatAreRejected(t *testing.T) {
	accepted, details := 0, map[string]int{}
	for p := range resourcePods(2, 20000) {
		found := check.Pod(p, check.Target("1.36"))
		template := check.Template(&corev1.PodTemplateSpec{ObjectMeta: p.ObjectMeta, Spec: p.Spec}, check.Target("1.36"), check.Under("template"))
		want := errorsOfPod(t, p.DeepCopy())
		require.Equal(t, saidOfResources(want), foundOfResources(found), "%v", p.Spec)
		require.Equal(t, saidOfResources(errorsOfTemplate(t, p.DeepCopy())), foundOfResources(template), "template %v", p.Spec)
		if len(want) == 0 {
			accepted++
		}
		for _, e := range want {
			details[string(e.Type)+" "+e.Detail]++
		}
	}
	require.Greater(t, accepted, 2000)
	require.Greater(t, len(details), 50, "%v", details)
}

func errorsOfPod(t *testing.T, p *corev1.Pod) field.ErrorList {
	t.Helper()
	legacyscheme.Scheme.Default(p)
	var in core.Pod
	require.NoError(t, legacyscheme.Scheme.Convert(p, &in, nil))
	podutil.DropDisabledPodFields(&in, nil)
	opts := podutil.GetValidationOptionsFromPodSpecAndMeta(&in.Spec, nil, &in.ObjectMeta, nil)
	opts.ResourceIsPod = true
	return corevalidation.ValidatePodCreate(&in, opts)
}

func errorsOfTemplate(t *testing.T, p *corev1.Pod) field.ErrorList {
	t.Helper()
	out := &corev1.PodTemplate{Template: corev1.PodTemplateSpec{ObjectMeta: p.ObjectMeta, Spec: p.Spec}}
	legacyscheme.Scheme.Default(out)
	var in core.PodTemplate
	require.NoError(t, legacyscheme.Scheme.Convert(out, &in, nil))
	podutil.DropDisabledTemplateFields(&in.Template, nil)
	opts := podutil.GetValidationOptionsFromPodTemplate(&in.Template, nil)
	return corevalidation.ValidatePodTemplateSpec(&in.Template, field.NewPath("template"), opts)
}

var (
	aboutResources = regexp.MustCompile(`^\[\]$|\.resources\b|resizePolicy|resourceClaims|overhead`)
	overheadPath   = regexp.MustCompile(`spec\.overhead\.limits`)
	podLimitPath   = regexp.MustCompile(`resources\.containers(\[\d+\])(\[.*\])\.limits$`)
	resizePath     = regexp.MustCompile(`\.resizePolicy\[\d+\]\..*$`)
	claimOfAMirror = regexp.MustCompile(`^(template\.)?spec\.resourceClaims\[\d+\]$`)
	onlyOfAMirror  = "static pods do not support resource claims"
)

// saidOfResources gives what the API server says of what a pod asks for, with the paths that
// it should have: some of its own are those of another field, or of no field.
func saidOfResources(all field.ErrorList) []string {
	var out []string
	for _, e := range all {
		if !aboutResources.MatchString(e.Field) {
			continue
		}
		path := overheadPath.ReplaceAllString(e.Field, "spec.overhead")
		path = podLimitPath.ReplaceAllString(path, "containers$1.resources.limits$2")
		out = append(out, resourceLine(e.Type, path, e.Detail))
	}
	return distinctLines(out)
}

// foundOfResources gives what a check says of it.
func foundOfResources(all check.Findings) []string {
	var out []string
	for _, f := range all {
		if !slices.Contains(resourceRules, f.Rule) {
			continue
		}
		path := f.Path
		if f.Detail == onlyOfAMirror {
			path = claimOfAMirror.ReplaceAllString(path, "[]")
		}
		out = append(out, resourceLine(f.Type, path, f.Detail))
	}
	return distinctLines(out)
}

func resourceLine(kind field.ErrorType, path, detail string) string {
	return fmt.Sprintf("%s %s: %s", path, kind, detail)
}

func distinctLines(lines []string) []string {
	for i := range lines {
		lines[i] = resizePath.ReplaceAllStringFunc(lines[i], func(s string) string {
			_, rest, _ := strings.Cut(s, " ")
			return ".resizePolicy " + rest
		})
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}
