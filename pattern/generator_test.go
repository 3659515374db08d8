package pattern_test

import (
	"fmt"
	"math/rand"
	"strconv"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
)

// generator composes builders at random, which have no errors: every name, port
// and path is used once. One seed always gives the same builders.
type generator struct {
	*rand.Rand
	used     int
	starters []string // those that a later container may be After
}

func newGenerator(seed int64) *generator {
	return &generator{Rand: rand.New(rand.NewSource(seed))}
}

// next gives a number that was not used yet.
func (g *generator) next() int { g.used++; return g.used }

func (g *generator) name(prefix string) string { return prefix + strconv.Itoa(g.next()) }

func (g *generator) path() string { return fmt.Sprintf("/mnt/%d", g.next()) }

func (g *generator) port() int { return 1000 + g.next() }

// step is one random call on a pod.
type step func(pattern.PodBuilder) pattern.PodBuilder

func (g *generator) steps(n int) []step {
	out := make([]step, n)
	for i := range out {
		if g.Intn(2) == 0 {
			out[i] = g.containerStep()
		} else {
			out[i] = g.podStep()
		}
	}
	return out
}

func (g *generator) pod() pattern.PodBuilder {
	p := pattern.Pod("random").WithApp(decorate(g, pattern.App(g.name("app"), "app:1")))
	return apply(p, g.steps(3+g.Intn(6)))
}

func apply(p pattern.PodBuilder, steps []step) pattern.PodBuilder {
	for _, s := range steps {
		p = s(p)
	}
	return p
}

func (g *generator) containerStep() step {
	switch g.Intn(5) {
	case 0:
		c := decorate(g, pattern.App(g.name("app"), "app:1"))
		return func(p pattern.PodBuilder) pattern.PodBuilder { return p.WithApp(c) }
	case 1:
		c := decorate(g, wired(g, ordered(g, pattern.Sidecar(g.name("side"), "side:1"))))
		return func(p pattern.PodBuilder) pattern.PodBuilder { return p.WithSidecar(c) }
	case 2:
		c := decorate(g, wired(g, pattern.Ambassador(g.name("amb"), "amb:1")))
		return func(p pattern.PodBuilder) pattern.PodBuilder { return p.WithAmbassador(c) }
	case 3:
		c := decorate(g, wired(g, pattern.Adapter(g.name("adapt"), "adapt:1").Classic()))
		return func(p pattern.PodBuilder) pattern.PodBuilder { return p.WithAdapter(c) }
	}
	c := ordered(g, dressed(g, pattern.Init(g.name("init"), "init:1")))
	return func(p pattern.PodBuilder) pattern.PodBuilder { return p.WithInit(c) }
}

// ordered lets a container start after one that was added before it, so that
// there can't be a cycle.
func ordered[R pattern.Role](g *generator, c pattern.Container[R]) pattern.Container[R] {
	name := g.name("start")
	c = c.Name(name)
	if len(g.starters) > 0 && g.Intn(2) == 0 {
		c = c.After(g.starters[g.Intn(len(g.starters))])
	}
	g.starters = append(g.starters, name)
	return c
}

// decorate adds what every container but an init container can have.
func decorate[R pattern.Role](g *generator, c pattern.Container[R]) pattern.Container[R] {
	c = dressed(g, c)
	port := g.name("p")
	return several(g, c, []func(pattern.Container[R]) pattern.Container[R]{
		func(c pattern.Container[R]) pattern.Container[R] {
			return c.Port(port, g.port()).Health(pattern.HTTPGet("/healthz", port).PeriodSeconds(5).Header("A", "b"))
		},
		func(c pattern.Container[R]) pattern.Container[R] { return c.Ports(g.port(), g.port()) },
		func(c pattern.Container[R]) pattern.Container[R] { return c.UDPPort(g.name("u"), g.port()) },
		func(c pattern.Container[R]) pattern.Container[R] {
			return c.ReadinessProbe(pattern.Exec("test", "-e", "/ready")).LivenessProbe(pattern.GRPC(g.port(), "health"))
		},
		func(c pattern.Container[R]) pattern.Container[R] { return c.StartupProbe(pattern.TCPSocket(g.port())) },
		func(c pattern.Container[R]) pattern.Container[R] {
			return c.PreStop(pattern.Exec("drain", "now")).PostStart(pattern.HTTPGet("/start", 80))
		},
		func(c pattern.Container[R]) pattern.Container[R] { return c.Port("http", g.port()).MovePorts() },
	})
}

