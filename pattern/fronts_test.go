package pattern_test

import (
	"fmt"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
)

// standsBefore is a helper that stands before a port of the pod.
func standsBefore(name, port string, number, behind int) pattern.AmbassadorContainer {
	return pattern.Ambassador(name, name+":1").Port(port, number).Fronts(port, behind)
}

// published is a Service's ports: the name, the number and the target of each.
func published(t *testing.T, p pattern.PodBuilder, containers ...string) []string {
	t.Helper()
	s, err := p.Service(containers...).Build()
	require.NoError(t, err)
	var out []string
	for _, p := range s.Spec.Ports {
		out = append(out, fmt.Sprint(p.Name, " ", p.TargetPort.String(), " ", p.Port))
	}
	return out
}

func TestAFrontTakesTheAppsPlaceInTheService(t *testing.T) {
	app := web().Port("http", 8080).Port("admin", 9000)
	tests := map[string]struct {
		pod        pattern.PodBuilder
		containers []string
		want       []string
	}{
		"one name: the number stays":        {with(app).WithAmbassador(standsBefore("p", "http", 8443, 8080)), nil, []string{"http p-http 8080", "admin admin 9000"}},
		"another name: another protocol":    {with(app).WithAmbassador(standsBefore("p", "https", 8443, 8080)), nil, []string{"https https 8443", "admin admin 9000"}},
		"the app's too, where it says so":   {with(app.Published()).WithAmbassador(standsBefore("p", "https", 8443, 8080)), nil, []string{"https https 8443", "http http 8080", "admin admin 9000"}},
		"published twice is published once": {with(app).WithAmbassador(standsBefore("p", "https", 8443, 8080).Published()), nil, []string{"https https 8443", "admin admin 9000"}},
		"some of the app's too":             {with(app.Published("http")).WithAmbassador(standsBefore("p", "https", 8443, 8080), standsBefore("q", "admin", 9001, 9000)), nil, []string{"https https 8443", "http http 8080", "admin q-admin 9000"}},
		"one port of a helper":              {with(app, side("s").Port("metrics", 9100).Port("admin", 9101).Published("admin")), nil, []string{"http http 8080", "admin admin 9000", "s-admin s-admin 9101"}},
		"named containers are not replaced": {with(app).WithAmbassador(standsBefore("p", "https", 8443, 8080)), []string{"web"}, []string{"http http 8080", "admin admin 9000"}},
		"a front before a front":            {with(app).WithAmbassador(standsBefore("auth", "http", 4180, 8080), standsBefore("tls", "https", 8443, 4180)), nil, []string{"https https 8443", "admin admin 9000"}},
		"a front of each":                   {with(app).WithAmbassador(standsBefore("a", "http", 8443, 8080), standsBefore("b", "admin", 8444, 9000)), nil, []string{"http a-http 8080", "admin b-admin 9000"}},
		"UDP has none":                      {with(web().UDPPort("quic", 8080).Port("http", 8080)).WithAmbassador(standsBefore("p", "http", 8081, 8080)), nil, []string{"quic quic 8080", "http p-http 8080"}},
		"three in a row":                    {with(app).WithAmbassador(standsBefore("a", "a", 4180, 8080), standsBefore("b", "b", 4181, 4180), standsBefore("c", "c", 4182, 4181)), nil, []string{"c c 4182", "admin admin 9000"}},
		"both under one name":               {with(web().Port("http", 8080).Published()).WithAmbassador(standsBefore("p", "http", 8443, 8080)), nil, []string{"p-http p-http 8443", "web-http http 8080"}},
		"one port of two apps' in a number": {with(app).WithApp(pattern.App("b", "b:1").Port("http", 7070)).WithAmbassador(standsBefore("p", "https", 8443, 8080)), nil, []string{"https https 8443", "admin admin 9000", "http http 7070"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { require.Equal(t, tt.want, published(t, tt.pod, tt.containers...)) })
	}
}

func TestANetworkPolicyAllowsTheFrontInPlaceOfTheApp(t *testing.T) {
	p := with(web().Port("http", 8080)).WithAmbassador(standsBefore("tls", "https", 8443, 8080))
	n, err := p.NetworkPolicy().Build()
	require.NoError(t, err)
	require.Equal(t, []string{"TCP 8443"}, policyPorts(n.Spec.Ingress[0].Ports))
}

func TestFrontsThatLeadNowhere(t *testing.T) {
	app := web().Port("http", 8080)
	tests := map[string]struct {
		pod  pattern.PodBuilder
		want string
	}{
		"no port of the app":    {with(web()).WithAmbassador(standsBefore("p", "https", 8443, 8080)), "no other container of the pod has the TCP port"},
		"its own port":          {with(web()).WithAmbassador(standsBefore("p", "https", 8443, 8443)), "no other container of the pod has the TCP port"},
		"a UDP port":            {with(web().UDPPort("dns", 8080)).WithAmbassador(standsBefore("p", "https", 8443, 8080)), "no other container of the pod has the TCP port"},
		"no port of its own":    {with(app).WithAmbassador(pattern.Ambassador("p", "p:1").Fronts("https", 8080)), "that the container doesn't have"},
		"two fronts of a port":  {with(app).WithAmbassador(standsBefore("p", "https", 8443, 8080), standsBefore("q", "http", 8444, 8080)), "container p stands before this port already"},
		"one front of it twice": {with(app).WithAmbassador(standsBefore("p", "https", 8443, 8080).Fronts("https", 8080)), "before the port twice"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			f := only(t, tt.pod.Findings(), "fronts")
			require.Equal(t, check.Broken, f.Level)
			require.Contains(t, f.Detail, tt.want)
			require.Contains(t, f.At, "fronts_test.go:")
		})
	}
}

