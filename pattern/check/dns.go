package check

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/names"
	"github.com/podpattern/podpattern/internal/release"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
)

// What the node's resolver is known to take.
// upstream: kubernetes/kubernetes pkg/apis/core/validation/validation.go
const (
	maxNameservers = 3
	maxSearches    = 32
	maxSearchChars = 2048
)

var dnsRules = []Rule{
	{ID: "dns-policy", Level: Rejected,
		Title: "the DNS policy is unknown, or None without a dnsConfig",
		Why:   "the containers couldn't look up any name: the API server refuses the pod",
		Fix:   "ClusterFirst; with None, name the servers in dnsConfig",
		Bad:   `dnsPolicy: None`,
		Good:  `{dnsPolicy: None, dnsConfig: {nameservers: [10.96.0.10], searches: [web.svc.cluster.local]}}`,
		pod: func(x *index, r *Rule) {
			switch x.spec.DNSPolicy {
			case "", corev1.DNSClusterFirst, corev1.DNSClusterFirstWithHostNet, corev1.DNSDefault:
			case corev1.DNSNone:
				if x.spec.DNSConfig == nil {
					x.reportPod(r, "spec.dnsConfig", required("must provide `dnsConfig` when `dnsPolicy` is None", ""))
				}
			default:
				x.reportPod(r, "spec.dnsPolicy", notSupported(x.spec.DNSPolicy,
					corev1.DNSClusterFirstWithHostNet, corev1.DNSClusterFirst, corev1.DNSDefault, corev1.DNSNone))
			}
		}},
	{ID: "dns-config", Level: Rejected,
		Title: "the DNS configuration has what no resolver takes",
		Why:   "the resolvers of the containers couldn't read it: the API server refuses the pod",
		Fix:   "at most 3 IP addresses of name servers, and 32 search domains with 2048 characters together",
		Bad:   `dnsConfig: {nameservers: [dns.example.com]}`,
		Good:  `dnsConfig: {nameservers: [192.0.2.53], options: [{name: ndots, value: "2"}]}`,
		pod:   dnsConfig},
}

// dnsConfig is validatePodDNSConfig.
// upstream: kubernetes/kubernetes pkg/apis/core/validation/validation.go
func dnsConfig(x *index, r *Rule) {
	c := x.spec.DNSConfig
	if c == nil {
		return
	}
	if x.spec.DNSPolicy == corev1.DNSNone && len(c.Nameservers) == 0 {
		x.reportPod(r, "spec.dnsConfig.nameservers", required("must provide at least one DNS nameserver when `dnsPolicy` is None", "name one, or drop the policy"))
		return
	}
	if len(c.Nameservers) > maxNameservers {
		x.reportPod(r, "spec.dnsConfig.nameservers", invalid(slices.Clone(c.Nameservers), "must not have more than 3 nameservers", "keep 3"))
	}
	for i := range c.Nameservers {
		x.address(r, &trail{name: "spec.dnsConfig.nameservers", item: i + 1}, c.Nameservers[i])
	}
	x.searches(r, c.Searches)
	for i := range c.Options {
		if c.Options[i].Name == "" {
			x.reportPod(r, "spec.dnsConfig.options"+at(i), required("must not be empty", "name the option, such as ndots"))
		}
	}
}

func (x *index) searches(r *Rule, searches []string) {
	if len(searches) > maxSearches {
		x.reportPod(r, "spec.dnsConfig.searches", invalid(slices.Clone(searches), "must not have more than 32 search paths", "keep 32"))
	}
	chars := len(searches) - 1 // the spaces between them
	for i := range searches {
		chars += len(searches[i])
	}
	if chars > maxSearchChars {
		x.reportPod(r, "spec.dnsConfig.searches", invalid(slices.Clone(searches), "must not have more than 2048 characters (including spaces) in the search list", "keep the domains that the containers need"))
	}
	relaxed := x.target.Has(release.RelaxedSearches)
	for i := range searches {
		domain := strings.TrimSuffix(searches[i], ".")
		if relaxed && searches[i] == "." || names.IsSubdomain(domain) {
			continue
		}
		messages := validation.IsDNS1123Subdomain
		if relaxed {
			messages = validation.IsDNS1123SubdomainWithUnderscore
		}
		x.reportPodEach(r, "spec.dnsConfig.searches"+at(i), domain, messages(domain))
	}
}

// address finds what is no IP address. Zeros before an octet and IPv4 inside IPv6 were
// taken once, and are none from the version on that is strict.
func (x *index) address(r *Rule, t *trail, ip string) {
	if a, err := netip.ParseAddr(ip); err == nil && a.Zone() == "" && !a.Is4In6() {
		return
	}
	lax := !x.target.Has(release.StrictAddresses) && len(validation.IsValidIPForLegacyField(nil, ip, false, nil)) == 0
	for _, e := range validation.IsValidIPForLegacyField(nil, ip, true, nil) {
		f := Finding{Type: e.Type, Value: ip, Detail: e.Detail, Fix: "an address, such as 192.0.2.10"}
		if lax {
			f.Level, f.Detail = Warning, e.Detail+" from Kubernetes "+release.StrictAddresses.String()+" on"
		}
		x.reportPod(r, t.String(), f)
	}
}
