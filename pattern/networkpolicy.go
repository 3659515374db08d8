package pattern

import (
	"cmp"
	"net"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// NetworkPolicyBuilder is an immutable builder of a NetworkPolicy; see also
// [Manifest].
type NetworkPolicyBuilder struct {
	Manifest[*networkingv1.NetworkPolicy]
}

// NetworkPolicy allows the pod what it says that it needs, and nothing else: in
// to the ports of its apps, or of what [Container.Fronts] them, of published helpers and to those that are scraped;
// out to DNS and to what its containers dial. An address becomes an egress to
// that address. A name can't stand in a NetworkPolicy: that of a Service, which
// ends in .svc, becomes an egress to its namespace, since the port of its pods,
// which a policy is about, isn't known here; another becomes an egress by its port
// to anywhere. What an app dials without a helper must be said with
// [Container.Dials].
func (p PodBuilder) NetworkPolicy() NetworkPolicyBuilder {
	at := here(ofConstructor)
	return NetworkPolicyBuilder{Manifest[*networkingv1.NetworkPolicy]{pod: p.last, make: func(s *session) (*networkingv1.NetworkPolicy, []runtime.Object) {
		b := s.read(p)
		s.selects(p, b, "NetworkPolicy", at)
		return &networkingv1.NetworkPolicy{
			TypeMeta:   metav1.TypeMeta{APIVersion: networkingv1.SchemeGroupVersion.String(), Kind: "NetworkPolicy"},
			ObjectMeta: b.workloadMeta(nil),
			Spec: networkingv1.NetworkPolicySpec{
				PodSelector: metav1.LabelSelector{MatchLabels: b.selectorLabels()},
				PolicyTypes: []networkingv1.PolicyType{networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress},
				Ingress:     b.ingress(),
				Egress:      b.egress(),
			},
		}, nil
	}}}
}

func (b *built) ingress() []networkingv1.NetworkPolicyIngressRule {
	exposed := b.exposed()
	var ports []networkingv1.NetworkPolicyPort
	for _, c := range b.containers() {
		for i, p := range c.Ports {
			isExposed := func(e exposedPort) bool { return e.container == c.Name && e.place == i }
			if slices.ContainsFunc(exposed, isExposed) || b.scrapes(c.Name, p.Name) {
				ports = append(ports, policyPort(p.Protocol, int(p.ContainerPort)))
			}
		}
	}
	if ports == nil {
		return nil
	}
	return []networkingv1.NetworkPolicyIngressRule{{Ports: ports}}
}

func (b *built) scrapes(container, port string) bool {
	return slices.ContainsFunc(b.drafts, func(d *draft) bool {
		return d.c.Name == container && slices.ContainsFunc(d.scrapes, func(s scrape) bool {
			p := d.port(s.port)
			return p != nil && p.Name == port
		})
	})
}

func (b *built) egress() []networkingv1.NetworkPolicyEgressRule {
	rules := []networkingv1.NetworkPolicyEgressRule{{Ports: []networkingv1.NetworkPolicyPort{
		policyPort(corev1.ProtocolUDP, 53), policyPort(corev1.ProtocolTCP, 53),
	}}}
	for _, u := range b.upstreams() {
		rule := networkingv1.NetworkPolicyEgressRule{Ports: []networkingv1.NetworkPolicyPort{policyPort(corev1.ProtocolTCP, u.port)}}
		if ip := net.ParseIP(u.host); ip != nil {
			cidr := ip.String() + "/128"
			if ip.To4() != nil {
				cidr = ip.To4().String() + "/32"
			}
			rule.To = []networkingv1.NetworkPolicyPeer{{IPBlock: &networkingv1.IPBlock{CIDR: cidr}}}
		} else if namespace := u.namespace(); namespace != "" {
			rule.Ports = nil
			rule.To = []networkingv1.NetworkPolicyPeer{{NamespaceSelector: &metav1.LabelSelector{MatchLabels: map[string]string{corev1.LabelMetadataName: namespace}}}}
		}
		if !slices.ContainsFunc(rules, func(o networkingv1.NetworkPolicyEgressRule) bool { return equality.Semantic.DeepEqual(o, rule) }) {
			rules = append(rules, rule)
		}
	}
	return rules
}

// namespace gives the namespace of a Service's name, such as db.prod.svc.
func (u upstream) namespace() string {
	parts := strings.Split(strings.TrimSuffix(u.host, "."), ".")
	if i := slices.Index(parts, "svc"); i >= 2 {
		return parts[i-1]
	}
	return ""
}

// upstreams gives what the pod dials outside of itself, sorted, each once.
func (b *built) upstreams() []upstream {
	var out []upstream
	add := func(dials []upstream) {
		for _, u := range dials {
			if !u.local() {
				out = append(out, u)
			}
		}
	}
	add(b.podDraft.dials)
	for _, d := range b.drafts {
		add(d.dials)
		if d.api != nil {
			// The API server: the port of its Service, and the one behind it.
			out = append(out, upstream{"kubernetes.default", 443}, upstream{"kubernetes.default", 6443})
		}
	}
	slices.SortFunc(out, func(a, b upstream) int {
		return cmp.Or(cmp.Compare(a.port, b.port), cmp.Compare(a.host, b.host))
	})
	return slices.Compact(out)
}

func policyPort(protocol corev1.Protocol, n int) networkingv1.NetworkPolicyPort {
	if protocol == "" {
		protocol = corev1.ProtocolTCP
	}
	return networkingv1.NetworkPolicyPort{Protocol: &protocol, Port: new(intstr.FromInt32(int32(n)))}
}

// Edit changes the finished NetworkPolicy. It must be a pure function; a nil one
// is an error.
func (n NetworkPolicyBuilder) Edit(f func(*networkingv1.NetworkPolicy)) NetworkPolicyBuilder {
	return NetworkPolicyBuilder{n.edited(f)}
}
