package check

import (
	"path"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

const (
	seccompOfPod       = corev1.SeccompPodAnnotationKey
	seccompOfContainer = corev1.SeccompContainerAnnotationKeyPrefix
)

var seccompRules = []Rule{
	{ID: "seccomp-profile", Level: Rejected,
		Title: "a seccomp profile is unknown or incomplete",
		Why:   "the node wouldn't know which system calls to allow: the API server refuses the pod",
		Fix:   "RuntimeDefault; Localhost takes a localhostProfile, a path below the kubelet's folder of profiles",
		Bad:   `{securityContext: {seccompProfile: {type: Localhost}}, containers: [{name: web}]}`,
		Good:  `{securityContext: {seccompProfile: {type: Localhost, localhostProfile: profiles/web.json}}, containers: [{name: web}]}`,
		pod: func(x *index, r *Rule) {
			if sc := x.spec.SecurityContext; sc != nil {
				holder{x: x}.seccomp(r, sc.SeccompProfile)
			}
			for _, c := range x.containers {
				if c.SecurityContext != nil {
					holder{x, c}.seccomp(r, c.SecurityContext.SeccompProfile)
				}
			}
			if x.annotated(seccompOfPod) || x.annotated(seccompOfContainer) {
				x.seccompAnnotations(r)
			}
		}},
	{ID: "seccomp-annotation", Level: Warning,
		Title: "a seccomp profile is set by an annotation",
		Why:   "since 1.27 nothing reads the annotation: the container runs without that profile",
		Fix:   "use the field securityContext.seccompProfile",
		Bad:   "kind: Pod\nmetadata: {annotations: {seccomp.security.alpha.kubernetes.io/pod: runtime/default}}\nspec: {securityContext: {seccompProfile: null}, containers: [{name: web}]}",
		Good:  `{securityContext: {seccompProfile: {type: RuntimeDefault}}, containers: [{name: web}]}`,
		pod:   seccompInAnnotations},
}

// annotated says whether there is an annotation whose key starts with prefix.
func (x *index) annotated(prefix string) bool {
	for key := range x.meta.Annotations {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}

// seccomp does what validateSeccompProfileField does.
func (p holder) seccomp(r *Rule, s *corev1.SeccompProfile) {
	if s == nil {
		return
	}
	switch s.Type {
	case corev1.SeccompProfileTypeRuntimeDefault, corev1.SeccompProfileTypeUnconfined, corev1.SeccompProfileTypeLocalhost:
	case "":
		p.report(r, ".seccompProfile.type", required("type is required when seccompProfile is set", ""))
	default:
		p.report(r, ".seccompProfile.type", notSupported(s.Type, corev1.SeccompProfileTypeLocalhost, corev1.SeccompProfileTypeRuntimeDefault, corev1.SeccompProfileTypeUnconfined))
	}
	switch {
	case s.Type != corev1.SeccompProfileTypeLocalhost:
		if s.LocalhostProfile != nil {
			p.report(r, ".seccompProfile.localhostProfile", invalid(*s.LocalhostProfile, "can only be set when seccomp type is Localhost", ""))
		}
	case s.LocalhostProfile == nil:
		p.report(r, ".seccompProfile.localhostProfile", required("must be set when seccomp type is Localhost", ""))
	default:
		localProfile(*s.LocalhostProfile, func(f Finding) { p.report(r, ".seccompProfile.localhostProfile", f) })
	}
}

// localProfile reports a file of a profile that may lead out of a folder.
func localProfile(p string, report func(Finding)) {
	if path.IsAbs(p) {
		report(invalid(p, "must be a relative path", ""))
	}
	if hasBackstep(p) {
		report(invalid(p, "must not contain '..'", ""))
	}
}

// seccompAnnotations does what ValidateSeccompPodAnnotations and
// validateSeccompAnnotationsAndFields do.
func (x *index) seccompAnnotations(r *Rule) {
	for key, profile := range x.meta.Annotations {
		if key != seccompOfPod && !strings.HasPrefix(key, seccompOfContainer) {
			continue
		}
		report := func(f Finding) { x.reportPod(r, annotation(key), f) }
		if file, ok := strings.CutPrefix(profile, corev1.SeccompLocalhostProfileNamePrefix); ok {
			localProfile(file, report)
		} else if profile != corev1.SeccompProfileRuntimeDefault && profile != corev1.DeprecatedSeccompProfileDockerDefault && profile != corev1.SeccompProfileNameUnconfined {
			report(invalid(profile, "must be a valid seccomp profile", ""))
		}
	}
	if sc := x.spec.SecurityContext; sc != nil {
		holder{x: x}.seccompMatches(r, seccompOfPod, sc.SeccompProfile)
	}
	for _, c := range x.containers {
		if c.SecurityContext != nil && c.SecurityContext.SeccompProfile != nil {
			holder{x, c}.seccompMatches(r, seccompOfContainer+c.Name, c.SecurityContext.SeccompProfile)
		}
	}
}

// seccompMatches reports a field that says something else than the annotation.
func (p holder) seccompMatches(r *Rule, key string, s *corev1.SeccompProfile) {
	annotation, found := p.x.meta.Annotations[key]
	if !found || s == nil {
		return
	}
	same := true
	switch s.Type {
	case corev1.SeccompProfileTypeUnconfined:
		same = annotation == corev1.SeccompProfileNameUnconfined
	case corev1.SeccompProfileTypeRuntimeDefault:
		same = annotation == corev1.SeccompProfileRuntimeDefault || annotation == corev1.DeprecatedSeccompProfileDockerDefault
	case corev1.SeccompProfileTypeLocalhost:
		var file string
		file, same = strings.CutPrefix(annotation, corev1.SeccompLocalhostProfileNamePrefix)
		if same && (s.LocalhostProfile == nil || *s.LocalhostProfile != file) {
			p.report(r, ".seccompProfile.localhostProfile", forbidden("seccomp profile in annotation and field must match", "drop the annotation"))
		}
	}
	if !same {
		p.report(r, ".seccompProfile.type", forbidden("seccomp type in annotation and field must match", "drop the annotation"))
	}
}

// seccompInAnnotations warns where the API server does.
// upstream: kubernetes/kubernetes pkg/api/pod/warnings.go
func seccompInAnnotations(x *index, r *Rule) {
	if x.target < 27 || !x.annotated(seccompOfPod) && !x.annotated(seccompOfContainer) {
		return
	}
	warn := func(key string, s *corev1.SeccompProfile, parties ...Party) {
		if _, found := x.meta.Annotations[key]; found && s == nil {
			x.reportPod(r, annotation(key), forbidden(`non-functional in v1.27+; use the "seccompProfile" field instead`, ""), parties...)
		}
	}
	var ofPod *corev1.SeccompProfile
	if x.spec.SecurityContext != nil {
		ofPod = x.spec.SecurityContext.SeccompProfile
	}
	warn(seccompOfPod, ofPod)
	for _, c := range x.containers {
		var own *corev1.SeccompProfile
		if c.SecurityContext != nil {
			own = c.SecurityContext.SeccompProfile
		}
		warn(seccompOfContainer+c.Name, own, x.party(c, ".securityContext.seccompProfile"))
	}
}
