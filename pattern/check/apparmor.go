package check

import (
	"fmt"
	"strings"

	"github.com/podpattern/podpattern/internal/release"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

const (
	appArmorOfContainer = corev1.DeprecatedAppArmorBetaContainerAnnotationKeyPrefix
	// maxAppArmorProfile is PATH_MAX - 1.
	maxAppArmorProfile = 4095
)

var appArmorRules = []Rule{
	{ID: "apparmor-profile", Level: Rejected,
		Title: "an AppArmor profile is unknown or incomplete",
		Why:   "the node wouldn't know what to confine the container with: the API server refuses the pod",
		Fix:   "RuntimeDefault; Localhost takes a localhostProfile, the name of a profile that the node has loaded",
		Bad:   `{securityContext: {appArmorProfile: {type: Localhost}}, containers: [{name: web}]}`,
		Good:  `{securityContext: {appArmorProfile: {type: Localhost, localhostProfile: web}}, containers: [{name: web}]}`,
		pod: func(x *index, r *Rule) {
			if x.target.Has(release.AppArmorFields) {
				if sc := x.spec.SecurityContext; sc != nil {
					holder{x: x}.appArmor(r, sc.AppArmorProfile)
				}
				for _, c := range x.containers {
					if c.SecurityContext != nil {
						holder{x, c}.appArmor(r, c.SecurityContext.AppArmorProfile)
					}
				}
			}
			if x.annotated(appArmorOfContainer) {
				x.appArmorAnnotations(r)
			}
		}},
	{ID: "apparmor-annotation", Level: Warning,
		Title: "an AppArmor profile is set by an annotation",
		Why:   "the annotation is deprecated since 1.30, and one that can't be understood does nothing",
		Fix:   "use the field securityContext.appArmorProfile",
		Bad:   "kind: Pod\nmetadata: {annotations: {container.apparmor.security.beta.kubernetes.io/web: runtime/default}}\nspec: {containers: [{name: web}]}",
		Good:  `containers: [{name: web, securityContext: {appArmorProfile: {type: RuntimeDefault}}}]`,
		pod:   appArmorInAnnotations},
}

// appArmor does what ValidateAppArmorProfileField does.
func (p holder) appArmor(r *Rule, a *corev1.AppArmorProfile) {
	if a == nil {
		return
	}
	const file = ".appArmorProfile.localhostProfile"
	switch a.Type {
	case corev1.AppArmorProfileTypeLocalhost:
		if a.LocalhostProfile == nil {
			p.report(r, file, required("must be set when AppArmor type is Localhost", ""))
			return
		}
		switch name := *a.LocalhostProfile; {
		case strings.TrimSpace(name) != name:
			p.report(r, file, invalid(name, "must not be padded with whitespace", ""))
		case name == "":
			p.report(r, file, required("must be set when AppArmor type is Localhost", ""))
		}
		if len(*a.LocalhostProfile) > maxAppArmorProfile {
			p.report(r, file, Finding{Type: field.ErrorTypeTooLong, Detail: fmt.Sprintf("may not be more than %d bytes", maxAppArmorProfile)})
		}
	case corev1.AppArmorProfileTypeRuntimeDefault, corev1.AppArmorProfileTypeUnconfined:
		if a.LocalhostProfile != nil {
			p.report(r, file, invalid(*a.LocalhostProfile, "can only be set when AppArmor type is Localhost", ""))
		}
	case "":
		p.report(r, ".appArmorProfile.type", required("type is required when appArmorProfile is set", ""))
	default:
		p.report(r, ".appArmorProfile.type", notSupported(a.Type, corev1.AppArmorProfileTypeLocalhost, corev1.AppArmorProfileTypeRuntimeDefault, corev1.AppArmorProfileTypeUnconfined))
	}
}

// appArmorAnnotations does what ValidateAppArmorPodAnnotations and
// validateAppArmorAnnotationsAndFieldsMatchOnCreate do.
func (x *index) appArmorAnnotations(r *Rule) {
	for key, profile := range x.meta.Annotations {
		container, ok := strings.CutPrefix(key, appArmorOfContainer)
		if !ok {
			continue
		}
		path := annotation(key)
		if _, known := x.named(container); !known {
			x.reportPod(r, path, invalid(container, "container not found", "name a container of the pod"))
		}
		if profile != "" && profile != corev1.DeprecatedAppArmorBetaProfileRuntimeDefault && profile != corev1.DeprecatedAppArmorBetaProfileNameUnconfined &&
			!strings.HasPrefix(profile, corev1.DeprecatedAppArmorBetaProfileNamePrefix) {
			x.reportPod(r, path, invalid(profile, fmt.Sprintf("invalid AppArmor profile name: %q", profile), ""))
		}
	}
	if x.windows() || !x.target.Has(release.AppArmorFields) {
		return
	}
	for _, c := range x.containers {
		annotation, found := x.meta.Annotations[appArmorOfContainer+c.Name]
		own, inherited := x.appArmorOf(c)
		switch {
		case !found, own == nil && inherited == nil:
		case own != nil:
			holder{x, c}.appArmorMatches(r, annotation, own)
		case !x.template && hasField(annotation):
			// The API server makes a field of the annotation of a pod.
		default:
			holder{x, c}.appArmorMatches(r, annotation, inherited)
		}
	}
}

// appArmorOf gives the profile of a container and that of the pod.
func (x *index) appArmorOf(c site) (own, inherited *corev1.AppArmorProfile) {
	if c.SecurityContext != nil {
		own = c.SecurityContext.AppArmorProfile
	}
	if x.spec.SecurityContext != nil {
		inherited = x.spec.SecurityContext.AppArmorProfile
	}
	return own, inherited
}

// hasField says whether the API server can make a field of an annotation.
// upstream: kubernetes/kubernetes pkg/registry/core/pod/strategy.go applyAppArmorVersionSkew
func hasField(annotation string) bool {
	name, local := strings.CutPrefix(annotation, corev1.DeprecatedAppArmorBetaProfileNamePrefix)
	if !local {
		return annotation == corev1.DeprecatedAppArmorBetaProfileNameUnconfined || annotation == corev1.DeprecatedAppArmorBetaProfileRuntimeDefault
	}
	return name != "" && strings.TrimSpace(name) == name && len(name) <= maxAppArmorProfile
}

// appArmorMatches reports a profile that says something else than the annotation.
func (p holder) appArmorMatches(r *Rule, annotation string, a *corev1.AppArmorProfile) {
	same := true
	switch a.Type {
	case corev1.AppArmorProfileTypeUnconfined:
		same = annotation == corev1.DeprecatedAppArmorBetaProfileNameUnconfined
	case corev1.AppArmorProfileTypeRuntimeDefault:
		same = annotation == corev1.DeprecatedAppArmorBetaProfileRuntimeDefault
	case corev1.AppArmorProfileTypeLocalhost:
		var name string
		name, same = strings.CutPrefix(annotation, corev1.DeprecatedAppArmorBetaProfileNamePrefix)
		if same && (a.LocalhostProfile == nil || *a.LocalhostProfile != name) {
			p.report(r, ".appArmorProfile.localhostProfile", forbidden("apparmor profile in annotation and field must match", "drop the annotation"))
		}
	}
	if !same {
		p.report(r, ".appArmorProfile.type", forbidden("apparmor type in annotation and field must match", "drop the annotation"))
	}
}

// appArmorInAnnotations warns where the API server does.
// upstream: kubernetes/kubernetes pkg/api/pod/warnings.go, and
// pkg/registry/core/pod/strategy.go for pods
func appArmorInAnnotations(x *index, r *Rule) {
	if x.windows() && !x.template || !x.target.Has(release.AppArmorFields) || !x.annotated(appArmorOfContainer) {
		return
	}
	for _, c := range x.containers {
		key := appArmorOfContainer + c.Name
		said, found := x.meta.Annotations[key]
		own, inherited := x.appArmorOf(c)
		if !found || own != nil || inherited != nil && hasField(said) && profileAgrees(inherited, said) {
			continue
		}
		x.reportPod(r, annotation(key), forbidden(`deprecated since v1.30; use the "appArmorProfile" field instead`, ""), x.party(c, ".securityContext.appArmorProfile"))
	}
}

// profileAgrees says whether a profile is what the annotation says.
func profileAgrees(a *corev1.AppArmorProfile, annotation string) bool {
	switch a.Type {
	case corev1.AppArmorProfileTypeUnconfined:
		return annotation == corev1.DeprecatedAppArmorBetaProfileNameUnconfined
	case corev1.AppArmorProfileTypeRuntimeDefault:
		return annotation == corev1.DeprecatedAppArmorBetaProfileRuntimeDefault
	}
	return a.LocalhostProfile != nil && annotation == corev1.DeprecatedAppArmorBetaProfileNamePrefix+*a.LocalhostProfile
}
