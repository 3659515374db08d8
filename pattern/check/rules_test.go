package check_test

import (
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// example is a pod that a rule finds fault with, or one that looks alike and is
// fine.
type example struct {
	rule   string
	name   string
	change func(*corev1.Pod)
	want   []string // "level path: text" of the rule's findings
}

// goodPod has one app, one sidecar and one init container.
func goodPod() *corev1.Pod {
	p := &corev1.Pod{}
	p.Name = "web"
	p.Spec.InitContainers = []corev1.Container{
		{Name: "init", Image: "init:1"},
		{Name: "side", Image: "side:1", RestartPolicy: new(corev1.ContainerRestartPolicyAlways)},
	}
	p.Spec.Containers = []corev1.Container{{Name: "web", Image: "web:1"}}
	p.Spec.Volumes = []corev1.Volume{emptyDir("data")}
	return p
}

func emptyDir(name string) corev1.Volume {
	return corev1.Volume{Name: name, VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}
}

func mount(name, path string) corev1.VolumeMount {
	return corev1.VolumeMount{Name: name, MountPath: path}
}

func port(name string, number int32) corev1.ContainerPort {
	return corev1.ContainerPort{Name: name, ContainerPort: number}
}

func list(cpu, memory string) corev1.ResourceList {
	return corev1.ResourceList{"cpu": resource.MustParse(cpu), "memory": resource.MustParse(memory)}
}

// init, side and web give the containers of a goodPod.
func initOf(p *corev1.Pod) *corev1.Container { return &p.Spec.InitContainers[0] }
func sideOf(p *corev1.Pod) *corev1.Container { return &p.Spec.InitContainers[1] }
func webOf(p *corev1.Pod) *corev1.Container  { return &p.Spec.Containers[0] }

const label63 = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"

func examples() []example {
	probe := func() *corev1.Probe {
		return &corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Port: intstr.FromInt32(80)}}}
	}
	return []example{
		{"no-app-container", "init containers alone", func(p *corev1.Pod) { p.Spec.Containers = nil }, []string{"A spec.containers: Required value"}},
		{"no-app-container", "an app", func(*corev1.Pod) {}, nil},

		{"name-label", "no name", func(p *corev1.Pod) { webOf(p).Name = "" }, []string{"A spec.containers[0].name: Required value"}},
		{"name-label", "capitals", func(p *corev1.Pod) { initOf(p).Name = "Init" }, []string{`A spec.initContainers[0].name: Invalid value: "Init": ` + label63}},
		{"name-label", "64 characters", func(p *corev1.Pod) { webOf(p).Name = strings.Repeat("w", 64) }, []string{`A spec.containers[0].name: Invalid value: "` + strings.Repeat("w", 64) + `": must be no more than 63 characters`}},
		{"name-label", "63 characters", func(p *corev1.Pod) { webOf(p).Name = strings.Repeat("w", 63) }, nil},
		{"name-label", "a volume without a name", func(p *corev1.Pod) { p.Spec.Volumes[0].Name = "" }, []string{"A spec.volumes[0].name: Required value"}},
		{"name-label", "a volume with an underscore", func(p *corev1.Pod) { p.Spec.Volumes[0].Name = "a_b" }, []string{`A spec.volumes[0].name: Invalid value: "a_b": ` + label63}},

		{"container-name-dup", "two apps", func(p *corev1.Pod) {
			p.Spec.Containers = append(p.Spec.Containers, corev1.Container{Name: "web", Image: "b"})
		}, []string{`A spec.containers[1].name: Duplicate value: "web"`}},
		{"container-name-dup", "an init container as the app", func(p *corev1.Pod) { initOf(p).Name = "web" }, []string{`A spec.initContainers[0].name: Duplicate value: "web"`}},
		{"container-name-dup", "three of one name", func(p *corev1.Pod) { initOf(p).Name, sideOf(p).Name = "web", "web" },
			[]string{`A spec.initContainers[0].name: Duplicate value: "web"`, `A spec.initContainers[1].name: Duplicate value: "web"`}},
		{"container-name-dup", "a volume as a container", func(p *corev1.Pod) { p.Spec.Volumes[0].Name = "web" }, nil},

		{"image-missing", "an app", func(p *corev1.Pod) { webOf(p).Image = "" }, []string{"A spec.containers[0].image: Required value"}},
		{"image-missing", "an init container", func(p *corev1.Pod) { initOf(p).Image = "" }, []string{"A spec.initContainers[0].image: Required value"}},
		{"image-missing", "an image without a tag", func(p *corev1.Pod) { webOf(p).Image = "web" }, nil},
		{"image-whitespace", "a space behind", func(p *corev1.Pod) { webOf(p).Image = "web:1 " }, []string{`A spec.containers[0].image: Invalid value: "web:1 ": must not have leading or trailing whitespace`}},
		{"image-whitespace", "a digest", func(p *corev1.Pod) { webOf(p).Image = "web@sha256:" + strings.Repeat("0", 64) }, nil},

		{"annotations-size", "more than 256 KiB", func(p *corev1.Pod) {
			p.Annotations = map[string]string{"a": strings.Repeat("x", 200<<10), "b": strings.Repeat("x", 60<<10)}
		}, []string{"A metadata.annotations: Too long: may not be more than 262144 bytes"}},
		{"annotations-size", "256 KiB", func(p *corev1.Pod) { p.Annotations = map[string]string{"a": strings.Repeat("x", 256<<10-1)} }, nil},

		{"port-number", "none", func(p *corev1.Pod) { webOf(p).Ports = []corev1.ContainerPort{{}} }, []string{"A spec.containers[0].ports[0].containerPort: Required value"}},
		{"port-number", "negative", func(p *corev1.Pod) { webOf(p).Ports = []corev1.ContainerPort{port("", -1)} }, []string{"A spec.containers[0].ports[0].containerPort: Invalid value: -1: must be between 1 and 65535, inclusive"}},
		{"port-number", "too large", func(p *corev1.Pod) { webOf(p).Ports = []corev1.ContainerPort{port("", 65536)} }, []string{"A spec.containers[0].ports[0].containerPort: Invalid value: 65536: must be between 1 and 65535, inclusive"}},
		{"port-number", "a host port out of range", func(p *corev1.Pod) {
			webOf(p).Ports = []corev1.ContainerPort{{ContainerPort: 1, HostPort: -1}}
		}, []string{"A spec.containers[0].ports[0].hostPort: Invalid value: -1: must be between 1 and 65535, inclusive"}},
		{"port-number", "the first and the last", func(p *corev1.Pod) { webOf(p).Ports = []corev1.ContainerPort{port("", 1), port("", 65535)} }, nil},
		{"port-name", "16 characters", func(p *corev1.Pod) {
			webOf(p).Ports = []corev1.ContainerPort{port("abcdefghijklmnop", 1)}
		}, []string{`A spec.containers[0].ports[0].name: Invalid value: "abcdefghijklmnop": must be no more than 15 characters`}},
		{"port-name", "no letter", func(p *corev1.Pod) { webOf(p).Ports = []corev1.ContainerPort{port("80", 80)} }, []string{`A spec.containers[0].ports[0].name: Invalid value: "80": must contain at least one letter (a-z)`}},
		{"port-name", "two dashes", func(p *corev1.Pod) { webOf(p).Ports = []corev1.ContainerPort{port("a--b", 80)} }, []string{`A spec.containers[0].ports[0].name: Invalid value: "a--b": must not contain consecutive hyphens`}},
		{"port-name", "letters, digits and a dash", func(p *corev1.Pod) { webOf(p).Ports = []corev1.ContainerPort{port("h2c-grpc", 80)} }, nil},
		{"port-name-dup-container", "two of one name", func(p *corev1.Pod) {
			webOf(p).Ports = []corev1.ContainerPort{port("http", 80), port("http", 81)}
		}, []string{`A spec.containers[0].ports[1].name: Duplicate value: "http"`}},
		{"port-name-dup-container", "two without a name", func(p *corev1.Pod) { webOf(p).Ports = []corev1.ContainerPort{port("", 80), port("", 81)} }, nil},
		{"port-clash-pod", "an app and a native sidecar", func(p *corev1.Pod) {
			webOf(p).Ports, sideOf(p).Ports = []corev1.ContainerPort{port("", 80)}, []corev1.ContainerPort{port("", 80)}
		}, []string{"E spec.containers[0].ports[0].containerPort: Duplicate value: 80: container side listens on TCP port 80 too, and a pod has one network"}},
		{"port-clash-pod", "TCP said and unsaid", func(p *corev1.Pod) {
			webOf(p).Ports, sideOf(p).Ports = []corev1.ContainerPort{{ContainerPort: 80, Protocol: "TCP"}}, []corev1.ContainerPort{port("", 80)}
		}, []string{"E spec.containers[0].ports[0].containerPort: Duplicate value: 80: container side listens on TCP port 80 too, and a pod has one network"}},
		{"port-clash-pod", "an init container has ended by then", func(p *corev1.Pod) {
			webOf(p).Ports, initOf(p).Ports = []corev1.ContainerPort{port("", 80)}, []corev1.ContainerPort{port("", 80)}
		}, nil},
		{"port-clash-pod", "another protocol is another port", func(p *corev1.Pod) {
			webOf(p).Ports, sideOf(p).Ports = []corev1.ContainerPort{port("", 53)}, []corev1.ContainerPort{{ContainerPort: 53, Protocol: "UDP"}}
		}, nil},
		{"port-clash-pod", "one container may say a port twice", func(p *corev1.Pod) {
			webOf(p).Ports = []corev1.ContainerPort{port("a", 80), port("b", 80)}
		}, nil},
		{"hostport-dup", "two apps", func(p *corev1.Pod) {
			webOf(p).Ports = []corev1.ContainerPort{{ContainerPort: 80, HostPort: 8080, Protocol: "TCP"}}
			p.Spec.Containers = append(p.Spec.Containers, corev1.Container{Name: "b", Image: "b", Ports: []corev1.ContainerPort{{ContainerPort: 81, HostPort: 8080}}})
		}, []string{`A spec.containers[1].ports[0].hostPort: Duplicate value: "TCP//8080"`}},
		{"hostport-dup", "twice in one init container", func(p *corev1.Pod) {
			sideOf(p).Ports = []corev1.ContainerPort{{ContainerPort: 80, HostPort: 8080}, {ContainerPort: 81, HostPort: 8080}}
		}, []string{`A spec.initContainers[1].ports[1].hostPort: Duplicate value: "TCP//8080"`}},
		{"hostport-dup", "two addresses", func(p *corev1.Pod) {
			webOf(p).Ports = []corev1.ContainerPort{{ContainerPort: 80, HostPort: 8080, HostIP: "10.0.0.1"}, {ContainerPort: 81, HostPort: 8080, HostIP: "10.0.0.2"}}
		}, nil},
		{"hostport-dup", "an app and a sidecar, which the API server doesn't compare", func(p *corev1.Pod) {
			webOf(p).Ports = []corev1.ContainerPort{{ContainerPort: 80, HostPort: 8080}}
			sideOf(p).Ports = []corev1.ContainerPort{{ContainerPort: 81, HostPort: 8080}}
		}, nil},

		{"volume-dup", "two of one name", func(p *corev1.Pod) {
			p.Spec.Volumes = append(p.Spec.Volumes, emptyDir("data"))
		}, []string{`A spec.volumes[1].name: Duplicate value: "data"`}},
		{"volume-dup", "two names", func(p *corev1.Pod) { p.Spec.Volumes = append(p.Spec.Volumes, emptyDir("more")) }, nil},
		{"volume-source", "two", func(p *corev1.Pod) {
			p.Spec.Volumes[0].ConfigMap = &corev1.ConfigMapVolumeSource{}
		}, []string{"A spec.volumes[0].configMap: Forbidden: may not specify more than 1 volume type"}},
		{"volume-source", "three", func(p *corev1.Pod) {
			p.Spec.Volumes[0].Secret = &corev1.SecretVolumeSource{SecretName: "s"}
			p.Spec.Volumes[0].HostPath = &corev1.HostPathVolumeSource{Path: "/h"}
		}, []string{"A spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type", "A spec.volumes[0].secret: Forbidden: may not specify more than 1 volume type"}},
		{"volume-source", "an unusual one", func(p *corev1.Pod) {
			p.Spec.Volumes[0].VolumeSource = corev1.VolumeSource{ISCSI: &corev1.ISCSIVolumeSource{}}
		}, nil},

		{"mount-undeclared", "no such volume", func(p *corev1.Pod) {
			webOf(p).VolumeMounts = []corev1.VolumeMount{mount("logs", "/logs")}
		}, []string{`A spec.containers[0].volumeMounts[0].name: Not found: "logs"`}},
		{"mount-undeclared", "a volume of the pod", func(p *corev1.Pod) {
			webOf(p).VolumeMounts = []corev1.VolumeMount{mount("data", "/data")}
		}, nil},
		{"mount-path-dup", "one path twice", func(p *corev1.Pod) {
			webOf(p).VolumeMounts = []corev1.VolumeMount{mount("data", "/d"), mount("data", "/d")}
		}, []string{`A spec.containers[0].volumeMounts[1].mountPath: Invalid value: "/d": must be unique`}},
		{"mount-path-dup", "two containers", func(p *corev1.Pod) {
			webOf(p).VolumeMounts, sideOf(p).VolumeMounts = []corev1.VolumeMount{mount("data", "/d")}, []corev1.VolumeMount{mount("data", "/d")}
		}, nil},
		{"mount-path-dup-normalised", "one folder twice", func(p *corev1.Pod) {
			webOf(p).VolumeMounts = []corev1.VolumeMount{mount("data", "/d"), mount("data", "/d/"), mount("data", "/x/../d")}
		}, []string{
			`E spec.containers[0].volumeMounts[1].mountPath: Invalid value: "/d/": is the same folder as /d, where data is mounted`,
			`E spec.containers[0].volumeMounts[2].mountPath: Invalid value: "/x/../d": is the same folder as /d, where data is mounted`}},
		{"mount-path-dup-normalised", "one folder in another", func(p *corev1.Pod) {
			webOf(p).VolumeMounts = []corev1.VolumeMount{mount("data", "/d"), mount("data", "/d/e")}
		}, nil},
		{"mount-path-shape", "relative", func(p *corev1.Pod) {
			webOf(p).VolumeMounts = []corev1.VolumeMount{mount("data", "d")}
		}, []string{`E spec.containers[0].volumeMounts[0].mountPath: Invalid value: "d": is relative: it means something else to each who reads it, and the kubelet puts / before it`}},
		{"mount-path-shape", "a colon", func(p *corev1.Pod) {
			webOf(p).VolumeMounts = []corev1.VolumeMount{mount("data", "/a:b")}
		}, []string{`E spec.containers[0].volumeMounts[0].mountPath: Invalid value: "/a:b": must not contain ':'`}},
		{"mount-path-shape", "the root", func(p *corev1.Pod) {
			webOf(p).VolumeMounts = []corev1.VolumeMount{mount("data", "/")}
		}, []string{`E spec.containers[0].volumeMounts[0].mountPath: Invalid value: "/": hides the whole image`}},
		{"mount-path-shape", "a path", func(p *corev1.Pod) { webOf(p).VolumeMounts = []corev1.VolumeMount{mount("data", "/var/a b")} }, nil},
		{"mount-path-missing", "none", func(p *corev1.Pod) {
			webOf(p).VolumeMounts = []corev1.VolumeMount{mount("data", "")}
		}, []string{"A spec.containers[0].volumeMounts[0].mountPath: Required value"}},
		{"mount-path-missing", "one", func(p *corev1.Pod) { webOf(p).VolumeMounts = []corev1.VolumeMount{mount("data", "/d")} }, nil},
		{"subpath", "absolute", func(p *corev1.Pod) {
			webOf(p).VolumeMounts = []corev1.VolumeMount{{Name: "data", MountPath: "/d", SubPath: "/a"}}
		}, []string{`A spec.containers[0].volumeMounts[0].subPath: Invalid value: "/a": must be a relative path`}},
		{"subpath", "out of the volume", func(p *corev1.Pod) {
			webOf(p).VolumeMounts = []corev1.VolumeMount{{Name: "data", MountPath: "/d", SubPathExpr: "a/../$(B)"}}
		}, []string{`A spec.containers[0].volumeMounts[0].subPathExpr: Invalid value: "a/../$(B)": must not contain '..'`}},
		{"subpath", "both", func(p *corev1.Pod) {
			webOf(p).VolumeMounts = []corev1.VolumeMount{{Name: "data", MountPath: "/d", SubPath: "a", SubPathExpr: "b"}}
		}, []string{`A spec.containers[0].volumeMounts[0].subPathExpr: Invalid value: "b": subPathExpr and subPath are mutually exclusive`}},
		{"subpath", "a folder with dots", func(p *corev1.Pod) {
			webOf(p).VolumeMounts = []corev1.VolumeMount{{Name: "data", MountPath: "/d", SubPath: "a..b/...c"}}
		}, nil},
		{"reader-without-writer", "all mounts are read-only", func(p *corev1.Pod) {
			webOf(p).VolumeMounts = []corev1.VolumeMount{{Name: "data", MountPath: "/d", ReadOnly: true}}
		}, []string{`E spec.containers[0].volumeMounts[0].name: Invalid value: "data": the volume starts empty, and every container that mounts it only reads`}},
		{"reader-without-writer", "one may write", func(p *corev1.Pod) {
			webOf(p).VolumeMounts = []corev1.VolumeMount{{Name: "data", MountPath: "/d", ReadOnly: true}}
			sideOf(p).VolumeMounts = []corev1.VolumeMount{mount("data", "/d")}
		}, nil},
		{"reader-without-writer", "another kind of volume has its content", func(p *corev1.Pod) {
			p.Spec.Volumes[0].VolumeSource = corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{}}
			webOf(p).VolumeMounts = []corev1.VolumeMount{{Name: "data", MountPath: "/d", ReadOnly: true}}
		}, nil},
		{"reader-without-writer", "nobody mounts it", func(*corev1.Pod) {}, nil},

		{"env-name", "none", func(p *corev1.Pod) { webOf(p).Env = []corev1.EnvVar{{}} }, []string{"A spec.containers[0].env[0].name: Required value"}},
		{"env-name", "an equals sign", func(p *corev1.Pod) {
			webOf(p).Env = []corev1.EnvVar{{Name: "A=B"}}
		}, []string{`A spec.containers[0].env[0].name: Invalid value: "A=B": a valid environment variable name must consist only of printable ASCII characters other than '='`}},
		{"env-name", "anything else that is printable", func(p *corev1.Pod) { webOf(p).Env = []corev1.EnvVar{{Name: "1 a-b.c"}} }, nil},
		{"env-source", "a value and a source", func(p *corev1.Pod) {
			webOf(p).Env = []corev1.EnvVar{{Name: "A", Value: "b", ValueFrom: &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: "metadata.name"}}}}
		}, []string{"A spec.containers[0].env[0].valueFrom: Invalid value: \"\": may not be specified when `value` is not empty"}},
		{"env-source", "a source", func(p *corev1.Pod) {
			webOf(p).Env = []corev1.EnvVar{{Name: "A", ValueFrom: &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: "metadata.name"}}}}
		}, nil},

		{"init-probe", "each probe and a hook", func(p *corev1.Pod) {
			c := initOf(p)
			c.LivenessProbe, c.ReadinessProbe, c.StartupProbe, c.Lifecycle = probe(), probe(), probe(), &corev1.Lifecycle{}
		}, []string{
			"A spec.initContainers[0].lifecycle: Forbidden: may not be set for init containers without restartPolicy=Always",
			"A spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always",
			"A spec.initContainers[0].readinessProbe: Forbidden: may not be set for init containers without restartPolicy=Always",
			"A spec.initContainers[0].startupProbe: Forbidden: may not be set for init containers without restartPolicy=Always"}},
		{"init-probe", "a native sidecar has probes", func(p *corev1.Pod) { sideOf(p).LivenessProbe, sideOf(p).Lifecycle = probe(), &corev1.Lifecycle{} }, nil},
		{"probe-shape", "no handler", func(p *corev1.Pod) { webOf(p).LivenessProbe = &corev1.Probe{} }, []string{"A spec.containers[0].livenessProbe: Required value: must specify a handler type"}},
		{"probe-shape", "two handlers", func(p *corev1.Pod) {
			webOf(p).LivenessProbe = probe()
			webOf(p).LivenessProbe.Exec = &corev1.ExecAction{Command: []string{"true"}}
		}, []string{"A spec.containers[0].livenessProbe.httpGet: Forbidden: may not specify more than 1 handler type"}},
		{"probe-shape", "a liveness probe that must succeed twice", func(p *corev1.Pod) {
			webOf(p).LivenessProbe = probe()
			webOf(p).LivenessProbe.SuccessThreshold = 2
		}, []string{"A spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1"}},
		{"probe-shape", "a readiness probe that may kill", func(p *corev1.Pod) {
			webOf(p).ReadinessProbe = probe()
			webOf(p).ReadinessProbe.TerminationGracePeriodSeconds = new(int64(5))
		}, []string{"A spec.containers[0].readinessProbe.terminationGracePeriodSeconds: Invalid value: 5: must not be set for readinessProbes"}},
		{"probe-shape", "a readiness probe that must succeed twice", func(p *corev1.Pod) {
			webOf(p).ReadinessProbe = probe()
			webOf(p).ReadinessProbe.SuccessThreshold = 2
		}, nil},
		{"security-context", "privileged without gaining rights", func(p *corev1.Pod) {
			webOf(p).SecurityContext = &corev1.SecurityContext{Privileged: new(true), AllowPrivilegeEscalation: new(false)}
		}, []string{"A spec.containers[0].securityContext: Invalid value: \"\": cannot set `allowPrivilegeEscalation` to false and `privileged` to true"}},
		{"security-context", "privileged", func(p *corev1.Pod) {
			webOf(p).SecurityContext = &corev1.SecurityContext{Privileged: new(true)}
		}, nil},
		{"prestop-sleep", "longer than the pod may take", func(p *corev1.Pod) {
			p.Spec.TerminationGracePeriodSeconds = new(int64(10))
			webOf(p).Lifecycle = &corev1.Lifecycle{PreStop: &corev1.LifecycleHandler{Sleep: &corev1.SleepAction{Seconds: 20}}}
		}, []string{"A spec.containers[0].lifecycle.preStop.sleep: Invalid value: 20: must be non-negative and less than terminationGracePeriodSeconds (10)"}},
		{"prestop-sleep", "negative", func(p *corev1.Pod) {
			webOf(p).Lifecycle = &corev1.Lifecycle{PreStop: &corev1.LifecycleHandler{Sleep: &corev1.SleepAction{Seconds: -1}}}
		}, []string{"A spec.containers[0].lifecycle.preStop.sleep: Invalid value: -1: must be non-negative and less than terminationGracePeriodSeconds (30)"}},
		{"prestop-sleep", "shorter", func(p *corev1.Pod) {
			webOf(p).Lifecycle = &corev1.Lifecycle{PreStop: &corev1.LifecycleHandler{Sleep: &corev1.SleepAction{Seconds: 29}}}
		}, nil},

		{"quantity", "negative", func(p *corev1.Pod) {
			webOf(p).Resources.Requests, webOf(p).Resources.Limits = list("-1", "1Gi"), list("1", "-1Gi")
		}, []string{
			`A spec.containers[0].resources.limits[memory]: Invalid value: "-1Gi": must be greater than or equal to 0`,
			`A spec.containers[0].resources.requests[cpu]: Invalid value: "-1": must be greater than or equal to 0`}},
		{"quantity", "zero", func(p *corev1.Pod) { webOf(p).Resources.Requests = list("0", "0") }, nil},
		{"req-gt-limit", "each resource", func(p *corev1.Pod) {
			webOf(p).Resources.Requests, webOf(p).Resources.Limits = list("2", "2Gi"), list("1", "1Gi")
		}, []string{
			`A spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1`,
			`A spec.containers[0].resources.requests: Invalid value: "2Gi": must be less than or equal to memory limit of 1Gi`}},
		{"req-gt-limit", "equal, in another unit", func(p *corev1.Pod) {
			webOf(p).Resources.Requests, webOf(p).Resources.Limits = list("1000m", "1Gi"), list("1", "1024Mi")
		}, nil},
		{"req-gt-limit", "no limit", func(p *corev1.Pod) { webOf(p).Resources.Requests = list("100", "1Ti") }, nil},
	}
}

func TestRules(t *testing.T) { try(t, examples()...) }

// try holds what a rule finds in pods against what it should. Texts and paths are
// those of the API server, where it has the rule.
func try(t *testing.T, examples ...example) {
	t.Helper()
	for _, tt := range examples {
		t.Run(tt.rule+"/"+tt.name, func(t *testing.T) {
			p := goodPod()
			tt.change(p)
			before := p.DeepCopy()
			found := check.Pod(p)
			require.Equal(t, before, p, "a check must not write to the pod")
			var got []string
			for _, f := range of(found, tt.rule) {
				got = append(got, string(f.Level)+" "+fieldError(f).Error())
			}
			require.Equal(t, tt.want, got, "\n%s", found)
		})
	}
}

func ids(fs check.Findings) []string {
	var out []string
	for _, f := range fs {
		out = append(out, f.Rule)
	}
	return out
}

// of gives the findings of one rule.
func of(fs check.Findings, rule string) check.Findings {
	var out check.Findings
	for _, f := range fs {
		if f.Rule == rule {
			out = append(out, f)
		}
	}
	return out
}
