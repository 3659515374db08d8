package check_test

import (
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

type env = []corev1.EnvVar

// webEnv sets the variables of the app.
func webEnv(list ...corev1.EnvVar) func(*corev1.Pod) {
	return func(p *corev1.Pod) { webOf(p).Env = list }
}

func from(s corev1.EnvVarSource) func(*corev1.Pod) {
	return webEnv(corev1.EnvVar{Name: "A", ValueFrom: &s})
}

func fieldOf(path string) func(*corev1.Pod) {
	return from(corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: path}})
}

func resourceOf(name, divisor string) func(*corev1.Pod) {
	return from(corev1.EnvVarSource{ResourceFieldRef: &corev1.ResourceFieldSelector{Resource: name, Divisor: resource.MustParse(divisor)}})
}

func secretOf(name, key string) func(*corev1.Pod) {
	return from(corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{LocalObjectReference: corev1.LocalObjectReference{Name: name}, Key: key}})
}

func fileOf(f corev1.FileKeySelector) func(*corev1.Pod) {
	return from(corev1.EnvVarSource{FileKeyRef: &f})
}

func TestEnvNames(t *testing.T) {
	try(t,
		example{"env-name", "none", func(p *corev1.Pod) { webOf(p).Env = []corev1.EnvVar{{}} }, []string{"A spec.containers[0].env[0].name: Required value"}},
		example{"env-name", "an equals sign", func(p *corev1.Pod) {
			webOf(p).Env = []corev1.EnvVar{{Name: "A=B"}}
		}, []string{`A spec.containers[0].env[0].name: Invalid value: "A=B": a valid environment variable name must consist only of printable ASCII characters other than '='`}},
		example{"env-name", "anything else that is printable", func(p *corev1.Pod) { webOf(p).Env = []corev1.EnvVar{{Name: "1 a-b.c"}} }, nil},

		example{"env-name", "a prefix", func(p *corev1.Pod) {
			webOf(p).EnvFrom = []corev1.EnvFromSource{{Prefix: "A=", SecretRef: &corev1.SecretEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: "s"}}}}
		}, []string{`A spec.containers[0].envFrom[0].prefix: Invalid value: "A=": a valid environment variable name must consist only of printable ASCII characters other than '='`}},
		example{"env-dup", "two values", webEnv(corev1.EnvVar{Name: "A", Value: "a"}, corev1.EnvVar{Name: "A", Value: "b"}), []string{
			`W spec.containers[0].env[1]: Duplicate value: "A": hides previous definition of "A", which may be dropped when using apply`}},
		example{"env-dup", "a value and itself", webEnv(corev1.EnvVar{Name: "A", Value: "a"}, corev1.EnvVar{Name: "A", Value: "$(A)"}), []string{
			`W spec.containers[0].env[1]: Duplicate value: "A": hides previous definition of "A", which may be dropped when using apply`}},
		example{"env-dup", "a value and more", webEnv(corev1.EnvVar{Name: "A", Value: "a"}, corev1.EnvVar{Name: "A", Value: "$(A):b"}), nil},
		example{"env-dup", "two without a name", webEnv(corev1.EnvVar{}, corev1.EnvVar{}), nil},
	)
	p := goodPod()
	webEnv(corev1.EnvVar{Name: "1 a"})(p)
	require.Empty(t, of(check.Pod(p, check.Target("1.32")), "env-name"))
	require.Len(t, of(check.Pod(p, check.Target("1.31")), "env-name"), 1, "older versions are stricter")
}

