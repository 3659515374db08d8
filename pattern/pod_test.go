package pattern_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// What each call sets, and whether a second one replaces or appends.
func TestFieldsOfAPod(t *testing.T) {
	p := with(web())
	security := func(sc corev1.PodSecurityContext) corev1.PodSpec { return corev1.PodSpec{SecurityContext: &sc} }
	for _, tt := range []struct {
		name string
		pod  pattern.PodBuilder
		want corev1.PodSpec
	}{
		{"RestartPolicy", p.RestartPolicy(corev1.RestartPolicyNever).RestartPolicy(corev1.RestartPolicyOnFailure), corev1.PodSpec{RestartPolicy: corev1.RestartPolicyOnFailure}},
		{"TerminationGracePeriodSeconds", p.TerminationGracePeriodSeconds(1).TerminationGracePeriodSeconds(2), corev1.PodSpec{TerminationGracePeriodSeconds: new(int64(2))}},
		{"ActiveDeadlineSeconds", p.ActiveDeadlineSeconds(5), corev1.PodSpec{ActiveDeadlineSeconds: new(int64(5))}},
		{"ServiceAccount", p.ServiceAccount("a").ServiceAccount("b"), corev1.PodSpec{ServiceAccountName: "b"}},
		{"AutomountServiceAccountToken", p.AutomountServiceAccountToken(false), corev1.PodSpec{AutomountServiceAccountToken: new(false)}},
		{"PullSecret appends", p.PullSecret("a", "b").PullSecret("c"), corev1.PodSpec{ImagePullSecrets: []corev1.LocalObjectReference{{Name: "a"}, {Name: "b"}, {Name: "c"}}}},
		{"ShareProcessNamespace", p.ShareProcessNamespace(), corev1.PodSpec{ShareProcessNamespace: new(true)}},
		{"RuntimeClass", p.RuntimeClass("gvisor"), corev1.PodSpec{RuntimeClassName: new("gvisor")}},
		{"PriorityClass", p.PriorityClass("high"), corev1.PodSpec{PriorityClassName: "high"}},
		{"SchedulerName", p.SchedulerName("mine"), corev1.PodSpec{SchedulerName: "mine"}},
		{"OS", p.OS(corev1.Linux), corev1.PodSpec{OS: &corev1.PodOS{Name: corev1.Linux}}},
		{"ReadinessGate appends", p.ReadinessGate("a").ReadinessGate("b"), corev1.PodSpec{ReadinessGates: []corev1.PodReadinessGate{{ConditionType: "a"}, {ConditionType: "b"}}}},
		{"SchedulingGate appends", p.SchedulingGate("a").SchedulingGate("b"), corev1.PodSpec{SchedulingGates: []corev1.PodSchedulingGate{{Name: "a"}, {Name: "b"}}}},
		{"Requests and Limits", p.Requests("1", "").Requests("", "1Gi").Limits("2", ""), corev1.PodSpec{Resources: &corev1.ResourceRequirements{
			Requests: corev1.ResourceList{"cpu": resource.MustParse("1"), "memory": resource.MustParse("1Gi")}, Limits: corev1.ResourceList{"cpu": resource.MustParse("2")}}}},
		{"ResourceClaim appends", p.ResourceClaim("a", "x").ResourceClaim("b", "y"), corev1.PodSpec{ResourceClaims: []corev1.PodResourceClaim{{Name: "a", ResourceClaimTemplateName: new("x")}, {Name: "b", ResourceClaimTemplateName: new("y")}}}},
		{"NodeSelector sets a key", p.NodeSelector("a", "1").NodeSelector("a", "2").NodeSelector("b", "3"), corev1.PodSpec{NodeSelector: map[string]string{"a": "2", "b": "3"}}},
		{"Toleration appends", p.Toleration(corev1.Toleration{Key: "a"}).Toleration(corev1.Toleration{Key: "b"}), corev1.PodSpec{Tolerations: []corev1.Toleration{{Key: "a"}, {Key: "b"}}}},
		{"Affinity replaces", p.Affinity(corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{}}).Affinity(corev1.Affinity{PodAffinity: &corev1.PodAffinity{}}), corev1.PodSpec{Affinity: &corev1.Affinity{PodAffinity: &corev1.PodAffinity{}}}},
		{"TopologySpread appends", p.TopologySpread(spreadOver("a")).TopologySpread(spreadOver("b")), corev1.PodSpec{TopologySpreadConstraints: []corev1.TopologySpreadConstraint{spreadOver("a"), spreadOver("b")}}},
		{"DNSPolicy", p.DNSPolicy(corev1.DNSDefault), corev1.PodSpec{DNSPolicy: corev1.DNSDefault}},
		{"DNSConfig replaces", p.DNSConfig(corev1.PodDNSConfig{Searches: []string{"a"}}).DNSConfig(corev1.PodDNSConfig{Nameservers: []string{"10.0.0.1"}}), corev1.PodSpec{DNSConfig: &corev1.PodDNSConfig{Nameservers: []string{"10.0.0.1"}}}},
		{"HostAlias appends", p.HostAlias("10.0.0.1", "a").HostAlias("::1", "b", "c"), corev1.PodSpec{HostAliases: []corev1.HostAlias{{IP: "10.0.0.1", Hostnames: []string{"a"}}, {IP: "::1", Hostnames: []string{"b", "c"}}}}},
		{"Hostname", p.Hostname("a", "b"), corev1.PodSpec{Hostname: "a", Subdomain: "b"}},
		{"HostNetwork", p.HostNetwork(), corev1.PodSpec{HostNetwork: true}},
		{"EnableServiceLinks", p.EnableServiceLinks(false), corev1.PodSpec{EnableServiceLinks: new(false)}},

		{"RunAsUser refuses root with it", p.RunAsUser(5), security(corev1.PodSecurityContext{RunAsUser: new(int64(5)), RunAsNonRoot: new(true)})},
		{"RunAsUser as root", p.RunAsUser(0), security(corev1.PodSecurityContext{RunAsUser: new(int64(0)), RunAsNonRoot: new(false)})},
		{"RunAsGroup", p.RunAsGroup(5), security(corev1.PodSecurityContext{RunAsGroup: new(int64(5))})},
		{"RunAsNonRoot", p.RunAsNonRoot(), security(corev1.PodSecurityContext{RunAsNonRoot: new(true)})},
		{"FSGroup", p.FSGroup(5).FSGroupChangePolicy(corev1.FSGroupChangeOnRootMismatch), security(corev1.PodSecurityContext{FSGroup: new(int64(5)), FSGroupChangePolicy: new(corev1.FSGroupChangeOnRootMismatch)})},
		{"SupplementalGroups appends", p.SupplementalGroups(1, 2).SupplementalGroups(3), security(corev1.PodSecurityContext{SupplementalGroups: []int64{1, 2, 3}})},
		{"SeccompProfile", p.SeccompProfile(corev1.SeccompProfileTypeRuntimeDefault, ""), security(corev1.PodSecurityContext{SeccompProfile: &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault}})},
		{"Sysctl appends", p.Sysctl("net.a", "1").Sysctl("net.b", "2"), security(corev1.PodSecurityContext{Sysctls: []corev1.Sysctl{{Name: "net.a", Value: "1"}, {Name: "net.b", Value: "2"}}})},
		{"SecurityContext replaces as a whole", p.FSGroup(5).SecurityContext(corev1.PodSecurityContext{RunAsGroup: new(int64(1))}), security(corev1.PodSecurityContext{RunAsGroup: new(int64(1))})},
		{"Apply is a chain of calls", p.Apply(func(p pattern.PodBuilder) pattern.PodBuilder { return p.HostNetwork() }), corev1.PodSpec{HostNetwork: true}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.want.Containers = []corev1.Container{{Name: "web", Image: "web:1"}}
			require.Equal(t, tt.want, build(t, tt.pod).Spec)
		})
	}
}

