package check_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

func podSpec(change func(*corev1.PodSpec)) func(*corev1.Pod) {
	return func(p *corev1.Pod) { change(&p.Spec) }
}

func TestPodFields(t *testing.T) {
	const badIP = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
	try(t, []example{
		{"restart-policy", "another", podSpec(func(s *corev1.PodSpec) { s.RestartPolicy = "always" }), []string{`A spec.restartPolicy: Unsupported value: "always": supported values: "Always", "OnFailure", "Never"`}},
		{"restart-policy", "Never", podSpec(func(s *corev1.PodSpec) { s.RestartPolicy = "Never" }), nil},
		{"deadline", "none", podSpec(func(s *corev1.PodSpec) { s.ActiveDeadlineSeconds = new(int64(0)) }), []string{"A spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive"}},
		{"deadline", "too late", podSpec(func(s *corev1.PodSpec) { s.ActiveDeadlineSeconds = new(int64(1 << 31)) }), []string{"A spec.activeDeadlineSeconds: Invalid value: 2147483648: must be between 1 and 2147483647, inclusive"}},
		{"deadline", "a second", podSpec(func(s *corev1.PodSpec) { s.ActiveDeadlineSeconds = new(int64(1)) }), nil},
		{"grace-period", "negative", podSpec(func(s *corev1.PodSpec) { s.TerminationGracePeriodSeconds = new(int64(-1)) }), []string{"W spec.terminationGracePeriodSeconds: Invalid value: -1: must be >= 0; negative values are invalid and will be treated as 1"}},
		{"grace-period", "none", podSpec(func(s *corev1.PodSpec) { s.TerminationGracePeriodSeconds = new(int64(0)) }), nil},

		{"dns-policy", "another", podSpec(func(s *corev1.PodSpec) { s.DNSPolicy = "none" }), []string{`A spec.dnsPolicy: Unsupported value: "none": supported values: "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"`}},
		{"dns-policy", "None alone", podSpec(func(s *corev1.PodSpec) { s.DNSPolicy = "None" }), []string{"A spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None"}},
		{"dns-policy", "Default", podSpec(func(s *corev1.PodSpec) { s.DNSPolicy = "Default" }), nil},
		{"dns-config", "None without servers, and nothing else said", podSpec(func(s *corev1.PodSpec) {
			s.DNSPolicy, s.DNSConfig = "None", &corev1.PodDNSConfig{Searches: []string{"-"}}
		}), []string{"A spec.dnsConfig.nameservers: Required value: must provide at least one DNS nameserver when `dnsPolicy` is None"}},
		{"dns-config", "four servers", podSpec(func(s *corev1.PodSpec) {
			s.DNSConfig = &corev1.PodDNSConfig{Nameservers: []string{"192.0.2.1", "dns", "2001:db8::1", "fe80::1%eth0"}, Options: []corev1.PodDNSConfigOption{{}}}
		}), []string{
			`A spec.dnsConfig.nameservers: Invalid value: ["192.0.2.1","dns","2001:db8::1","fe80::1%eth0"]: must not have more than 3 nameservers`,
			`A spec.dnsConfig.nameservers[1]: Invalid value: "dns": ` + badIP,
			`A spec.dnsConfig.nameservers[3]: Invalid value: "fe80::1%eth0": ` + badIP,
			"A spec.dnsConfig.options[0]: Required value: must not be empty"}},
		{"dns-config", "as many searches as may be", podSpec(func(s *corev1.PodSpec) {
			s.DNSConfig = &corev1.PodDNSConfig{Searches: append(slices.Repeat([]string{strings.Repeat("a", 63)}, 31), strings.Repeat("a", 63)+".")}
		}), nil},
		{"dns-config", "a search that is long", podSpec(func(s *corev1.PodSpec) {
			s.DNSConfig = &corev1.PodDNSConfig{Searches: append(slices.Repeat([]string{strings.Repeat("a", 63)}, 31), strings.Repeat("a", 65))}
		}), []string{"A spec.dnsConfig.searches: " + `Invalid value: ["` + strings.Repeat(strings.Repeat("a", 63)+`","`, 31) + strings.Repeat("a", 65) + `"]: must not have more than 2048 characters (including spaces) in the search list`}},
		{"dns-config", "relaxed searches", podSpec(func(s *corev1.PodSpec) {
			s.DNSConfig = &corev1.PodDNSConfig{Searches: []string{".", "_srv._tcp.example.com", "example.com."}}
		}), nil},

		{"host-alias", "no address and no name", podSpec(func(s *corev1.PodSpec) {
			s.HostAliases = []corev1.HostAlias{{IP: "", Hostnames: []string{"ok", "A"}}}
		}), []string{`A spec.hostAliases[0].hostnames[1]: Invalid value: "A": ` + badSubdomain, `A spec.hostAliases[0].ip: Invalid value: "": ` + badIP}},
		{"host-alias", "addresses", podSpec(func(s *corev1.PodSpec) { s.HostAliases = []corev1.HostAlias{{IP: "127.0.0.1"}, {IP: "FE80:0::1"}} }), nil},
		{"hostname", "dots", podSpec(func(s *corev1.PodSpec) { s.Hostname, s.Subdomain = "a.b", "A" }), []string{
			`A spec.hostname: Invalid value: "a.b": must not contain dots`, `A spec.subdomain: Invalid value: "A": ` + label63}},
		{"hostname", "an override beside others", podSpec(func(s *corev1.PodSpec) {
			s.HostnameOverride, s.SetHostnameAsFQDN, s.HostNetwork = new(strings.Repeat("a", 65)), new(true), true
		}), []string{
			"A spec.hostnameOverride: Forbidden: may not be specified when setHostnameAsFQDN is true",
			"A spec.hostnameOverride: Forbidden: may not be specified when hostNetwork is true",
			"A spec.hostnameOverride: Too long: may not be more than 64 bytes"}},
		{"hostname", "an override", podSpec(func(s *corev1.PodSpec) { s.HostnameOverride = new("web.example.com") }), nil},

		{"pod-reference", "names that are none", podSpec(func(s *corev1.PodSpec) {
			s.ServiceAccountName, s.PriorityClassName, s.RuntimeClassName = "{{x}}", "A", new("")
			s.ImagePullSecrets = []corev1.LocalObjectReference{{Name: "ok"}, {}}
		}), []string{
			`W spec.imagePullSecrets[1].name: Invalid value: "": no secret has such a name: the node pulls without it`,
			`A spec.priorityClassName: Invalid value: "A": ` + badSubdomain,
			`A spec.runtimeClassName: Invalid value: "": ` + badSubdomain,
			`A spec.serviceAccountName: Invalid value: "{{x}}": ` + badSubdomain}},
		{"pod-reference", "the deprecated name", podSpec(func(s *corev1.PodSpec) { s.DeprecatedServiceAccount = "A" }), []string{`A spec.serviceAccountName: Invalid value: "A": ` + badSubdomain}},
		{"pod-reference", "the deprecated name doesn't count", podSpec(func(s *corev1.PodSpec) { s.DeprecatedServiceAccount, s.ServiceAccountName = "A", "a" }), nil},
	}...)
}

func TestPodFieldsOfOtherVersions(t *testing.T) {
	p := goodPod()
	p.Spec.HostAliases = []corev1.HostAlias{{IP: "010.0.0.1"}, {IP: "::ffff:192.0.2.1"}}
	p.Spec.HostnameOverride = new("A")
	p.Spec.DNSConfig = &corev1.PodDNSConfig{Searches: []string{".", "a_b"}}
	at := func(target, rule string) int {
		return len(of(check.Pod(p, check.Target(target), check.AtLeast(check.Rejected)), rule))
	}
	require.Equal(t, 0, at("1.35", "host-alias"))
	require.Len(t, of(check.Pod(p), "host-alias").Warnings(), 2)
	require.Equal(t, 2, at("1.36", "host-alias"))
	require.Equal(t, 1, at("1.35", "hostname"))
	require.Equal(t, 0, at("1.34", "hostname"))
	require.Equal(t, 0, at("1.33", "dns-config"))
	require.Equal(t, 2, at("1.32", "dns-config"))
}
