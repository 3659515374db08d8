package check_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

func TestNativeSidecarsByVersion(t *testing.T) {
	p := goodPod()
	require.Empty(t, of(check.Pod(p, check.Target("1.29")), "native-min-version"))
	found := of(check.Pod(p, check.Target("1.28")), "native-min-version")
	require.Len(t, found, 1)
	require.Equal(t, "spec.initContainers[1].restartPolicy: Forbidden: needs Kubernetes 1.29, not 1.28", fieldError(found[0]).Error())
}

func TestNativeStart(t *testing.T) {
	const (
		deadlock = "E spec.initContainers[1].startupProbe.tcpSocket.port: Invalid value: 80: only container web declares this port, and it starts when the probe has succeeded"
		early    = "W spec.initContainers[1].startupProbe: Required value: container web needs side, and may start before it is up"
	)
	ask := func(change func(*corev1.Pod)) func(*corev1.Pod) {
		return func(p *corev1.Pod) {
			sideOf(p).StartupProbe = tcpProbe(intstr.FromInt32(80))
			webOf(p).Ports = []corev1.ContainerPort{port("", 80)}
			change(p)
		}
	}
	serve := func(change func(*corev1.Pod)) func(*corev1.Pod) {
		return func(p *corev1.Pod) {
			sideOf(p).Ports, sideOf(p).ReadinessProbe = []corev1.ContainerPort{port("", 6379)}, tcpProbe(intstr.FromInt32(6379))
			webOf(p).Env = []corev1.EnvVar{{Name: "CACHE", Value: "redis://localhost:6379/0"}}
			change(p)
		}
	}
	try(t,
		example{"native-startup-deadlock", "a port of the app", ask(func(*corev1.Pod) {}), []string{deadlock}},
		example{"native-startup-deadlock", "a port of an init container behind it", ask(func(p *corev1.Pod) {
			webOf(p).Ports = nil
			p.Spec.InitContainers = append(p.Spec.InitContainers, corev1.Container{Name: "web", Image: "a:1", Ports: []corev1.ContainerPort{port("", 80)}})
		}), []string{deadlock}},
		example{"native-startup-deadlock", "its own port too", ask(func(p *corev1.Pod) { sideOf(p).Ports = []corev1.ContainerPort{port("", 80)} }), nil},
		example{"native-startup-deadlock", "a port that nobody declares", ask(func(p *corev1.Pod) { webOf(p).Ports = nil }), nil},
		example{"native-startup-deadlock", "a port of an earlier native sidecar too", ask(func(p *corev1.Pod) {
			initOf(p).RestartPolicy, initOf(p).Ports = new(corev1.ContainerRestartPolicyAlways), []corev1.ContainerPort{port("", 80)}
		}), nil},
		example{"native-startup-deadlock", "another host", ask(func(p *corev1.Pod) { sideOf(p).StartupProbe.TCPSocket.Host = "db" }), nil},
		example{"native-startup-deadlock", "an app waits for nobody", func(p *corev1.Pod) {
			p.Spec.Containers = append(p.Spec.Containers, corev1.Container{Name: "b", Image: "b:1", Ports: []corev1.ContainerPort{port("", 80)}})
			webOf(p).StartupProbe = tcpProbe(intstr.FromInt32(80))
		}, nil},

		example{"native-no-startup-probe", "a variable of the app", serve(func(*corev1.Pod) {}), []string{early}},
		example{"native-no-startup-probe", "an argument of the app", serve(func(p *corev1.Pod) {
			webOf(p).Env, webOf(p).Args = nil, []string{"--a=localhost:80", "--cache=127.0.0.1:6379"}
		}), []string{early}},
		example{"native-no-startup-probe", "another port", serve(func(p *corev1.Pod) { webOf(p).Env[0].Value = "localhost:63790,localhost:637,localhost" }), nil},
		example{"native-no-startup-probe", "a startup probe", serve(func(p *corev1.Pod) { sideOf(p).StartupProbe = sideOf(p).ReadinessProbe }), nil},
		example{"native-no-startup-probe", "a hook that the kubelet waits for", serve(func(p *corev1.Pod) {
			sideOf(p).Lifecycle = &corev1.Lifecycle{PostStart: &corev1.LifecycleHandler{Exec: &corev1.ExecAction{Command: []string{"wait"}}}}
		}), nil},
		example{"native-no-startup-probe", "no probe at all: the app may try again", serve(func(p *corev1.Pod) { sideOf(p).ReadinessProbe = nil }), nil},
		example{"native-no-startup-probe", "an earlier container", serve(func(p *corev1.Pod) { initOf(p).Env, webOf(p).Env = webOf(p).Env, nil }), nil},
	)
}