func TestMetadataOfAPod(t *testing.T) {
	pod := build(t, with(web()).Namespace("dev").Namespace("prod").Label("a", "1").Label("a", "2").Label("b", "3").Annotation("c", "4").Annotation("c", "5"))
	require.Equal(t, "web", pod.Name)
	require.Equal(t, "prod", pod.Namespace)
	require.Equal(t, map[string]string{"a": "2", "b": "3"}, pod.Labels)
	require.Equal(t, map[string]string{"c": "5"}, pod.Annotations)
	require.Equal(t, "v1", pod.APIVersion)
	require.Equal(t, "Pod", pod.Kind)

	template, err := with(web()).Label("a", "1").Template()
	require.NoError(t, err)
	require.Equal(t, map[string]string{"a": "1"}, template.Labels)
	require.Equal(t, "web", template.Spec.Containers[0].Name)
}

func TestHardenedSetsWhatIsNotSet(t *testing.T) {
	pod := build(t, with(web(), side("s").AllowPrivilegeEscalation(true).AddCapabilities("NET_BIND_SERVICE").DropCapabilities("CHOWN")).WithInit(setup("root").RunAsUser(0)).Hardened())
	require.True(t, *pod.Spec.SecurityContext.RunAsNonRoot)
	require.Nil(t, pod.Spec.SecurityContext.RunAsUser, "the uid is the image's")
	require.Equal(t, corev1.SeccompProfileTypeRuntimeDefault, pod.Spec.SecurityContext.SeccompProfile.Type)
	require.False(t, *pod.Spec.AutomountServiceAccountToken)
	app := container(t, &pod.Spec, "web").SecurityContext
	require.False(t, *app.AllowPrivilegeEscalation)
	require.Equal(t, []corev1.Capability{"ALL"}, app.Capabilities.Drop)
	require.Nil(t, app.ReadOnlyRootFilesystem, "only who is asked has one")
	own := container(t, &pod.Spec, "s").SecurityContext
	require.True(t, *own.AllowPrivilegeEscalation)
	require.Equal(t, &corev1.Capabilities{Add: []corev1.Capability{"NET_BIND_SERVICE"}, Drop: []corev1.Capability{"CHOWN", "ALL"}}, own.Capabilities)
	require.False(t, *container(t, &pod.Spec, "root").SecurityContext.RunAsNonRoot)

	mine := build(t, with(web()).RunAsUser(0).AutomountServiceAccountToken(true).SeccompProfile(corev1.SeccompProfileTypeUnconfined, "").Hardened())
	require.False(t, *mine.Spec.SecurityContext.RunAsNonRoot)
	require.True(t, *mine.Spec.AutomountServiceAccountToken)
	require.Equal(t, corev1.SeccompProfileTypeUnconfined, mine.Spec.SecurityContext.SeccompProfile.Type)
}