// Two that stand before each other are no reason to wait for ever.
func TestFrontsInACircle(t *testing.T) {
	p := with(web().Port("http", 8080)).WithAmbassador(standsBefore("a", "a", 1000, 2000), standsBefore("b", "b", 2000, 1000))
	require.Equal(t, []string{"http http 8080"}, published(t, p))
}

// All containers are told to stop at once: an app that ends at once leaves its front,
// which waits for clients, with nobody to ask.
func TestTheContainerBehindAFrontSleepsAsLong(t *testing.T) {
	front := standsBefore("p", "https", 8443, 8080).PreStop(pattern.Sleep(7))
	seconds := func(app pattern.AppContainer, front pattern.AmbassadorContainer) int64 {
		c := container(t, &build(t, with(app).WithApp(pattern.App("other", "o:1")).WithAmbassador(front)).Spec, "web")
		if c.Lifecycle == nil || c.Lifecycle.PreStop.Sleep == nil {
			return 0
		}
		return c.Lifecycle.PreStop.Sleep.Seconds
	}
	app := web().Port("http", 8080)
	require.EqualValues(t, 7, seconds(app, front))
	require.EqualValues(t, 7, seconds(app.PostStart(pattern.Exec("true")), front))
	require.EqualValues(t, 3, seconds(app.PreStop(pattern.Sleep(3)), front), "its own")
	require.Zero(t, seconds(app.PreStop(pattern.Exec("true")), front), "its own")
	require.Zero(t, seconds(app.NoPreStop(), front), "it says that it wants none")
	require.Zero(t, seconds(app, front.NoPreStop()), "a front that is not to sleep")
	require.Zero(t, seconds(app, standsBefore("p", "https", 8443, 8080)), "a front that doesn't sleep")
	require.Zero(t, seconds(app, standsBefore("p", "https", 8443, 8080).PreStop(pattern.Exec("true"))), "nobody else has its program")
	pod := build(t, with(app).WithApp(pattern.App("other", "o:1")).WithAmbassador(front))
	require.Nil(t, container(t, &pod.Spec, "other").Lifecycle)
}

func TestNoPreStop(t *testing.T) {
	c := side("s").PreStop(pattern.Sleep(5)).NoPreStop()
	pod := build(t, with(web(), c, side("b").NoPreStop(), side("p").PostStart(pattern.Exec("true")).PreStop(pattern.Sleep(5)).NoPreStop()))
	require.Nil(t, container(t, &pod.Spec, "s").Lifecycle)
	require.Nil(t, container(t, &pod.Spec, "b").Lifecycle)
	require.NotNil(t, container(t, &pod.Spec, "p").Lifecycle.PostStart)
	require.Nil(t, container(t, &pod.Spec, "p").Lifecycle.PreStop)
	require.Empty(t, own(with(web(), c).Target("1.29").Findings()), "nothing needs 1.30 any more")
}
