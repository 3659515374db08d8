package pattern

import (
	"maps"
	"path"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// home is a list, a map or a struct of a pod in which bundles have parts.
type home struct {
	kind      homeKind
	container string // whose it is; "" is the pod's own
}

type homeKind uint8

const (
	envHome homeKind = iota
	envFromHome
	mountHome
	lifecycleHome
	initHome
	regularHome
	volumeHome
	secretHome
	aliasHome
	specHome
	securityHome
	labelHome
	annotationHome
	homeKinds
)

// homePaths say where the homes are: the first below a container, the others below the
// pod or its template. The last element is the home's name in records.
var homePaths = [homeKinds]string{
	"env", "envFrom", "volumeMounts", "lifecycle",
	"spec/initContainers", "spec/containers", "spec/volumes", "spec/imagePullSecrets", "spec/hostAliases",
	"spec", "spec/securityContext", "metadata/labels", "metadata/annotations",
}

func (k homeKind) name() string { return path.Base(homePaths[k]) }

// ofContainer says whether the home is one of a container.
func (k homeKind) ofContainer() bool { return k <= lifecycleHome }

// keyed says whether the home is a map or a struct, whose items have no order.
func (k homeKind) keyed() bool { return k >= specHome || k == lifecycleHome }

// front says whether a bundle's items go before the pod's own.
func (k homeKind) front() bool { return k == envHome || k == initHome }

func (h home) String() string {
	if h.kind.ofContainer() {
		return h.kind.name() + "/" + h.container
	}
	return h.kind.name()
}

// parseHome reads what String wrote, and what stands behind it after a slash.
func parseHome(text string) (h home, rest string, ok bool) {
	name, rest, _ := strings.Cut(text, "/")
	for k := range homeKinds {
		if k.name() != name {
			continue
		}
		if h = (home{kind: k}); k.ofContainer() {
			h.container, rest, _ = strings.Cut(rest, "/")
		}
		return h, rest, true
	}
	return home{}, "", false
}

// item is what stands in a home: a pointer to a value of the API, under the key by which
// it is known there.
type item struct {
	key   string
	value any
	text  []byte // of a part that a bundle wants; see appendStored
	hash  string // of that text; see claim
}

// items tells how much stands in a home, whether the home is there at all, for it may be
// there and be empty, and, if they are wanted, what stands there.
func (h home) items(t *corev1.PodTemplateSpec, wanted bool) (n int, there bool, out []item) {
	var c *corev1.Container
	if h.kind.ofContainer() {
		if c = containerOf(t, h.container); c == nil {
			return 0, false, nil
		}
	}
	switch h.kind {
	case envHome:
		return itemsOf(c.Env, wanted, func(e *corev1.EnvVar) string { return e.Name })
	case envFromHome:
		return itemsOf(c.EnvFrom, wanted, envFromKey)
	case mountHome:
		return itemsOf(c.VolumeMounts, wanted, mountKey)
	case lifecycleHome:
		return itemOf(c.Lifecycle, wanted, preStopKey, func(l *corev1.Lifecycle) *corev1.LifecycleHandler { return l.PreStop })
	case initHome:
		return itemsOf(t.Spec.InitContainers, wanted, containerKey)
	case regularHome:
		return itemsOf(t.Spec.Containers, wanted, containerKey)
	case volumeHome:
		return itemsOf(t.Spec.Volumes, wanted, func(v *corev1.Volume) string { return v.Name })
	case secretHome:
		return itemsOf(t.Spec.ImagePullSecrets, wanted, func(r *corev1.LocalObjectReference) string { return r.Name })
	case aliasHome:
		return itemsOf(t.Spec.HostAliases, wanted, aliasKey)
	case specHome:
		return itemOf(&t.Spec, wanted, sharePIDKey, func(s *corev1.PodSpec) *bool { return s.ShareProcessNamespace })
	case securityHome:
		return itemOf(t.Spec.SecurityContext, wanted, fsGroupKey, func(s *corev1.PodSecurityContext) *int64 { return s.FSGroup })
	case labelHome:
		return itemsOfMap(t.Labels, wanted)
	case annotationHome:
		return itemsOfMap(t.Annotations, wanted)
	}
	return 0, false, nil
}

// The fields of structs in which bundles have parts.
const (
	preStopKey  = "preStop"
	sharePIDKey = "shareProcessNamespace"
	fsGroupKey  = "fsGroup"
)

func itemsOf[T any](list []T, wanted bool, key func(*T) string) (n int, there bool, out []item) {
	if wanted {
		out = make([]item, len(list))
	}
	for i := range out {
		out[i] = item{key: key(&list[i]), value: &list[i]}
	}
	return len(list), list != nil, out
}

func itemsOfMap(m map[string]string, wanted bool) (n int, there bool, out []item) {
	if wanted {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			out = append(out, item{key: k, value: new(m[k])})
		}
	}
	return len(m), m != nil, out
}

// itemOf is for a struct in which bundles have one field.
func itemOf[S, T any](s *S, wanted bool, key string, field func(*S) *T) (n int, there bool, out []item) {
	if s == nil || field(s) == nil {
		return 0, s != nil, nil
	}
	if wanted {
		out = []item{{key: key, value: field(s)}}
	}
	return 1, true, out
}

func containerKey(c *corev1.Container) string { return c.Name }

func aliasKey(a *corev1.HostAlias) string { return a.IP + " " + strings.Join(a.Hostnames, " ") }

func envFromKey(e *corev1.EnvFromSource) string {
	switch {
	case e.ConfigMapRef != nil:
		return e.Prefix + "/configMap/" + e.ConfigMapRef.Name
	case e.SecretRef != nil:
		return e.Prefix + "/secret/" + e.SecretRef.Name
	}
	return e.Prefix
}

// containerOf gives a regular container by its name.
func containerOf(t *corev1.PodTemplateSpec, name string) *corev1.Container {
	if i := containerIndex(t, name); i >= 0 {
		return &t.Spec.Containers[i]
	}
	return nil
}

func containerIndex(t *corev1.PodTemplateSpec, name string) int {
	for i := range t.Spec.Containers {
		if t.Spec.Containers[i].Name == name {
			return i
		}
	}
	return -1
}

func mountKey(m *corev1.VolumeMount) string { return path.Clean(m.MountPath) }

// goesBy gives the name by which somebody else's pod is known.
func goesBy(t *corev1.PodTemplateSpec) string {
	for _, name := range [...]string{t.Labels["app.kubernetes.io/name"], t.Labels[appLabel], t.Name, strings.TrimRight(t.GenerateName, "-")} {
		if name != "" {
			return name
		}
	}
	if len(t.Spec.Containers) > 0 {
		return t.Spec.Containers[0].Name
	}
	return ""
}