// dressed adds what every container can have.
func dressed[R pattern.Role](g *generator, c pattern.Container[R]) pattern.Container[R] {
	uid, name := int64(g.next()), g.name("V")
	return several(g, c, []func(pattern.Container[R]) pattern.Container[R]{
		func(c pattern.Container[R]) pattern.Container[R] { return c.Env(name, "first").Env(name, "second") },
		func(c pattern.Container[R]) pattern.Container[R] { return c.EnvField(g.name("V"), "metadata.name") },
		func(c pattern.Container[R]) pattern.Container[R] {
			return c.EnvResource(g.name("V"), "limits.memory", "1Mi").EnvSecret(g.name("V"), pattern.Secret("s").Optional(), "k")
		},
		func(c pattern.Container[R]) pattern.Container[R] {
			return c.EnvFrom(pattern.ConfigMap(g.name("cm")).Data("b", "2").Data("a", "1"), pattern.Secret("s").Optional())
		},
		func(c pattern.Container[R]) pattern.Container[R] { return c.Command("run", "it").Args("-a", "-b") },
		func(c pattern.Container[R]) pattern.Container[R] { return c.Shell("echo $HOME").WorkingDir("/tmp") },
		func(c pattern.Container[R]) pattern.Container[R] {
			return c.Writes(pattern.EmptyDir(g.name("dir")).SizeLimit("1Gi"), g.path())
		},
		func(c pattern.Container[R]) pattern.Container[R] {
			return c.Mount(pattern.PVC("claim", "claim"), g.path()).Reads(pattern.ConfigMap("conf").Data("k", "v").Volume("conf").Key("k", "f").Mode(0o440), g.path())
		},
		func(c pattern.Container[R]) pattern.Container[R] {
			return c.Mount(pattern.CSI(g.name("csi"), "csi.example.com", map[string]string{"a": "1", "b": "2"}), g.path()).
				Mount(pattern.Projected(g.name("proj"), pattern.ServiceAccountToken("token").ExpirationSeconds(700), pattern.PodField("labels", "metadata.labels")), g.path())
		},
		func(c pattern.Container[R]) pattern.Container[R] { return c.Scratch("/tmp"+g.path(), "16Mi") },
		func(c pattern.Container[R]) pattern.Container[R] {
			return c.Config("/etc/app/app.conf", "a=1").Config("/etc/hosts.d", "b=2").Config("/etc/other/app.conf", "c=3")
		},
		func(c pattern.Container[R]) pattern.Container[R] {
			return c.Requests("100m", "64Mi").Limits("1", "128Mi").Request("ephemeral-storage", "1Gi")
		},
		func(c pattern.Container[R]) pattern.Container[R] {
			return c.RunAsUser(uid).RunAsGroup(uid).Restricted().AddCapabilities("NET_BIND_SERVICE").ReadOnlyRootFilesystem(true)
		},
		func(c pattern.Container[R]) pattern.Container[R] {
			return c.SecurityContext(corev1.SecurityContext{RunAsUser: &uid}).SeccompProfile("Localhost", "a.json")
		},
		func(c pattern.Container[R]) pattern.Container[R] {
			return c.Edit(func(c *corev1.Container) { c.Env = append(c.Env, corev1.EnvVar{Name: "EDITED", Value: "yes"}) })
		},
	})
}

