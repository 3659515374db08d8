package pattern

import (
	corev1 "k8s.io/api/core/v1"
)

// part is one thing that a bundle adds to a pod.
type part struct {
	home
	item
	by *draft // nil: several
}

// parts gives what a plan adds, each home's in their order.
func (pl *plan) parts() []part {
	out := make([]part, 0, len(pl.starters)+len(pl.regular)+len(pl.volumes)+4)
	add := func(kind homeKind, container, key string, value any, by *draft) {
		text := storedText(value)
		out = append(out, part{home{kind, container}, item{key, value, text, storedHash(value, text)}, by})
	}
	for _, s := range pl.sites {
		s.parts(add)
	}
	for _, s := range pl.starters {
		if s.d != nil {
			add(initHome, "", s.d.c.Name, &s.d.c, s.d)
		}
	}
	for _, d := range pl.regular {
		add(regularHome, "", d.c.Name, &d.c, d)
	}
	for _, v := range pl.volumes {
		if v.volume.source != nil {
			add(volumeHome, "", v.volume.name, &corev1.Volume{Name: v.volume.name, VolumeSource: *v.volume.source.DeepCopy()}, v.by)
		}
	}
	pl.pod.parts(add)
	return out
}

func (s *site) parts(add func(homeKind, string, string, any, *draft)) {
	for i := range s.env {
		add(envHome, s.name, s.env[i].Name, &s.env[i], s.by[i])
	}
	for i := range s.envFrom {
		add(envFromHome, s.name, envFromKey(&s.envFrom[i]), &s.envFrom[i], nil)
	}
	mounts, _ := itemsOf(s.mounts, mountKey)
	for _, m := range mounts {
		add(mountHome, s.name, m.key, m.value, nil)
	}
	if s.preStop != nil && (s.c.Lifecycle == nil || s.c.Lifecycle.PreStop == nil) {
		add(lifecycleHome, s.name, preStopKey, s.preStop.DeepCopy(), nil)
	}
}

func (a *podAdditions) parts(add func(homeKind, string, string, any, *draft)) {
	for _, name := range a.pullSecrets {
		add(secretHome, "", name, &corev1.LocalObjectReference{Name: name}, nil)
	}
	for i := range a.hostAliases {
		add(aliasHome, "", aliasKey(&a.hostAliases[i]), a.hostAliases[i].DeepCopy(), nil)
	}
	if a.sharePID {
		add(specHome, "", sharePIDKey, new(true), nil)
	}
	if a.fsGroup != nil {
		add(securityHome, "", fsGroupKey, new(*a.fsGroup), a.fsGroupBy)
	}
	for _, l := range a.labels {
		add(labelHome, "", l.key, new(l.value), l.by)
	}
	for _, l := range a.annotations {
		add(annotationHome, "", l.key, new(l.value), l.by)
	}
}
