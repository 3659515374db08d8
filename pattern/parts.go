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

// partList is what a bundle adds to a pod, each home's in their order.
type partList struct {
	parts []part
	texts []byte // of the parts, one behind the other
}

func (l *partList) add(kind homeKind, container, key string, value any, by *draft) {
	start := len(l.texts)
	l.texts = appendStored(l.texts, value)
	text := l.texts[start:]
	hash := textHash(text)
	if c, is := value.(*corev1.Container); is {
		hash += "-" + textHash(appendCore(l.texts, c)[len(l.texts):])
	}
	l.parts = append(l.parts, part{home{kind, container}, item{key, value, text, hash}, by})
}

// addPlan adds the parts of a plan.
func (l *partList) addPlan(pl *plan) {
	for _, s := range pl.sites {
		l.addSite(s)
	}
	for _, s := range pl.starters {
		if s.d != nil {
			l.add(initHome, "", s.d.c.Name, &s.d.c, s.d)
		}
	}
	for _, d := range pl.regular {
		l.add(regularHome, "", d.c.Name, &d.c, d)
	}
	for _, v := range pl.volumes {
		if v.volume.source != nil {
			l.add(volumeHome, "", v.volume.name, &corev1.Volume{Name: v.volume.name, VolumeSource: *v.volume.source.DeepCopy()}, v.by)
		}
	}
	l.addAdditions(&pl.pod)
}

func (l *partList) addSite(s *site) {
	for i := range s.env {
		l.add(envHome, s.name, s.env[i].Name, &s.env[i], s.by[i])
	}
	for i := range s.envFrom {
		l.add(envFromHome, s.name, envFromKey(&s.envFrom[i]), &s.envFrom[i], nil)
	}
	for i := range s.mounts {
		l.add(mountHome, s.name, mountKey(&s.mounts[i]), &s.mounts[i], nil)
	}
	if s.preStop != nil && (s.c.Lifecycle == nil || s.c.Lifecycle.PreStop == nil) {
		l.add(lifecycleHome, s.name, preStopKey, s.preStop.DeepCopy(), nil)
	}
}

func (l *partList) addAdditions(a *podAdditions) {
	for _, name := range a.pullSecrets {
		l.add(secretHome, "", name, &corev1.LocalObjectReference{Name: name}, nil)
	}
	for i := range a.hostAliases {
		l.add(aliasHome, "", aliasKey(&a.hostAliases[i]), a.hostAliases[i].DeepCopy(), nil)
	}
	if a.sharePID {
		l.add(specHome, "", sharePIDKey, new(true), nil)
	}
	if a.fsGroup != nil {
		l.add(securityHome, "", fsGroupKey, new(*a.fsGroup), a.fsGroupBy)
	}
	for _, p := range a.labels {
		l.add(labelHome, "", p.key, new(p.value), p.by)
	}
	for _, p := range a.annotations {
		l.add(annotationHome, "", p.key, new(p.value), p.by)
	}
}