// wired adds what a helper can say of the rest of the pod.
func wired[R pattern.Role](g *generator, c pattern.Container[R]) pattern.Container[R] {
	port := g.name("w")
	return several(g, c, []func(pattern.Container[R]) pattern.Container[R]{
		func(c pattern.Container[R]) pattern.Container[R] { return c.AppEnv(g.name("W"), "wired") },
		func(c pattern.Container[R]) pattern.Container[R] {
			return c.AppEnvSecret(g.name("W"), pattern.Secret("s"), "k").AppEnvFrom(pattern.Secret(g.name("s")).Data("K", "v"))
		},
		func(c pattern.Container[R]) pattern.Container[R] {
			return c.AppReads(pattern.PVC("claim", "claim"), g.path()).AppMount(pattern.HostPath(g.name("host"), "/h").HostPathType("Directory"), g.path())
		},
		func(c pattern.Container[R]) pattern.Container[R] {
			return c.PodLabel(g.name("l"), "v").PodAnnotation(g.name("a"), "v").FSGroup(2000)
		},
		func(c pattern.Container[R]) pattern.Container[R] {
			return c.SharePID().PullSecret("pull").HostAlias("10.0.0.1", "a", "b")
		},
		func(c pattern.Container[R]) pattern.Container[R] {
			return c.Port(port, g.port()).Endpoint(g.name("end"), port).Dials("10.1.2.3", 5432)
		},
		func(c pattern.Container[R]) pattern.Container[R] {
			return c.Socket(pattern.EmptyDir(g.name("sock")), g.name("s")+".sock")
		},
		func(c pattern.Container[R]) pattern.Container[R] {
			return c.NeedsAPI(rbacv1.PolicyRule{Verbs: []string{"get"}, APIGroups: []string{""}, Resources: []string{"pods"}})
		},
		func(c pattern.Container[R]) pattern.Container[R] {
			return c.Brings(dressed(g, pattern.Init(g.name("brought"), "init:1")))
		},
		func(c pattern.Container[R]) pattern.Container[R] {
			return c.Late(func(v pattern.View, c pattern.Container[R]) pattern.Container[R] {
				return c.Env("LATE", fmt.Sprint(v.Name(), v.PodName(), v.Kind(), v.Native())).Config("/etc/late/late.conf", v.Name())
			})
		},
	})
}

// several applies some of the options in a random order.
func several[C any](g *generator, c C, options []func(C) C) C {
	for _, i := range g.Perm(len(options))[:g.Intn(len(options)/2+1)] {
		c = options[i](c)
	}
	return c
}

func (g *generator) podStep() step {
	name, number := g.name("x"), int64(g.next())
	options := []step{
		func(p pattern.PodBuilder) pattern.PodBuilder {
			return p.Label(name, "v").Annotation(name, "v").NodeSelector(name, "v")
		},
		func(p pattern.PodBuilder) pattern.PodBuilder { return p.Namespace(name).ServiceAccount(name) },
		func(p pattern.PodBuilder) pattern.PodBuilder { return p.Env(name, "v").For().Env(name+"-b", "v") },
		func(p pattern.PodBuilder) pattern.PodBuilder {
			return p.EnvFrom(pattern.ConfigMap(name).Data("k", "v")).PullSecret(name, name+"-b")
		},
		func(p pattern.PodBuilder) pattern.PodBuilder { return p.HostAlias("10.0.0.2", name, "other") },
		func(p pattern.PodBuilder) pattern.PodBuilder { return p.Hardened() },
		func(p pattern.PodBuilder) pattern.PodBuilder { return p.InlineConfig() },
		func(p pattern.PodBuilder) pattern.PodBuilder {
			return p.FSGroup(number).SupplementalGroups(number, number+1).Sysctl("a.b", "c")
		},
		func(p pattern.PodBuilder) pattern.PodBuilder {
			return p.Requests("4", "8Gi").TerminationGracePeriodSeconds(number)
		},
		func(p pattern.PodBuilder) pattern.PodBuilder {
			return p.Toleration(corev1.Toleration{Key: name, Operator: "Exists", Effect: "NoExecute", TolerationSeconds: &number})
		},
		func(p pattern.PodBuilder) pattern.PodBuilder {
			return p.Affinity(corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{PreferredDuringSchedulingIgnoredDuringExecution: []corev1.PreferredSchedulingTerm{{Weight: 1}}}})
		},
		func(p pattern.PodBuilder) pattern.PodBuilder { return p.WithVolume(pattern.EmptyDir(name).Memory()) },
		func(p pattern.PodBuilder) pattern.PodBuilder {
			return p.Edit(func(t *corev1.PodTemplateSpec) {
				t.Spec.Tolerations = append(t.Spec.Tolerations, corev1.Toleration{Key: name})
			})
		},
		func(p pattern.PodBuilder) pattern.PodBuilder {
			return p.Apply(func(p pattern.PodBuilder) pattern.PodBuilder { return p.Label("applied", "yes") })
		},
	}
	return options[g.Intn(len(options))]
}

func TestGeneratorComposesPodsWithoutErrors(t *testing.T) {
	for seed := range int64(1000) {
		_, err := newGenerator(seed).pod().Objects()
		require.NoError(t, err, "seed %d", seed)
	}
}
