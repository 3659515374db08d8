package check_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// meshed has a mesh, and an init container with such arguments.
func meshed(note, value string, args ...string) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		p.Annotations = map[string]string{note: value}
		initOf(p).Args = args
	}
}

func TestMeshInitNetwork(t *testing.T) {
	const on = "linkerd.io/inject"
	early := func(host, field string) []string {
		return []string{"W spec.initContainers[0]" + field + `: Invalid value: "` + host + `": the proxy of Linkerd isn't there yet when the container talks to ` + host}
	}
	also := func(note, value string) func(*corev1.Pod) {
		return func(p *corev1.Pod) {
			meshed(on, "enabled", "http://web")(p)
			p.Annotations[note] = value
		}
	}
	try(t, []example{
		{"mesh-init-network", "a URL", meshed(on, "enabled", "-x", "postgres://me:pw@db.default:5432/web"), early("db.default", ".args[1]")},
		{"mesh-init-network", "a script", meshed(on, "enabled", "# see http://docs\ncurl -f \"http://web:8080/x\" || exit 1"), early("web", ".args[0]")},
		{"mesh-init-network", "a variable", func(p *corev1.Pod) {
			meshed(on, "enabled")(p)
			initOf(p).Env = []corev1.EnvVar{{Name: "A", Value: "b"}, {Name: "URL", Value: "amqp://mq"}}
		}, early("mq", ".env[1].value")},

		{"mesh-init-network", "no mesh", meshed(on, "disabled", "http://web"), nil},
		{"mesh-init-network", "no network", meshed(on, "enabled", "chown", "app:1000", "file:///etc", "unix:///run/x.sock"), nil},
		{"mesh-init-network", "the pod itself", meshed(on, "enabled", "http://localhost:80", "http://127.0.0.1/a", "http://[::1]:8080/"), nil},
		{"mesh-init-network", "nobody knows where", meshed(on, "enabled", "http://$HOST:80"), nil},
		{"mesh-init-network", "native sidecars", also("config.linkerd.io/proxy-enable-native-sidecar", "true"), nil},
		{"mesh-init-network", "native sidecars before 2.20", also("config.beta.linkerd.io/proxy-enable-native-sidecar", "true"), nil},
		{"mesh-init-network", "a port that passes the proxy", also("config.linkerd.io/skip-outbound-ports", "80"), nil},
		{"mesh-init-network", "a user who passes the proxy", func(p *corev1.Pod) {
			meshed(on, "enabled", "http://web")(p)
			initOf(p).SecurityContext = &corev1.SecurityContext{RunAsUser: new(int64(2102))}
		}, nil},
		{"mesh-init-network", "a native sidecar has time", func(p *corev1.Pod) {
			meshed(on, "enabled")(p)
			sideOf(p).Args = []string{"http://web"}
		}, nil},
		{"mesh-init-network", "Istio of today", meshed("sidecar.istio.io/inject", "true", "http://web"), nil},
	}...)
}

func TestMeshInitNetworkByVersionAndIntent(t *testing.T) {
	p := goodPod()
	p.Labels = map[string]string{"sidecar.istio.io/inject": "true"}
	dials := check.Intended(check.Intent{Dials: []check.Dial{{Container: "init", Host: "db", Port: 5432}}})
	count := func(opts ...check.Option) int { return len(of(check.Pod(p, opts...), "mesh-init-network")) }
	require.Equal(t, 1, count(check.Target("1.32"), dials))
	require.Equal(t, 0, count(check.Target("1.33"), dials))
	require.Equal(t, 0, count(check.Target("1.32")))
	require.Equal(t, 0, count(check.Target("1.32"), check.Intended(check.Intent{Dials: []check.Dial{{Container: "init", Host: "localhost", Port: 80}}})))
	p.Annotations = map[string]string{"sidecar.istio.io/nativeSidecar": "false"}
	require.Equal(t, 1, count(dials))
}
