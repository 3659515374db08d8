package check_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
)

func annotate(pairs ...string) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		p.Annotations = map[string]string{}
		for i := 0; i < len(pairs); i += 2 {
			p.Annotations[pairs[i]] = pairs[i+1]
		}
	}
}

func TestSeccomp(t *testing.T) {
	local := corev1.SeccompProfileTypeLocalhost
	ofPod := func(s corev1.SeccompProfile) func(*corev1.Pod) {
		return podSecured(corev1.PodSecurityContext{SeccompProfile: &s})
	}
	const path = "spec.securityContext.seccompProfile"
	const key, web = corev1.SeccompPodAnnotationKey, corev1.SeccompContainerAnnotationKeyPrefix + "web"
	try(t,
		example{"seccomp-profile", "no type", ofPod(corev1.SeccompProfile{}), []string{"A " + path + ".type: Required value: type is required when seccompProfile is set"}},
		example{"seccomp-profile", "no such type", secured(initOf, corev1.SecurityContext{SeccompProfile: &corev1.SeccompProfile{Type: "Default"}}),
			[]string{`A spec.initContainers[0].securityContext.seccompProfile.type: Unsupported value: "Default": supported values: "Localhost", "RuntimeDefault", "Unconfined"`}},
		example{"seccomp-profile", "no file", ofPod(corev1.SeccompProfile{Type: local}), []string{"A " + path + ".localhostProfile: Required value: must be set when seccomp type is Localhost"}},
		example{"seccomp-profile", "a file out of the folder", ofPod(corev1.SeccompProfile{Type: local, LocalhostProfile: new("/a/../b")}), []string{
			"A " + path + `.localhostProfile: Invalid value: "/a/../b": must be a relative path`,
			"A " + path + `.localhostProfile: Invalid value: "/a/../b": must not contain '..'`}},
		example{"seccomp-profile", "a file for nothing", ofPod(corev1.SeccompProfile{Type: "RuntimeDefault", LocalhostProfile: new("a")}),
			[]string{"A " + path + `.localhostProfile: Invalid value: "a": can only be set when seccomp type is Localhost`}},
		example{"seccomp-profile", "a file", ofPod(corev1.SeccompProfile{Type: local, LocalhostProfile: new("a..b/c.json")}), nil},
		example{"seccomp-profile", "an annotation without sense", annotate(web, "strict"),
			[]string{"A metadata.annotations[" + web + `]: Invalid value: "strict": must be a valid seccomp profile`}},
		example{"seccomp-profile", "an annotation with a file out of the folder", annotate(key, "localhost/.."),
			[]string{"A metadata.annotations[" + key + `]: Invalid value: "..": must not contain '..'`}},
		example{"seccomp-profile", "the pod's field says something else", func(p *corev1.Pod) {
			annotate(key, "unconfined")(p)
			ofPod(corev1.SeccompProfile{Type: "RuntimeDefault"})(p)
		}, []string{"A " + path + ".type: Forbidden: seccomp type in annotation and field must match"}},
		example{"seccomp-profile", "the container's field has another file", func(p *corev1.Pod) {
			annotate(web, "localhost/a")(p)
			secured(webOf, corev1.SecurityContext{SeccompProfile: &corev1.SeccompProfile{Type: local, LocalhostProfile: new("b")}})(p)
		}, []string{"A spec.containers[0].securityContext.seccompProfile.localhostProfile: Forbidden: seccomp profile in annotation and field must match"}},
		example{"seccomp-profile", "the container's annotation and the pod's field", func(p *corev1.Pod) {
			annotate(web, "unconfined")(p)
			ofPod(corev1.SeccompProfile{Type: "RuntimeDefault"})(p)
		}, nil},
		example{"seccomp-annotation", "a container's without the field", annotate(web, "runtime/default"),
			[]string{"W metadata.annotations[" + web + `]: Forbidden: non-functional in v1.27+; use the "seccompProfile" field instead`}},
		example{"seccomp-annotation", "of nobody", annotate(web+"x", "runtime/default"), nil},
		example{"seccomp-annotation", "beside the field", func(p *corev1.Pod) {
			annotate(key, "docker/default")(p)
			ofPod(corev1.SeccompProfile{Type: "RuntimeDefault"})(p)
		}, nil},
	)
}
