package pattern_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// servicePod is a pod with ports of all kinds.
func servicePod() pattern.PodBuilder {
	return with(web().Port("http", 8080).Ports(9000, 9001),
		side("metrics").Port("metrics", 9100),
		side("shown").UDPPort("dns", 53).Published(),
	).WithInit(setup("i").Ports(7000)).Label("app", "web").Namespace("prod")
}

func TestPortsOfAService(t *testing.T) {
	named := func(name string, number int32) corev1.ServicePort {
		return corev1.ServicePort{Name: name, Port: number, TargetPort: intstr.FromString(name)}
	}
	number := func(name string, number int32) corev1.ServicePort {
		return corev1.ServicePort{Name: name, Port: number, TargetPort: intstr.FromInt32(number)}
	}
	dns := named("dns", 53)
	dns.Protocol = corev1.ProtocolUDP
	p := servicePod()
	for _, tt := range []struct {
		name    string
		service pattern.ServiceBuilder
		want    []corev1.ServicePort
	}{
		{"the apps' and the published", p.Service(), []corev1.ServicePort{named("http", 8080), number("web-2", 9000), number("web-3", 9001), dns}},
		{"those of a named container", p.Service("metrics"), []corev1.ServicePort{named("metrics", 9100)}},
		{"of a container whose first port has no name", with(web().Ports(80)).Label("app", "web").Service(), []corev1.ServicePort{number("web", 80)}},
		{"given by hand", p.Service().Port("http", 80, 8080).PortTo("more", 81, "http"),
			[]corev1.ServicePort{{Name: "http", Port: 80, TargetPort: intstr.FromInt32(8080)}, {Name: "more", Port: 81, TargetPort: intstr.FromString("http")}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := tt.service.Build()
			require.NoError(t, err)
			require.Equal(t, tt.want, s.Spec.Ports)
		})
	}
}

func TestAServiceIsThePods(t *testing.T) {
	s, err := servicePod().Service().Build()
	require.NoError(t, err)
	require.Equal(t, "web", s.Name)
	require.Equal(t, "prod", s.Namespace)
	require.Equal(t, map[string]string{"app": "web"}, s.Spec.Selector)

	headless, err := servicePod().Service().Headless().Type(corev1.ServiceTypeClusterIP).Build()
	require.NoError(t, err)
	require.Equal(t, corev1.ClusterIPNone, headless.Spec.ClusterIP)
	require.Equal(t, corev1.ServiceTypeClusterIP, headless.Spec.Type)
}

func TestAServiceFollowsAPortThatGotAnotherName(t *testing.T) {
	p := with(web().Port("http", 80), side("admin").Port("http", 81).Published()).Label("app", "web")
	s, err := p.Service().Build()
	require.NoError(t, err)
	require.Equal(t, "admin-http", s.Spec.Ports[1].Name)
	require.Equal(t, "admin-http", s.Spec.Ports[1].TargetPort.String())
}

func TestServicesThatCantBe(t *testing.T) {
	for _, tt := range []struct {
		name, rule string
		service    pattern.ServiceBuilder
	}{
		{"of an unknown container", "service-container", servicePod().Service("web", "nobody")},
		{"without a port", "service-ports", with(web()).Service()},
		{"of a container without a port", "service-ports", with(web().Port("http", 80), side("s")).Service("s")},
		{"with one name twice", "service-port-dup", servicePod().Service().Port("a", 80, 1).Port("a", 81, 2)},
		{"headless with a port on the nodes", "service-headless", servicePod().Service().Headless().Type("NodePort")},
		{"with one port twice", "service-port-dup", servicePod().Service().Port("a", 80, 1).Port("b", 80, 2)},
		{"of a pod whose name has a dot", "object-name", pattern.Pod("a.b").WithApp(web().Port("http", 80)).Service()},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.Contains(t, only(t, tt.service.Findings(), tt.rule).At, "service_test.go:")
		})
	}
	_, err := with(web()).Service().Headless().Build()
	require.NoError(t, err, "a headless one names pods and needs no port")
	_, err = servicePod().Service().Port("tcp", 53, 1).Edit(func(s *corev1.Service) {
		s.Spec.Ports = append(s.Spec.Ports, corev1.ServicePort{Name: "udp", Port: 53, Protocol: corev1.ProtocolUDP})
	}).Build()
	require.NoError(t, err, "another protocol is another port")
}

func TestAServiceAndABarePodWithoutItsLabel(t *testing.T) {
	p := with(web().Port("http", 80))
	for _, objects := range [][]pattern.Object{{p, p.Service()}, {p.Service(), p}} {
		_, err := pattern.Objects(objects...)
		f := only(t, findingsOf(t, err), "service-selects-nothing")
		require.Equal(t, check.Broken, f.Level)
		require.Contains(t, f.Fix, `Label("app", "web")`)
	}
	labelled := p.Label("app", "web")
	_, err := pattern.Objects(labelled, labelled.Service())
	require.NoError(t, err)
	for _, objects := range [][]pattern.Object{{p.Deployment(1), p.Service()}, {p.Service(), p.Deployment(1)}, {p.Service()}} {
		_, err := pattern.Objects(objects...)
		require.NoError(t, err, "a workload adds the label")
	}
}

