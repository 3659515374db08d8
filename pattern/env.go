package pattern

import (
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/release"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// Env sets a variable: it replaces one of that name in its place, else appends.
// $(NAME) in the value is expanded by the kubelet if NAME is set before it. An
// empty name, or one with = in it, is an error.
func (c Container[R]) Env(name, value string) Container[R] {
	return c.env(name, corev1.EnvVar{Name: name, Value: value}, nil)
}

// EnvSecret sets a variable from a key of a Secret; otherwise as [Container.Env].
func (c Container[R]) EnvSecret(name string, secret SecretBuilder, key string) Container[R] {
	e, bad := secret.envVar(name, key)
	return c.envObject(name, e, bad, secret.generated())
}

// EnvConfigMap sets a variable from a key of a ConfigMap; otherwise as
// [Container.Env].
func (c Container[R]) EnvConfigMap(name string, config ConfigMapBuilder, key string) Container[R] {
	e, bad := config.envVar(name, key)
	return c.envObject(name, e, bad, config.generated())
}

// EnvField sets a variable from a field of the pod, such as metadata.name or
// status.podIP; otherwise as [Container.Env].
func (c Container[R]) EnvField(name, fieldPath string) Container[R] {
	var bad *flaw
	if !podFields[fieldPath] && !strings.HasPrefix(fieldPath, "metadata.labels['") && !strings.HasPrefix(fieldPath, "metadata.annotations['") {
		bad = invalid("env-source", ".valueFrom.fieldRef.fieldPath", fieldPath, "is no field that a variable can have", "such as metadata.name or status.podIP")
	}
	return c.env(name, fieldEnv(name, fieldPath), bad)
}

// podFields are the fields that a variable can have.
// upstream: kubernetes/kubernetes pkg/apis/core/validation, validEnvDownwardAPIFieldPathExpressions
var podFields = map[string]bool{
	"metadata.name": true, "metadata.namespace": true, "metadata.uid": true, "spec.nodeName": true, "spec.serviceAccountName": true,
	"status.hostIP": true, "status.hostIPs": true, "status.podIP": true, "status.podIPs": true,
}

// containerResource says whether a field is a request or limit that a variable can
// have.
func containerResource(field string) bool {
	_, name, ok := strings.Cut(field, ".")
	return ok && (strings.HasPrefix(field, "limits.") || strings.HasPrefix(field, "requests.")) &&
		(name == "cpu" || name == "memory" || name == "ephemeral-storage" || strings.HasPrefix(name, "hugepages-"))
}

func fieldEnv(name, fieldPath string) corev1.EnvVar {
	return corev1.EnvVar{Name: name, ValueFrom: &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: fieldPath}}}
}

// EnvResource sets a variable from this container's own requests or limits, such
// as limits.memory, in units of divisor ("1Mi"; "" is 1); otherwise as
// [Container.Env].
func (c Container[R]) EnvResource(name, field, divisor string) Container[R] {
	ref := &corev1.ResourceFieldSelector{Resource: field}
	var bad *flaw
	if !containerResource(field) {
		bad = invalid("env-source", ".valueFrom.resourceFieldRef.resource", field, "is no request or limit that a variable can have", "such as limits.memory")
	}
	if divisor != "" {
		q, err := resource.ParseQuantity(divisor)
		if err != nil {
			bad = bad.and(invalid("quantity", ".valueFrom.resourceFieldRef.divisor", divisor, "is no quantity", "a quantity, such as 1Mi"))
		}
		ref.Divisor = q
	}
	return c.env(name, corev1.EnvVar{Name: name, ValueFrom: &corev1.EnvVarSource{ResourceFieldRef: ref}}, bad)
}

