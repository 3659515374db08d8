package check

import (
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/names"
	"github.com/podpattern/podpattern/internal/release"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
)

var resourceClaimRules = []Rule{
	{ID: "resource-claim", Level: Rejected,
		Title: "a claim of devices lacks a proper name or source, or a container uses a claim that the pod doesn't list",
		Why:   "there would be no device to give to the container: the API server refuses the pod",
		Fix:   "each entry of spec.resourceClaims has a name of its own and one source; containers use those names",
		Bad:   `containers: [{name: web, resources: {claims: [{name: gpu}]}}]`,
		Good:  `{resourceClaims: [{name: gpu, resourceClaimTemplateName: gpu}], containers: [{name: web, resources: {claims: [{name: gpu}]}}]}`,
		pod:   resourceClaims},
	{ID: "resource-claim-version", Level: Broken,
		Title:  "this version of Kubernetes doesn't know claims of devices",
		Why:    "before 1.34 the API server drops the claims without a word: the containers run without their devices",
		Fix:    "ask for an extended resource, such as nvidia.com/gpu, or run on 1.34 and later",
		Bad:    `{resourceClaims: [{name: gpu, resourceClaimTemplateName: gpu}], containers: [{name: web, resources: {claims: [{name: gpu}]}}]}`,
		Good:   `containers: [{name: web, resources: {limits: {nvidia.com/gpu: 1}}}]`,
		Target: "1.33",
		pod: func(x *index, r *Rule) {
			if len(x.spec.ResourceClaims) > 0 && !x.target.Has(release.DynamicResources) {
				x.reportPod(r, "spec.resourceClaims", forbidden("Kubernetes "+x.target.String()+" drops them: claims of devices came with "+release.DynamicResources.String(), ""))
			}
		}},
}

func resourceClaims(x *index, r *Rule) {
	if !x.target.Has(release.DynamicResources) {
		return // the fields are dropped
	}
	if len(x.spec.ResourceClaims) > 0 {
		podClaims(x, r)
	}
	for _, c := range x.containers {
		if claims := c.Resources.Claims; len(claims) > 0 {
			x.claimsUsed(claims, func(under string, f Finding) { x.report(r, c, ".resources.claims"+under, f) })
		}
	}
	if of := x.podResources(); of != nil && len(of.Claims) > 0 {
		x.claimsUsed(of.Claims, func(under string, f Finding) { x.reportPod(r, "spec.resources.claims"+under, f) })
	}
}

// upstream: kubernetes/kubernetes pkg/apis/core/validation validatePodResourceClaim
func podClaims(x *index, r *Rule) {
	_, mirror := x.meta.Annotations[corev1.MirrorPodAnnotationKey]
	var seen firsts[string]
	for i := range x.spec.ResourceClaims {
		claim, place := &x.spec.ResourceClaims[i], "spec.resourceClaims"+at(i)
		if mirror && !x.template {
			x.reportPod(r, place, forbidden("static pods do not support resource claims", "leave the claim out"))
			continue
		}
		first, dup := i, false
		if claim.Name != "" {
			first, dup = seen.at(claim.Name, i)
		}
		switch {
		case claim.Name == "":
			x.reportPod(r, place+".name", required("", "give it a name"))
		case dup:
			x.reportPod(r, place+".name", duplicate(claim.Name, "", "give one of the two another name"), Party{Path: x.under + "spec.resourceClaims" + at(first) + ".name"})
		case !names.IsLabel(claim.Name):
			x.reportPodEach(r, place+".name", claim.Name, validation.IsDNS1123Label(claim.Name))
		}
		switch {
		case claim.ResourceClaimName != nil && claim.ResourceClaimTemplateName != nil:
			x.reportPod(r, place, invalid(nil, "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified", ""))
		case claim.ResourceClaimName == nil && claim.ResourceClaimTemplateName == nil:
			x.reportPod(r, place, invalid(nil, "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`", ""))
		}
		x.claimObject(r, place+".resourceClaimName", claim.ResourceClaimName)
		x.claimObject(r, place+".resourceClaimTemplateName", claim.ResourceClaimTemplateName)
	}
}

func (x *index) claimObject(r *Rule, path string, name *string) {
	if name == nil || names.IsLabel(*name) {
		return
	}
	for _, msg := range validation.IsDNS1123Subdomain(*name) {
		x.reportPod(r, path, invalid(*name, msg, "the name of an object in the namespace"))
	}
}

// claimsUsed looks at the claims that one container uses.
// upstream: kubernetes/kubernetes pkg/apis/core/validation validateResourceClaimNames
func (x *index) claimsUsed(claims []corev1.ResourceClaim, report func(under string, f Finding)) {
	used := map[string]bool{} // "claim", or "claim/request" for one request of it
	for i := range claims {
		name, request := claims[i].Name, claims[i].Request
		if name == "" {
			report(at(i), required("", "the name of a claim of the pod"))
			continue
		}
		switch {
		case used[name]:
			report(at(i), duplicate(name, "", "all of the claim is used already"))
		case request != "":
			for _, msg := range validation.IsDNS1123Label(request) {
				report(at(i)+".request", invalid(request, msg, ""))
			}
			if used[name+"/"+request] {
				report(at(i), duplicate(name+"/"+request, "", "leave one of the two out"))
			}
			used[name+"/"+request] = true
		default:
			for key := range used {
				if claim, _, of := strings.Cut(key, "/"); of && claim == name {
					report(at(i), duplicate(name, "", "use all of the claim, or some of its requests"))
					break
				}
			}
			used[name] = true
		}
		if !x.hasClaim(name) {
			f := notFound(name, "")
			f.Detail = "must be one of the names in pod.spec.resourceClaims" + x.claimNames()
			report(at(i), f)
		}
	}
}

func (x *index) hasClaim(name string) bool {
	return slices.ContainsFunc(x.spec.ResourceClaims, func(c corev1.PodResourceClaim) bool { return c.Name == name })
}

func (x *index) claimNames() string {
	var all []string
	for _, c := range x.spec.ResourceClaims {
		if c.Name != "" {
			all = append(all, c.Name)
		}
	}
	if len(all) == 0 {
		return " which is empty"
	}
	slices.Sort(all)
	return ": " + strings.Join(slices.Compact(all), ", ")
}
