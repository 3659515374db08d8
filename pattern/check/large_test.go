package check_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// many gives n of what make makes, or a tenth of it where the race detector makes
// all ten times slower.
func many[T any](n int, make func(i int) T) []T {
	if raced {
		n = max(1, n/10)
	}
	out := []T{}
	for i := range n {
		out = append(out, make(i))
	}
	return out
}

// manyOf gives a map with n keys.
func manyOf[T any](n int, value T) map[string]T {
	out := map[string]T{}
	for i := range n {
		out[numbered("k")(i)] = value
	}
	return out
}

func numbered(name string) func(i int) string {
	return func(i int) string { return name + strconv.Itoa(i) }
}

func same(name string) func(i int) string { return func(int) string { return name } }

// A large pod has thousands of something, or a string of a mebibyte, which is more
// than a cluster takes.
type large struct {
	name   string
	change func(p *corev1.Pod)
}

// named gives a case with names that differ and one with names that are the same.
func named(name string, change func(p *corev1.Pod, name func(i int) string)) []large {
	return []large{
		{name + "/numbered", func(p *corev1.Pod) { change(p, numbered("a")) }},
		{name + "/same", func(p *corev1.Pod) { change(p, same("a")) }},
	}
}

// each gives a case with all of what is many in one container, one with it spread
// over the apps and one over the native sidecars.
func each(name string, n int, change func(c *corev1.Container, from, to int)) []large {
	spread := func(n int, p *corev1.Pod) []corev1.Container {
		return many(n/10, func(i int) corev1.Container {
			c := corev1.Container{Name: numbered("c")(i), Image: "a:1"}
			change(&c, 10*i, 10*i+10)
			return c
		})
	}
	return []large{
		{name + "/one", func(p *corev1.Pod) { change(webOf(p), 0, n) }},
		{name + "/apps", func(p *corev1.Pod) { p.Spec.Containers = spread(n, p) }},
		{name + "/natives", func(p *corev1.Pod) {
			p.Spec.InitContainers = spread(n, p)
			for i := range p.Spec.InitContainers {
				p.Spec.InitContainers[i].RestartPolicy = new(corev1.ContainerRestartPolicyAlways)
			}
		}},
		{name + "/inits", func(p *corev1.Pod) { p.Spec.InitContainers = spread(n, p) }},
	}
}

func span[T any](from, to int, make func(i int) T) []T {
	return many(to-from, func(i int) T { return make(from + i) })
}

// TestNoInputTakesLong holds every rule to a time that grows with the size of the
// pod and not with its square.
func TestNoInputTakesLong(t *testing.T) {
	limit := time.Second
	if raced {
		limit *= 15
	}
	for _, l := range largePods() {
		t.Run(l.name, func(t *testing.T) {
			p := goodPod()
			l.change(p)
			text, err := json.Marshal(p)
			require.NoError(t, err)
			start := time.Now()
			found := check.Pod(p, check.CarriedBy("Deployment"))
			took := time.Since(start)
			t.Logf("%s for %d KiB, %d findings", took.Round(time.Millisecond), len(text)>>10, len(found))
			require.Less(t, took, limit)
			if !raced {
				require.Greater(t, len(text), 40<<10, "not large")
			}
		})
	}
}

const mebi = 1 << 20

