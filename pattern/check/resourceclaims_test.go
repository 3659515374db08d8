package check_test

import (
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// devices gives a pod with claims, whose app uses some: "claim" or "claim/request".
func devices(claims []corev1.PodResourceClaim, uses ...string) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		p.Spec.ResourceClaims = claims
		for _, u := range uses {
			name, request, _ := strings.Cut(u, "/")
			webOf(p).Resources.Claims = append(webOf(p).Resources.Claims, corev1.ResourceClaim{Name: name, Request: request})
		}
	}
}

func TestResourceClaims(t *testing.T) {
	claim := func(name, of, template string) corev1.PodResourceClaim {
		out := corev1.PodResourceClaim{Name: name}
		if of != "-" {
			out.ResourceClaimName = &of
		}
		if template != "-" {
			out.ResourceClaimTemplateName = &template
		}
		return out
	}
	pod := func(claims ...corev1.PodResourceClaim) []corev1.PodResourceClaim { return claims }
	gpu := claim("gpu", "gpu", "-")
	const used = "A spec.containers[0].resources.claims"
	const subdomain = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
	try(t,
		example{"resource-claim", "no name", devices(pod(claim("", "a", "-"))), []string{"A spec.resourceClaims[0].name: Required value"}},
		example{"resource-claim", "one name twice", devices(pod(gpu, claim("gpu", "-", "a"))), []string{`A spec.resourceClaims[1].name: Duplicate value: "gpu"`}},
		example{"resource-claim", "a capital", devices(pod(claim("Gpu", "a", "-"))), []string{`A spec.resourceClaims[0].name: Invalid value: "Gpu": ` + label63}},
		example{"resource-claim", "two sources, and none", devices(pod(claim("a", "a", "a"), claim("b", "-", "-"))), []string{
			"A spec.resourceClaims[0]: Invalid value: at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified",
			"A spec.resourceClaims[1]: Invalid value: must specify one of: `resourceClaimName`, `resourceClaimTemplateName`"}},
		example{"resource-claim", "a source that is no name", devices(pod(claim("a", "A", "-"), claim("b", "-", "x.y"))), []string{
			`A spec.resourceClaims[0].resourceClaimName: Invalid value: "A": ` + subdomain}},
		example{"resource-claim", "a static pod", func(p *corev1.Pod) {
			p.Annotations = map[string]string{corev1.MirrorPodAnnotationKey: "x"}
			devices(pod(claim("", "a", "-")))(p)
		}, []string{"A spec.resourceClaims[0]: Forbidden: static pods do not support resource claims"}},
		example{"resource-claim", "not there, of none", devices(nil, "gpu", ""), []string{
			used + `[0]: Not found: "gpu": must be one of the names in pod.spec.resourceClaims which is empty`,
			used + "[1]: Required value"}},
		example{"resource-claim", "not there, of two", devices(pod(gpu, claim("dev", "a", "-")), "nic"), []string{
			used + `[0]: Not found: "nic": must be one of the names in pod.spec.resourceClaims: dev, gpu`}},
		example{"resource-claim", "all of it, and some of it", devices(pod(gpu), "gpu", "gpu/one", "gpu"), []string{
			used + `[1]: Duplicate value: "gpu"`, used + `[2]: Duplicate value: "gpu"`}},
		example{"resource-claim", "some of it, and all of it", devices(pod(gpu), "gpu/one", "gpu/one", "gpu/Two", "gpu"), []string{
			used + `[1]: Duplicate value: "gpu/one"`, used + `[2].request: Invalid value: "Two": ` + label63, used + `[3]: Duplicate value: "gpu"`}},
		example{"resource-claim", "two requests of one claim", devices(pod(gpu), "gpu/one", "gpu/two"), nil},
	)
	p := goodPod()
	devices(pod(gpu), "nic")(p)
	require.Len(t, of(check.Pod(p, check.Target("1.34")), "resource-claim"), 1)
	require.Empty(t, of(check.Pod(p, check.Target("1.34")), "resource-claim-version"))
	require.Empty(t, of(check.Pod(p, check.Target("1.33")), "resource-claim"), "the fields are dropped")
	require.Len(t, of(check.Pod(p, check.Target("1.33")), "resource-claim-version"), 1)
}
