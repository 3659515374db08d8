package check_test

import (
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

func TestAppArmor(t *testing.T) {
	local := corev1.AppArmorProfileTypeLocalhost
	ofPod := func(a corev1.AppArmorProfile) func(*corev1.Pod) {
		return podSecured(corev1.PodSecurityContext{AppArmorProfile: &a})
	}
	const path = "spec.securityContext.appArmorProfile"
	const web = corev1.DeprecatedAppArmorBetaContainerAnnotationKeyPrefix + "web"
	try(t,
		example{"apparmor-profile", "no type", ofPod(corev1.AppArmorProfile{LocalhostProfile: new("a")}), []string{"A " + path + ".type: Required value: type is required when appArmorProfile is set"}},
		example{"apparmor-profile", "no such type", secured(sideOf, corev1.SecurityContext{AppArmorProfile: &corev1.AppArmorProfile{Type: "On"}}),
			[]string{`A spec.initContainers[1].securityContext.appArmorProfile.type: Unsupported value: "On": supported values: "Localhost", "RuntimeDefault", "Unconfined"`}},
		example{"apparmor-profile", "no name", ofPod(corev1.AppArmorProfile{Type: local, LocalhostProfile: new("")}), []string{"A " + path + ".localhostProfile: Required value: must be set when AppArmor type is Localhost"}},
		example{"apparmor-profile", "too much space for a name", ofPod(corev1.AppArmorProfile{Type: local, LocalhostProfile: new(strings.Repeat(" ", 4096))}), []string{
			"A " + path + `.localhostProfile: Invalid value: "` + strings.Repeat(" ", 4096) + `": must not be padded with whitespace`,
			"A " + path + ".localhostProfile: Too long: may not be more than 4095 bytes"}},
		example{"apparmor-profile", "a name for nothing", ofPod(corev1.AppArmorProfile{Type: "Unconfined", LocalhostProfile: new("a")}),
			[]string{"A " + path + `.localhostProfile: Invalid value: "a": can only be set when AppArmor type is Localhost`}},
		example{"apparmor-profile", "an annotation for nobody, without sense", annotate(web+"x", "on"), []string{
			"A metadata.annotations[" + web + `x]: Invalid value: "webx": container not found`,
			"A metadata.annotations[" + web + `x]: Invalid value: "on": invalid AppArmor profile name: "on"`}},
		example{"apparmor-profile", "the container's field says something else", func(p *corev1.Pod) {
			annotate(web, "unconfined")(p)
			secured(webOf, corev1.SecurityContext{AppArmorProfile: &corev1.AppArmorProfile{Type: "RuntimeDefault"}})(p)
		}, []string{"A spec.containers[0].securityContext.appArmorProfile.type: Forbidden: apparmor type in annotation and field must match"}},
		example{"apparmor-profile", "another profile of the node", func(p *corev1.Pod) {
			annotate(web, "localhost/a")(p)
			secured(webOf, corev1.SecurityContext{AppArmorProfile: &corev1.AppArmorProfile{Type: local, LocalhostProfile: new("b")}})(p)
		}, []string{"A spec.containers[0].securityContext.appArmorProfile.localhostProfile: Forbidden: apparmor profile in annotation and field must match"}},
		example{"apparmor-profile", "Windows doesn't compare", func(p *corev1.Pod) {
			annotate(web, "unconfined")(p)
			p.Spec.OS = &corev1.PodOS{Name: corev1.Windows}
			secured(webOf, corev1.SecurityContext{AppArmorProfile: &corev1.AppArmorProfile{Type: "RuntimeDefault"}})(p)
		}, nil},
		example{"apparmor-annotation", "no field", annotate(web, "runtime/default"),
			[]string{"W metadata.annotations[" + web + `]: Forbidden: deprecated since v1.30; use the "appArmorProfile" field instead`}},
		example{"apparmor-annotation", "the pod's field says the same", func(p *corev1.Pod) {
			annotate(web, "localhost/a")(p)
			ofPod(corev1.AppArmorProfile{Type: local, LocalhostProfile: new("a")})(p)
		}, nil},
	)
}

// The API server makes a field of the annotation of a pod before it compares; of
// that of a template it doesn't.
func TestAppArmorAnnotationOfATemplate(t *testing.T) {
	p := goodPod()
	annotate(corev1.DeprecatedAppArmorBetaContainerAnnotationKeyPrefix+"web", "unconfined")(p)
	podSecured(corev1.PodSecurityContext{AppArmorProfile: &corev1.AppArmorProfile{Type: "RuntimeDefault"}})(p)
	require.Empty(t, of(check.Pod(p), "apparmor-profile"))
	found := of(check.Template(&corev1.PodTemplateSpec{ObjectMeta: p.ObjectMeta, Spec: p.Spec}), "apparmor-profile")
	require.Len(t, found, 1)
	require.Equal(t, "spec.containers[0].securityContext.appArmorProfile.type", found[0].Path)
}