// Who knows the pod says who needs whom.
func TestNativeStartAsIntended(t *testing.T) {
	p := goodPod()
	sideOf(p).Ports = []corev1.ContainerPort{port("", 6379)}
	found := func(i check.Intent) check.Findings {
		return of(check.Pod(p, check.Intended(i)), "native-no-startup-probe")
	}
	require.Empty(t, found(check.Intent{}))
	require.Empty(t, found(check.Intent{Waits: []check.Wait{{Container: "init", For: "side"}, {Container: "web", For: "init"}, {Container: "nobody", For: "side"}}}))
	require.Empty(t, found(check.Intent{Dials: []check.Dial{{Container: "init", Host: "localhost", Port: 6379}, {Container: "web", Host: "db", Port: 6379}, {Container: "web", Host: "localhost", Port: 80}}}))
	for _, i := range []check.Intent{
		{Waits: []check.Wait{{Container: "web", For: "side"}}},
		{Dials: []check.Dial{{Container: "web", Host: "127.0.0.1", Port: 6379}}},
	} {
		fs := found(i)
		require.Len(t, fs, 1)
		require.Equal(t, []check.Party{{Container: "side", Path: "spec.initContainers[1].startupProbe"}, {Container: "web", Path: "spec.containers[0]"}}, fs[0].Parties)
	}
}

func TestNativeHelpers(t *testing.T) {
	side := func(image string) func(*corev1.Pod) {
		return func(p *corev1.Pod) { sideOf(p).Image, sideOf(p).ReadinessProbe = image, httpProbe(80) }
	}
	ships := func(program string) []string {
		return []string{`W spec.initContainers[1].readinessProbe: Invalid value: "` + program + `": takes the pod out of its Services when it is not ready`}
	}
	stop := func(l *corev1.Lifecycle) func(*corev1.Pod) { return func(p *corev1.Pod) { sideOf(p).Lifecycle = l } }
	ends := func(field, what string) []string {
		return []string{"W spec.initContainers[1].lifecycle.preStop." + field + `: Invalid value: "` + what + `": runs as soon as the pod is to stop, not after the apps`}
	}
	try(t,
		example{"native-readiness-counts", "by its name", side("fluent-bit"), ships("fluent-bit")},
		example{"native-readiness-counts", "with registry, port, tag and digest", side("r.example.com:5000/timberio/vector:0.57@sha256:0"), ships("vector")},
		example{"native-readiness-counts", "an exporter", side("oliver006/redis_exporter:v1"), ships("redis_exporter")},
		example{"native-readiness-counts", "another vector", side("acme/vector:1"), nil},
		example{"native-readiness-counts", "what serves the app", side("envoyproxy/envoy:v1"), nil},
		example{"native-readiness-counts", "a regular container decides by itself", func(p *corev1.Pod) {
			webOf(p).Image, webOf(p).ReadinessProbe = "fluent-bit:1", httpProbe(80)
		}, nil},

		example{"native-prestop-unordered", "a signal", stop(execHook("kill", "-TERM", "1")), ends("exec", "kill")},
		example{"native-prestop-unordered", "a request", stop(&corev1.Lifecycle{PreStop: &corev1.LifecycleHandler{HTTPGet: &corev1.HTTPGetAction{Path: "/quitquitquit", Port: intstr.FromInt32(9091)}}}), ends("httpGet", "quitquitquit")},
		example{"native-prestop-unordered", "after a while", stop(execHook("sh", "-c", "sleep 20; nginx -s quit")), nil},
		example{"native-prestop-unordered", "it only flushes", stop(execHook("sync")), nil},
		example{"native-prestop-unordered", "it sleeps", stop(sleepHook(5)), nil},
		example{"native-prestop-unordered", "the app may end itself", func(p *corev1.Pod) { webOf(p).Lifecycle = execHook("nginx", "-s", "quit") }, nil},
	)
}