// The API server refuses a privileged container that can't gain rights, and
// Linux's fields in a pod of Windows.
func TestHardenedKeepsThePodValid(t *testing.T) {
	privileged := build(t, with(web().Privileged()).Hardened())
	require.Nil(t, privileged.Spec.Containers[0].SecurityContext.AllowPrivilegeEscalation)
	windows := build(t, with(web()).OS(corev1.Windows).Hardened())
	require.Nil(t, windows.Spec.SecurityContext)
	require.Nil(t, windows.Spec.Containers[0].SecurityContext)
	require.False(t, *windows.Spec.AutomountServiceAccountToken)
}

func TestAllow(t *testing.T) {
	clash := with(web().Ports(80), side("s").Ports(80))
	require.Equal(t, []string{"port-clash-pod"}, rules(clash.Findings()))
	require.Empty(t, own(clash.Allow("port-clash-pod", "s listens later").Findings()))
	require.Len(t, own(clash.Allow("reader-without-writer", "another rule").Findings()), 1)
	build(t, clash.Allow("port-clash-pod", "s listens later"))

	rejected := with(web().Image("")).Allow("image-missing", "what the API server rejects can't be allowed")
	require.Equal(t, []string{"image-missing"}, rules(rejected.Findings()))
}

func spreadOver(key string) corev1.TopologySpreadConstraint {
	return corev1.TopologySpreadConstraint{MaxSkew: 1, TopologyKey: key, WhenUnsatisfiable: corev1.DoNotSchedule}
}
