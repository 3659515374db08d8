package pattern

import (
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
)

// change is what happens to a home: one list of steps, which is carried out on a typed
// pod, printed as a JSON patch, or told.
type change struct {
	home
	there bool // the home is there before
	drop  bool // and isn't after
	steps []step
}

// step is one operation on a home, as RFC 6902 has them: each sees what the ones before
// it have done.
type step struct {
	op    op
	index int // in a list
	item
}

type op uint8

const (
	added op = iota
	replaced
	removed
)

func (o op) String() string { return [...]string{"add", "replace", "remove"}[o] }

// changed gives a pod with changes; what the given one has stays as it is.
func changed(t *corev1.PodTemplateSpec, changes []change) corev1.PodTemplateSpec {
	out := *t
	if slices.ContainsFunc(changes, func(c change) bool { return c.kind.ofContainer() }) {
		out.Spec.Containers = slices.Clone(out.Spec.Containers)
	}
	for i := range changes {
		changes[i].apply(&out)
	}
	return out
}

func (c *change) apply(t *corev1.PodTemplateSpec) {
	switch c.kind {
	case initHome:
		t.Spec.InitContainers = stepped(t.Spec.InitContainers, c)
	case regularHome:
		t.Spec.Containers = stepped(t.Spec.Containers, c)
	case volumeHome:
		t.Spec.Volumes = stepped(t.Spec.Volumes, c)
	case secretHome:
		t.Spec.ImagePullSecrets = stepped(t.Spec.ImagePullSecrets, c)
	case aliasHome:
		t.Spec.HostAliases = stepped(t.Spec.HostAliases, c)
	case labelHome:
		t.Labels = steppedMap(t.Labels, c)
	case annotationHome:
		t.Annotations = steppedMap(t.Annotations, c)
	case specHome:
		t.Spec.ShareProcessNamespace = steppedField(t.Spec.ShareProcessNamespace, c)
	case securityHome:
		t.Spec.SecurityContext = steppedStruct(t.Spec.SecurityContext, c, func(s *corev1.PodSecurityContext) { s.FSGroup = steppedField(s.FSGroup, c) })
	default:
		if of := containerOf(t, c.container); of != nil {
			c.applyTo(of)
		}
	}
}

func (c *change) applyTo(of *corev1.Container) {
	switch c.kind {
	case envHome:
		of.Env = stepped(of.Env, c)
	case envFromHome:
		of.EnvFrom = stepped(of.EnvFrom, c)
	case mountHome:
		of.VolumeMounts = stepped(of.VolumeMounts, c)
	case lifecycleHome:
		of.Lifecycle = steppedStruct(of.Lifecycle, c, func(l *corev1.Lifecycle) { l.PreStop = steppedField(l.PreStop, c) })
	}
}

func stepped[T any](list []T, c *change) []T {
	if c.drop {
		return nil
	}
	out := make([]T, len(list), len(list)+len(c.steps))
	copy(out, list)
	for _, s := range c.steps {
		switch s.op {
		case added:
			out = append(out, *s.value.(*T)) // slices.Insert would make a list of the one
			copy(out[s.index+1:], out[s.index:])
			out[s.index] = *s.value.(*T)
		case replaced:
			out[s.index] = *s.value.(*T)
		case removed:
			out = slices.Delete(out, s.index, s.index+1)
		}
	}
	return out
}

func steppedMap(m map[string]string, c *change) map[string]string {
	if c.drop {
		return nil
	}
	out := maps.Clone(m)
	for _, s := range c.steps {
		if s.op == removed {
			delete(out, s.key)
		} else {
			set(&out, s.key, *s.value.(*string))
		}
	}
	return out
}

// steppedField changes a field of a struct.
func steppedField[T any](field *T, c *change) *T {
	for _, s := range c.steps {
		if field = s.value.(*T); s.op == removed {
			field = nil
		}
	}
	return field
}

// steppedStruct changes a struct in which bundles have a field.
func steppedStruct[T any](there *T, c *change, set func(*T)) *T {
	if c.drop {
		return nil
	}
	out := new(T)
	if there != nil {
		*out = *there
	}
	set(out)
	return out
}