func TestEnvSources(t *testing.T) {
	const subdomain = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
	envFrom := func(s corev1.EnvFromSource) func(*corev1.Pod) {
		return func(p *corev1.Pod) { webOf(p).EnvFrom = []corev1.EnvFromSource{s} }
	}
	secret := func(name string) *corev1.SecretEnvSource {
		return &corev1.SecretEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: name}}
	}
	const fields = `supported values: "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"`
	try(t,
		example{"env-source", "none", from(corev1.EnvVarSource{}), []string{
			"A spec.containers[0].env[0].valueFrom: Invalid value: \"\": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`"}},
		example{"env-source", "two", from(corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{}, ResourceFieldRef: &corev1.ResourceFieldSelector{}}), []string{
			`A spec.containers[0].env[0].valueFrom: Invalid value: "": may not have more than one field specified at a time`}},
		example{"env-source", "no source of many", envFrom(corev1.EnvFromSource{}), []string{
			"A spec.containers[0].envFrom[0]: Invalid value: \"\": must specify one of: `configMapRef` or `secretRef`"}},
		example{"reference-name", "a secret", secretOf("A", "k"), []string{`A spec.containers[0].env[0].valueFrom.secretKeyRef.name: Invalid value: "A": ` + subdomain}},
		example{"reference-name", "no secret", secretOf("", "k"), []string{`A spec.containers[0].env[0].valueFrom.secretKeyRef.name: Invalid value: "": ` + subdomain}},
		example{"reference-name", "no secret of many", envFrom(corev1.EnvFromSource{SecretRef: secret("")}), []string{"A spec.containers[0].envFrom[0].secretRef.name: Required value"}},
		example{"reference-name", "a dash at the end", envFrom(corev1.EnvFromSource{SecretRef: secret("a-")}), nil},
		example{"reference-key", "two dots", secretOf("s", ".."), []string{`A spec.containers[0].env[0].valueFrom.secretKeyRef.key: Invalid value: "..": must not be '..'`}},
		example{"reference-key", "none", secretOf("s", ""), []string{"A spec.containers[0].env[0].valueFrom.secretKeyRef.key: Required value"}},
		example{"reference-key", "a dot before it", secretOf("s", ".dockerconfigjson"), nil},
		example{"env-fieldref", "a field of volumes only", fieldOf("metadata.labels"), []string{`A spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Unsupported value: "metadata.labels": ` + fields}},
		example{"env-fieldref", "no field", fieldOf("spec.node"), []string{`A spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Invalid value: "spec.node": error converting fieldPath: field label not supported: spec.node`}},
		example{"env-fieldref", "a key of what has none", fieldOf("metadata.name['a']"), []string{`A spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Invalid value: "metadata.name['a']": error converting fieldPath: field label does not support subscript: metadata.name['a']`}},
		example{"env-fieldref", "none", fieldOf(""), []string{"A spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Required value"}},
		example{"env-fieldref", "a label", fieldOf("metadata.labels['example.com/Tier']"), nil},
		example{"env-fieldref", "an annotation in capitals", fieldOf("metadata.annotations['Example.com/Tier']"), nil},
		example{"env-fieldref", "what it was called before", fieldOf("spec.host"), nil},
		example{"env-resourcefieldref", "no kind", resourceOf("cpu", "0"), []string{`A spec.containers[0].env[0].valueFrom.resourceFieldRef.resource: Unsupported value: "cpu": supported values: "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"`}},
		example{"env-resourcefieldref", "a unit", resourceOf("limits.cpu", "1Mi"), []string{`A spec.containers[0].env[0].valueFrom.resourceFieldRef.divisor: Invalid value: "limits.cpu": only divisor's values 1m and 1 are supported with the cpu resource`}},
		example{"env-resourcefieldref", "a unit written otherwise", resourceOf("limits.memory", "1024Ki"), nil},
		example{"env-resourcefieldref", "huge pages", resourceOf("limits.hugepages-2Mi", "1"), nil},
		example{"resourcefieldref-container", "a file", func(p *corev1.Pod) {
			webOf(p).VolumeMounts = []corev1.VolumeMount{mount(p.Spec.Volumes[0].Name, "/info")}
			p.Spec.Volumes[0].VolumeSource = corev1.VolumeSource{DownwardAPI: &corev1.DownwardAPIVolumeSource{Items: []corev1.DownwardAPIVolumeFile{
				{Path: "cpu", ResourceFieldRef: &corev1.ResourceFieldSelector{ContainerName: "web", Resource: "limits.cpu"}},
				{Path: "mem", ResourceFieldRef: &corev1.ResourceFieldSelector{ContainerName: "app", Resource: "limits.cpu"}}}}}
		}, []string{`E spec.volumes[0].downwardAPI.items[1].resourceFieldRef.containerName: Not found: "app"`}},
		example{"resourcefieldref-container", "a file in a volume that nobody mounts", spec(t, "volumes: [{name: v, downwardAPI: {items: [{path: m, resourceFieldRef: {containerName: app, resource: limits.memory}}]}}]"), nil},
		example{"filekeyref", "no volume", fileOf(corev1.FileKeySelector{VolumeName: "x", Path: "p", Key: "K"}), []string{`A spec.containers[0].env[0].valueFrom.fileKeyRef.volumeName: Not found: "x"`}},
		example{"filekeyref", "nothing", fileOf(corev1.FileKeySelector{}), []string{
			"A spec.containers[0].env[0].valueFrom.fileKeyRef.key: Required value",
			"A spec.containers[0].env[0].valueFrom.fileKeyRef.path: Required value",
			"A spec.containers[0].env[0].valueFrom.fileKeyRef.volumeName: Required value",
			`A spec.containers[0].env[0].valueFrom.fileKeyRef.volumeName: Not found: ""`}},
		example{"filekeyref", "another kind of volume", func(p *corev1.Pod) {
			p.Spec.Volumes[0].VolumeSource = corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{}}
			fileOf(corev1.FileKeySelector{VolumeName: "data", Path: "a/../p", Key: "K"})(p)
		}, []string{
			`A spec.containers[0].env[0].valueFrom.fileKeyRef.path: Invalid value: "a/../p": must not contain '..'`,
			`A spec.containers[0].env[0].valueFrom.fileKeyRef.volumeName: Invalid value: "data": referenced volume must be of type emptyDir`}},
		example{"filekeyref", "a file", fileOf(corev1.FileKeySelector{VolumeName: "data", Path: "..p", Key: "K"}), nil},
	)
}