func largePods() []large {
	var out []large
	add := func(ls ...large) { out = append(out, ls...) }

	for _, list := range []string{"apps", "inits", "natives", "ephemeral"} {
		add(named(list, func(p *corev1.Pod, name func(i int) string) {
			containers := many(6000, func(i int) corev1.Container {
				c := corev1.Container{Name: name(i), Image: "a:1"}
				if list == "natives" {
					c.RestartPolicy = new(corev1.ContainerRestartPolicyAlways)
				}
				return c
			})
			switch list {
			case "apps":
				p.Spec.Containers = containers
			case "ephemeral":
				p.Spec.EphemeralContainers = many(4000, func(i int) corev1.EphemeralContainer {
					return corev1.EphemeralContainer{EphemeralContainerCommon: corev1.EphemeralContainerCommon(containers[i]), TargetContainerName: "web"}
				})
			default:
				p.Spec.InitContainers = containers
			}
		})...)
	}
	text := func(name, s string) {
		whole := strings.Repeat(s, mebi/len(s))
		words := strings.SplitAfter(whole, " ")
		add(large{name + "/an argument", func(p *corev1.Pod) { webOf(p).Args = []string{whole} }},
			large{name + "/a script", func(p *corev1.Pod) {
				webOf(p).Command, initOf(p).Command = []string{"sh", "-c", whole}, []string{"sh", "-c", whole}
			}},
			large{name + "/an env var", func(p *corev1.Pod) {
				webOf(p).Env = []corev1.EnvVar{{Name: "A", Value: whole}, {Name: "URL", Value: whole}}
			}},
			large{name + "/an env name", func(p *corev1.Pod) { webOf(p).Env = []corev1.EnvVar{{Name: whole, Value: "$(A)"}} }},
			large{name + "/a label", func(p *corev1.Pod) { p.Labels = map[string]string{"a": whole, whole: "a"} }},
			large{name + "/an annotation", func(p *corev1.Pod) {
				p.Annotations = map[string]string{"a": whole, whole: "a", "prometheus.io/port": whole, "kubernetes.io/limit-ranger": whole}
			}},
			large{name + "/an image", func(p *corev1.Pod) { webOf(p).Image = whole }},
			large{name + "/a name", func(p *corev1.Pod) { webOf(p).Name, p.Spec.Volumes[0].Name = whole, whole }},
			large{name + "/a path", func(p *corev1.Pod) {
				webOf(p).VolumeMounts = []corev1.VolumeMount{{Name: "data", MountPath: "/" + whole, SubPath: whole}, {Name: "data", MountPath: "/a", SubPathExpr: whole}}
				p.Spec.Volumes = append(p.Spec.Volumes, corev1.Volume{Name: "host", VolumeSource: corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: whole}}})
			}},
			large{name + "/a probe", func(p *corev1.Pod) {
				webOf(p).LivenessProbe = &corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: whole, Host: whole, Port: intstr.FromString(whole)}}}
				webOf(p).ReadinessProbe = &corev1.Probe{ProbeHandler: corev1.ProbeHandler{Exec: &corev1.ExecAction{Command: []string{"sh", "-c", whole}}}}
				webOf(p).Lifecycle = &corev1.Lifecycle{PreStop: &corev1.LifecycleHandler{Exec: &corev1.ExecAction{Command: []string{whole}}}}
			}})
		if len(words) > 1 {
			add(each(name+"/arguments", min(len(words), 6000), func(c *corev1.Container, from, to int) { c.Args = words[from:to] })...)
			add(each(name+"/values", min(len(words), 6000), func(c *corev1.Container, from, to int) {
				c.Env = span(from, to, func(i int) corev1.EnvVar { return corev1.EnvVar{Name: numbered("A")(i), Value: words[i]} })
			})...)
		}
	}
	text("x", "x")
	text("dots", "../")
	text("slashes", "/")
	text("urls", "http://localhost:8080/a ")
	text("addresses", "127.0.0.1:80,")
	text("references", "$(A)")
	text("dollars", "$")
	text("open", "$(")
	text("flags", "--upstream=localhost:8080 ")
	text("numbers", "1")
	text("shell", "sleep 1; ")
	text("brackets", "[::1")
	text("dashes", "a-")
	text("colons", "a:")
	text("password", "password=a ")

	references := func(name string, value func(i int) string) {
		add(each(name, 6000, func(c *corev1.Container, from, to int) {
			c.Env = span(from, to, func(i int) corev1.EnvVar { return corev1.EnvVar{Name: numbered("A")(i), Value: value(i)} })
		})...)
	}
	references("each is of the one before", func(i int) string { return fmt.Sprintf("$(A%d)$(A%d)", i-1, i-1) })
	references("each is of the one behind", func(i int) string { return fmt.Sprintf("$(A%d)$(A%d)", i+1, i+1) })
	references("each is of itself", func(i int) string { return fmt.Sprintf("$(A%d)", i) })
	references("each is of nothing", func(i int) string { return fmt.Sprintf("$(B%d)", i) })
	references("each is of the first", func(int) string { return "$(A0)$(A0)$(A0)" })
	add(named("env", func(p *corev1.Pod, name func(i int) string) {
		webOf(p).Env = many(6000, func(i int) corev1.EnvVar { return corev1.EnvVar{Name: name(i), Value: strconv.Itoa(i)} })
		sideOf(p).Env = many(4000, func(i int) corev1.EnvVar { return corev1.EnvVar{Name: name(i), Value: "a"} })
	})...)
	add(named("env of fields", func(p *corev1.Pod, name func(i int) string) {
		webOf(p).Env = many(4000, func(i int) corev1.EnvVar {
			return corev1.EnvVar{Name: name(i), ValueFrom: &corev1.EnvVarSource{ResourceFieldRef: &corev1.ResourceFieldSelector{ContainerName: name(i), Resource: "limits.cpu"}}}
		})
		p.Spec.Containers = append(p.Spec.Containers, many(2500, func(i int) corev1.Container { return corev1.Container{Name: name(i), Image: "a:1"} })...)
	})...)
	add(named("env of secrets", func(p *corev1.Pod, name func(i int) string) {
		webOf(p).Env = many(4000, func(i int) corev1.EnvVar {
			return corev1.EnvVar{Name: name(i), ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{LocalObjectReference: corev1.LocalObjectReference{Name: name(i)}, Key: name(i)}}}
		})
	})...)
	add(named("env of files", func(p *corev1.Pod, name func(i int) string) {
		webOf(p).Env = many(2500, func(i int) corev1.EnvVar {
			return corev1.EnvVar{Name: name(i), ValueFrom: &corev1.EnvVarSource{FileKeyRef: &corev1.FileKeySelector{VolumeName: name(i), Path: "a", Key: name(i)}}}
		})
		p.Spec.Volumes = many(2500, func(i int) corev1.Volume { return emptyDir(name(i)) })
		sideOf(p).VolumeMounts = many(2500, func(i int) corev1.VolumeMount { return mount(name(i), "/"+name(i)) })
	})...)
	add(named("env from", func(p *corev1.Pod, name func(i int) string) {
		webOf(p).EnvFrom = many(4000, func(i int) corev1.EnvFromSource {
			return corev1.EnvFromSource{Prefix: name(i), ConfigMapRef: &corev1.ConfigMapEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: name(i)}}}
		})
		webOf(p).Env = many(2500, func(i int) corev1.EnvVar { return corev1.EnvVar{Name: numbered("A")(i), Value: "$(B)"} })
	})...)

	for _, protocol := range []corev1.Protocol{"", "UDP", "?"} {
		add(each("ports"+string(protocol), 6000, func(c *corev1.Container, from, to int) {
			c.Ports = span(from, to, func(i int) corev1.ContainerPort {
				return corev1.ContainerPort{Name: numbered("p")(i), ContainerPort: int32(i), HostPort: int32(i), Protocol: protocol}
			})
		})...)
	}
	add(each("one port", 6000, func(c *corev1.Container, from, to int) {
		c.Ports = span(from, to, func(i int) corev1.ContainerPort { return port("a", 80) })
	})...)
	add(each("host addresses", 6000, func(c *corev1.Container, from, to int) {
		c.Ports = span(from, to, func(i int) corev1.ContainerPort {
			return corev1.ContainerPort{ContainerPort: int32(i), HostPort: 80, HostIP: fmt.Sprintf("10.0.%d.%d", i>>8, i&255)}
		})
	})...)
	add(large{"ports on the host's network", func(p *corev1.Pod) {
		p.Spec.HostNetwork = true
		p.Spec.Containers = many(4000, func(i int) corev1.Container {
			return corev1.Container{Name: numbered("c")(i), Image: "a:1", Ports: []corev1.ContainerPort{port("a", 80), port("b", int32(i))}}
		})
	}})
	add(named("probes", func(p *corev1.Pod, name func(i int) string) {
		p.Spec.Containers = many(3000, func(i int) corev1.Container {
			probe := &corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Port: intstr.FromString(name(i + 1)), HTTPHeaders: []corev1.HTTPHeader{{Name: "a"}}}}}
			return corev1.Container{Name: numbered("c")(i), Image: "a:1", Ports: []corev1.ContainerPort{port(name(i), int32(i+1))}, LivenessProbe: probe, ReadinessProbe: probe, StartupProbe: probe,
				Lifecycle: &corev1.Lifecycle{PreStop: &corev1.LifecycleHandler{HTTPGet: probe.HTTPGet}, PostStart: &corev1.LifecycleHandler{HTTPGet: probe.HTTPGet}}}
		})
	})...)
	add(large{"probes of the next container", func(p *corev1.Pod) {
		p.Spec.Containers = many(2500, func(i int) corev1.Container {
			probe := &corev1.Probe{ProbeHandler: corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{Port: intstr.FromInt32(int32(i + 2))}}}
			return corev1.Container{Name: numbered("c")(i), Image: "a:1", Ports: []corev1.ContainerPort{port("", int32(i+1))}, LivenessProbe: probe, ReadinessProbe: probe}
		})
	}})
	add(large{"headers", func(p *corev1.Pod) {
		webOf(p).LivenessProbe = &corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Port: intstr.FromInt32(80), HTTPHeaders: many(6000, func(i int) corev1.HTTPHeader { return corev1.HTTPHeader{Name: numbered("a")(i) + "?"} })}}}
	}})
	add(large{"clients and servers", func(p *corev1.Pod) {
		p.Spec.Containers = many(3000, func(i int) corev1.Container {
			return corev1.Container{Name: numbered("c")(i), Image: "a:1", Ports: []corev1.ContainerPort{port("", int32(i+1))},
				Args: []string{fmt.Sprintf("--upstream=http://localhost:%d", i+2)}, Env: []corev1.EnvVar{{Name: "PORT", Value: strconv.Itoa(i)}, {Name: "DB_HOST", Value: "127.0.0.1"}, {Name: "DB_PORT", Value: strconv.Itoa(i)}}}
		})
	}})
	add(large{"native servers behind their clients", func(p *corev1.Pod) {
		p.Spec.InitContainers = many(6000, func(i int) corev1.Container {
			return corev1.Container{Name: numbered("c")(i), Image: "a:1", Ports: []corev1.ContainerPort{port("", int32(i+1))}, RestartPolicy: new(corev1.ContainerRestartPolicyAlways),
				Args: []string{fmt.Sprintf("--upstream=http://localhost:%d", i+2)}}
		})
	}})
	add(large{"plain init clients", func(p *corev1.Pod) {
		p.Spec.InitContainers = many(3000, func(i int) corev1.Container {
			return corev1.Container{Name: numbered("c")(i), Image: "a:1", Args: []string{fmt.Sprintf("--upstream=http://localhost:%d", i+1)}}
		})
		p.Spec.Containers = many(3000, func(i int) corev1.Container {
			return corev1.Container{Name: numbered("d")(i), Image: "a:1", Ports: []corev1.ContainerPort{port("", int32(i+1))}}
		})
	}})

	volumes := func(name string, source func(i int) corev1.VolumeSource) {
		add(named("volumes of "+name, func(p *corev1.Pod, name func(i int) string) {
			p.Spec.Volumes = many(4000, func(i int) corev1.Volume { return corev1.Volume{Name: name(i), VolumeSource: source(i)} })
			p.Spec.Containers = many(2500, func(i int) corev1.Container {
				return corev1.Container{Name: numbered("c")(i), Image: "a:1", VolumeMounts: []corev1.VolumeMount{mount(name(i), "/a"), mount(name(i+1), "/b"), mount(name(2500+i), "/c")}}
			})
			initOf(p).VolumeMounts = many(2500, func(i int) corev1.VolumeMount { return mount(name(i), "/"+strconv.Itoa(i)) })
		})...)
	}
	volumes("memory", func(int) corev1.VolumeSource {
		return corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{Medium: "Memory"}}
	})
	volumes("disk", func(int) corev1.VolumeSource { return corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}} })
	volumes("config", func(i int) corev1.VolumeSource {
		return corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: numbered("a")(i)}}}
	})
	volumes("claims", func(i int) corev1.VolumeSource {
		return corev1.VolumeSource{PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: numbered("a")(i)}}
	})
	volumes("the host", func(i int) corev1.VolumeSource {
		return corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: "/" + strconv.Itoa(i)}}
	})
	volumes("nothing", func(int) corev1.VolumeSource { return corev1.VolumeSource{} })
	add(named("mounts", func(p *corev1.Pod, name func(i int) string) {
		p.Spec.Volumes = many(2500, func(i int) corev1.Volume { return emptyDir(name(i)) })
		for _, c := range []*corev1.Container{webOf(p), sideOf(p), initOf(p)} {
			c.VolumeMounts = many(3000, func(i int) corev1.VolumeMount { return mount(name(i), "/"+name(i)) })
		}
	})...)
	add(each("mounts of one volume", 6000, func(c *corev1.Container, from, to int) {
		c.VolumeMounts = span(from, to, func(i int) corev1.VolumeMount { return mount("data", "/"+strconv.Itoa(i)) })
	})...)
	add(each("mounts of its parts", 6000, func(c *corev1.Container, from, to int) {
		c.VolumeMounts = span(from, to, func(i int) corev1.VolumeMount {
			return corev1.VolumeMount{Name: "data", MountPath: "/" + strconv.Itoa(i), SubPath: strconv.Itoa(i), ReadOnly: i%2 == 0}
		})
	})...)
	add(large{"mounts in mounts", func(p *corev1.Pod) {
		webOf(p).VolumeMounts = many(1000, func(i int) corev1.VolumeMount { return mount("data", strings.Repeat("/a", i+1)) })
		sideOf(p).VolumeMounts = many(1000, func(i int) corev1.VolumeMount { return mount("data", strings.Repeat("/a", 1000-i)) })
		initOf(p).VolumeMounts = many(1000, func(i int) corev1.VolumeMount {
			return corev1.VolumeMount{Name: "data", MountPath: "/b" + strconv.Itoa(i), SubPath: strings.Repeat("a/", i) + "a"}
		})
	}})
	add(each("devices", 6000, func(c *corev1.Container, from, to int) {
		c.VolumeDevices = span(from, to, func(i int) corev1.VolumeDevice {
			return corev1.VolumeDevice{Name: numbered("v")(i), DevicePath: "/dev/" + strconv.Itoa(i)}
		})
	})...)
	add(named("projected sources", func(p *corev1.Pod, name func(i int) string) {
		p.Spec.Volumes = []corev1.Volume{{Name: "data", VolumeSource: corev1.VolumeSource{Projected: &corev1.ProjectedVolumeSource{Sources: many(3000, func(i int) corev1.VolumeProjection {
			return corev1.VolumeProjection{ConfigMap: &corev1.ConfigMapProjection{LocalObjectReference: corev1.LocalObjectReference{Name: "a"}, Items: []corev1.KeyToPath{{Key: "a", Path: name(i)}}}}
		})}}}}
	})...)
	add(named("items", func(p *corev1.Pod, name func(i int) string) {
		items := many(4000, func(i int) corev1.KeyToPath { return corev1.KeyToPath{Key: name(i), Path: name(i) + "/a"} })
		p.Spec.Volumes = []corev1.Volume{{Name: "data", VolumeSource: corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{Items: items}}},
			{Name: "all", VolumeSource: corev1.VolumeSource{Projected: &corev1.ProjectedVolumeSource{Sources: []corev1.VolumeProjection{{Secret: &corev1.SecretProjection{Items: items}},
				{DownwardAPI: &corev1.DownwardAPIProjection{Items: many(2500, func(i int) corev1.DownwardAPIVolumeFile { return corev1.DownwardAPIVolumeFile{Path: name(i)} })}}}}}}}
	})...)

	add(named("tolerations", func(p *corev1.Pod, name func(i int) string) {
		p.Spec.Tolerations = many(6000, func(i int) corev1.Toleration {
			return corev1.Toleration{Key: name(i), Operator: "Exists", Effect: "NoExecute"}
		})
	})...)
	add(named("affinity", func(p *corev1.Pod, name func(i int) string) {
		selector := &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "a", Operator: "In", Values: []string{"b"}}}}
		terms := many(2500, func(i int) corev1.PodAffinityTerm {
			return corev1.PodAffinityTerm{LabelSelector: selector, TopologyKey: name(i), MatchLabelKeys: []string{"a"}}
		})
		p.Spec.Affinity = &corev1.Affinity{
			NodeAffinity: &corev1.NodeAffinity{RequiredDuringSchedulingIgnoredDuringExecution: &corev1.NodeSelector{NodeSelectorTerms: many(4000, func(i int) corev1.NodeSelectorTerm {
				return corev1.NodeSelectorTerm{MatchExpressions: []corev1.NodeSelectorRequirement{{Key: name(i), Operator: "In", Values: []string{"a", "b"}}}}
			})}},
			PodAffinity:     &corev1.PodAffinity{RequiredDuringSchedulingIgnoredDuringExecution: terms},
			PodAntiAffinity: &corev1.PodAntiAffinity{RequiredDuringSchedulingIgnoredDuringExecution: terms},
		}
	})...)
	add(named("values of a selector", func(p *corev1.Pod, name func(i int) string) {
		values := many(20000, name)
		selector := &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "a", Operator: "In", Values: values}}}
		p.Spec.Affinity = &corev1.Affinity{
			NodeAffinity: &corev1.NodeAffinity{RequiredDuringSchedulingIgnoredDuringExecution: &corev1.NodeSelector{NodeSelectorTerms: []corev1.NodeSelectorTerm{{MatchExpressions: []corev1.NodeSelectorRequirement{{Key: "a", Operator: "In", Values: values}}}}}},
			PodAffinity:  &corev1.PodAffinity{RequiredDuringSchedulingIgnoredDuringExecution: []corev1.PodAffinityTerm{{LabelSelector: selector, TopologyKey: "a", MatchLabelKeys: values}}},
		}
	})...)
	add(named("spread", func(p *corev1.Pod, name func(i int) string) {
		p.Spec.TopologySpreadConstraints = many(3000, func(i int) corev1.TopologySpreadConstraint {
			return corev1.TopologySpreadConstraint{MaxSkew: 1, TopologyKey: name(i), WhenUnsatisfiable: "DoNotSchedule", LabelSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"a": "b"}}}
		})
	})...)
	add(named("hosts", func(p *corev1.Pod, name func(i int) string) {
		p.Spec.HostAliases = many(3000, func(i int) corev1.HostAlias {
			return corev1.HostAlias{IP: fmt.Sprintf("10.0.%d.%d", i>>8, i&255), Hostnames: []string{name(i), name(i + 1), "localhost"}}
		})
		p.Spec.HostAliases = append(p.Spec.HostAliases, corev1.HostAlias{IP: "127.0.0.1", Hostnames: many(20000, name)})
	})...)
	add(named("dns", func(p *corev1.Pod, name func(i int) string) {
		p.Spec.DNSConfig = &corev1.PodDNSConfig{Nameservers: many(6000, same("10.0.0.1")), Searches: many(10000, name), Options: many(6000, func(i int) corev1.PodDNSConfigOption { return corev1.PodDNSConfigOption{Name: name(i)} })}
	})...)
	add(named("lists", func(p *corev1.Pod, name func(i int) string) {
		p.Spec.ImagePullSecrets = many(4000, func(i int) corev1.LocalObjectReference { return corev1.LocalObjectReference{Name: name(i)} })
		p.Spec.ReadinessGates = many(4000, func(i int) corev1.PodReadinessGate {
			return corev1.PodReadinessGate{ConditionType: corev1.PodConditionType(name(i))}
		})
		p.Spec.SchedulingGates = many(4000, func(i int) corev1.PodSchedulingGate { return corev1.PodSchedulingGate{Name: name(i)} })
		p.Finalizers = many(4000, name)
		p.OwnerReferences = many(3000, func(i int) metav1.OwnerReference {
			return metav1.OwnerReference{Name: name(i), APIVersion: "v1", Kind: "a", UID: "a", Controller: new(true)}
		})
	})...)
	add(named("claims of devices", func(p *corev1.Pod, name func(i int) string) {
		p.Spec.ResourceClaims = many(3000, func(i int) corev1.PodResourceClaim {
			return corev1.PodResourceClaim{Name: name(i), ResourceClaimName: new("a")}
		})
		for _, c := range []*corev1.Container{webOf(p), sideOf(p)} {
			c.Resources.Claims = many(3000, func(i int) corev1.ResourceClaim { return corev1.ResourceClaim{Name: name(i)} })
		}
	})...)
	add(large{"maps", func(p *corev1.Pod) {
		p.Labels, p.Annotations, p.Spec.NodeSelector = manyOf(6000, "a"), manyOf(6000, "a"), manyOf(6000, "a")
	}})
	add(large{"annotations of containers", func(p *corev1.Pod) {
		p.Annotations = map[string]string{}
		for i := range 3000 {
			p.Annotations[numbered("container.apparmor.security.beta.kubernetes.io/c")(i)] = "unconfined"
			p.Annotations[numbered("container.seccomp.security.alpha.kubernetes.io/c")(i)] = "unconfined"
		}
		p.Spec.Containers = many(3000, func(i int) corev1.Container { return corev1.Container{Name: numbered("c")(i), Image: "a:1"} })
	}})
	resources := corev1.ResourceList{}
	for i := range 5000 {
		resources[corev1.ResourceName(numbered("example.com/k")(i))] = resource.MustParse("1")
	}
	add(large{"resources", func(p *corev1.Pod) {
		webOf(p).Resources = corev1.ResourceRequirements{Requests: resources, Limits: resources}
		sideOf(p).Resources = webOf(p).Resources
		p.Spec.Resources, p.Spec.Overhead = &webOf(p).Resources, resources
	}})
	add(each("resize policies", 6000, func(c *corev1.Container, from, to int) {
		c.ResizePolicy = span(from, to, func(int) corev1.ContainerResizePolicy {
			return corev1.ContainerResizePolicy{ResourceName: "cpu", RestartPolicy: "NotRequired"}
		})
	})...)
	add(each("restart rules", 6000, func(c *corev1.Container, from, to int) {
		c.RestartPolicy = new(corev1.ContainerRestartPolicyNever)
		c.RestartPolicyRules = span(from, to, func(i int) corev1.ContainerRestartRule {
			return corev1.ContainerRestartRule{Action: "Restart", ExitCodes: &corev1.ContainerRestartRuleOnExitCodes{Operator: "In", Values: []int32{int32(i), 1}}}
		})
	})...)
	add(large{"security", func(p *corev1.Pod) {
		p.Spec.SecurityContext = &corev1.PodSecurityContext{
			Sysctls:            many(4000, func(i int) corev1.Sysctl { return corev1.Sysctl{Name: "net." + numbered("a")(i), Value: "1"} }),
			SupplementalGroups: many(20000, func(i int) int64 { return int64(-i) }),
		}
		webOf(p).SecurityContext = &corev1.SecurityContext{Capabilities: &corev1.Capabilities{
			Add:  many(6000, func(i int) corev1.Capability { return corev1.Capability(numbered("A")(i)) }),
			Drop: many(6000, func(i int) corev1.Capability { return corev1.Capability(numbered("A")(i)) })}}
	}})
	add(each("capabilities", 6000, func(c *corev1.Container, from, to int) {
		c.SecurityContext = &corev1.SecurityContext{Capabilities: &corev1.Capabilities{Add: span(from, to, func(i int) corev1.Capability { return corev1.Capability(numbered("A")(i)) })}}
	})...)
	return out
}

// What many objects say of each other is looked up, not searched for.
func TestManyObjects(t *testing.T) {
	labels := func(name string) map[string]string { return map[string]string{"app": name, "team": "web"} }
	var objects []runtime.Object
	for i := range 5000 {
		name := fmt.Sprintf("web-%d", i)
		pod := goodPod()
		pod.Name, pod.Labels = name, labels(name)
		webOf(pod).Env = []corev1.EnvVar{{Name: "A", ValueFrom: &corev1.EnvVarSource{ConfigMapKeyRef: &corev1.ConfigMapKeySelector{LocalObjectReference: corev1.LocalObjectReference{Name: name}, Key: "nope"}}}}
		objects = append(objects, pod,
			&corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: corev1.ServiceSpec{Selector: labels(name), Ports: []corev1.ServicePort{{Port: 80, TargetPort: intstr.FromString("nope")}}}},
			&corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name}})
	}
	start := time.Now()
	found := check.References(objects)
	require.Less(t, time.Since(start), 3*time.Second)
	require.Len(t, of(found, "service-target-unresolved"), 5000)
	require.Len(t, of(found, "config-key-unknown"), 5000)
}