// EnvFile sets a variable from a key of an env file that an earlier container
// writes to an emptyDir; path is relative to the volume. The volume needs no
// mount here, and is declared. Needs Kubernetes 1.35; otherwise as
// [Container.Env].
func (c Container[R]) EnvFile(name string, volume Volume, path, key string) Container[R] {
	e := corev1.EnvVar{Name: name, ValueFrom: &corev1.EnvVarSource{FileKeyRef: &corev1.FileKeySelector{VolumeName: volume.name(), Path: path, Key: key}}}
	var bad *flaw
	if path == "" || key == "" {
		bad = missing("env-source", ".valueFrom.fileKeyRef", "give the path of the file and the key in it")
	}
	switch {
	case volume.v == nil:
		bad = bad.and(zeroVolume())
	case volume.v.source == nil || volume.v.source.EmptyDir == nil:
		bad = bad.and(invalid("filekeyref", ".valueFrom.fileKeyRef.volumeName", volume.name(), "is no EmptyDir", "an env file lies in an EmptyDir"))
	}
	origin := here(ofConstructor)
	return c.env(name, e, bad).add(func(d *draft) {
		d.need(need{release.EnvFiles, "EnvFile of " + name, ".env", origin})
		d.own().declares = append(d.declares, volume)
	})
}

func (c Container[R]) env(name string, e corev1.EnvVar, bad *flaw) Container[R] {
	if f := badEnvName(".name", name); f != nil {
		bad = bad.and(f)
	}
	return c.add(func(d *draft) {
		i := indexEnv(d.c.Env, name)
		d.reportAll(bad, ".env"+at(i, bad))
		if d.c.Env == nil {
			d.c.Env = make([]corev1.EnvVar, 0, 4)
		}
		if i == len(d.c.Env) {
			d.c.Env = append(d.c.Env, corev1.EnvVar{})
		}
		if len(d.needs) > 0 {
			d.need(need{what: "EnvFile of " + name})
		}
		if e.ValueFrom == nil {
			d.c.Env[i] = e
		} else {
			e.DeepCopyInto(&d.c.Env[i])
		}
	})
}

// envObject is env for a variable whose object the pod may have to carry.
func (c Container[R]) envObject(name string, e corev1.EnvVar, bad *flaw, o *generated) Container[R] {
	c = c.env(name, e, bad)
	if o == nil {
		return c
	}
	return c.add(func(d *draft) { d.own().objects = append(d.objects, o) })
}

// indexEnv gives the place of a variable, or where to append it.
func indexEnv(env []corev1.EnvVar, name string) int {
	i := slices.IndexFunc(env, func(e corev1.EnvVar) bool { return e.Name == name })
	if i < 0 {
		return len(env)
	}
	return i
}

// EnvSource is where EnvFrom takes variables from: a [ConfigMap] or a [Secret].
type EnvSource interface {
	envFrom() (corev1.EnvFromSource, *flaw)
	generated() *generated
}

// EnvFrom appends all keys of a ConfigMap or Secret as variables. What Env sets
// wins over them. A nil source is an error.
func (c Container[R]) EnvFrom(sources ...EnvSource) Container[R] {
	if len(sources) == 0 {
		return c.reject(missing("no-arguments", ".envFrom", "give the sources: EnvFrom(pattern.Secret(\"db\"))"))
	}
	for _, s := range sources {
		c = c.EnvFromPrefix("", s)
	}
	return c
}

// EnvFromPrefix is [Container.EnvFrom] with prefix before each variable's name. A
// prefix that no variable's name can begin with is an error.
func (c Container[R]) EnvFromPrefix(prefix string, source EnvSource) Container[R] {
	if isNil(source) {
		return c.reject(missing("nil-argument", ".envFrom", "give a ConfigMap or a Secret"))
	}
	from, bad := source.envFrom()
	if prefix != "" {
		if f := badEnvName(".prefix", prefix); f != nil {
			bad = bad.and(f)
		}
	}
	from.Prefix = prefix
	o := source.generated()
	return c.add(func(d *draft) {
		d.reportAll(bad, ".envFrom"+at(len(d.c.EnvFrom), bad))
		d.c.EnvFrom = append(d.c.EnvFrom, *from.DeepCopy())
		if o != nil {
			d.own().objects = append(d.objects, o)
		}
	})
}