func TestFileKeyRefNeedsItsVersion(t *testing.T) {
	p := goodPod()
	fileOf(corev1.FileKeySelector{VolumeName: "data", Path: "p", Key: "K"})(p)
	require.Empty(t, of(check.Pod(p), "env-source"))
	found := of(check.Pod(p, check.Target("1.34")), "env-source")
	require.Len(t, found, 1)
	require.Contains(t, found[0].Fix, "1.35")
}

func TestEnvRefs(t *testing.T) {
	args := func(list ...string) func(*corev1.Pod) {
		return func(p *corev1.Pod) { webOf(p).Args = list }
	}
	withEnv := func(change func(*corev1.Pod), list ...corev1.EnvVar) func(*corev1.Pod) {
		return func(p *corev1.Pod) { webOf(p).Env = list; change(p) }
	}
	try(t,
		example{"env-ref-undefined", "in an argument", args("a", "--node=$(NODE)$(NODE)"), []string{`W spec.containers[0].args[1]: Invalid value: "$(NODE)": is not defined in container web, and stays as it is written`}},
		example{"env-ref-undefined", "in a command, another container's", func(p *corev1.Pod) {
			webOf(p).Command, sideOf(p).Env = []string{"run", "$(NODE)"}, env{{Name: "NODE", Value: "n"}}
		}, []string{`W spec.containers[0].command[1]: Invalid value: "$(NODE)": is not defined in container web, and stays as it is written`}},
		example{"env-ref-undefined", "defined further down", webEnv(corev1.EnvVar{Name: "url", Value: "x/$(host)"}, corev1.EnvVar{Name: "host", Value: "h"}), []string{
			`W spec.containers[0].env[0].value: Invalid value: "$(host)": is defined only further down, and stays as it is written`}},
		example{"env-ref-undefined", "of the image", webEnv(corev1.EnvVar{Name: "PATH", Value: "$(PATH):/more"}), []string{
			`W spec.containers[0].env[0].value: Invalid value: "$(PATH)": is what is being defined, and stays as it is written`}},
		example{"env-ref-undefined", "defined above", webEnv(corev1.EnvVar{Name: "A1", Value: "a"}, corev1.EnvVar{Name: "B1", Value: "$(A1)"}), nil},
		example{"env-ref-undefined", "an argument knows all", withEnv(args("$(A1)"), corev1.EnvVar{Name: "A1"}), nil},
		example{"env-ref-undefined", "any name may come", func(p *corev1.Pod) {
			args("$(A1)")(p)
			webOf(p).EnvFrom = []corev1.EnvFromSource{{}}
		}, nil},
		example{"env-ref-undefined", "escaped", args("$$(A1)", "$$$$(A1)"), nil},
		example{"env-ref-undefined", "escaped and not", args("$$$(AA)"), []string{`W spec.containers[0].args[0]: Invalid value: "$(AA)": is not defined in container web, and stays as it is written`}},
		example{"env-ref-undefined", "a shell's", args("-c", `x=$(hostname); n=$((N+1)); echo ${HOME} $(cat /x) $(A b) $(`), nil},
		example{"env-ref-undefined", "a function of the shell", args("-c", `NOW() { date; }; echo $(NOW)`), nil},
		example{"env-ref-undefined", "a Service's", args("$(DB_SERVICE_HOST):$(DB_SERVICE_PORT) $(DB_PORT_5432_TCP_ADDR)"), nil},
		example{"env-ref-undefined", "the API server's, without the Services", func(p *corev1.Pod) {
			p.Spec.EnableServiceLinks = new(false)
			args("$(KUBERNETES_SERVICE_HOST)")(p)
		}, nil},
		example{"env-ref-undefined", "no Services", func(p *corev1.Pod) {
			p.Spec.EnableServiceLinks = new(false)
			args("$(DB_SERVICE_HOST)")(p)
		}, []string{`W spec.containers[0].args[0]: Invalid value: "$(DB_SERVICE_HOST)": is not defined in container web, and stays as it is written`}},
	)
	p := goodPod()
	webOf(p).Args, sideOf(p).Env = []string{"$(NODE)"}, env{{Name: "NODE", Value: "n"}}
	found := of(check.Pod(p), "env-ref-undefined")
	require.Len(t, found, 1)
	require.Equal(t, check.Party{Container: "side", Path: "spec.initContainers[1].env[0]"}, found[0].Parties[1])
}

