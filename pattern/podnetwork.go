package pattern

import (
	"github.com/podpattern/podpattern/internal/names"
	corev1 "k8s.io/api/core/v1"
)

// DNSPolicy replaces where the pod's name servers come from, by default
// ClusterFirst. One that the API doesn't have is an error.
func (p PodBuilder) DNSPolicy(policy corev1.DNSPolicy) PodBuilder {
	if bad := oneOf("spec.dnsPolicy", policy, corev1.DNSClusterFirst, corev1.DNSClusterFirstWithHostNet, corev1.DNSDefault, corev1.DNSNone); bad != nil {
		return p.reject(bad)
	}
	return p.spec(func(s *corev1.PodSpec) { s.DNSPolicy = policy })
}

// DNSConfig replaces the name servers, search domains and options that are added
// to what DNSPolicy gives.
func (p PodBuilder) DNSConfig(c corev1.PodDNSConfig) PodBuilder {
	kept := c.DeepCopy()
	return p.spec(func(s *corev1.PodSpec) { s.DNSConfig = kept.DeepCopy() })
}

// HostAlias appends a line to the pod's /etc/hosts. What is no IP address, and a
// line without names, are errors.
func (p PodBuilder) HostAlias(ip string, hostnames ...string) PodBuilder {
	a, bad := hostAlias(ip, hostnames)
	return p.add(func(s *podDraft) {
		s.reportUnder(bad, "spec.hostAliases", len(s.t.Spec.HostAliases))
		s.t.Spec.HostAliases = append(s.t.Spec.HostAliases, *a.DeepCopy())
	})
}

// Hostname replaces the host name, by default the pod's name; with subdomain, the
// name of a headless Service, the pod gets a DNS name of its own. An empty
// subdomain sets none; what is no DNS label is an error.
func (p PodBuilder) Hostname(name, subdomain string) PodBuilder {
	if !names.IsLabel(name) {
		return p.reject(notLabel("spec.hostname", name, "at most 63 of a-z, 0-9 and -"))
	}
	if subdomain != "" && !names.IsLabel(subdomain) {
		return p.reject(notLabel("spec.subdomain", subdomain, "the name of a headless Service"))
	}
	return p.spec(func(s *corev1.PodSpec) { s.Hostname, s.Subdomain = name, subdomain })
}

// HostNetwork puts the pod into the node's network: its ports are the node's.
// Pod Security baseline forbids it.
func (p PodBuilder) HostNetwork() PodBuilder {
	return p.spec(func(s *corev1.PodSpec) { s.HostNetwork = true })
}

// EnableServiceLinks says whether containers get variables for the Services of
// the namespace; by default they do.
func (p PodBuilder) EnableServiceLinks(on bool) PodBuilder {
	return p.spec(func(s *corev1.PodSpec) { v := on; s.EnableServiceLinks = &v })
}