func TestANetworkPolicyAllowsWhatThePodNeeds(t *testing.T) {
	p := with(
		web().Port("http", 8080),
		side("metrics").Port("metrics", 9100).Port("debug", 6060).Scrape("metrics", "/metrics"),
		side("shown").UDPPort("dns", 53).Published(),
		side("hidden").Ports(7070),
	).WithAmbassador(pattern.Ambassador("db", "db:1").
		Dials("db.example.com", 5432).Dials("other.example.com", 5432).Dials("10.0.0.9", 5432).Dials("2001:db8::1", 443).Dials("::ffff:10.0.0.7", 8443).
		Dials("127.0.0.1", 1).Dials("localhost", 2).Dials("::1", 3))
	n, err := p.NetworkPolicy().Build()
	require.NoError(t, err)
	require.Equal(t, map[string]string{"app": "web"}, n.Spec.PodSelector.MatchLabels)
	require.Equal(t, []networkingv1.PolicyType{"Ingress", "Egress"}, n.Spec.PolicyTypes)

	require.Len(t, n.Spec.Ingress, 1)
	require.Equal(t, []string{"TCP 8080", "TCP 9100", "UDP 53"}, policyPorts(n.Spec.Ingress[0].Ports))
	require.Empty(t, n.Spec.Ingress[0].From)

	type rule struct{ to, ports string }
	var got []rule
	for _, e := range n.Spec.Egress {
		r := rule{to: "any"}
		if len(e.To) > 0 {
			r.to = e.To[0].IPBlock.CIDR
		}
		for _, p := range policyPorts(e.Ports) {
			r.ports += p + " "
		}
		got = append(got, r)
	}
	require.ElementsMatch(t, []rule{
		{"any", "UDP 53 TCP 53 "},
		{"any", "TCP 5432 "},
		{"10.0.0.9/32", "TCP 5432 "},
		{"2001:db8::1/128", "TCP 443 "},
		{"10.0.0.7/32", "TCP 8443 "},
	}, got, "what is on localhost leaves no pod, and two names of one port are one rule")
}

func policyPorts(ports []networkingv1.NetworkPolicyPort) []string {
	var out []string
	for _, p := range ports {
		out = append(out, string(*p.Protocol)+" "+p.Port.String())
	}
	return out
}

func TestANetworkPolicyOfAPodThatListensNowhere(t *testing.T) {
	n, err := with(web()).NetworkPolicy().Build()
	require.NoError(t, err)
	require.Empty(t, n.Spec.Ingress, "nobody may come in")
	require.Len(t, n.Spec.Egress, 1, "out to DNS alone")
}

func TestANetworkPolicyLetsOutToTheAPIServer(t *testing.T) {
	n, err := with(web(), side("s").NeedsAPI()).NetworkPolicy().Build()
	require.NoError(t, err)
	var ports []string
	for _, e := range n.Spec.Egress[1:] {
		ports = append(ports, policyPorts(e.Ports)...)
	}
	require.Equal(t, []string{"TCP 443", "TCP 6443"}, ports)
}

// A Service has each name once, and would find the first container by it.
func TestPortsOfOneNameInTwoApps(t *testing.T) {
	o, err := with(web().Port("http", 80)).WithApp(pattern.App("b", "b:1").Port("http", 81)).Service().Build()
	require.NoError(t, err)
	require.Equal(t, []corev1.ServicePort{
		{Name: "web-http", Port: 80, TargetPort: intstr.FromInt32(80)},
		{Name: "b-http", Port: 81, TargetPort: intstr.FromInt32(81)},
	}, o.Spec.Ports)
}

// What carries no labels of its own for it is found by nobody.
func TestWhoSelectsNothing(t *testing.T) {
	p := with(web().Port("http", 80))
	for name, objects := range map[string][]pattern.Object{
		"a Service of a bare pod":       {p, p.Service()},
		"a NetworkPolicy of a bare pod": {p, p.NetworkPolicy()},
		"a Service of a Job":            {p.Job(), p.Service()},
		"a NetworkPolicy of a CronJob":  {p.CronJob("@daily"), p.NetworkPolicy()},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := pattern.Objects(objects...)
			require.Equal(t, []string{"service-selects-nothing"}, rules(findingsOf(t, err)))
		})
	}
	labelled := p.Label("app", "web")
	_, err := pattern.Objects(labelled.Job(), labelled.Service(), labelled.NetworkPolicy())
	require.NoError(t, err)
	allowed := p.Allow("service-selects-nothing", "another label selects it")
	_, err = pattern.Objects(allowed, allowed.Service())
	require.NoError(t, err)
}