func TestEnvDiverges(t *testing.T) {
	values := func(name, side, web string) func(*corev1.Pod) {
		return func(p *corev1.Pod) {
			sideOf(p).Env, webOf(p).Env = env{{Name: name, Value: side}}, env{{Name: name, Value: web}}
		}
	}
	try(t,
		example{"env-diverges", "a host", values("DB_HOST", "db", "database"), []string{`W spec.containers[0].env[0].value: Invalid value: "DB_HOST": has another value than in container side`}},
		example{"env-diverges", "a URL", values("REDIS_URL", "redis://a/0", "redis://b/0"), []string{`W spec.containers[0].env[0].value: Invalid value: "REDIS_URL": has another value than in container side`}},
		example{"env-diverges", "another user and option", values("DATABASE_URL", "postgres://admin@db/x", "postgres://web@db/x?pool=2"), nil},
		example{"env-diverges", "through the sidecar", values("DB_HOST", "db", "127.0.0.1"), nil},
		example{"env-diverges", "a socket", values("DB_HOST", "/run/db", "db"), nil},
		example{"env-diverges", "the same", values("DB_HOST", "db", "db"), nil},
		example{"env-diverges", "names of each container's own", func(p *corev1.Pod) {
			for _, n := range []string{"PORT", "HOST", "NAME", "ARGS", "LOG_LEVEL", "BASE_URL", "LISTEN_ADDR", "DB_POOL_SIZE"} {
				sideOf(p).Env, webOf(p).Env = append(sideOf(p).Env, corev1.EnvVar{Name: n, Value: "a"}), append(webOf(p).Env, corev1.EnvVar{Name: n, Value: "b"})
			}
		}, nil},
		example{"env-diverges", "a reference", values("DB_HOST", "$(X)", "db"), nil},
		example{"env-diverges", "no value at first", func(p *corev1.Pod) {
			sideOf(p).Env, webOf(p).Env = env{{Name: "DB_HOST"}, {Name: "DB_HOST", Value: "db"}}, env{{Name: "DB_HOST", Value: "database"}}
		}, nil},
		example{"env-diverges", "no value", values("DB_HOST", "", "db"), nil},
	)
}

// A pod may have more than a few variables.
func TestManyVariables(t *testing.T) {
	p := goodPod()
	for i := range 100 {
		name := "V" + strings.Repeat("x", i)
		webOf(p).Env = append(webOf(p).Env, corev1.EnvVar{Name: name})
	}
	require.Empty(t, of(check.Pod(p), "env-dup"))
	webOf(p).Env = append(webOf(p).Env, webOf(p).Env[50])
	require.Len(t, of(check.Pod(p), "env-dup"), 1)
}
