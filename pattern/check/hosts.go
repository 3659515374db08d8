package check

import (
	"github.com/podpattern/podpattern/internal/release"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// maxHostname is what the kernel takes as the name of a host.
const maxHostname = 64

var hostRules = []Rule{
	{ID: "host-alias", Level: Rejected,
		Title: "a host alias has no IP address, or a name that no host can have",
		Why:   "it becomes a line of /etc/hosts, which must have both: the API server refuses the pod",
		Fix:   "an IP address, and names of small letters, digits, - and dots, such as db.example.com",
		Bad:   `hostAliases: [{ip: db.example.com, hostnames: [db]}]`,
		Good:  `hostAliases: [{ip: 192.0.2.10, hostnames: [db, db.example.com]}]`,
		pod: func(x *index, r *Rule) {
			for i := range x.spec.HostAliases {
				a := &x.spec.HostAliases[i]
				t := trail{name: "spec.hostAliases", item: i + 1}
				ip := t.field(".ip")
				x.address(r, &ip, a.IP)
				for j := range a.Hostnames {
					at := t.at(".hostnames", j)
					x.subdomain(r, &at, a.Hostnames[j])
				}
			}
		}},
	{ID: "host-alias-dup", Level: Warning,
		Title: "two host aliases have the same address",
		Why:   "kubectl apply and patches merge the list by address, so the names of one of the two get lost",
		Fix:   "one alias with the names of both",
		Bad:   `hostAliases: [{ip: 192.0.2.10, hostnames: [db]}, {ip: 192.0.2.10, hostnames: [cache]}]`,
		Good:  `hostAliases: [{ip: 192.0.2.10, hostnames: [db, cache]}]`,
		pod: func(x *index, r *Rule) {
			if len(x.spec.HostAliases) < 2 {
				return
			}
			var seen firsts[string]
			for i := range x.spec.HostAliases {
				ip := x.spec.HostAliases[i].IP
				if _, dup := seen.at(ip, i); dup {
					x.reportPod(r, "spec.hostAliases"+at(i)+".ip", duplicate(ip, "", ""))
				}
			}
		}},
	{ID: "hostname", Level: Rejected,
		Title: "the hostname or the subdomain of the pod is no DNS label",
		Why:   "no DNS name could be made from it: the API server refuses the pod",
		Fix:   "at most 63 of a-z, 0-9 and -, with a letter or digit at both ends",
		Bad:   `hostname: web.example.com`,
		Good:  `{hostname: web, subdomain: example}`,
		pod:   hostname},
}

// hostname holds the names of the pod's host against their forms, and
// hostnameOverride against what excludes it.
// upstream: kubernetes/kubernetes pkg/apis/core/validation/validation.go (ValidatePodSpec,
// validatePodHostName)
func hostname(x *index, r *Rule) {
	given := x.carrier == "StatefulSet" // which gives its pods both names itself
	if x.spec.Hostname != "" && !given {
		x.label(r, &trail{name: "spec.hostname"}, x.spec.Hostname)
	}
	if x.spec.Subdomain != "" && !given {
		x.label(r, &trail{name: "spec.subdomain"}, x.spec.Subdomain)
	}
	name := x.spec.HostnameOverride
	if name == nil || !x.target.Has(release.HostnameOverride) {
		return
	}
	const path = "spec.hostnameOverride"
	if isTrue(x.spec.SetHostnameAsFQDN) {
		x.reportPod(r, path, forbidden("may not be specified when setHostnameAsFQDN is true", "drop one of the two"))
	}
	if x.spec.HostNetwork {
		x.reportPod(r, path, forbidden("may not be specified when hostNetwork is true", "drop one of the two"))
	}
	if len(*name) > maxHostname {
		e := field.TooLong(nil, "", maxHostname)
		x.reportPod(r, path, Finding{Type: e.Type, Value: *name, Detail: e.Detail, Fix: "a shorter name"})
	}
	x.subdomain(r, &trail{name: path}, *name)
}
